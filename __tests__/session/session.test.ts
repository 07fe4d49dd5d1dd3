import { createClient } from '../../src'
import { caught, failure, KEY, knownPhone, last, outcome, phone, result, usual } from '../phone'
import { gained } from './sessions'

const encrypted = { storage: { encrypt: true } } as const

test('a logout while the store is being read wins over what is read', async () => {
  const stored = Promise.resolve({ token: 'stored' })
  const storage = { get: () => stored, set: () => undefined, remove: () => undefined }
  const { fake, api } = phone({ storage })
  const end = caught(api.get('/orders'))
  api.logout()
  expect(await end).toMatchObject({ code: 'LOGGED_OUT', attempts: 0 })
  await fake.clock.runAll()
  expect(api.session).toBeUndefined()
})

test.each([0, 0.5, 1, 1.5])(
  'a logout %f ms into a login that reads a slow store calls no wx.login',
  async (ms) => {
    const { fake, api } = phone(encrypted)
    const end = caught(api.ensureLogin())
    await fake.clock.advance(ms)
    api.logout()
    expect(await end).toMatchObject({ code: 'LOGGED_OUT' })
    await fake.clock.runAll()
    expect(fake.calls.logins).toBe(0)
  },
)

test('with a slow store all wait for the one read, in their order', async () => {
  const { fake, api } = phone(encrypted)
  await result(fake, Promise.all(['/a', '/b', '/c'].map((url) => api.get(url))))
  expect(fake.server.requests.map(({ path }) => path)).toEqual(['/login', '/a', '/b', '/c'])
})

test('a check that fails after a login has begun in the meantime asks for no second one', async () => {
  const { fake, api } = knownPhone({}, { checkLatency: 15 })
  fake.misbehave('checkSession', 'fail')
  await result(fake, Promise.all([api.get('/orders'), api.ensureLogin({ force: true })]))
  expect(fake.calls).toMatchObject({ logins: 1, checks: 1 })
})

test('a check that fails after a login has ended means nothing any more', async () => {
  const { fake, api } = knownPhone({}, { checkLatency: 100 })
  fake.misbehave('checkSession', 'fail')
  await result(fake, Promise.all([api.get('/orders'), api.ensureLogin({ force: true })]))
  await result(fake, api.ensureLogin())
  expect(fake.calls.logins).toBe(1)
})

test('in single-page mode a failed check leaves the token in use', async () => {
  const session = { token: 'token-1' }
  const storage = { get: () => session, set: () => undefined, remove: () => undefined }
  const { fake, api } = phone({ storage }, { singlePage: true })
  fake.server.issue()
  expect(await result(fake, api.get('/a'))).toMatchObject({ token: 'token-1' })
  expect(await result(fake, api.get('/b'))).toMatchObject({ token: 'token-1' })
  expect(fake.calls.logins).toBe(0)
})

test('a late 401 to a token that has been replaced costs a replay, not a login', async () => {
  const { fake, api } = knownPhone({ checkSession: false })
  fake.server.expire()
  fake.server.latency('/slow', 500)
  await result(fake, Promise.all([api.get('/slow'), api.get('/quick')]))
  expect(fake.calls.logins).toBe(1)
  expect(fake.server.requests.map(({ path }) => path)).toEqual([
    '/slow',
    '/quick',
    '/login',
    '/quick',
    '/slow',
  ])
})

test('an answer to an older token says nothing of the new one', async () => {
  const { fake, api } = knownPhone({ checkSession: false })
  fake.server.latency('/slow', 500)
  await result(fake, Promise.all([api.get('/slow'), api.ensureLogin({ force: true })]))
  expect(api.session).toEqual(gained('token-2'))
})

test('one forbidden endpoint does not evict the token that serves the others', async () => {
  const { fake, api } = knownPhone()
  fake.server.on('/forbidden', fake.server.refusal)
  fake.server.on(
    '/orders',
    fake.server.guard(() => ({})),
  )
  expect(await outcome(fake, api.get('/forbidden'))).toMatchObject({ error: { code: 'UNAUTHORIZED' } })
  expect(fake.storage.get(KEY)).toEqual(api.session)
  const { logins } = fake.calls
  await result(fake, api.get('/orders'))
  expect(fake.calls.logins).toBe(logins)
})

test('a listener that logs out when it hears of a replay ends that request', async () => {
  const { fake, api } = knownPhone({ checkSession: false })
  fake.server.expire()
  api.on((event) => {
    if (event.type === 'request' && event.phase === 'replay') api.logout()
  })
  expect(await outcome(fake, api.get('/orders'))).toMatchObject({
    error: { code: 'LOGGED_OUT', attempts: 0 },
  })
  expect(fake.calls.logins).toBe(0)
})

test('a forced login joins the one in flight', async () => {
  const { fake, api } = phone()
  await result(fake, Promise.all([api.get('/orders'), api.ensureLogin({ force: true })]))
  expect(fake.calls.logins).toBe(1)
})

test('without a network nothing is lost: the session is there when it is back', async () => {
  const { fake, api } = knownPhone({ retry: false })
  fake.network.offline()
  expect(await outcome(fake, api.get('/orders'))).toMatchObject({ error: { code: 'OFFLINE' } })
  fake.network.online()
  expect(await result(fake, api.get('/orders'))).toMatchObject({ token: 'token-1' })
})

test('a listener that logs out when it hears of a request being sent keeps the token at home', async () => {
  const { fake, api } = knownPhone({ checkSession: false })
  api.on((event) => {
    if (event.type === 'request' && event.phase === 'send') api.logout()
  })
  expect(await outcome(fake, api.get('/orders'))).toMatchObject({ error: { code: 'LOGGED_OUT' } })
  expect(fake.server.requestCount).toBe(0)
})

test("an 'optional' request waits for a slow store, and goes with the token that is there", async () => {
  const { fake, api } = phone({ checkSession: false, storage: { encrypt: true } })
  await result(fake, api.ensureLogin())
  const next = createClient({ ...usual(fake), checkSession: false, storage: { encrypt: true } })
  await result(fake, next.get('/orders', {}, { auth: 'optional' }))
  expect(last(fake).headerOf('authorization')).toBe('Bearer token-1')
})

test('the refusal of a stored token is no failed login', async () => {
  const { fake, api } = phone({ checkSession: false, login: { url: '/login', retry: 0 } })
  fake.storage.set(KEY, { token: 'dead' })
  fake.server.on('/login', () => ({ statusCode: 500 }))
  const codes: string[] = []
  for (let n = 0; n < 4; n++) codes.push((await failure(fake, api.get('/orders'))).code)
  expect(codes).toEqual(['LOGIN_FAILED', 'LOGIN_FAILED', 'LOGIN_FAILED', 'LOGIN_COOLDOWN'])
})
