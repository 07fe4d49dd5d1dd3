import { ConfigError, type Middleware } from '../src'
import { caught, failure, HOME, knownPhone, phone, result } from './phone'

const pass: Middleware = (request, next) => next(request)

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
  ['rejects without a reason', () => Promise.reject(undefined as unknown as Error)],
])('a middleware that %s is told so', async (_what, middleware) => {
  const { fake, api } = knownPhone({ use: [middleware as unknown as Middleware] })
  const error = await failure(fake, api.get('/orders'))
  expect(error).toBeInstanceOf(ConfigError)
  expect(error.message).toMatch(/middleware/)
})

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
