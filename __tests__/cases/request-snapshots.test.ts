import type { FakeRequest, FakeWeChat } from '../../src/testing'
import { failure, knownPhone, phone, result } from '../phone'
import { codesOf, makeWorld, times, watch } from '../laws/world'

const at = (fake: FakeWeChat, path: string): FakeRequest[] =>
  fake.server.requests.filter((request) => request.path === path)
const bodiesAt = (fake: FakeWeChat, path: string): unknown[] => at(fake, path).map(({ json }) => json)

describe('R1: an order is sent as it was when it was placed', () => {
  test('the object is used again for the next order while the first one waits for a login', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false, client: { checkSession: false } })
    const order = { item: 'A' }
    const first = watch(api.post('/orders', order), fake)
    order.item = 'B'
    const second = watch(api.post('/orders', order), fake)
    await fake.clock.runAll()
    expect(codesOf([first, second])).toEqual(['ok', 'ok'])
    const accepted = at(fake, '/orders').filter(({ header }) => header['Authorization'] !== 'Bearer dead')
    expect(accepted.map(({ json }) => json)).toEqual([{ item: 'A' }, { item: 'B' }])
  })

  test('each attempt has the same body, however deep the change lies and whenever it comes', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false, client: { checkSession: false } })
    const order = { lines: [{ item: 'A', tags: ['hot'] }] }
    const sent = watch(api.post('/orders', order), fake)
    await fake.clock.advance(7)
    order.lines[0]?.tags.push('sweet')
    order.lines.push({ item: 'B', tags: [] })
    await fake.clock.runAll()
    expect(sent.code).toBe('ok')
    const asPlaced = { lines: [{ item: 'A', tags: ['hot'] }] }
    expect(bodiesAt(fake, '/orders')).toEqual([asPlaced, asPlaced])
  })

  test('a form is sent again as it was, too', async () => {
    const { fake, api } = knownPhone()
    fake.server.expire()
    const form = { item: 'A' }
    const header = { 'content-type': 'application/x-www-form-urlencoded' }
    const sent = result(fake, api.post('/orders', form, { header }))
    form.item = 'B'
    await sent
    expect(at(fake, '/orders').map(({ text }) => text)).toEqual(['item=A', 'item=A'])
  })

  test('a value that is another one each time it is read is read for the call, not for the attempt', async () => {
    const { fake, api } = knownPhone()
    fake.server.expire()
    let reads = 0
    const data = {
      get id() {
        return ++reads
      },
    }
    await result(fake, api.post('/orders', data))
    const [first, second] = bodiesAt(fake, '/orders')
    expect(first).toEqual({ id: expect.any(Number) as number })
    expect(second).toEqual(first)
  })

  test('what a retry sends after a 503 is what was given', async () => {
    const { fake, api } = knownPhone({ retry: { delay: () => 1000 } })
    let answers = 0
    fake.server.on('/orders/7', () => ({ statusCode: answers++ ? 200 : 503 }))
    const order = { item: 'A' }
    const sent = api.put('/orders/7', order)
    await fake.clock.advance(500)
    order.item = 'B'
    await result(fake, sent)
    expect(bodiesAt(fake, '/orders/7')).toEqual([{ item: 'A' }, { item: 'A' }])
  })

  test('ten orders in one loop over one object are ten orders', async () => {
    const { fake, api } = phone()
    const order = { n: -1 }
    const all = times(10, (n) => {
      order.n = n
      return api.post('/orders', order)
    })
    await result(fake, Promise.all(all))
    expect(bodiesAt(fake, '/orders')).toEqual(times(10, (n) => ({ n })))
  })

  test('the token that rides in the body leaves the rest of it as it was given', async () => {
    const { fake, api } = phone({ attach: { body: 'access_token' } })
    fake.server.readToken = ({ json }) => (json as { access_token?: string } | undefined)?.access_token
    const order = { item: 'A' }
    const sent = result(fake, api.post('/orders', order))
    order.item = 'B'
    await sent
    expect(bodiesAt(fake, '/orders')).toEqual([{ item: 'A', access_token: 'token-1' }])
    expect(order).toEqual({ item: 'B' })
  })

  test('an upload’s fields are those of the call', async () => {
    const { fake, api } = phone()
    const formData = { id: 1 }
    const sent = result(fake, api.uploadFile({ url: '/avatar', filePath: 'f', name: 'n', formData }))
    formData.id = 2
    await sent
    expect(at(fake, '/avatar').map(({ upload }) => upload?.formData)).toEqual([{ id: 1 }])
  })

  test('a buffer is handed on as it is, not copied', async () => {
    const { fake, api } = knownPhone()
    const photo = new ArrayBuffer(8)
    await result(fake, api.post('/photos', photo))
    expect(at(fake, '/photos')[0]?.data).toBe(photo)
  })

  test('what cannot be written is told as CONFIG and nothing is sent', async () => {
    const { fake, api } = knownPhone()
    const loop: Record<string, unknown> = {}
    loop['self'] = loop
    expect(await failure(fake, api.post('/orders', loop))).toMatchObject({ code: 'CONFIG' })
    expect(at(fake, '/orders')).toEqual([])
  })
})

describe('R2: a query is the one that was given', () => {
  const pagesAt = (fake: FakeWeChat, path: string) => at(fake, path).map(({ query }) => query['page'])

  test.each([
    [
      'as the query of get()',
      (api: ReturnType<typeof phone>['api'], params: object) => api.get('/l', params),
    ],
    [
      'as the option `query`',
      (api: ReturnType<typeof phone>['api'], query: object) => api.get('/l', undefined, { query }),
    ],
    [
      'as data of request()',
      (api: ReturnType<typeof phone>['api'], data: object) => api.request({ url: '/l', data }),
    ],
    [
      'of a download',
      (api: ReturnType<typeof phone>['api'], query: object) => api.downloadFile({ url: '/l', query }),
    ],
    [
      'through a clone',
      (api: ReturnType<typeof phone>['api'], params: object) => api.extend({ timeout: 99 }).get('/l', params),
    ],
  ])('a paging loop that reuses its parameters before the first login: %s', async (_how, ask) => {
    const { fake, api } = phone()
    const params = { page: 0 }
    const pages: Promise<unknown>[] = []
    while (params.page < 3) {
      params.page++
      pages.push(ask(api, params))
    }
    await result(fake, Promise.all(pages))
    expect(pagesAt(fake, '/l')).toEqual(['1', '2', '3'])
  })

  test('a list in a query that grows while the request waits for a lane', async () => {
    const { fake, api } = knownPhone({ concurrency: 1, checkSession: false })
    const ids = [1]
    const first = api.get('/first')
    const second = api.get('/l', { id: ids })
    ids.push(2)
    await result(fake, Promise.all([first, second]))
    expect(at(fake, '/l')[0]?.queryAll).toEqual([['id', '1']])
  })

  test('a field that is called __proto__ is one like any other', async () => {
    const { fake, api } = phone()
    const text = '{"__proto__":{"role":"guest"},"title":"咖啡"}'
    await result(fake, api.post('/orders', JSON.parse(text)))
    expect(at(fake, '/orders')[0]?.text).toBe(text)
  })
})
