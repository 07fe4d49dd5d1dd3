import {
  altered,
  clientOn,
  codesOf,
  deferred,
  KEY,
  makeWorld,
  NO_RETRY,
  phasesOf,
  soon,
  storedToken,
  times,
  tokensAt,
  watch,
  type World,
} from './world'

const blocking = { client: { checkSession: 'blocking' as const } }

/** Requests and ensureLogin of every kind, all at once. */
function everybody({ fake, api }: World) {
  return [
    watch<unknown>(api.get('/a'), fake),
    watch<unknown>(api.get('/b', {}, { auth: 'verified' }), fake),
    watch<unknown>(api.ensureLogin(), fake),
  ]
}

describe('law 8: checkSession once per launch', () => {
  test.each([['background'], ['blocking']] as const)(
    '%s: one check serves everybody, for the whole launch',
    async (mood) => {
      const world = makeWorld({ stored: 'good', client: { checkSession: mood } })
      for (let round = 0; round < 5; round++) {
        const all = everybody(world)
        await world.fake.clock.advance(5000)
        expect(codesOf(all)).toEqual(['ok', 'ok', 'ok'])
      }
      expect([world.fake.calls.checks, world.fake.calls.logins]).toEqual([1, 0])
    },
  )

  test("'background': a request with a stored token does not wait for the check, ensureLogin does", async () => {
    const { fake, api } = makeWorld({ stored: 'good', fake: { checkLatency: 500 } })
    const request = watch(api.get('/a'), fake)
    const ensured = watch(api.ensureLogin(), fake)
    await fake.clock.advance(100)
    expect([request.code, ensured.code, fake.calls.checks]).toEqual(['ok', 'pending', 1])
    await fake.clock.runAll()
    expect(ensured.code).toBe('ok')
  })

  test("'blocking': the first requests wait for the check", async () => {
    const { fake, api } = makeWorld({ stored: 'good', ...blocking, fake: { checkLatency: 500 } })
    const all = times(3, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.advance(499)
    expect([codesOf(all), fake.calls.requestCount]).toEqual([times(3, () => 'pending'), 0])
    await fake.clock.runAll()
    expect([codesOf(all), fake.calls.checks]).toEqual([['ok', 'ok', 'ok'], 1])
  })

  test("false: nothing is asked of WeChat, except by 'verified'", async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { checkSession: false } })
    const all = [watch<unknown>(api.get('/a'), fake), watch<unknown>(api.ensureLogin(), fake)]
    await fake.clock.runAll()
    expect([codesOf(all), fake.calls.checks]).toEqual([['ok', 'ok'], 0])
    const verified = watch(api.get('/b', {}, { auth: 'verified' }), fake)
    await fake.clock.runAll()
    expect([verified.code, fake.calls.checks]).toEqual(['ok', 1])
  })

  test("'verified' waits for the check whatever the mood", async () => {
    const { fake, api } = makeWorld({ stored: 'good', fake: { checkLatency: 500 } })
    const verified = watch(api.get('/a', {}, { auth: 'verified' }), fake)
    await fake.clock.advance(499)
    expect([verified.code, fake.calls.requestCount]).toEqual(['pending', 0])
    await fake.clock.runAll()
    expect(verified.code).toBe('ok')
  })

  test('a check that fails leads to one login, and everybody goes out with the new token', async () => {
    const world = makeWorld({ stored: 'old', ...blocking })
    world.fake.account.expireKey()
    const all = everybody(world)
    await world.fake.clock.runAll()
    expect(codesOf(all)).toEqual(['ok', 'ok', 'ok'])
    expect([tokensAt(world, '/a'), tokensAt(world, '/b')]).toEqual([['token-1'], ['token-1']])
    expect([world.fake.calls.checks, world.fake.calls.logins]).toEqual([1, 1])
  })

  test('when the login after a failed check fails, background requests go on with the token they have', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: NO_RETRY })
    fake.account.expireKey()
    fake.misbehave('login', 'fail')
    const first = watch(api.get('/a'), fake)
    await fake.clock.advance(12)
    const during = watch(api.get('/b'), fake)
    await fake.clock.advance(1000)
    const after = watch(api.get('/c'), fake)
    await fake.clock.runAll()
    expect(codesOf([first, during, after])).toEqual(['ok', 'ok', 'ok'])
    expect([fake.calls.logins, storedToken(fake)]).toEqual([1, 'good'])
  })

  test('… while ensureLogin, verified and blocking requests fail, and try again the next time', async () => {
    const world = makeWorld({
      stored: 'good',
      client: { checkSession: 'blocking', login: { url: '/login', retry: 0 } },
    })
    const { fake } = world
    fake.account.expireKey()
    fake.misbehave('login', 'fail')
    const first = everybody(world)
    await fake.clock.runAll()
    expect(codesOf(first)).toEqual(times(3, () => 'LOGIN_FAILED'))
    const second = everybody(world)
    await fake.clock.runAll()
    expect(codesOf(second)).toEqual(['ok', 'ok', 'ok'])
    expect([fake.calls.checks, fake.calls.logins]).toEqual([1, 2])
  })

  test('a check that never answers counts as passed after 3 s', async () => {
    const { fake, api, events } = makeWorld({ stored: 'good', ...blocking })
    fake.misbehave('checkSession', 'hang')
    const request = watch(api.get('/a'), fake)
    await fake.clock.advance(2999)
    expect(request.code).toBe('pending')
    await fake.clock.advance(20)
    expect([request.code, phasesOf(events, 'check')]).toEqual(['ok', ['start', 'unanswered']])
  })

  test('a failure that comes after the 3 s changes nothing', async () => {
    const { fake, api } = makeWorld({ stored: 'good', fake: { checkLatency: 4000 } })
    fake.account.expireKey()
    const ensured = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    expect([ensured.code, fake.calls.logins]).toEqual(['ok', 0])
  })

  test.each(['throw', 'same-tick', 'twice', 'both'] as const)(
    'a check that answers oddly (%s) counts as passed',
    async (how) => {
      const world = makeWorld({ stored: 'good', ...blocking })
      world.fake.misbehave('checkSession', how)
      const all = everybody(world)
      await world.fake.clock.runAll()
      expect([codesOf(all), world.fake.calls.logins]).toEqual([['ok', 'ok', 'ok'], 0])
    },
  )

  test('where WeChat has no checkSession, as in plugins, the session counts as confirmed', async () => {
    const world = makeWorld({ stored: 'good' })
    const { api, events } = clientOn(world.fake, {
      platform: altered(world.fake, { checkSession: undefined }),
      checkSession: 'blocking',
    })
    const all = everybody({ ...world, api, events })
    await world.fake.clock.runAll()
    expect(codesOf(all)).toEqual(['ok', 'ok', 'ok'])
  })

  test('a failure within the call lets everybody wait for the login', async () => {
    const world = makeWorld({ stored: 'old', ...blocking })
    world.fake.misbehave('checkSession', { fail: { errMsg: 'fail' }, sameTick: true })
    const all = everybody(world)
    await world.fake.clock.runAll()
    expect([codesOf(all), world.fake.calls.logins, world.fake.calls.checks]).toEqual([
      ['ok', 'ok', 'ok'],
      1,
      1,
    ])
  })

  test('a check and a login that both fail within the call still let a background request go, once', async () => {
    const world = makeWorld({ stored: 'good', client: { login: { url: '/login', retry: 0 } } })
    const { fake, api } = world
    fake.misbehave('checkSession', { fail: { errMsg: 'fail' }, sameTick: true })
    fake.misbehave('login', { fail: { errMsg: 'fail' }, sameTick: true })
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, tokensAt(world, '/a')]).toEqual(['ok', ['good']])
  })

  test('a login in this launch makes the check unnecessary', async () => {
    const world = makeWorld(blocking)
    const all = everybody(world)
    await world.fake.clock.runAll()
    expect([codesOf(all), world.fake.calls.checks]).toEqual([['ok', 'ok', 'ok'], 0])
  })

  test('a login that ends while the check is being asked makes its answer meaningless', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false, fake: { checkLatency: 100 } })
    fake.misbehave('checkSession', 'fail')
    const first = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    const verified = watch(api.get('/b', {}, { auth: 'verified' }), fake)
    await fake.clock.runAll()
    expect([first.code, verified.code, fake.calls.logins, fake.calls.checks]).toEqual(['ok', 'ok', 1, 1])
  })

  test('a check that fails when its session is gone already starts no login by itself', async () => {
    const { fake, api } = makeWorld({
      stored: 'dead',
      isLive: false,
      client: NO_RETRY,
      fake: { checkLatency: 100 },
    })
    fake.misbehave('checkSession', 'fail')
    fake.misbehave('login', 'fail')
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, fake.calls.logins]).toEqual(['LOGIN_FAILED', 1])
  })

  test('a forced login needs no check, and leaves none behind', async () => {
    const { fake, api } = makeWorld({ stored: 'good' })
    const forced = watch(api.ensureLogin({ force: true }), fake)
    await fake.clock.runAll()
    const verified = watch(api.get('/a', {}, { auth: 'verified' }), fake)
    await fake.clock.runAll()
    expect([forced.code, verified.code, fake.calls.checks]).toEqual(['ok', 'ok', 0])
  })

  test('a login by refresh leaves the check to be made: WeChat’s own session is as it was', async () => {
    const { fake } = makeWorld({ stored: 'dead', isLive: false })
    const refresh = () => Promise.resolve(fake.server.issue('refreshed'))
    const { api } = clientOn(fake, { login: { url: '/login', refresh }, checkSession: false })
    const first = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([first.code, fake.calls.checks, fake.calls.logins]).toEqual(['ok', 0, 0])
    const verified = watch(api.get('/b', {}, { auth: 'verified' }), fake)
    await fake.clock.runAll()
    expect([verified.code, fake.calls.checks]).toEqual(['ok', 1])
  })

  test('a failed check is answered by a code, not by refresh: the dead session_key would stay', async () => {
    const refresh = jest.fn(() => Promise.resolve('refreshed'))
    const { fake, api } = makeWorld({ stored: 'good', client: { login: { url: '/login', refresh } } })
    fake.account.expireKey()
    const ensured = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    expect([ensured.code, refresh.mock.calls.length, fake.calls.logins]).toEqual(['ok', 0, 1])
  })

  test('offline, a failed check keeps the session, and the launch goes on with it when the network is back', async () => {
    const { fake, api } = makeWorld({ stored: 'good' })
    fake.network.offline()
    const offline = watch(api.get('/a', {}, { retry: false }), fake)
    await fake.clock.runAll()
    fake.network.online()
    const online = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([offline.code, online.code, storedToken(fake)]).toEqual(['OFFLINE', 'ok', 'good'])
  })

  test('a session that a slow store gives up late is an old one all the same: it is checked', async () => {
    const stored = deferred<unknown>()
    const storage = { get: () => stored.promise, set: () => undefined, remove: () => undefined }
    const { fake, api } = makeWorld({
      client: { storage, checkSession: 'blocking' },
      fake: { checkLatency: 100 },
    })
    const request = watch(api.get('/a'), fake)
    await fake.clock.advance(5000)
    stored.resolve({ token: fake.server.issue('old') })
    await fake.clock.advance(50)
    expect([request.code, fake.calls.requestCount]).toEqual(['pending', 0])
    await fake.clock.runAll()
    expect([request.code, fake.calls.checks + fake.calls.logins]).toEqual(['ok', 1])
  })

  test('a hundred requests with a check that keeps failing ask it once', async () => {
    const { fake, api } = makeWorld({ stored: 'good' })
    fake.misbehave('checkSession', 'fail', Infinity)
    fake.misbehave('login', 'fail', Infinity)
    for (let n = 0; n < 100; n++) {
      watch(api.get('/a', {}, { auth: n % 2 ? true : 'verified' }), fake)
      await fake.clock.advance(100)
    }
    expect(fake.calls.checks).toBe(1)
  })

  test("an 'optional' request does not bring about the check, whose failure would be a login", async () => {
    const { fake, api } = makeWorld({ stored: 'good' })
    fake.misbehave('checkSession', 'fail')
    const menu = watch(api.get('/menu', {}, { auth: 'optional' }), fake)
    await fake.clock.runAll()
    expect([menu.code, fake.calls.checks, fake.calls.logins]).toEqual(['ok', 0, 0])
    const orders = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    expect([orders.code, fake.calls.checks, fake.calls.logins]).toEqual(['ok', 1, 1])
  })
})

describe('law 8: a session that the app has set', () => {
  /** A phone on which an app has set its session, in this launch or an earlier one, and whose check fails. */
  function setEarlier(client: object = {}): World {
    const world = makeWorld({ client })
    world.fake.account.expireKey()
    clientOn(world.fake).api.setSession(world.fake.server.issue('set'))
    return world
  }

  test('is not replaced because of a check in this launch', async () => {
    const world = makeWorld()
    const { fake, api } = world
    fake.account.expireKey()
    api.setSession(fake.server.issue('set'))
    const all = everybody(world)
    await fake.clock.runAll()
    expect([codesOf(all), api.session?.token, fake.calls.logins]).toEqual([['ok', 'ok', 'ok'], 'set', 0])
  })

  test.each(['background', 'blocking'] as const)(
    '%s: nor after a relaunch: ensureLogin and verified go on with it',
    async (checkSession) => {
      const world = setEarlier({ checkSession })
      const all = everybody(world)
      await world.fake.clock.runAll()
      expect([codesOf(all), world.api.session?.token]).toEqual([['ok', 'ok', 'ok'], 'set'])
      expect([storedToken(world.fake), world.fake.calls.logins]).toEqual(['set', 0])
    },
  )

  test('the record says so', () => {
    expect(setEarlier().fake.storage.get(KEY)).toMatchObject({ token: 'set', set: true })
  })

  test('which a refresh keeps', async () => {
    const refresh = () => Promise.resolve(world.fake.server.issue('refreshed'))
    const world: World = setEarlier({ login: { url: '/login', refresh } })
    world.fake.server.expire()
    const refreshed = await soon(world.fake, world.api.get('/a'), 5000)
    const next = clientOn(world.fake)
    const request = await soon(world.fake, next.api.get('/b'), 5000)
    expect(codesOf([refreshed, request])).toEqual(['ok', 'ok'])
    expect([next.api.session?.token, world.fake.calls.logins]).toEqual(['refreshed', 0])
  })

  test('and an adoption by another copy', async () => {
    const world = makeWorld({ stored: 'dead', isLive: false, fake: { checkLatency: 100 } })
    const { fake, api } = world
    fake.account.expireKey()
    expect(api.session?.token).toBe('dead')
    clientOn(fake).api.setSession(fake.server.issue('set'))
    const adopted = await soon(fake, api.get('/a'), 5000)
    expect([adopted.code, tokensAt(world, '/a')]).toEqual(['ok', ['dead', 'set']])
    const verified = await soon(fake, api.get('/b', {}, { auth: 'verified' }), 5000)
    expect([verified.code, api.session?.token, fake.calls.logins]).toEqual(['ok', 'set', 0])
  })

  test('a 401 replaces it as any other', async () => {
    const world = setEarlier()
    world.fake.server.expire()
    const request = await soon(world.fake, world.api.get('/a'))
    expect([request.code, tokensAt(world, '/a')]).toEqual(['ok', ['set', 'token-1']])
  })

  test('so does a login that is forced', async () => {
    const world = setEarlier()
    const forced = await soon(world.fake, world.api.ensureLogin({ force: true }))
    expect(forced.value?.token).toBe('token-1')
  })
})

describe('law 8: where a code is no part of the login', () => {
  test.each([
    ['code: false', { login: { exchange: () => Promise.resolve('a-token'), code: false as const } }],
    ['autoLogin: false', { autoLogin: false }],
  ])("with %s nothing is asked of WeChat, except by 'verified'", async (_what, client) => {
    const { fake, api } = makeWorld({ stored: 'good', client })
    const all = [watch<unknown>(api.get('/a'), fake), watch<unknown>(api.ensureLogin(), fake)]
    await fake.clock.runAll()
    expect([codesOf(all), fake.calls.checks, fake.calls.logins]).toEqual([['ok', 'ok'], 0, 0])
    const verified = watch(api.get('/b', {}, { auth: 'verified' }), fake)
    await fake.clock.runAll()
    expect([verified.code, fake.calls.checks]).toEqual(['ok', 1])
  })
})
