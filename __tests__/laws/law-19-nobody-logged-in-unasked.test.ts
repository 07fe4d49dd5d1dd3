import { createClient, LoginError, type ClientOptions } from '../../src'
import { codesOf, deferred, HOME, KEY, makeWorld, phasesOf, soon, storedToken, times } from './world'
import { tokensAt, watch, type World } from './world'

const DATA = { refreshToken: 'R' }

/** A client that logs in only when it is told to, and what an earlier launch has left. */
function unasked(stored?: object, client: Partial<ClientOptions> = {}): World {
  const world = makeWorld({ client: { autoLogin: false, ...client } })
  if (stored) world.fake.storage.set(KEY, stored)
  return world
}

/** Such a client that can refresh. */
function withRefresh(stored: object, refresh: () => Promise<unknown>): World {
  return unasked(stored, { login: { url: '/login', refresh: refresh as never } })
}

describe('law 19: nobody is logged in unasked', () => {
  test('a request without a session rejects at once, and is not sent', async () => {
    const { fake, api, events } = unasked()
    const request = watch(api.get('/a'), fake)
    await fake.clock.settle()
    expect(request.error).toBeInstanceOf(LoginError)
    expect([request.code, fake.calls.requestCount, fake.calls.logins]).toEqual(['LOGIN_REQUIRED', 0, 0])
    expect(phasesOf(events, 'login')).toEqual([])
  })

  test('requests of every kind do', async () => {
    const { fake, api } = unasked()
    const run = jest.fn((token: string) => token)
    const all = [
      api.get('/a'),
      api.post('/a', { n: 1 }),
      api.request({ url: '/a' }),
      api.get('/a', {}, { auth: 'verified' }),
      api.uploadFile({ url: '/a', filePath: 'f', name: 'file' }),
      api.downloadFile({ url: '/a' }),
      api.authorize(run),
    ].map((promise) => watch<unknown>(promise, fake))
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(times(7, () => 'LOGIN_REQUIRED'))
    expect([fake.calls.requestCount, fake.calls.logins, run.mock.calls.length]).toEqual([0, 0, 0])
  })

  test('those of clones too', async () => {
    const { fake, api } = unasked()
    const request = await soon(fake, api.extend({ timeout: 1000 }).get('/a'))
    expect([request.code, fake.calls.logins]).toEqual(['LOGIN_REQUIRED', 0])
  })

  test('a token that has expired is as good as none: nothing is sent', async () => {
    const { fake, api } = unasked({ token: 'old', expiresAt: 1_700_000_000_000 })
    const request = await soon(fake, api.get('/a'))
    expect([request.code, fake.calls.requestCount, fake.calls.logins]).toEqual(['LOGIN_REQUIRED', 0, 0])
  })

  test('a refusal is the cause', async () => {
    const world = unasked({ token: 'dead' })
    const { fake, api } = world
    const request = await soon(fake, api.get('/a'))
    expect([request.code, tokensAt(world, '/a'), fake.calls.logins]).toEqual(['LOGIN_REQUIRED', ['dead'], 0])
    expect(request.error?.cause).toMatchObject({ response: { statusCode: 401 } })
  })

  test('also of a token that had served until then', async () => {
    const { fake, api } = unasked({ token: 'good' })
    fake.server.issue('good')
    const before = await soon(fake, api.get('/a'))
    fake.server.expire()
    const all = times(5, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.runAll()
    expect([before.code, ...codesOf(all)]).toEqual(['ok', ...times(5, () => 'LOGIN_REQUIRED')])
    expect(fake.calls.logins).toBe(0)
  })

  test('whoever asks after the refusal is not sent', async () => {
    const { fake, api } = unasked({ token: 'dead' })
    await soon(fake, api.get('/a'))
    const later = await soon(fake, api.get('/b'))
    expect([later.code, fake.calls.requestCount]).toEqual(['LOGIN_REQUIRED', 1])
  })

  test('a poller that goes on after logout() logs nobody in', async () => {
    const { fake, api } = unasked({ token: 'good' })
    fake.server.issue('good')
    await soon(fake, api.get('/poll'))
    api.logout()
    for (let n = 0; n < 20; n++) {
      expect((await soon(fake, api.get('/poll'), 1000)).code).toBe('LOGIN_REQUIRED')
    }
    expect([fake.calls.logins, api.session, fake.calls.requestCount]).toEqual([0, undefined, 1])
  })

  test('nor is it a pause that stands in the way, after logins that the user asked for have failed', async () => {
    const { fake, api } = unasked(undefined, { login: { url: '/login', retry: 0 } })
    fake.server.on('/login', () => ({ statusCode: 403 }))
    for (let n = 0; n < 3; n++) expect((await soon(fake, api.ensureLogin())).code).toBe('LOGIN_REJECTED')
    expect((await soon(fake, api.ensureLogin())).code).toBe('LOGIN_COOLDOWN')
    expect((await soon(fake, api.get('/a'))).code).toBe('LOGIN_REQUIRED')
  })

  test('what needs no session goes on: guests, and whoever asks for nothing', async () => {
    const { fake, api } = unasked()
    fake.server.on('/menu', () => ({ data: 'tea' }))
    const all = (['optional', false] as const).map((auth) => watch(api.get('/menu', {}, { auth }), fake))
    await fake.clock.runAll()
    expect([codesOf(all), fake.calls.logins]).toEqual([['ok', 'ok'], 0])
  })

  test('a session that a slow store still has to bring is waited for', async () => {
    const stored = deferred<unknown>()
    const storage = { get: () => stored.promise, set: () => undefined, remove: () => undefined }
    const { fake, api } = unasked(undefined, { storage })
    const request = await soon(fake, api.get('/a'))
    expect(request.code).toBe('pending')
    stored.resolve({ token: fake.server.issue('good') })
    await fake.clock.runAll()
    expect([request.code, fake.calls.logins]).toEqual(['ok', 0])
  })

  test('no pause comes of it, however often it happens', async () => {
    const { fake, api } = unasked()
    for (let n = 0; n < 10; n++) await soon(fake, api.get('/a'))
    const login = await soon(fake, api.ensureLogin())
    expect([login.code, fake.calls.logins]).toEqual(['ok', 1])
  })

  test('nor do the refusals of a token that nobody may replace', async () => {
    const { fake, api } = unasked()
    for (let n = 0; n < 5; n++) {
      api.setSession(`dead-${n}`)
      expect((await soon(fake, api.get(`/${n}`))).code).toBe('LOGIN_REQUIRED')
    }
    const login = await soon(fake, api.ensureLogin())
    expect(login.code).toBe('ok')
  })
})

describe('law 19: with a login that was asked for', () => {
  test('ensureLogin() logs in, and requests go out with its token', async () => {
    const world = unasked()
    const login = await soon(world.fake, world.api.ensureLogin())
    const request = await soon(world.fake, world.api.get('/a'))
    expect([login.value?.token, request.code, tokensAt(world, '/a')]).toEqual(['token-1', 'ok', ['token-1']])
  })

  test('whoever waits joins an ensureLogin() in flight; whoever came before it does not', async () => {
    const world = unasked()
    const { fake, api } = world
    const early = watch(api.get('/early'), fake)
    const all = [watch<unknown>(api.ensureLogin(), fake), watch<unknown>(api.get('/a'), fake)]
    await fake.clock.advance(15)
    all.push(watch<unknown>(api.get('/b'), fake))
    await fake.clock.runAll()
    expect([early.code, codesOf(all), fake.calls.logins]).toEqual(['LOGIN_REQUIRED', ['ok', 'ok', 'ok'], 1])
  })

  test('one that is refused while an ensureLogin() is in flight is replayed with its token', async () => {
    const world = unasked({ token: 'dead' })
    const { fake, api } = world
    const request = watch(api.get('/a'), fake)
    await fake.clock.advance(5)
    const login = watch(api.ensureLogin({ force: true }), fake)
    await fake.clock.runAll()
    expect([request.code, login.code, tokensAt(world, '/a')]).toEqual(['ok', 'ok', ['dead', 'token-1']])
  })

  test('if that login fails, whoever joined it fails with it', async () => {
    const { fake, api } = unasked(undefined, { login: { url: '/login', retry: 0 } })
    fake.server.on('/login', () => ({ statusCode: 500 }))
    const all = [watch<unknown>(api.ensureLogin(), fake), watch<unknown>(api.get('/a'), fake)]
    await fake.clock.runAll()
    expect([codesOf(all), fake.calls.logins]).toEqual([['LOGIN_FAILED', 'LOGIN_FAILED'], 1])
  })

  test('setSession() serves whoever asks from then on, and needs no login in the options', async () => {
    const world = unasked()
    const { fake } = world
    const api = createClient({ platform: fake.wx, baseURL: HOME, autoLogin: false })
    const before = await soon(fake, api.get('/a'))
    api.setSession(fake.server.issue('set'))
    const after = await soon(fake, api.get('/a'))
    expect([before.code, after.code, tokensAt(world, '/a')]).toEqual(['LOGIN_REQUIRED', 'ok', ['set']])
    expect([storedToken(fake), fake.calls.logins]).toEqual(['set', 0])
  })

  test('without autoLogin: false a client without a login is a mistake', () => {
    const { fake } = unasked()
    const options: object = { platform: fake.wx, baseURL: HOME }
    expect(() => createClient(options as ClientOptions)).toThrow(/login/)
  })
})

describe('law 19: a refresh, where there is one', () => {
  test.each([
    ['expired', { token: 'old', expiresAt: 1_700_000_000_000, data: DATA }, []],
    ['was refused', { token: 'dead', data: DATA }, ['dead']],
  ])('a session that %s is refreshed', async (_how, stored, sent) => {
    const world = withRefresh(stored, () => Promise.resolve(world.fake.server.issue('new')))
    const request = await soon(world.fake, world.api.get('/a'))
    expect([request.code, tokensAt(world, '/a'), world.fake.calls.logins]).toEqual([
      'ok',
      [...sent, 'new'],
      0,
    ])
  })

  test.each([
    ['is refused', () => Promise.reject(new Error('revoked'))],
    ['brings nothing', () => Promise.resolve(undefined)],
    ['brings the refused token', () => Promise.resolve('dead')],
  ])('one that %s is followed by LOGIN_REQUIRED, and by no code', async (_how, refresh) => {
    const { fake, api } = withRefresh({ token: 'dead', data: DATA }, refresh)
    const all = times(3, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.runAll()
    expect([codesOf(all), fake.calls.logins]).toEqual([times(3, () => 'LOGIN_REQUIRED'), 0])
  })

  test('after three that a busy server has answered there is a pause, as after logins', async () => {
    const refresh = jest.fn(() => Promise.reject(Object.assign(new Error('busy'), { statusCode: 429 })))
    const { fake, api } = withRefresh({ token: 'old', expiresAt: 1, data: DATA }, refresh)
    const codes: string[] = []
    for (let n = 0; n < 5; n++) codes.push((await soon(fake, api.get('/a'))).code)
    expect(codes).toEqual([...times(3, () => 'LOGIN_FAILED'), ...times(2, () => 'LOGIN_COOLDOWN')])
    expect(refresh).toHaveBeenCalledTimes(3)
    await fake.clock.advance(1000)
    expect((await soon(fake, api.get('/a'))).code).toBe('LOGIN_FAILED')
  })

  test('a refreshed token that the server refuses is followed by LOGIN_REQUIRED', async () => {
    const { fake, api } = withRefresh({ token: 'dead', data: DATA }, () => Promise.resolve('dead-too'))
    const request = await soon(fake, api.get('/a'))
    expect([request.code, fake.calls.logins]).toEqual(['LOGIN_REQUIRED', 0])
  })

  test('one without an answer is LOGIN_FAILED and says that the phone is offline; the session stays', async () => {
    const world: World = withRefresh({ token: 'old', expiresAt: 1_700_000_000_000, data: DATA }, () =>
      world.api.post('/refresh', DATA, { auth: false }),
    )
    const { fake, api } = world
    fake.server.on('/refresh', () => ({ data: fake.server.issue('new') }))
    fake.network.offline()
    const offline = await soon(fake, api.get('/a'), 60_000)
    expect([offline.code, offline.error?.isOffline]).toEqual(['LOGIN_FAILED', true])
    expect(fake.storage.get(KEY)).toMatchObject({ token: 'old', data: DATA })
    fake.network.online()
    const online = await soon(fake, api.get('/a'))
    expect([online.code, tokensAt(world, '/a'), fake.calls.logins]).toEqual(['ok', ['new'], 0])
  })
})

describe('law 19: an ensureLogin() that finds others waiting', () => {
  test('logs in although the look into a slow store began for a request', async () => {
    const storage = { get: () => Promise.resolve(undefined), set: () => undefined, remove: () => undefined }
    const { fake, api } = unasked(undefined, { storage })
    const all = [api.get('/a'), api.ensureLogin()].map((promise) => watch<unknown>(promise, fake))
    await fake.clock.runAll()
    expect([codesOf(all), fake.calls.logins]).toEqual([['ok', 'ok'], 1])
  })

  test('takes a code when the refresh that began for a request is refused', async () => {
    const refused = deferred<never>()
    const { fake, api } = withRefresh({ token: 'old', expiresAt: 1, data: DATA }, () => refused.promise)
    const all = [api.get('/a'), api.ensureLogin()].map((promise) => watch<unknown>(promise, fake))
    refused.reject(new Error('revoked'))
    await fake.clock.runAll()
    expect([codesOf(all), fake.calls.logins]).toEqual([['ok', 'ok'], 1])
  })
})

describe('law 19: the check', () => {
  test('is not made, for nobody may act on it', async () => {
    const { fake, api } = unasked({ token: 'good' })
    fake.server.issue('good')
    fake.account.expireKey()
    const request = await soon(fake, api.get('/a'), 5000)
    expect([request.code, fake.calls.checks, fake.calls.logins]).toEqual(['ok', 0, 0])
  })

  test("'verified' asks for it, and where it fails rejects with LOGIN_REQUIRED", async () => {
    const world = unasked({ token: 'good' })
    const { fake, api } = world
    fake.server.issue('good')
    fake.account.expireKey()
    const verified = await soon(fake, api.get('/a', {}, { auth: 'verified' }))
    expect([verified.code, fake.calls.checks, fake.calls.logins]).toEqual(['LOGIN_REQUIRED', 1, 0])
    const plain = await soon(fake, api.get('/b'))
    expect([plain.code, tokensAt(world, '/b'), storedToken(fake)]).toEqual(['ok', ['good'], 'good'])
  })

  test("where it passes 'verified' goes out", async () => {
    const { fake, api } = unasked({ token: 'good' })
    fake.server.issue('good')
    const verified = await soon(fake, api.get('/a', {}, { auth: 'verified' }))
    expect([verified.code, fake.calls.checks, fake.calls.logins]).toEqual(['ok', 1, 0])
  })
})
