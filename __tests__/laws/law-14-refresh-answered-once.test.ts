import type { Session } from '../../src'
import { clientOn, codesOf, deferred, exchangesAt, KEY, makeWorld, phasesOf, soon } from './world'
import { storedToken, times, tokensAt, watch, type World } from './world'

const ENDED = { token: 'dead', data: { refreshToken: 'R' } }

/** A rejection with what need not be an error. */
function rejected(reason: unknown): Promise<never> {
  const answer = deferred<never>()
  answer.reject(reason)
  return answer.promise
}

type Refresh = (session: Session) => unknown

/** A phone with a session that the server refuses, and a client that can refresh it. */
function withRefresh(refresh: Refresh, login: object = {}): World & { refresh: jest.Mock } {
  const asked = jest.fn(refresh)
  const world = makeWorld({
    client: { login: { url: '/login', refresh: asked as never, ...login }, checkSession: false },
  })
  world.fake.storage.set(KEY, ENDED)
  return { ...world, refresh: asked }
}

/** The same, with a refresh that is a request to the server. */
function withRefreshRequest(login: object = {}): World & { refresh: jest.Mock } {
  const world: ReturnType<typeof withRefresh> = withRefresh(
    ({ data }) => world.api.post('/refresh', data, { auth: false }),
    login,
  )
  return world
}

describe('law 14: a refresh is answered once for each session that ended', () => {
  test('ten requests that are refused at once ask for one refresh, and go out again with its token', async () => {
    const world = withRefresh(() => Promise.resolve(world.fake.server.issue('new')))
    const all = times(10, (n) => watch(world.api.get(`/${n}`), world.fake))
    await world.fake.clock.runAll()
    expect(new Set(codesOf(all))).toEqual(new Set(['ok']))
    expect([world.refresh.mock.calls.length, world.fake.calls.logins]).toEqual([1, 0])
  })

  test('clones share it', async () => {
    const world = withRefresh(() => Promise.resolve(world.fake.server.issue('new')))
    const { fake, api } = world
    const all = [api, api.extend({ timeout: 1000 })].map((one, n) => watch(one.get(`/${n}`), fake))
    await fake.clock.runAll()
    expect([codesOf(all), world.refresh.mock.calls.length]).toEqual([['ok', 'ok'], 1])
  })

  test('a session that has expired is refreshed without being sent', async () => {
    const world = withRefresh(() => Promise.resolve(world.fake.server.issue('new')))
    world.fake.storage.set(KEY, { ...ENDED, expiresAt: world.fake.clock.now() - 1 })
    const request = await soon(world.fake, world.api.get('/a'))
    expect([request.code, tokensAt(world, '/a'), world.fake.calls.logins]).toEqual(['ok', ['new'], 0])
  })

  test('it is given the session that ended, with all that the app keeps in it', async () => {
    const world = withRefresh(() => Promise.resolve(world.fake.server.issue('new')))
    await soon(world.fake, world.api.get('/a'))
    expect(world.refresh).toHaveBeenLastCalledWith(expect.objectContaining(ENDED))
  })

  test('a refresh that was refused is not asked again for the same session, though the code failed too', async () => {
    const world = withRefresh(() => Promise.reject(new Error('revoked')), { retry: 0 })
    world.fake.misbehave('login', 'fail')
    const first = await soon(world.fake, world.api.get('/a'))
    const second = await soon(world.fake, world.api.get('/b'))
    expect([first.code, second.code, world.refresh.mock.calls.length]).toEqual(['LOGIN_FAILED', 'ok', 1])
  })

  test('the session that a refresh brought is refreshed in its turn, once it has served and ended', async () => {
    const world = withRefresh(() => Promise.resolve(world.fake.server.issue()))
    for (let round = 0; round < 3; round++) {
      const request = await soon(world.fake, world.api.get('/a'))
      expect(request.code).toBe('ok')
      world.fake.server.expire()
    }
    expect([world.refresh.mock.calls.length, world.fake.calls.logins]).toEqual([3, 0])
  })

  test('a refreshed token that the server refuses is followed by a code', async () => {
    const world = withRefresh(() => Promise.resolve('not-known-to-the-server'))
    const request = await soon(world.fake, world.api.get('/a'))
    expect([request.code, tokensAt(world, '/a')]).toEqual([
      'ok',
      ['dead', 'not-known-to-the-server', 'token-1'],
    ])
    expect([world.refresh.mock.calls.length, world.fake.calls.logins]).toEqual([1, 1])
  })

  test('a forced login takes a code, never a refresh', async () => {
    const world = withRefresh(() => Promise.resolve(world.fake.server.issue('new')))
    const forced = await soon(world.fake, world.api.ensureLogin({ force: true }))
    expect([forced.value?.token, world.refresh.mock.calls.length]).toEqual(['token-1', 0])
  })

  test('a login that is forced during a refresh comes after it, with a code', async () => {
    const answer = deferred<string>()
    const world = withRefresh(() => answer.promise)
    const { fake, api } = world
    const request = await soon(fake, api.get('/a'))
    const forced = await soon(fake, api.ensureLogin({ force: true }))
    expect([request.code, forced.code, fake.calls.logins]).toEqual(['pending', 'pending', 0])
    answer.resolve(fake.server.issue('refreshed'))
    await fake.clock.advance(100)
    expect([request.code, forced.value?.token, api.session?.token]).toEqual(['ok', 'token-1', 'token-1'])
    expect([fake.calls.logins, world.refresh.mock.calls.length]).toEqual([1, 1])
  })

  test('a session that the app sets meanwhile is the one, whatever the refresh brings later', async () => {
    const answer = deferred<string>()
    const world = withRefresh(() => answer.promise)
    const { fake, api } = world
    const request = await soon(fake, api.get('/a'))
    api.setSession(fake.server.issue('set'))
    await fake.clock.advance(100)
    answer.resolve(fake.server.issue('refreshed'))
    await fake.clock.runAll()
    expect([request.code, tokensAt(world, '/a')]).toEqual(['ok', ['dead', 'set']])
    expect([api.session?.token, storedToken(fake)]).toEqual(['set', 'set'])
  })

  test('a refresh that a logout has ended brings nothing back, and nobody waits for it', async () => {
    const answer = deferred<string>()
    const world = withRefresh(() => answer.promise)
    const { fake, api } = world
    const request = await soon(fake, api.get('/a'))
    answer.resolve('refreshed')
    api.logout()
    await fake.clock.runAll()
    expect([request.code, api.session, fake.storage.keys()]).toEqual(['LOGGED_OUT', undefined, []])
  })
})

describe('law 14: what a refresh brings', () => {
  test('a token alone: the data stays, in the store as well', async () => {
    const world = withRefresh(() => Promise.resolve(world.fake.server.issue('new')))
    await soon(world.fake, world.api.get('/a'))
    const next = { token: 'new', data: ENDED.data }
    expect([world.api.session, world.fake.storage.get(KEY)]).toEqual(
      times(2, () => expect.objectContaining(next) as object),
    )
  })

  test('data of its own takes the place of the old', async () => {
    const next = { token: 'new', data: { refreshToken: 'R2' } }
    const world = withRefresh(() => Promise.resolve(next))
    world.fake.server.issue('new')
    await soon(world.fake, world.api.get('/a'))
    expect(world.api.session).toMatchObject(next)
  })

  test('the end of the old token goes with it', async () => {
    const world = withRefresh(() => Promise.resolve(world.fake.server.issue('new')))
    world.fake.storage.set(KEY, { ...ENDED, expiresAt: world.fake.clock.now() - 1 })
    await soon(world.fake, world.api.get('/a'))
    expect([world.api.session?.token, world.api.session?.expiresAt]).toEqual(['new', undefined])
  })

  test('an end that it gives holds', async () => {
    const expiresAt = 1_900_000_000_000
    const world = withRefresh(() => Promise.resolve({ token: world.fake.server.issue('new'), expiresAt }))
    await soon(world.fake, world.api.get('/a'))
    expect(world.api.session).toMatchObject({ token: 'new', expiresAt })
  })

  test('it is the same session as before, under the same id', async () => {
    const world = withRefresh(() => Promise.resolve(world.fake.server.issue('new')))
    world.fake.storage.set(KEY, { ...ENDED, id: 'of-the-user' })
    await soon(world.fake, world.api.get('/a'))
    expect([world.api.session?.token, world.api.session?.id]).toEqual(['new', 'of-the-user'])
  })

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty token', ''],
    ['the very token that was refused', 'dead'],
    ['the very token that was refused, with a new end', { token: 'dead', expiresAt: 1_900_000_000_000 }],
  ])('%s: the same login goes on with a code', async (_what, answer) => {
    const world = withRefresh(() => Promise.resolve(answer))
    const request = await soon(world.fake, world.api.get('/a'))
    expect([request.code, tokensAt(world, '/a')]).toEqual(['ok', ['dead', 'token-1']])
    expect(phasesOf(world.events, 'login')).toEqual(['start', 'success'])
    expect([world.refresh.mock.calls.length, world.fake.calls.logins]).toEqual([1, 1])
  })

  test('nor is the token taken that an answer has replaced while the refresh of it was at work', async () => {
    const answer = deferred<string>()
    const world = makeWorld({
      client: {
        login: { url: '/login', refresh: () => answer.promise },
        rotate: { header: 'X-Next' },
        checkSession: false,
      },
    })
    const { fake, api } = world
    fake.storage.set(KEY, { token: 'old', expiresAt: fake.clock.now() + 50 })
    fake.server.latency('/slow', 100)
    fake.server.on('/slow', () => ({ header: { 'X-Next': fake.server.issue('next') } }))
    const slow = watch(api.get('/slow'), fake)
    await fake.clock.advance(60)
    const waits = watch(api.get('/a'), fake)
    await fake.clock.advance(60)
    answer.resolve('old')
    await fake.clock.runAll()
    expect([slow.code, waits.code, tokensAt(world, '/a')]).toEqual(['ok', 'ok', ['token-1']])
  })

  test('nor is the token taken that was refused while the refresh of it was at work', async () => {
    const answer = deferred<string>()
    const world = withRefresh(() => answer.promise)
    const { fake, api } = world
    fake.storage.set(KEY, { token: 'old', expiresAt: fake.clock.now() + 50 })
    fake.server.latency('/slow', 100)
    const slow = watch(api.get('/slow'), fake)
    await fake.clock.advance(60)
    const waits = watch(api.get('/a'), fake)
    await fake.clock.advance(60)
    answer.resolve('old')
    await fake.clock.runAll()
    expect([slow.code, waits.code, tokensAt(world, '/slow')]).toEqual(['ok', 'ok', ['old', 'token-1']])
    expect(tokensAt(world, '/a')).toEqual(['token-1'])
  })
})

describe('law 14: a refresh that fails', () => {
  /** A refresh without an answer: the login fails with its cause, and the next one refreshes the session that stayed. */
  async function expectToBeRefreshedLater(world: ReturnType<typeof withRefresh>, mend: () => void) {
    const { fake, api } = world
    const failed = watch(api.get('/a'), fake)
    await fake.clock.advance(60_000)
    expect([failed.code, fake.calls.logins]).toEqual([expect.stringMatching(/^LOGIN_(FAILED|TIMEOUT)$/), 0])
    expect(fake.storage.get(KEY)).toMatchObject(ENDED)
    mend()
    const later = await soon(fake, api.get('/b'))
    expect([later.code, later.error?.message, fake.calls.logins]).toEqual(['ok', undefined, 0])
    return failed
  }

  test('without a network the login fails for want of one, and the session stays to be refreshed', async () => {
    const world = withRefreshRequest()
    const { fake } = world
    fake.server.on('/refresh', () => ({ data: fake.server.issue('new') }))
    fake.misbehave(
      'request',
      { fail: { errMsg: 'fail errcode:-106 net::ERR_INTERNET_DISCONNECTED' } },
      9,
      (c) => String(c.url).endsWith('/refresh'),
    )
    const failed = await expectToBeRefreshedLater(world, () => fake.behave())
    expect(failed.error).toMatchObject({ code: 'LOGIN_FAILED', isOffline: true, cause: { code: 'OFFLINE' } })
  })

  test.each([408, 429, 500, 502, 503])('an answer of %i is none: the session stays', async (statusCode) => {
    const world = withRefreshRequest()
    const { fake } = world
    const mend = fake.server.on('/refresh', () => ({ statusCode }))
    const failed = await expectToBeRefreshedLater(world, () => {
      mend()
      fake.server.on('/refresh', () => ({ data: fake.server.issue('new') }))
    })
    expect(failed.error?.cause).toMatchObject({ code: 'HTTP_STATUS', response: { statusCode } })
  })

  test('a request of its own that takes too long is no answer', async () => {
    const world = withRefresh(() => world.api.post('/refresh', {}, { auth: false, timeout: 500 }))
    const { fake } = world
    fake.server.on('/refresh', () => ({ data: fake.server.issue('new') }))
    fake.misbehave('request', 'hang', 1, ({ url }) => String(url).endsWith('/refresh'))
    const failed = await expectToBeRefreshedLater(world, () => undefined)
    expect(failed.error?.cause).toMatchObject({ code: 'TIMEOUT' })
  })

  test('a failure of the platform is no answer', async () => {
    const failure = { errMsg: 'request:fail errcode:-101', errno: 600001 }
    const answers = [() => rejected(failure), () => world.fake.server.issue('new')]
    const world = withRefresh(() => answers.shift()?.())
    const failed = await expectToBeRefreshedLater(world, () => undefined)
    expect(failed.error?.cause).toMatchObject(failure)
  })

  test('one that never answers ends with the time of the login, and the session stays', async () => {
    const answers = [() => new Promise(() => undefined), () => world.fake.server.issue('new')]
    const world = withRefresh(() => answers.shift()?.())
    await expectToBeRefreshedLater(world, () => undefined)
  })

  test('it is not tried again by itself within a login', async () => {
    const world = withRefreshRequest()
    world.fake.server.on('/refresh', () => ({ statusCode: 503 }))
    await soon(world.fake, world.api.get('/a'), 60_000)
    expect(tokensAt(world, '/refresh').length).toBe(1)
  })

  test('everybody who waited gets the same error', async () => {
    const world = withRefreshRequest()
    world.fake.server.on('/refresh', () => ({ statusCode: 503 }))
    const all = times(3, (n) => watch(world.api.get(`/${n}`), world.fake))
    await world.fake.clock.advance(60_000)
    expect([codesOf(all), new Set(all.map(({ error }) => error)).size]).toEqual([
      times(3, () => 'LOGIN_FAILED'),
      1,
    ])
  })

  test('a session in the store that could not be refreshed is refreshed in the next launch', async () => {
    const world = withRefreshRequest()
    const { fake } = world
    fake.server.on('/refresh', () => ({ statusCode: 503 }))
    const failed = await soon(fake, world.api.get('/a'))
    const refresh = jest.fn<Promise<string>, [Session]>(() => Promise.resolve(fake.server.issue('new')))
    const next = clientOn(fake, { login: { url: '/login', refresh }, checkSession: false })
    const request = await soon(fake, next.api.get('/b'))
    expect([failed.code, request.code, fake.calls.logins]).toEqual(['LOGIN_FAILED', 'ok', 0])
    expect(refresh.mock.lastCall?.[0]).toMatchObject(ENDED)
  })

  test('after three answers of 5xx in a row a code is taken', async () => {
    const world = withRefreshRequest()
    const { fake, api } = world
    fake.server.on('/refresh', () => ({ statusCode: 500 }))
    const codes: string[] = []
    for (let n = 0; n < 4; n++) codes.push((await soon(fake, api.get(`/${n}`), 5000)).code)
    // The third answer may bring the code about itself, or leave it to the next login.
    expect([codes[0], codes[1], codes[3]]).toEqual(['LOGIN_FAILED', 'LOGIN_FAILED', 'ok'])
    expect([fake.calls.logins, tokensAt(world, '/refresh').length]).toEqual([1, 3])
  })

  test('but not after three failures of the network', async () => {
    const world = withRefresh(() => rejected({ errMsg: 'request:fail errcode:-101' }))
    for (let n = 0; n < 5; n++) await soon(world.fake, world.api.get(`/${n}`), 5000)
    expect([world.fake.calls.logins, world.refresh.mock.calls.length]).toEqual([0, 5])
    expect(world.fake.storage.get(KEY)).toMatchObject(ENDED)
  })

  test.each([400, 401, 403, 404])('an answer of %i is a refusal: a code is taken', async (statusCode) => {
    const world = withRefreshRequest()
    world.fake.server.on('/refresh', () => ({ statusCode }))
    const request = await soon(world.fake, world.api.get('/a'))
    expect([request.code, tokensAt(world, '/a'), exchangesAt(world)]).toEqual(['ok', ['dead', 'token-1'], 1])
  })

  test.each<[string, Refresh]>([
    ['an error of the app', () => Promise.reject(new Error('no refresh token'))],
    [
      'a throw',
      () => {
        throw new Error('in the app')
      },
    ],
    ['a rejection without a reason', () => rejected(undefined)],
  ])('%s is a refusal: a code is taken', async (_what, refresh) => {
    const world = withRefresh(refresh)
    const request = await soon(world.fake, world.api.get('/a'))
    expect([request.code, tokensAt(world, '/a'), exchangesAt(world)]).toEqual(['ok', ['dead', 'token-1'], 1])
  })
})
