import { ConfigError } from '../../src'
import {
  clientOn,
  codesOf,
  deferred,
  KEY,
  makeWorld,
  storedToken,
  tokensAt,
  watch,
  type World,
} from '../laws/world'
import { caught, thrown } from '../phone'
import { everyWay, slowStore, sourcesOf, stored, tenAt, together } from './session-helpers'

describe('S7: a session that the app obtained itself', () => {
  test('the token of a login by phone is handed in, is current, stored, and sent', async () => {
    const world = makeWorld({ client: { autoLogin: false } })
    const { fake, api } = world
    fake.server.on('POST /phone-login', () => ({ data: { token: fake.server.issue('by-phone') } }))
    const login = watch(api.post<{ token: string }>('/phone-login', { sms: 1234 }, { auth: false }), fake)
    await fake.clock.runAll()
    const session = api.setSession(login.value?.token ?? '')
    expect([session.token, api.session === session, storedToken(fake)]).toEqual([
      'by-phone',
      true,
      'by-phone',
    ])
    const all = everyWay(world)
    await fake.clock.runAll()
    expect([together(all), fake.calls.logins, sourcesOf(world)]).toEqual(['ok', 0, ['set']])
    expect(JSON.stringify(world.events)).not.toContain('by-phone')
  })

  test('a whole session keeps its end and its data, over the launch', async () => {
    const { fake, api } = makeWorld()
    const session = {
      token: fake.server.issue('good'),
      expiresAt: fake.clock.now() + 60_000,
      data: { name: '李' },
    }
    expect(api.setSession(session)).toMatchObject(session)
    await fake.clock.runAll()
    expect(stored(fake)).toMatchObject({ ...session, set: true })
    expect(clientOn(fake).api.session).toMatchObject(session)
  })

  test.each([
    ['by a clock that is ahead', Date.UTC(2020, 0)],
    ['in seconds', 1_900_000_000],
  ])('an end that is past already when it arrives says nothing: %s', async (_how, expiresAt) => {
    const { fake, api } = makeWorld({ client: { autoLogin: false } })
    const session = api.setSession({ token: fake.server.issue('mine'), expiresAt })
    const asked = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    expect([asked.code, session.expiresAt, storedToken(fake)]).toEqual(['ok', undefined, 'mine'])
  })

  test.each<[string, (world: World) => ReturnType<typeof everyWay>]>([
    ['every way to ask', everyWay],
    ['ten at once', (world) => tenAt(world, '/orders')],
    ['ensureLogin()', ({ fake, api }) => [watch<unknown>(api.ensureLogin(), fake)]],
    ['a forced login', ({ fake, api }) => [watch<unknown>(api.ensureLogin({ force: true }), fake)]],
  ])('%s that waits for a login goes on with it at once', async (_what, ask) => {
    const world = makeWorld()
    const { fake, api } = world
    fake.misbehave('login', 'hang', Infinity)
    const all = ask(world)
    await fake.clock.advance(500)
    expect(together(all)).toBe('pending')
    api.setSession(fake.server.issue('mine'))
    await fake.clock.advance(500)
    expect([together(all), new Set(fake.server.requests.map(({ path }) => path))]).toEqual([
      'ok',
      new Set(all.length > 1 ? ['/orders'] : []),
    ])
    await fake.clock.runAll()
    expect(api.session?.token).toBe('mine')
  })

  test.each([
    ['wx.login', 5],
    ['the exchange', 15],
  ])('what a login brings that it ended during %s is not taken', async (_step, ms) => {
    const { fake, api } = makeWorld({ client: { checkSession: false } })
    const request = watch(api.get('/orders'), fake)
    await fake.clock.advance(ms)
    api.setSession(fake.server.issue('mine'))
    await fake.clock.runAll()
    expect([request.code, api.session?.token, storedToken(fake)]).toEqual(['ok', 'mine', 'mine'])
  })

  test('what a refresh brings that it ended is not taken', async () => {
    const refreshed = deferred<string>()
    const login = { url: '/login', refresh: () => refreshed.promise }
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false, client: { login } })
    const request = watch(api.get('/orders'), fake)
    await fake.clock.advance(100)
    api.setSession(fake.server.issue('mine'))
    refreshed.resolve(fake.server.issue('refreshed'))
    await fake.clock.runAll()
    expect([request.code, api.session?.token, storedToken(fake), fake.calls.logins]).toEqual([
      'ok',
      'mine',
      'mine',
      0,
    ])
  })

  test('law 2: a late 401 to the token before it is replayed without a code', async () => {
    const world = makeWorld({ stored: 'dead', isLive: false, client: { checkSession: false } })
    const { fake, api } = world
    fake.server.latency('/slow', 1000)
    const slow = watch(api.get('/slow'), fake)
    await fake.clock.advance(100)
    api.setSession(fake.server.issue('mine'))
    await fake.clock.runAll()
    expect([slow.code, tokensAt(world, '/slow'), fake.calls.logins]).toEqual(['ok', ['dead', 'mine'], 0])
  })

  test('every clone goes on with it, and may set one', async () => {
    const world = makeWorld({ stored: 'good' })
    const clone = world.api.extend({ timeout: 5000 })
    clone.setSession(world.fake.server.issue('mine'))
    const all = everyWay(world)
    await world.fake.clock.runAll()
    expect([together(all), new Set(tokensAt(world, '/orders'))]).toEqual(['ok', new Set(['mine'])])
    expect(world.api.session).toBe(clone.session)
  })

  test('another one is another session: nothing of the one before is in it', async () => {
    const { fake, api } = makeWorld()
    fake.storage.set(KEY, { token: fake.server.issue('good'), expiresAt: 9e12, data: { name: '李' } })
    const before = api.session
    const session = api.setSession(fake.server.issue('mine'))
    expect([session.data, session.expiresAt]).toEqual([undefined, undefined])
    expect(session.id).toEqual(expect.any(String))
    expect(session.id).not.toBe(before?.id)
    await fake.clock.runAll()
    expect(clientOn(fake).api.session?.id).toBe(session.id)
  })

  test('what waits at logout() is the old user’s, and does not go out with the next one’s session', async () => {
    const { fake, api } = makeWorld()
    fake.misbehave('login', 'hang', Infinity)
    const old = caught(api.get('/orders'))
    await fake.clock.advance(100)
    api.logout()
    api.setSession(fake.server.issue('next-user'))
    const next = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    expect([(await old).code, next.code, fake.server.requests.length]).toEqual(['LOGGED_OUT', 'ok', 1])
  })

  test('a slow store of the app’s own ends with it, also when it was still being read', async () => {
    const { fake } = makeWorld()
    const { box, store } = slowStore(fake, { token: 'old' }, 300)
    const world = { fake, ...clientOn(fake, { storage: store }) }
    const all = tenAt(world, '/orders')
    await fake.clock.advance(100)
    world.api.setSession(fake.server.issue('mine'))
    await fake.clock.runAll()
    expect([together(all), world.api.session?.token, box.session]).toMatchObject([
      'ok',
      'mine',
      { token: 'mine' },
    ])
    expect([new Set(tokensAt(world, '/orders')), fake.calls.logins]).toEqual([new Set(['mine']), 0])
  })
})

describe('what cannot be a session is refused, and changes nothing', () => {
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['an empty string', ''],
    ['a number', 5],
    ['a token with a line break', 'a\r\nX-Evil: 1'],
    ['an object without a token', {}],
    ['a session with an empty token', { token: '' }],
    ['a session of a foreign origin', { token: 'theirs', origin: 'https://evil.test' }],
  ])('%s', async (_what, given) => {
    const world = makeWorld({ stored: 'good' })
    const error = thrown(() => world.api.setSession(given as string))
    expect(error).toBeInstanceOf(ConfigError)
    const all = [...everyWay(world), watch<unknown>(world.api.ensureLogin(), world.fake)]
    await world.fake.clock.runAll()
    expect([together(all), storedToken(world.fake), world.fake.calls.logins]).toEqual(['ok', 'good', 0])
  })

  test('a session of this origin is taken', () => {
    const { api } = makeWorld()
    expect(api.setSession({ token: 'mine', origin: 'https://api.test' }).token).toBe('mine')
  })
})

describe('law 8: a session that was set is never replaced because of a check', () => {
  test('now or after a relaunch: everybody goes on with it', async () => {
    const world = makeWorld()
    const { fake } = world
    world.api.setSession(fake.server.issue('mine'))
    fake.account.expireKey()
    for (const { api } of [world, clientOn(fake), clientOn(fake, { checkSession: 'blocking' })]) {
      const all = [
        watch<unknown>(api.get('/a'), fake),
        watch<unknown>(api.get('/b', {}, { auth: 'verified' }), fake),
        watch<unknown>(api.ensureLogin(), fake),
      ]
      await fake.clock.runAll()
      expect([codesOf(all), api.session?.token]).toEqual([['ok', 'ok', 'ok'], 'mine'])
    }
    expect(fake.calls.logins).toBe(0)
  })

  test('refreshed it still is one that was set', async () => {
    const { fake } = makeWorld()
    const login = { url: '/login', refresh: () => Promise.resolve(fake.server.issue('refreshed')) }
    const { api } = clientOn(fake, { login })
    api.setSession('over')
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, stored(fake)]).toMatchObject(['ok', { token: 'refreshed', set: true }])
    fake.account.expireKey()
    const next = watch(clientOn(fake, { login }).api.ensureLogin(), fake)
    await fake.clock.runAll()
    expect([next.code, next.value?.token, fake.calls.logins]).toEqual(['ok', 'refreshed', 0])
  })

  test('adopted by another copy it still is one that was set', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false })
    const other = clientOn(fake)
    expect(other.api.session?.token).toBe('dead')
    api.setSession(fake.server.issue('mine'))
    fake.account.expireKey()
    const request = watch(other.api.get('/a'), fake)
    await fake.clock.runAll()
    const verified = watch(other.api.get('/b', {}, { auth: 'verified' }), fake)
    await fake.clock.runAll()
    expect([request.code, verified.code, other.api.session?.token, fake.calls.logins]).toEqual([
      'ok',
      'ok',
      'mine',
      0,
    ])
  })
})

test.each([
  ['setSession()', 0],
  ['newer data', 1],
])('a login that still waits for a lane when %s ends it is not sent', async (how, sent) => {
  const { fake, api } = makeWorld({ stored: 'good', client: { checkSession: false } })
  await Promise.all([api.get('/accepted'), fake.clock.runAll()])
  fake.server.hold('/held')
  for (let n = 0; n < 10; n++) watch(api.get('/held'), fake)
  const forced = watch(api.ensureLogin({ force: true }), fake)
  await fake.clock.advance(500)
  if (how === 'newer data') watch(api.ensureLogin({ data: { invitation: 'of-a-friend' } }), fake)
  else api.setSession(fake.server.issue('mine'))
  await fake.clock.advance(500)
  fake.server.release()
  await fake.clock.runAll()
  const exchanges = fake.server.requests.filter(({ path }) => path === '/login')
  expect([forced.code, exchanges.length, api.session?.token]).toEqual(['ok', sent, sent ? 'token-1' : 'mine'])
})
