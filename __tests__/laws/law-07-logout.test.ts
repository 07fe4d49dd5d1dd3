import type { Client, ClientEvent, Middleware } from '../../src'
import {
  clientOn,
  codesOf,
  deferred,
  exchangesAt,
  forbid,
  makeWorld,
  soon,
  storedToken,
  times,
  tokensAt,
  watch,
} from './world'

/** Logs out from inside a listener, each time this is heard. */
function logoutOn(api: Client, type: ClientEvent['type'], phase?: string): void {
  api.on((event) => {
    const heard = 'phase' in event ? event.phase : undefined
    if (event.type === type && heard === phase) api.logout()
  })
}

describe('law 7: logout wins', () => {
  test('a request that waits for a login is rejected at once, and never goes out', async () => {
    const world = makeWorld()
    const { fake, api } = world
    const all = [watch<unknown>(api.get('/a'), fake), watch<unknown>(api.ensureLogin(), fake)]
    await fake.clock.advance(5)
    api.logout()
    await fake.clock.settle()
    expect(codesOf(all)).toEqual(['LOGGED_OUT', 'LOGGED_OUT'])
    await fake.clock.runAll()
    expect([tokensAt(world, '/a'), exchangesAt(world), fake.storage.keys()]).toEqual([[], 0, []])
  })

  test('a request that queues for a lane is rejected at once, whenever that would be free', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { concurrency: 1, checkSession: false } })
    fake.server.hold('/held')
    const all = [watch(api.get('/held'), fake), watch(api.get('/queued'), fake)]
    await fake.clock.advance(50)
    api.logout()
    await fake.clock.settle()
    expect(codesOf(all)).toEqual(['pending', 'LOGGED_OUT'])
  })

  test('a request that waits for the check is rejected', async () => {
    const world = makeWorld({ stored: 'good' })
    const { fake, api } = world
    const all = [
      watch<unknown>(api.get('/a', {}, { auth: 'verified' }), fake),
      watch<unknown>(api.ensureLogin(), fake),
    ]
    await fake.clock.advance(5)
    api.logout()
    await fake.clock.runAll()
    expect([...codesOf(all), tokensAt(world, '/a').length, fake.calls.logins]).toEqual([
      'LOGGED_OUT',
      'LOGGED_OUT',
      0,
      0,
    ])
  })

  test('a check that fails after the logout starts no login', async () => {
    const { fake, api } = makeWorld({ stored: 'good' })
    fake.account.expireKey()
    const request = watch(api.get('/a'), fake)
    await fake.clock.advance(5)
    api.logout()
    await fake.clock.runAll()
    expect([request.code, fake.calls.logins, storedToken(fake)]).toEqual(['ok', 0, undefined])
  })

  test('requests that queue for a lane are rejected, those on the wire end as they end', async () => {
    const world = makeWorld({ stored: 'good', client: { concurrency: 2 } })
    const { fake, api } = world
    const all = times(5, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.advance(2)
    api.logout()
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(['ok', 'ok', 'LOGGED_OUT', 'LOGGED_OUT', 'LOGGED_OUT'])
    expect(fake.server.requestCount).toBe(2)
  })

  test('a queued request without a token is rejected as well: whatever was created before', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { concurrency: 1 } })
    const all = [watch(api.get('/a'), fake), watch(api.get('/b', {}, { auth: false }), fake)]
    await fake.clock.advance(2)
    api.logout()
    await fake.clock.runAll()
    expect([codesOf(all), fake.server.requestCount]).toEqual([['ok', 'LOGGED_OUT'], 1])
  })

  test('a request between two tries is rejected, and not tried again', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { retry: { delay: () => 1000 } } })
    fake.network.failNext(1)
    const request = watch(api.get('/a'), fake)
    await fake.clock.advance(100)
    api.logout()
    await fake.clock.runAll()
    expect([request.code, fake.server.requestCount]).toEqual(['LOGGED_OUT', 0])
  })

  test.each(['throw', 'same-tick'] as const)(
    'a request whose first try failed within the call (%s) is rejected at once',
    async (how) => {
      const { fake, api } = makeWorld({ stored: 'good' })
      fake.server.on('/a', () => ({ statusCode: 503 }))
      fake.misbehave('request', how)
      const request = watch(api.get('/a'), fake)
      await fake.clock.advance(10)
      api.logout()
      await fake.clock.settle()
      expect(request.code).toBe('LOGGED_OUT')
    },
  )

  test('a failure that comes after the logout is not tried again', async () => {
    const { fake, api } = makeWorld({ stored: 'good' })
    fake.network.failNext(1)
    const request = watch(api.get('/a'), fake)
    await fake.clock.advance(2)
    api.logout()
    await fake.clock.runAll()
    expect([request.code, fake.calls.requestCount]).toEqual(['NETWORK', 1])
  })

  test('a 401 that comes after the logout starts no login', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false })
    const request = watch(api.get('/a'), fake)
    await fake.clock.advance(2)
    api.logout()
    await fake.clock.runAll()
    expect([request.code, fake.calls.logins]).toEqual(['UNAUTHORIZED', 0])
  })

  test('a 401 that comes after the logout is not replayed with the token of a newer login', async () => {
    const world = makeWorld({ stored: 'dead', isLive: false })
    const { fake, api } = world
    fake.server.latency('/slow', 500)
    const slow = watch(api.get('/slow'), fake)
    await fake.clock.advance(2)
    api.logout()
    const next = watch(api.get('/next'), fake)
    await fake.clock.runAll()
    expect([slow.code, next.code, tokensAt(world, '/slow')]).toEqual(['UNAUTHORIZED', 'ok', ['dead']])
    expect(api.session?.token).toBe('token-1')
  })

  test.each([
    ['while wx.login is asked', 5],
    ['while the code is exchanged', 15],
  ])('a login given up %s stores nothing', async (_when, ms) => {
    const { fake, api } = makeWorld()
    const login = watch(api.ensureLogin(), fake)
    await fake.clock.advance(ms)
    api.logout()
    await fake.clock.runAll()
    expect([login.code, api.session, fake.storage.keys()]).toEqual(['LOGGED_OUT', undefined, []])
  })

  test('a login given up while it refreshes stores nothing', async () => {
    const refreshed = deferred<string>()
    const login = { url: '/login', refresh: () => refreshed.promise }
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false, client: { login } })
    const request = watch(api.get('/a'), fake)
    await fake.clock.advance(50)
    api.logout()
    refreshed.resolve('refreshed')
    await fake.clock.runAll()
    expect([request.code, api.session, fake.storage.keys()]).toEqual(['LOGGED_OUT', undefined, []])
  })

  test('a login given up while it reads an asynchronous store asks WeChat for nothing', async () => {
    const { fake, api } = makeWorld({ client: { storage: { encrypt: true } } })
    const login = watch(api.ensureLogin({ force: true }), fake)
    api.logout()
    await fake.clock.runAll()
    expect([login.code, fake.calls.logins, api.session]).toEqual(['LOGGED_OUT', 0, undefined])
  })

  test.each([5, 15])('a login given up after %i ms does not disturb the newer one', async (ms) => {
    const { fake, api } = makeWorld()
    const old = watch(api.ensureLogin(), fake)
    await fake.clock.advance(ms)
    api.logout()
    const newer = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    const issued = [...fake.server.tokens]
    expect([old.code, newer.code]).toEqual(['LOGGED_OUT', 'ok'])
    expect([api.session?.token, storedToken(fake)]).toEqual(times(2, () => issued[issued.length - 1]))
  })

  test('a login given up between two tries asks WeChat for no other code', async () => {
    const { fake, api } = makeWorld()
    const off = fake.server.on('/login', () => ({ statusCode: 503 }))
    const login = await soon(fake, api.ensureLogin())
    expect([login.code, fake.calls.logins]).toEqual(['pending', 1])
    off()
    api.logout()
    await fake.clock.runAll()
    expect([login.code, fake.calls.logins, exchangesAt({ fake })]).toEqual(['LOGGED_OUT', 1, 1])
  })

  test('a login given up with data brings nothing, and who gave it is told', async () => {
    const { fake, api } = makeWorld()
    const all = [watch(api.ensureLogin({ data: { phone: 'p' } }), fake), watch(api.ensureLogin(), fake)]
    await fake.clock.advance(15)
    api.logout()
    await fake.clock.runAll()
    expect([codesOf(all), api.session, fake.storage.keys()]).toEqual([
      ['LOGGED_OUT', 'LOGGED_OUT'],
      undefined,
      [],
    ])
  })

  test('a session that the app has set is forgotten like any other', async () => {
    const { fake, api } = makeWorld()
    api.setSession(fake.server.issue('set'))
    api.logout()
    await fake.clock.runAll()
    expect([api.session, fake.storage.keys(), clientOn(fake).api.session]).toEqual([undefined, [], undefined])
  })

  test('a session that the app sets after it is the next user’s: what waited was the last one’s', async () => {
    const world = makeWorld()
    const { fake, api } = world
    const before = watch(api.get('/a'), fake)
    await fake.clock.advance(5)
    api.logout()
    api.setSession(fake.server.issue('set'))
    const after = watch(api.get('/b'), fake)
    await fake.clock.runAll()
    expect([before.code, after.code, tokensAt(world, '/b')]).toEqual(['LOGGED_OUT', 'ok', ['set']])
    expect([storedToken(fake), exchangesAt(world)]).toEqual(['set', 0])
  })

  test('the answer of a login given up that WeChat delivers all the same is not heard', async () => {
    const { fake, api } = makeWorld()
    fake.abort = 'ignored'
    fake.server.latency('/login', 200)
    const old = watch(api.ensureLogin(), fake)
    await fake.clock.advance(100)
    api.logout()
    const newer = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    expect([old.code, newer.value?.token, storedToken(fake)]).toEqual(['LOGGED_OUT', 'token-2', 'token-2'])
  })

  test('a request made after the logout logs in anew', async () => {
    const world = makeWorld({ stored: 'good' })
    const { fake, api } = world
    api.logout()
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, tokensAt(world, '/a')]).toEqual(['ok', ['token-1']])
  })

  test('a refused request that waits for a look into a slow store is rejected at once', async () => {
    const { fake, api } = makeWorld({
      client: {
        storage: {
          get: () => new Promise((done) => fake.clock.setTimeout(() => done(undefined), 1000)),
          set: () => undefined,
          remove: () => undefined,
        },
      },
    })
    forbid(fake, '/a')
    const request = watch(api.get('/a'), fake)
    await fake.clock.advance(2500)
    expect(request.code).toBe('pending')
    api.logout()
    await fake.clock.settle()
    expect(request.code).toBe('LOGGED_OUT')
  })

  test('the stored session is gone after the logout, for the next launch too', () => {
    const { fake, api } = makeWorld({ stored: 'good' })
    expect(api.session?.token).toBe('good')
    api.logout()
    expect([api.session, fake.storage.keys(), clientOn(fake).api.session]).toEqual([undefined, [], undefined])
  })

  test('a session whose removal fails does not come back within this launch', async () => {
    const { fake, api } = makeWorld({ stored: 'mine' })
    expect(api.session?.token).toBe('mine')
    fake.storage.fail('remove')
    api.logout()
    const login = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    expect([login.value?.token, fake.calls.logins]).toEqual(['token-1', 1])
  })

  test.each([
    ['synchronous', { encrypt: false }],
    ['encrypted', { encrypt: true }],
  ])(
    'where a store cannot remove (%s) it is asked to hold nothing: the next launch finds none',
    async (_how, storage) => {
      const { fake, api } = makeWorld({ client: { storage } })
      await soon(fake, api.ensureLogin())
      fake.storage.fail('remove')
      api.logout()
      await fake.clock.runAll()
      expect(fake.storage.get('miniprogram-session')).toBe('')
      fake.storage.repair()
      const next = clientOn(fake, { storage })
      const request = await soon(fake, next.api.get('/a'))
      expect([request.code, next.api.session?.token, fake.calls.logins]).toEqual(['ok', 'token-2', 2])
    },
  )

  test('a session whose removal fails does not come back, though it had not been read before', async () => {
    const { fake, api } = makeWorld({ stored: 'mine' })
    fake.storage.fail('remove')
    api.logout()
    const login = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    expect([login.value?.token, fake.calls.logins]).toEqual(['token-1', 1])
  })

  test('a session that is still being read is not taken up after the logout', async () => {
    const { fake, api } = makeWorld({ client: { storage: { encrypt: true } } })
    await Promise.all([api.ensureLogin(), fake.clock.advance(100)])
    const later = clientOn(fake, { storage: { encrypt: true } })
    const request = watch(later.api.get('/a'), fake)
    later.api.logout()
    await fake.clock.runAll()
    expect([request.code, later.api.session, fake.storage.keys()]).toEqual(['LOGGED_OUT', undefined, []])
  })

  test('authorize that waits is rejected; one that runs ends as it ends', async () => {
    const { fake, api } = makeWorld({ stored: 'good' })
    const answer = deferred<string>()
    const running = watch(
      api.authorize(() => answer.promise),
      fake,
    )
    const forced = watch(api.ensureLogin({ force: true }), fake)
    const waiting = watch(
      api.authorize((token) => token),
      fake,
    )
    api.logout()
    answer.resolve('done')
    await fake.clock.runAll()
    expect([running.code, forced.code, waiting.code]).toEqual(['ok', 'LOGGED_OUT', 'LOGGED_OUT'])
  })

  test('a request still in its middleware at the logout does not go out', async () => {
    const gate = deferred<undefined>()
    const use: Middleware[] = [
      async (request, next) => {
        await gate.promise
        return next(request)
      },
    ]
    const { fake, api } = makeWorld({ stored: 'good', client: { use } })
    const request = watch(api.get('/a'), fake)
    api.logout()
    gate.resolve(undefined)
    await fake.clock.runAll()
    expect([request.code, fake.calls.requestCount]).toEqual(['LOGGED_OUT', 0])
  })

  test('a logout in a clone is a logout of all', async () => {
    const { fake, api } = makeWorld()
    const request = watch(api.get('/a'), fake)
    api.extend({ timeout: 500 }).logout()
    await fake.clock.runAll()
    expect([request.code, fake.storage.keys()]).toEqual(['LOGGED_OUT', []])
  })

  test('a listener that logs out on hearing of a send: that request goes nowhere, nobody else either', async () => {
    const world = makeWorld({ stored: 'good' })
    const { fake, api } = world
    logoutOn(api, 'request', 'send')
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, tokensAt(world, '/a')]).toEqual(['LOGGED_OUT', []])
  })

  test('a listener that logs out when the first waiter is sent: the others, ensureLogin too, end there', async () => {
    const { fake, api } = makeWorld()
    let isOut = false
    api.on((event) => {
      if (event.type !== 'request' || event.phase !== 'send' || isOut) return
      isOut = true
      api.logout()
    })
    const all = [
      watch<unknown>(api.get('/a'), fake),
      watch<unknown>(api.get('/b'), fake),
      watch<unknown>(api.ensureLogin(), fake),
    ]
    await fake.clock.runAll()
    expect(codesOf(all).slice(1)).toEqual(['LOGGED_OUT', 'LOGGED_OUT'])
    expect([fake.calls.logins, api.session, fake.storage.keys()]).toEqual([1, undefined, []])
  })

  test('a listener that logs out on hearing of a replay: no login follows', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false })
    logoutOn(api, 'request', 'replay')
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, fake.calls.logins, api.session]).toEqual(['LOGGED_OUT', 0, undefined])
  })

  test.each(['start', 'success', 'fail'])('a listener that logs out at the %s of a login', async (phase) => {
    const { fake, api } = makeWorld({ client: { login: { url: '/login', retry: 0 } } })
    if (phase === 'fail') fake.misbehave('login', 'fail')
    logoutOn(api, 'login', phase)
    const all = [watch<unknown>(api.get('/a'), fake), watch<unknown>(api.ensureLogin(), fake)]
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(['LOGGED_OUT', 'LOGGED_OUT'])
    expect([api.session, fake.storage.keys(), exchangesAt({ fake })]).toEqual([
      undefined,
      [],
      phase === 'success' ? 1 : 0,
    ])
  })

  test('a listener that logs out at the start of a login: WeChat is asked for no code', async () => {
    const { fake, api } = makeWorld()
    logoutOn(api, 'login', 'start')
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, fake.calls.logins]).toEqual(['LOGGED_OUT', 0])
  })

  test('a listener that logs out on hearing of a session: it is not stored', async () => {
    const { fake, api } = makeWorld()
    logoutOn(api, 'session')
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, api.session, fake.storage.keys()]).toEqual(['LOGGED_OUT', undefined, []])
  })

  test('a listener that logs out when the check begins: the request that asked for it does not go out', async () => {
    const world = makeWorld({ stored: 'good' })
    const { fake, api } = world
    logoutOn(api, 'check', 'start')
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, fake.calls.requestCount, fake.calls.logins]).toEqual(['LOGGED_OUT', 0, 0])
  })

  test('a listener that logs out on a storage error: the request that met it does not log in again', async () => {
    const { fake, api } = makeWorld()
    fake.storage.fail('get', 'throw', 1)
    logoutOn(api, 'storage-error')
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, fake.calls.logins]).toEqual(['LOGGED_OUT', 0])
  })

  test('a listener that logs out on a storage error: a forced login that met it does not begin', async () => {
    const { fake, api } = makeWorld()
    fake.storage.fail('get', 'throw', 1)
    logoutOn(api, 'storage-error')
    const forced = watch(api.ensureLogin({ force: true }), fake)
    await fake.clock.runAll()
    expect([forced.code, fake.calls.logins]).toEqual(['LOGGED_OUT', 0])
  })

  test('a listener that asks again on hearing of the logout is served by a new login', async () => {
    const { fake, api } = makeWorld()
    const later: ReturnType<typeof watch>[] = []
    const first = watch(api.get('/a'), fake)
    await fake.clock.advance(5)
    api.on((event) => {
      if (event.type === 'logout') later.push(watch(api.ensureLogin(), fake), watch(api.get('/b'), fake))
    })
    api.logout()
    await fake.clock.runAll()
    expect([first.code, codesOf(later)]).toEqual(['LOGGED_OUT', ['ok', 'ok']])
  })

  test('a session that could be neither read nor removed at the logout does not come back later', async () => {
    const { fake, api } = makeWorld({ stored: 'mine' })
    for (const operation of ['get', 'remove'] as const) fake.storage.fail(operation)
    api.logout()
    fake.storage.repair()
    const login = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    expect([login.value?.token, fake.calls.logins]).toEqual(['token-1', 1])
  })

  test('a fail callback that logs out or asks again disturbs nobody', async () => {
    const { fake, api } = makeWorld()
    const later: ReturnType<typeof watch>[] = []
    const fail = () => {
      api.logout()
      later.push(watch(api.get('/later'), fake))
    }
    const all = [
      ...times(3, (n) => watch<unknown>(api.request({ url: `/${n}`, fail }), fake)),
      watch<unknown>(api.ensureLogin(), fake),
    ]
    await fake.clock.advance(5)
    api.logout()
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(times(4, () => 'LOGGED_OUT'))
    // Each logout comes after what was asked before it: only the last question stands.
    expect(codesOf(later)).toEqual(['LOGGED_OUT', 'LOGGED_OUT', 'ok'])
  })

  test('a success callback that logs out leaves no session behind, whoever was woken with it', async () => {
    const { fake, api } = makeWorld()
    fake.misbehave('request', 'same-tick', Infinity)
    fake.misbehave('login', 'same-tick')
    const success = () => api.logout()
    const all = [
      watch<unknown>(api.request({ url: '/a', success }), fake),
      watch<unknown>(api.ensureLogin(), fake),
    ]
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(['ok', 'ok'])
    expect([api.session, fake.storage.keys(), fake.calls.logins]).toEqual([undefined, [], 1])
  })

  test('logging out twice, or with nothing to forget, is nothing special', async () => {
    const { fake, api, events } = makeWorld()
    api.logout()
    api.logout()
    await fake.clock.runAll()
    expect(events.map(({ type }) => type)).toEqual(['logout', 'logout'])
    expect(fake.clock.pending).toBe(0)
  })

  test('a session that the store is slow to remove is not taken up by the next login', async () => {
    let stored: unknown = { token: 'of-the-old-user' }
    const storage = {
      get: () => stored,
      set: (session: unknown) => void (stored = session),
      remove: () => undefined,
    }
    const { fake, api } = makeWorld({ client: { storage } })
    expect(api.session?.token).toBe('of-the-old-user')
    api.logout()
    const login = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    expect([login.code, api.session?.token]).toEqual(['ok', 'token-1'])
  })

  test('nor one that was still being read at the logout', async () => {
    let stored: unknown = { token: 'of-the-old-user' }
    const storage = {
      get: () => Promise.resolve(stored),
      set: (session: unknown) => void (stored = session),
      remove: () => undefined,
    }
    const { fake, api } = makeWorld({ client: { storage } })
    expect(api.session).toBeUndefined()
    api.logout()
    const login = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    expect([login.code, api.session?.token]).toEqual(['ok', 'token-1'])
  })

  test('a listener that logs in on hearing of the end of a request does not get the old session back', async () => {
    const { fake, api } = makeWorld({ stored: 'of-the-old-user', client: { concurrency: 1 } })
    fake.server.on('/menu', () => ({}))
    const requests = times(2, () => watch(api.get('/menu', {}, { auth: false }), fake))
    api.on((event) => {
      if (event.type === 'request' && event.code === 'LOGGED_OUT') api.ensureLogin().catch(() => undefined)
    })
    api.logout()
    await fake.clock.runAll()
    expect(codesOf(requests)).toEqual(['ok', 'LOGGED_OUT'])
    expect(api.session?.token).toBe('token-1')
  })

  test('a request between two tries, while a login fails, is found by the logout after that', async () => {
    const { fake, api } = makeWorld({ client: { login: { url: '/login', retry: 0 } } })
    fake.server.on('/login', () => ({ statusCode: 500 }))
    fake.server.on('/menu', () => ({ statusCode: 503 }))
    const retry = { limit: 1, delay: () => 1000 }
    const menu = watch(api.get('/menu', {}, { auth: false, retry }), fake)
    const orders = watch(api.get('/orders'), fake)
    await fake.clock.advance(100)
    expect(codesOf([menu, orders])).toEqual(['pending', 'LOGIN_FAILED'])
    api.logout()
    await fake.clock.advance(1)
    expect(menu.code).toBe('LOGGED_OUT')
  })

  test('nor one that could not be removed, by the login after one that has failed', async () => {
    const { fake, api } = makeWorld({
      stored: 'of-the-old-user',
      client: { login: { url: '/login', retry: 0 } },
    })
    fake.storage.fail('remove', 'throw', 1)
    api.logout()
    fake.misbehave('login', 'fail', 1)
    const failed = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    const login = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    expect([failed.code, login.code, api.session?.token]).toEqual(['LOGIN_FAILED', 'ok', 'token-1'])
  })
})
