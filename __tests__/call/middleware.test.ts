import {
  type AnyRequest,
  BusinessError,
  ConfigError,
  type Middleware,
  type RequestError,
  type Response,
  type Task,
} from '../../src'
import { caught, failure, HOME, knownPhone, last, phone, result } from '../phone'

const pass: Middleware = (request, next) => next(request)

test('the first in the list is the outermost, around everything', async () => {
  const steps: string[] = []
  const named =
    (name: string): Middleware =>
    async (request, next) => {
      steps.push(`${name} in`)
      const response = await next(request)
      steps.push(`${name} out ${response.statusCode}`)
      return response
    }
  const { fake, api } = phone({ use: [named('a'), named('b')] })
  await result(fake, api.get('/orders'))
  expect(steps).toEqual(['a in', 'b in', 'b out 200', 'a out 200'])
})

test('it runs once for each request, whatever logins, replays and retries happen inside', async () => {
  let calls = 0
  const { fake, api } = knownPhone({
    use: [
      (request, next) => {
        calls++
        return next(request)
      },
    ],
  })
  fake.server.expire()
  fake.network.failNext(1, 'reset')
  await result(fake, api.get('/orders'))
  expect(calls).toBe(1)
  expect(fake.server.requests.map(({ path }) => path)).toEqual(['/orders', '/login', '/orders'])
})

test('it sees no token', async () => {
  const seen: string[] = []
  const { fake, api } = knownPhone({
    use: [
      (request, next) => {
        seen.push(JSON.stringify(request))
        return next(request)
      },
    ],
  })
  await result(fake, api.get('/orders'))
  expect(seen).toHaveLength(1)
  expect(seen[0]).not.toContain('token-1')
})

test('it may change the request, on the spot or by handing on another', async () => {
  const { fake, api } = knownPhone({
    use: [
      (request, next) => {
        request.header = { ...request.header, 'X-Trace': '7' }
        return next()
      },
      (request, next) => next({ ...request, url: '/v2/orders', method: 'POST', data: { a: 1 } }),
    ],
  })
  await result(fake, api.get('/orders'))
  expect(last(fake)).toMatchObject({ path: '/v2/orders', method: 'POST', json: { a: 1 } })
  expect(last(fake).headerOf('x-trace')).toBe('7')
})

test('it may answer by itself, and nothing goes out', async () => {
  const { fake, api } = phone({
    use: [() => Promise.resolve({ data: 'cached', statusCode: 200, header: {} })],
  })
  expect(await result(fake, api.get('/orders'))).toBe('cached')
  expect(fake.calls).toMatchObject({ requestCount: 0, logins: 0 })
})

test('it may change the answer', async () => {
  const { fake, api } = knownPhone({
    use: [async (request, next) => ({ ...(await next(request)), data: 'changed' })],
  })
  expect(await result(fake, api.get('/orders'))).toBe('changed')
})

test('it may ask twice', async () => {
  const { fake, api } = knownPhone({
    use: [
      async (request, next) => {
        const first = await next(request)
        return first.statusCode === 503 ? next(request) : first
      },
    ],
    retry: false,
  })
  let asked = 0
  fake.server.on('/orders', () => ({ statusCode: asked++ ? 200 : 503, data: asked }))
  expect(await result(fake, api.get('/orders'))).toBe(2)
})

test('it sees every answer but a final 401; whether a status throws is decided afterwards', async () => {
  const seen: unknown[] = []
  const { fake, api } = knownPhone({
    retry: false,
    use: [
      (request, next) =>
        next(request).then(
          (response) => {
            seen.push(response.statusCode)
            return response
          },
          (error: unknown) => {
            seen.push((error as RequestError).code)
            throw error
          },
        ),
    ],
  })
  fake.server.on('/broken', () => ({ statusCode: 500 }))
  expect(await failure(fake, api.get('/broken'))).toMatchObject({ code: 'HTTP_STATUS' })
  fake.server.refuseAll = true
  expect(await failure(fake, api.get('/orders'))).toMatchObject({ code: 'UNAUTHORIZED' })
  expect(seen).toEqual([500, 'UNAUTHORIZED'])
})

test.each<[string, Middleware]>([
  ['throws', () => JSON.parse('<') as never],
  ['rejects', () => Promise.reject(new SyntaxError('mine'))],
])('what it %s is what the caller gets', async (_how, middleware) => {
  const { fake, api } = knownPhone({ use: [middleware] })
  expect(await failure(fake, api.get('/orders'))).toBeInstanceOf(SyntaxError)
})

test('context is handed to it, and to nobody else', async () => {
  const seen: unknown[] = []
  const { fake, api } = knownPhone({
    use: [
      (request, next) => {
        seen.push(request.context)
        return next(request)
      },
    ],
  })
  await result(fake, api.get('/orders', undefined, { context: { loading: false } }))
  expect(seen).toEqual([{ loading: false }])
  expect(last(fake).options).not.toHaveProperty('context')
})

const hang: Middleware = () => new Promise(() => undefined)

test('abort works while it hangs', async () => {
  const { fake, api } = knownPhone({ use: [hang] })
  const task = api.get('/orders')
  const end = caught(task)
  await fake.clock.advance(100)
  task.abort()
  task.abort()
  expect(await end).toMatchObject({ code: 'ABORTED' })
})

test('totalTimeout works while it hangs', async () => {
  const { fake, api } = knownPhone({ use: [hang] })
  expect(await failure(fake, api.get('/orders', undefined, { totalTimeout: 500 }))).toMatchObject({
    code: 'TIMEOUT',
  })
  const { api: other, fake: phone2 } = knownPhone({ use: [hang], totalTimeout: 500 })
  expect(await failure(phone2, other.get('/orders'))).toMatchObject({ code: 'TIMEOUT' })
})

test('what was given up while it was at work is not sent any more', async () => {
  const { fake, api } = knownPhone({
    checkSession: false,
    use: [
      async (request, next) => {
        await new Promise<void>((resolve) => fake.clock.setTimeout(resolve, 100))
        return next(request)
      },
    ],
  })
  const task = api.get('/orders')
  const end = caught(task)
  await fake.clock.advance(50)
  task.abort()
  expect(await end).toMatchObject({ code: 'ABORTED' })
  await fake.clock.runAll()
  expect(fake.server.requestCount).toBe(0)
})

test('a logout while it was at work ends the request', async () => {
  const { fake, api } = knownPhone({
    use: [
      async (request, next) => {
        await new Promise<void>((resolve) => fake.clock.setTimeout(resolve, 100))
        return next(request)
      },
    ],
  })
  const end = caught(api.get('/orders'))
  api.logout()
  await fake.clock.runAll()
  expect(await end).toMatchObject({ code: 'LOGGED_OUT' })
  expect(fake.server.requestCount).toBe(0)
})

test('listeners of the task hear what is inside, off takes them away', async () => {
  const { fake, api } = phone({ use: [pass] })
  const heard: string[] = []
  const task = api.request({ url: '/orders' })
  const [one, two, three] = ['one', 'two', 'three'].map((name) => () => void heard.push(name))
  for (const listener of [one, two, three]) if (listener) task.onHeadersReceived(listener)
  task.offHeadersReceived(one)
  await fake.clock.advance(5)
  task.offHeadersReceived(two)
  await result(fake, task)
  expect(heard).toEqual(['three'])
})

test('callbacks hear the end of it all', async () => {
  const { fake, api } = knownPhone({
    use: [async (request, next) => ({ ...(await next(request)), data: 'mine' })],
  })
  const heard: unknown[] = []
  await result(fake, api.request({ url: '/orders', success: ({ data }) => heard.push(data) }))
  expect(heard).toEqual(['mine'])
})

test('unwrap and its BusinessError come after it', async () => {
  const { fake, api } = knownPhone({
    use: [pass],
    unwrap: () => {
      throw new BusinessError('no', 7)
    },
  })
  expect(await failure(fake, api.get('/orders'))).toMatchObject({ code: 'BUSINESS', businessCode: 7 })
})

test('abort stops all that middleware has sent', async () => {
  const { fake, api } = phone({ use: [(request, next) => Promise.race([next(request), next(request)])] })
  const task = api.get('/orders')
  const end = caught(task)
  await fake.clock.advance(5)
  task.abort()
  expect(await end).toMatchObject({ code: 'ABORTED' })
  await fake.clock.runAll()
  expect(fake.server.requests.filter(({ path }) => path === '/orders')).toEqual([])
})

test('a request without a url is rejected, not thrown', async () => {
  const { fake, api } = knownPhone({ use: [pass] })
  expect(await failure(fake, api.request({} as never))).toBeInstanceOf(ConfigError)
})

test('errors tell of attempts and URL as they do without middleware', async () => {
  const { fake, api } = knownPhone({ use: [pass] })
  fake.server.on('/orders', () => ({ statusCode: 503 }))
  const error = await failure(fake, api.get('/orders'))
  expect(error).toMatchObject({ attempts: 3, request: { method: 'GET', url: `${HOME}/orders` } })
})

test('an aborted request tells how often it went out, and what it was', async () => {
  const { fake, api } = knownPhone({ use: [pass] })
  const task = api.uploadFile({ url: '/avatar', filePath: 'a.png', name: 'file' })
  const end = caught(task)
  await fake.clock.settle()
  task.abort()
  expect(await end).toMatchObject({ attempts: 1, request: { method: 'POST', url: `${HOME}/avatar` } })
})

test.each([
  ['forgets its return', () => Promise.resolve()],
  [
    'gives the data alone',
    async (request: never, next: (request: never) => Promise<Response>) => {
      const { data } = await next(request)
      return data
    },
  ],
  ['gives an object without a status', () => Promise.resolve({ data: 1 })],
  ['rejects without a reason', () => Promise.reject(undefined as unknown as Error)],
])('a middleware that %s is told so', async (_what, middleware) => {
  const { fake, api } = knownPhone({ use: [middleware as unknown as Middleware] })
  const error = await failure(fake, api.get('/orders'))
  expect(error).toBeInstanceOf(ConfigError)
  expect(error.message).toMatch(/middleware/)
})

test('it may write on header, query and context, though the request says they are undefined', async () => {
  const { fake, api } = knownPhone({
    use: [
      (request, next) => {
        Object.assign(request.header as object, { 'X-A': '1' })
        Object.assign(request.query as object, { lang: 'zh' })
        Object.assign(request.context as object, { begun: 1 })
        return next()
      },
    ],
  })
  const unsaid = { header: undefined, query: undefined, context: undefined }
  await result(fake, api.request({ url: '/orders', ...(unsaid as object) }))
  expect(last(fake)).toMatchObject({ query: { lang: 'zh' } })
  expect(last(fake).headerOf('X-A')).toBe('1')
})

test('a signal that it gives aborts what it sends, and the caller’s own still aborts all', async () => {
  const [its, own] = [signalOf(), signalOf()]
  const { fake, api } = knownPhone({
    use: [(request, next) => next({ ...request, signal: its.signal }).catch(() => next(request))],
  })
  fake.server.on('/orders', () => ({ delay: 1000 }))
  const end = caught(api.get('/orders', undefined, { signal: own.signal }))
  await fake.clock.advance(20)
  its.abort()
  await fake.clock.advance(20)
  expect(fake.calls.requests.filter(({ url }) => url.endsWith('/orders'))).toHaveLength(2)
  own.abort()
  expect(await end).toMatchObject({ code: 'ABORTED' })
  expect(own.listeners()).toBe(0)
})

/** A signal, what aborts it, and how many listen to it. */
function signalOf() {
  const listeners = new Set<() => void>()
  const signal = {
    aborted: false,
    addEventListener: (_type: string, listener: () => void) => void listeners.add(listener),
    removeEventListener: (_type: string, listener: () => void) => void listeners.delete(listener),
  }
  const abort = (): void => {
    signal.aborted = true
    listeners.forEach((listener) => listener())
  }
  return { signal, abort, listeners: () => listeners.size }
}

test('what middleware changes stays with this request', async () => {
  const own = { url: '/orders', query: { page: 1 }, header: { 'X-A': '1' }, timeout: 5000 }
  const before = JSON.stringify(own)
  const { fake, api } = knownPhone({
    use: [
      (request, next) => {
        Object.assign(request.query as object, { lang: 'zh' })
        Object.assign(request.header as object, { 'X-A': '2' })
        request.timeout = 1
        return next({ ...request, timeout: 9000 })
      },
    ],
  })
  await result(fake, api.request(own))
  expect(JSON.stringify(own)).toBe(before)
})

test.each([
  ['aborted', (task: Task<unknown>) => task.abort()],
  ['timed out', () => undefined],
])(
  'a request that is %s while middleware is at work goes nowhere, and logs nobody in',
  async (_end, give) => {
    const slow: Middleware = async (request, next) => {
      await new Promise<void>((resolve) => fake.clock.setTimeout(resolve, 100))
      return next(request)
    }
    const { fake, api } = phone({ use: [slow] })
    const task = api.post('/pay', {}, { totalTimeout: 50 })
    const end = caught(task)
    await fake.clock.advance(20)
    give(task)
    await fake.clock.runAll()
    expect((await end).attempts).toBe(0)
    expect([fake.calls.requestCount, fake.calls.logins]).toEqual([0, 0])
  },
)

test('an abort after the end leaves alone what middleware still does behind it', async () => {
  const done: unknown[] = []
  const staleWhileRevalidate: Middleware = (request, next) => {
    next(request).then(
      ({ statusCode }) => done.push(statusCode),
      (error: unknown) => done.push(error),
    )
    return Promise.resolve({ statusCode: 200, data: 'kept', header: {} })
  }
  const { fake, api } = knownPhone({ use: [staleWhileRevalidate] })
  const task = api.get('/orders')
  await fake.clock.settle()
  expect(await task).toBe('kept')
  task.abort()
  await fake.clock.runAll()
  expect(done).toEqual([200])
})

test('it is told what it wraps, and on which client it was made', async () => {
  const told: unknown[] = []
  const { fake, api } = knownPhone({
    use: [
      (request, next, { kind, client }) => {
        told.push([kind, client])
        return next(request)
      },
    ],
  })
  const clone = api.extend({ timeout: 5000 })
  await result(fake, clone.get('/orders'))
  await result(fake, api.downloadFile({ url: '/invoice.pdf' }))
  await result(fake, api.uploadFile({ url: '/avatar', filePath: 'a.png', name: 'file' }))
  expect(told).toEqual([
    ['request', clone],
    ['downloadFile', api],
    ['uploadFile', api],
  ])
})

test('the caller’s own signal is listened to once, and not by what is sent inside as well', async () => {
  const signal = { aborted: false, addEventListener: jest.fn(), removeEventListener: jest.fn() }
  const { fake, api } = phone({ use: [pass] })
  await result(fake, api.get('/orders', {}, { signal }))
  expect(signal.addEventListener).toHaveBeenCalledTimes(1)
  expect(signal.removeEventListener).toHaveBeenCalledTimes(1)
})

test('an empty request is none', async () => {
  const { fake, api } = phone({ use: [(_request, next) => next({} as AnyRequest)] })
  expect((await failure(fake, api.get('/orders'))).code).toBe('CONFIG')
  expect(fake.server.requests).toEqual([])
})
