import { createClient, NetworkError, TimeoutError } from '../../src'
import type { FailureName, Misbehaviour } from '../../src/testing'
import type { PlatformRequest } from '../../src/platforms/wechat'
import { caught, failure, HOME, knownPhone, last, outcome, result, usual } from '../phone'

const plain = { retry: false } as const

test.each<[FailureName, string]>([
  ['refused', 'NETWORK'],
  ['reset', 'NETWORK'],
  ['timed-out', 'NETWORK'],
  ['dns', 'NETWORK'],
  ['certificate', 'NETWORK'],
  ['network-change', 'NETWORK'],
  ['unknown', 'NETWORK'],
  ['disconnected', 'OFFLINE'],
  ['interrupted', 'INTERRUPTED'],
  ['suspended', 'INTERRUPTED'],
  ['timeout', 'TIMEOUT'],
])('a request that fails as %s is told as %s', async (name, code) => {
  const { fake, api } = knownPhone({ ...plain, checkSession: false })
  fake.network.failNext(1, name)
  const error = await failure(fake, api.get('/orders?secret=1'))
  expect(error).toMatchObject({ code, attempts: 1, request: { method: 'GET', url: `${HOME}/orders` } })
})

test.each([
  ['request:fail time out', 'TIMEOUT'],
  ['request:fail timed out', 'TIMEOUT'],
  ['request:fail timeout', 'TIMEOUT'],
  ['request:fail request timeout', 'TIMEOUT'],
  ['request:fail errcode:-118 net::ERR_CONNECTION_TIMED_OUT', 'NETWORK'],
  ['request:fail interrupted', 'INTERRUPTED'],
  ['request:fail network api interrupted in suspend state', 'INTERRUPTED'],
  ['request:fail -1009 offline', 'OFFLINE'],
  ['request:fail -1061 something else', 'NETWORK'],
  ['request:fail net::ERR_INTERNET_DISCONNECTED', 'OFFLINE'],
  ['request:fail 请求失败', 'NETWORK'],
  ['request:fail 请求超时', 'TIMEOUT'],
  ['request:fail 請求逾時', 'TIMEOUT'],
])('before errno existed (2.24.0), "%s" is told as %s', async (errMsg, code) => {
  const { fake, api } = knownPhone({ ...plain, checkSession: false })
  fake.network.failNext(1, { errMsg: errMsg.replace('request:', '') })
  expect((await failure(fake, api.get('/orders'))).code).toBe(code)
})

test('a network error carries what WeChat said, and its number', async () => {
  const { fake, api } = knownPhone({ ...plain, checkSession: false })
  fake.network.failNext(1, 'refused')
  const error = await failure(fake, api.get('/orders'))
  expect(error).toBeInstanceOf(NetworkError)
  expect(error).toMatchObject({ errno: 600001 })
  expect(error.errMsg).toMatch(/^request:fail errcode:-102/)
  expect(error.message).toMatch(/^GET https:\/\/api\.test\/orders got no answer .*Offer a retry/)
})

test('what WeChat quotes shows neither query nor token', async () => {
  const { fake, api } = knownPhone({ ...plain, checkSession: false, attach: { query: 'skey' } })
  fake.network.failNext(1, { errMsg: `fail url not in domain list: ${HOME}/a?skey=token-1 (token-1)` })
  const error = await failure(fake, api.get('/a'))
  expect(error.message).not.toContain('token-1')
  expect(error.message).not.toContain('skey')
})

test('our own timer gives up on a request that WeChat forgets', async () => {
  const { fake, api, events } = knownPhone({ ...plain, timeout: 5000 })
  fake.misbehave('request', 'hang')
  const error = await failure(fake, api.get('/orders'))
  expect(error).toBeInstanceOf(TimeoutError)
  expect(error.message).toContain('timeout of 5000 ms')
  expect(events).toContainEqual(expect.objectContaining({ phase: 'fail', code: 'TIMEOUT', duration: 5000 }))
})

test('the timeout of a request goes before that of the client, and WeChat is told', async () => {
  const { fake, api } = knownPhone({ timeout: 5000 })
  await result(fake, api.get('/orders'))
  expect(last(fake).timeout).toBe(5000)
  await result(fake, api.get('/orders', undefined, { timeout: 7000 }))
  expect(last(fake).timeout).toBe(7000)
})

test('by default WeChat has 30 s', async () => {
  const { fake, api } = knownPhone()
  await result(fake, api.get('/orders'))
  expect(last(fake).timeout).toBe(30_000)
})

test.each<Misbehaviour>(['twice', 'both', 'same-tick', 'undefined-task'])(
  'an answer that comes in the way of "%s" is one answer',
  async (behaviour) => {
    const { fake, api } = knownPhone({ concurrency: 1 })
    const answers: unknown[] = []
    fake.misbehave('request', behaviour)
    const task = api.request({ url: '/orders', complete: () => void answers.push(1) })
    expect(await result(fake, task)).toMatchObject({ statusCode: 200, data: { ok: true } })
    expect(answers).toEqual([1])
    expect(await result(fake, api.get('/again'))).toMatchObject({ ok: true })
  },
)

test.each<Misbehaviour>(['throw', 'fail', 'empty'])(
  'a wx.request that does "%s" fails that request, and gives its lane back',
  async (behaviour) => {
    const { fake, api } = knownPhone({ ...plain, concurrency: 1 })
    fake.misbehave('request', behaviour)
    expect(await failure(fake, api.get('/orders'))).toMatchObject({ code: 'NETWORK', attempts: 1 })
    expect(await result(fake, api.get('/again'))).toMatchObject({ ok: true })
  },
)

test('a wx.request that throws something odd is quoted', async () => {
  const { fake, api } = knownPhone(plain)
  fake.wx.request = () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- hooked APIs throw what they like
    throw 'odd'
  }
  expect((await failure(fake, api.get('/orders'))).errMsg).toBe('request:fail odd')
})

test.each(['normal', 'same-tick', 'late', 'silent', 'ignored'] as const)(
  'an abort that WeChat answers in the way of "%s" ends once, and gives its lane back',
  async (mode) => {
    const { fake, api } = knownPhone({ concurrency: 1 })
    fake.abort = mode
    fake.server.latency('/slow', 5000)
    const task = api.get('/slow')
    const end = outcome(fake, task)
    await fake.clock.advance(20)
    task.abort()
    task.abort()
    expect(await end).toMatchObject({ error: { code: 'ABORTED', attempts: 1 } })
    expect(await result(fake, api.get('/again'))).toMatchObject({ ok: true })
  },
)

test('an aborted request keeps its lane for a second at most when WeChat says nothing', async () => {
  const { fake, api } = knownPhone({ concurrency: 1 })
  const paths = () => fake.server.requests.map(({ path }) => path)
  fake.abort = 'ignored'
  fake.server.latency('/slow', 60_000)
  const first = api.get('/slow')
  const end = caught(first)
  first.abort()
  const next = result(fake, api.get('/next', undefined, { timeout: 5000 }))
  expect(await end).toMatchObject({ code: 'ABORTED' })
  await next
  expect(paths()).toEqual(['/slow', '/next'])
  const [slow, second] = fake.calls.requests
  expect(Number(second?.calledAt) - Number(slow?.calledAt)).toBe(1000)
})

test('an abort that throws is no error of the caller', async () => {
  const { fake, api } = knownPhone({ concurrency: 1 })
  const { request } = fake.wx
  fake.wx.request = (options: WechatMiniprogram.RequestOption) =>
    Object.assign(request(options), {
      abort: () => {
        throw new Error('already over')
      },
    })
  const task = api.get('/orders')
  const end = caught(task)
  task.abort()
  expect(await end).toMatchObject({ code: 'ABORTED' })
  expect(await result(fake, api.get('/again'))).toMatchObject({ ok: true })
})

test('an answer after the time-out changes nothing', async () => {
  const { fake, api } = knownPhone({ ...plain, timeout: 100 })
  fake.abort = 'ignored'
  fake.server.latency('/slow', 500)
  expect(await failure(fake, api.get('/slow'))).toMatchObject({ code: 'TIMEOUT' })
  expect(await result(fake, api.get('/again'))).toMatchObject({ ok: true })
})

test('a request that is aborted while WeChat is being asked for it is aborted there as well', async () => {
  const { fake, api } = knownPhone({ checkSession: false, concurrency: 1 })
  fake.server.latency('/orders', 5000)
  const { request } = fake.wx
  fake.wx.request = (options: WechatMiniprogram.RequestOption) => {
    if (options.url.endsWith('/orders')) task.abort()
    return request(options)
  }
  const first = api.get('/first')
  const task = api.get('/orders')
  const end = caught(task)
  await fake.clock.advance(100)
  await first
  expect(await end).toMatchObject({ code: 'ABORTED' })
  expect(fake.network.running).toBe(0)
})

test.each(['/seats-106', '/suspended', '/interrupted', '/-1009', '/超时'])(
  'the words of the URL %s say nothing about the failure',
  async (path) => {
    const { fake, api } = knownPhone({ ...plain, checkSession: false })
    fake.network.failNext(1, { errMsg: `fail url not in domain list:${HOME}${path}`, errno: 600002 })
    expect(await failure(fake, api.get(path))).toMatchObject({ code: 'NETWORK' })
  },
)

test('nor whether a connection was made: a POST is not sent again for its URL', async () => {
  const { fake, api } = knownPhone({ baseURL: [HOME, 'https://b.test'], checkSession: false })
  fake.network.failNext(1, { errMsg: `fail unknown:${HOME}/seats-104` })
  await failure(fake, api.post('/seats-104'))
  expect(fake.calls.requestCount).toBe(1)
})

test.each([
  [5, 'TIMEOUT'],
  [600003, 'INTERRUPTED'],
  [600001, 'NETWORK'],
])('where there is an errno, %i, it says %s whatever the words', async (errno, code) => {
  const { fake, api } = knownPhone({ ...plain, checkSession: false })
  fake.network.failNext(1, { errMsg: 'fail 失败', errno })
  const error = await failure(fake, api.get('/orders'))
  expect(error.code).toBe(code)
  if (code === 'TIMEOUT') expect(error.message).toContain('its timeout of 30000 ms')
})

/** A platform whose requests do, one after the other, what is said here. */
function scripted(...acts: ((options: PlatformRequest) => unknown)[]) {
  const made = knownPhone({ ...plain, checkSession: false })
  Object.assign(made.fake.wx, { request: (options: PlatformRequest) => acts.shift()?.(options) })
  return made
}

test('the task of an attempt that was answered within the call is not taken for that of the next', async () => {
  const aborted: string[] = []
  const task = (name: string) => ({ abort: () => void aborted.push(name) })
  const { fake, api } = scripted(
    (options) => {
      options.success?.({ statusCode: 401, data: '', header: {} })
      return task('first')
    },
    (login) => login.success?.({ statusCode: 200, data: { token: 'new' }, header: {} }),
    () => task('second'),
  )
  const request = api.get('/orders')
  const end = caught(request)
  await fake.clock.advance(100)
  expect(aborted).toEqual([])
  request.abort()
  await end
  expect(aborted).toEqual(['second'])
})

test('a second answer to an earlier attempt is no answer to the next one', async () => {
  let first: PlatformRequest | undefined
  const { fake, api } = scripted(
    (options) => {
      first = options
      fake.clock.setTimeout(() => options.success?.({ statusCode: 503, data: 'busy', header: {} }), 10)
    },
    (options) =>
      fake.clock.setTimeout(() => options.success?.({ statusCode: 200, data: 'right', header: {} }), 500),
  )
  const request = api.get('/orders', {}, { retry: { limit: 1, delay: () => 10 } })
  const end = outcome(fake, request)
  fake.clock.setTimeout(() => first?.success?.({ statusCode: 200, data: 'wrong', header: {} }), 100)
  expect(await end).toEqual({ value: 'right' })
})

test('the body of a request that is no upload stays the string it is', async () => {
  const { fake, api } = scripted((options) =>
    options.success?.({ statusCode: 200, data: '{"n":1}', header: {} }),
  )
  expect(await result(fake, api.get('/text'))).toBe('{"n":1}')
})

test('a base URL that is silent hands over to the next one, but what timed out is not sent again', async () => {
  const { fake, api } = knownPhone({ baseURL: ['https://a.test', 'https://b.test'], checkSession: false })
  fake.misbehave('request', 'hang', 1)
  expect(await failure(fake, api.get('/1'))).toMatchObject({ code: 'TIMEOUT', attempts: 1 })
  await result(fake, api.get('/2'))
  expect(fake.calls.requests.map(({ url }) => url)).toEqual(['https://a.test/1', 'https://b.test/2'])
})

test('a request that is answered within the call is not aborted after it', async () => {
  const abort = jest.fn()
  const { fake, api } = scripted((options) => {
    options.success?.({ statusCode: 200, data: 'at once', header: {} })
    return { abort }
  })
  expect(await result(fake, api.get('/orders'))).toBe('at once')
  expect(abort).not.toHaveBeenCalled()
})

test.each(['answered', 'aborted'])(
  'WeChat that calls back twice about a request that was %s frees one lane',
  async (end) => {
    let first: PlatformRequest | undefined
    let sent = 0
    const { fake } = knownPhone()
    const request = (options: PlatformRequest) => {
      sent++
      first ??= options
    }
    Object.assign(fake.wx, { request })
    const api = createClient({ ...usual(fake), ...plain, checkSession: false, concurrency: 1 })
    const all = ['/a', '/b', '/c'].map((path) => api.get(path))
    for (const task of all) task.catch(() => undefined)
    if (end === 'aborted') all[0]?.abort()
    const callBack = () => first?.success?.({ statusCode: 200, data: '', header: {} })
    callBack()
    callBack()
    await fake.clock.advance(10)
    expect(sent).toBe(2)
  },
)
