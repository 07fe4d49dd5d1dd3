import { createMemoryStore } from '../src/store/memory.ts'
import { mintCode } from '../src/wechat/stub.ts'
import { Client, errorCode } from './server.ts'

const HOUR = 3_600_000
let server: Client
beforeEach(async () => {
  server = await Client.start()
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
  for (let use = 0; use < 30 * 24; use++) {
    server.clock.advance(HOUR - 1)
    expect(await me(token)).toBe(200)
  }
  server.clock.advance(HOUR)
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

test('neither the token nor the session_key is in the store', async () => {
  const store = createMemoryStore()
  const sessionKey = 'tiihtNczf5v6AKRyjwEUhQ=='
  const wechat = { code2Session: () => Promise.resolve({ openid: 'alice', sessionKey }) }
  const mine = await Client.start({ store, wechat })
  const { body } = await mine.exchange('any')
  const all: string[] = []
  for (const name of ['session', 'sessions-of', 'recent', 'user']) {
    for await (const entry of store.table(name).iterator?.(undefined) ?? []) all.push(JSON.stringify(entry))
  }
  expect(all.length).toBeGreaterThanOrEqual(4)
  expect(all.join()).not.toContain(body['token'])
  expect(all.join()).not.toContain(sessionKey)
  await mine.app.close()
})
