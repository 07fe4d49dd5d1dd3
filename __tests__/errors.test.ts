import { inspect } from 'node:util'
import {
  AbortError,
  BusinessError,
  ConfigError,
  HttpError,
  LoginError,
  NetworkError,
  RequestError,
  TimeoutError,
  UnauthorizedError,
  type ClientOptions,
  type VerbOptions,
} from '../src'
import { caught, failure, HOME, knownPhone, outcome, phone, result, type Phone } from './phone'

const SECRET = '13800138000'

/** One way in which a GET of /orders?phone=… fails, and what is promised about the error. */
interface Story {
  kind: new (...args: never[]) => RequestError
  code: string
  attempts: number
  words: RegExp
  client?: Partial<ClientOptions>
  request?: VerbOptions
  given?: (phone: Phone) => void
}

const stories: Record<string, Story> = {
  'a status': {
    kind: HttpError,
    code: 'HTTP_STATUS',
    attempts: 1,
    words: /was answered with status 404.*error\.response\.data/,
    given: ({ fake }) =>
      void fake.server.on('/orders', () => ({ statusCode: 404, data: { reason: 'gone' } })),
  },
  'a token that is refused for good': {
    kind: UnauthorizedError,
    code: 'UNAUTHORIZED',
    attempts: 2,
    words: /was refused, and no other token is to be had.*Check attach, this user's rights/,
    given: ({ fake }) => void (fake.server.refuseAll = true),
  },
  'an envelope': {
    kind: BusinessError,
    code: 'BUSINESS',
    attempts: 1,
    words: /^out of stock$/,
    client: {
      unwrap: () => {
        throw new BusinessError('out of stock', 'E7', { left: 0 })
      },
    },
  },
  'no connection': {
    kind: NetworkError,
    code: 'NETWORK',
    attempts: 3,
    words: /got no answer .*Offer a retry/,
    given: ({ fake }) => fake.network.failNext(9, 'reset'),
  },
  'no network': {
    kind: NetworkError,
    code: 'OFFLINE',
    attempts: 3,
    words: /The phone has no network/,
    given: ({ fake }) => fake.network.offline(),
  },
  'a stay in the background': {
    kind: NetworkError,
    code: 'INTERRUPTED',
    attempts: 1,
    words: /send it again in onShow/,
    request: { retry: false },
    given: ({ fake }) => fake.app.toBackground(),
  },
  'no answer in time': {
    kind: TimeoutError,
    code: 'TIMEOUT',
    attempts: 1,
    words: /longer than its timeout of 50 ms.*raise timeout/,
    request: { timeout: 50 },
    given: ({ fake }) => fake.server.latency('/orders', 500),
  },
  'no answer in all its time': {
    kind: TimeoutError,
    code: 'TIMEOUT',
    attempts: 1,
    words: /longer than its totalTimeout of 50 ms.*raise totalTimeout/,
    request: { totalTimeout: 50 },
    given: ({ fake }) => fake.server.latency('/orders', 500),
  },
  'a header that cannot be sent': {
    kind: ConfigError,
    code: 'CONFIG',
    attempts: 0,
    words: /line break in its header X-A/,
    request: { header: { 'X-A': 'a\nb' } },
  },
}

/** How that story ends. */
async function tell({ client, request, given }: Story) {
  const made = knownPhone({ checkSession: false, ...client })
  given?.(made)
  const error = await failure(made.fake, made.api.get('/orders', { phone: SECRET }, request))
  return { ...made, error }
}

describe.each(Object.entries(stories))('after %s', (_name, story) => {
  test('the error has its class, code and attempts, and names the request', async () => {
    const { error } = await tell(story)
    expect(error).toBeInstanceOf(story.kind)
    expect(error).toBeInstanceOf(RequestError)
    // Minifiers rename classes: the name is that of the prototype.
    expect(error.name).toBe((story.kind.prototype as Error).name)
    expect(error.name).toMatch(/Error$/)
    expect(error).toMatchObject({ code: story.code, attempts: story.attempts })
    expect(error.request).toEqual({ method: 'GET', url: `${HOME}/orders` })
  })

  test('the message says what happened, to which request, and what to do', async () => {
    const { error } = await tell(story)
    expect(error.message).toMatch(story.words)
    if (story.code !== 'BUSINESS') expect(error.message).toContain(`GET ${HOME}/orders`)
  })

  test('neither error nor events show the query, the token or a code', async () => {
    const { error, events } = await tell(story)
    for (const text of [
      JSON.stringify([error, events]),
      inspect([error, events], { depth: 10 }),
      String(error.stack),
    ]) {
      expect(text).not.toMatch(new RegExp(`${SECRET}|token-\\d|code-\\d`))
    }
    expect(events.length).toBeGreaterThan(0)
  })
})

test.each(['LOGIN_FAILED', 'LOGIN_REJECTED', 'LOGIN_BAD_RESPONSE', 'LOGIN_TIMEOUT', 'LOGGED_OUT'])(
  'a failed login (%s) shows no code and no token anywhere, and names no request',
  async (code) => {
    const { fake, api, events } = phone({ login: { url: '/login', retry: 0 } })
    const replies: Record<string, object> = {
      LOGIN_FAILED: { fail: { errMsg: 'fail url not in domain list: https://api.test/login code-1' } },
      LOGIN_REJECTED: { statusCode: 400, data: { errmsg: 'bad code-1' } },
      LOGIN_BAD_RESPONSE: { data: { token: 'token-1\n' } },
      LOGIN_TIMEOUT: { lost: true },
    }
    fake.server.on('/login', () => replies[code] ?? { data: { token: 'token-1' } })
    const task = api.get('/orders', { phone: SECRET })
    const end = caught(task)
    await fake.clock.advance(15)
    if (code === 'LOGGED_OUT') api.logout()
    await fake.clock.runAll()
    const error = await end
    expect(error).toBeInstanceOf(LoginError)
    expect(error).toMatchObject({ code, name: 'LoginError' })
    expect(error.request).toBeUndefined()
    for (const text of [JSON.stringify([error, events]), inspect([error, events], { depth: 10 })])
      expect(text).not.toMatch(new RegExp(`${SECRET}|token-\\d|code-\\d`))
  },
)

test('everybody who waited for a login gets one and the same error', async () => {
  const { fake, api } = phone()
  fake.misbehave('login', 'fail', Infinity)
  const ends = await result(
    fake,
    Promise.all([api.get('/a'), api.post('/b'), api.ensureLogin(), api.authorize(() => 1)].map(caught)),
  )
  expect(new Set(ends).size).toBe(1)
})

test('errMsg is there for those who come from wx.request', async () => {
  const { fake, api } = knownPhone({ checkSession: false })
  const task = api.get('/orders')
  const end = caught(task)
  task.abort()
  const error = await end
  expect(error).toBeInstanceOf(AbortError)
  expect(error.errMsg).toBe('request:fail abort')
  expect(error.message).toBe(`GET ${HOME}/orders was aborted by abort(), its signal or its scope.`)
  await fake.clock.runAll()
})

test('an HttpError carries the answer; a BusinessError what the back end said', async () => {
  const http = await tell(stories['a status'] as Story)
  expect(http.error).toMatchObject({ response: { statusCode: 404, data: { reason: 'gone' } } })
  const business = await tell(stories['an envelope'] as Story)
  expect(business.error).toMatchObject({ businessCode: 'E7', data: { left: 0 } })
})

test('an UnauthorizedError is an HttpError', async () => {
  const { error } = await tell(stories['a token that is refused for good'] as Story)
  expect(error).toBeInstanceOf(HttpError)
  expect(error).toMatchObject({ response: { statusCode: 401 } })
})

test("what the app's own unwrap throws comes out as it is", async () => {
  const own = new RangeError('mine')
  const { fake, api } = knownPhone({
    unwrap: () => {
      throw own
    },
  })
  expect(await outcome(fake, api.get('/orders'))).toEqual({ error: own })
})

test('a BusinessError thrown with a request of its own keeps it', async () => {
  const shared = new BusinessError('no')
  const { fake, api } = knownPhone({
    unwrap: () => {
      throw shared
    },
  })
  await failure(fake, api.get('/a'))
  await failure(fake, api.get('/b'))
  expect(shared.request?.url).toBe(`${HOME}/a`)
})

test('no query shows: of a URL with a line break', async () => {
  const { fake, api, events } = knownPhone()
  const end = await outcome(fake, api.get(`/find?q=a\nb&phone=${SECRET}`))
  expect(JSON.stringify([events, end])).not.toContain(SECRET)
})

test.each(["O'Brien", 'a)b', 'a"b', 'a b'])(
  'no query shows: of one that WeChat quotes with %s in it',
  async (name) => {
    const { fake, api } = knownPhone()
    const url = `${HOME}/find?name=${name}&phone=${SECRET}`
    fake.network.failNext(1, { errMsg: `fail url not in domain list: ${url}`, errno: 600002 })
    const error = await failure(fake, api.get(url, undefined, { retry: false }))
    expect(error.message + error.errMsg).not.toContain(SECRET)
    expect(error.message).toContain('url not in domain list')
  },
)

test('no query shows: of a URL whose scheme is mistyped', async () => {
  const { fake, api } = knownPhone()
  const error = await failure(fake, api.get(`htps://api.test/find?phone=${SECRET}`))
  expect(error.code).toBe('CONFIG')
  expect(error.message).not.toContain(SECRET)
})
