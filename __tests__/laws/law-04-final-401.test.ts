import { codesOf, forbid, HOME, KEY, makeWorld, soon, times, tokensAt, watch, type World } from './world'

describe('law 4: which 401 is final', () => {
  test('one to a token that was not accepted when it was sent, after a login that it waited for', async () => {
    const world = makeWorld()
    const { fake, api } = world
    forbid(fake, '/forbidden')
    fake.server.latency('/forbidden', 200)
    const all = [watch(api.get('/forbidden'), fake), watch(api.get('/a'), fake)]
    await fake.clock.runAll()
    // That /a was let in with it meanwhile changes nothing.
    expect([codesOf(all), fake.calls.logins]).toEqual([['UNAUTHORIZED', 'ok'], 1])
  })

  test('not one after a login that somebody else waited for', async () => {
    const world = makeWorld()
    const { fake, api } = world
    await soon(fake, api.ensureLogin())
    fake.server.expire()
    const request = await soon(fake, api.get('/a'))
    expect([request.code, tokensAt(world, '/a')]).toEqual(['ok', ['token-1', 'token-2']])
  })

  test('not one to a token that has been accepted elsewhere before this attempt was sent', async () => {
    const world = makeWorld({ client: { retry: { limit: 1, delay: () => 30_000 } } })
    const { fake, api } = world
    let asked = 0
    fake.server.on(
      '/report',
      fake.server.guard(() => (++asked === 1 ? { statusCode: 503 } : { data: 1 })),
    )
    const report = await soon(fake, api.get('/report'))
    const other = await soon(fake, api.get('/other'))
    fake.server.expire()
    await fake.clock.advance(31_000)
    expect([other.code, report.code, tokensAt(world, '/report')]).toEqual([
      'ok',
      'ok',
      ['token-1', 'token-1', 'token-2'],
    ])
  })

  test('never one to a refreshed token: a login with a code follows', async () => {
    const refresh = () => Promise.resolve('refreshed')
    const world = makeWorld({
      stored: 'dead',
      isLive: false,
      client: { login: { url: '/login', refresh } },
    })
    const request = await soon(world.fake, world.api.get('/a'))
    expect([request.code, tokensAt(world, '/a')]).toEqual(['ok', ['dead', 'refreshed', 'token-1']])
  })

  test('nor one to a token that the app has set', async () => {
    const world = makeWorld()
    world.api.setSession('set')
    const request = await soon(world.fake, world.api.get('/a'))
    expect([request.code, tokensAt(world, '/a')]).toEqual(['ok', ['set', 'token-1']])
  })
})

describe('law 4: a final 401 is remembered', () => {
  /** A client whose token serves `/a`, and that has been refused for good at `GET /forbidden`. */
  async function refusedForGood(): Promise<World & { allow: () => void }> {
    const world = makeWorld()
    const allow = forbid(world.fake, '/forbidden')
    const refused = await soon(world.fake, world.api.get('/forbidden'))
    const served = await soon(world.fake, world.api.get('/a'))
    expect([refused.code, served.code, world.fake.calls.logins]).toEqual(['UNAUTHORIZED', 'ok', 1])
    return { ...world, allow }
  }

  test('a forbidden address that is polled costs no more codes, and is asked once each time', async () => {
    const world = await refusedForGood()
    const { fake, api } = world
    for (let n = 0; n < 20; n++) {
      const poll = await soon(fake, api.get('/forbidden'))
      const healthy = await soon(fake, api.get('/a'))
      expect([poll.code, healthy.code]).toEqual(['UNAUTHORIZED', 'ok'])
    }
    expect([fake.calls.logins, tokensAt(world, '/forbidden').length]).toEqual([1, 21])
  })

  test('whatever its query', async () => {
    const { fake, api } = await refusedForGood()
    const request = await soon(fake, api.get('/forbidden', { page: 2 }))
    expect([request.code, fake.calls.logins]).toEqual(['UNAUTHORIZED', 1])
  })

  test('for clones as well', async () => {
    const { fake, api } = await refusedForGood()
    const request = await soon(fake, api.extend({ timeout: 1000 }).get('/forbidden'))
    expect([request.code, fake.calls.logins]).toEqual(['UNAUTHORIZED', 1])
  })

  test.each([
    ['another path', (world: World) => (forbid(world.fake, '/also'), world.api.get('/also'))],
    ['another method', (world: World) => world.api.post('/forbidden', { n: 1 })],
  ])('%s is another address: its 401 may mean that the token has died', async (_what, ask) => {
    const world = await refusedForGood()
    const request = await soon(world.fake, ask(world))
    expect([request.code, world.fake.calls.logins]).toEqual(['UNAUTHORIZED', 2])
  })

  test('until the token changes', async () => {
    const { fake, api } = await refusedForGood()
    await soon(fake, api.ensureLogin({ force: true }))
    await soon(fake, api.get('/a'))
    const request = await soon(fake, api.get('/forbidden'))
    expect([request.code, fake.calls.logins]).toEqual(['UNAUTHORIZED', 3])
  })

  test('until the address accepts it', async () => {
    const { fake, api, allow } = await refusedForGood()
    allow()
    const letIn = await soon(fake, api.get('/forbidden'))
    forbid(fake, '/forbidden')
    const request = await soon(fake, api.get('/forbidden'))
    expect([letIn.code, request.code, fake.calls.logins]).toEqual(['ok', 'UNAUTHORIZED', 2])
  })

  test('for a minute, which a 401 that was final only by this memory does not lengthen', async () => {
    const { fake, api } = await refusedForGood()
    for (let n = 0; n < 11; n++) await soon(fake, api.get('/forbidden'), 5000)
    expect(fake.calls.logins).toBe(1)
    await fake.clock.advance(6000)
    await soon(fake, api.get('/forbidden'))
    expect(fake.calls.logins).toBe(2)
  })

  test.each([
    ['a hundred are kept', 100, 1],
    ['but not many more', 150, 2],
  ])('%s', async (_what, count, atLeast) => {
    const { fake, api } = makeWorld()
    for (let n = 0; n < count; n++) forbid(fake, `/${n}`)
    const first = times(count, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.advance(1000)
    await soon(fake, api.get('/healthy'))
    expect([new Set(codesOf(first)), fake.calls.logins]).toEqual([new Set(['UNAUTHORIZED']), 1])
    for (let n = 0; n < count; n++) await soon(fake, api.get(`/${n}`), 50)
    if (atLeast === 1) expect(fake.calls.logins).toBe(1)
    else expect(fake.calls.logins).toBeGreaterThanOrEqual(atLeast)
  })

  test('an address stays the same on another base URL', async () => {
    const { fake, api } = makeWorld({ client: { baseURL: [HOME, 'https://spare.test'] } })
    forbid(fake, '/forbidden')
    await soon(fake, api.get('/forbidden'))
    await soon(fake, api.get('/healthy'))
    fake.network.failNext()
    const request = await soon(fake, api.get('/forbidden'))
    expect([request.error?.request?.url, request.code, fake.calls.logins]).toEqual([
      'https://spare.test/forbidden',
      'UNAUTHORIZED',
      1,
    ])
  })

  test('authorize() has no address: it may always mean that the token has died', async () => {
    const { fake, api } = makeWorld()
    const refused = () => ({ status: 401 })
    const codes: string[] = []
    for (let n = 0; n < 2; n++) {
      codes.push((await soon(fake, api.authorize(refused))).code, (await soon(fake, api.get('/a'))).code)
    }
    expect([codes, fake.calls.logins]).toEqual([['UNAUTHORIZED', 'ok', 'UNAUTHORIZED', 'ok'], 2])
  })

  test('a token that another copy has stored since is tried before that', async () => {
    const world = await refusedForGood()
    const { fake, api, allow } = world
    allow()
    fake.server.expire()
    fake.storage.set(KEY, { token: fake.server.issue('of-another-copy') })
    const request = await soon(fake, api.get('/forbidden'))
    expect([request.code, tokensAt(world, '/forbidden'), fake.calls.logins]).toEqual([
      'ok',
      ['token-1', 'token-1', 'of-another-copy'],
      1,
    ])
  })
})
