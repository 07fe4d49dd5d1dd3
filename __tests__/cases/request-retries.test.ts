import type { Platform } from '../../src'
import { failure, HOME, outcome } from '../phone'
import { altered, clientOn, codesOf, makeWorld, times, watch } from '../laws/world'
import { scripted, scriptedWorld, sendBy, type Kind } from './request-helpers'

const SECOND = 1000

describe('R10: a change of network is tried again at once, where it was', () => {
  const list = ['https://one.test', 'https://two.test']
  const setting = { stored: 'good', client: { baseURL: list, checkSession: false as const } }
  const origins = ({ fake }: ReturnType<typeof makeWorld>) => fake.server.requests.map(({ origin }) => origin)

  test('reads that iOS cancels go again to the same base URL, and all that follow too', async () => {
    const world = makeWorld(setting)
    const { fake, api } = world
    const begun = fake.clock.now()
    const all = times(5, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.advance(7)
    fake.network.change()
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(times(5, () => 'ok'))
    // At once: the shortest back-off is 150 ms.
    expect(Math.max(...all.map(({ at = Infinity }) => at - begun))).toBeLessThan(100)
    await outcome(fake, api.get('/later'))
    expect(new Set(origins(world))).toEqual(new Set(['https://one.test']))
  })

  test('a POST is sent once, and the base URL stays', async () => {
    const world = makeWorld(setting)
    const { fake, api } = world
    const sent = watch(api.post('/orders', { item: 'A' }), fake)
    await fake.clock.advance(7)
    fake.network.change()
    await fake.clock.runAll()
    expect(sent.code).toBe('NETWORK')
    await outcome(fake, api.get('/later'))
    expect(origins(world)).toEqual(['https://one.test', 'https://one.test'])
  })

  test('an upload is sent once, a download again', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { checkSession: false } })
    const all = [watch(sendBy(api, 'uploadFile'), fake), watch(sendBy(api, 'downloadFile'), fake)]
    await fake.clock.advance(7)
    fake.network.change()
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(['NETWORK', 'ok'])
  })

  test('with retry: false it is not tried again', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { retry: false, checkSession: false } })
    const sent = watch(api.get('/orders'), fake)
    await fake.clock.advance(7)
    fake.network.change()
    await fake.clock.runAll()
    expect([sent.code, fake.calls.requestCount]).toEqual(['NETWORK', 1])
  })

  test('it counts as a try: a network that changes for ever ends it', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { retry: 2, checkSession: false } })
    fake.network.failNext(Infinity, 'network-change')
    const error = await failure(fake, api.get('/orders'))
    expect([error.code, error.attempts]).toEqual(['NETWORK', 3])
  })

  test('a base URL that cannot be reached is left all the same', async () => {
    const world = makeWorld(setting)
    const refused = { fail: { errMsg: 'fail errcode:-102 net::ERR_CONNECTION_REFUSED', errno: 600001 } }
    const isFirst = ({ url = '' }) => url.startsWith('https://one.test')
    world.fake.misbehave('request', refused, Infinity, isFirst)
    const sent = watch(world.api.get('/orders'), world.fake)
    await world.fake.clock.runAll()
    expect([sent.code, new Set(origins(world))]).toEqual(['ok', new Set(['https://two.test'])])
  })
})

describe('R11: what the phone refuses each time is sent once', () => {
  const refusals: [Kind, { errMsg: string; errno?: number }][] = [
    ['request', { errMsg: 'request:fail url not in domain list', errno: 600002 }],
    ['request', { errMsg: 'request:fail url not in domain list' }],
    ['downloadFile', { errMsg: 'downloadFile:fail url not in domain list', errno: 600002 }],
    ['downloadFile', { errMsg: 'downloadFile:fail exceed max file size', errno: 603301 }],
    ['downloadFile', { errMsg: 'downloadFile:fail exceed max file size' }],
    [
      'downloadFile',
      { errMsg: 'downloadFile:fail the maximum size of the file storage limit is exceeded', errno: 1300202 },
    ],
  ]

  test.each(refusals)('%s that fails with %j', async (kind, refusal) => {
    const { fake, api, calls } = await scriptedWorld(kind, (call) => call.at(10, () => call.fail(refusal)))
    const sent = watch(sendBy(api, kind), fake)
    await fake.clock.runAll()
    expect([sent.code, calls.length, sent.error?.errMsg]).toEqual(['NETWORK', 1, refusal.errMsg])
  })

  test('ten at once are ten calls', async () => {
    const { fake, api } = makeWorld({
      stored: 'good',
      fake: { domains: ['https://other.test'] },
      client: { checkSession: false },
    })
    const all = times(10, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.runAll()
    expect([codesOf(all), fake.calls.requestCount]).toEqual([times(10, () => 'NETWORK'), 10])
  })

  test('what may pass is tried again, as ever', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { checkSession: false } })
    fake.network.failNext(2, 'unknown')
    const sent = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    expect([sent.code, fake.calls.requestCount]).toEqual(['ok', 3])
  })
})

describe('R14: a failure is told for what it is, in any phone’s words', () => {
  test.each([
    ['request:fail The request timed out.', 'TIMEOUT', false],
    ['request:fail 请求超时。', 'TIMEOUT', false],
    ['request:fail 似乎已断开与互联网的连接。', 'OFFLINE', true],
    ['request:fail The Internet connection appears to be offline.', 'OFFLINE', true],
    [
      'request:fail Unable to resolve host "a.example": No address associated with hostname',
      'NETWORK',
      false,
    ],
    [
      'request:fail errcode:-106 cronet_error_code:-106 error_msg:net::ERR_INTERNET_DISCONNECTED',
      'OFFLINE',
      true,
    ],
  ])('%s is %s', async (errMsg, code, isOffline) => {
    const { fake, api } = await scriptedWorld('request', (call) => call.at(10, () => call.fail({ errMsg })))
    expect(await failure(fake, api.get('/orders'))).toMatchObject({ code, isOffline })
  })

  test('a time-out is not tried again', async () => {
    const { fake, api, calls } = await scriptedWorld('request', (call) =>
      call.at(10, () => call.fail({ errMsg: 'request:fail The request timed out.' })),
    )
    await failure(fake, api.get('/orders'))
    expect(calls.length).toBe(1)
  })

  test('words in the address decide nothing', async () => {
    const { fake, api } = await scriptedWorld('request', (call) =>
      call.at(10, () => call.fail({ errMsg: `request:fail ${call.options.url} is broken` })),
    )
    const error = await failure(fake, api.get('/time-out/interrupted/suspend'))
    expect(error.code).toBe('NETWORK')
  })
})

describe('R32: a failure that carries an HTTP status is the answer it is', () => {
  type PlatformOptions = Parameters<Platform['request']>[0]
  /** Alipay through uni (statusCode, header) or Taro (status, headers): every status but 2xx is a failure. */
  const shapes = {
    uni: ({ statusCode, header, data }: Record<string, unknown>) => ({
      errMsg: 'request:fail http status error',
      statusCode,
      header,
      data,
    }),
    Taro: ({ statusCode, header, data }: Record<string, unknown>) => ({
      error: 19,
      errorMessage: 'http status error',
      status: statusCode,
      headers: header,
      data,
    }),
  }
  function onAlipay(through: keyof typeof shapes, isLive: boolean) {
    const world = makeWorld({ stored: 'old', isLive })
    const { fake } = world
    const request = (options: PlatformOptions) =>
      (fake.wx as Platform).request({
        ...options,
        success: (result) =>
          (result.statusCode ?? 0) < 300
            ? options.success?.(result)
            : options.fail?.(shapes[through](result as Record<string, unknown>) as object),
      })
    const { api } = clientOn(fake, {
      platform: altered(fake, { request }),
      retry: false,
      checkSession: false,
    })
    return { fake, api }
  }

  test.each(['uni', 'Taro'] as const)(
    'through %s a dead token is logged in for, once, and replayed',
    async (through) => {
      const { fake, api } = onAlipay(through, false)
      const all = times(9, (n) => watch(api.get(`/${n}`), fake))
      await fake.clock.runAll()
      expect([codesOf(all), fake.calls.logins]).toEqual([times(9, () => 'ok'), 1])
    },
  )

  test.each(['uni', 'Taro'] as const)('through %s a 404 is HTTP_STATUS, with its body', async (through) => {
    const { fake, api } = onAlipay(through, true)
    fake.server.on('/none', () => ({ statusCode: 404, data: { reason: 'gone' } }))
    expect(await failure(fake, api.get('/none'))).toMatchObject({
      code: 'HTTP_STATUS',
      response: { statusCode: 404, data: { reason: 'gone' } },
    })
  })

  test('a number that is no HTTP status is none', async () => {
    const { fake } = makeWorld({ stored: 'good' })
    const { platform } = scripted(fake, 'request', (call) =>
      call.at(10, () => call.fail({ error: 14, errorMessage: 'JSON parse data error', status: 13 })),
    )
    const { api } = clientOn(fake, { platform, retry: false, baseURL: HOME })
    expect(await failure(fake, api.get('/orders'))).toMatchObject({ code: 'NETWORK' })
  })

  test('its Retry-After is honoured like any other', async () => {
    const { fake, api, calls } = await scriptedWorld('request', (call) =>
      call.at(10, () =>
        call.nth === 0
          ? call.fail({ errMsg: 'request:fail', statusCode: 503, header: { 'retry-after': '5' } })
          : call.succeed(),
      ),
    )
    const sent = watch(api.get('/orders'), fake)
    await fake.clock.advance(4 * SECOND)
    expect([sent.code, calls.length]).toEqual(['pending', 1])
    await fake.clock.runAll()
    expect([sent.code, calls.length]).toEqual(['ok', 2])
  })
})
