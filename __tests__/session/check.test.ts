import type { ClientOptions, Platform } from '../../src'
import { failure, KEY, knownPhone, phone, result } from '../phone'
import { found, gained } from './sessions'

test('by default requests do not wait for the check, ensureLogin does', async () => {
  const { fake, api } = knownPhone({}, { checkLatency: 100 })
  const order: string[] = []
  const all = Promise.all([
    api.ensureLogin().then(() => order.push('ensureLogin')),
    api.get('/orders').then(() => order.push('request')),
  ])
  await result(fake, all)
  expect(order).toEqual(['request', 'ensureLogin'])
})

test.each<[string, Partial<ClientOptions>, 'verified' | true, string[]]>([
  ["'blocking': all wait", { checkSession: 'blocking' }, true, ['check', 'request']],
  ["'background': verified ones wait", {}, 'verified', ['check', 'request']],
  ['false: verified ones ask and wait', { checkSession: false }, 'verified', ['check', 'request']],
  ['false: nobody else asks', { checkSession: false }, true, ['request']],
])('checkSession %s', async (_what, options, auth, expected) => {
  const { fake, api, events } = knownPhone(options, { checkLatency: 100 })
  await result(fake, api.get('/orders', undefined, { auth }))
  const order = events.flatMap((event) =>
    (event.type === 'check' && event.phase === 'passed') ||
    (event.type === 'request' && event.phase === 'send')
      ? event.type
      : [],
  )
  expect(order).toEqual(expected)
})

test('checkSession false: ensureLogin is content with a stored session', async () => {
  const { fake, api } = knownPhone({ checkSession: false })
  expect(await result(fake, api.ensureLogin())).toEqual(found('token-1'))
  expect(fake.calls.checks).toBe(0)
})

test('the check tells how long it took, once, whatever WeChat calls back', async () => {
  const { fake, api, events } = knownPhone({}, { checkLatency: 100 })
  fake.misbehave('checkSession', 'both')
  await fake.clock.advance(700)
  await result(fake, api.ensureLogin())
  expect(events.filter(({ type }) => type === 'check')).toEqual([
    expect.objectContaining({ phase: 'start' }),
    expect.objectContaining({ phase: 'passed', duration: 100 }),
  ])
})

test('a launch asks once, however many ask', async () => {
  const { fake, api } = knownPhone({ checkSession: 'blocking' })
  await result(fake, Promise.all([api.get('/a'), api.get('/b'), api.ensureLogin(), api.ensureLogin()]))
  await result(fake, api.get('/c', undefined, { auth: 'verified' }))
  expect(fake.calls.checks).toBe(1)
})

test('after a login in this launch there is nothing to check', async () => {
  const { fake, api } = phone()
  await result(fake, api.get('/orders', undefined, { auth: 'verified' }))
  expect(fake.calls.checks).toBe(0)
})

test('a check that never answers counts as passed after 3 s', async () => {
  const { fake, api, events } = knownPhone()
  fake.misbehave('checkSession', 'hang')
  expect(await result(fake, api.ensureLogin())).toEqual(found('token-1'))
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'check', phase: 'unanswered', duration: 3000 }),
  )
})

test.each(['twice', 'both', 'same-tick', 'throw'] as const)(
  'a check that does "%s" says nothing against the session',
  async (behaviour) => {
    const { fake, api } = knownPhone()
    fake.misbehave('checkSession', behaviour)
    expect(await result(fake, api.ensureLogin())).toEqual(found('token-1'))
    expect(fake.calls.logins).toBe(0)
  },
)

test('a plugin has no checkSession, and needs none', async () => {
  const { fake, api } = knownPhone()
  delete (fake.wx as { checkSession?: unknown }).checkSession
  expect(await result(fake, api.ensureLogin())).toEqual(found('token-1'))
})

test('a failed check means a login, for those who wait for it', async () => {
  const { fake, api } = knownPhone()
  fake.account.expireKey()
  expect(await result(fake, api.ensureLogin())).toEqual(gained('token-2'))
})

test('a failed check within the call keeps no request from going out with the token there is', async () => {
  const { fake, api } = knownPhone()
  fake.misbehave('checkSession', { fail: { errMsg: 'fail' }, sameTick: true })
  expect(await result(fake, api.get('/orders'))).toMatchObject({ token: 'token-1' })
  expect(fake.server.requests.map(({ path }) => path).sort()).toEqual(['/login', '/orders'])
  expect(api.session).toEqual(gained('token-2'))
})

test('when check and login both fail, requests go on with the token there is; ensureLogin tries again', async () => {
  const { fake, api } = knownPhone({ login: { url: '/login', retry: 0 } })
  fake.account.expireKey()
  const back = fake.server.on('/login', () => ({ statusCode: 500 }))
  expect(await failure(fake, api.ensureLogin())).toMatchObject({ code: 'LOGIN_FAILED' })
  expect(await result(fake, api.get('/orders'))).toMatchObject({ token: 'token-1' })
  expect(fake.storage.get(KEY)).toMatchObject({ token: 'token-1' })
  back()
  expect(await result(fake, api.ensureLogin())).toEqual(gained('token-2'))
})

test('a checkSession that throws counts as passed, at once', async () => {
  const { fake, api, events } = knownPhone()
  fake.misbehave('checkSession', 'throw')
  const begun = fake.clock.now()
  const end = api.ensureLogin().then(() => fake.clock.now() - begun)
  await fake.clock.runAll()
  expect(await end).toBe(0)
  expect(events.filter(({ type }) => type === 'check')).toMatchObject([
    { phase: 'start' },
    { phase: 'passed', duration: 0 },
  ])
})

test.each(['success', 'fail'] as const)(
  'a check that the cache manager answers with %s is no answer, and counts as passed',
  async (how) => {
    const { fake, api, events } = knownPhone()
    const cached = { errMsg: 'checkSession', fromCache: true }
    const checkSession: Platform['checkSession'] = (on) => on[how]?.(cached)
    Object.assign(fake.wx, { checkSession })
    expect(await result(fake, api.ensureLogin())).toEqual(found('token-1'))
    expect(events).toContainEqual(expect.objectContaining({ type: 'check', phase: 'unanswered' }))
    expect(fake.calls.logins).toBe(0)
  },
)

test('a session that the app has set is not asked about, nor replaced', async () => {
  const { fake, api } = phone()
  fake.account.expireKey()
  api.setSession(fake.server.issue('set'))
  expect(await result(fake, api.get('/orders'))).toMatchObject({ token: 'set' })
  expect(fake.calls).toMatchObject({ checks: 0, logins: 0 })
})
