import type { Client } from '../../src'
import { failure, knownPhone, last, phone, result } from '../phone'
import { codesOf, times, watch } from '../laws/world'

const knows = () => knownPhone({ checkSession: false })

describe('R15: null is no body', () => {
  test.each<[string, (api: Client) => Promise<unknown>]>([
    ['post()', (api) => api.post('/like', null)],
    ['put()', (api) => api.put('/like', null)],
    ['request()', (api) => api.request({ url: '/like', method: 'POST', data: null })],
    ['a clone with middleware', (api) => api.extend({ use: [(r, next) => next(r)] }).post('/like', null)],
  ])('of %s', async (_how, send) => {
    const { fake, api } = knows()
    await result(fake, send(api))
    expect(last(fake).data ?? '').toBe('')
  })

  test('what looks like nothing and is something is sent', async () => {
    const { fake, api } = knows()
    for (const [data, text] of [
      [0, '0'],
      [false, 'false'],
      [[], '[]'],
      [{}, '{}'],
    ] as const) {
      await result(fake, api.post('/like', data))
      expect(last(fake).text).toBe(text)
    }
  })
})

describe('R16: a list is no query', () => {
  const asks: [string, (api: Client, query: never) => Promise<unknown>][] = [
    ['delete()', (api, query) => api.delete('/items', query)],
    ['get()', (api, query) => api.get('/items', query)],
    ['head()', (api, query) => api.head('/items', query)],
    ['the option of get()', (api, query) => api.get('/items', undefined, { query })],
    ['the option of request()', (api, query) => api.request({ url: '/items', method: 'POST', query })],
    ['the option of a download', (api, query) => api.downloadFile({ url: '/items', query })],
  ]
  const values = [[[1, 2, 3]], [[]], ['a=1'], [5], [true]]

  test.each(asks.flatMap(([name, ask]) => values.map(([value]) => [name, value, ask] as const)))(
    '%s with %j is CONFIG, and nothing is sent',
    async (_name, value, ask) => {
      const { fake, api } = knows()
      const error = await failure(fake, ask(api, value as never))
      expect([error.code, fake.calls.requestCount]).toEqual(['CONFIG', 0])
    },
  )

  test.each([[[1, 2, 3]], [[]], [5], [true]])(
    'nor is %j as the data of a request() that has no body',
    async (data) => {
      const { fake, api } = knows()
      const error = await failure(fake, api.request({ url: '/items', data: data }))
      expect([error.code, fake.calls.requestCount]).toEqual(['CONFIG', 0])
    },
  )

  test('delete() says where a body goes', async () => {
    const { fake, api } = knows()
    const error = await failure(fake, api.delete('/items', [1, 2, 3] as never))
    expect(error.message).toMatch(/query/)
    expect(error.message).toMatch(/\bdata\b/)
  })

  test('nothing is a fine query', async () => {
    const { fake, api } = knows()
    const all = [undefined, null, {}].map((query) => watch(api.delete('/items', query as never), fake))
    await fake.clock.runAll()
    expect([codesOf(all), last(fake).queryAll]).toEqual([times(3, () => 'ok'), []])
  })
})

describe('R17: data of a DELETE is its body', () => {
  test('in request(), as in wx.request', async () => {
    const { fake, api } = knows()
    await result(fake, api.request({ url: '/items', method: 'DELETE', data: { ids: [1] } }))
    expect(last(fake)).toMatchObject({ method: 'DELETE', json: { ids: [1] }, query: {} })
    expect(last(fake).headerOf('content-type')).toMatch(/application\/json/)
  })

  test('beside its query', async () => {
    const { fake, api } = knows()
    await result(
      fake,
      api.request({ url: '/items', method: 'DELETE', query: { soft: true }, data: { ids: [1] } }),
    )
    expect(last(fake)).toMatchObject({ json: { ids: [1] }, query: { soft: 'true' } })
  })

  test('of delete() in options.data, its second argument is the query', async () => {
    const { fake, api } = knows()
    await result(fake, api.delete('/items', { soft: true }, { data: { ids: [1] } }))
    expect(last(fake)).toMatchObject({ method: 'DELETE', json: { ids: [1] }, query: { soft: 'true' } })
  })

  test('of delete() without options.data there is none', async () => {
    const { fake, api } = knows()
    await result(fake, api.delete('/items', { id: 7 }))
    expect([last(fake).query, last(fake).data ?? '']).toEqual([{ id: '7' }, ''])
  })

  test('data of a GET is its query, as ever', async () => {
    const { fake, api } = knows()
    await result(fake, api.request({ url: '/items', data: { page: 2 } }))
    expect([last(fake).query, last(fake).data ?? '']).toEqual([{ page: '2' }, ''])
  })

  test('a token in the body has a place in a DELETE with an object', async () => {
    const { fake, api } = knownPhone({ attach: { body: 'skey' }, checkSession: false })
    fake.server.readToken = ({ json }) => (json as { skey?: string } | undefined)?.skey
    await result(fake, api.request({ url: '/items', method: 'DELETE', data: { ids: [1] } }))
    expect(last(fake).json).toEqual({ ids: [1], skey: 'token-1' })
  })
})

describe('R18 and R19: uploads', () => {
  const avatar = { url: '/avatar', filePath: 'f', name: 'n' }
  const big = '1234567890123456789'

  test.each([
    ['string', big],
    ['text', big],
    ['json', 1234567890123456800],
    [undefined, 1234567890123456800],
  ])('with dataType %j the answer is %j', async (dataType, expected) => {
    const { fake, api } = knows()
    fake.server.on('/avatar', () => ({ data: big }))
    const { data } = await result(fake, api.uploadFile({ ...avatar, ...(dataType && { dataType }) }))
    expect(data).toBe(expected)
  })

  test('a replayed upload answers in the same form', async () => {
    const { fake, api } = knows()
    fake.server.expire()
    fake.server.on(
      '/avatar',
      fake.server.guard(() => ({ data: '{"id":7}' })),
    )
    const { data } = await result(fake, api.uploadFile({ ...avatar, dataType: 'string' }))
    expect(data).toBe('{"id":7}')
  })

  test('undefined is left out of formData, and objects are written as JSON', async () => {
    const { fake, api } = phone()
    const formData = { a: undefined, tags: ['x'], geo: { lat: 1 }, name: 'N', count: 3 }
    await result(fake, api.uploadFile({ ...avatar, formData }))
    const sent = last(fake).upload?.formData ?? {}
    expect(Object.keys(sent).sort()).toEqual(['count', 'geo', 'name', 'tags'])
    expect(sent).toMatchObject({ tags: '["x"]', geo: '{"lat":1}', name: 'N' })
    expect(String(sent['count'])).toBe('3')
  })

  test('the app’s own formData stays as it is', async () => {
    const { fake, api } = phone({ attach: { body: 'skey' } })
    fake.server.readToken = ({ upload }) => upload?.formData['skey'] as string | undefined
    const formData = { tags: ['x'], gone: undefined }
    await result(fake, api.uploadFile({ ...avatar, formData }))
    expect(formData).toEqual({ tags: ['x'], gone: undefined })
    expect(last(fake).upload?.formData).toMatchObject({ tags: '["x"]', skey: 'token-1' })
  })
})

describe('R30: PATCH travels as the server can read it, or not at all', () => {
  test.each<[string, (api: Client) => Promise<unknown>]>([
    ['patch()', (api) => api.patch('/orders/7', { item: 'A' })],
    ['request()', (api) => api.request({ url: '/orders/7', method: 'PATCH', data: { item: 'A' } })],
    ['a clone', (api) => api.extend({ retry: 3 }).patch('/orders/7', { item: 'A' })],
  ])('%s is CONFIG as long as nobody has said how, and nothing is sent', async (_how, send) => {
    const { fake, api } = knows()
    const error = await failure(fake, send(api))
    expect([error.code, fake.calls.requestCount]).toEqual(['CONFIG', 0])
    expect(error.message).toMatch(/methodOverride/)
  })

  test.each<[true | string, string]>([
    [true, 'X-HTTP-Method-Override'],
    ['X-Method', 'X-Method'],
  ])('with methodOverride: %j it is a POST with %s', async (methodOverride, name) => {
    const { fake, api } = knownPhone({ methodOverride, checkSession: false })
    await result(fake, api.patch('/orders/7', { item: 'A' }))
    expect(last(fake)).toMatchObject({ method: 'POST', json: { item: 'A' } })
    expect(last(fake).headerOf(name)).toBe('PATCH')
  })

  test('each attempt says it, and errors name the PATCH', async () => {
    const { fake, api } = knownPhone({ methodOverride: true, checkSession: false })
    fake.server.refuseAll = true
    const error = await failure(fake, api.patch('/orders/7', {}))
    expect(error.request?.method).toBe('PATCH')
    const sent = fake.server.requests.filter(({ path }) => path === '/orders/7')
    expect(sent.map((one) => one.headerOf('x-http-method-override'))).toEqual(['PATCH', 'PATCH'])
  })

  test('other methods do not carry it', async () => {
    const { fake, api } = knownPhone({ methodOverride: true, checkSession: false })
    await result(fake, api.post('/orders', {}))
    expect(last(fake).headerOf('x-http-method-override')).toBeUndefined()
  })
})
