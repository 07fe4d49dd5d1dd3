import { LoginError, RequestError, type Session } from '../../src'
import { codesOf, exchangesAt, forbid, makeWorld, NO_RETRY, phasesOf, soon, times, tokensAt } from './world'
import { watch, type Watched, type World } from './world'

/** Lets `count` logins fail, one after the other and without pauses. */
async function failLogins({ fake, api }: World, count: number): Promise<string[]> {
  const off = fake.server.on('/login', () => ({ statusCode: 500 }))
  const outcomes: string[] = []
  for (let n = 0; n < count; n++) {
    const login = watch(api.ensureLogin({ force: true }), fake)
    await fake.clock.advance(30)
    outcomes.push(login.code)
  }
  off()
  return outcomes
}

/** Whether a login that is asked for now takes a code. */
async function logsIn({ fake, api }: World): Promise<boolean> {
  const { logins } = fake.calls
  fake.server.refuseAll = true
  watch(api.ensureLogin(), fake)
  await fake.clock.settle()
  return fake.calls.logins > logins
}

describe('law 6: failure is shared, then over', () => {
  test('a failed login rejects everybody who waited, with one and the same error', async () => {
    const { fake, api } = makeWorld({ client: NO_RETRY })
    fake.misbehave('login', 'fail')
    const all = [
      ...times(5, (n) => watch<unknown>(api.get(`/${n}`), fake)),
      watch<unknown>(api.ensureLogin(), fake),
    ]
    await fake.clock.runAll()
    expect(new Set(codesOf(all))).toEqual(new Set(['LOGIN_FAILED']))
    expect(new Set(all.map(({ error }) => error)).size).toBe(1)
    expect(all[0]?.error).toBeInstanceOf(LoginError)
  })

  test('the shared error names no request, and counts no attempts', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false, client: NO_RETRY })
    fake.misbehave('login', 'fail')
    const all = times(2, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.runAll()
    expect(all.map(({ error }) => [error?.request, error?.attempts])).toEqual(times(2, () => [undefined, 0]))
  })

  test('the next call starts afresh', async () => {
    const { fake, api } = makeWorld({ client: NO_RETRY })
    fake.misbehave('login', 'fail')
    const first = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    const second = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([first.code, second.code]).toEqual(['LOGIN_FAILED', 'ok'])
  })

  test('whoever comes in answer to the news of a failure belongs to the next login', async () => {
    const { fake, api } = makeWorld({ client: NO_RETRY })
    fake.misbehave('login', 'fail')
    const later: ReturnType<typeof watch>[] = []
    const off = api.on((event) => {
      if (event.type !== 'login' || event.phase !== 'fail') return
      off()
      later.push(watch(api.get('/from-the-listener'), fake))
    })
    const fail = () => later.push(watch(api.get('/from-fail'), fake))
    const first = watch(api.request({ url: '/a', fail }), fake)
    await fake.clock.runAll()
    expect([first.code, codesOf(later)]).toEqual(['LOGIN_FAILED', ['ok', 'ok']])
    expect(fake.calls.logins).toBe(2)
  })

  test.each([
    ['a login that wx blocks', 'LOGIN_BLOCKED', (w: World) => w.fake.misbehave('login', 'blocked')],
    [
      'a code that the server refuses',
      'LOGIN_REJECTED',
      (w: World) => void w.fake.server.on('/login', () => ({ statusCode: 403 })),
    ],
    [
      'a server that is broken',
      'LOGIN_FAILED',
      (w: World) => void w.fake.server.on('/login', () => ({ statusCode: 502 })),
    ],
    [
      'HTML in place of JSON',
      'LOGIN_BAD_RESPONSE',
      (w: World) => void w.fake.server.on('/login', () => ({ data: '<html>' })),
    ],
    ['an empty answer', 'LOGIN_BAD_RESPONSE', (w: World) => void w.fake.server.on('/login', () => ({}))],
    [
      'a number for a token',
      'LOGIN_BAD_RESPONSE',
      (w: World) => void w.fake.server.on('/login', () => ({ data: { token: 7 } })),
    ],
    [
      'a token with a line break',
      'LOGIN_BAD_RESPONSE',
      (w: World) => void w.fake.server.on('/login', () => ({ data: { token: 'a\nb' } })),
    ],
    [
      'an empty token',
      'LOGIN_BAD_RESPONSE',
      (w: World) => void w.fake.server.on('/login', () => ({ data: { token: '' } })),
    ],
    [
      'a huge token',
      'LOGIN_BAD_RESPONSE',
      (w: World) => void w.fake.server.on('/login', () => ({ data: { token: 'x'.repeat(1e6) } })),
    ],
    [
      'a null answer',
      'LOGIN_BAD_RESPONSE',
      (w: World) => void w.fake.server.on('/login', () => ({ data: null })),
    ],
    [
      'a list',
      'LOGIN_BAD_RESPONSE',
      (w: World) => void w.fake.server.on('/login', () => ({ data: ['token'] })),
    ],
    ['a connection that breaks', 'LOGIN_FAILED', (w: World) => w.fake.network.failNext(9, 'reset')],
    ['a phone that is offline', 'LOGIN_FAILED', (w: World) => w.fake.network.offline()],
  ])('%s ends the login with a code of its own', async (_what, code, prepare) => {
    const world = makeWorld({ client: NO_RETRY })
    prepare(world)
    const all = [
      watch<unknown>(world.api.get('/a'), world.fake),
      watch<unknown>(world.api.ensureLogin(), world.fake),
    ]
    await world.fake.clock.runAll()
    expect(codesOf(all)).toEqual([code, code])
    expect(world.api.session).toBeUndefined()
  })

  test('a blocked user is not asked to log in a second time by the same login', async () => {
    const { fake, api } = makeWorld({ client: { login: { url: '/login', retry: 5 } } })
    fake.misbehave('login', 'blocked', Infinity)
    const login = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    expect([login.code, fake.calls.logins]).toEqual(['LOGIN_BLOCKED', 1])
  })

  test.each([
    ['wx.login', 'LOGIN_TIMEOUT', (w: World) => w.fake.misbehave('login', 'hang', Infinity)],
    ['the exchange', 'LOGIN_TIMEOUT', (w: World) => w.fake.misbehave('request', 'hang', Infinity)],
  ])('%s that hangs fails after its 10 s, and is not tried again by itself', async (_what, code, prepare) => {
    const world = makeWorld()
    const { fake, api } = world
    prepare(world)
    const begun = fake.clock.now()
    const login = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    expect([login.code, fake.calls.logins]).toEqual([code, 1])
    expect((login.at ?? Infinity) - begun).toBeLessThanOrEqual(10_010)
  })

  test('a hanging login in all its steps fails within 20 s', async () => {
    const { fake, api } = makeWorld({ fake: { loginLatency: 9_900 } })
    fake.misbehave('request', 'hang', Infinity)
    const begun = fake.clock.now()
    const login = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    expect(login.code).toBe('LOGIN_TIMEOUT')
    expect((login.at ?? Infinity) - begun).toBeLessThanOrEqual(20_000)
  })

  test('after three failures in a row the next login fails fast, for a second', async () => {
    const world = makeWorld({ client: NO_RETRY })
    expect(await failLogins(world, 3)).toEqual(times(3, () => 'LOGIN_FAILED'))
    const { fake, api } = world
    const early = watch(api.get('/a'), fake)
    await fake.clock.advance(900)
    const late = watch(api.get('/a'), fake)
    await fake.clock.advance(100)
    const then = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([early.code, late.code, then.code]).toEqual(['LOGIN_COOLDOWN', 'LOGIN_COOLDOWN', 'ok'])
  })

  test('two failures in a row do not pause anything', async () => {
    const world = makeWorld({ client: NO_RETRY })
    await failLogins(world, 2)
    const request = watch(world.api.get('/a'), world.fake)
    await world.fake.clock.runAll()
    expect(request.code).toBe('ok')
  })

  test.each([
    [3, 1000],
    [4, 2000],
    [5, 4000],
    [8, 32_000],
    [9, 60_000],
    [14, 60_000],
  ])('after %i failures the pause is %i ms', async (failures, pause) => {
    const world = makeWorld({ client: NO_RETRY })
    await failLogins(world, failures)
    // The last failure came 10 to 30 ms before the clock is looked at.
    await world.fake.clock.advance(pause - 40)
    expect(await logsIn(world)).toBe(false)
    await world.fake.clock.advance(50)
    expect(await logsIn(world)).toBe(true)
  })

  test('a login that succeeds does not clear the count, an accepted request does', async () => {
    const world = makeWorld({ client: NO_RETRY })
    const { fake, api } = world
    await failLogins(world, 2)
    await Promise.all([api.ensureLogin({ force: true }), fake.clock.advance(100)])
    await failLogins(world, 1)
    fake.server.expire()
    const { logins } = fake.calls
    const refused = watch(api.get('/a'), fake)
    await fake.clock.advance(500)
    expect([refused.code, fake.calls.logins]).toEqual([
      expect.stringMatching(/^(UNAUTHORIZED|LOGIN_COOLDOWN)$/),
      logins,
    ])
  })

  test('after an accepted request failures are counted from nought', async () => {
    const world = makeWorld({ client: NO_RETRY })
    const { fake, api } = world
    await failLogins(world, 2)
    await Promise.all([api.get('/a'), fake.clock.advance(100)])
    await failLogins(world, 2)
    fake.server.expire()
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect(request.code).toBe('ok')
  })

  test('fresh tokens that are refused count as failures: endless 401s stop burning codes', async () => {
    const { fake, api } = makeWorld()
    fake.server.refuseAll = true
    const outcomes: string[] = []
    for (let n = 0; n < 10; n++) outcomes.push((await soon(fake, api.get(`/${n}`), 50)).code)
    expect(outcomes.slice(0, 3)).toEqual(times(3, () => 'UNAUTHORIZED'))
    expect(fake.calls.logins).toBe(3)
  })

  test('many refusals of one fresh token count once', async () => {
    const { fake, api } = makeWorld()
    fake.server.refuseAll = true
    const all = times(9, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.advance(100)
    fake.server.refuseAll = false
    fake.server.expire()
    const next = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([new Set(codesOf(all)), next.code]).toEqual([new Set(['UNAUTHORIZED']), 'ok'])
  })

  test('a token that was accepted once and refused later is no failed login', async () => {
    const { fake, api } = makeWorld()
    for (let n = 0; n < 6; n++) {
      fake.server.expire()
      const request = watch(api.get('/a'), fake)
      await fake.clock.advance(100)
      expect(request.code).toBe('ok')
    }
  })

  test('ensureLogin({ force: true }) ignores the pause', async () => {
    const world = makeWorld({ client: NO_RETRY })
    await failLogins(world, 6)
    const plain = watch(world.api.ensureLogin(), world.fake)
    const forced = watch(world.api.ensureLogin({ force: true }), world.fake)
    await world.fake.clock.runAll()
    expect([plain.code, forced.code]).toEqual(['LOGIN_COOLDOWN', 'ok'])
  })

  test('ensureLogin({ force: true }) never adopts what another copy has stored', async () => {
    const { fake, api } = makeWorld({ stored: 'old' })
    expect(api.session?.token).toBe('old')
    fake.storage.set('miniprogram-session', { token: fake.server.issue('of-another-copy') })
    const forced = watch(api.ensureLogin({ force: true }), fake)
    await fake.clock.runAll()
    expect([forced.value?.token, fake.calls.logins]).toEqual(['token-1', 1])
  })

  test('a pause refuses only who needs a login: a good token goes on being used', async () => {
    const world = makeWorld({ client: NO_RETRY, stored: 'good' })
    await failLogins(world, 5)
    const request = watch(world.api.get('/a'), world.fake)
    await world.fake.clock.advance(100)
    expect(request.code).toBe('ok')
  })

  test('a refusal by the pause is no login: no event, no count', async () => {
    const world = makeWorld({ client: NO_RETRY })
    await failLogins(world, 3)
    const before = phasesOf(world.events, 'login').length
    const all = times(20, () => watch(world.api.get('/a'), world.fake))
    await world.fake.clock.advance(1000)
    all.push(watch(world.api.get('/a'), world.fake))
    await world.fake.clock.runAll()
    expect(codesOf(all)).toEqual([...times(20, () => 'LOGIN_COOLDOWN'), 'ok'])
    expect(phasesOf(world.events, 'login').slice(before)).toEqual(['start', 'success'])
  })

  test('a page opened from Moments is told so, and nothing is asked of WeChat', async () => {
    const { fake, api } = makeWorld({ fake: { singlePage: true } })
    fake.server.on('/open', () => ({ data: 1 }))
    const all = [
      watch<unknown>(api.get('/a'), fake),
      watch<unknown>(api.ensureLogin(), fake),
      watch<unknown>(api.get('/open', {}, { auth: 'optional' }), fake),
    ]
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(['SINGLE_PAGE_MODE', 'SINGLE_PAGE_MODE', 'ok'])
    expect([fake.calls.logins, exchangesAt({ fake })]).toEqual([0, 0])
  })

  test('a forced login that joins another one shares its failure, whatever is known', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { ...NO_RETRY, checkSession: false } })
    fake.account.expireKey()
    fake.misbehave('login', 'fail')
    const verified = watch(api.get('/a', {}, { auth: 'verified' }), fake)
    await fake.clock.advance(15)
    const forced = watch(api.ensureLogin({ force: true }), fake)
    await fake.clock.runAll()
    expect([verified.code, forced.code]).toEqual(['LOGIN_FAILED', 'LOGIN_FAILED'])
    expect(forced.error).toBe(verified.error)
  })

  test('a login that is forced in the moment in which it adopts a token logs in all the same', async () => {
    for (const hops of times(40, (index) => index)) {
      let isRefused = false
      let forced: Watched<Session> | undefined
      const storage = {
        get() {
          if (!isRefused) return { token: 'dead' }
          const hop = (left: number): void => {
            if (left > 0) Promise.resolve(left - 1).then(hop, hop)
            else forced ??= watch(api.ensureLogin({ force: true }), fake)
          }
          hop(hops)
          return { token: 'of-another-copy' }
        },
        set: () => undefined,
        remove: () => undefined,
      }
      const { fake, api } = makeWorld({ client: { storage, checkSession: false } })
      const orders = fake.server.guard(() => ({}))
      fake.server.on('/orders', (request, wire) => {
        isRefused = true
        return orders(request, wire)
      })
      watch(api.get('/orders'), fake)
      await fake.clock.runAll()
      expect([hops, forced?.value?.token]).toEqual([hops, 'token-1'])
    }
  })
})

describe('law 6: whoever can do without it', () => {
  test('a request made during a forced login that fails goes out with the token that is still good', async () => {
    const world = makeWorld({ stored: 'good', client: { ...NO_RETRY, checkSession: false } })
    const { fake, api } = world
    fake.misbehave('login', 'fail')
    const forced = watch(api.ensureLogin({ force: true }), fake)
    const all = [watch(api.get('/a'), fake), watch(api.get('/b', {}, { auth: 'optional' }), fake)]
    await fake.clock.runAll()
    expect([forced.code, ...codesOf(all)]).toEqual(['LOGIN_FAILED', 'ok', 'ok'])
    expect([tokensAt(world, '/a'), tokensAt(world, '/b')]).toEqual([['good'], ['good']])
  })

  test('with a token that has expired meanwhile it cannot: it gets the same error', async () => {
    const { fake, api } = makeWorld({
      client: { ...NO_RETRY, checkSession: false },
      fake: { loginLatency: 1000 },
    })
    fake.storage.set('miniprogram-session', { token: 'brief', expiresAt: fake.clock.now() + 500 })
    fake.misbehave('login', 'fail')
    const forced = watch(api.ensureLogin({ force: true }), fake)
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([forced.code, request.error]).toEqual(['LOGIN_FAILED', forced.error])
  })

  test('one whose token was refused cannot either', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false, client: NO_RETRY })
    fake.misbehave('login', 'fail')
    const request = await soon(fake, api.get('/a'))
    expect(request.code).toBe('LOGIN_FAILED')
  })

  test('if a login with data fails only who gave it is rejected, the rest ask again', async () => {
    const { fake, api } = makeWorld({ client: { ...NO_RETRY, checkSession: false } })
    fake.misbehave('login', 'fail')
    const withData = watch(api.ensureLogin({ data: { phone: 'p' } }), fake)
    const all = [watch<unknown>(api.get('/a'), fake), watch<unknown>(api.ensureLogin(), fake)]
    await fake.clock.runAll()
    expect([withData.code, ...codesOf(all), fake.calls.logins]).toEqual(['LOGIN_FAILED', 'ok', 'ok', 2])
  })
})

describe('law 6: what the pause counts', () => {
  test('not a missing network: the first request after it logs in', async () => {
    const { fake, api } = makeWorld({ client: { ...NO_RETRY, retry: false } })
    fake.network.offline()
    for (let n = 0; n < 11; n++) {
      const offline = await soon(fake, api.get('/a'))
      expect([offline.code, offline.error?.isOffline]).toEqual(['LOGIN_FAILED', true])
    }
    fake.network.online()
    expect((await soon(fake, api.get('/a'))).code).toBe('ok')
  })

  test.each(['login', 'request'] as const)('not a time-out of %s', async (step) => {
    const { fake, api } = makeWorld({ client: { login: { url: '/login', retry: 0, timeout: 100 } } })
    fake.misbehave(step, 'hang', 5)
    for (let n = 0; n < 5; n++) {
      expect((await soon(fake, api.ensureLogin(), 5000)).code).toBe('LOGIN_TIMEOUT')
    }
    fake.behave()
    expect((await soon(fake, api.get('/a'))).code).toBe('ok')
  })

  test('what WeChat answers', async () => {
    const { fake, api } = makeWorld()
    fake.misbehave('login', 'blocked', 3)
    for (let n = 0; n < 3; n++) await soon(fake, api.ensureLogin({ force: true }))
    expect((await soon(fake, api.get('/a'))).code).toBe('LOGIN_COOLDOWN')
  })

  test('LOGIN_COOLDOWN names the last failure as its cause', async () => {
    const world = makeWorld({ client: NO_RETRY })
    await failLogins(world, 3)
    const paused = await soon(world.fake, world.api.get('/a'))
    expect(paused.code).toBe('LOGIN_COOLDOWN')
    expect(paused.error?.cause).toBeInstanceOf(RequestError)
  })

  test('logout() ends the pause', async () => {
    const world = makeWorld({ client: NO_RETRY })
    await failLogins(world, 6)
    world.api.logout()
    expect((await soon(world.fake, world.api.get('/a'))).code).toBe('ok')
  })

  test('so does setSession(), and what was counted is forgotten', async () => {
    const world = makeWorld({ client: NO_RETRY })
    const { fake, api } = world
    await failLogins(world, 6)
    api.setSession('dead')
    const request = await soon(fake, api.get('/a'))
    expect([request.code, tokensAt(world, '/a')]).toEqual(['ok', ['dead', 'token-1']])
  })
})

describe('law 6: fresh tokens that are refused', () => {
  /** Each of these addresses is forbidden to everybody; asked one after the other, with a healthy one between. */
  async function askForbidden({ fake, api }: World, ...paths: string[]): Promise<string[]> {
    const codes: string[] = []
    for (const path of paths) {
      forbid(fake, path)
      codes.push((await soon(fake, api.get(path), 50)).code)
      expect((await soon(fake, api.get('/healthy'), 50)).code).toBe('ok')
    }
    return codes
  }

  test('are counted through requests that succeed: after three a refusal costs no more codes', async () => {
    const world = makeWorld()
    const codes = await askForbidden(world, '/1', '/2', '/3', '/4', '/5')
    expect([codes, world.fake.calls.logins]).toEqual([times(5, () => 'UNAUTHORIZED'), 3])
  })

  test('are counted together with failed logins', async () => {
    const world = makeWorld({ client: NO_RETRY })
    await failLogins(world, 2)
    forbid(world.fake, '/forbidden')
    const refused = await soon(world.fake, world.api.get('/forbidden'), 50)
    world.fake.server.expire()
    const logins = world.fake.calls.logins
    const next = await soon(world.fake, world.api.get('/a'), 50)
    expect([refused.code, next.code, world.fake.calls.logins - logins]).toEqual([
      'UNAUTHORIZED',
      expect.stringMatching(/^(LOGIN_COOLDOWN|UNAUTHORIZED)$/),
      0,
    ])
  })

  test('are forgotten when a replay is accepted', async () => {
    const world = makeWorld()
    await askForbidden(world, '/1', '/2')
    world.fake.server.expire()
    const replayed = await soon(world.fake, world.api.get('/a'), 50)
    expect([replayed.code, tokensAt(world, '/a').length]).toEqual(['ok', 2])
    await askForbidden(world, '/3', '/4')
    expect(world.fake.calls.logins).toBe(5)
  })

  test.each([
    ['logout()', (world: World) => world.api.logout()],
    ['setSession()', (world: World) => world.api.setSession(world.fake.server.issue('set'))],
  ])('and by %s', async (_what, deed) => {
    const world = makeWorld()
    await askForbidden(world, '/1', '/2', '/3')
    const { logins } = world.fake.calls
    deed(world)
    const codes = await askForbidden(world, '/4')
    expect([codes, world.fake.calls.logins]).toEqual([['UNAUTHORIZED'], logins + 1])
  })
})
