import type { Session } from '../../src'
import {
  clientOn,
  codesOf,
  deferred,
  HOME,
  KEY,
  makeWorld,
  phasesOf,
  storedToken,
  times,
  tokensAt,
  watch,
  type Deferred,
} from '../laws/world'
import { everyWay, LEFT, slowStore, stored, tenAt, together, withRefresh } from './session-helpers'

/** A client whose refresh brings tokens that the API refuses, while `/login` brings good ones. */
function withUselessRefresh() {
  let count = 0
  const refresh = jest.fn(() => Promise.resolve(`useless-${++count}`))
  const client = { checkSession: false as const, login: { url: '/login', refresh } }
  return { ...makeWorld({ stored: 'old', isLive: false, client }), refresh, client }
}

describe('S1: a refreshed token that the API refuses is followed by a code', () => {
  test('the request succeeds with the token of a login, after one refresh', async () => {
    const world = withUselessRefresh()
    const { fake, api, refresh } = world
    const request = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    expect([request.code, tokensAt(world, '/orders')]).toEqual(['ok', ['old', 'useless-1', 'token-1']])
    expect([refresh.mock.calls.length, fake.calls.logins]).toEqual([1, 1])
  })

  test.each<[string, typeof everyWay]>([
    ['every way to ask', everyWay],
    ['ten at once', (world) => tenAt(world, '/orders')],
  ])('%s shares that one refresh and that one code', async (_what, ask) => {
    const world = withUselessRefresh()
    const all = ask(world)
    await world.fake.clock.runAll()
    expect([together(all), world.refresh.mock.calls.length, world.fake.calls.logins]).toEqual(['ok', 1, 1])
  })

  test('the next launch goes on with the token of that login', async () => {
    const world = withUselessRefresh()
    const { fake } = world
    watch(world.api.get('/orders'), fake)
    await fake.clock.runAll()
    const next = clientOn(fake, world.client)
    const request = watch(next.api.get('/profile'), fake)
    await fake.clock.runAll()
    expect([request.code, tokensAt(world, '/profile'), fake.calls.logins]).toEqual(['ok', ['token-1'], 1])
  })

  test('where the token of the login is refused as well, that is final', async () => {
    const world = withUselessRefresh()
    world.fake.server.refuseAll = true
    const request = watch(world.api.get('/orders'), world.fake)
    await world.fake.clock.runAll()
    expect([request.code, tokensAt(world, '/orders')]).toEqual([
      'UNAUTHORIZED',
      ['old', 'useless-1', 'token-1'],
    ])
    expect(world.fake.calls.logins).toBe(1)
  })

  test('a refreshed token that was accepted and dies later is refreshed again, without a code', async () => {
    const world = withRefresh()
    const { fake, api } = world
    for (const round of times(3, (n) => n + 1)) {
      const request = watch(api.get('/orders'), fake)
      await fake.clock.runAll()
      expect([request.code, world.refreshes(), fake.calls.logins]).toEqual(['ok', round, 0])
      fake.server.expire()
    }
  })
})

describe('S3: what a refresh does not bring stays', () => {
  const brief = (now: number) => ({ token: 'old', expiresAt: now - 1, data: { refreshToken: 'R' } })

  test('the data stay, with the refresh token in them, in memory and in the store', async () => {
    const { fake } = makeWorld()
    fake.storage.set(KEY, LEFT)
    const refresh = jest.fn(() => Promise.resolve(fake.server.issue('new')))
    const { api } = clientOn(fake, { login: { url: '/login', refresh } })
    const request = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    const session = { token: 'new', data: { refreshToken: 'R' } }
    expect([request.code, api.session, stored(fake)]).toMatchObject(['ok', session, session])
    expect(clientOn(fake).api.session).toMatchObject(session)
  })

  test('the end goes with the token: the new one has none, and is not refreshed at every call', async () => {
    const { fake } = makeWorld()
    fake.storage.set(KEY, brief(fake.clock.now()))
    const refresh = jest.fn(() => Promise.resolve(fake.server.issue('new')))
    const { api } = clientOn(fake, { login: { url: '/login', refresh } })
    for (const path of ['/a', '/b', '/c']) {
      watch(api.get(path), fake)
      await fake.clock.advance(1000)
    }
    expect([api.session?.expiresAt, api.session?.token, refresh.mock.calls.length]).toEqual([
      undefined,
      'new',
      1,
    ])
  })

  test('data and an end that it does bring are taken', async () => {
    const { fake } = makeWorld()
    fake.storage.set(KEY, brief(fake.clock.now()))
    const session = {
      token: fake.server.issue('new'),
      expiresAt: fake.clock.now() + 60_000,
      data: { refreshToken: 'R2' },
    }
    const refresh = () => Promise.resolve(session)
    const { api } = clientOn(fake, { login: { url: '/login', refresh } })
    watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    expect([api.session, stored(fake)]).toMatchObject([session, session])
  })

  test('the id of the session stays, for it is the same user', async () => {
    const { fake, api } = withRefresh()
    fake.server.issue('old')
    watch(api.get('/a'), fake)
    await fake.clock.runAll()
    const before = api.session?.id
    fake.server.expire()
    watch(api.get('/b'), fake)
    await fake.clock.runAll()
    expect(before).toEqual(expect.any(String))
    expect([api.session?.token, api.session?.id]).toEqual(['token-1', before])
  })

  test('a store of the app’s own that is slow gets them too', async () => {
    const { fake } = makeWorld()
    const { box, store } = slowStore(fake, LEFT)
    const refresh = () => Promise.resolve(fake.server.issue('new'))
    const { api } = clientOn(fake, { storage: store, login: { url: '/login', refresh } })
    const all = tenAt({ fake, api }, '/orders')
    await fake.clock.runAll()
    expect([together(all), fake.calls.logins]).toEqual(['ok', 0])
    expect(box.session).toMatchObject({ token: 'new', data: { refreshToken: 'R' } })
  })
})

describe('S4: a forced login takes a new code, never a refresh', () => {
  test.each([['good'], ['dead']])('with a %s token', async (token) => {
    const refresh = jest.fn(() => Promise.resolve('refreshed'))
    const { fake, api } = makeWorld({
      stored: token,
      isLive: token === 'good',
      client: { login: { url: '/login', refresh } },
    })
    const forced = watch(api.ensureLogin({ force: true }), fake)
    await fake.clock.runAll()
    expect([forced.value?.token, refresh.mock.calls.length, fake.calls.logins]).toEqual(['token-1', 0, 1])
    expect(storedToken(fake)).toBe('token-1')
  })

  test.each<[string, (refreshed: Deferred<string>) => void]>([
    ['brings a token', (refreshed) => refreshed.resolve('refreshed')],
    ['fails without an answer', (refreshed) => refreshed.reject({ errMsg: 'request:fail' })],
    ['is refused', (refreshed) => refreshed.reject(new Error('no such refresh token'))],
  ])('forced during a refresh that %s it comes after it, and takes a code', async (_how, end) => {
    const refreshed = deferred<string>()
    const { fake, api } = makeWorld({
      stored: 'dead',
      isLive: false,
      client: { login: { url: '/login', refresh: () => refreshed.promise } },
    })
    const request = watch(api.get('/orders'), fake)
    await fake.clock.advance(100)
    const forced = watch(api.ensureLogin({ force: true }), fake)
    await fake.clock.advance(100)
    expect([forced.code, fake.calls.logins]).toEqual(['pending', 0])
    fake.server.issue('refreshed')
    end(refreshed)
    await fake.clock.runAll()
    expect([forced.code, forced.value?.token, fake.calls.logins]).toEqual(['ok', 'token-1', 1])
    expect([request.code, api.session?.token]).toEqual([expect.not.stringMatching('pending'), 'token-1'])
  })
})

describe('law 14: a refresh is answered once for each session that ended', () => {
  test('a late 401 to the token that was refreshed is replayed, not refreshed again', async () => {
    const world = withRefresh()
    const { fake, api } = world
    fake.server.latency('/slow', 1000)
    const all = [watch(api.get('/slow'), fake), ...tenAt(world, '/quick')]
    await fake.clock.runAll()
    expect([new Set(codesOf(all)), world.refreshes(), fake.calls.logins]).toEqual([new Set(['ok']), 1, 0])
    expect(tokensAt(world, '/slow')).toEqual(['old', 'token-1'])
  })

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['an empty string', ''],
    ['the very token that was refused', 'old'],
    ['a session with the very token that was refused', { token: 'old' }],
  ])('a refresh that brings %s is followed by a code in the same login', async (_what, answer) => {
    const refresh = jest.fn(() => Promise.resolve(answer as string))
    const world = makeWorld({ stored: 'old', isLive: false, client: { login: { url: '/login', refresh } } })
    const request = watch(world.api.get('/orders'), world.fake)
    await world.fake.clock.runAll()
    expect([request.code, tokensAt(world, '/orders')]).toEqual(['ok', ['old', 'token-1']])
    expect([refresh.mock.calls.length, phasesOf(world.events, 'login')]).toEqual([1, ['start', 'success']])
  })

  test('it is given the session that ended, with its data', async () => {
    const given: Session[] = []
    const { fake } = makeWorld()
    fake.storage.set(KEY, { ...LEFT, origin: HOME })
    const refresh = (session: Session) => {
      given.push(session)
      return Promise.resolve(fake.server.issue())
    }
    const { api } = clientOn(fake, { login: { url: '/login', refresh } })
    watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    expect(given).toMatchObject([LEFT])
  })
})
