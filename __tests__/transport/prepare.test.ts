import { knownPhone, failure, last, phone, result, HOME } from '../phone'
import type { ClientOptions, VerbOptions } from '../../src'

test.each(['get', 'head', 'delete'] as const)('data of %s is its query', async (verb) => {
  const { fake, api } = knownPhone()
  await result(fake, api[verb]('/orders?a=0', { b: [1, 2], c: null }, { query: { d: 'x y' } }))
  expect(last(fake)).toMatchObject({ method: verb.toUpperCase(), data: undefined })
  expect(last(fake).url).toBe(`${HOME}/orders?a=0&d=x%20y&b=1&b=2`)
})

test.each(['post', 'put'] as const)('data of %s is JSON, and says so', async (verb) => {
  const { fake, api } = knownPhone()
  await result(fake, api[verb]('/orders', { id: [1] }, { query: { a: 1 } }))
  expect(last(fake)).toMatchObject({
    method: verb.toUpperCase(),
    url: `${HOME}/orders?a=1`,
    data: '{"id":[1]}',
  })
  expect(last(fake).headerOf('content-type')).toBe('application/json')
})

test('a PATCH travels as a POST that says what it is, once the app has said how', async () => {
  const { fake, api, events } = knownPhone({ methodOverride: true })
  await result(fake, api.patch('/orders/1', { paid: true }))
  expect(last(fake)).toMatchObject({ method: 'POST', json: { paid: true } })
  expect(last(fake).headerOf('x-http-method-override')).toBe('PATCH')
  expect(events).toContainEqual(expect.objectContaining({ phase: 'success', method: 'PATCH' }))
})

test('a content type of the caller stays, in whatever case, and makes a form', async () => {
  const { fake, api } = knownPhone()
  const header = { 'CONTENT-TYPE': 'application/x-www-form-urlencoded' }
  await result(fake, api.post('/orders', { a: 1, b: 'x&y' }, { header }))
  expect(last(fake).text).toBe('a=1&b=x%26y')
  expect(Object.keys(last(fake).header).filter((name) => /content-type/i.test(name))).toEqual([
    'CONTENT-TYPE',
  ])
})

test('strings and buffers travel untouched', async () => {
  const { fake, api } = knownPhone()
  await result(fake, api.post('/orders', '<xml/>', { header: { 'content-type': 'text/xml' } }))
  expect(last(fake).data).toBe('<xml/>')
  const buffer = new ArrayBuffer(2)
  await result(fake, api.post('/orders', buffer))
  expect(last(fake).data).toBe(buffer)
})

test('without data there is no body', async () => {
  const { fake, api } = knownPhone()
  await result(fake, api.post('/orders'))
  expect(last(fake).data).toBeUndefined()
})

test('the fragment of a URL stays on the phone', async () => {
  const { fake, api } = knownPhone()
  await result(fake, api.get('/orders#a?b', { c: 1 }))
  expect(last(fake).url).toBe(`${HOME}/orders?c=1`)
  await result(fake, api.get('#a'))
  expect(last(fake).url).toBe(HOME)
})

test("the request's headers win over the client's, whatever their case", async () => {
  const { fake, api } = knownPhone({ header: { 'X-Lang': 'en', 'X-App': '7' } })
  await result(fake, api.get('/orders', undefined, { header: { 'x-lang': 'zh' } }))
  expect(last(fake).header).toMatchObject({ 'x-lang': 'zh', 'X-App': '7' })
  expect(last(fake).header).not.toHaveProperty('X-Lang')
})

test("the client's headers may be computed, anew for each request, the login's included", async () => {
  let n = 0
  const { fake, api } = phone({ header: () => ({ 'X-N': ++n }) })
  await result(fake, api.get('/orders'))
  expect(fake.server.requests.map((request) => [request.path, request.headerOf('x-n')])).toEqual([
    ['/login', '1'],
    ['/orders', '2'],
  ])
})

test.each<[string, Partial<ClientOptions>, string, string]>([
  [
    'a relative URL without a baseURL',
    { baseURL: '', login: () => Promise.resolve('t') },
    '/orders',
    'baseURL',
  ],
  ['another scheme', {}, 'javascript:alert(1)', 'neither http nor https'],
  ['a scheme without slashes', {}, 'https:api.test', 'neither http nor https'],
])('%s is a mistake of the request', async (_what, options, url, words) => {
  const { fake, api } = knownPhone(options)
  const error = await failure(fake, api.get(url))
  expect(error.code).toBe('CONFIG')
  expect(error.message).toContain(words)
  expect(fake.calls.requestCount).toBe(0)
})

test('no url at all is a mistake of the request', async () => {
  const { fake, api } = knownPhone()
  expect(await failure(fake, api.request({} as never))).toMatchObject({ code: 'CONFIG' })
})

test("what is ours does not reach WeChat, what is WeChat's does", async () => {
  const { fake, api } = knownPhone()
  const ours: VerbOptions = {
    query: {},
    auth: true,
    retry: 1,
    totalTimeout: 9999,
    throwHttpErrors: true,
    context: {},
  }
  await result(fake, api.get('/orders', undefined, { ...ours, unwrap: () => 1, enableHttp2: true }))
  const { options } = last(fake)
  for (const name of [...Object.keys(ours), 'unwrap'])
    if (name !== 'header') expect(options).not.toHaveProperty(name)
  expect(options).toMatchObject({ enableHttp2: true, timeout: 30_000 })
})

test.each(['get', 'delete', 'head'] as const)('null is no query: %s', async (verb) => {
  const { fake, api } = knownPhone()
  await result(fake, api[verb]('/orders', null as never))
  expect(last(fake)).toMatchObject({ url: 'https://api.test/orders', data: undefined })
})
