import { createFakeClock, createFakeWeChat } from '../../src/testing'
import { altered, clientOn, KEY, makeWorld, times, tokensAt, watch, type World } from '../laws/world'
import { everyWay, oneSessionEach, slowStore, sourcesOf, stored, tenAt, together } from './session-helpers'

/** Two copies of the package on one phone, and a back end with one session for each user. */
function twoCopies(): World & { other: World } {
  const world = makeWorld()
  const { fake } = world
  oneSessionEach(fake)
  return { ...world, other: { fake, ...clientOn(fake, { platform: altered(fake, {}) }) } }
}

async function logsIn({ fake, api }: World): Promise<string | undefined> {
  const login = watch(api.ensureLogin({ force: true }), fake)
  await fake.clock.advance(1000)
  return login.value?.token
}

describe('S11: what another copy has stored is adopted before any 401 is final', () => {
  test("copy A's login, then copy B's, then twenty requests of A: all succeed with B's token", async () => {
    const world = twoCopies()
    const { fake, api } = world
    const tokens = [await logsIn(world), await logsIn(world.other)]
    const all = times(20, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.runAll()
    expect([tokens, together(all), fake.calls.logins]).toEqual([['token-1', 'token-2'], 'ok', 2])
    expect([api.session?.token, sourcesOf(world)]).toEqual(['token-2', ['login', 'adopted']])
  })

  test('every way to ask', async () => {
    const world = twoCopies()
    await logsIn(world)
    await logsIn(world.other)
    const all = everyWay(world)
    await world.fake.clock.runAll()
    expect([together(all), world.fake.calls.logins]).toEqual(['ok', 2])
  })

  test('a request that waited for A’s login, and is refused because B’s came right after it', async () => {
    const clock = createFakeClock()
    const fake = createFakeWeChat({ clock, latency: ({ path }) => (path === '/login' ? 10 : 200) })
    oneSessionEach(fake)
    const world = { fake, ...clientOn(fake) }
    const other = { fake, ...clientOn(fake, { platform: altered(fake, {}) }) }
    const all = [...tenAt(world, '/orders'), ...everyWay(world)]
    await clock.advance(50)
    expect(fake.calls.logins).toBe(1)
    const forced = watch(other.api.ensureLogin({ force: true }), fake)
    await clock.runAll()
    expect([forced.code, together(all), fake.calls.logins]).toEqual(['ok', 'ok', 2])
    expect(new Set(tokensAt(world, '/orders'))).toEqual(new Set(['token-1', 'token-2']))
  })

  test('a store of their own that is slow', async () => {
    const { fake } = makeWorld()
    oneSessionEach(fake)
    const { store } = slowStore(fake, undefined, 30)
    const [one, two] = times(2, () => ({ fake, ...clientOn(fake, { storage: store }) })) as [World, World]
    await logsIn(one)
    await logsIn(two)
    const all = [...tenAt(one, '/orders'), ...everyWay(one)]
    await fake.clock.runAll()
    expect([together(all), fake.calls.logins]).toEqual(['ok', 2])
  })

  test('an address that refused A’s token is asked with B’s before it is final again', async () => {
    const world = makeWorld()
    const { fake, api } = world
    fake.server.on('/admin', (request) =>
      request.headerOf('Authorization') === 'Bearer of-an-admin' ? {} : { statusCode: 401 },
    )
    const first = watch(api.get('/admin'), fake)
    await fake.clock.advance(1000)
    fake.storage.set(KEY, { token: fake.server.issue('of-an-admin') })
    const second = watch(api.get('/admin'), fake)
    await fake.clock.advance(1000)
    expect([first.code, second.code, fake.calls.logins]).toEqual(['UNAUTHORIZED', 'ok', 1])
  })

  test('where the store has nothing newer it is final, and costs no further code', async () => {
    const world = twoCopies()
    const { fake } = world
    fake.server.refuseAll = true
    const all = tenAt(world, '/orders')
    await fake.clock.runAll()
    expect([together(all), fake.calls.logins]).toEqual(['UNAUTHORIZED', 1])
  })
})

describe('law 12: the store is read once more before anything that another copy may have spared', () => {
  test('before a refresh: the one refresh token is not sent twice', async () => {
    const { fake } = makeWorld()
    fake.storage.set(KEY, { token: 'old', data: { refreshToken: 'R' } })
    const refresh = jest.fn(() => Promise.resolve(fake.server.issue('refreshed')))
    const login = { url: '/login', refresh }
    const [one, two] = times(2, () => ({
      fake,
      ...clientOn(fake, { login, platform: altered(fake, {}) }),
    })) as [World, World]
    expect([one.api.session?.token, two.api.session?.token]).toEqual(['old', 'old'])
    const first = everyWay(one)
    await fake.clock.advance(1000)
    const second = everyWay(two)
    await fake.clock.advance(1000)
    expect([together(first), together(second), refresh.mock.calls.length, fake.calls.logins]).toEqual([
      'ok',
      'ok',
      1,
      0,
    ])
    expect(stored(fake)).toMatchObject({ token: 'refreshed', data: { refreshToken: 'R' } })
  })

  test('before a refresh of a session that has expired', async () => {
    const { fake } = makeWorld()
    fake.storage.set(KEY, { token: 'brief', expiresAt: fake.clock.now() + 500 })
    const refresh = jest.fn(() => Promise.resolve('refreshed'))
    const world = { fake, ...clientOn(fake, { login: { url: '/login', refresh } }) }
    expect(world.api.session?.token).toBe('brief')
    await fake.clock.advance(1000)
    fake.storage.set(KEY, { token: fake.server.issue('of-another-copy') })
    const all = tenAt(world, '/orders')
    await fake.clock.runAll()
    expect([together(all), refresh.mock.calls.length, fake.calls.logins]).toEqual(['ok', 0, 0])
  })

  test('before a code', async () => {
    const world = makeWorld({ stored: 'dead', isLive: false, client: { checkSession: false } })
    const { fake, api } = world
    expect(api.session?.token).toBe('dead')
    fake.storage.set(KEY, { token: fake.server.issue('of-another-copy') })
    const all = everyWay(world)
    await fake.clock.runAll()
    expect([together(all), fake.calls.logins, sourcesOf(world)]).toEqual(['ok', 0, ['stored', 'adopted']])
  })

  test('law 2: a late 401 to the token before an adoption is replayed without a code', async () => {
    const world = makeWorld({ stored: 'dead', isLive: false, client: { checkSession: false } })
    const { fake, api } = world
    fake.server.latency('/slow', 1000)
    const slow = watch(api.get('/slow'), fake)
    const quick = watch(api.get('/quick'), fake)
    await fake.clock.advance(5)
    fake.storage.set(KEY, { token: fake.server.issue('of-another-copy') })
    await fake.clock.runAll()
    expect([slow.code, quick.code, fake.calls.logins]).toEqual(['ok', 'ok', 0])
    expect(tokensAt(world, '/slow')).toEqual(['dead', 'of-another-copy'])
  })
})
