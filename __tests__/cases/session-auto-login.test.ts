import { createClient, LoginError, type ClientOptions, type Session } from '../../src'
import {
  clientOn,
  codesOf,
  HOME,
  KEY,
  makeWorld,
  storedToken,
  tokensAt,
  watch,
  type World,
} from '../laws/world'
import { everyWay, LEFT, slowStore, tenAt, together, withRefresh as refreshing } from './session-helpers'

/** A client that logs nobody in unasked, with this in its store. */
function unasked(stored?: object, client: Partial<ClientOptions> = {}): World {
  const { fake } = makeWorld()
  if (stored) fake.storage.set(KEY, stored)
  return { fake, ...clientOn(fake, { autoLogin: false, ...client }) }
}

describe('S10: after logout()', () => {
  test('a poller that asks logs in again, by default', async () => {
    const { fake, api } = makeWorld({ stored: 'good' })
    api.logout()
    const request = watch(api.get('/news'), fake)
    await fake.clock.runAll()
    expect([request.code, fake.calls.logins]).toEqual(['ok', 1])
  })

  test('with autoLogin: false it is rejected with LOGIN_REQUIRED, and nothing is sent', async () => {
    const world = unasked({ token: 'good' })
    world.fake.server.issue('good')
    world.api.logout()
    for (let n = 0; n < 3; n++) {
      const all = everyWay(world)
      await world.fake.clock.advance(10)
      expect(together(all)).toBe('LOGIN_REQUIRED')
      for (const { error } of all) expect(error).toBeInstanceOf(LoginError)
    }
    expect([world.fake.calls.logins, world.fake.calls.requestCount]).toEqual([0, 0])
  })
})

describe('law 19: with autoLogin: false nobody is logged in unasked', () => {
  test('without a session every way to ask is rejected at once, ten at once as well', async () => {
    const world = unasked()
    const all = [...everyWay(world), ...tenAt(world, '/orders')]
    await world.fake.clock.settle()
    expect([together(all), world.fake.calls.requestCount, world.fake.calls.logins]).toEqual([
      'LOGIN_REQUIRED',
      0,
      0,
    ])
  })

  test('a token that has expired is not sent', async () => {
    const world = unasked({ token: 'over', expiresAt: 1 })
    const all = everyWay(world)
    await world.fake.clock.runAll()
    expect([together(all), world.fake.calls.requestCount]).toEqual(['LOGIN_REQUIRED', 0])
  })

  test('a token that is refused is rejected with the refusal as cause', async () => {
    const world = unasked({ token: 'dead' })
    const request = watch(world.api.get('/orders'), world.fake)
    await world.fake.clock.runAll()
    expect([request.code, request.error?.cause]).toMatchObject([
      'LOGIN_REQUIRED',
      { response: { statusCode: 401, data: { error: 'unauthorized' } } },
    ])
    expect([tokensAt(world, '/orders'), world.fake.calls.logins]).toEqual([['dead'], 0])
  })

  test('ten at once, uploads and authorize() with a token that is refused', async () => {
    const world = unasked({ token: 'dead' })
    const all = [...tenAt(world, '/orders'), ...everyWay(world)]
    await world.fake.clock.runAll()
    expect([together(all), world.fake.calls.logins]).toEqual(['LOGIN_REQUIRED', 0])
  })

  test('a good token serves everybody', async () => {
    const world = unasked({ token: 'good' })
    world.fake.server.issue('good')
    const all = everyWay(world)
    await world.fake.clock.runAll()
    expect(together(all)).toBe('ok')
  })

  test('a slow store of the app’s own is read first', async () => {
    const { fake } = makeWorld()
    const { store } = slowStore(fake, { token: fake.server.issue('good') }, 300)
    const all = tenAt({ fake, ...clientOn(fake, { autoLogin: false, storage: store }) }, '/orders')
    await fake.clock.runAll()
    expect([together(all), fake.calls.logins]).toEqual(['ok', 0])
  })

  test('guests and requests without auth are not hindered', async () => {
    const world = unasked()
    world.fake.server.on('/menu', () => ({ data: 1 }))
    const all = [
      watch(world.api.get('/menu', {}, { auth: 'optional' }), world.fake),
      watch(world.api.get('/menu', {}, { auth: false }), world.fake),
    ]
    await world.fake.clock.runAll()
    expect(codesOf(all)).toEqual(['ok', 'ok'])
  })

  test('who waits joins an ensureLogin() in flight, and shares its end', async () => {
    const world = unasked()
    const { fake, api } = world
    const asked = watch(api.ensureLogin(), fake)
    const all = everyWay(world)
    await fake.clock.runAll()
    expect([asked.code, together(all), fake.calls.logins]).toEqual(['ok', 'ok', 1])
  })

  test('a token that is refused while an ensureLogin() is in flight is replayed after it', async () => {
    const world = unasked({ token: 'dead' }, { login: { url: '/login' } })
    const { fake, api } = world
    fake.server.latency('/login', 500)
    const request = watch(api.get('/orders'), fake)
    const asked = watch(api.ensureLogin({ force: true }), fake)
    await fake.clock.runAll()
    expect([request.code, asked.code, fake.calls.logins]).toEqual(['ok', 'ok', 1])
  })

  test('clones log nobody in either', async () => {
    const { fake, api } = unasked()
    const request = watch(api.extend({ timeout: 5000 }).get('/orders'), fake)
    await fake.clock.runAll()
    expect([request.code, fake.calls.logins]).toEqual(['LOGIN_REQUIRED', 0])
  })

  test('login may be left out where every session is set', async () => {
    const { fake } = makeWorld()
    const api = createClient({ platform: fake.wx, baseURL: HOME, autoLogin: false })
    const before = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    api.setSession(fake.server.issue('mine'))
    const all = everyWay({ fake, api })
    await fake.clock.runAll()
    expect([before.code, together(all), fake.calls.logins]).toEqual(['LOGIN_REQUIRED', 'ok', 0])
  })

  test('law 8: nothing is checked with WeChat', async () => {
    const world = unasked({ token: 'good' })
    world.fake.server.issue('good')
    world.fake.account.expireKey()
    const all = [...everyWay(world), watch<unknown>(world.api.ensureLogin(), world.fake)]
    await world.fake.clock.runAll()
    expect([together(all), world.fake.calls.checks, world.fake.calls.logins]).toEqual(['ok', 0, 0])
  })

  test("'verified' with a check that fails is LOGIN_REQUIRED, and the session stays", async () => {
    const world = unasked({ token: 'good' })
    const { fake, api } = world
    fake.server.issue('good')
    fake.account.expireKey()
    const verified = watch(api.get('/pay', {}, { auth: 'verified' }), fake)
    await fake.clock.runAll()
    const plain = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    expect([verified.code, plain.code, tokensAt(world, '/pay'), storedToken(fake)]).toEqual([
      'LOGIN_REQUIRED',
      'ok',
      [],
      'good',
    ])
    expect(fake.calls.logins).toBe(0)
  })

  test('law 12: the store is read once more: another copy may have logged in', async () => {
    const world = unasked({ token: 'dead' })
    const { fake, api } = world
    expect(api.session?.token).toBe('dead')
    const all = tenAt(world, '/orders')
    await fake.clock.advance(5)
    fake.storage.set(KEY, { token: fake.server.issue('of-another-copy') })
    await fake.clock.runAll()
    expect([together(all), fake.calls.logins]).toEqual(['ok', 0])
    api.logout()
    fake.storage.set(KEY, { token: fake.server.issue('of-a-third') })
    const later = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    expect([later.code, api.session?.token]).toEqual(['ok', 'of-a-third'])
  })
})

describe('law 19: a session that can be refreshed is', () => {
  const withRefresh = (refresh: (session: Session) => Promise<string>, stored: object = LEFT) =>
    unasked(stored, { login: { url: '/login', refresh } })

  test.each<[string, object]>([
    ['refused', LEFT],
    ['expired', { ...LEFT, expiresAt: 1 }],
  ])('when it is %s, and everybody goes on', async (_how, stored) => {
    const refresh = jest.fn(() => Promise.resolve('new'))
    const world = withRefresh(refresh, stored)
    world.fake.server.issue('new')
    const all = everyWay(world)
    await world.fake.clock.runAll()
    expect([together(all), refresh.mock.calls.length, world.fake.calls.logins]).toEqual(['ok', 1, 0])
  })

  test('a refresh without an answer is LOGIN_FAILED and offline: a login page would not help', async () => {
    const world = refreshing({ autoLogin: false })
    world.reply = () => ({ fail: 'disconnected' })
    const all = everyWay(world)
    await world.fake.clock.runAll()
    expect([together(all), all.map(({ error }) => error?.isOffline)]).toEqual([
      'LOGIN_FAILED',
      all.map(() => true),
    ])
  })

  test('a refresh that is refused, or brings a token that is refused, is LOGIN_REQUIRED', async () => {
    for (const refresh of [() => Promise.reject(new Error('over')), () => Promise.resolve('useless')]) {
      const world = withRefresh(refresh)
      const request = watch(world.api.get('/orders'), world.fake)
      await world.fake.clock.runAll()
      expect([request.code, world.fake.calls.logins]).toEqual(['LOGIN_REQUIRED', 0])
    }
  })
})
