import type { LoginOptions, Session } from '../../src'
import { createFakeWeChat, type Misbehaviour } from '../../src/testing'
import { caught, failure, KEY, outcome, phone, result, usual } from '../phone'
import { gained } from './sessions'
import { BusinessError, createClient } from '../../src'

/** A phone whose token has just been refused by the server, with this login. */
function refusedPhone(login: Partial<LoginOptions>) {
  const made = phone({ login: { url: '/login', ...login } })
  made.fake.storage.set(KEY, { token: 'dead', data: { refreshToken: 'r1' } })
  return made
}

test('an exchange without an answer is tried again, with a new code', async () => {
  const { fake, api } = phone()
  fake.network.failNext(1, 'reset')
  expect(await result(fake, api.ensureLogin())).toEqual(gained('token-1'))
  expect(fake.calls.logins).toBe(2)
  expect([...fake.server.codes.values()]).toEqual([1])
})

test.each([0, 2, 4])('a login is tried %i more times when told so', async (retry) => {
  const { fake, api } = phone({ login: { url: '/login', retry } })
  fake.server.on('/login', () => ({ statusCode: 500 }))
  expect(await failure(fake, api.ensureLogin())).toMatchObject({ code: 'LOGIN_FAILED' })
  expect(fake.calls.logins).toBe(retry + 1)
})

test.each<[Misbehaviour, string, number]>([
  ['fail', 'LOGIN_FAILED', 3],
  ['throw', 'LOGIN_FAILED', 1],
  ['empty', 'LOGIN_FAILED', 3],
  ['cached', 'LOGIN_FAILED', 3],
  ['blocked', 'LOGIN_BLOCKED', 1],
  ['hang', 'LOGIN_TIMEOUT', 1],
  [{ fail: { errMsg: 'fail timeout', errno: 5 } }, 'LOGIN_TIMEOUT', 1],
])('a wx.login that does %j ends as %s after %i tries', async (behaviour, code, tries) => {
  const { fake, api } = phone()
  fake.misbehave('login', behaviour, Infinity)
  expect(await failure(fake, api.get('/orders'))).toMatchObject({ code, attempts: 0 })
  expect(fake.calls.logins).toBe(tries)
})

test.each<Misbehaviour>(['twice', 'both', 'same-tick'])(
  'a wx.login that answers in the way of "%s" is one login',
  async (behaviour) => {
    const { fake, api } = phone()
    fake.misbehave('login', behaviour)
    expect(await result(fake, api.get('/orders'))).toMatchObject({ ok: true })
    expect(fake.calls.logins).toBe(1)
    expect(fake.server.codesReused).toEqual([])
  },
)

test('a login that hangs fails within its timeout for each step, and says which', async () => {
  const { fake, api, events } = phone({ login: { url: '/login', timeout: 2000 } })
  fake.misbehave('login', 'hang')
  expect((await failure(fake, api.ensureLogin())).message).toContain('wx.login did not answer within 2000 ms')
  fake.server.on('/login', () => ({ lost: true }))
  expect((await failure(fake, api.ensureLogin())).message).toMatch(/login request/)
  const durations = events.flatMap((event) =>
    event.type === 'login' && event.phase === 'fail' ? event.duration : [],
  )
  expect(durations).toEqual([2000, 2010])
})

test('a login never takes more than twice its timeout, refresh included', async () => {
  const made = refusedPhone({
    // Refused a moment before its own time is over.
    refresh: () => new Promise((_, refuse) => made.fake.clock.setTimeout(() => refuse(new Error('no')), 999)),
    timeout: 1000,
  })
  const { fake, api, events } = made
  fake.server.on('/login', () => ({ lost: true }))
  expect(await failure(fake, api.get('/orders'))).toMatchObject({ code: 'LOGIN_TIMEOUT' })
  const failed = events.find((event) => event.type === 'login' && event.phase === 'fail')
  expect(failed).toMatchObject({ duration: expect.any(Number) as number })
  expect((failed as { duration: number }).duration).toBeLessThanOrEqual(2000)
})

test('a refresh that never answers ends the login in the time of one step, and uses up no code', async () => {
  const { fake, api, events } = refusedPhone({ refresh: () => new Promise(() => undefined), timeout: 1000 })
  expect(await failure(fake, api.get('/orders'))).toMatchObject({ code: 'LOGIN_TIMEOUT' })
  expect(events).toContainEqual(expect.objectContaining({ type: 'login', phase: 'fail', duration: 1000 }))
  expect(fake.calls.logins).toBe(0)
})

test('refresh is asked before wx.login, with the session that ended', async () => {
  const asked: Session[] = []
  const { fake, api } = refusedPhone({
    refresh: (session) => {
      asked.push(session)
      return Promise.resolve({ token: fake.server.issue('fresh'), data: { refreshToken: 'r2' } })
    },
  })
  expect(await result(fake, api.get('/orders'))).toMatchObject({ token: 'fresh' })
  expect(asked).toMatchObject([{ token: 'dead', data: { refreshToken: 'r1' } }])
  expect(fake.storage.get(KEY)).toEqual(gained('fresh', { data: { refreshToken: 'r2' } }))
  expect(fake.calls.logins).toBe(0)
})

test.each<[string, () => Promise<string>]>([
  ['rejects', () => Promise.reject(new Error('expired'))],
  ['throws', () => JSON.parse('<') as Promise<string>],
  ['gives no token', () => Promise.resolve('')],
])('when refresh %s a code is used after all', async (_how, refresh) => {
  const { fake, api } = refusedPhone({ refresh })
  expect(await result(fake, api.get('/orders'))).toMatchObject({ token: 'token-1' })
  expect(fake.calls.logins).toBe(1)
})

test('without a session there is nothing to refresh', async () => {
  const refresh = jest.fn<Promise<string>, []>()
  const { fake, api } = phone({ login: { url: '/login', refresh } })
  await result(fake, api.get('/orders'))
  expect(refresh).not.toHaveBeenCalled()
})

test('a failed check takes a code: a refreshed token would leave the dead session_key as it is', async () => {
  const refresh = jest.fn<Promise<string>, []>(() => Promise.resolve('fresh'))
  const { fake, api } = refusedPhone({ refresh })
  fake.account.expireKey()
  await result(fake, api.ensureLogin())
  expect(refresh).not.toHaveBeenCalled()
  expect(fake.calls.logins).toBe(1)
})

test('what another copy has stored meanwhile is taken instead of a code', async () => {
  const { fake, api, events } = refusedPhone({})
  const task = api.get('/orders')
  fake.storage.set(KEY, { token: fake.server.issue('of-the-other-copy') })
  expect(await result(fake, task)).toMatchObject({ token: 'of-the-other-copy' })
  expect(fake.calls.logins).toBe(0)
  expect(events).not.toContainEqual(expect.objectContaining({ type: 'login' }))
})

test('a forced login takes nothing from another copy', async () => {
  const fake = createFakeWeChat()
  const [one, other] = [createClient(usual(fake)), createClient(usual(fake))]
  await result(fake, one.ensureLogin())
  await result(fake, other.ensureLogin({ force: true }))
  await result(fake, one.ensureLogin({ force: true }))
  expect(fake.calls.logins).toBe(3)
})

test('a session that has ended by its own account takes a login before the request', async () => {
  const { fake, api, events } = phone()
  fake.storage.set(KEY, { token: fake.server.issue(), expiresAt: fake.clock.now() - 1 })
  expect(await result(fake, api.get('/orders'))).toMatchObject({ token: 'token-2' })
  expect(fake.server.requests.map(({ path }) => path)).toEqual(['/login', '/orders'])
  expect(events).toContainEqual(expect.objectContaining({ type: 'login', phase: 'start', reason: 'expired' }))
})

test.each<[string, () => Parameters<typeof reasonOf>[0]]>([
  ['no-session', () => ({})],
  ['forced', () => ({ stored: 'token-1', force: true })],
  ['check-failed', () => ({ stored: 'token-1', badKey: true })],
])('a login tells its reason: %s', async (reason, story) => {
  expect(await reasonOf(story())).toEqual([reason, reason])
})

async function reasonOf(story: { stored?: string; force?: boolean; badKey?: boolean }) {
  const { fake, api, events } = phone()
  if (story.stored) fake.storage.set(KEY, { token: fake.server.issue(story.stored) })
  if (story.badKey) fake.account.expireKey()
  await result(fake, api.ensureLogin({ force: story.force === true }))
  return events.flatMap((event) => (event.type === 'login' ? event.reason : []))
}

test('a 401 is a reason too, and a refused token is gone from the store', async () => {
  const { fake, api, events } = refusedPhone({ retry: 0 })
  fake.server.on('/login', () => ({ statusCode: 500 }))
  await failure(fake, api.get('/orders'))
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'login', phase: 'fail', reason: 'unauthorized', code: 'LOGIN_FAILED' }),
  )
  expect(fake.storage.get(KEY)).toBeUndefined()
})

test('a logout in the midst of each step of a login stores nothing', async () => {
  for (const ms of [0, 5, 15, 19]) {
    const { fake, api } = phone()
    const end = caught(api.ensureLogin())
    await fake.clock.advance(ms)
    api.logout()
    expect(await end).toMatchObject({ code: 'LOGGED_OUT' })
    await fake.clock.runAll()
    expect([api.session, fake.storage.get(KEY)]).toEqual([undefined, undefined])
  }
})

test('a listener that logs out when a login starts ends that login', async () => {
  const { fake, api } = phone()
  api.on((event) => {
    if (event.type === 'login' && event.phase === 'start') api.logout()
  })
  expect(await outcome(fake, api.ensureLogin())).toMatchObject({ error: { code: 'LOGGED_OUT' } })
  expect(fake.calls.logins).toBe(0)
})

test('a code that WeChat hands out twice is exchanged once', async () => {
  const { fake, api } = phone({}, { codes: () => 'the-same' })
  await result(fake, api.ensureLogin())
  expect(await failure(fake, api.ensureLogin({ force: true }))).toMatchObject({ code: 'LOGIN_FAILED' })
  expect(fake.server.codesReused).toEqual([])
})

test('a login that a logout ends while it looks in a slow store is not told to have begun', async () => {
  const { fake, api, events } = phone({ storage: { encrypt: true } })
  const login = caught(api.ensureLogin({ force: true }))
  await fake.clock.advance(1)
  api.logout()
  await fake.clock.runAll()
  expect(await login).toMatchObject({ code: 'LOGGED_OUT' })
  expect(events.filter(({ type }) => type === 'login')).toEqual([])
})

test('a code that an envelope refuses gets one more try with a new one, as with a status', async () => {
  const { fake, api } = phone({
    login: {
      url: '/login',
      token({ data }) {
        const { code, token } = data as { code: number; token: string }
        if (code !== 0) throw new BusinessError('请重试', code)
        return token
      },
    },
  })
  let logins = 0
  fake.server.loginReply = (token) => ({ data: ++logins === 1 ? { code: 40029 } : { code: 0, token } })
  expect(await result(fake, api.get('/orders'))).toMatchObject({ ok: true })
  expect(fake.calls.logins).toBe(2)
})
