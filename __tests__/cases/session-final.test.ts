import { exchangesAt, makeWorld, times, tokensAt, watch, type World } from '../laws/world'
import { tenAt, together } from './session-helpers'

/** A good token, and an address that is forbidden for this user. */
function withForbidden(): World {
  const world = makeWorld({ stored: 'good', client: { checkSession: false } })
  world.fake.server.on('/forbidden', () => ({ statusCode: 401 }))
  return world
}

async function ask({ fake, api }: World, url: string, method: 'GET' | 'POST' = 'GET'): Promise<string> {
  const request = watch(api.request({ url, method, throwHttpErrors: true }), fake)
  await fake.clock.advance(1000)
  return request.code
}

describe('S19: one address that is forbidden costs one code', () => {
  test('polled twenty times beside requests that succeed', async () => {
    const world = withForbidden()
    const polled: string[] = []
    for (let n = 0; n < 20; n++) {
      const healthy = watch(world.api.get('/orders'), world.fake)
      polled.push(await ask(world, '/forbidden'))
      expect([healthy.code, await ask(world, '/profile')]).toEqual(['ok', 'ok'])
    }
    expect([polled, exchangesAt(world)]).toEqual([times(20, () => 'UNAUTHORIZED'), 1])
  })

  test('ten at once, again and again, and through a clone', async () => {
    const world = withForbidden()
    for (const from of [world, world, { ...world, api: world.api.extend({ timeout: 5000 }) }]) {
      const all = tenAt(from, '/forbidden')
      await world.fake.clock.advance(1000)
      expect([together(all), await ask(world, '/orders')]).toEqual(['UNAUTHORIZED', 'ok'])
    }
    expect(exchangesAt(world)).toBe(1)
  })

  test('its query is no part of the address, its method is', async () => {
    const world = withForbidden()
    await ask(world, '/forbidden')
    await ask(world, '/forbidden?page=2')
    expect(exchangesAt(world)).toBe(1)
    expect(await ask(world, '/forbidden', 'POST')).toBe('UNAUTHORIZED')
    expect(exchangesAt(world)).toBe(2)
  })

  test('after 60 s since the first time a code is tried, however often it was asked in between', async () => {
    const world = withForbidden()
    await ask(world, '/forbidden')
    for (let seconds = 1; seconds < 54; seconds += 9) {
      await world.fake.clock.advance(8000)
      expect([await ask(world, '/forbidden'), exchangesAt(world)]).toEqual(['UNAUTHORIZED', 1])
    }
    await world.fake.clock.advance(8000)
    expect([await ask(world, '/forbidden'), exchangesAt(world)]).toEqual(['UNAUTHORIZED', 2])
  })

  test('once the address has accepted the token, a 401 there means what it says again', async () => {
    const world = withForbidden()
    await ask(world, '/forbidden')
    world.fake.server.on('/forbidden', () => ({ data: 1 }))
    expect(await ask(world, '/forbidden')).toBe('ok')
    world.fake.server.on('/forbidden', () => ({ statusCode: 401 }))
    expect([await ask(world, '/forbidden'), exchangesAt(world)]).toEqual(['UNAUTHORIZED', 2])
  })

  test.each<[string, (world: World) => unknown, number]>([
    ['a login', ({ fake, api }) => watch(api.ensureLogin({ force: true }), fake), 3],
    ['setSession()', ({ fake, api }) => api.setSession(fake.server.issue('mine')), 2],
  ])('another token, by %s, is asked anew', async (_how, change, count) => {
    const world = withForbidden()
    await ask(world, '/forbidden')
    change(world)
    await world.fake.clock.advance(1000)
    expect([await ask(world, '/forbidden'), exchangesAt(world)]).toEqual(['UNAUTHORIZED', count])
  })

  test('a dead token leads to a login as ever, whatever is remembered', async () => {
    const world = withForbidden()
    await ask(world, '/forbidden')
    world.fake.server.expire()
    expect([await ask(world, '/orders'), exchangesAt(world)]).toEqual(['ok', 2])
  })

  test('authorize() has no address: each of its refusals is a question of its own', async () => {
    const world = withForbidden()
    const { fake, api } = world
    for (const count of [1, 2]) {
      const run = watch(
        api.authorize(() => ({ status: 401 })),
        fake,
      )
      await fake.clock.advance(1000)
      expect([run.code, exchangesAt(world)]).toEqual(['UNAUTHORIZED', count])
      expect(await ask(world, '/orders')).toBe('ok')
    }
  })
})

/** `/slow` is busy at first and asks to come back in 30 s. */
function withBusy(): World & { slow: ReturnType<typeof watch> } {
  const world = makeWorld()
  const { fake, api } = world
  const serve = fake.server.guard(() => ({ data: 1 }))
  let asked = 0
  fake.server.on('/slow', (request, wire) =>
    ++asked === 1 ? { statusCode: 503, header: { 'Retry-After': '30' } } : serve(request, wire),
  )
  return { ...world, slow: watch(api.get('/slow'), fake) }
}

describe('S20: a 401 is final only to a token that nobody had accepted when the attempt was sent', () => {
  test.each<[string, number]>([
    ['accepted', 200],
    ['answered with 404', 404],
    ['answered with 403', 403],
  ])(
    'after a retry 30 s later, the token %s elsewhere and then dead: a login, a replay',
    async (_how, statusCode) => {
      const world = withBusy()
      const { fake, api } = world
      fake.server.on('/other', () => ({ statusCode }))
      await fake.clock.advance(5000)
      watch(api.get('/other'), fake)
      await fake.clock.advance(5000)
      fake.server.expire()
      await fake.clock.runAll()
      expect([world.slow.code, tokensAt(world, '/slow')]).toEqual(['ok', ['token-1', 'token-1', 'token-2']])
      expect(exchangesAt(world)).toBe(2)
    },
  )

  test('accepted by authorize() elsewhere counts as well', async () => {
    const world = withBusy()
    const { fake, api } = world
    await fake.clock.advance(5000)
    watch(
      api.authorize(() => ({ status: 200 })),
      fake,
    )
    await fake.clock.advance(5000)
    fake.server.expire()
    await fake.clock.runAll()
    expect([world.slow.code, exchangesAt(world)]).toEqual(['ok', 2])
  })

  test.each<[string, (world: World) => unknown]>([
    ['nothing else was sent', () => undefined],
    [
      'another request was answered with 500',
      ({ fake, api }) => watch(api.get('/down', {}, { retry: false }), fake),
    ],
    [
      'another 401 was about something else',
      ({ fake, api }) => watch(api.get('/wrong-password', {}, { isUnauthorized: false }), fake),
    ],
    [
      'another request went without a token',
      ({ fake, api }) => watch(api.get('/open', {}, { auth: false }), fake),
    ],
  ])('where %s it is final: nothing has accepted the token', async (_what, other) => {
    const world = withBusy()
    const { fake } = world
    fake.server.on('/down', () => ({ statusCode: 500 }))
    fake.server.on('/wrong-password', () => ({ statusCode: 401 }))
    fake.server.on('/open', () => ({ data: 1 }))
    await fake.clock.advance(5000)
    other(world)
    await fake.clock.advance(5000)
    fake.server.expire()
    await fake.clock.runAll()
    expect([world.slow.code, tokensAt(world, '/slow')]).toEqual(['UNAUTHORIZED', ['token-1', 'token-1']])
    expect(exchangesAt(world)).toBe(1)
  })

  test('what accepts the token after the attempt was sent comes too late for it', async () => {
    const world = makeWorld()
    const { fake, api } = world
    fake.server.on('/forbidden', () => ({ statusCode: 401, delay: 500 }))
    const all = [watch(api.get('/forbidden'), fake), watch(api.get('/orders'), fake)]
    await fake.clock.runAll()
    expect([all.map(({ code }) => code), exchangesAt(world)]).toEqual([['UNAUTHORIZED', 'ok'], 1])
  })

  test('law 4: a request goes out three times at most, whatever tokens turn up', async () => {
    let count = 0
    const storage = {
      get: () => ({ token: `dead-${++count}` }),
      set: () => undefined,
      remove: () => undefined,
    }
    const world = makeWorld({ client: { storage } })
    world.fake.server.refuseAll = true
    const all = tenAt(world, '/orders')
    await world.fake.clock.runAll()
    expect(together(all)).toBe('UNAUTHORIZED')
    expect(tokensAt(world, '/orders').length).toBeLessThanOrEqual(30)
  })
})
