import { ConfigError, HttpError, type Client, type ClientOptions, type RequestOptions } from '../../src'
import { caught, failure, HOME, KEY, knownPhone, last, outcome, phone, result } from '../phone'

test('a page writes one line, and gets its data', async () => {
  const { fake, api } = phone()
  fake.server.on(
    'GET /orders',
    fake.server.guard(() => ({ data: [{ id: 1 }] })),
  )
  expect(await result(fake, api.get('/orders'))).toEqual([{ id: 1 }])
})

test.each(['get', 'head', 'post', 'put', 'patch', 'delete'] as const)(
  '%s resolves to the data',
  async (verb) => {
    const { fake, api } = knownPhone({ methodOverride: true })
    expect(await result(fake, api[verb]('/orders'))).toEqual(
      verb === 'head' ? '' : { ok: true, path: '/orders', token: 'token-1' },
    )
  },
)

test('patch without methodOverride is refused: a server that does not know it would carry out a POST', async () => {
  const { fake, api } = knownPhone()
  const error = await failure(fake, api.patch('/orders', { title: 'cup' }))
  expect(error).toMatchObject({ code: 'CONFIG', attempts: 0, request: { method: 'PATCH' } })
  expect(error.message).toContain('methodOverride')
  expect(fake.server.requests).toEqual([])
})

test.each<[true | string, string]>([
  [true, 'X-HTTP-Method-Override'],
  ['X-Method', 'X-Method'],
])('with methodOverride %j patch travels as a POST that says so', async (methodOverride, header) => {
  const { fake, api } = knownPhone({ methodOverride })
  await result(fake, api.patch('/orders', { title: 'cup' }))
  expect(last(fake)).toMatchObject({ method: 'POST', json: { title: 'cup' } })
  expect(last(fake).headerOf(header)).toBe('PATCH')
})

test('delete has its query in second place and its body in options.data', async () => {
  const { fake, api } = knownPhone()
  await result(fake, api.delete('/orders', { page: 1 }, { data: { ids: [1, 2] } }))
  expect(last(fake)).toMatchObject({ method: 'DELETE', query: { page: '1' }, json: { ids: [1, 2] } })
})

test('delete sends the query in second place and the one in its options, and the former counts', async () => {
  const { fake, api } = knownPhone()
  await result(fake, api.delete('/orders', { page: 1, b: 2 }, { query: { page: 0, d: 3 } }))
  expect(last(fake)).toMatchObject({ query: { page: '1', b: '2', d: '3' }, data: undefined })
})

test('request resolves to what wx.request resolves to', async () => {
  const { fake, api } = knownPhone()
  fake.server.on('/orders', () => ({ statusCode: 201, data: 1, header: { A: 'b' }, cookies: ['c=d'] }))
  expect(await result(fake, api.request({ url: '/orders', method: 'POST' }))).toEqual({
    statusCode: 201,
    data: 1,
    header: { A: 'b', 'Set-Cookie': 'c=d' },
    cookies: ['c=d'],
    errMsg: 'request:ok',
  })
})

test('unwrap makes what the verbs resolve to, that of a call over that of the client', async () => {
  const { fake, api } = knownPhone({ unwrap: ({ data }) => (data as { path: string }).path })
  expect(await result(fake, api.get('/orders'))).toBe('/orders')
  expect(await result(fake, api.get('/orders', undefined, { unwrap: ({ statusCode }) => statusCode }))).toBe(
    200,
  )
  expect(await result(fake, api.request({ url: '/orders' }))).toMatchObject({ data: { path: '/orders' } })
})

describe.each<[boolean | undefined, boolean | undefined]>([
  [undefined, undefined],
  [true, undefined],
  [false, undefined],
  [undefined, true],
  [undefined, false],
  [true, false],
  [false, true],
])('with throwHttpErrors %s for the client and %s for the call', (client, call) => {
  const options: Partial<ClientOptions> = {
    retry: false,
    ...(client !== undefined && { throwHttpErrors: client }),
  }
  const per = call === undefined ? {} : { throwHttpErrors: call }
  const expected = (usual: boolean) => call ?? client ?? usual

  test.each(['get', 'request', 'uploadFile', 'downloadFile'] as const)('%s of a 500', async (name) => {
    const { fake, api } = knownPhone(options)
    fake.server.on('/x', () => ({ statusCode: 500, data: 'broken' }))
    const task = {
      get: () => api.get('/x', undefined, per),
      request: () => api.request({ url: '/x', ...per }),
      uploadFile: () => api.uploadFile({ url: '/x', filePath: 'a', name: 'a', ...per }),
      downloadFile: () => api.downloadFile({ url: '/x', ...per }),
    }[name]()
    const end = await outcome<unknown>(fake, task)
    if (!expected(name === 'get')) expect(end).toHaveProperty('value')
    else expect((end as { error: unknown }).error).toBeInstanceOf(HttpError)
  })
})

test.each([199, 400, 404, 500])('status %i is an error for the verbs', async (statusCode) => {
  const { fake, api } = knownPhone({ retry: false })
  fake.server.on('/x', () => ({ statusCode }))
  expect(await failure(fake, api.get('/x'))).toMatchObject({ code: 'HTTP_STATUS', response: { statusCode } })
})

test.each([200, 204, 304, 399])('status %i is none', async (statusCode) => {
  const { fake, api } = knownPhone()
  fake.server.on('/x', () => ({ statusCode, data: 'fine' }))
  expect(await result(fake, api.get('/x'))).toBe('fine')
})

test('a final 401 rejects even where other statuses resolve', async () => {
  const { fake, api } = phone()
  fake.server.refuseAll = true
  expect(await failure(fake, api.request({ url: '/x' }))).toMatchObject({ code: 'UNAUTHORIZED' })
})

describe('the callbacks of wx.request', () => {
  /** What they are called with, in order. */
  function listening() {
    const heard: [string, unknown][] = []
    const on = (name: string) => (value: unknown) => void heard.push([name, value])
    return { heard, callbacks: { success: on('success'), fail: on('fail'), complete: on('complete') } }
  }

  test('success and complete hear the result that the promise resolves to', async () => {
    const { fake, api } = knownPhone()
    const { heard, callbacks } = listening()
    const response = await result(fake, api.request({ url: '/x', ...callbacks }))
    expect(heard).toEqual([
      ['success', response],
      ['complete', response],
    ])
  })

  test('fail and complete hear the error, with an errMsg', async () => {
    const { fake, api } = knownPhone({ retry: false, checkSession: false })
    const { heard, callbacks } = listening()
    fake.network.failNext(1, 'reset')
    const error = await failure(fake, api.request({ url: '/x', ...callbacks }))
    expect(heard).toEqual([
      ['fail', error],
      ['complete', error],
    ])
    expect(error.errMsg).toMatch(/^request:fail errcode:-101/)
  })

  test('uploads and downloads have them too', async () => {
    const { fake, api } = knownPhone()
    const { heard, callbacks } = listening()
    await result(fake, api.uploadFile({ url: '/x', filePath: 'a', name: 'a', ...callbacks }))
    await result(fake, api.downloadFile({ url: '/x', ...callbacks }))
    expect(heard.map(([name]) => name)).toEqual(['success', 'complete', 'success', 'complete'])
  })

  test('one that throws harms nobody, and is told of on the console', async () => {
    const complaint = jest.spyOn(console, 'error').mockImplementation()
    const { fake, api } = knownPhone()
    let completed = false
    const success = () => JSON.parse('<') as undefined
    const complete = () => void (completed = true)
    expect(await result(fake, api.request({ url: '/x', success, complete }))).toMatchObject({
      statusCode: 200,
    })
    expect(completed).toBe(true)
    expect(String(complaint.mock.calls[0])).toMatch(/threw/)
    complaint.mockRestore()
  })
})

describe('auth', () => {
  const optional = { auth: 'optional' } as const

  test('false: no token, no login, and a 401 is an answer like any other', async () => {
    const { fake, api } = knownPhone()
    expect(await result(fake, api.request({ url: '/x', auth: false }))).toMatchObject({ statusCode: 401 })
    expect(last(fake).headerOf('authorization')).toBeUndefined()
    expect(fake.calls.logins).toBe(0)
    expect(api.session).toMatchObject({ token: 'token-1' })
  })

  test('optional: with the token there is', async () => {
    const { fake, api } = knownPhone()
    expect(await result(fake, api.get('/x', undefined, optional))).toMatchObject({ token: 'token-1' })
  })

  test('optional: without one it goes without, and starts no login', async () => {
    const { fake, api } = phone()
    expect(await failure(fake, api.request({ url: '/x', ...optional }))).toMatchObject({
      code: 'HTTP_STATUS',
    })
    expect(fake.calls.logins).toBe(0)
  })

  test('optional: a token that is refused is left off, and nobody is logged in for it', async () => {
    const { fake, api } = knownPhone()
    fake.server.expire()
    fake.server.on('/feed', (request) =>
      request.headerOf('authorization') ? { statusCode: 401 } : { data: 'for guests' },
    )
    expect(await result(fake, api.get('/feed', undefined, optional))).toBe('for guests')
    expect(fake.server.requests.map((request) => request.headerOf('authorization'))).toEqual([
      'Bearer token-1',
      undefined,
    ])
    expect(fake.calls.logins).toBe(0)
  })

  test('optional: where guests are refused as well the answer is a plain 401', async () => {
    const { fake, api } = knownPhone()
    fake.server.expire()
    expect(await failure(fake, api.get('/x', undefined, optional))).toMatchObject({
      code: 'HTTP_STATUS',
      attempts: 2,
      response: { statusCode: 401 },
    })
    expect(fake.calls.logins).toBe(0)
  })

  test('optional: a 401 leaves a session alone that serves elsewhere', async () => {
    const { fake, api } = knownPhone()
    await result(fake, api.get('/orders'))
    fake.server.anyPath = true
    fake.server.on('/feed', () => ({ statusCode: 401 }))
    await failure(fake, api.get('/feed', undefined, optional))
    expect(api.session).toMatchObject({ token: 'token-1' })
    expect(fake.storage.get(KEY)).toMatchObject({ token: 'token-1' })
  })

  test('optional: it waits for a login in flight, and goes without when that fails', async () => {
    const { fake, api } = phone()
    fake.server.on('/feed', (request) => ({ data: request.headerOf('authorization') ?? 'none' }))
    const all = Promise.all([api.ensureLogin(), api.get('/feed', undefined, optional)])
    expect(await result(fake, all)).toEqual([expect.objectContaining({ token: 'token-1' }), 'Bearer token-1'])
    const { fake: other, api: sad } = phone({ login: { url: '/nowhere', retry: 0 } })
    other.server.on('/feed', (request) => ({ data: request.headerOf('authorization') ?? 'none' }))
    const login = caught(sad.ensureLogin())
    expect(await result(other, sad.get('/feed', undefined, optional))).toBe('none')
    expect(await login).toMatchObject({ code: 'LOGIN_REJECTED' })
  })

  test('verified: waits until WeChat has confirmed the session', async () => {
    const { fake, api } = knownPhone()
    fake.account.expireKey()
    expect(await result(fake, api.post('/decrypt', {}, { auth: 'verified' }))).toMatchObject({
      token: 'token-2',
    })
  })
})

describe('authOrigins', () => {
  test('elsewhere the token does not go, and a 401 there is a plain HttpError', async () => {
    const { fake, api } = knownPhone()
    for (const url of [
      'https://other.test/x',
      'https://api.test.evil.test/x',
      'https://api.test@evil.test/x',
      'http://api.test/x',
    ]) {
      const error = await failure(fake, api.get(url))
      expect(error).toMatchObject({ code: 'HTTP_STATUS' })
      expect(JSON.stringify(last(fake).header)).not.toContain('token-1')
    }
    expect(fake.calls.logins).toBe(0)
  })

  test('a list of them is all there are', async () => {
    const { fake, api } = knownPhone({ authOrigins: ['https://pay.test/', HOME.toUpperCase()] })
    expect(await result(fake, api.get('https://pay.test/x'))).toMatchObject({ token: 'token-1' })
    expect(await result(fake, api.get('/x'))).toMatchObject({ token: 'token-1' })
    const { fake: other, api: narrow } = knownPhone({ authOrigins: ['https://pay.test'] })
    expect(await failure(other, narrow.get('/x'))).toMatchObject({ code: 'HTTP_STATUS' })
  })

  test('with a computed baseURL they follow it', async () => {
    let baseURL = 'https://a.test'
    const { fake, api } = knownPhone({ baseURL: () => baseURL })
    expect(await result(fake, api.get('/x'))).toMatchObject({ token: 'token-1' })
    baseURL = 'https://b.test'
    expect(await result(fake, api.get('/x'))).toMatchObject({ token: 'token-1' })
    expect(await failure(fake, api.get('https://a.test/x'))).toMatchObject({ code: 'HTTP_STATUS' })
  })
})

describe('totalTimeout', () => {
  test.each<[string, Partial<ClientOptions>, Partial<RequestOptions>]>([
    ['of the client', { totalTimeout: 500 }, {}],
    ['of the request', { totalTimeout: 90_000 }, { totalTimeout: 500 }],
  ])('%s counts the wait for a login', async (_whose, client, request) => {
    const { fake, api, events } = phone(client)
    fake.misbehave('login', 'hang')
    const error = await failure(fake, api.request({ url: '/x', ...request }))
    expect(error).toMatchObject({ code: 'TIMEOUT', attempts: 0 })
    expect(events).toContainEqual(expect.objectContaining({ phase: 'fail', duration: 500 }))
  })

  test('counts the wait for a lane', async () => {
    const { fake, api } = knownPhone({ concurrency: 1 })
    fake.server.latency('/slow', 5000)
    const slow = api.get('/slow')
    expect(await failure(fake, api.get('/x', undefined, { totalTimeout: 500 }))).toMatchObject({
      code: 'TIMEOUT',
      attempts: 0,
    })
    await slow
  })
})

describe('logout and session', () => {
  test('session is what is known, at once; logout forgets it here and tells no server', async () => {
    const { fake, api } = knownPhone()
    expect(api.session).toMatchObject({ token: 'token-1' })
    api.logout()
    expect([api.session, fake.storage.get(KEY)]).toEqual([undefined, undefined])
    await fake.clock.runAll()
    expect(fake.server.requestCount).toBe(0)
  })

  test('who waits for a lane is logged out, who is on the wire ends as it ends', async () => {
    const { fake, api } = knownPhone({ concurrency: 1, checkSession: false })
    const [wire, queued] = [api.get('/a'), caught(api.get('/b'))]
    await fake.clock.advance(5)
    api.logout()
    expect(await queued).toMatchObject({ code: 'LOGGED_OUT', attempts: 0 })
    expect(await result(fake, wire)).toMatchObject({ ok: true })
  })

  test('after a logout a request logs in afresh', async () => {
    const { fake, api } = knownPhone()
    api.logout()
    expect(await result(fake, api.get('/x'))).toMatchObject({ token: 'token-2' })
  })
})

test('isUnauthorized that throws fails that request with what it threw', async () => {
  const { fake, api } = knownPhone({ isUnauthorized: () => JSON.parse('<') as boolean })
  expect(await failure(fake, api.get('/x'))).toBeInstanceOf(SyntaxError)
  expect(
    await outcome(fake, api.get('/x', undefined, { auth: false, throwHttpErrors: false })),
  ).toHaveProperty('value')
})

test('an aborted request in the queue never goes out', async () => {
  const { fake, api } = knownPhone({ concurrency: 1, checkSession: false })
  const [first, second] = [api.get('/a'), api.get('/b')]
  const end = caught(second)
  second.abort()
  expect(await end).toMatchObject({ code: 'ABORTED', attempts: 0 })
  await result(fake, Promise.all([first, api.get('/c')]))
  expect(fake.server.requests.map(({ path }) => path)).toEqual(['/a', '/c'])
})

test('an abort after the end changes nothing', async () => {
  const { fake, api } = knownPhone()
  const task = api.get('/x')
  await result(fake, task)
  task.abort()
  expect(await result(fake, task)).toMatchObject({ ok: true })
})

test.each([
  ['query', 'page=2'],
  ['header', 'X-A: 1'],
  ['unwrap', 'data'],
  ['throwHttpErrors', 'no'],
  ['retry', { limit: -1 }],
  ['headers', { 'X-A': '1' }],
  ['params', { page: 2 }],
  ['body', { page: 2 }],
])('a wrong %s of a request is refused: %j', async (name, value) => {
  const { fake, api } = knownPhone()
  const error = await failure(fake, api.get('/orders', undefined, { [name]: value }))
  expect(error).toBeInstanceOf(ConfigError)
  expect(error.message).toContain(name)
  expect(fake.server.requests).toEqual([])
})

test('a request without a URL is told how to give one', async () => {
  const { fake, api } = knownPhone()
  const error = await failure(fake, api.request('/orders' as never))
  expect(error.message).toBe("GET request has no url, such as '/orders'.")
})

test('a request that could not be built never went out', async () => {
  const { fake, api, events } = knownPhone()
  const error = await failure(fake, api.post('/orders', { n: 10n }))
  expect(error).toMatchObject({ code: 'CONFIG', attempts: 0 })
  expect(events).not.toContainEqual(expect.objectContaining({ type: 'request', phase: 'send' }))
})

test('what a header function throws arrives as it is, and one for a single request is refused', async () => {
  const own = new Error('not now')
  const { fake, api } = knownPhone({
    header() {
      throw own
    },
  })
  expect(await failure(fake, api.get('/orders'))).toBe(own)
  const wrong = { header: (() => ({})) as never }
  expect((await failure(fake, api.get('/orders', {}, wrong))).message).toContain('header must be an object')
})

/** Options of the app's that throw when they are read. */
const THROWING = {
  get header(): never {
    throw new Error('mine')
  },
}
test.each<[string, (api: Client) => Promise<unknown>]>([
  ['get()', (api) => api.get('/x', {}, THROWING)],
  ['get() with a list', (api) => api.get('/x', [1], THROWING)],
  ['get() with a text', (api) => api.get('/x', 'a=1' as never, THROWING)],
  ['post()', (api) => api.post('/x', {}, THROWING)],
  ['delete()', (api) => api.delete('/x', {}, THROWING)],
  [
    'request()',
    (api) => api.request(Object.defineProperties({ url: '/x' }, Object.getOwnPropertyDescriptors(THROWING))),
  ],
])('options that throw when they are read are a rejection: %s', async (_, send) => {
  const { fake, api } = knownPhone()
  expect((await failure(fake, send(api))).message).toBe('mine')
  expect(fake.server.requests).toEqual([])
})
