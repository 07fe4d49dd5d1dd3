import { createClient, type Client, type ClientOptions } from '../../src'
import { createFakeWeChat } from '../../src/testing'
import { failure, phone, result, thrown, usual } from '../phone'
import { altered, clientOn, codesOf, makeWorld, times, tokensAt, watch } from '../laws/world'
import { KINDS, sendBy } from './request-helpers'

/** What JavaScript lets an app do, and types do not. */
const unsafe = (options: object) => ({ checkSession: false, ...options }) as Partial<ClientOptions>

describe('R21: a promise where a value is expected is CONFIG at the first call, and never acted upon', () => {
  const attach = async (request: { header: Record<string, string> }, token: string) => {
    await Promise.resolve()
    request.header['X-Token'] = token
  }

  test.each(KINDS)('attach: %s is not sent without its token', async (kind) => {
    const { fake, api } = makeWorld({ stored: 'good', client: unsafe({ attach }) })
    const error = await failure(fake, sendBy(api, kind))
    expect([error.code, fake.calls.requestCount]).toEqual(['CONFIG', 0])
    expect(error.message).toMatch(/attach/)
  })

  test('attach that rejects leaves no rejection unhandled', async () => {
    const broken = () => Promise.reject(new Error('of the app'))
    const { fake, api } = makeWorld({ stored: 'good', client: unsafe({ attach: broken }) })
    const sent = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    // Jest fails a test with a rejection that nobody has handled by now.
    await new Promise(setImmediate)
    expect([sent.code, fake.calls.requestCount]).toEqual(['CONFIG', 0])
  })

  test('header: the request is not sent without it', async () => {
    const header = () => Promise.resolve({ 'X-App': '7' })
    const { fake, api } = makeWorld({ stored: 'good', client: unsafe({ header }) })
    const error = await failure(fake, api.get('/orders', {}, { auth: false }))
    expect([error.code, fake.calls.requestCount]).toEqual(['CONFIG', 0])
    expect(error.message).toMatch(/header/)
  })

  test('header that is a promise itself, of a client or of a request', async () => {
    const header = Promise.resolve({ 'X-App': '7' })
    const fake = createFakeWeChat()
    const make = () => createClient({ ...usual(fake), ...unsafe({ header }) })
    const error = await failure(
      fake,
      new Promise((settle) => settle(make().get('/orders', {}, { auth: false }))),
    )
    const { api } = clientOn(fake)
    const ask = api.get('/orders', {}, { auth: false, header } as object)
    expect([error.code, (await failure(fake, ask)).code, fake.calls.requestCount]).toEqual([
      'CONFIG',
      'CONFIG',
      0,
    ])
  })

  const isUnauthorized = () => Promise.resolve(false)

  test.each<[string, Partial<ClientOptions>, object]>([
    ['of the client', unsafe({ isUnauthorized }), {}],
    ['of the request', unsafe({}), { isUnauthorized }],
  ])('isUnauthorized %s: no login for what it promises', async (_whose, client, extras) => {
    const { fake, api } = makeWorld({ stored: 'good', client })
    const error = await failure(fake, api.get('/orders', {}, extras))
    expect([error.code, fake.calls.requestCount, fake.calls.logins]).toEqual(['CONFIG', 1, 0])
    expect(error.message).toMatch(/isUnauthorized/)
    expect(api.session?.token).toBe('good')
  })

  test('isUnauthorized of authorize(): it runs once', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: unsafe({}) })
    let runs = 0
    const options = { isUnauthorized } as object as Parameters<Client['authorize']>[1]
    const error = await failure(
      fake,
      api.authorize(() => ++runs, options),
    )
    expect([error.code, runs, fake.calls.logins]).toEqual(['CONFIG', 1, 0])
  })

  const retry = { delay: () => Promise.resolve(10) }

  test.each<[string, Partial<ClientOptions>, object]>([
    ['of the client', unsafe({ retry }), {}],
    ['of the request', unsafe({}), { retry }],
  ])('retry.delay %s: it is not sent again', async (_whose, client, extras) => {
    const { fake, api } = makeWorld({ stored: 'good', client })
    fake.server.on('/orders', () => ({ statusCode: 503 }))
    const error = await failure(fake, api.get('/orders', {}, extras))
    expect([error.code, fake.calls.requestCount]).toEqual(['CONFIG', 1])
    expect(error.message).toMatch(/delay/)
  })

  test('ten at once, through a clone with middleware', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: unsafe({ attach }) })
    const clone = api.extend({ use: [(request, next) => next(request)] })
    const all = times(10, (n) => watch(clone.get(`/${n}`), fake))
    await fake.clock.runAll()
    expect([codesOf(all), fake.calls.requestCount]).toEqual([times(10, () => 'CONFIG'), 0])
  })
})

describe('R20: what the login says may take its time', () => {
  test('login.data that is async is awaited', async () => {
    const data = async (code: string) => {
      await new Promise<void>((go) => void fake.clock.setTimeout(go, 100))
      return { code, device: 'd' }
    }
    const { fake, api } = phone({ login: { url: '/login', data } })
    await result(fake, api.get('/orders'))
    expect(fake.server.requests[0]?.json).toEqual({ code: 'code-1', device: 'd' })
  })

  test('what it rejects with fails the login, and it is not tried again', async () => {
    const data = jest.fn(() => Promise.reject(new Error('no device')))
    const { fake, api } = phone({ login: { url: '/login', data } })
    const sent = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    await new Promise(setImmediate)
    expect(sent.error).toMatchObject({ code: 'LOGIN_FAILED', cause: { message: 'no device' } })
    expect([data.mock.calls.length, fake.calls.requestCount]).toEqual([1, 0])
  })

  test('a request in there that waits for this very login is told what it needs', async () => {
    const data = async (code: string) => ({ code, city: await api.get('/city') })
    const { fake, api } = phone({ login: { url: '/login', data } })
    const error = await failure(fake, api.ensureLogin())
    expect(error).toMatchObject({ code: 'LOGIN_TIMEOUT' })
    expect(error.message).toContain('needs auth: false')
  })

  test('ten requests wait for one', async () => {
    const data = (code: string) => Promise.resolve({ code })
    const { fake, api } = phone({ login: { url: '/login', data } })
    await result(fake, Promise.all(times(10, (n) => api.get(`/${n}`))))
    expect([fake.calls.logins, tokensAt({ fake }, '/login').length]).toEqual([1, 1])
  })
})

describe('R31: what the server says of a code is what is told', () => {
  const sameCode = (answer: object) => {
    const { fake } = makeWorld()
    const login = ({ success }: { success: (result: object) => void }) =>
      void fake.clock.setTimeout(() => success({ code: 'same', errMsg: 'login:ok' }), 10)
    fake.server.on('/login', () => ({ statusCode: 400, data: answer }))
    return { fake, api: clientOn(fake, { platform: altered(fake, { login }) }).api }
  }

  test('wx.login hands out one code twice, which the server had refused', async () => {
    const { fake, api } = sameCode({ errcode: 40163, errmsg: 'code been used' })
    const error = await failure(fake, api.get('/orders'))
    expect(error).toMatchObject({
      code: 'LOGIN_REJECTED',
      cause: { response: { statusCode: 400, data: { errcode: 40163 } } },
    })
    expect(error.message).not.toMatch(/cache/i)
    expect(tokensAt({ fake }, '/login').length).toBe(1)
  })

  test('ensureLogin(), and whoever waits with it, are told the same', async () => {
    const { fake, api } = sameCode({ errcode: 40029 })
    const all = [watch<unknown>(api.ensureLogin(), fake), watch<unknown>(api.get('/orders'), fake)]
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(['LOGIN_REJECTED', 'LOGIN_REJECTED'])
    expect(all[0]?.error).toBe(all[1]?.error)
  })
})

describe('R33: a login without a code is told in words that fit the platform', () => {
  test.each([
    ['nothing at all', {}],
    ['a guest’s anonymous code, as on Douyin', { anonymousCode: 'a', isLogin: false }],
    ['an empty code, as on Xiaohongshu', { code: '' }],
  ])('%s', async (_what, answer) => {
    const { fake } = makeWorld()
    const login = ({ success }: { success: (result: object) => void }) =>
      void fake.clock.setTimeout(() => success({ ...answer, errMsg: 'login:ok' }), 10)
    const { api } = clientOn(fake, { platform: altered(fake, { login }) })
    const error = await failure(fake, api.get('/orders'))
    expect([error.code, fake.calls.requestCount]).toEqual(['LOGIN_FAILED', 0])
    expect(`${error.message} ${String(error.cause)}`).not.toMatch(/cache/i)
    expect(error.message).toMatch(/code/)
  })
})

test('only createClient, extend, on and setSession throw: what a call says wrong is a rejection', async () => {
  const { fake, api } = phone()
  const calls = [() => api.get(5 as never), () => api.patch('/a'), () => api.delete('/a', [1] as never)]
  for (const call of calls) expect((await failure(fake, call())).code).toBe('CONFIG')
  expect(thrown(() => api.setSession(''))).toMatchObject({ code: 'CONFIG' })
})
