import type { Client, Method } from 'miniprogram-session'
import { createFakeWeChat, type FakeWeChat } from 'miniprogram-session/testing'
import { failure, last, result } from '../phone'

type Send = (url: string, data?: object, method?: Method) => Promise<unknown>

let fake: FakeWeChat
beforeEach(() => {
  fake = createFakeWeChat()
  fake.server.on(
    '/orders',
    fake.server.guard(({ query }) => ({ data: [query] })),
  )
  Object.assign(globalThis, { wx: fake.wx, uni: fake.wx })
})
afterEach(() => {
  Object.assign(globalThis, { wx: undefined, uni: undefined })
})

/** A recipe as it is loaded in an app that starts. */
function load(file: string): unknown {
  let loaded: unknown
  jest.isolateModules(() => {
    loaded = jest.requireActual(`./migration/${file}`)
  })
  return loaded
}

describe('a request.js of one’s own', () => {
  const five = (request: Send) =>
    Promise.all(Array.from({ length: 5 }, () => request('/orders', { page: 1 })))

  test.each([
    ['before', 5],
    ['request', 1],
  ])('%s: five requests with a dead token cost logins: %d', async (file, logins) => {
    fake.storage.set('token', 'dead')
    const { request } = load(file) as { request: Send }
    expect(await result(fake, five(request))).toEqual(Array(5).fill([{ page: '1' }]))
    expect(fake.calls.logins).toBe(logins)
  })

  test('those who were logged in stay so', async () => {
    const { request } = load('before') as { request: Send }
    await result(fake, request('/orders'))
    const after = load('request') as { request: Send }
    expect(await result(fake, after.request('/orders', { page: 1 }))).toEqual([{ page: '1' }])
    expect(fake.calls.logins).toBe(1)
  })

  test.each(['before', 'request'])('%s: a body is JSON, and an error status no rejection', async (file) => {
    fake.server.on('POST /orders', ({ json }) => ({ statusCode: 409, data: json }))
    const { request } = load(file) as { request: Send }
    expect(await result(fake, request('/orders', { title: '咖啡' }, 'POST'))).toEqual({ title: '咖啡' })
  })
})

describe('weRequest', () => {
  beforeEach(() => {
    const { server } = fake
    server.on('GET /user/login', ({ query }) => {
      const exchanged = server.exchange(String(query['code']))
      return { data: 'token' in exchanged ? { errcode: 0, session: exchanged.token } : exchanged }
    })
    server.readToken = ({ query }) => query['session']
    server.refusal = () => ({ data: { errcode: -1 } })
    server.on(
      '/order/detail',
      server.guard(() => ({ data: { errcode: 0, data: { id: 7 } } })),
    )
    server.on('/full', () => ({ data: { errcode: 9, msg: '余额不足' } }))
  })
  const api = () => (load('we-request') as { api: Client }).api

  test('the code goes by GET, the session in the query, the envelope is opened', async () => {
    fake.storage.set('session', 'dead')
    expect(await result(fake, api().get('order/detail', { id: 7 }))).toEqual({ id: 7 })
    const [first, login] = fake.server.requests
    expect([first?.query['session'], login?.method, fake.calls.logins]).toEqual(['dead', 'GET', 1])
  })

  test('the session that weRequest has stored is taken over', async () => {
    fake.storage.set('session', fake.server.issue())
    await result(fake, api().get('order/detail'))
    expect(fake.calls.logins).toBe(0)
    expect(last(fake).url).toBe('https://www.example.com/order/detail?session=token-1')
  })

  test('what successTrigger would refuse rejects with the words of the back end', async () => {
    const error = await failure(fake, api().get('full'))
    expect(error).toMatchObject({ code: 'BUSINESS', message: '余额不足', businessCode: 9 })
  })
})

describe('luch-request', () => {
  interface Recipe {
    orders: (page: number) => Promise<unknown>
    cancel: (id: number, reason: string) => Promise<unknown>
    avatar: (filePath: string) => Promise<{ data: unknown }>
  }

  test('params are the query', async () => {
    const { orders } = load('luch-request') as Recipe
    expect(await result(fake, orders(2))).toEqual([{ page: '2' }])
  })

  test('data of a DELETE is its body', async () => {
    fake.server.on('DELETE /orders/7', ({ json }) => ({ data: json }))
    const { cancel } = load('luch-request') as Recipe
    expect(await result(fake, cancel(7, '买错了'))).toEqual({ reason: '买错了' })
  })

  test('an upload is parsed, and rejects as there', async () => {
    fake.server.on('/avatar', () => ({ data: { avatar: '/a.png' } }))
    const { avatar } = load('luch-request') as Recipe
    expect((await result(fake, avatar('tmp/a.png'))).data).toEqual({ avatar: '/a.png' })
    fake.server.on('/avatar', () => ({ statusCode: 413 }))
    expect(await failure(fake, avatar('tmp/a.png'))).toMatchObject({ code: 'HTTP_STATUS' })
  })
})

describe('axios-miniprogram', () => {
  interface Recipe {
    axios: Client
    order: (id: number) => Promise<unknown>
  }
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined)
  afterAll(() => log.mockRestore())

  test('common headers go along, PATCH finds its way, middleware runs once', async () => {
    log.mockClear()
    fake.server.on(
      '/orders/7',
      fake.server.guard((request) => ({
        data: [request.method, request.headerOf('x-app'), request.headerOf('x-http-method-override')],
      })),
    )
    fake.storage.set('miniprogram-session', { token: 'dead' })
    const { axios } = load('axios-miniprogram') as Recipe
    expect(await result(fake, axios.patch('/orders/7', { done: true }))).toEqual(['POST', 'shop', 'PATCH'])
    expect(log.mock.calls).toEqual([['/orders/7', 200]])
  })

  test('a status is found in the error', async () => {
    const { order } = load('axios-miniprogram') as Recipe
    fake.server.on('/orders/7', () => ({ statusCode: 404 }))
    expect(await result(fake, order(7))).toBeUndefined()
    fake.server.on('/orders/7', () => ({ statusCode: 403 }))
    expect(await failure(fake, order(7))).toMatchObject({ code: 'HTTP_STATUS' })
  })
})
