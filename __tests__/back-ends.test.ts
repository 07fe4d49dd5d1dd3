import { BusinessError, createClient, type Client, type ClientOptions, type Platform } from '../src'
import { createFakeWeChat, type FakeReply, type FakeRequest, type FakeWeChat } from '../src/testing'
import { failure, HOME, KEY, result } from './phone'

/** A back end that people really have, and the options that it takes. */
interface BackEnd {
  options: Partial<ClientOptions>
  loginReply?: (token: string) => FakeReply
  readToken?: (request: FakeRequest) => string | undefined
  refusal?: () => FakeReply
}

interface Envelope {
  code: number
  msg?: string
  data?: unknown
}

const backEnds: Record<string, BackEnd> = {
  'a token under another name': {
    options: { login: { url: '/login', token: 'data.login_key' } },
    loginReply: (login_key) => ({ data: { data: { login_key } } }),
  },
  'a cookie session, sent back as a cookie': {
    options: {
      login: { url: '/login', token: { cookie: 'connect.sid' } },
      attach: { cookie: 'connect.sid' },
    },
    loginReply: (token) => ({
      cookies: [`connect.sid=${token}; Path=/; HttpOnly; Expires=Wed, 21 Oct 2026 07:28:00 GMT`],
    }),
    readToken: (request) => /(?:^|; )connect\.sid=([^;]+)/.exec(request.headerOf('cookie') ?? '')?.[1],
  },
  'a sessionid header': {
    options: { login: { url: '/login', token: 'sessionid' }, attach: { header: 'sessionid' } },
    loginReply: (sessionid) => ({ data: { sessionid } }),
    readToken: (request) => request.headerOf('sessionid'),
  },
  'an skey header': {
    options: { login: { url: '/login', token: 'data.skey' }, attach: { header: 'X-Skey' } },
    loginReply: (skey) => ({ data: { code: 0, data: { skey } } }),
    readToken: (request) => request.headerOf('x-skey'),
  },
  'a token in the query': {
    options: { attach: { query: 'access_token' } },
    readToken: (request) => request.query['access_token'],
  },
  'a token in the body': {
    options: { attach: { body: 'access_token' } },
    readToken: (request) => (request.json as { access_token?: string } | undefined)?.access_token,
  },
  'a 403 for a dead token': {
    options: { isUnauthorized: ({ statusCode }) => statusCode === 403 },
    refusal: () => ({ statusCode: 403 }),
  },
  '200 with a business code': {
    options: {
      login: { url: '/login', token: 'data.token' },
      isUnauthorized: ({ data }) => (data as Envelope).code === -3,
    },
    loginReply: (token) => ({ data: { code: 0, data: { token } } }),
    refusal: () => ({ data: { code: -3, msg: 'login first' } }),
  },
  'a login that is signed, not attached': {
    options: { attach: (request, token) => void (request.header['X-Sign'] = `${request.method}:${token}`) },
    readToken: (request) => request.headerOf('x-sign')?.split(':')[1],
  },
}

function connect({ options, loginReply, readToken, refusal }: BackEnd): { fake: FakeWeChat; api: Client } {
  const fake = createFakeWeChat()
  if (loginReply) fake.server.loginReply = loginReply
  if (readToken) fake.server.readToken = readToken
  if (refusal) fake.server.refusal = refusal
  fake.server.on(
    '/orders',
    fake.server.guard(() => ({ data: { code: 0, data: 'orders' } })),
  )
  return {
    fake,
    api: createClient({ platform: fake.wx, baseURL: HOME, login: { url: '/login' }, ...options }),
  }
}

describe.each(Object.entries(backEnds))('with %s', (_name, backEnd) => {
  test('ten first requests cost one login, and all are answered', async () => {
    const { fake, api } = connect(backEnd)
    const all = Promise.all(Array.from({ length: 10 }, () => api.post('/orders', { page: 1 })))
    for (const answer of await result(fake, all)) expect(answer).toEqual({ code: 0, data: 'orders' })
    expect(fake.calls.logins).toBe(1)
    expect(fake.storage.get(KEY)).toMatchObject({ token: 'token-1', origin: HOME })
  })

  test('ten requests with a dead token come back after one login', async () => {
    const { fake, api } = connect(backEnd)
    await result(fake, api.ensureLogin())
    fake.server.expire()
    const all = Promise.all(Array.from({ length: 10 }, () => api.post('/orders', { page: 1 })))
    for (const answer of await result(fake, all)) expect(answer).toEqual({ code: 0, data: 'orders' })
    expect(fake.calls.logins).toBe(2)
    expect(fake.server.codesReused).toEqual([])
  })
})

describe('with an envelope { code, msg, data }', () => {
  const options: Partial<ClientOptions> = {
    isUnauthorized: ({ data }) => (data as Envelope).code === -3,
    unwrap: ({ data }) => {
      const { code, msg, data: inner } = data as Envelope
      if (code !== 0) throw new BusinessError(msg ?? 'failed', code)
      return inner
    },
  }

  test('pages get what is inside', async () => {
    const { fake, api } = connect({ options })
    expect(await result(fake, api.get('/orders'))).toBe('orders')
  })

  test('and a business failure as an error with its own message and code', async () => {
    const { fake, api } = connect({ options })
    fake.server.on('/pay', () => ({ data: { code: 7, msg: '余额不足' } }))
    expect(await failure(fake, api.post('/pay'))).toMatchObject({
      message: '余额不足',
      code: 'BUSINESS',
      businessCode: 7,
      attempts: 1,
      request: { method: 'POST', url: `${HOME}/pay` },
    })
  })

  test('refused for good, it is an UnauthorizedError with the answer', async () => {
    const { fake, api } = connect({ options, refusal: () => ({ data: { code: -3 } }) })
    fake.server.on('/orders', fake.server.refusal)
    expect(await failure(fake, api.get('/orders'))).toMatchObject({
      code: 'UNAUTHORIZED',
      response: { statusCode: 200, data: { code: -3 } },
    })
  })
})

describe('with cloud functions', () => {
  /** What wx.cloud.callFunction answers: a login, or data for a live token. */
  function cloud(fake: FakeWeChat) {
    return (name: string, data: { code?: string; token?: string }): Promise<{ result: Envelope }> => {
      if (name === 'login') {
        const answer = fake.server.exchange(String(data.code))
        return Promise.resolve({ result: { code: 0, data: answer } })
      }
      const isLive = fake.server.tokens.has(String(data.token))
      return Promise.resolve({ result: isLive ? { code: 0, data: 'orders' } : { code: 401 } })
    }
  }

  test('login is a function, and authorize sends the calls', async () => {
    const fake = createFakeWeChat()
    const call = cloud(fake)
    const api = createClient({
      platform: fake.wx,
      login: async (code) => ((await call('login', { code })).result.data as { token: string }).token,
    })
    const orders = () =>
      api.authorize((token) => call('orders', { token }), {
        isUnauthorized: ({ result: answer }) => answer?.result.code === 401,
      })
    expect(await result(fake, Promise.all([orders(), orders()]))).toMatchObject([
      { result: { data: 'orders' } },
      { result: { data: 'orders' } },
    ])
    fake.server.expire()
    expect(await result(fake, orders())).toMatchObject({ result: { data: 'orders' } })
    expect(fake.calls).toMatchObject({ logins: 2, requestCount: 0 })
  })
})

test('with callContainer, where WeChat carries the identity, nobody logs in', async () => {
  const fake = createFakeWeChat({
    server: ({ path }) => ({ data: { path } }),
  })
  const sent: object[] = []
  const platform: Platform = {
    ...(fake.wx as Platform),
    request(options) {
      sent.push({ path: options.url.slice(HOME.length), header: options.header })
      return (fake.wx as Platform).request(options)
    },
  }
  const api = createClient({
    platform,
    baseURL: HOME,
    login: () => Promise.reject(new Error('never asked')),
    header: { 'X-Service': 'api' },
  }).extend({ use: [(request, next) => next({ ...request, auth: false })] })
  expect(await result(fake, api.get('/orders'))).toMatchObject({ path: '/orders' })
  expect(sent).toEqual([{ path: '/orders', header: { 'X-Service': 'api' } }])
  expect(fake.calls.logins).toBe(0)
})
