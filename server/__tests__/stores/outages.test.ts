import { createAuth, type Auth, type AuthEvent } from '../../src/index.ts'
import { fakeProvider, SECRET } from '../auth/helpers.ts'
import { mysqlStore } from '../../src/stores/mysql.ts'
import { postgresStore } from '../../src/stores/postgres.ts'
import { describeOn, startDatabase, until, type Database, type DatabaseKind } from '../databases.ts'
import { startBlackhole } from './blackhole.ts'
import { openStore, type OpenStore } from './open.ts'

const DEADLINE = 500

/** How calls end: 200, the status of the error, or what was thrown. */
async function statuses(calls: Promise<unknown>[]): Promise<unknown[]> {
  const settled = await Promise.allSettled(calls)
  const all = settled.map((one) =>
    one.status === 'fulfilled' ? 200 : ((one.reason as { status?: number }).status ?? String(one.reason)),
  )
  return [...new Set(all)]
}

for (const kind of ['redis', 'mysql', 'postgres'] satisfies DatabaseKind[]) {
  describeOn(kind)(`an outage of ${kind}`, () => {
    let database: Database
    let opened: OpenStore
    let auth: Auth
    let events: AuthEvent[]
    beforeAll(async () => {
      database = await startDatabase(kind)
      opened = await openStore(database)
    }, 60_000)
    afterAll(async () => {
      await opened.close()
      await database.remove()
    })
    beforeEach(() => {
      events = []
      auth = createAuth({
        namespace: 'outages',
        secrets: [SECRET],
        store: opened.factory,
        apps: [fakeProvider()],
        deadline: { store: DEADLINE },
        share: 0,
      })
      auth.on((event) => events.push(event))
    })
    afterEach(() => auth.close())

    const ask = (token: string, count = 50) => Array.from({ length: count }, () => auth.authenticate(token))

    /** Whole again: everything that was given out before is good. */
    async function isAsBefore(token: string): Promise<void> {
      expect(await auth.authenticate(token)).toMatchObject({ app: 'fake:wx1' })
      const { token: fresh } = await auth.login({ code: `alice-${Math.random()}` })
      expect(await auth.authenticate(fresh)).toMatchObject({ app: 'fake:wx1' })
    }

    test('frozen: everybody gets a 503 in time and nobody a 401; later ones at once; then all is as before', async () => {
      const { token } = await auth.login({ code: `alice-${Math.random()}` })
      database.signal('SIGSTOP')
      const begun = performance.now()
      expect(await statuses(ask(token))).toEqual([503])
      expect(performance.now() - begun).toBeLessThan(DEADLINE + 300)
      const later = performance.now()
      expect(await statuses([...ask(token), auth.login({ code: 'bob-1' }), auth.ready()])).toEqual([503])
      expect(performance.now() - later).toBeLessThan(200)
      database.signal('SIGCONT')
      const healthy = performance.now()
      await until(() => auth.ready())
      expect(performance.now() - healthy).toBeLessThan(DEADLINE + 1000)
      await isAsBefore(token)
      const told = events.filter(({ type }) => type === 'store-down' || type === 'store-up')
      expect(told).toMatchObject([
        { type: 'store-down', store: kind, reason: `no answer in ${DEADLINE} ms` },
        { type: 'store-up', store: kind },
      ])
    })

    test('lost without a word: 503 in time, and good again over new connections although the old ones never answer', async () => {
      const hole = await startBlackhole(database.port)
      const far = await openStore({ kind, port: hole.port }, undefined, true)
      auth = createAuth({
        namespace: 'outages',
        secrets: [SECRET],
        store: far.factory,
        apps: [fakeProvider()],
        deadline: { store: DEADLINE },
      })
      const { token } = await auth.login({ code: `erin-${Math.random()}` })
      hole.open()
      const begun = performance.now()
      expect(await statuses(ask(token))).toEqual([503])
      expect(performance.now() - begun).toBeLessThan(DEADLINE + 300)
      expect(await statuses(ask(token))).toEqual([503])
      hole.close()
      await until(() => auth.ready())
      await isAsBefore(token)
      await auth.close()
      await far.close()
      await hole.remove()
    })

    test('killed and started again: 503 meanwhile, and sessions are still there', async () => {
      const { token } = await auth.login({ code: `carol-${Math.random()}` })
      // Redis writes its log every second; the others before they answer.
      if (kind === 'redis') await opened.run('SAVE')
      await database.kill()
      expect(await statuses(ask(token))).toEqual([503])
      expect(await statuses([auth.login({ code: 'dave-1' })])).toEqual([503])
      await database.start()
      await until(() => auth.ready())
      await isAsBefore(token)
    })
  })
}

describeOn('redis')('a Redis that takes no writes', () => {
  test.each([
    ['is out of memory', 'CONFIG SET maxmemory 1', 'CONFIG SET maxmemory 0'],
    ['has become a replica', 'REPLICAOF 127.0.0.1 1', 'REPLICAOF NO ONE'],
  ])('because it %s: logins are 503, and whoever has a session goes on', async (_, begin, end) => {
    const database = await startDatabase('redis')
    const opened = await openStore(database)
    const auth = createAuth({
      namespace: 'outages',
      secrets: [SECRET],
      store: opened.factory,
      apps: [fakeProvider()],
    })
    const { token } = await auth.login({ code: 'alice-1' })
    await opened.run(begin)
    expect(await statuses([auth.login({ code: 'bob-1' })])).toEqual([503])
    expect(await auth.authenticate(token)).toMatchObject({ app: 'fake:wx1' })
    await opened.run(end)
    expect(await statuses([auth.login({ code: 'bob-2' }), auth.logout(token)])).toEqual([200])
    await auth.close()
    await opened.close()
    await database.remove()
  })
})

describe('a pool', () => {
  test.each(['mysql', 'postgres'] as const)(
    'of %s whose connections are all lent is a 503, and no 401',
    async (kind) => {
      const lent = () => new Promise<never>(() => undefined)
      const pool = { connect: lent, getConnection: lent, promise: lent, on: lent, listenerCount: () => 1 }
      const store = kind === 'mysql' ? mysqlStore(pool) : postgresStore(pool)
      const auth = createAuth({
        namespace: 'outages',
        secrets: [SECRET],
        store,
        apps: [fakeProvider()],
        deadline: { store: 100 },
      })
      const token = `mps_${'A'.repeat(43)}`
      expect(await statuses([auth.authenticate(token), auth.login({ code: 'alice-1' })])).toEqual([503])
      const begun = performance.now()
      expect(await statuses([auth.authenticate(token)])).toEqual([503])
      expect(performance.now() - begun).toBeLessThan(90)
      await auth.close()
    },
  )
})

for (const kind of ['mysql', 'postgres'] as const) {
  describeOn(kind)(`tables on ${kind}`, () => {
    test('that are not there are told of, with what makes them, and are no 401', async () => {
      const database = await startDatabase(kind)
      const opened = await openStore(database)
      await opened.run('DROP TABLE mps_block')
      const auth = createAuth({
        namespace: 'outages',
        secrets: [SECRET],
        store: opened.factory,
        apps: [fakeProvider()],
      })
      const down = new Promise<AuthEvent>((resolve) =>
        auth.on((event) => {
          if (event.type === 'store-down') resolve(event)
        }),
      )
      await expect(auth.ready()).rejects.toThrow(`npx miniprogram-session-server schema ${kind}`)
      expect(await down).toMatchObject({ reason: expect.stringContaining('mps_block is missing') as string })
      await auth.close()
      await opened.close()
      await database.remove()
    }, 60_000)
  })
}
