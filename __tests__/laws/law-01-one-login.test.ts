import { altered, clientOn, codesOf, deferred, exchangesAt, makeWorld, phasesOf } from './world'
import { times, watch, type Watched } from './world'

describe('law 1: one login', () => {
  test('twenty requests on a cold start use one code', async () => {
    const { fake, api } = makeWorld()
    const all = times(20, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.runAll()
    expect(new Set(codesOf(all))).toEqual(new Set(['ok']))
    expect([fake.calls.logins, fake.account.issued.length]).toEqual([1, 1])
  })

  test('twenty requests with a dead token use one code', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false })
    const all = times(20, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.runAll()
    expect(new Set(codesOf(all))).toEqual(new Set(['ok']))
    expect(fake.calls.logins).toBe(1)
  })

  test('ensureLogin, requests of every kind and authorize share one login', async () => {
    const { fake, api } = makeWorld()
    const all = [
      api.ensureLogin(),
      api.request({ url: '/a' }),
      api.get('/b', {}, { auth: 'verified' }),
      api.uploadFile({ url: '/c', filePath: 'f', name: 'file' }),
      api.downloadFile({ url: '/d' }),
      api.authorize((token) => token),
      api.ensureLogin({ force: true }),
    ].map((promise) => watch<unknown>(promise, fake))
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(times(7, () => 'ok'))
    expect(fake.calls.logins).toBe(1)
  })

  test('clones made by extend share the login, and clones of clones', async () => {
    const { fake, api } = makeWorld()
    const clone = api.extend({ header: { a: '1' } })
    const all = [api, clone, clone.extend({ timeout: 1000 })].map((one) => watch(one.get('/a'), fake))
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(['ok', 'ok', 'ok'])
    expect(fake.calls.logins).toBe(1)
  })

  test('a request that comes while the code is being fetched, or exchanged, waits for that login', async () => {
    const { fake, api } = makeWorld()
    const all = [watch(api.get('/a'), fake)]
    await fake.clock.advance(5)
    all.push(watch(api.get('/b'), fake))
    await fake.clock.advance(10)
    all.push(watch(api.get('/c'), fake))
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(['ok', 'ok', 'ok'])
    expect(fake.calls.logins).toBe(1)
  })

  test('a 401 that arrives while a login is in flight starts no second one', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false })
    fake.server.latency('/slow', 15)
    const all = [watch(api.get('/slow'), fake), watch(api.get('/quick'), fake)]
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(['ok', 'ok'])
    expect(fake.calls.logins).toBe(1)
  })

  test('a forced login that finds one in flight takes that one', async () => {
    const { fake, api, events } = makeWorld()
    const all = [watch(api.ensureLogin(), fake), watch(api.ensureLogin({ force: true }), fake)]
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(['ok', 'ok'])
    expect(phasesOf(events, 'login')).toEqual(['start', 'success'])
  })

  test('a forced login sends everybody else to wait for it', async () => {
    const { fake, api } = makeWorld({ stored: 'old' })
    const forced = watch(api.ensureLogin({ force: true }), fake)
    const request = watch(api.get<{ token: string }>('/a'), fake)
    await fake.clock.runAll()
    expect(forced.value?.token).toBe('token-1')
    expect(request.value?.token).toBe('token-1')
    expect(fake.calls.logins).toBe(1)
  })

  test('a check that fails while a login is in flight starts none of its own', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false, fake: { checkLatency: 15 } })
    fake.account.expireKey()
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, fake.calls.logins]).toEqual(['ok', 1])
  })

  test('an expired session and a failing check together lead to one login', async () => {
    const { fake, api } = makeWorld({ client: { checkSession: 'blocking' } })
    fake.storage.set('miniprogram-session', { token: 'old', expiresAt: fake.clock.now() - 1 })
    fake.account.expireKey()
    const all = times(3, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(['ok', 'ok', 'ok'])
    expect(fake.calls.logins).toBe(1)
  })

  test('refresh counts as the login: nobody starts another beside it', async () => {
    const refreshed = deferred<string>()
    const refresh = jest.fn(() => refreshed.promise)
    const { fake, api } = makeWorld({
      stored: 'dead',
      isLive: false,
      client: { login: { url: '/login', refresh } },
    })
    const all = times(5, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.advance(100)
    all.push(watch(api.get('/late'), fake))
    refreshed.resolve(fake.server.issue('refreshed'))
    await fake.clock.runAll()
    expect(new Set(codesOf(all))).toEqual(new Set(['ok']))
    expect([refresh.mock.calls.length, fake.calls.logins]).toEqual([1, 0])
  })

  test('a refresh that rejects is followed by one code, within the same login', async () => {
    const refresh = () => Promise.reject(new Error('refresh token expired'))
    const { fake, api, events } = makeWorld({
      stored: 'dead',
      isLive: false,
      client: { login: { url: '/login', refresh } },
    })
    const all = times(5, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.runAll()
    expect(new Set(codesOf(all))).toEqual(new Set(['ok']))
    expect([fake.calls.logins, phasesOf(events, 'login')]).toEqual([1, ['start', 'success']])
  })

  test('wx.login that answers within the call serves everybody who waits', async () => {
    const { fake, api } = makeWorld()
    fake.misbehave('login', 'same-tick')
    const all = times(5, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.runAll()
    expect(new Set(codesOf(all))).toEqual(new Set(['ok']))
    expect(exchangesAt({ fake })).toBe(1)
  })

  test('a login whose every step answers within the call leaves nobody waiting', async () => {
    const { fake, api } = makeWorld()
    fake.misbehave('login', 'same-tick')
    fake.misbehave('request', 'same-tick', Infinity)
    const all = times(5, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.settle()
    expect(codesOf(all)).toEqual(times(5, () => 'ok'))
    expect([fake.calls.logins, fake.server.requestCount]).toEqual([1, 6])
  })

  test('wx.login that throws before it returns fails for all who wait, once, and the next call logs in', async () => {
    const { fake, api } = makeWorld()
    fake.misbehave('login', 'throw')
    const all = times(3, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.runAll()
    const next = watch(api.get('/next'), fake)
    await fake.clock.runAll()
    expect([...codesOf(all), next.code]).toEqual([...times(3, () => 'LOGIN_FAILED'), 'ok'])
    expect([fake.calls.logins, fake.account.issued.length]).toEqual([2, 1])
  })

  test.each(['twice', 'both'] as const)(
    'wx.login that calls back %s leads to one exchange',
    async (behaviour) => {
      const { fake, api } = makeWorld()
      fake.misbehave('login', behaviour)
      const request = watch(api.get('/a'), fake)
      await fake.clock.runAll()
      expect([request.code, exchangesAt({ fake }), fake.calls.logins]).toEqual(['ok', 1, 1])
    },
  )

  test('a listener that asks for a login when one starts or ends gets that one', async () => {
    const { fake, api } = makeWorld()
    const asked: Promise<unknown>[] = []
    api.on(({ type }) => type === 'login' && asked.push(api.ensureLogin()))
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, asked.length, fake.calls.logins]).toEqual(['ok', 2, 1])
  })

  test('two thousand requests behind one login go out in the order in which they came', async () => {
    const { fake, api } = makeWorld()
    const all = times(2000, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.runAll()
    expect(codesOf(all).every((code) => code === 'ok')).toBe(true)
    const paths = fake.server.requests.map(({ path }) => path).filter((path) => path !== '/login')
    expect(paths).toEqual(times(2000, (n) => `/${n}`))
    expect(fake.calls.logins).toBe(1)
  })

  test('the login reads the platform when it starts, so an app may patch wx.login after the import', async () => {
    const { fake } = makeWorld()
    const platform = altered(fake, {})
    const { api } = clientOn(fake, { platform })
    const patched = jest.fn(platform.login.bind(platform))
    platform.login = patched
    await Promise.all([api.get('/a').catch(() => undefined), fake.clock.runAll()])
    expect(patched).toHaveBeenCalledTimes(1)
  })

  test('a login that is forced on hearing of a set session is waited for, and not ended by that session', async () => {
    const { fake, api } = makeWorld()
    const forced: Watched<{ token: string }>[] = []
    api.on((event) => {
      if (event.type === 'session' && event.source === 'set')
        forced.push(watch(api.ensureLogin({ force: true }), fake))
    })
    const before = watch(api.ensureLogin({ force: true }), fake)
    api.setSession(fake.server.issue('set'))
    await fake.clock.runAll()
    expect([before.value?.token, forced[0]?.value?.token, api.session?.token]).toEqual([
      'set',
      'token-1',
      'token-1',
    ])
  })

  test('a session that is set on hearing of a set session is for whoever waited for a login', async () => {
    const { fake, api } = makeWorld()
    const off = api.on((event) => {
      if (event.type !== 'session') return
      off()
      api.setSession('second')
    })
    const forced = watch(api.ensureLogin({ force: true }), fake)
    api.setSession('first')
    await fake.clock.runAll()
    expect([forced.value?.token, api.session?.token]).toEqual(['second', 'second'])
  })

  test('whoever asks on hearing that a refresh has failed joins the forced login that comes after it', async () => {
    const refreshed = deferred<never>()
    const refresh = () => refreshed.promise
    const { fake, api, events } = makeWorld({
      stored: 'dead',
      isLive: false,
      client: { login: { url: '/login', refresh } },
    })
    const joined: Watched[] = []
    api.on((event) => {
      if (event.type === 'login' && event.phase === 'fail') joined.push(watch<unknown>(api.get('/b'), fake))
    })
    const request = watch(api.get('/a'), fake)
    await fake.clock.advance(10)
    const forced = watch(api.ensureLogin({ force: true }), fake)
    refreshed.reject({ errMsg: 'request:fail' })
    await fake.clock.runAll()
    expect([request.code, forced.code, codesOf(joined)]).toEqual(['LOGIN_FAILED', 'ok', ['ok']])
    expect(phasesOf(events, 'login')).toEqual(['start', 'fail', 'start', 'success'])
    expect(fake.calls.logins).toBe(1)
  })

  test('a session that is set when newer data take the place of a login is for all who waited for either', async () => {
    const { fake, api } = makeWorld()
    const older = watch(api.ensureLogin({ force: true }), fake)
    const off = api.on((event) => {
      if (event.type !== 'login' || event.phase !== 'start') return
      off()
      api.setSession('set')
    })
    const newer = watch(api.ensureLogin({ data: { phoneCode: 'A' } }), fake)
    await fake.clock.runAll()
    expect([older.value?.token, newer.value?.token]).toEqual(['set', 'set'])
  })
})
