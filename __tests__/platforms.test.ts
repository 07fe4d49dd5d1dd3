import type { Platform } from '../src'
import { caught, failure, knownPhone, outcome, phone, result } from './phone'

type Send = (options: Parameters<Platform['request']>[0]) => unknown

/** Puts something around the platform's `request`. */
function hook(wx: object, around: (send: Send) => Send): void {
  const platform = wx as { request: Send }
  platform.request = around(platform.request)
}

test('Taro: tasks that are promises too, which reject besides calling back', async () => {
  const { fake, api } = knownPhone({ retry: false, checkSession: false })
  hook(fake.wx, (send) => (options) => {
    const promise = new Promise((resolve, reject) => {
      const { success, fail } = options
      send({
        ...options,
        success: (answer) => {
          success?.(answer)
          resolve(answer)
        },
        fail: (reason) => {
          fail?.(reason)
          reject(new Error(reason.errMsg))
        },
      })
    })
    return Object.assign(promise, { abort: () => undefined })
  })
  expect(await result(fake, api.get('/x'))).toMatchObject({ ok: true })
  fake.network.failNext(1, 'reset')
  expect(await failure(fake, api.get('/x'))).toMatchObject({ code: 'NETWORK' })
})

describe('an interceptor of Taro’s answers in place of the platform, and nothing is called back', () => {
  test.each<[string, unknown, object]>([
    ['words', new Error('no signature'), { code: 'NETWORK', errMsg: 'request:fail Error: no signature' }],
    ['a failure', { errMsg: 'request:fail timeout', errno: 5 }, { code: 'TIMEOUT', errno: 5 }],
    ['a status', { statusCode: 403, data: 'no' }, { code: 'HTTP_STATUS', response: { statusCode: 403 } }],
  ])('what it rejects with is told at once: %s', async (_what, reason, expected) => {
    const { fake, api } = knownPhone({ retry: false, checkSession: false })
    const begun = fake.clock.now()
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as platforms do
    hook(fake.wx, () => () => Promise.reject(reason))
    const told = caught(api.get('/x'))
    await fake.clock.advance(0)
    expect(await told).toMatchObject(expected)
    expect(fake.clock.now()).toBe(begun)
  })

  test('what it resolves to is the answer, if it has a status', async () => {
    const { fake, api } = knownPhone({ checkSession: false })
    hook(fake.wx, (send) => (options) => {
      if (options.url.endsWith('/mocked'))
        return Promise.resolve({ statusCode: 200, data: 'mocked', header: {} })
      send(options)
      return Promise.resolve({ abort: () => undefined })
    })
    expect(await result(fake, api.get('/mocked'))).toBe('mocked')
    expect(await result(fake, api.get('/real'))).toMatchObject({ ok: true })
  })

  test('nor by a login that rejects', async () => {
    const { fake, api } = phone({ login: { url: '/login', retry: 0 } })
    fake.wx.login = (() => Promise.reject(new Error('no'))) as never
    const told = caught(api.ensureLogin())
    await fake.clock.advance(100)
    expect(await told).toMatchObject({ code: 'LOGIN_FAILED', cause: { message: 'no' } })
  })
})

test.each([undefined, null, 7, 'task', {}])('a request that returns %j in place of a task', async (task) => {
  const { fake, api } = knownPhone()
  hook(fake.wx, (send) => (options) => {
    send(options)
    return task
  })
  const request = api.get('/x')
  request.onHeadersReceived(() => undefined)
  expect(await result(fake, request)).toMatchObject({ ok: true })
})

test('tt and others: a failure without errno, without errMsg, without anything', async () => {
  for (const reason of [{}, { errMsg: 'request:fail' }, { errNo: 21103 }]) {
    const { fake, api } = knownPhone({ retry: false })
    hook(fake.wx, () => (options) => options.fail?.(reason))
    expect(await failure(fake, api.get('/x'))).toMatchObject({ code: 'NETWORK', errno: undefined })
  }
})

test('the WeChat gateway: another errMsg in success, header names in lower case', async () => {
  const { fake, api } = knownPhone({ retry: { delay: () => 1 } }, { headerNames: 'lowercase' })
  hook(
    fake.wx,
    (send) => (options) =>
      send({ ...options, success: (answer) => options.success?.({ ...answer, errMsg: 'gateway.call:ok' }) }),
  )
  let asked = 0
  fake.server.on('/x', () =>
    asked++ ? { data: 'fine' } : { statusCode: 503, header: { 'Retry-After': '3' } },
  )
  expect(await result(fake, api.get('/x'))).toBe('fine')
  const [first, second] = fake.calls.requests
  expect(Number(second?.calledAt) - Number(first?.endedAt)).toBe(3000)
})

test('Alipay: an upload whose status is a text is the answer it is', async () => {
  const { fake, api } = knownPhone({ checkSession: false })
  const platform = fake.wx as object as { uploadFile: Send }
  const answers = ['200', '401', '200']
  platform.uploadFile = ({ success }) => success?.({ statusCode: answers.shift() as never, data: '{"id":1}' })
  const file = { url: '/files', filePath: 'a', name: 'a' }
  expect(await result(fake, api.uploadFile(file))).toMatchObject({ statusCode: 200, data: { id: 1 } })
  expect(await result(fake, api.uploadFile(file))).toMatchObject({ statusCode: 200 })
  expect(fake.calls.logins).toBe(1)
})

test.each([undefined, null, '', 'fine', 0, NaN])(
  'an answer with the status %p is no answer',
  async (status) => {
    const { fake, api } = knownPhone({ retry: false })
    hook(fake.wx, () => (options) => options.success?.({ statusCode: status as never, data: 1 }))
    expect((await failure(fake, api.get('/x'))).errMsg).toMatch(/without a status/)
  },
)

test('a platform whose login is missing fails the login, and says so', async () => {
  const { fake, api } = phone()
  delete (fake.wx as { login?: unknown }).login
  const error = await failure(fake, api.get('/x'))
  expect(error.code).toBe('LOGIN_FAILED')
  expect(error.message).toMatch(/^wx\.login /)
})

test('two clients on two platforms know nothing of each other', async () => {
  const [one, other] = [phone(), phone()]
  await result(one.fake, one.api.ensureLogin())
  expect(other.api.session).toBeUndefined()
  expect(other.fake.calls.logins).toBe(0)
})

test.each(['login', 'checkSession'] as const)(
  'a promise that %s returns besides calling back is handled',
  async (name) => {
    const { fake, api } = name === 'login' ? phone() : knownPhone()
    let handled = false
    const real = fake.wx[name] as (options: object) => void
    fake.wx[name] = ((options: object) => {
      real(options)
      const heard = (_: unknown, fail: unknown) => void (handled = handled || typeof fail === 'function')
      return { then: heard, catch: (fail: unknown) => heard(undefined, fail) }
    }) as never
    await outcome(fake, api.ensureLogin())
    expect(handled).toBe(true)
  },
)

test.each(['request', 'login', 'checkSession'] as const)(
  'a %s that fails without saying anything has failed all the same',
  async (name) => {
    const { fake, api } = name === 'login' ? phone() : knownPhone({ retry: false })
    const silent = (options: { fail?: () => void }) => void fake.clock.setTimeout(() => options.fail?.(), 5)
    const real = fake.wx[name] as () => void
    fake.wx[name] = silent as never
    const end = api.get('/x', undefined, { auth: 'verified' }).catch((error: unknown) => error)
    await fake.clock.advance(1000)
    fake.wx[name] = real as never
    await fake.clock.runAll()
    if (name === 'checkSession') expect(await end).toMatchObject({ token: 'token-2' })
    else expect(await end).toMatchObject({ code: name === 'login' ? 'LOGIN_FAILED' : 'NETWORK' })
  },
)
