import { randomUUID } from 'node:crypto'
import { describeOn, startDatabase, until, type Database } from '../../server/__tests__/databases.ts'
import { openStore, type OpenStore } from '../src/store.ts'
import { newUserId } from '../src/tables/tables.ts'
import { createTables } from './open.ts'

jest.setTimeout(60_000)

const order = (title: string) => ({ id: randomUUID(), title, amount: 990, createdAt: 1_780_000_000_000 })

function tablesSuite(open: () => Promise<OpenStore>): void {
  let store: OpenStore
  beforeAll(async () => {
    store = await open()
  })
  afterAll(() => store.close())

  test('an account is one user, whoever asks first, and one that differs by case another', async () => {
    const { users } = store.tables
    const ids = await Promise.all(Array.from({ length: 20 }, () => users.idFor('ns wechat:wx1 oAbC')))
    expect(new Set(ids).size).toBe(1)
    const other = await users.idFor('ns wechat:wx1 oabc')
    expect(other).not.toBe(ids[0])
    expect(await users.ids()).toEqual(expect.arrayContaining([ids[0], other]))
    expect(await users.get(ids[0] ?? '')).toEqual({ id: ids[0], nickname: '微信用户' })
  })

  test('a nickname and an avatar do not undo each other, and a login leaves both', async () => {
    const { users } = store.tables
    const id = await users.idFor('ns wechat:wx1 names')
    await Promise.all([
      users.update(id, { nickname: '小麦 👩🏽‍🌾' }),
      users.update(id, { avatar: '/avatars/a.png' }),
    ])
    expect(await users.idFor('ns wechat:wx1 names')).toBe(id)
    expect(await users.get(id)).toEqual({ id, nickname: '小麦 👩🏽‍🌾', avatar: '/avatars/a.png' })
    expect(await users.get(newUserId())).toBeUndefined()
  })

  test('orders come newest first, by page, each user their own', async () => {
    const { orders } = store.tables
    const [user, other] = [newUserId(), newUserId()]
    const placed = ['一', '二', '🍵'].map(order)
    for (const one of placed) expect(await orders.place(user, one)).toEqual(one)
    expect(await orders.page(user, 0, 2)).toEqual({ total: 3, items: [placed[2], placed[1]] })
    expect(await orders.page(user, 2, 2)).toEqual({ total: 3, items: [placed[0]] })
    expect(await orders.page(other, 0, 2)).toEqual({ total: 0, items: [] })
  })

  test('with one key it is one order, however many send it at once', async () => {
    const { orders } = store.tables
    const [user, other] = [newUserId(), newUserId()]
    const given = await Promise.all(Array.from({ length: 10 }, () => orders.place(user, order('茶'), 'key')))
    expect(new Set(given.map(({ id }) => id)).size).toBe(1)
    expect(await orders.page(user, 0, 5)).toEqual({ total: 1, items: [given[0]] })
    await orders.place(other, order('茶'), 'key')
    expect((await orders.page(other, 0, 5)).total).toBe(1)
  })
}

describe('in memory', () => tablesSuite(() => openStore('memory')))

for (const kind of ['redis', 'mysql'] as const) {
  describeOn(kind)(`in ${kind}`, () => {
    let database: Database
    afterAll(() => database.remove())
    beforeAll(async () => {
      database = await startDatabase(kind)
      if (kind === 'mysql') {
        await expect(openStore(database.url)).rejects.toThrow(
          /^The store at mysql:\/\/127\.0\.0\.1:\d+ cannot be used: its tables are not there: carry out schema.sql/,
        )
      }
      await createTables(database)
    })
    tablesSuite(() => openStore(database.url))

    describe('that does not answer', () => {
      let store: OpenStore
      let id: string
      beforeAll(async () => {
        store = await openStore(database.url)
        id = await store.tables.users.idFor('ns wechat:wx1 outage')
      })
      afterEach(() => database.signal('SIGCONT'))
      afterAll(() => store.close())
      const look = () => store.tables.users.get(id)
      const unavailable = { status: 503, code: 'STORE_UNAVAILABLE', retryAfter: 1 }

      test('since it hangs, nobody waits longer than two seconds', async () => {
        database.signal('SIGSTOP')
        const begun = performance.now()
        await expect(look()).rejects.toMatchObject(unavailable)
        expect(performance.now() - begun).toBeLessThan(3000)
        database.signal('SIGCONT')
        await until(() => expect(look()).resolves.toMatchObject({ id }))
      })

      test('since it is gone, it is used again when it is back, with what it was told', async () => {
        await database.kill()
        await expect(look()).rejects.toMatchObject(unavailable)
        await database.start()
        await until(() => expect(look()).resolves.toMatchObject({ id }))
      })
    })
  })
}
