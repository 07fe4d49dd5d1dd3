import { BusinessError, type Middleware, type Task } from '../../src'
import type { AbortMode } from '../../src/testing'
import {
  altered,
  clientOn,
  codesOf,
  deferred,
  makeWorld,
  NO_RETRY,
  PHONE_LANES,
  times,
  tokensAt,
  watch,
} from './world'

const MODES: AbortMode[] = ['normal', 'same-tick', 'late', 'silent', 'ignored']

/** How many lanes a client has left: as many requests as get through at once. */
async function freeLanes({ fake, api }: Pick<ReturnType<typeof makeWorld>, 'fake' | 'api'>): Promise<number> {
  fake.behave()
  fake.server.hold('/probe')
  const probes = times(12, () => watch(api.get('/probe', {}, { auth: false, throwHttpErrors: false }), fake))
  await fake.clock.advance(100)
  const count = tokensAt({ fake }, '/probe').length
  fake.server.release('/probe')
  await fake.clock.runAll()
  expect(new Set(codesOf(probes))).toEqual(new Set(['ok']))
  return count
}

describe('law 9: everything settles', () => {
  const behaviours = [
    'hang',
    'fail',
    'twice',
    'both',
    'same-tick',
    'throw',
    'undefined-task',
    'empty',
    'cached',
  ] as const

  test.each(behaviours)(
    'a wx.request that does this (%s) settles each promise once and gives back its lane',
    async (how) => {
      const world = makeWorld({ stored: 'good', client: { timeout: 1000, retry: false, concurrency: 4 } })
      const { fake, api } = world
      fake.misbehave('request', how, 8)
      const settled = jest.fn()
      const all = times(8, (n) => watch(api.request({ url: `/${n}`, complete: settled }), fake))
      await fake.clock.runAll()
      expect(codesOf(all)).not.toContain('pending')
      expect(settled).toHaveBeenCalledTimes(8)
      expect(await freeLanes(world)).toBe(4)
    },
  )

  test.each(['uploadFile', 'downloadFile'] as const)('%s settles whatever WeChat does', async (kind) => {
    const world = makeWorld({ stored: 'good', client: { timeout: 1000, retry: false, concurrency: 4 } })
    const { fake, api } = world
    const send = () =>
      kind === 'uploadFile'
        ? api.uploadFile({ url: '/u', filePath: 'f', name: 'n' })
        : api.downloadFile({ url: '/d' })
    for (const how of behaviours) fake.misbehave(kind, how)
    const all = behaviours.map(() => watch<unknown>(send(), fake))
    await fake.clock.runAll()
    expect(codesOf(all)).not.toContain('pending')
    expect(await freeLanes(world)).toBe(4)
  })

  test.each(MODES)(
    'a request aborted on the wire rejects at once, whatever abort() does (%s)',
    async (mode) => {
      const world = makeWorld({ stored: 'good', client: { concurrency: 2 } })
      const { fake, api } = world
      fake.abort = mode
      fake.server.latency('/slow', 5000)
      const tasks = times(2, () => api.get('/slow'))
      const all = tasks.map((task) => watch(task, fake))
      await fake.clock.advance(50)
      for (const task of tasks) task.abort()
      await fake.clock.settle()
      expect(codesOf(all)).toEqual(['ABORTED', 'ABORTED'])
      await fake.clock.advance(1000)
      expect(await freeLanes(world)).toBe(2)
    },
  )

  test.each([
    ['normal', 0],
    ['same-tick', 0],
    ['late', 500],
    ['silent', 1000],
    ['ignored', 1000],
  ] as const)('a lane whose abort is %s is free again after %i ms', async (mode, ms) => {
    const { fake, api } = makeWorld({ stored: 'good', client: { concurrency: 1 } })
    fake.abort = mode
    fake.server.hold('/slow')
    const task = api.get('/slow')
    const aborted = watch(task, fake)
    await fake.clock.advance(50)
    const next = watch(api.get('/next'), fake)
    task.abort()
    await fake.clock.advance(ms + 9)
    expect([aborted.code, next.code]).toEqual(['ABORTED', 'pending'])
    await fake.clock.advance(2)
    expect(next.code).toBe('ok')
  })

  test('a task that WeChat did not return cannot be aborted there, and settles all the same', async () => {
    const world = makeWorld({ stored: 'good', client: { concurrency: 1 } })
    world.fake.misbehave('request', 'undefined-task')
    world.fake.server.hold('/slow')
    const task = world.api.get('/slow')
    const aborted = watch(task, world.fake)
    await world.fake.clock.advance(50)
    task.abort()
    await world.fake.clock.advance(1000)
    expect(aborted.code).toBe('ABORTED')
    expect(await freeLanes(world)).toBe(1)
  })

  test('a platform that throws what cannot be read ends that request, and takes no lane from the others', async () => {
    const fake = makeWorld({ stored: 'good' }).fake
    let isBroken = true
    const request = (options: never): unknown => {
      if (isBroken) throw Object.create(null) as Error
      return fake.wx.request(options)
    }
    const { api } = clientOn(fake, {
      platform: altered(fake, { request }),
      concurrency: 1,
      retry: false,
      checkSession: false,
    })
    const broken = times(3, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.runAll()
    isBroken = false
    const fine = watch(api.get('/fine'), fake)
    await fake.clock.runAll()
    expect([...codesOf(broken), fine.code]).toEqual(['NETWORK', 'NETWORK', 'NETWORK', 'ok'])
  })

  test('an abort that throws is no worse than one that does nothing', async () => {
    const world = makeWorld({ stored: 'good' })
    const { fake } = world
    const abort = () => {
      throw new Error('no such task')
    }
    const request = (options: never) => Object.assign({}, fake.wx.request(options), { abort })
    const { api } = clientOn(fake, { platform: altered(fake, { request }), concurrency: 1 })
    fake.server.hold('/slow')
    const task = api.get('/slow')
    const aborted = watch(task, fake)
    await fake.clock.advance(50)
    task.abort()
    await fake.clock.advance(1000)
    expect([aborted.code, await freeLanes({ fake, api })]).toEqual(['ABORTED', 1])
  })

  /** The stages in which a request may be when it is aborted, and how to bring it there. */
  const stages: [string, (world: ReturnType<typeof makeWorld>) => Task<unknown>][] = [
    ['waits for a login', ({ fake, api }) => (fake.misbehave('login', 'hang'), api.get('/a'))],
    [
      'waits for the check',
      ({ fake, api }) => (
        fake.storage.set('miniprogram-session', { token: fake.server.issue('t') }),
        api.get('/a', {}, { auth: 'verified' })
      ),
    ],
    [
      'waits for a lane',
      ({ fake, api }) => (
        fake.server.hold('/held'),
        times(PHONE_LANES - 1, () => watch(api.get('/held', {}, { auth: false }), fake)),
        api.get('/a', {}, { auth: false })
      ),
    ],
    [
      'waits for its next try',
      ({ fake, api }) => (fake.network.failNext(), api.get('/a', {}, { auth: false })),
    ],
    ['is on the wire', ({ fake, api }) => (fake.server.hold('/a'), api.get('/a', {}, { auth: false }))],
    [
      'is being replayed',
      ({ fake, api }) => (
        fake.storage.set('miniprogram-session', { token: 'dead' }),
        fake.misbehave('login', 'hang'),
        api.get('/a')
      ),
    ],
  ]

  test.each(stages)(
    'a request that %s can be aborted: it rejects at once and goes nowhere',
    async (_stage, bring) => {
      const world = makeWorld({ client: { retry: { delay: () => 5000 } }, fake: { checkLatency: 2000 } })
      const task = bring(world)
      const watched = watch(task, world.fake)
      await world.fake.clock.advance(100)
      const sent = tokensAt(world, '/a').length
      expect(watched.code).toBe('pending')
      task.abort()
      await world.fake.clock.settle()
      expect(watched.code).toBe('ABORTED')
      world.fake.server.release()
      await world.fake.clock.runAll()
      expect([tokensAt(world, '/a').length, await freeLanes(world)]).toEqual([sent, PHONE_LANES - 1])
    },
  )

  test.each(stages)('a request that %s ends at its totalTimeout', async (_stage, bring) => {
    const world = makeWorld({
      client: { totalTimeout: 1500, retry: { delay: () => 5000 } },
      fake: { checkLatency: 2000 },
    })
    const begun = world.fake.clock.now()
    const watched = watch(bring(world), world.fake)
    await world.fake.clock.advance(1499)
    expect(watched.code).toBe('pending')
    await world.fake.clock.advance(1)
    expect([watched.code, (watched.at ?? 0) - begun]).toEqual(['TIMEOUT', 1500])
    world.fake.server.release()
    await world.fake.clock.runAll()
    expect(await freeLanes(world)).toBe(PHONE_LANES - 1)
  })

  test('aborting a request that waits does not disturb the others behind the same login', async () => {
    const { fake, api } = makeWorld()
    const tasks = times(4, (n) => api.get(`/${n}`))
    const all = tasks.map((task) => watch(task, fake))
    await fake.clock.advance(5)
    tasks[0]?.abort()
    tasks[2]?.abort()
    await fake.clock.runAll()
    expect([codesOf(all), fake.calls.logins]).toEqual([['ABORTED', 'ok', 'ABORTED', 'ok'], 1])
  })

  test('aborting twice, or after the end, does nothing', async () => {
    const { fake, api } = makeWorld({ stored: 'good' })
    const task = api.get('/a')
    const watched = watch(task, fake)
    await fake.clock.runAll()
    task.abort()
    task.abort()
    await fake.clock.runAll()
    expect(watched.code).toBe('ok')
  })

  test('the clock of a timeout starts when the request is dispatched, not while it waits', async () => {
    const { fake, api } = makeWorld({ client: { concurrency: 1 }, fake: { loginLatency: 3000 } })
    const request = watch(api.get('/a', {}, { timeout: 50 }), fake)
    await fake.clock.runAll()
    expect(request.code).toBe('ok')
  })

  test('a timed-out request keeps its lane until WeChat has answered the abort', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { concurrency: 1, timeout: 100 } })
    fake.abort = 'late'
    fake.misbehave('request', 'hang')
    const first = watch(api.get('/a'), fake)
    const second = watch(api.get('/b'), fake)
    await fake.clock.advance(599)
    expect([first.code, second.code, fake.calls.requestCount]).toEqual(['TIMEOUT', 'pending', 1])
    await fake.clock.advance(20)
    expect(second.code).toBe('ok')
  })

  test('a login and a request that both hang fail in their own time, and leave no timer', async () => {
    const { fake, api } = makeWorld({ client: { timeout: 2000 } })
    fake.misbehave('request', 'hang', 1)
    const all = [
      watch<unknown>(api.get('/a'), fake),
      watch<unknown>(api.get('/b', {}, { auth: false, retry: false }), fake),
    ]
    await fake.clock.advance(40_000)
    expect(codesOf(all)).not.toContain('pending')
    expect(fake.clock.pending).toBe(0)
  })

  test('wx.login that fails without a reason fails the login at once', async () => {
    const { fake } = makeWorld()
    const login = ({ fail }: { fail: (failure?: unknown) => void }) => fake.clock.setTimeout(() => fail(), 10)
    const { api } = clientOn(fake, { platform: altered(fake, { login }), ...NO_RETRY })
    const ensured = watch(api.ensureLogin(), fake)
    await fake.clock.advance(100).catch(() => undefined)
    expect(ensured.code).toBe('LOGIN_FAILED')
  })

  test.each([
    ['login', { encrypt: false }],
    ['checkSession', { encrypt: false }],
    ['getStorage', { encrypt: true }],
    ['setStorage', { encrypt: true }],
    ['removeStorage', { encrypt: true }],
  ])(
    'a platform whose %s also returns a promise, as Taro’s do, causes no unhandled rejection',
    async (name, storage) => {
      const { fake } = makeWorld({ stored: 'good' })
      const then = jest.fn()
      const call = (options: { fail: (failure: object) => void }) => {
        options.fail({ errMsg: `${name}:fail` })
        return { then }
      }
      const { api } = clientOn(fake, { platform: altered(fake, { [name]: call }), storage })
      const all = [watch(api.ensureLogin(), fake)]
      await fake.clock.advance(100)
      all.push(watch(api.ensureLogin({ force: true }), fake))
      await fake.clock.advance(100)
      api.logout()
      await fake.clock.runAll()
      expect(codesOf(all)).not.toContain('pending')
      expect(then.mock.calls[0]).toEqual([expect.any(Function), expect.any(Function)])
    },
  )

  test('a listener that throws harms nobody, in any event', async () => {
    const complaint = jest.spyOn(console, 'error').mockImplementation(() => undefined)
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false })
    api.on(() => {
      throw new Error('in a listener')
    })
    const all = times(3, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.runAll()
    expect([codesOf(all), complaint.mock.calls.length > 0]).toEqual([['ok', 'ok', 'ok'], true])
    complaint.mockRestore()
  })

  test('callbacks that throw harm nobody, and do not change what the promise says', async () => {
    const complaint = jest.spyOn(console, 'error').mockImplementation(() => undefined)
    const { fake, api } = makeWorld({ stored: 'good', client: { concurrency: 1 } })
    const boom = () => {
      throw new Error('in a callback')
    }
    const all = times(3, (n) => watch(api.request({ url: `/${n}`, success: boom, complete: boom }), fake))
    await fake.clock.runAll()
    expect([codesOf(all), complaint.mock.calls.length]).toEqual([['ok', 'ok', 'ok'], 6])
    complaint.mockRestore()
  })

  test('unwrap, isUnauthorized or a header function that throws rejects that request, and frees its lane', async () => {
    const boom = () => {
      throw new Error('of the app')
    }
    for (const client of [{ unwrap: boom }, { isUnauthorized: boom }, { header: boom }, { attach: boom }]) {
      const world = makeWorld({ stored: 'good', client: { ...client, concurrency: 2, checkSession: false } })
      const all = times(5, (n) => watch(world.api.get(`/${n}`), world.fake))
      await world.fake.clock.runAll()
      for (const code of codesOf(all)) expect(code).toMatch(/CONFIG|of the app/)
      expect(world.fake.network.running).toBe(0)
    }
  })

  test('a listener that aborts, asks, logs in or logs out inside each event leaves nothing pending', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false, client: { concurrency: 2 } })
    const later: ReturnType<typeof watch>[] = []
    const tasks: Task<unknown>[] = []
    let left = 20
    api.on(({ type }) => {
      if (left-- <= 0) return
      const deeds = [
        () => api.logout(),
        () => tasks[left % 3]?.abort(),
        () => later.push(watch(api.ensureLogin(), fake)),
      ]
      ;(deeds[left % 4] ?? (() => later.push(watch(api.get(`/${type}`), fake))))()
    })
    for (let n = 0; n < 6; n++) tasks.push(api.get(`/${n}`))
    const all = tasks.map((task) => watch(task, fake))
    await fake.clock.runAll()
    expect(codesOf([...all, ...later])).not.toContain('pending')
    expect([fake.network.running, fake.clock.pending]).toEqual([0, 0])
  })

  test('a phone without a network fails everything soon, and nothing is left behind', async () => {
    const { fake, api } = makeWorld({ stored: 'good' })
    fake.network.offline()
    const all = [
      watch<unknown>(api.get('/a'), fake),
      watch<unknown>(api.ensureLogin(), fake),
      watch<unknown>(api.post('/b'), fake),
    ]
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(['OFFLINE', 'LOGIN_FAILED', 'OFFLINE'])
    expect(fake.clock.pending).toBe(0)
  })

  test('an app in the background settles everything once it is back, whatever may be sent again', async () => {
    const { fake, api } = makeWorld({ stored: 'good' })
    fake.server.hold('/slow')
    const send = (path: string) => [
      watch<unknown>(api.get(path), fake),
      watch<unknown>(api.get(path, {}, { retry: false }), fake),
      watch<unknown>(api.post(path), fake),
    ]
    const slow = send('/slow')
    await fake.clock.advance(100)
    fake.app.toBackground()
    const behind = send('/behind')
    await fake.clock.advance(6000)
    fake.app.toForeground()
    fake.server.release()
    const front = send('/front')
    await fake.clock.runAll()
    expect(codesOf(slow)).toEqual(['ok', 'INTERRUPTED', 'INTERRUPTED'])
    expect([codesOf(behind).includes('pending'), codesOf(front)]).toEqual([false, ['ok', 'ok', 'ok']])
    expect([fake.network.running, fake.clock.pending]).toEqual([0, 0])
  })

  test('without any timer on the phone nothing is left after a plain request', async () => {
    const { fake, api } = makeWorld({ stored: 'good' })
    await Promise.all([api.get('/a'), fake.clock.advance(31_000)])
    expect(fake.clock.pending).toBe(0)
  })

  test('a login function that throws, hangs, or answers with nonsense ends the login', async () => {
    const answers: (() => Promise<string>)[] = [
      () => {
        throw new Error('in the app')
      },
      () => new Promise<string>(() => undefined),
      () => Promise.resolve(undefined as unknown as string),
    ]
    for (const login of answers) {
      const { fake, api } = makeWorld({ client: { login } })
      const ensured = watch(api.ensureLogin(), fake)
      await fake.clock.runAll()
      expect(ensured.code).toMatch(/^LOGIN_(FAILED|TIMEOUT|BAD_RESPONSE)$/)
    }
  })

  test('a base URL that cannot be reached hands over to the next, and each request settles', async () => {
    const { fake, api } = makeWorld({
      stored: 'good',
      client: { baseURL: ['https://one.test', 'https://two.test'] },
    })
    const refused = { fail: { errMsg: 'fail errcode:-102 net::ERR_CONNECTION_REFUSED' } }
    fake.misbehave('request', refused, Infinity, ({ url }) => url?.startsWith('https://one.test') === true)
    const all = [
      watch<unknown>(api.get('/a'), fake),
      watch<unknown>(api.post('/b'), fake),
      watch<unknown>(api.get('/c'), fake),
    ]
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(['ok', 'ok', 'ok'])
    expect(new Set(fake.server.requests.map(({ origin }) => origin))).toEqual(new Set(['https://two.test']))
  })

  test('when no base URL can be reached, requests end as network errors after their retries', async () => {
    const { fake, api } = makeWorld({
      stored: 'good',
      client: { baseURL: ['https://one.test', 'https://two.test'] },
    })
    fake.misbehave('request', { fail: { errMsg: 'fail errcode:-102 net::ERR_CONNECTION_REFUSED' } }, Infinity)
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, request.error?.attempts]).toEqual(['NETWORK', 4])
  })

  test('a retry whose delay is not a number does not wait for ever', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { retry: { delay: () => NaN } } })
    fake.network.failNext()
    const request = watch(api.get('/a'), fake)
    await fake.clock.advance(120_000)
    expect(request.code).not.toBe('pending')
  })

  test('a request that a listener aborts on hearing of the failed login does not go out after its end', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { checkSession: 'blocking' } })
    fake.misbehave('checkSession', { fail: { errMsg: 'fail' }, sameTick: true })
    fake.misbehave('login', 'fail', Infinity)
    const task = api.get('/a')
    api.on((event) => {
      if (event.type === 'login' && event.phase === 'fail') task.abort()
    })
    const request = watch(task, fake)
    await fake.clock.runAll()
    expect([request.code, fake.server.requestCount]).toEqual(['ABORTED', 0])
  })

  test('middleware that swallows, repeats or breaks a request leaves no lane behind', async () => {
    const gate = deferred<never>()
    const swallow: Middleware = async (request, next) => {
      if (request.url === '/swallow') return gate.promise
      if (request.url === '/twice') await next(request)
      if (request.url === '/break') throw new Error('of the app')
      return next(request)
    }
    const world = makeWorld({
      stored: 'good',
      client: { use: [swallow], totalTimeout: 1000, concurrency: 2 },
    })
    const all = ['/swallow', '/twice', '/break'].map((path) => watch(world.api.get(path), world.fake))
    await world.fake.clock.runAll()
    expect(codesOf(all)).toEqual(['TIMEOUT', 'ok', 'Error: of the app'])
    expect(world.fake.network.running).toBe(0)
  })

  test('its lane is kept as well when its totalTimeout comes in the same millisecond', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { concurrency: 1, timeout: 100 } })
    fake.abort = 'ignored'
    fake.misbehave('request', 'hang')
    const first = watch(api.get('/a', {}, { totalTimeout: 100 }), fake)
    const second = watch(api.get('/b'), fake)
    await fake.clock.advance(1099)
    expect([first.code, second.code, fake.calls.requestCount]).toEqual(['TIMEOUT', 'pending', 1])
    await fake.clock.advance(20)
    expect(second.code).toBe('ok')
  })

  test('frozen errors and frozen answers settle the request, and free its lane', async () => {
    const soldOut = new BusinessError('sold out', 7)
    Object.freeze(soldOut)
    const { fake, api } = makeWorld({
      stored: 'good',
      client: {
        concurrency: 1,
        unwrap({ data }) {
          if (data === 'sold out') throw soldOut
          return data
        },
      },
    })
    fake.server.on('/a', () => ({ data: 'sold out' }))
    const { request } = fake.wx
    Object.assign(fake.wx, {
      request: (options: WechatMiniprogram.RequestOption) =>
        request({
          ...options,
          success: ({ data, statusCode }) => options.success?.(Object.freeze({ data, statusCode }) as never),
        }),
    })
    const all = ['/a', '/b', '/a'].map((path) => watch(api.get(path), fake))
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(['BUSINESS', 'ok', 'BUSINESS'])
  })

  test('an error whose fields are its own business settles the request', async () => {
    const guarded = Object.defineProperty(new BusinessError('sold out', 7), 'attempts', {
      get: () => 7,
      set() {
        throw new Error('hands off')
      },
    })
    const { fake, api } = makeWorld({
      stored: 'good',
      client: {
        unwrap() {
          throw guarded
        },
      },
    })
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect(request.error).toBe(guarded)
  })
})
