import { codesOf, makeWorld, soon, times, tokensAt, watch } from './world'

/** Tries again after so long that whatever goes out sooner has not waited for it. */
const SLOW_RETRY = { retry: { limit: 1, delay: () => 20_000 } }
const INTERRUPTED = { fail: { errMsg: 'fail interrupted', errno: 600003 } }
const isLogin = ({ url }: { url?: string }) => String(url).endsWith('/login')

describe('law 17: only what may help is tried again', () => {
  test.each([
    ['a domain that is not on the list', { errMsg: 'fail url not in domain list', errno: 600002 }],
    ['a domain that is not on the list, without a number', { errMsg: 'fail url not in domain list' }],
  ])('what the phone will refuse each time goes out once: %s', async (_what, fail) => {
    const { fake, api } = makeWorld({ stored: 'good' })
    fake.misbehave('request', { fail }, Infinity)
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, fake.calls.requestCount]).toEqual(['NETWORK', 1])
  })

  test.each([
    ['a file that is too big', { errMsg: 'fail exceed max file size' }],
    ['a file that is too big, with its number', { errMsg: 'fail exceed max file size', errno: 603301 }],
    [
      'a storage that is full',
      { errMsg: 'fail the maximum size of the file storage limit is exceeded', errno: 1300202 },
    ],
  ])('nor is a download tried again for %s', async (_what, fail) => {
    const { fake, api } = makeWorld({ stored: 'good' })
    fake.misbehave('downloadFile', { fail }, Infinity)
    const request = watch(api.downloadFile({ url: '/film' }), fake)
    await fake.clock.runAll()
    expect([request.code, fake.calls.requestCount]).toEqual(['NETWORK', 1])
  })

  test('what broke on the way is still tried again', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { retry: { limit: 2, delay: () => 10 } } })
    fake.network.failNext(2, 'reset')
    const request = await soon(fake, api.get('/a'))
    expect([request.code, fake.calls.requestCount]).toEqual(['ok', 3])
  })
})

describe('law 17: in the background', () => {
  test('a GET that WeChat stops goes again when the app is in front, and not before', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: SLOW_RETRY })
    fake.server.hold('/a')
    const request = await soon(fake, api.get('/a'))
    fake.app.toBackground()
    await fake.clock.advance(600_000)
    expect([request.code, fake.calls.requestCount]).toEqual(['pending', 1])
    fake.server.release()
    fake.app.toForeground()
    await fake.clock.advance(1000)
    expect([request.code, fake.calls.requestCount]).toEqual(['ok', 2])
  })

  test('which does not count as a try, however often it happens', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { retry: { limit: 1, delay: () => 10 } } })
    fake.server.hold('/a')
    const request = watch(api.get('/a'), fake)
    for (let round = 0; round < 4; round++) {
      await fake.clock.advance(100)
      fake.app.toBackground()
      await fake.clock.advance(6000)
      // The one try that it has is for the connection that breaks after the last time.
      if (round === 3) fake.network.failNext(1, 'reset')
      fake.app.toForeground()
    }
    fake.server.release()
    await fake.clock.advance(1000)
    expect(request.code).toBe('ok')
  })

  test('a POST that WeChat stops rejects, and is not sent again', async () => {
    const { fake, api } = makeWorld({ stored: 'good' })
    fake.server.hold('/orders')
    const request = await soon(fake, api.post('/orders', { n: 1 }))
    fake.app.toBackground()
    await fake.clock.advance(6000)
    fake.app.toForeground()
    await fake.clock.runAll()
    expect([request.code, tokensAt({ fake }, '/orders').length]).toEqual(['INTERRUPTED', 1])
  })

  test('nor is a GET with retry: false', async () => {
    const { fake, api } = makeWorld({ stored: 'good' })
    fake.server.hold('/a')
    const request = await soon(fake, api.get('/a', {}, { retry: false }))
    fake.app.toBackground()
    await fake.clock.advance(6000)
    fake.app.toForeground()
    await fake.clock.runAll()
    expect([request.code, tokensAt({ fake }, '/a').length]).toEqual(['INTERRUPTED', 1])
  })

  test('what waits for the foreground can be aborted, and a logout ends it', async () => {
    const { fake, api } = makeWorld({ stored: 'good' })
    fake.server.hold()
    const task = api.get('/a')
    const all = [watch(task, fake), watch(api.get('/b'), fake)]
    await fake.clock.advance(100)
    fake.app.toBackground()
    await fake.clock.advance(6000)
    task.abort()
    api.logout()
    await fake.clock.settle()
    expect(codesOf(all)).toEqual(['ABORTED', 'LOGGED_OUT'])
    fake.app.toForeground()
    await fake.clock.runAll()
    expect(fake.calls.requestCount).toBe(2)
  })

  test('what waits for a lane waits for the foreground, a POST too, and loses nothing', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { concurrency: 2, ...SLOW_RETRY } })
    fake.server.hold('/held')
    const held = times(2, () => watch(api.get('/held'), fake))
    const waiting = [watch(api.get('/queued'), fake), watch(api.post('/queued', { n: 1 }), fake)]
    await fake.clock.advance(100)
    fake.app.toBackground()
    fake.server.release()
    await fake.clock.advance(60_000)
    expect([codesOf(held), codesOf(waiting)]).toEqual([
      ['ok', 'ok'],
      ['pending', 'pending'],
    ])
    expect(fake.calls.requestCount).toBe(2)
    fake.app.toForeground()
    await fake.clock.advance(1000)
    expect([codesOf(waiting), fake.calls.requestCount]).toEqual([['ok', 'ok'], 4])
  })

  test('a request made in onHide goes at once', async () => {
    const { fake, api } = makeWorld({ stored: 'good' })
    fake.wx.onAppHide(() => void watch(api.post('/bye', { n: 1 }), fake))
    await soon(fake, api.get('/a'))
    fake.app.toBackground()
    await fake.clock.advance(100)
    expect(fake.calls.requests.map(({ url }) => url)).toContain('https://api.test/bye')
  })

  test('an interruption that is heard in front is tried again at once', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: SLOW_RETRY })
    fake.misbehave('request', INTERRUPTED)
    const request = await soon(fake, api.get('/a'))
    expect([request.code, fake.calls.requestCount]).toEqual(['ok', 2])
  })

  test('and it counts: it does not go on for ever', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: SLOW_RETRY })
    fake.misbehave('request', INTERRUPTED, Infinity)
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, fake.calls.requestCount]).toEqual(['INTERRUPTED', 2])
  })

  test('a POST whose interruption is heard in front is not sent again', async () => {
    const { fake, api } = makeWorld({ stored: 'good' })
    fake.misbehave('request', INTERRUPTED)
    const request = watch(api.post('/orders', { n: 1 }), fake)
    await fake.clock.runAll()
    expect([request.code, fake.calls.requestCount]).toEqual(['INTERRUPTED', 1])
  })

  test('a login that is stopped there goes on in front, with another code, and the wait is not its time', async () => {
    const { fake, api } = makeWorld()
    fake.server.hold('/login')
    const request = await soon(fake, api.get('/a'))
    fake.app.toBackground()
    await fake.clock.advance(600_000)
    expect(request.code).toBe('pending')
    fake.server.release()
    fake.app.toForeground()
    await fake.clock.advance(5000)
    expect([request.code, fake.calls.logins, fake.server.codesReused]).toEqual(['ok', 2, []])
  })
})

describe('law 17: a change of network', () => {
  test('is tried again at once', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: SLOW_RETRY })
    fake.server.hold('/a')
    const request = await soon(fake, api.get('/a'))
    fake.network.change()
    fake.server.release()
    await fake.clock.advance(100)
    expect([request.code, fake.calls.requestCount]).toEqual(['ok', 2])
  })

  test.each([
    ['a POST', 'POST' as const, {}],
    ['a GET with retry: false', 'GET' as const, { retry: false as const }],
  ])('but not for %s', async (_what, method, options) => {
    const { fake, api } = makeWorld({ stored: 'good' })
    fake.server.hold('/a')
    const request = await soon(fake, api.request({ url: '/a', method, ...options }))
    fake.network.change()
    fake.server.release()
    await fake.clock.runAll()
    expect([request.code, fake.calls.requestCount]).toEqual(['NETWORK', 1])
  })

  test.each(['g', 'network', 'change'])(
    'also where the token is a word of what WeChat says: "%s"',
    async (stored) => {
      const { fake, api } = makeWorld({ stored, client: SLOW_RETRY })
      fake.misbehave('request', { fail: { errMsg: 'request:fail network change' } })
      const request = await soon(fake, api.get('/a'))
      expect([request.code, fake.calls.requestCount]).toEqual(['ok', 2])
    },
  )

  test('is no reason to leave a base URL, for nobody', async () => {
    const { fake, api } = makeWorld({
      stored: 'good',
      client: { baseURL: ['https://one.test', 'https://two.test'], ...SLOW_RETRY },
    })
    fake.server.hold()
    const all = [
      watch<unknown>(api.get('/a'), fake),
      watch<unknown>(api.post('/b'), fake),
      watch<unknown>(api.get('/c', {}, { retry: false }), fake),
    ]
    await fake.clock.advance(100)
    fake.network.change()
    fake.server.release()
    await fake.clock.advance(100)
    all.push(watch<unknown>(api.get('/d'), fake))
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(['ok', 'NETWORK', 'NETWORK', 'ok'])
    expect(new Set(fake.server.requests.map(({ origin }) => origin))).toEqual(new Set(['https://one.test']))
  })

  test('fifty requests under way all arrive, and with one login, should the token have died as well', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false })
    const all = times(50, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.advance(7)
    fake.network.change()
    await fake.clock.runAll()
    expect(new Set(codesOf(all))).toEqual(new Set(['ok']))
    expect(fake.calls.logins).toBe(1)
    expect(fake.calls.requests.filter(isLogin).length).toBe(1)
  })
})
