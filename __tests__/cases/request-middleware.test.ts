import { createClient, type Middleware, type Platform, type Task } from '../../src'
import { createFakeWeChat } from '../../src/testing'
import { failure, last, result } from '../phone'
import { altered, clientOn, codesOf, deferred, makeWorld, times, watch } from '../laws/world'

describe('R23: something new for each attempt is a platform that wraps the request', () => {
  test('each attempt has a nonce of its own, the replay and the login too', async () => {
    const { fake } = makeWorld({ stored: 'dead', isLive: false })
    let nonces = 0
    const request: Platform['request'] = (options) =>
      (fake.wx as Platform).request({
        ...options,
        header: { ...options.header, 'X-Nonce': String(++nonces) },
      })
    const { api } = clientOn(fake, { platform: altered(fake, { request }), checkSession: false })
    await result(fake, api.post('/orders', { item: 'A' }))
    const sent = fake.server.requests.map((one) => [one.path, one.headerOf('x-nonce')])
    expect(sent).toEqual([
      ['/orders', '1'],
      ['/login', '2'],
      ['/orders', '3'],
    ])
  })

  test('middleware runs once for a request, so that what it sets is in each attempt', async () => {
    let runs = 0
    const once: Middleware = (request, next) =>
      next({ ...request, header: { ...request.header, 'X-Run': String(++runs) } })
    const { fake, api } = makeWorld({
      stored: 'dead',
      isLive: false,
      client: { use: [once], checkSession: false },
    })
    await result(fake, api.post('/orders', {}))
    const sent = fake.server.requests.filter(({ path }) => path === '/orders')
    expect(sent.map((one) => one.headerOf('x-run'))).toEqual(['1', '1'])
  })
})

describe('R25: middleware may keep what next() gave it, and wait for something else', () => {
  const scenes: [string, (task: Task<unknown>, logout: () => void) => void, string][] = [
    ['the task is aborted', (task) => task.abort(), 'ABORTED'],
    ['the user logs out', (_task, logout) => logout(), ''],
  ]

  test.each(scenes)('%s meanwhile: no rejection goes unhandled', async (_what, deed, code) => {
    const gate = deferred<undefined>()
    const keeping: Middleware = async (request, next) => {
      const answer = next(request)
      await gate.promise
      return answer
    }
    const { fake, api } = makeWorld({ client: { use: [keeping] } })
    fake.misbehave('login', 'hang')
    const task = api.get('/orders')
    const ended = watch(task, fake)
    await fake.clock.advance(20)
    deed(task, () => api.logout())
    await fake.clock.advance(20)
    // Jest fails a test with a rejection that nobody has handled by now.
    await new Promise(setImmediate)
    if (code) expect(ended.code).toBe(code)
    gate.resolve(undefined)
    await fake.clock.runAll()
    expect(ended.code).toBe(code || 'LOGGED_OUT')
  })

  test('a request that fails while its middleware looks elsewhere fails when it is asked for', async () => {
    const gate = deferred<undefined>()
    const keeping: Middleware = async (request, next) => {
      const answer = next(request)
      await gate.promise
      return answer
    }
    const { fake, api } = makeWorld({ client: { use: [keeping], retry: false } })
    fake.network.offline()
    const ended = watch(api.get('/orders', {}, { auth: false }), fake)
    await fake.clock.advance(1000)
    await new Promise(setImmediate)
    gate.resolve(undefined)
    await fake.clock.runAll()
    expect(ended.code).toBe('OFFLINE')
  })

  test('ten at once, all aborted', async () => {
    const keeping: Middleware = async (request, next) => {
      const answer = next(request)
      await new Promise<void>((go) => void fake.clock.setTimeout(go, 500))
      return answer
    }
    const { fake, api } = makeWorld({ client: { use: [keeping] } })
    fake.misbehave('login', 'hang')
    const tasks = times(10, (n) => api.get(`/${n}`))
    const all = tasks.map((task) => watch(task, fake))
    await fake.clock.advance(20)
    for (const task of tasks) task.abort()
    await fake.clock.settle()
    await new Promise(setImmediate)
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(times(10, () => 'ABORTED'))
  })
})

describe('R26: middleware runs before the address is looked at', () => {
  const HOME = 'https://a.example'
  const absolute: Middleware = (request, next) => next({ ...request, url: `${HOME}${request.url}` })
  const withoutBase = (use: Middleware[]) => {
    const fake = createFakeWeChat()
    const api = createClient({ platform: fake.wx, login: { url: `${HOME}/login` }, use })
    return { fake, api }
  }

  test('a relative URL that it makes absolute needs no baseURL', async () => {
    const { fake, api } = withoutBase([absolute])
    expect(await result(fake, api.get('/orders'))).toMatchObject({ ok: true })
    expect(last(fake).url).toBe(`${HOME}/orders`)
  })

  test.each(['uploadFile', 'downloadFile'] as const)('of %s as well', async (kind) => {
    const { fake, api } = withoutBase([absolute])
    const options = { url: '/file', filePath: 'wxfile://f', name: 'n' }
    const task = kind === 'uploadFile' ? api.uploadFile(options) : api.downloadFile(options)
    expect(await result<object>(fake, task)).toMatchObject({ statusCode: 200 })
    expect(last(fake).url).toBe(`${HOME}/file`)
  })

  test('what is still relative after it is CONFIG', async () => {
    let runs = 0
    const pass: Middleware = (request, next) => (runs++, next(request))
    const { fake, api } = withoutBase([pass])
    expect(await failure(fake, api.get('/orders'))).toMatchObject({ code: 'CONFIG' })
    expect([runs, fake.calls.requestCount]).toEqual([1, 0])
  })

  test('an address of a clone’s middleware is that clone’s alone', async () => {
    const { fake, api } = withoutBase([])
    const clone = api.extend({ use: [absolute] })
    expect(await result(fake, clone.get('/orders'))).toMatchObject({ ok: true })
    expect(await failure(fake, api.get('/orders'))).toMatchObject({ code: 'CONFIG' })
  })

  test('the token goes where the address leads after middleware, or stays home', async () => {
    const away: Middleware = (request, next) =>
      next({ ...request, url: `https://other.example${request.url}` })
    const { fake, api } = withoutBase([away])
    fake.server.on('/orders', (request) => ({ data: { sent: request.headerOf('authorization') ?? 'none' } }))
    expect(await result(fake, api.get('/orders'))).toEqual({ sent: 'none' })
  })
})
