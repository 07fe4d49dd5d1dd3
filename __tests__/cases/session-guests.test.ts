import type { PerRequest } from '../../src'
import { clientOn, codesOf, KEY, makeWorld, storedToken, tokensAt, watch, type World } from '../laws/world'
import { sourcesOf, stored, together, withRefresh } from './session-helpers'

const GUEST = { auth: 'optional' } as const

/** `/menu` serves guests and users, and answers 401 to any token that it does not know. */
function openTo({ fake }: Pick<World, 'fake'>): void {
  const guard = fake.server.guard(() => ({ data: 'for a user' }))
  fake.server.on('/menu', (request, wire) =>
    request.headerOf('Authorization') === undefined ? { data: 'for a guest' } : guard(request, wire),
  )
}

/** A guest page, with a token in the store that the server no longer knows. */
function guestPage(token = 'dead', isLive = false): World {
  const world = makeWorld({ stored: token, isLive })
  openTo(world)
  return world
}

async function asGuest(world: Pick<World, 'fake' | 'api'>, options: PerRequest = GUEST): Promise<unknown> {
  const request = watch(world.api.get('/menu', {}, options), world.fake)
  await world.fake.clock.runAll()
  return request.code === 'ok' ? request.value : request.code
}

describe('S27: a guest page with a dead token in the store', () => {
  test('shows what a guest may see, at every call and launch, and never logs in', async () => {
    const world = guestPage()
    expect(await asGuest(world)).toBe('for a guest')
    expect(await asGuest(world)).toBe('for a guest')
    expect(await asGuest({ ...world, ...clientOn(world.fake) })).toBe('for a guest')
    expect([tokensAt(world, '/menu'), world.fake.calls.logins]).toEqual([['dead', '', '', ''], 0])
  })

  test.each<[string, (world: World) => ReturnType<typeof watch>[]]>([
    [
      'ten at once',
      ({ fake, api }) => Array.from({ length: 10 }, () => watch<unknown>(api.get('/menu', {}, GUEST), fake)),
    ],
    [
      'POST, uploads, downloads and clones',
      ({ fake, api }) => [
        watch<unknown>(api.post('/menu', { page: 1 }, GUEST), fake),
        watch<unknown>(api.uploadFile({ url: '/menu', filePath: 'a', name: 'a', ...GUEST }), fake),
        watch<unknown>(api.downloadFile({ url: '/menu', ...GUEST }), fake),
        watch<unknown>(api.extend({ timeout: 5000 }).get('/menu', {}, GUEST), fake),
        watch<unknown>(api.request({ url: '/menu', ...GUEST }), fake),
      ],
    ],
  ])('%s get it, each after two tries at most', async (_what, ask) => {
    const world = guestPage()
    const all = ask(world)
    await world.fake.clock.runAll()
    expect([together(all), world.fake.calls.logins]).toEqual(['ok', 0])
    expect(world.fake.server.requests.length).toBeLessThanOrEqual(2 * all.length)
  })

  test('the login of who comes after the guest does not send the dead token again', async () => {
    const world = guestPage()
    await asGuest(world)
    const orders = watch(world.api.get('/orders'), world.fake)
    await world.fake.clock.runAll()
    expect([orders.code, tokensAt(world, '/orders'), world.fake.calls.logins]).toEqual(['ok', ['token-1'], 1])
    expect(await asGuest(world)).toBe('for a user')
  })

  test('where there is a refresh the session stays in the store as ended, and a guest does not refresh it', async () => {
    const world = withRefresh()
    openTo(world)
    expect(await asGuest(world)).toBe('for a guest')
    expect([stored(world.fake), world.refreshes(), world.fake.calls.logins]).toMatchObject([
      { token: 'old', expiresAt: 1, data: { refreshToken: 'R' } },
      0,
      0,
    ])
    const orders = watch(world.api.get('/orders'), world.fake)
    await world.fake.clock.runAll()
    expect([orders.code, world.refreshes(), world.fake.calls.logins]).toEqual(['ok', 1, 0])
  })
})

describe('law 18: a guest stays a guest', () => {
  test('a token that was accepted in this launch is not given up for the refusal of a guest', async () => {
    const world = guestPage('good', true)
    const { fake, api } = world
    fake.server.on('/picky', (request) =>
      request.headerOf('Authorization') === undefined ? {} : { statusCode: 401 },
    )
    const orders = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    const picky = watch(api.get('/picky', {}, GUEST), fake)
    await fake.clock.runAll()
    expect([orders.code, picky.code, tokensAt(world, '/picky')]).toEqual(['ok', 'ok', ['good', '']])
    const later = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    expect([later.code, tokensAt(world, '/orders'), storedToken(fake)]).toEqual([
      'ok',
      ['good', 'good'],
      'good',
    ])
    expect([fake.calls.logins, sourcesOf(world)]).toEqual([0, ['stored']])
  })

  test('a token that was accepted by an earlier launch only is given up', async () => {
    const world = guestPage('good', true)
    const { fake } = world
    watch(world.api.get('/orders'), fake)
    await fake.clock.runAll()
    fake.server.expire()
    const next = clientOn(fake)
    expect(await asGuest({ fake, ...next })).toBe('for a guest')
    expect([next.api.session, stored(fake)]).toEqual([undefined, undefined])
  })

  test.each<[string, (world: World) => unknown]>([
    ['a login', ({ fake, api }) => watch(api.ensureLogin({ force: true }), fake)],
    ['setSession()', ({ fake, api }) => api.setSession(fake.server.issue('token-1'))],
  ])('it goes out once more with the token that %s has brought meanwhile', async (_what, bring) => {
    const world = guestPage()
    const { fake, api } = world
    fake.server.latency('/menu', 1000)
    const slow = watch(api.get('/menu', {}, GUEST), fake)
    await fake.clock.advance(100)
    bring(world)
    await fake.clock.runAll()
    expect([slow.value, tokensAt(world, '/menu')]).toEqual(['for a user', ['dead', 'token-1']])
  })

  test('it waits for a login in flight, as before', async () => {
    const world = makeWorld()
    openTo(world)
    const { fake, api } = world
    const login = watch(api.ensureLogin(), fake)
    await fake.clock.advance(5)
    expect([await asGuest(world), login.code, tokensAt(world, '/menu')]).toEqual([
      'for a user',
      'ok',
      ['token-1'],
    ])
  })

  test('it goes out once more only: a 401 without a token is a plain HttpError', async () => {
    const world = makeWorld({ stored: 'dead', isLive: false })
    world.fake.server.on('/menu', () => ({ statusCode: 401 }))
    expect([await asGuest(world), tokensAt(world, '/menu')]).toEqual(['HTTP_STATUS', ['dead', '']])
    expect(world.fake.calls.logins).toBe(0)
  })

  test('it goes out once more only: a 401 to the token that has come meanwhile is final', async () => {
    const world = makeWorld({ stored: 'dead', isLive: false })
    const { fake, api } = world
    fake.server.on('/menu', () => ({ statusCode: 401, delay: 500 }))
    const slow = watch(api.get('/menu', {}, GUEST), fake)
    await fake.clock.advance(100)
    const orders = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    expect([slow.code, orders.code, tokensAt(world, '/menu')]).toEqual([
      'UNAUTHORIZED',
      'ok',
      ['dead', 'token-1'],
    ])
    expect([storedToken(fake), fake.calls.logins]).toEqual(['token-1', 1])
  })

  test('after logout() its 401 is final', async () => {
    const world = guestPage()
    const { fake, api } = world
    const slow = watch(api.get('/menu', {}, GUEST), fake)
    await fake.clock.advance(5)
    api.logout()
    await fake.clock.runAll()
    expect([slow.code, tokensAt(world, '/menu'), fake.calls.logins]).toEqual(['UNAUTHORIZED', ['dead'], 0])
  })

  test('a session that has come since is not removed by the refusal of a guest', async () => {
    const world = guestPage()
    const { fake, api } = world
    const slow = watch(api.get('/menu', {}, GUEST), fake)
    await fake.clock.advance(5)
    fake.storage.set(KEY, { token: fake.server.issue('of-another-copy') })
    await fake.clock.runAll()
    expect([codesOf([slow]), storedToken(fake)]).toEqual([['ok'], 'of-another-copy'])
  })

  test('a business code for "not logged in" under 200 is treated as a 401', async () => {
    const isUnauthorized = ({ data }: { data: unknown }) => (data as { code?: number }).code === 40101
    const world = makeWorld({ stored: 'dead', isLive: false, client: { isUnauthorized } })
    openTo(world)
    world.fake.server.refusal = () => ({ data: { code: 40101 } })
    expect([await asGuest(world), tokensAt(world, '/menu')]).toEqual(['for a guest', ['dead', '']])
  })
})
