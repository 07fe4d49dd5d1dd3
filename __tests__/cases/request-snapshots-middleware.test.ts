import type { Middleware } from '../../src'
import type { FakeRequest, FakeWeChat } from '../../src/testing'
import { knownPhone, phone, result } from '../phone'
import { makeWorld, watch } from '../laws/world'

const at = (fake: FakeWeChat, path: string): FakeRequest[] =>
  fake.server.requests.filter((request) => request.path === path)

describe('law 15: headers, and what middleware changes', () => {
  test('each attempt carries the headers of the call', async () => {
    const { fake, api } = knownPhone()
    fake.server.expire()
    const header: Record<string, string> = { 'X-Trace': 'a' }
    const sent = api.get('/orders', {}, { header })
    header['X-Trace'] = 'b'
    header['X-More'] = 'c'
    await result(fake, sent)
    expect(at(fake, '/orders').map((one) => [one.headerOf('x-trace'), one.headerOf('x-more')])).toEqual([
      ['a', undefined],
      ['a', undefined],
    ])
  })

  test('what the app changes while middleware is still at work changes nothing', async () => {
    const slow: Middleware = async (request, next) => {
      await new Promise<void>((go) => void fake.clock.setTimeout(go, 50))
      return next(request)
    }
    const { fake, api } = knownPhone({ use: [slow] })
    const order = { lines: ['A'] }
    const header = { 'X-Trace': 'a' }
    const query = { page: 1 }
    const sent = api.post('/orders', order, { header, query })
    order.lines.push('B')
    header['X-Trace'] = 'b'
    query.page = 2
    await result(fake, sent)
    const [request] = at(fake, '/orders')
    expect([request?.json, request?.headerOf('x-trace'), request?.query]).toEqual([
      { lines: ['A'] },
      'a',
      { page: '1' },
    ])
  })

  test('what middleware changes counts up to next(), not after it', async () => {
    const signing: Middleware = (request, next) => {
      request.header = { ...request.header, 'X-Sign': 'before' }
      request.data = { item: 'before' }
      const answer = next(request)
      Object.assign(request.header, { 'X-Sign': 'after' })
      Object.assign(request.data as object, { item: 'after' })
      return answer
    }
    const { fake, api } = makeWorld({ client: { use: [signing] } })
    const sent = watch(api.post('/orders', { item: 'given' }), fake)
    await fake.clock.runAll()
    const [request] = at(fake, '/orders')
    expect([sent.code, request?.json, request?.headerOf('x-sign')]).toEqual([
      'ok',
      { item: 'before' },
      'before',
    ])
  })

  test('middleware that asks twice with one object asks for what it said each time', async () => {
    const twoPages: Middleware = async (request, next) => {
      const query: { page: number } = { page: 1 }
      const first = next({ ...request, query })
      query.page = 2
      const second = next({ ...request, query })
      await first
      return second
    }
    const { fake, api } = phone({ use: [twoPages] })
    await result(fake, api.get('/l'))
    expect(at(fake, '/l').map(({ query }) => query['page'])).toEqual(['1', '2'])
  })

  test('middleware does not change the object that the app gave', async () => {
    const stamping: Middleware = (request, next) => {
      Object.assign(request.header as object, { 'X-Sign': '1' })
      Object.assign(request.query as object, { t: 1 })
      return next(request)
    }
    const { fake, api } = knownPhone({ use: [stamping] })
    const header = { 'X-Trace': 'a' }
    const query = { page: 1 }
    await result(fake, api.post('/orders', { item: 'A' }, { header, query }))
    expect([header, query]).toEqual([{ 'X-Trace': 'a' }, { page: 1 }])
  })
})
