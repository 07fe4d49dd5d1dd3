import { createClient } from '../../src'
import {
  altered,
  clientOn,
  codesOf,
  HOME,
  KEY,
  makeWorld,
  PHONE_LANES,
  soon,
  times,
  tokensAt,
  watch,
} from './world'
import type { World } from './world'

/** Whether each request went out while no login was in flight; `auth: false` ones may go at any time. */
function sentDuringLogin({ fake, events }: World): string[] {
  const logins = events.filter(({ type }) => type === 'login')
  const spans: [number, number][] = []
  for (const event of logins) {
    if (event.type !== 'login') continue
    if (event.phase === 'start') spans.push([event.at, Infinity])
    else (spans[spans.length - 1] ?? [0, 0])[1] = event.at
  }
  const inside = (at: number) => spans.some(([from, to]) => at > from && at < to)
  return fake.calls.requests
    .filter((call) => inside(call.calledAt) && !call.url.endsWith('/login'))
    .map(({ url }) => url)
}

describe('law 3: nobody walks into a closing door', () => {
  test('a request made during a login waits and goes out with the new token', async () => {
    const world = makeWorld({ stored: 'dead', isLive: false })
    const { fake, api } = world
    const first = watch(api.get('/first'), fake)
    await fake.clock.advance(15)
    const second = watch(api.get('/second'), fake)
    await fake.clock.runAll()
    expect([first.code, second.code]).toEqual(['ok', 'ok'])
    expect(tokensAt(world, '/second')).toEqual(['token-1'])
    expect(sentDuringLogin(world)).toEqual([])
  })

  test('requests that queue for lanes when a login starts wait, and none goes out with the dead token', async () => {
    const world = makeWorld({ stored: 'dead', isLive: false, client: { concurrency: 2 } })
    const { fake, api } = world
    const all = times(12, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.runAll()
    expect(new Set(codesOf(all))).toEqual(new Set(['ok']))
    const dead = times(12, (n) => tokensAt(world, `/${n}`)).filter((tokens) => tokens[0] === 'dead')
    expect(dead.length).toBe(2)
    expect(sentDuringLogin(world)).toEqual([])
  })

  test('nor does one of a client that nobody listens to', async () => {
    const { fake } = makeWorld({ stored: 'dead', isLive: false })
    const { wx: platform } = fake
    const api = createClient({ baseURL: HOME, login: { url: '/login' }, platform, concurrency: 2 })
    const all = times(12, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.runAll()
    expect(new Set(codesOf(all))).toEqual(new Set(['ok']))
    const tokens = times(12, (n) => tokensAt({ fake }, `/${n}`))
    expect(tokens.filter(([first]) => first !== 'token-1')).toEqual(times(2, () => ['dead', 'token-1']))
  })

  test('requests that queued for lanes keep their order behind a login', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false, client: { concurrency: 1 } })
    const all = times(6, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.runAll()
    expect(new Set(codesOf(all))).toEqual(new Set(['ok']))
    const answered = fake.server.requests.filter(
      (request) => request.headerOf('Authorization') === 'Bearer token-1',
    )
    // The one that was refused has waited longest.
    expect(answered.map(({ path }) => path)).toEqual(['/0', '/1', '/2', '/3', '/4', '/5'])
  })

  test('a request between two tries when a login starts waits for it', async () => {
    const world = makeWorld({ stored: 'dead', isLive: false, client: { retry: { delay: () => 8 } } })
    const { fake, api } = world
    fake.misbehave('request', 'fail', 1, ({ url }) => url?.endsWith('/flaky') === true)
    const all = [watch(api.get('/flaky'), fake), watch(api.get('/other'), fake)]
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(['ok', 'ok'])
    expect(tokensAt(world, '/flaky')).toEqual(['token-1'])
    expect(sentDuringLogin(world)).toEqual([])
  })

  test('requests without a token do not wait for a login', async () => {
    const { fake, api } = makeWorld()
    fake.misbehave('login', 'hang')
    fake.server.on('/public', () => ({ data: 'here' }))
    const first = watch(api.get('/mine'), fake)
    const open = watch(api.get('/public', {}, { auth: false }), fake)
    const foreign = watch(api.request({ url: 'https://cdn.test/x', throwHttpErrors: false }), fake)
    await fake.clock.advance(100)
    expect([first.code, open.code, foreign.code]).toEqual(['pending', 'ok', 'ok'])
  })

  test("an 'optional' request waits for a login that is in flight, and uses its token", async () => {
    const world = makeWorld()
    const { fake, api } = world
    const all = [watch(api.get('/mine'), fake), watch(api.get('/maybe', {}, { auth: 'optional' }), fake)]
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(['ok', 'ok'])
    expect(tokensAt(world, '/maybe')).toEqual(['token-1'])
  })

  test("an 'optional' request goes on without a token when the login it waited for fails", async () => {
    const world = makeWorld()
    const { fake, api } = world
    fake.misbehave('login', 'fail', 3)
    fake.server.on('/maybe', () => ({ data: 'for everybody' }))
    const mine = watch(api.get('/mine'), fake)
    const maybe = watch(api.get('/maybe', {}, { auth: 'optional' }), fake)
    await fake.clock.runAll()
    expect([mine.code, maybe.code, tokensAt(world, '/maybe')]).toEqual(['LOGIN_FAILED', 'ok', ['']])
  })

  test('a login that only a failed check has begun closes no door: requests go on with the token they have', async () => {
    const world = makeWorld({ stored: 'stored', fake: { checkLatency: 1 } })
    const { fake, api } = world
    fake.account.expireKey()
    fake.misbehave('login', 'hang')
    const all = times(4, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.advance(50)
    all.push(watch(api.get('/4'), fake))
    await fake.clock.advance(50)
    expect([codesOf(all), fake.calls.logins]).toEqual([times(5, () => 'ok'), 1])
    expect(times(5, (n) => tokensAt(world, `/${n}`))).toEqual(times(5, () => ['stored']))
  })

  test('nor one of a check that fails within the call, for those that queue for a lane either', async () => {
    const world = makeWorld({ stored: 'stored', client: { concurrency: 1 } })
    const { fake, api } = world
    fake.misbehave('checkSession', { fail: { errMsg: 'fail' }, sameTick: true })
    fake.misbehave('login', 'hang')
    const all = times(3, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.advance(100)
    expect([codesOf(all), fake.calls.logins]).toEqual([['ok', 'ok', 'ok'], 1])
  })

  test('once it has brought a token, that is the one they go out with', async () => {
    const world = makeWorld({ stored: 'stored', fake: { checkLatency: 1 } })
    const { fake, api } = world
    fake.account.expireKey()
    const first = await soon(fake, api.get('/first'))
    const second = await soon(fake, api.get('/second'))
    expect([first.code, second.code, tokensAt(world, '/second')]).toEqual(['ok', 'ok', ['token-1']])
  })

  describe('but the door closes', () => {
    /** A login that a failed check has begun, and that takes a second. */
    async function afterFailedCheck(life = 3_600_000): Promise<World> {
      const world = makeWorld({ fake: { checkLatency: 1, loginLatency: 1000 } })
      world.fake.storage.set(KEY, { token: 'stored', expiresAt: world.fake.clock.now() + life })
      world.fake.server.issue('stored')
      world.fake.account.expireKey()
      const first = await soon(world.fake, world.api.get('/first'))
      expect([first.code, world.fake.calls.logins]).toEqual(['ok', 1])
      return world
    }

    test('when the token is refused', async () => {
      const world = await afterFailedCheck()
      const { fake, api } = world
      fake.server.expire()
      const refused = await soon(fake, api.get('/refused'))
      const after = await soon(fake, api.get('/after'))
      expect(codesOf([refused, after])).toEqual(['pending', 'pending'])
      await fake.clock.runAll()
      expect([tokensAt(world, '/refused'), tokensAt(world, '/after')]).toEqual([
        ['stored', 'token-1'],
        ['token-1'],
      ])
      expect([codesOf([refused, after]), fake.calls.logins]).toEqual([['ok', 'ok'], 1])
    })

    test('when a listener that hears of a send forces a login: that request waits', async () => {
      const world = await afterFailedCheck()
      const { fake, api } = world
      const off = api.on((event) => {
        if (event.type !== 'request' || event.phase !== 'send') return
        off()
        watch(api.ensureLogin({ force: true }), fake)
      })
      const request = watch(api.get('/a'), fake)
      await fake.clock.runAll()
      expect([request.code, tokensAt(world, '/a'), fake.calls.logins]).toEqual(['ok', ['token-1'], 1])
    })

    test('when the token expires', async () => {
      const world = await afterFailedCheck(300)
      const { fake, api } = world
      await fake.clock.advance(300)
      const after = await soon(fake, api.get('/after'))
      expect(after.code).toBe('pending')
      await fake.clock.runAll()
      expect([after.code, tokensAt(world, '/after'), fake.calls.logins]).toEqual(['ok', ['token-1'], 1])
    })

    test('when a forced login joins', async () => {
      const world = await afterFailedCheck()
      const { fake, api } = world
      const forced = watch(api.ensureLogin({ force: true }), fake)
      const after = await soon(fake, api.get('/after'))
      expect(after.code).toBe('pending')
      await fake.clock.runAll()
      expect([forced.value?.token, after.code, tokensAt(world, '/after')]).toEqual([
        'token-1',
        'ok',
        ['token-1'],
      ])
      expect(fake.calls.logins).toBe(1)
    })
  })

  test('authorize does not run during a login', async () => {
    const { fake, api } = makeWorld({ stored: 'old' })
    const forced = watch(api.ensureLogin({ force: true }), fake)
    const run = jest.fn((token: string) => token)
    const result = watch(api.authorize(run), fake)
    await fake.clock.runAll()
    expect([forced.code, result.value, run.mock.calls]).toEqual(['ok', 'token-1', [['token-1']]])
  })

  test('the login has a lane of its own while all others are stalled', async () => {
    const { fake, api } = makeWorld({ stored: 'old', client: { timeout: 60_000 } })
    fake.server.hold('/stalled')
    const stalled = times(30, () => watch(api.get('/stalled'), fake))
    await fake.clock.advance(50)
    const forced = watch(api.ensureLogin({ force: true }), fake)
    await fake.clock.advance(50)
    expect([forced.code, fake.network.running, fake.network.waiting]).toEqual(['ok', PHONE_LANES - 1, 0])
    fake.server.release()
    await fake.clock.runAll()
    expect(new Set(codesOf(stalled))).toEqual(new Set(['ok']))
  })

  test('once the token has been accepted all lanes are used, and a login takes the next one that is free', async () => {
    const { fake, api } = makeWorld({ stored: 'old', client: { timeout: 60_000 } })
    await soon(fake, api.get('/warm'))
    fake.server.hold('/stalled')
    const stalled = times(30, () => watch(api.get('/stalled'), fake))
    await fake.clock.advance(50)
    expect([fake.network.running, fake.network.waiting]).toEqual([PHONE_LANES, 0])
    const forced = await soon(fake, api.ensureLogin({ force: true }))
    expect(forced.code).toBe('pending')
    fake.server.release('/stalled', 1)
    await fake.clock.advance(100)
    expect([forced.code, fake.calls.requests[PHONE_LANES + 1]?.url]).toEqual(['ok', `${HOME}/login`])
    fake.server.release()
    await fake.clock.runAll()
    expect(new Set(codesOf(stalled))).toEqual(new Set(['ok']))
  })

  test('the time in which a login waits for a lane is not its time', async () => {
    const { fake, api } = makeWorld({
      stored: 'old',
      client: { timeout: 60_000, login: { url: '/login', timeout: 500, retry: 0 } },
    })
    await soon(fake, api.get('/warm'))
    fake.server.hold('/stalled')
    const stalled = times(PHONE_LANES, () => watch(api.get('/stalled'), fake))
    await fake.clock.advance(50)
    const forced = await soon(fake, api.ensureLogin({ force: true }), 20_000)
    expect(forced.code).toBe('pending')
    fake.server.release()
    await fake.clock.advance(100)
    expect([forced.code, new Set(codesOf(stalled))]).toEqual(['ok', new Set(['ok'])])
  })

  test('a client whose app logs in by a function of its own keeps a lane for it at all times', async () => {
    const login = () => Promise.resolve(fake.server.issue())
    const { fake, api }: World = makeWorld({ stored: 'old', client: { login, timeout: 60_000 } })
    await soon(fake, api.get('/warm'))
    fake.server.hold('/stalled')
    const stalled = times(12, () => watch(api.get('/stalled'), fake))
    await fake.clock.advance(50)
    expect(fake.network.running).toBe(PHONE_LANES - 1)
    fake.server.release()
    await fake.clock.runAll()
    expect(new Set(codesOf(stalled))).toEqual(new Set(['ok']))
  })

  test('and lends it to the request that the function makes', async () => {
    const login = (code: string) => api.post<string>('/exchange', { code }, { auth: false })
    const { fake, api }: World = makeWorld({ stored: 'old', client: { login, timeout: 60_000 } })
    fake.server.on('/exchange', () => ({ data: fake.server.issue() }))
    fake.server.hold('/stalled')
    const stalled = times(12, () => watch(api.get('/stalled'), fake))
    await fake.clock.advance(50)
    const forced = await soon(fake, api.ensureLogin({ force: true }))
    expect([forced.code, fake.network.running]).toEqual(['ok', PHONE_LANES - 1])
    fake.server.release()
    await fake.clock.runAll()
    expect(new Set(codesOf(stalled))).toEqual(new Set(['ok']))
  })

  test('a login that a listener starts on hearing of a send holds that very request back', async () => {
    const world = makeWorld({ stored: 'old' })
    const { fake, api } = world
    let isAsked = false
    api.on((event) => {
      if (event.type !== 'request' || event.phase !== 'send' || isAsked) return
      isAsked = true
      watch(api.ensureLogin({ force: true }), fake)
    })
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, fake.calls.logins]).toEqual(['ok', 1])
    expect(sentDuringLogin(world)).toEqual([])
  })

  test('a session that expires between the look and the send is not sent as no token at all', async () => {
    const { fake } = makeWorld()
    let time = fake.clock.now()
    const clock = { ...fake.clock, now: () => (time = Math.max(time, fake.clock.now()) + 1) }
    fake.storage.set('miniprogram-session', { token: 'brief', expiresAt: fake.clock.now() + 6 })
    for (let late = 1; late < 12; late++) {
      const { api } = clientOn(fake, { platform: altered(fake, { clock }) })
      time = fake.clock.now()
      fake.storage.set('miniprogram-session', { token: 'brief', expiresAt: time + late })
      watch(api.get(`/${late}`), fake)
      await fake.clock.advance(3000)
    }
    expect(tokensAt({ fake }, '/login').length).toBeGreaterThan(0)
    for (let late = 1; late < 12; late++) expect(tokensAt({ fake }, `/${late}`)).not.toContain('')
  })

  test('a listener that forces a login on hearing of a send: that request waits for it', async () => {
    const world = makeWorld({ stored: 'good', client: { checkSession: false } })
    const { fake, api } = world
    const off = api.on((event) => {
      if (event.type !== 'request' || event.phase !== 'send') return
      off()
      api.ensureLogin({ force: true }).catch(() => undefined)
    })
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, tokensAt(world, '/a')]).toEqual(['ok', ['token-1']])
  })
})
