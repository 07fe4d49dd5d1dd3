import {
  clientOn,
  codesOf,
  deferred,
  forbid,
  KEY,
  makeWorld,
  NO_RETRY,
  soon,
  storedToken,
  sourcesOf,
} from './world'
import { times, tokensAt, watch } from './world'

describe('law 10: nothing good is thrown away', () => {
  test('a failed check deletes nothing', async () => {
    const { fake, api } = makeWorld({ stored: 'good' })
    fake.account.expireKey()
    fake.misbehave('login', 'hang', Infinity)
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, storedToken(fake), api.session?.token]).toEqual(['ok', 'good', 'good'])
  })

  test('a forced login that fails deletes nothing', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: NO_RETRY })
    fake.misbehave('login', 'blocked')
    const forced = watch(api.ensureLogin({ force: true }), fake)
    await fake.clock.runAll()
    expect([forced.code, storedToken(fake), api.session?.token]).toEqual(['LOGIN_BLOCKED', 'good', 'good'])
  })

  test('an expired session stays until a login has replaced it', async () => {
    const { fake, api } = makeWorld({ client: NO_RETRY })
    const session = { token: 'old', expiresAt: fake.clock.now() - 1, data: { name: 'Li' } }
    fake.storage.set('miniprogram-session', session)
    fake.misbehave('login', 'fail')
    const first = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([first.code, fake.storage.get(KEY)]).toEqual(['LOGIN_FAILED', expect.objectContaining(session)])
    const second = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([second.code, storedToken(fake)]).toEqual(['ok', 'token-1'])
  })

  test.each([403, 404, 429, 500, 503])('an answer of %i deletes nothing', async (statusCode) => {
    const { fake, api } = makeWorld({ stored: 'good', client: { retry: false } })
    fake.server.on('/a', () => ({ statusCode }))
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, storedToken(fake), fake.calls.logins]).toEqual(['HTTP_STATUS', 'good', 0])
  })

  test('offline, in the background, cut off: the session stays', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { retry: false } })
    const deeds = [
      () => fake.network.offline(),
      () => fake.network.change('4g'),
      () => fake.app.toBackground(),
    ]
    for (const deed of deeds) {
      fake.network.online()
      watch(api.get('/a'), fake)
      deed()
      await fake.clock.advance(10_000)
      expect(storedToken(fake)).toBe('good')
    }
  })

  test('a 401 removes the very token it is for', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false, client: NO_RETRY })
    fake.misbehave('login', 'fail')
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, fake.storage.keys(), api.session]).toEqual(['LOGIN_FAILED', [], undefined])
  })

  test('a 401 does not remove what another copy has stored since', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false, client: NO_RETRY })
    const request = watch(api.get('/a'), fake)
    await fake.clock.advance(5)
    fake.storage.set('miniprogram-session', { token: fake.server.issue('of-another-copy') })
    await fake.clock.runAll()
    expect([request.code, storedToken(fake), fake.calls.logins]).toEqual(['ok', 'of-another-copy', 0])
  })

  test('a final 401 removes nothing: the token may serve other requests', async () => {
    const { fake, api } = makeWorld()
    fake.server.on('/forbidden', () => ({ statusCode: 401 }))
    const forbidden = watch(api.get('/forbidden'), fake)
    await fake.clock.runAll()
    const other = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([forbidden.code, other.code, storedToken(fake), fake.calls.logins]).toEqual([
      'UNAUTHORIZED',
      'ok',
      'token-1',
      1,
    ])
  })

  test('a forbidden endpoint that is asked again and again never makes a healthy one fail', async () => {
    const { fake, api } = makeWorld({ stored: 'good' })
    fake.server.on('/forbidden', () => ({ statusCode: 401 }))
    const healthy: ReturnType<typeof watch>[] = []
    for (let round = 0; round < 40; round++) {
      watch(api.get('/forbidden'), fake)
      healthy.push(watch(api.get('/healthy'), fake))
      await fake.clock.advance(700)
    }
    expect(codesOf(healthy).filter((code) => code !== 'ok')).toEqual([])
  })

  test('while logins pause, a 401 that cannot lead to one takes the token from nobody', async () => {
    const { fake, api } = makeWorld()
    for (let n = 0; n < 4; n++) forbid(fake, `/forbidden/${n}`)
    for (let n = 0; n < 3; n++) await soon(fake, api.get(`/forbidden/${n}`))
    const token = storedToken(fake)
    const refused = watch(api.get('/forbidden/3'), fake)
    await fake.clock.advance(100)
    const healthy = watch(api.get('/healthy'), fake)
    await fake.clock.advance(100)
    expect([refused.code, healthy.code, storedToken(fake)]).toEqual([
      expect.stringMatching(/UNAUTHORIZED|COOLDOWN/),
      'ok',
      token,
    ])
  })

  test("an 'optional' 401 to a token that serves others removes nothing", async () => {
    const { fake, api } = makeWorld({ stored: 'good' })
    await soon(fake, api.get('/others'))
    forbid(fake, '/a')
    const request = await soon(fake, api.get('/a', {}, { auth: 'optional' }))
    expect([request.code, storedToken(fake), api.session?.token]).toEqual(['HTTP_STATUS', 'good', 'good'])
  })

  test('a 401 from elsewhere, or to a request without a token, removes nothing', async () => {
    const world = makeWorld({ stored: 'good' })
    const { fake, api } = world
    fake.server.on('/a', () => ({ statusCode: 401 }))
    const all = [
      watch(api.get('https://other.test/a'), fake),
      watch(api.get('/a', {}, { auth: false }), fake),
    ]
    await fake.clock.runAll()
    expect([codesOf(all), storedToken(fake), tokensAt(world, '/a')]).toEqual([
      ['HTTP_STATUS', 'HTTP_STATUS'],
      'good',
      ['', ''],
    ])
  })

  test('a login that is refused leaves the session of a clone’s requests as it is', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: NO_RETRY })
    fake.server.on('/login', () => ({ statusCode: 403 }))
    const forced = watch(api.ensureLogin({ force: true }), fake)
    await fake.clock.runAll()
    const all = times(3, (n) => watch(api.extend({ timeout: 500 }).get(`/${n}`), fake))
    await fake.clock.runAll()
    expect([forced.code, ...codesOf(all)]).toEqual(['LOGIN_REJECTED', 'ok', 'ok', 'ok'])
  })

  test('a session survives the launch, with its data and its end', async () => {
    const { fake } = makeWorld()
    const session = {
      token: fake.server.issue('kept'),
      expiresAt: fake.clock.now() + 3_600_000,
      data: { name: '李' },
    }
    const first = clientOn(fake, { login: () => Promise.resolve(session) })
    await Promise.all([first.api.ensureLogin(), fake.clock.runAll()])
    const second = clientOn(fake)
    expect(second.api.session).toMatchObject(session)
    const request = watch(second.api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, fake.calls.logins]).toEqual(['ok', 1])
  })

  test('an end that is past on arrival, of a phone whose clock is ahead, is ignored', async () => {
    const { fake } = makeWorld()
    const login = () => Promise.resolve({ token: fake.server.issue(), expiresAt: fake.clock.now() - 60_000 })
    const { api } = clientOn(fake, { login })
    const all = times(3, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.runAll()
    expect([codesOf(all), fake.calls.logins, api.session?.expiresAt]).toEqual([
      ['ok', 'ok', 'ok'],
      1,
      undefined,
    ])
  })

  test('a request that leaves the queue for a base URL that is no home says nothing about the token', async () => {
    const { fake, api } = makeWorld({
      stored: 'good',
      client: {
        baseURL: ['https://api.test', 'https://elsewhere.test'],
        authOrigins: ['https://api.test'],
        concurrency: 1,
        retry: false,
      },
    })
    fake.network.failNext(1, 'reset')
    const all = [watch(api.post('/a'), fake), watch(api.get('/b'), fake)]
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(['NETWORK', 'HTTP_STATUS'])
    expect([api.session?.token, fake.calls.logins, fake.calls.requestCount]).toEqual(['good', 0, 2])
  })
})

describe('law 10: where there is a refresh', () => {
  const STORED = { token: 'dead', data: { refreshToken: 'R' } }

  /** A refused session whose refresh answers when the test says so. */
  async function beingRefreshed() {
    const answer = deferred<string>()
    const refresh = jest.fn(() => answer.promise)
    const client = { login: { url: '/login', refresh, retry: 0 }, checkSession: false as const }
    const world = makeWorld({ client })
    const { fake, api } = world
    fake.storage.set(KEY, STORED)
    const request = await soon(fake, api.get('/a'))
    expect([request.code, refresh.mock.calls.length]).toEqual(['pending', 1])
    return { ...world, answer, refresh, request }
  }

  test('a refused session stays in the store as ended, with all that is in it, and is the current one no more', async () => {
    const { fake, api } = await beingRefreshed()
    expect(fake.storage.get(KEY)).toMatchObject({ ...STORED, expiresAt: 1 })
    expect(api.session).toBeUndefined()
  })

  test('until a new one takes its place', async () => {
    const { fake, api, answer, request } = await beingRefreshed()
    answer.resolve(fake.server.issue('new'))
    await fake.clock.advance(100)
    expect([request.code, api.session?.token, storedToken(fake)]).toEqual(['ok', 'new', 'new'])
    expect((fake.storage.get(KEY) as { expiresAt?: number }).expiresAt).toBeUndefined()
  })

  test('an app that is closed in this moment refreshes it in its next launch, without sending it', async () => {
    const world = await beingRefreshed()
    const { fake } = world
    const refresh = jest.fn<Promise<string>, [unknown]>(() => Promise.resolve(fake.server.issue('new')))
    const next = clientOn(fake, { login: { url: '/login', refresh }, checkSession: false })
    const request = await soon(fake, next.api.get('/b'))
    expect([request.code, tokensAt(world, '/b'), fake.calls.logins]).toEqual(['ok', ['new'], 0])
    expect(refresh.mock.lastCall?.[0]).toMatchObject(STORED)
  })

  test('nor is it the current one in the next launch', async () => {
    const { fake } = await beingRefreshed()
    const next = clientOn(fake)
    expect([next.api.session, sourcesOf(next.events)]).toEqual([undefined, []])
  })

  test('logout() removes it all the same', async () => {
    const { fake, api, request } = await beingRefreshed()
    api.logout()
    await fake.clock.runAll()
    expect([request.code, fake.storage.keys()]).toEqual(['LOGGED_OUT', []])
  })

  test('it is written only if the store still holds that token', async () => {
    const { fake, api } = makeWorld({
      client: { login: { url: '/login', refresh: () => Promise.reject(new Error('not to be asked')) } },
    })
    fake.storage.set(KEY, STORED)
    const request = watch(api.get('/a'), fake)
    await fake.clock.advance(2)
    const theirs = { token: fake.server.issue('of-another-copy'), data: { refreshToken: 'R2' } }
    fake.storage.set(KEY, theirs)
    await fake.clock.advance(100)
    expect([request.code, api.session?.token, fake.calls.logins]).toEqual(['ok', 'of-another-copy', 0])
    expect(fake.storage.get(KEY)).toMatchObject(theirs)
    expect((fake.storage.get(KEY) as { expiresAt?: number }).expiresAt).toBeUndefined()
  })

  test('an empty store stays empty: another copy has logged out meanwhile', async () => {
    const refresh = () => new Promise<string>(() => undefined)
    const { fake, api } = makeWorld({ client: { login: { url: '/login', refresh } } })
    fake.storage.set(KEY, STORED)
    await soon(fake, api.get('/a'), 2)
    fake.storage.remove(KEY)
    await fake.clock.advance(100)
    expect(fake.storage.keys()).toEqual([])
  })
})
