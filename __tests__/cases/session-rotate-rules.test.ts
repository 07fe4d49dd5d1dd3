import type { ClientOptions, PerRequest } from '../../src'
import type { FakeReply } from '../../src/testing'
import { clientOn, KEY, makeWorld, storedToken, times, tokensAt, watch, type World } from '../laws/world'
import { rotates, sourcesOf, stored, tenAt, together } from './session-helpers'

const CLIENT: Partial<ClientOptions> = { rotate: { header: 'X-Next' }, checkSession: false }

/** A client with a good token, and a server that offers `next` in its answers at `/offer`. */
function offered(reply: FakeReply = {}): World {
  const world = makeWorld({ stored: 'good', client: CLIENT })
  world.fake.server.on('/offer', () => ({ ...reply, header: { 'X-Next': 'next' } }))
  return world
}

async function ask(world: World, url: string, options: PerRequest = {}): Promise<string> {
  const request = watch(world.api.get(url, {}, { retry: false, ...options }), world.fake)
  await world.fake.clock.runAll()
  return request.code
}

describe('law 20: a rotated token is taken only from an accepted answer to the current token', () => {
  test.each<[string, FakeReply, PerRequest]>([
    ['200', {}, {}],
    ['302', { statusCode: 302 }, {}],
    ['404', { statusCode: 404 }, {}],
    ["a guest's 200", {}, { auth: 'optional' }],
  ])('%s brings one', async (_what, reply, options) => {
    const world = offered(reply)
    await ask(world, '/offer', options)
    expect([world.api.session?.token, storedToken(world.fake), sourcesOf(world)]).toEqual([
      'next',
      'next',
      ['stored', 'rotated'],
    ])
  })

  test.each<[string, FakeReply, PerRequest, string]>([
    ['500', { statusCode: 500 }, {}, '/offer'],
    ['a request without a token', {}, { auth: false }, '/offer'],
    ['a request to elsewhere', {}, {}, 'https://other.test/offer'],
    ['a 401 about something else', { statusCode: 401 }, { isUnauthorized: false }, '/offer'],
  ])('%s brings none', async (_what, reply, options, url) => {
    const world = offered(reply)
    await ask(world, url, options)
    expect([world.api.session?.token, storedToken(world.fake)]).toEqual(['good', 'good'])
  })

  test('a refusal brings none', async () => {
    const world = offered({ statusCode: 401 })
    expect(await ask(world, '/offer')).toBe('UNAUTHORIZED')
    expect([world.api.session?.token, storedToken(world.fake)]).toEqual(['token-1', 'token-1'])
  })

  test.each<[string, (world: World) => unknown, string | undefined]>([
    ['setSession()', ({ api }) => api.setSession('mine'), 'mine'],
    ['a forced login', ({ api, fake }) => watch(api.ensureLogin({ force: true }), fake), 'token-1'],
    ['logout()', ({ api }) => api.logout(), undefined],
  ])('the answer to a token that was replaced by %s brings none', async (_what, replace, token) => {
    const world = offered()
    const { fake, api } = world
    fake.server.latency('/offer', 1000)
    const slow = watch(api.get('/offer'), fake)
    await fake.clock.advance(100)
    replace(world)
    await fake.clock.runAll()
    expect([slow.code, api.session?.token, storedToken(fake)]).toEqual(['ok', token, token])
  })

  test('the same token rotates nothing: nothing is told, nothing is written', async () => {
    const world = makeWorld({ stored: 'good', client: CLIENT })
    world.fake.server.on('/offer', () => ({ header: { 'X-Next': 'good' } }))
    await ask(world, '/orders')
    const { writes } = world.fake.storage
    for (let n = 0; n < 3; n++) await ask(world, '/offer')
    expect([sourcesOf(world), world.fake.storage.writes]).toEqual([['stored'], writes])
  })

  test('the same token with another end moves the end', async () => {
    const world = makeWorld()
    const { fake } = world
    const end = fake.clock.now() + 3_600_000
    fake.storage.set(KEY, { token: fake.server.issue('good'), expiresAt: fake.clock.now() + 1000 })
    const rotate = () => ({ token: 'good', expiresAt: end })
    const { api } = clientOn(fake, { rotate, checkSession: false })
    watch(api.get('/a'), fake)
    await fake.clock.advance(5000)
    const later = watch(api.get('/b'), fake)
    await fake.clock.advance(5000)
    expect([later.code, api.session?.expiresAt, fake.calls.logins]).toEqual(['ok', end, 0])
  })

  test('a rotate that throws is told to the console, and harms nobody', async () => {
    const spies = (['error', 'warn'] as const).map((name) => jest.spyOn(console, name).mockImplementation())
    const rotate = () => JSON.parse('<') as string
    const world = makeWorld({ stored: 'good', client: { ...CLIENT, rotate } })
    const all = tenAt(world, '/orders')
    await world.fake.clock.runAll()
    const told = spies.flatMap(({ mock }) => mock.calls).length
    jest.restoreAllMocks()
    expect([together(all), world.api.session?.token, told > 0]).toEqual(['ok', 'good', true])
  })
})

describe('law 20: what a rotated token inherits', () => {
  test('data and id stay; the end goes with the token', async () => {
    const { fake } = makeWorld()
    const data = { name: '李' }
    fake.storage.set(KEY, {
      token: fake.server.issue('good'),
      expiresAt: fake.clock.now() + 60_000,
      data,
    })
    const { api } = clientOn(fake, CLIENT)
    const before = api.session
    fake.server.on('/offer', () => ({ header: { 'X-Next': 'next' } }))
    watch(api.get('/offer'), fake)
    await fake.clock.runAll()
    expect([api.session, stored(fake)]).toMatchObject([
      { token: 'next', data },
      { token: 'next', data },
    ])
    expect([before?.id, api.session?.expiresAt]).toEqual([api.session?.id, undefined])
    expect(before?.id).toEqual(expect.any(String))
  })

  test('that it was set by the app', async () => {
    const world = offered()
    world.api.setSession('mine')
    await ask(world, '/offer')
    expect(stored(world.fake)).toMatchObject({ token: 'next', set: true })
  })

  test('that it was accepted: a guest who is refused does not give it up', async () => {
    const world = offered()
    world.fake.server.on('/picky', (request) =>
      request.headerOf('Authorization') === undefined ? {} : { statusCode: 401 },
    )
    expect([await ask(world, '/offer'), await ask(world, '/picky', { auth: 'optional' })]).toEqual([
      'ok',
      'ok',
    ])
    expect([world.api.session?.token, tokensAt(world, '/picky')]).toEqual(['next', ['next', '']])
  })

  test('an end that is brought along is taken', async () => {
    const rotate = () => ({ token: 'next', expiresAt: 9e12 })
    const world = makeWorld({ stored: 'good', client: { ...CLIENT, rotate } })
    await ask(world, '/a')
    expect(world.api.session).toMatchObject({ token: 'next', expiresAt: 9e12 })
  })

  test('an address that refused the token before it still costs no code', async () => {
    const world = makeWorld({ stored: 'good', client: CLIENT })
    const { fake } = world
    fake.server.on('/forbidden', () => ({ statusCode: 401 }))
    rotates(fake, '/orders', (token) => ({ header: { 'X-Next': token } }))
    expect([await ask(world, '/forbidden'), fake.calls.logins]).toEqual(['UNAUTHORIZED', 1])
    for (let n = 0; n < 3; n++) {
      expect([await ask(world, '/orders'), await ask(world, '/forbidden')]).toEqual(['ok', 'UNAUTHORIZED'])
    }
    expect(fake.calls.logins).toBe(1)
  })
})

describe('law 20: a 401 to the current token waits for what others on the wire may bring', () => {
  /** `/slow` carries the token first; its answer ends it, and comes late. */
  function race(handOut: (token: string) => FakeReply) {
    const world = makeWorld({ stored: 'good', client: { ...CLIENT, retry: false } })
    const { fake, api } = world
    rotates(fake, '/slow', (token) => ({ ...handOut(token), delay: 500 }))
    return { ...world, all: ['/slow', '/quick'].map((path) => watch(api.get(path), fake)) }
  }

  test('a late answer brings the next one: no login', async () => {
    const world = race((token) => ({ header: { 'X-Next': token } }))
    await world.fake.clock.runAll()
    expect([together(world.all), world.fake.calls.logins]).toEqual(['ok', 0])
    expect(tokensAt(world, '/quick')).toEqual(['good', 'token-1'])
  })

  test.each<[string, FakeReply]>([
    ['brings none', {}],
    ['is a failure', { fail: 'reset' }],
    ['is a 500', { statusCode: 500 }],
  ])('a late answer that %s is followed by a login', async (_what, reply) => {
    const world = race(() => reply)
    await world.fake.clock.runAll()
    expect([world.all[1]?.code, world.fake.calls.logins]).toEqual(['ok', 1])
  })

  test('replays that follow a rotation end: a request that is always refused is over at some time', async () => {
    const world = makeWorld({ stored: 'good', client: CLIENT })
    const { fake, api } = world
    fake.server.on('/forbidden', () => ({ statusCode: 401 }))
    for (const path of times(3, (n) => `/ping${n}`))
      rotates(fake, path, (token) => ({ header: { 'X-Next': token }, delay: 3 }))
    const forbidden = watch(api.get('/forbidden'), fake)
    for (let n = 0; n < 300 && forbidden.code === 'pending'; n++) {
      watch(api.get(`/ping${n % 3}`), fake)
      await fake.clock.advance(7)
    }
    await fake.clock.runAll()
    expect(forbidden.code).toBe('UNAUTHORIZED')
    // The first time, ten after a rotation, two others.
    expect(tokensAt(world, '/forbidden').length).toBeLessThanOrEqual(13)
  })
})
