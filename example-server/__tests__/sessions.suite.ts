import type { Store } from '../src/store/store.ts'
import { createStubWeChat, mintCode } from '../src/wechat/stub.ts'
import type { WeChat } from '../src/wechat/wechat.ts'
import { bearer, Client, errorCode } from './client.ts'

const HOUR = 3_600_000

/** The promises about sessions, the same for every store. Each test has users nobody else has. */
export function sessionSuite(openStore: () => Store | Promise<Store>): void {
  let server: Client
  beforeEach(async () => {
    server = await Client.start({ store: await openStore() })
  })
  afterEach(() => server.app.close())

  const me = async (token: string) => (await server.get('/me', token)).statusCode

  test('a code becomes a session, and the session opens the door', async () => {
    const { statusCode, body } = await server.exchange(mintCode('alice', server.clock()))
    expect(statusCode).toBe(200)
    expect(body).toEqual({ token: expect.stringMatching(/^[\w-]{43}$/) as string, expiresIn: 7200 })
    expect(await me(body['token'] as string)).toBe(200)
  })

  test('without a token, or with one nobody has, the answer is a 401 that says so', async () => {
    for (const token of [undefined, 'x', 'A'.repeat(43)]) {
      const answer = await server.get('/me', token)
      expect(answer.statusCode).toBe(401)
      expect(errorCode(answer)).toBe('UNAUTHORIZED')
      expect(answer.headers['www-authenticate']).toBe('Bearer')
    }
  })

  test('a session lives two hours after its last use', async () => {
    const token = await server.login('alice')
    for (let use = 0; use < 3; use++) {
      server.clock.advance(1.9 * HOUR)
      expect(await me(token)).toBe(200)
    }
    server.clock.advance(2.1 * HOUR)
    expect(await me(token)).toBe(401)
  })

  test('a session ends after thirty days however often it is used', async () => {
    const token = await server.login('alice')
    const day = 24 * HOUR
    for (let time = 1.9 * HOUR; time < 30 * day; time += 1.9 * HOUR) {
      server.clock.advance(1.9 * HOUR)
      expect(await me(token)).toBe(200)
    }
    server.clock.advance(1.9 * HOUR)
    expect(await me(token)).toBe(401)
  })

  test('logging out kills the token, and this one only', async () => {
    const phone = await server.login('alice')
    server.clock.advance(6000)
    const tablet = await server.login('alice')
    expect(tablet).not.toBe(phone)
    expect((await server.post('/logout', undefined, phone)).statusCode).toBe(204)
    expect(await me(phone)).toBe(401)
    expect(await me(tablet)).toBe(200)
  })

  test('two logins of one user within five seconds get the same session', async () => {
    const codes = Array.from({ length: 5 }, () => mintCode('alice', server.clock()))
    const answers = await Promise.all(codes.map((code) => server.exchange(code)))
    const tokens = new Set(answers.map(({ body }) => body['token']))
    expect(tokens.size).toBe(1)
    server.clock.advance(4999)
    expect(tokens.has(await server.login('alice'))).toBe(true)
    server.clock.advance(1)
    expect(tokens.has(await server.login('alice'))).toBe(false)
  })

  test('two users who log in at once get a session each', async () => {
    const [alice, bob] = await Promise.all([server.login('alice'), server.login('bob')])
    expect(alice).not.toBe(bob)
  })

  test('a token that died within the five seconds is not handed out again', async () => {
    const dead = await server.login('alice')
    await server.post('/dev/expire')
    const fresh = await server.login('alice')
    expect(fresh).not.toBe(dead)
    expect(await me(fresh)).toBe(200)
  })

  test('a late touch does not bring back a session that was logged out meanwhile', async () => {
    const token = await server.login('alice')
    server.clock.advance(HOUR)
    await Promise.all([me(token), me(token), server.post('/logout', undefined, token), me(token)])
    expect(await me(token)).toBe(401)
  })

  test('a list shows the sessions, and one of them can be ended', async () => {
    const phone = await server.login('alice')
    server.clock.advance(6000)
    const tablet = await server.login('alice')
    const list = (await server.get('/sessions', phone)).body as unknown as { id: string; current: boolean }[]
    expect(list.map(({ current }) => current)).toEqual([true, false])
    const other = `/sessions/${list[1]?.id ?? ''}`
    expect((await server.delete(other, phone)).statusCode).toBe(204)
    expect([await me(phone), await me(tablet)]).toEqual([200, 401])
    expect((await server.delete(other, phone)).statusCode).toBe(404)
  })

  test('logging out everywhere kills every session of the user, and of nobody else', async () => {
    const bob = await server.login('bob')
    const tokens = []
    for (let device = 0; device < 3; device++) {
      tokens.push(await server.login('alice'))
      server.clock.advance(6000)
    }
    expect((await server.delete('/sessions', tokens[1])).statusCode).toBe(204)
    expect(await Promise.all(tokens.map(me))).toEqual([401, 401, 401])
    expect(await me(bob)).toBe(200)
  })

  test('nobody can end the session of somebody else', async () => {
    const [alice, bob] = [await server.login('alice'), await server.login('bob')]
    const list = (await server.get('/sessions', alice)).body as unknown as { id: string }[]
    expect((await server.delete(`/sessions/${list[0]?.id ?? ''}`, bob)).statusCode).toBe(404)
    expect(await me(alice)).toBe(200)
  })

  test('openids that differ by case only are two users', async () => {
    const [upper, lower] = [await server.login('Alice'), await server.login('alice')]
    expect((await server.get('/me', upper)).body['id']).not.toBe((await server.get('/me', lower)).body['id'])
  })

  test('a name with emoji survives', async () => {
    const token = await server.login('alice')
    const nickname = '小明👨‍👩‍👧‍👦🏳️‍🌈'
    await server.send({ method: 'PUT', url: '/me', headers: bearer(token), payload: { nickname } })
    expect((await server.get('/me', token)).body['nickname']).toBe(nickname)
  })

  test('orders placed at once are all there', async () => {
    const token = await server.login('alice')
    const titles = Array.from({ length: 8 }, (_, index) => `茶 🍵 ${String(index)}`)
    await Promise.all(titles.map((title) => server.post('/orders', { title, amount: 1 }, token)))
    const { items } = (await server.get('/orders', token)).body as { items: { title: string }[] }
    expect(
      items
        .slice(0, 8)
        .map(({ title }) => title)
        .sort(),
    ).toEqual(titles)
  })

  test('requests that come at once keep their session alive with one write', async () => {
    const { store, written } = recording(await openStore())
    const mine = await Client.start({ store })
    const token = await mine.login('alice')
    mine.clock.advance(HOUR)
    written.length = 0
    const answers = await Promise.all(Array.from({ length: 10 }, () => mine.get('/me', token)))
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(10).fill(200))
    expect(written).toHaveLength(1)
    await mine.app.close()
  })

  test('a user has twenty sessions at most: one more, and the first one ends', async () => {
    const tokens = []
    for (let device = 0; device < 21; device++) {
      tokens.push(await server.login('alice'))
      server.clock.advance(6000)
    }
    expect(await Promise.all(tokens.slice(0, 2).map(me))).toEqual([401, 200])
    expect((await server.get('/sessions', tokens[20])).body).toHaveLength(20)
  })

  test('neither the token nor the session_key is in the store', async () => {
    const { store, written } = recording(await openStore())
    const sessionKey = 'tiihtNczf5v6AKRyjwEUhQ=='
    const mine = await Client.start({ store, wechat: stubWith(sessionKey) })
    const { body } = await mine.exchange('any')
    expect(written).toHaveLength(4)
    expect(written.join()).not.toContain(body['token'])
    expect(written.join()).not.toContain(sessionKey)
    await mine.app.close()
  })
}

/** A store, and what is written to it. */
function recording(store: Store): { store: Store; written: string[] } {
  const written: string[] = []
  return {
    written,
    store: {
      ...store,
      table<T>(name: string) {
        const table = store.table<T>(name)
        const set = (key: string, value: T, ttl?: number) => {
          written.push(JSON.stringify([key, value]))
          return table.set(key, value, ttl)
        }
        return { ...table, set }
      },
    },
  }
}

const stubWith = (sessionKey: string): WeChat => ({
  ...createStubWeChat(),
  code2Session: () => Promise.resolve({ openid: 'somebody', sessionKey }),
})
