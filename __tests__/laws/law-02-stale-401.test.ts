import { codesOf, exchangesAt, KEY, makeWorld, NO_RETRY, requestEvents, soon, storedToken } from './world'
import { times, tokensAt, watch } from './world'

/** A client whose token has died while a request with it is on its way. */
function withSlowRefusal() {
  const world = makeWorld({ stored: 'dead', isLive: false })
  world.fake.server.hold('/slow')
  const slow = watch(world.api.get('/slow'), world.fake)
  const quick = watch(world.api.get('/quick'), world.fake)
  return { ...world, slow, quick }
}

describe('law 2: stale 401s are free', () => {
  test('a 401 for a token that was replaced long ago costs a replay and no code', async () => {
    const world = withSlowRefusal()
    const { fake, slow, quick } = world
    await fake.clock.advance(1000)
    expect([quick.code, slow.code]).toEqual(['ok', 'pending'])
    fake.server.release('/slow')
    await fake.clock.runAll()
    expect([slow.code, fake.calls.logins]).toEqual(['ok', 1])
    expect(tokensAt(world, '/slow')).toEqual(['dead', 'token-1'])
  })

  test('a 401 that comes while its replacement is being fetched waits for it', async () => {
    const world = withSlowRefusal()
    const { fake, slow, quick } = world
    await fake.clock.advance(15)
    fake.server.release('/slow')
    await fake.clock.runAll()
    expect([slow.code, quick.code, fake.calls.logins]).toEqual(['ok', 'ok', 1])
    expect(tokensAt(world, '/slow')).toEqual(['dead', 'token-1'])
  })

  test('nine stale 401s one after the other never start a login', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false })
    for (let n = 0; n < 9; n++) fake.server.latency(`/${n}`, 100 * (n + 1))
    const all = times(9, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.runAll()
    expect(new Set(codesOf(all))).toEqual(new Set(['ok']))
    expect(fake.calls.logins).toBe(1)
  })

  test('a 401 for a token replaced by a forced login is replayed with the new one', async () => {
    const world = makeWorld({ stored: 'old' })
    const { fake, api } = world
    fake.server.expire('old')
    fake.server.hold('/slow')
    const slow = watch(api.get('/slow'), fake)
    await fake.clock.advance(50)
    const forced = watch(api.ensureLogin({ force: true }), fake)
    await fake.clock.advance(1000)
    fake.server.release('/slow')
    await fake.clock.runAll()
    expect([forced.code, slow.code, exchangesAt(world)]).toEqual(['ok', 'ok', 1])
    expect(tokensAt(world, '/slow')).toEqual(['old', 'token-1'])
  })

  test('a 401 for the current token does start a login', async () => {
    const world = makeWorld({ stored: 'dead', isLive: false })
    const request = watch(world.api.get('/a'), world.fake)
    await world.fake.clock.runAll()
    expect([request.code, world.fake.calls.logins, tokensAt(world, '/a')]).toEqual([
      'ok',
      1,
      ['dead', 'token-1'],
    ])
  })

  test('a stale 401 does not remove the new session from the storage', async () => {
    const { fake, slow } = withSlowRefusal()
    await fake.clock.advance(1000)
    fake.server.release('/slow')
    await fake.clock.runAll()
    expect(slow.code).toBe('ok')
    expect(storedToken(fake)).toBe('token-1')
  })

  test('a stale 401 while the login that replaced the token has failed asks for a login of its own', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false, client: NO_RETRY })
    fake.misbehave('login', 'fail')
    fake.server.hold('/slow')
    const slow = watch(api.get('/slow'), fake)
    const quick = watch(api.get('/quick'), fake)
    await fake.clock.advance(1000)
    fake.server.release('/slow')
    await fake.clock.runAll()
    expect([quick.code, slow.code]).toEqual(['LOGIN_FAILED', 'ok'])
  })

  test('a back end that says unauthorised in a 200 gets the same treatment', async () => {
    const isUnauthorized = ({ data }: { data: unknown }) => (data as { code?: number }).code === 40101
    const world = makeWorld({ stored: 'dead', isLive: false, client: { isUnauthorized } })
    const { fake, api } = world
    fake.server.refusal = () => ({ data: { code: 40101 } })
    fake.server.latency('/slow', 500)
    const all = ['/slow', '/quick'].map((path) => watch(api.get(path), fake))
    await fake.clock.runAll()
    expect([...codesOf(all), fake.calls.logins]).toEqual(['ok', 'ok', 1])
    expect(tokensAt(world, '/slow')).toEqual(['dead', 'token-1'])
  })

  test('uploads are replayed too, once each', async () => {
    const world = makeWorld({ stored: 'dead', isLive: false })
    const { fake, api } = world
    fake.server.latency('/avatar', 500)
    const upload = watch(api.uploadFile({ url: '/avatar', filePath: 'f', name: 'file' }), fake)
    const quick = watch(api.get('/quick'), fake)
    await fake.clock.runAll()
    expect([upload.code, quick.code, fake.calls.logins]).toEqual(['ok', 'ok', 1])
    expect(tokensAt(world, '/avatar')).toEqual(['dead', 'token-1'])
  })

  test('a request that was refused late goes before those that came after it', async () => {
    const { fake, api } = makeWorld({
      stored: 'dead',
      isLive: false,
      client: { concurrency: 2, checkSession: false },
    })
    fake.server.latency('/slow', 200)
    const later = times(9, (n) => `/${n}`)
    for (const path of later) fake.server.latency(path, 100)
    const all = ['/slow', '/quick', ...later].map((path) => watch(api.get(path), fake))
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(times(11, () => 'ok'))
    const order = fake.server.requests.map(({ path }) => path)
    expect(order.lastIndexOf('/slow')).toBeLessThan(order.indexOf('/5'))
    expect(fake.calls.logins).toBe(1)
  })

  test('authorize replays a stale refusal without a code', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false })
    const tokens: string[] = []
    const run = (token: string) => {
      tokens.push(token)
      return new Promise<{ status: number }>((resolve) =>
        fake.clock.setTimeout(() => resolve({ status: token === 'dead' ? 401 : 200 }), 500),
      )
    }
    const all = [watch<unknown>(api.authorize(run), fake), watch<unknown>(api.get('/quick'), fake)]
    await fake.clock.runAll()
    expect([...codesOf(all), fake.calls.logins, tokens]).toEqual(['ok', 'ok', 1, ['dead', 'token-1']])
  })

  test('a 401 for a token in whose place the app has set one is replayed with that, without a code', async () => {
    const world = makeWorld({ stored: 'dead', isLive: false })
    const { fake, api } = world
    fake.server.latency('/slow', 500)
    const slow = await soon(fake, api.get('/slow'))
    api.setSession(fake.server.issue('set'))
    await fake.clock.runAll()
    expect([slow.code, tokensAt(world, '/slow'), fake.calls.logins]).toEqual(['ok', ['dead', 'set'], 0])
  })

  test('so is one for a token that another answer has rotated', async () => {
    const world = makeWorld({ stored: 'good', client: { rotate: { header: 'X-Next' } } })
    const { fake, api } = world
    fake.server.on(
      '/quick',
      fake.server.guard(() => {
        fake.server.expire('good')
        return { header: { 'X-Next': fake.server.issue('next') } }
      }),
    )
    fake.server.latency('/slow', 500)
    const all = ['/quick', '/slow'].map((path) => watch(api.get(path), fake))
    await fake.clock.runAll()
    expect([codesOf(all), tokensAt(world, '/slow')]).toEqual([
      ['ok', 'ok'],
      ['good', 'next'],
    ])
    expect(fake.calls.logins).toBe(0)
  })

  test('so is one for a token in whose place another copy’s was adopted', async () => {
    const world = makeWorld({ stored: 'dead', isLive: false })
    const { fake, api } = world
    fake.server.latency('/slow', 500)
    const all = ['/slow', '/quick'].map((path) => watch(api.get(path), fake))
    await fake.clock.advance(2)
    fake.storage.set(KEY, { token: fake.server.issue('of-another-copy') })
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(['ok', 'ok'])
    expect([tokensAt(world, '/slow'), fake.calls.logins]).toEqual([['dead', 'of-another-copy'], 0])
  })

  test('and so is one for a token that was refreshed', async () => {
    const refresh = () => Promise.resolve(world.fake.server.issue('refreshed'))
    const world: ReturnType<typeof makeWorld> = makeWorld({
      stored: 'dead',
      isLive: false,
      client: { login: { url: '/login', refresh } },
    })
    const { fake, api } = world
    fake.server.latency('/slow', 500)
    const all = ['/slow', '/quick'].map((path) => watch(api.get(path), fake))
    await fake.clock.runAll()
    expect([codesOf(all), tokensAt(world, '/slow')]).toEqual([
      ['ok', 'ok'],
      ['dead', 'refreshed'],
    ])
    expect(fake.calls.logins).toBe(0)
  })

  test('a replay is told as a replay, not as a retry', async () => {
    const { fake, slow, events } = withSlowRefusal()
    await fake.clock.advance(1000)
    fake.server.release('/slow')
    await fake.clock.runAll()
    const mine = requestEvents(events).filter(({ url }) => url.endsWith('/slow'))
    expect(slow.code).toBe('ok')
    expect(mine.map(({ phase }) => phase)).toEqual(['send', 'replay', 'send', 'success'])
  })

  test('a session that is set on hearing that a request goes out is the one that it carries', async () => {
    const world = makeWorld({ stored: 'older' })
    const { fake, api, events } = world
    const off = api.on((event) => {
      if (event.type !== 'request' || event.phase !== 'send') return
      off()
      api.setSession(fake.server.issue('newer'))
    })
    const order = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    expect([order.code, tokensAt(world, '/orders')]).toEqual(['ok', ['newer']])
    expect(requestEvents(events).map(({ phase }) => phase)).toEqual(['send', 'success'])
  })

  test('a header() that sets another session each time keeps no request from going out', async () => {
    let count = 0
    const world: ReturnType<typeof makeWorld> = makeWorld({
      stored: 'older',
      client: {
        header: () => {
          world.api.setSession(world.fake.server.issue(`newer-${++count}`))
          return {}
        },
      },
    })
    const order = watch(world.api.get('/orders'), world.fake)
    await world.fake.clock.runAll()
    expect(order.code).toBe('ok')
  })
})
