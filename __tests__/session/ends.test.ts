import type { Platform } from '../../src'
import type { Misbehaviour } from '../../src/testing'
import { failure, KEY, last, phone, result } from '../phone'
import { gained } from './sessions'

test('a session ends in the very millisecond that it names', async () => {
  const { fake, api } = phone({ checkSession: false })
  const end = fake.clock.now() + 1000
  fake.storage.set(KEY, { token: fake.server.issue(), expiresAt: end })
  await fake.clock.advance(999)
  expect(await result(fake, api.get('/a'))).toMatchObject({ token: 'token-1' })
  expect(fake.clock.now()).toBeGreaterThanOrEqual(end)
  expect(await result(fake, api.get('/b'))).toMatchObject({ token: 'token-2' })
})

test('a session that ends at this moment is not sent', async () => {
  const { fake, api } = phone({ checkSession: false })
  fake.storage.set(KEY, { token: fake.server.issue(), expiresAt: fake.clock.now() })
  expect(await result(fake, api.get('/a'))).toMatchObject({ token: 'token-2' })
})

test.each<[Misbehaviour, string]>([
  ['empty', 'wx.login gave no code.'],
  ['cached', 'wx.login gave an old code from a cache.'],
])('a wx.login that does "%s" is told as such', async (behaviour, words) => {
  const { fake, api } = phone()
  fake.misbehave('login', behaviour, Infinity)
  expect((await failure(fake, api.ensureLogin())).message).toContain(words)
})

test('under the test appid of DevTools, where every code is the same, one can log in again', async () => {
  const { fake, api } = phone()
  const mocked: Platform['login'] = ({ success }) => success?.({ code: 'the code is a mock one' })
  Object.assign(fake.wx, { login: mocked })
  fake.server.on('/login', () => ({ data: { token: fake.server.issue() } }))
  expect(await result(fake, api.ensureLogin())).toEqual(gained('token-1'))
  expect(await result(fake, api.ensureLogin({ force: true }))).toEqual(gained('token-2'))
})

test("an 'optional' request goes without a token that has ended, and starts no login", async () => {
  const { fake, api } = phone({ checkSession: false })
  fake.storage.set(KEY, { token: fake.server.issue(), expiresAt: fake.clock.now() })
  fake.server.on('/menu', () => ({}))
  await result(fake, api.get('/menu', {}, { auth: 'optional' }))
  expect(last(fake).headerOf('authorization')).toBeUndefined()
  expect(fake.calls.logins).toBe(0)
})

test("an 'optional' request goes with a token that has not ended", async () => {
  const { fake, api } = phone({ checkSession: false })
  fake.storage.set(KEY, { token: fake.server.issue(), expiresAt: fake.clock.now() + 1 })
  fake.server.on('/menu', () => ({}))
  await result(fake, api.get('/menu', {}, { auth: 'optional' }))
  expect(last(fake).headerOf('authorization')).toBe('Bearer token-1')
})

test('a session that could not be stored survives a forced login that fails', async () => {
  const { fake, api } = phone()
  fake.storage.fail('set')
  await result(fake, api.ensureLogin())
  fake.misbehave('login', 'hang')
  await failure(fake, api.ensureLogin({ force: true }))
  expect(api.session).toEqual(gained('token-1'))
})

test('after a logout a login is told to have begun for want of a session', async () => {
  const { fake, api, events } = phone({ checkSession: false })
  fake.storage.set(KEY, { token: fake.server.issue() })
  await result(fake, api.get('/a'))
  api.logout()
  await result(fake, api.get('/b'))
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'login', phase: 'start', reason: 'no-session' }),
  )
})
