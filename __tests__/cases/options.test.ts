import { ConfigError, createClient, type Client, type RequestOptions, type Session } from '../../src'
import { createFakeWeChat } from '../../src/testing'
import { failure, HOME, KEY, knownPhone, phone, result, thrown, usual } from '../phone'
import { makeWorld } from '../laws/world'

/** What createClient says to options of which some are wrong. */
function refusal(wrong: object) {
  return thrown(() => createClient({ ...usual(createFakeWeChat()), ...wrong }))
}

const url = '/login'
/** The option, its wrong value, and what the message tells to do instead. */
const wrong: [name: string, options: object, mend: RegExp][] = [
  ['auth', { auth: 'always' }, /verified/],
  ['auth', { auth: 1 }, /optional/],
  ['auth', { auth: '' }, /optional/],
  ['autoLogin', { autoLogin: 'no' }, /true|false/],
  ['autoLogin', { autoLogin: 0 }, /true|false/],
  ['rotate', { rotate: 'authorization' }, /header/],
  ['rotate', { rotate: {} }, /header/],
  ['rotate', { rotate: { header: '' } }, /header/],
  ['rotate', { rotate: { header: 5 } }, /header/],
  ['rotate', { rotate: { cookie: '' } }, /cookie/],
  ['rotate', { rotate: { headers: 'authorization' } }, /header/],
  ['rotate', { rotate: true }, /header/],
  ['methodOverride', { methodOverride: 5 }, /true|name|string/],
  ['methodOverride', { methodOverride: '' }, /true|name|string/],
  ['methodOverride', { methodOverride: 'X Method' }, /true|name|string/],
  ['login', { login: {} }, /url|exchange/],
  ['exchange', { login: { exchange: '/login' } }, /function/],
  ['code', { login: { url, code: 'abc' } }, /false/],
  ['platform', { login: { url }, platform: 5 }, /wx, tt, qq, or an adapter such as alipay/],
  ['timeout', { login: { url, timeout: true } }, /ms|false/],
  ['timeout', { login: { url, timeout: 0 } }, /ms|false/],
  ['timeout', { login: { url, timeout: '10' } }, /ms|false/],
  ['token', { login: { url, token: { header: '' } } }, /header|cookie/],
  ['token', { login: { url, token: { header: 5 } } }, /header|cookie/],
  ['token', { login: { url, token: { headers: 'X-Auth-Token' } } }, /header|cookie/],
  ['retry', { login: { url, retry: -1 } }, /whole number/],
  ['retry', { login: { url, retry: { limits: 2 } } }, /limit/],
  ['retry', { login: { url, retry: { delay: 5 } } }, /function/],
  ['refresh', { login: { url, refresh: true } }, /function/],
]

test.each(wrong)('a wrong %s is a ConfigError that says so, and what to write: %j', (name, options, mend) => {
  const error = refusal(options)
  expect(error).toBeInstanceOf(ConfigError)
  expect(error).toMatchObject({ code: 'CONFIG', name: 'ConfigError' })
  expect(error.message).toContain(name)
  expect(error.message).toMatch(mend)
})

const fine: [string, object][] = [
  ['each auth', { auth: 'optional' }],
  ['autoLogin: false with a login', { autoLogin: false }],
  ['rotate by header', { rotate: { header: 'authorization' } }],
  ['rotate by cookie', { rotate: { cookie: 'sid' }, attach: { cookie: 'sid' } }],
  ['rotate by a function', { rotate: () => undefined }],
  ['methodOverride: true', { methodOverride: true }],
  ['methodOverride by name', { methodOverride: 'X-Method' }],
  ['an exchange of the app’s', { login: { exchange: () => Promise.resolve('t'), timeout: false } }],
  ['a login without a code', { login: { url, code: false } }],
  ['a login with a code, said in so many words', { login: { url, code: true } }],
  ['a token in a header', { login: { url, token: { header: 'X-Auth-Token' } } }],
  ['a whole policy for a login’s retries', { login: { url, retry: { limit: 1, delay: () => 5 } } }],
  ['a login that is not tried again', { login: { url, retry: 0 } }],
]

test.each(fine)('%s is fine', (_what, options) => {
  expect(createClient({ ...usual(createFakeWeChat()), ...options })).toBeDefined()
})

test('login may be left out where nobody is logged in unasked, and only there', () => {
  const options = { platform: createFakeWeChat().wx, baseURL: HOME }
  expect(createClient({ ...options, autoLogin: false })).toBeDefined()
  const error = thrown(() => createClient(options))
  expect(error).toBeInstanceOf(ConfigError)
  expect(error.message).toMatch(/login/)
})

test.each([{ autoLogin: false }, { login: { url } }, { concurrency: 3 }])(
  'what clones share is no option of theirs: %j',
  (options) => {
    const { api } = phone()
    const error = thrown(() => api.extend(options as never))
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.message).toContain(Object.keys(options)[0])
  },
)

test.each([{ auth: 'optional' as const }, { methodOverride: true as const }])('%j is one', (options) => {
  expect(phone().api.extend(options)).toBeDefined()
})

test('a clone whose base URL no token may go to is a mistake, unless it says where they may go', () => {
  const { api } = phone()
  const error = thrown(() => api.extend({ baseURL: 'https://other.test' }))
  expect(error).toBeInstanceOf(ConfigError)
  expect(error.message).toMatch(/authOrigins/)
  const authOrigins = [HOME, 'https://other.test']
  expect(api.extend({ baseURL: 'https://other.test', authOrigins })).toBeDefined()
})

test('any string is a key', () => {
  const { fake } = phone()
  for (const key of ['constructor', '__proto__', '键'])
    expect(
      createClient({ platform: fake.wx, baseURL: HOME, login: { url: '/login' }, storage: { key } }),
    ).toBeDefined()
})

test('two clients on one phone, key and two back ends: the second is told to take a key of its own', () => {
  const fake = createFakeWeChat()
  createClient(usual(fake))
  const second = { ...usual(fake), baseURL: 'https://b.example' }
  const error = thrown(() => createClient(second))
  expect(error).toBeInstanceOf(ConfigError)
  expect(error.message).toMatch(/key/)
  expect(createClient({ ...second, storage: { key: 'b' } })).toBeDefined()
})

describe('a request’s own options', () => {
  test.each<[name: string, options: object, mend: RegExp]>([
    ['auth', { auth: 'always' }, /verified/],
    ['isUnauthorized', { isUnauthorized: true }, /function|false/],
    ['isUnauthorized', { isUnauthorized: 401 }, /function|false/],
    ['signal', { signal: 5 }, /signal/],
    ['query', { query: [1] }, /object/],
  ])(
    'a wrong %s rejects with CONFIG, says what to write, and is not sent: %j',
    async (name, options, mend) => {
      const { fake, api } = knownPhone()
      const extras = options as Partial<RequestOptions>
      const sends: ((client: Client) => Promise<unknown>)[] = [
        (client) => client.get('/a', undefined, extras),
        (client) => client.post('/a', {}, extras),
        (client) => client.request({ url: '/a', ...extras }),
        (client) => client.uploadFile({ url: '/a', filePath: 'f', name: 'n', ...options }),
        (client) => client.downloadFile({ url: '/a', ...options }),
      ]
      for (const send of sends) {
        const error = await failure(fake, send(api))
        expect(error.code).toBe('CONFIG')
        expect(error.message).toContain(name)
        expect(error.message).toMatch(mend)
      }
      expect(fake.calls.requestCount).toBe(0)
    },
  )

  test('what middleware gets wrong is told as well', async () => {
    const { fake, api } = knownPhone({
      use: [(request, next) => next({ ...request, isUnauthorized: 401 as never })],
    })
    expect(await failure(fake, api.get('/a'))).toMatchObject({ code: 'CONFIG' })
    expect(fake.calls.requestCount).toBe(0)
  })
})

describe('setSession of what cannot be a token throws a ConfigError, and changes nothing', () => {
  test.each<[what: string, value: unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['an empty string', ''],
    ['a space', ' '],
    ['a number', 5],
    ['true', true],
    ['a list', []],
    ['an object without one', {}],
    ['two lines', 'two\r\nlines'],
    ['a page of text', 'x'.repeat(20_000)],
    ['an empty token', { token: '' }],
    ['a token that is a number', { token: 5 }],
    ['a token with a header in it', { token: 'a\r\nX-Evil: 1' }],
    ['a session under another name', { session: 'abc' }],
    ['a promise', Promise.resolve('abc')],
    ['a session of a foreign origin', { token: 'abc', origin: 'https://evil.test' }],
  ])('%s', async (_what, value) => {
    const { fake, api, events } = makeWorld({ stored: 'good', client: { checkSession: false } })
    await result(fake, api.get('/warm-up'))
    const stored = fake.storage.get(KEY)
    const told = events.length
    const error = thrown(() => api.setSession(value as string))
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.message).toMatch(/setSession|token|origin/)
    await fake.clock.runAll()
    expect(api.session?.token).toBe('good')
    expect(fake.storage.get(KEY)).toEqual(stored)
    expect(events.length).toBe(told)
    expect(await result(fake, api.get('/orders'))).toMatchObject({ token: 'good' })
  })

  test('nor does it end a login in flight', async () => {
    const { fake, api } = phone()
    const waits = api.get('/orders')
    await fake.clock.advance(5)
    expect(thrown(() => api.setSession(''))).toBeInstanceOf(ConfigError)
    expect(await result(fake, waits)).toMatchObject({ token: 'token-1' })
  })

  test('its message does not quote the token', () => {
    const { api } = phone()
    const error = thrown(() => api.setSession('secret\nsecret'))
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.message).not.toMatch(/secret/)
  })

  test('a token, a session and one with data are fine', async () => {
    const { fake, api } = phone({ checkSession: false })
    const given: (string | Omit<Session, 'id'>)[] = [
      'abc',
      { token: 'abc' },
      { token: 'abc', data: { refreshToken: 'R' } },
      { token: 'abc', origin: HOME },
    ]
    fake.server.issue('abc')
    for (const session of given) {
      expect(api.setSession(session).token).toBe('abc')
      expect(await result(fake, api.get('/orders'))).toMatchObject({ token: 'abc' })
    }
    expect(fake.calls.logins).toBe(0)
  })
})
