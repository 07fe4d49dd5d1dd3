import { altered, clientOn, codesOf, deferred, makeWorld, times, tokensAt, watch } from './world'
import { UnauthorizedError } from '../../src'

describe('law 4: replays end', () => {
  test('a server that refuses everything gets a request at most twice, and the user an UnauthorizedError', async () => {
    const world = makeWorld({ stored: 'dead', isLive: false })
    const { fake, api } = world
    fake.server.refuseAll = true
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect(request.error).toBeInstanceOf(UnauthorizedError)
    expect(request.error).toMatchObject({ code: 'UNAUTHORIZED', attempts: 2, response: { statusCode: 401 } })
    expect([tokensAt(world, '/a'), fake.calls.logins]).toEqual([['dead', 'token-1'], 1])
  })

  test('on a cold start a refused fresh token is final after one send', async () => {
    const world = makeWorld()
    const { fake, api } = world
    fake.server.refuseAll = true
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, request.error?.attempts, fake.calls.logins]).toEqual(['UNAUTHORIZED', 1, 1])
  })

  test('a request that met a stale token first may still be replayed after a login: three sends, no more', async () => {
    const world = makeWorld({ stored: 'dead', isLive: false })
    const { fake, api } = world
    fake.server.latency('/slow', 500)
    fake.server.on('/slow', () => fake.server.refusal(undefined as never))
    const slow = watch(api.get('/slow'), fake)
    const quick = watch(api.get('/quick'), fake)
    await fake.clock.runAll()
    expect([quick.code, slow.code, slow.error?.attempts]).toEqual(['ok', 'UNAUTHORIZED', 3])
    expect(tokensAt(world, '/slow')).toEqual(['dead', 'token-1', 'token-2'])
  })

  test('tokens that are replaced again and again under a slow request end it after three sends', async () => {
    const world = makeWorld({ stored: 'dead', isLive: false })
    const { fake, api } = world
    fake.server.latency('/slow', 500)
    fake.server.on('/slow', () => ({ statusCode: 401 }))
    const slow = watch(api.get('/slow'), fake)
    for (let round = 0; round < 6; round++) {
      await fake.clock.advance(300)
      await Promise.all([api.ensureLogin({ force: true }), fake.clock.advance(100)])
    }
    await fake.clock.runAll()
    expect([slow.code, tokensAt(world, '/slow').length]).toEqual(['UNAUTHORIZED', 3])
  })

  test('an adopted token that is refused leads to a login: adoption is the first kind of replay', async () => {
    const world = makeWorld({ stored: 'dead', isLive: false })
    const { fake, api } = world
    const request = watch(api.get('/a'), fake)
    await fake.clock.advance(7)
    fake.storage.set('miniprogram-session', { token: 'dead-too' })
    await fake.clock.runAll()
    expect(request.code).toBe('ok')
    expect(tokensAt(world, '/a')).toEqual(['dead', 'dead-too', 'token-1'])
  })

  test('a token adopted while the request queued for a lane does not pass for the one it waited for', async () => {
    const world = makeWorld({
      stored: 'dead',
      isLive: false,
      client: { concurrency: 1, checkSession: false },
    })
    const { fake, api } = world
    const slow = deferred<{ status: number }>()
    const run = (token: string) =>
      token === 'dead' ? slow.promise : { status: token === 'token-1' ? 401 : 200 }
    const all = [watch<unknown>(api.authorize(run), fake), watch<unknown>(api.get('/first'), fake)]
    await fake.clock.advance(15)
    all.push(watch<unknown>(api.get('/queued'), fake))
    fake.server.hold('/queued')
    fake.server.hold('/first')
    await fake.clock.advance(100)
    const last = watch<unknown>(api.get('/last'), fake)
    fake.server.expire()
    fake.storage.set('miniprogram-session', { token: 'dead-too' })
    slow.resolve({ status: 401 })
    await fake.clock.advance(1)
    fake.server.release()
    await fake.clock.runAll()
    expect([...codesOf(all), last.code]).toEqual(['ok', 'ok', 'ok', 'ok'])
    for (const path of ['/last', '/first']) expect(tokensAt(world, path)).not.toContain('')
  })

  test('every one of many refused requests ends, and the logins do not add up', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false })
    fake.server.refuseAll = true
    const all = times(30, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.runAll()
    expect(new Set(codesOf(all))).toEqual(new Set(['UNAUTHORIZED']))
    expect(fake.calls.logins).toBeLessThanOrEqual(2)
    for (const { error } of all) expect(error?.attempts).toBeLessThanOrEqual(3)
  })

  test('a final refusal rejects even where status codes do not throw', async () => {
    const { fake, api } = makeWorld()
    fake.server.refuseAll = true
    const failed = jest.fn()
    const request = watch(api.request({ url: '/a', throwHttpErrors: false, fail: failed }), fake)
    await fake.clock.runAll()
    expect([request.code, failed.mock.calls.length]).toEqual(['UNAUTHORIZED', 1])
  })

  test("an 'optional' request without a token ends as a plain 401", async () => {
    const { fake, api } = makeWorld()
    const request = watch(api.get('/a', {}, { auth: 'optional' }), fake)
    await fake.clock.runAll()
    expect([request.code, fake.calls.logins]).toEqual(['HTTP_STATUS', 0])
  })

  test('a request elsewhere is not replayed: its 401 is a plain HttpError', async () => {
    const { fake, api } = makeWorld({ stored: 'live' })
    const request = watch(api.get('https://other.test/a'), fake)
    await fake.clock.runAll()
    expect([request.code, request.error?.attempts, fake.calls.logins]).toEqual(['HTTP_STATUS', 1, 0])
  })

  test('a POST is replayed after a 401, though it is never retried after a failure', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false })
    const refused = watch(api.post('/a', { n: 1 }), fake)
    await fake.clock.runAll()
    fake.network.failNext(1)
    const failed = watch(api.post('/b', { n: 1 }), fake)
    await fake.clock.runAll()
    expect([refused.code, failed.code]).toEqual(['ok', 'NETWORK'])
    expect(fake.server.requests.filter(({ path }) => path === '/b').length).toBe(0)
    expect(fake.server.requests.filter(({ path }) => path === '/a').map(({ json }) => json)).toEqual([
      { n: 1 },
      { n: 1 },
    ])
  })

  test('retries do not use up the replay', async () => {
    const world = makeWorld({
      stored: 'dead',
      isLive: false,
      client: { retry: { limit: 2, delay: () => 10 } },
    })
    const { fake, api } = world
    let asked = 0
    fake.server.on('/a', (request) =>
      ++asked === 2
        ? { statusCode: 401 }
        : fake.server.isAuthorized(request) && asked > 3
          ? { data: 1 }
          : { statusCode: 503 },
    )
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, tokensAt(world, '/a')]).toEqual(['ok', ['dead', 'dead', 'token-1', 'token-1']])
  })

  test('authorize runs at most twice when its token is refused', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false })
    const tokens: string[] = []
    const run = (token: string) => {
      tokens.push(token)
      return Promise.reject(Object.assign(new Error('no'), { response: { status: 401 } }))
    }
    const result = watch(api.authorize(run), fake)
    await fake.clock.runAll()
    expect([result.code, tokens]).toEqual(['UNAUTHORIZED', ['dead', 'token-1']])
  })

  test('authorize believes its own isUnauthorized, thrown or returned', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false })
    const isUnauthorized = ({ result, error }: { result?: string; error?: unknown }) =>
      result === 'refused' || (error as Partial<Error> | undefined)?.message === 'refused'
    const refusal = new Error('refused')
    const answers = [() => 'refused', () => Promise.reject(refusal), () => 'welcome']
    let calls = 0
    const runOne = () => (answers[calls++] ?? (() => 'too many'))()
    const first = watch(api.authorize(runOne, { isUnauthorized }), fake)
    await fake.clock.runAll()
    expect([first.code, calls]).toEqual(['UNAUTHORIZED', 2])
    const second = watch(api.authorize(runOne, { isUnauthorized }), fake)
    await fake.clock.runAll()
    expect(second.value).toBe('welcome')
  })

  test('a server that hands out the refused token again is asked once more and no more', async () => {
    const world = makeWorld({ stored: 'same', isLive: false })
    const { fake, api } = world
    fake.server.loginReply = () => ({ data: { token: 'same' } })
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, tokensAt(world, '/a'), fake.calls.logins]).toEqual([
      'UNAUTHORIZED',
      ['same', 'same'],
      1,
    ])
  })

  test('with an encrypted store and no wx.checkSession, as in a plugin, a request goes out once', async () => {
    const { fake } = makeWorld()
    const platform = altered(fake, { checkSession: undefined })
    const before = clientOn(fake, { platform, storage: { encrypt: true } })
    await Promise.all([before.api.ensureLogin(), fake.clock.runAll()])
    const { api } = clientOn(fake, { platform, storage: { encrypt: true } })
    const all = times(3, (n) => watch(api.post(`/${n}`), fake))
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(['ok', 'ok', 'ok'])
    expect(times(3, (n) => tokensAt({ fake }, `/${n}`).length)).toEqual([1, 1, 1])
  })

  test('a check answered within the call, asked for by a request that was woken, sends that request once', async () => {
    const store = deferred<unknown>()
    const storage = { get: () => store.promise, set: () => undefined, remove: () => undefined }
    const { fake, api } = makeWorld({ client: { storage } })
    fake.misbehave('checkSession', 'same-tick')
    const request = watch(api.post('/a'), fake)
    store.resolve({ token: fake.server.issue('live') })
    await fake.clock.runAll()
    expect([request.code, request.error?.attempts, tokensAt({ fake }, '/a')]).toEqual([
      'ok',
      undefined,
      ['live'],
    ])
  })
})
