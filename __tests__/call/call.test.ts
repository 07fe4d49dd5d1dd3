import type { ClientEvent, ClientOptions, RequestError } from '../../src'
import type { FakeReply } from '../../src/testing'
import { caught, failure, knownPhone, outcome, phone, result, type Phone } from '../phone'

const noRetry = { checkSession: false, retry: false } as const

/** A phone on which two logins in a row have failed: one more, and logins are paused. */
async function twiceFailed(options: Partial<ClientOptions> = {}): Promise<Phone> {
  const made = phone({ ...noRetry, login: { url: '/login', retry: 0 }, ...options })
  const { fake, api } = made
  fake.server.anyPath = true
  fake.misbehave('login', 'fail', 2)
  await failure(fake, api.ensureLogin())
  await failure(fake, api.ensureLogin())
  return made
}

/** The code of the next request that needs a login, after one more login that fails. */
async function afterThirdFailure({ fake, api }: Phone): Promise<string> {
  fake.misbehave('login', 'fail')
  await failure(fake, api.ensureLogin({ force: true }))
  fake.server.expire()
  const end = await outcome(fake, api.get('/orders'))
  return 'error' in end ? (end.error as { code: string }).code : 'ok'
}

const sent = ({ fake }: Phone, path: string): number =>
  fake.server.requests.filter((request) => request.path === path).length

const phases = (events: readonly ClientEvent[], url: string): string[] =>
  events.flatMap((event) => (event.type === 'request' && event.url.endsWith(url) ? [event.phase] : []))

describe('what counts as a failed login', () => {
  test.each<[string, FakeReply]>([
    ['fails on the network', { fail: 'reset' }],
    ['is answered 500', { statusCode: 500 }],
    ['is answered 502', { statusCode: 502 }],
  ])('a request that %s does not clear it: nobody has looked at the token', async (_what, reply) => {
    const made = await twiceFailed()
    made.fake.server.on('/report', () => reply)
    await failure(made.fake, made.api.get('/report'))
    expect(await afterThirdFailure(made)).toBe('LOGIN_COOLDOWN')
  })

  test.each([200, 404, 499])('a request that is answered %i clears it', async (statusCode) => {
    const made = await twiceFailed()
    made.fake.server.on('/report', () => ({ statusCode }))
    await outcome(made.fake, made.api.get('/report'))
    expect(await afterThirdFailure(made)).toBe('ok')
  })

  test('a request without a token that is accepted does not clear it', async () => {
    const made = await twiceFailed()
    await result(made.fake, made.api.ensureLogin())
    made.fake.server.on('/open', () => ({}))
    await result(made.fake, made.api.get('/open', {}, { auth: false }))
    expect(await afterThirdFailure(made)).toBe('LOGIN_COOLDOWN')
  })

  test('a request that is accepted with an older token does not clear it', async () => {
    const made = knownPhone({ ...noRetry, login: { url: '/login', retry: 0 } })
    const { fake, api } = made
    fake.server.hold('/slow')
    const slow = api.get('/slow')
    await fake.clock.advance(20)
    fake.misbehave('login', 'fail', 2)
    for (const code of ['LOGIN_FAILED', 'LOGIN_FAILED', 'ok']) {
      const end = api.ensureLogin({ force: true }).then(
        () => 'ok',
        (error: unknown) => (error as RequestError).code,
      )
      await fake.clock.advance(200)
      expect(await end).toBe(code)
    }
    fake.server.release()
    expect(await result(fake, slow)).toMatchObject({ token: 'token-1' })
    expect(await afterThirdFailure(made)).toBe('LOGIN_COOLDOWN')
  })

  test("the 401 of an 'optional' request does not count", async () => {
    const { fake, api } = await twiceFailed()
    await result(fake, api.ensureLogin())
    fake.server.on('/menu', () => ({ statusCode: 401 }))
    await failure(fake, api.get('/menu', {}, { auth: 'optional' }))
    expect(await result(fake, api.get('/orders'))).toMatchObject({ ok: true })
  })

  test('a logout ends the pause: the next user has failed at nothing', async () => {
    const made = await twiceFailed()
    expect(await afterThirdFailure(made)).toBe('LOGIN_COOLDOWN')
    made.api.logout()
    expect(await result(made.fake, made.api.get('/orders'))).toMatchObject({ ok: true })
  })

  test('a session that the app sets ends the pause', async () => {
    const made = await twiceFailed()
    expect(await afterThirdFailure(made)).toBe('LOGIN_COOLDOWN')
    made.api.setSession('of-another-login')
    expect(await result(made.fake, made.api.get('/orders'))).toMatchObject({ ok: true })
  })

  test('a missing network is no failed login: as soon as it is back the next one starts', async () => {
    const { fake, api } = phone({ ...noRetry, login: { url: '/login', retry: 0 } })
    fake.network.offline()
    for (let turn = 0; turn < 5; turn++)
      expect(await failure(fake, api.get('/orders'))).toMatchObject({ code: 'LOGIN_FAILED', isOffline: true })
    fake.network.online()
    expect(await result(fake, api.get('/orders'))).toMatchObject({ ok: true })
  })

  test('the pause begins when the third fresh token in a row is refused, and with nobody sent in vain', async () => {
    const made = phone(noRetry)
    const { fake, api } = made
    fake.server.refuseAll = true
    for (const url of ['/a', '/b', '/c'])
      expect(await failure(fake, api.get(url))).toMatchObject({ code: 'UNAUTHORIZED' })
    const error = await failure(fake, api.get('/d'))
    expect(error.code).toBe('LOGIN_COOLDOWN')
    expect([sent(made, '/d'), fake.calls.logins]).toEqual([1, 3])
    await fake.clock.advance(1000)
    expect(await failure(fake, api.get('/e'))).toMatchObject({ code: 'UNAUTHORIZED', attempts: 2 })
    expect(fake.calls.logins).toBe(4)
  })
})

describe('what listeners end stays ended', () => {
  test('on hearing that the refused token could not be removed', async () => {
    const made = knownPhone(noRetry)
    const { fake, api, events } = made
    fake.server.expire()
    fake.storage.fail('remove')
    api.on(({ type }) => {
      if (type === 'storage-error') task.abort()
    })
    const task = api.get('/orders')
    expect(await failure(fake, task)).toMatchObject({ code: 'ABORTED', attempts: 1 })
    expect([sent(made, '/orders'), fake.calls.logins]).toEqual([1, 0])
    expect(phases(events, '/orders')).toEqual(['send', 'fail'])
  })

  test.each(['replay', 'retry', 'send'] as const)('on hearing of its "%s"', async (phase) => {
    const made = knownPhone({ checkSession: false, concurrency: 1 })
    const { fake, api, events } = made
    fake.server.anyPath = true
    fake.server.on('/orders', () => ({ statusCode: phase === 'retry' ? 503 : 401 }))
    api.on((event) => {
      if (event.type === 'request' && event.phase === phase && event.url.endsWith('/orders')) task.abort()
    })
    const first = api.get('/first')
    const task = api.get('/orders')
    expect(await failure(fake, task)).toMatchObject({ code: 'ABORTED' })
    expect(sent(made, '/orders')).toBe(phase === 'replay' || phase === 'retry' ? 1 : 0)
    expect(phases(events, '/orders').pop()).toBe('fail')
    // Its lane is free, and once.
    expect(await result(fake, Promise.all([first, api.get('/next')]))).toHaveLength(2)
  })
})

test('a request that queues while a login begins goes out once, and tells of one attempt', async () => {
  const { fake, api, events } = knownPhone({ checkSession: false, concurrency: 1 })
  fake.server.expire()
  await result(fake, Promise.all([api.get('/first'), api.get('/second')]))
  expect(phases(events, '/second')).toEqual(['wait', 'send', 'success'])
})

test('a login with a code that was waited for counts, although a refresh and a check were waited for as well', async () => {
  let refreshes = 0
  const refresh = () => Promise.resolve({ token: `refreshed-${++refreshes}` })
  const { fake, api } = phone({ retry: false, login: { url: '/login', refresh } }, { checkLatency: 500 })
  fake.storage.set('miniprogram-session', { token: 'old', expiresAt: 1 })
  fake.server.refuseAll = true
  const error = await failure(fake, api.get('/orders', {}, { auth: 'verified' }))
  expect(error).toMatchObject({ code: 'UNAUTHORIZED', attempts: 2 })
  expect([refreshes, fake.calls.logins]).toEqual([1, 1])
})

test('the duration in an event is counted from the call, whenever that is', async () => {
  const { fake, api, events } = knownPhone({ checkSession: false })
  await fake.clock.advance(5000)
  await result(fake, api.get('/orders'))
  const durations = events.flatMap((event) => (event.type === 'request' ? [event.duration] : []))
  expect(durations).toEqual([0, 10])
})

test('an abort while the request queues ends it at once, and it takes no lane later', async () => {
  const made = knownPhone({ checkSession: false, concurrency: 1 })
  const { fake, api } = made
  const first = api.get('/first')
  const task = api.get('/second')
  const end = caught(task)
  task.abort()
  expect(await end).toMatchObject({ code: 'ABORTED', attempts: 0 })
  await result(fake, Promise.all([first, api.get('/third')]))
  expect([sent(made, '/second'), sent(made, '/third')]).toEqual([0, 1])
})

test('an abort after the end changes nothing, and nobody hears of it', async () => {
  const { fake, api, events } = knownPhone({ checkSession: false })
  const task = api.get('/orders')
  await result(fake, task)
  task.abort()
  expect(await result(fake, task)).toMatchObject({ ok: true })
  expect(phases(events, '/orders')).toEqual(['send', 'success'])
})
