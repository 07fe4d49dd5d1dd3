/* eslint-disable @typescript-eslint/no-floating-promises, @typescript-eslint/no-unnecessary-type-parameters -- types are what is tested: nothing is sent, and stand-ins are as generic as the real ones */
import {
  createClient,
  RequestError,
  type Client,
  type ClientEvent,
  type ClientOptions,
  type ErrorCode,
  type Middleware,
  type Platform,
  type Response,
  type Session,
  type Task,
} from 'miniprogram-session'
import { createFakeWeChat } from 'miniprogram-session/testing'

/** `true` when the two types are the same, and not just assignable. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Compiles only when `value` has this very type. */
const same =
  <E>() =>
  <A>(...[value]: Same<A, E> extends true ? [A] : [A, 'has another type']): A =>
    value

interface Order {
  id: number
  paid: boolean
}

declare const api: Client

/** Never run: what is in here has to compile, or with `@ts-expect-error` must not. */
function compiles(check: () => unknown): void {
  expect(typeof check).toBe('function')
}

test('a page says what it gets, and has it typed', () => {
  compiles(async () => {
    const orders = await api.get<Order[]>('/orders')
    same<Order[]>()(orders)
    const created = await api.post<Order>('/orders', { id: 1 })
    same<Order>()(created)
    const answer = await api.request<Order>({ url: '/orders/1' })
    same<Response<Order>>()(answer)
    const task = api.patch<Order>('/orders/1', { paid: true })
    same<Task<Order>>()(task)
    const uploaded = await api.uploadFile<{ url: string }>({ url: '/a', filePath: 'a', name: 'a' })
    same<{ url: string }>()(uploaded.data)
    const file = await api.downloadFile({ url: '/a' })
    same<string>()(file.tempFilePath)
    const run = await api.authorize((token) => Promise.resolve(token.length))
    same<number>()(run)
    const session = await api.ensureLogin<{ name: string }>({ force: true })
    same<Session<{ name: string }>>()(session)
    same<Session | undefined>()(api.session)
  })
})

test('who does not say gets unknown, never any', () => {
  compiles(async () => {
    const orders = await api.get('/orders')
    same<unknown>()(orders)
    const { data } = await api.request({ url: '/orders' })
    same<unknown>()(data)
    // @ts-expect-error -- unknown has no fields
    return orders.length as unknown
  })
})

test('options of wx.request go straight in', () => {
  compiles(() => {
    const options = {
      url: '/orders',
      method: 'POST',
      data: { id: 1 },
      header: { 'X-A': '1' },
      timeout: 5000,
      dataType: 'json',
      responseType: 'text',
      enableCache: true,
      enableChunked: true,
      enableHttp2: true,
    } satisfies WechatMiniprogram.RequestOption<{ id: number }>
    void api.request(options).then(({ statusCode, header, cookies }) => [statusCode, header, cookies])
    void api.request<Order>({
      url: '/orders',
      success: ({ data, statusCode }) => data.paid || statusCode,
      fail: ({ errMsg, message }) => [errMsg, message],
      complete: (result) => 'data' in result,
    })
  })
})

test('each request may say what it needs', () => {
  compiles(() => {
    void api.get('/x', { page: 1, tags: ['a', 'b'], since: new Date(), none: null, off: undefined })
    void api.get('/x', undefined, { auth: 'verified', retry: { limit: 1 }, timeout: 1, totalTimeout: 2 })
    void api.request({ url: '/x', method: 'PATCH', auth: false, query: { a: 1 }, context: { loading: true } })
    void api.post('/x', new ArrayBuffer(1), { unwrap: ({ statusCode }) => statusCode, enableChunked: true })
    // @ts-expect-error -- no such auth
    void api.get('/x', undefined, { auth: 'always' })
    // @ts-expect-error -- a query is an object
    void api.get('/x', 'page=1')
    // @ts-expect-error -- a timeout is a number
    void api.get('/x', undefined, { timeout: '5s' })
    // @ts-expect-error -- a request needs a url
    void api.request({ method: 'GET' })
    // @ts-expect-error -- WeChat has no such method
    void api.request({ url: '/x', method: 'LINK' })
    // @ts-expect-error -- an upload needs a file
    void api.uploadFile({ url: '/x' })
    // @ts-expect-error -- the verb has said the method
    void api.get('/x', undefined, { method: 'POST' })
    // @ts-expect-error -- verbs are promises, without callbacks
    void api.get('/x', undefined, { success: () => undefined })
  })
})

test('options of a client are checked', () => {
  const login = { url: '/login' }
  const good: ClientOptions[] = [
    { login },
    { login: (code) => Promise.resolve(code) },
    { login: (code) => Promise.resolve({ token: code, expiresAt: 5, data: { a: 1 } }) },
    {
      login: { url: '/login', token: ({ header }) => String(header['X-Token']), data: (code) => ({ code }) },
    },
    { login: { ...login, token: { cookie: 'sid' }, refresh: (session) => Promise.resolve(session.token) } },
    { login, baseURL: ['https://a.test'] as const, attach: { cookie: 'sid' }, checkSession: false },
    { login, baseURL: () => 'https://a.test', storage: { encrypt: true }, retry: false },
    { login, storage: { get: () => undefined, set: () => Promise.resolve(), remove: () => undefined } },
    { login, attach: (request, token) => (request.header['X'] = token), header: () => ({ 'X-A': 1 }) },
  ]
  expect(good.map((options) => createClient({ baseURL: 'https://a.test', ...options }))).toHaveLength(9)
  compiles(() => {
    // @ts-expect-error -- a login's code is taken, or it is not
    createClient({ login: { url: '/login', code: 'no' } })
    // @ts-expect-error -- no such option
    createClient({ login, baseUrl: 'https://a.test' })
    // @ts-expect-error -- no such place
    createClient({ login, attach: { headers: 'X' } })
    // @ts-expect-error -- a store has three functions
    createClient({ login, storage: { get: () => undefined } })
    // @ts-expect-error -- what clones share is not theirs to change
    api.extend({ login })
    // @ts-expect-error -- the session is read only
    api.session = undefined
  })
})

test('middleware is typed', () => {
  const timing: Middleware = async (request, next) => {
    const begun = Date.now()
    const response = await next({ ...request, header: { ...request.header, 'X-A': '1' } })
    same<Response>()(response)
    return { ...response, took: Date.now() - begun }
  }
  // @ts-expect-error -- a middleware has to return the response
  const forgetful: Middleware = async (request, next) => {
    await next(request)
  }
  expect([timing, forgetful]).toHaveLength(2)
})

test('events are told apart by type, and codes by a switch', () => {
  compiles(() => (event: ClientEvent) => {
    // @ts-expect-error -- not every event has a url
    same<string>()(event.url)
    if (event.type === 'request') same<string>()(event.url)
    if (event.type === 'storage-error') same<'read' | 'write' | 'remove'>()(event.operation)
    return event.at.toFixed()
  })
  compiles(() => (error: unknown) => {
    if (!(error instanceof RequestError)) return undefined
    same<ErrorCode>()(error.code)
    // @ts-expect-error -- no such code
    return error.code === 'NO_SUCH_CODE'
  })
})

test('a task has what that of WeChat has', () => {
  compiles(() => {
    const task = api.uploadFile({ url: '/a', filePath: 'a', name: 'a' })
    task.onProgressUpdate(({ progress, totalBytesSent = 0 }) => progress + totalBytesSent)
    task.onHeadersReceived(({ header, statusCode }) => [header, statusCode])
    task.onChunkReceived(({ data }) => data.byteLength)
    task.offProgressUpdate()
    task.abort()
    const promise: Promise<Response> = task
    return promise
  })
})

declare const wx: WechatMiniprogram.Wx

/** ByteDance's `tt` and QQ's `qq`: callbacks as in wx, numbers under other names, some calls missing. */
interface Tt {
  request(options: {
    url: string
    method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD' | 'OPTIONS' | 'TRACE' | 'CONNECT'
    header?: object
    data?: string | object | ArrayBuffer
    success?: (result: { statusCode: number; header: Record<string, string>; data: unknown }) => void
    fail?: (error: { errMsg: string; errNo: number }) => void
  }): { abort(): void }
  login(options: {
    force?: boolean
    success?: (result: { code: string; isLogin: boolean; errMsg: string }) => void
    fail?: (error: { errMsg: string }) => void
  }): void
  getStorageSync(key: string): unknown
  setStorageSync(key: string, data: unknown): void
  removeStorageSync(key: string): void
}

/** uni-app: callbacks or promises, and request headers as any object. */
interface Uni {
  request(options: {
    url: string
    method?: string
    header?: Record<string, unknown>
    data?: unknown
    timeout?: number
    success?: (result: {
      statusCode: number
      header: Record<string, string>
      data: unknown
      cookies: string[]
    }) => void
    fail?: (error: { errMsg: string }) => void
  }): { abort(): void; onHeadersReceived(listener: (result: object) => void): void }
  uploadFile(options: {
    url: string
    filePath?: string
    name?: string
    success?: (result: { data: string; statusCode: number }) => void
  }): {
    abort(): void
  }
  login(options: {
    provider?: string
    success?: (result: { code: string }) => void
    fail?: (error: object) => void
  }): void
  checkSession(options: { success?: (result: object) => void; fail?: (error: object) => void }): void
  getStorageSync(key: string): unknown
  setStorageSync(key: string, data: unknown): void
  removeStorageSync(key: string): void
}

/** Taro: everything is a promise, callbacks work as well. */
interface Taro {
  request<T>(options: {
    url: string
    success?: (result: { data: T; statusCode: number; header: Record<string, unknown> }) => void
  }): Promise<unknown> & {
    abort(): void
  }
  login(options?: { success?: (result: { code: string; errMsg: string }) => void }): Promise<{ code: string }>
  checkSession(options?: { fail?: (error: { errMsg: string }) => void }): Promise<object>
  getStorageSync<T>(key: string): T
  setStorageSync(key: string, data: unknown): void
  removeStorageSync(key: string): void
}

test('wx, tt, uni, Taro and the fake are platforms', () => {
  const given: Platform = createFakeWeChat().wx
  expect(given).toBeDefined()
  compiles(() => {
    const use = (platform: Platform) => createClient({ login: { url: '/login' }, platform })
    const others = {} as { tt: Tt; uni: Uni; taro: Taro }
    use(wx)
    use(others.tt)
    use(others.uni)
    use(others.taro)
    // @ts-expect-error -- no request
    use({ login: () => undefined })
    // @ts-expect-error -- no login
    use({ request: () => undefined })
  })
})
