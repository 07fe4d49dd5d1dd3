import { ConfigError } from '../../src'
import {
  checkAuthorize,
  checkEnsureLogin,
  checkOptions,
  checkRequest,
  knownMethod,
} from '../../src/options/rules'
import { thrown } from '../phone'

const NO_FLAGS: unknown[] = [0, 1, 'true', null, {}]
const NO_FUNCTIONS: unknown[] = [5, 'f', {}, null, true]
const NO_TEXTS: unknown[] = ['', 5, {}, null, true]
const NO_OBJECTS: unknown[] = [5, 'X: 1', null, true, ['X']]
const NO_TIMES: unknown[] = [0, -1, NaN, '5000', null, true]
const NO_RETRIES: unknown[] = [-1, 1.5, NaN, '2', true, null, []]
const NO_AUTHS: unknown[] = ['yes', 'Optional', 1, null, {}]

/** What each option of a client must not be, and what it may be. */
const CLIENT: Record<string, { wrong: unknown[]; right: unknown[] }> = {
  login: { wrong: ['/login', null, 5, []], right: [{ url: '/login' }, () => undefined] },
  autoLogin: { wrong: NO_FLAGS, right: [true, false] },
  auth: { wrong: NO_AUTHS, right: [true, false, 'verified', 'optional'] },
  baseURL: { wrong: [5, null, {}, true], right: ['', 'https://a.test', ['https://a.test'], () => ''] },
  attach: { wrong: ['cookie', '', 5, null, true], right: ['bearer', { header: 'X' }, () => undefined] },
  rotate: { wrong: ['x-token', true, 5, null, []], right: [{ header: 'x-token' }, () => undefined] },
  isUnauthorized: { wrong: [401, false, ...NO_FUNCTIONS], right: [() => true] },
  unwrap: { wrong: NO_FUNCTIONS, right: [() => 1] },
  checkSession: { wrong: [true, 'blocked', null, 0], right: ['background', 'blocking', false] },
  storage: { wrong: ['key', null, []], right: [{}, { key: 'a', encrypt: true }] },
  header: { wrong: NO_OBJECTS, right: [{}, { 'X-A': '1' }, () => ({})] },
  timeout: { wrong: NO_TIMES, right: [1, 0.5, 30_000] },
  totalTimeout: { wrong: NO_TIMES, right: [1, 1e9] },
  retry: { wrong: NO_RETRIES, right: [0, 4, false, {}, { limit: 0 }] },
  concurrency: { wrong: [0, -1, 2.5, '3', null, NaN], right: [1, 10, 99] },
  authOrigins: { wrong: ['https://a.test', {}, null], right: [[], ['https://a.test']] },
  methodOverride: { wrong: [false, '', 'X: 1', 5, null, {}], right: [true, 'X-HTTP-Method-Override'] },
  throwHttpErrors: { wrong: NO_FLAGS, right: [true, false] },
  use: { wrong: [() => undefined, {}, [{}], [null], 'use', null], right: [[], [() => undefined]] },
  platform: { wrong: ['wx', null, 5, [], {}], right: [{ request: () => undefined }] },
  onEvent: { wrong: [[], ...NO_FUNCTIONS], right: [() => undefined] },
}

const LOGIN: Record<string, { wrong: unknown[]; right: unknown[] }> = {
  url: { wrong: NO_TEXTS, right: ['/login'] },
  exchange: { wrong: NO_FUNCTIONS, right: [() => undefined] },
  code: { wrong: NO_FLAGS, right: [true, false] },
  method: { wrong: NO_TEXTS, right: ['PUT'] },
  data: { wrong: ['code', 5, null, []], right: [{}, () => ({})] },
  header: { wrong: [() => ({}), ...NO_OBJECTS], right: [{}] },
  token: { wrong: ['', 5, null, []], right: ['data.token', { cookie: 'sid' }, () => ''] },
  expiresIn: { wrong: [7200, '', null], right: ['data.ttl'] },
  refresh: { wrong: ['/refresh', null, {}], right: [() => undefined] },
  timeout: { wrong: [true, ...NO_TIMES], right: [1000, false] },
  retry: { wrong: NO_RETRIES, right: [0, false, { limit: 1 }] },
}

/** Each request's own; what else there is goes to WeChat. */
const REQUEST: Record<string, { wrong: unknown[]; right: unknown[] }> = {
  auth: { wrong: NO_AUTHS, right: [true, false, 'verified', 'optional'] },
  header: { wrong: [() => ({}), ...NO_OBJECTS], right: [{}] },
  query: { wrong: ['page=2', 5, null, [1]], right: [{}, { id: [1] }] },
  context: { wrong: ['x', null, []], right: [{ any: 'thing' }] },
  timeout: { wrong: NO_TIMES, right: [1] },
  totalTimeout: { wrong: NO_TIMES, right: [1] },
  retry: { wrong: NO_RETRIES, right: [0, false, {}] },
  throwHttpErrors: { wrong: NO_FLAGS, right: [true, false] },
  unwrap: { wrong: NO_FUNCTIONS, right: [() => 1] },
  isUnauthorized: { wrong: [true, 401, 'no', null, {}], right: [false, () => true] },
  signal: {
    wrong: [true, 5, null, {}, { aborted: false }, { addEventListener: () => undefined }],
    right: [{ aborted: false, addEventListener: () => undefined }, new AbortController().signal],
  },
  headers: { wrong: [{}, 'X: 1'], right: [undefined] },
  params: { wrong: [{}], right: [undefined] },
  body: { wrong: [{}, 'text'], right: [undefined] },
}

type Table = typeof CLIENT
const cases = (table: Table, kind: 'wrong' | 'right'): [string, unknown][] =>
  Object.entries(table).flatMap(([name, values]) =>
    values[kind].map((value): [string, unknown] => [name, value]),
  )

const login = (name: string, value: unknown) => checkOptions({ login: { url: '/login', [name]: value } })

test.each(cases(CLIENT, 'wrong'))(
  'of a client, %s must not be %p: it says what it must be',
  (name, value) => {
    const error = thrown(() => checkOptions({ [name]: value }))
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.message).toMatch(new RegExp(`^${name} must be `))
  },
)

test.each(cases(CLIENT, 'right'))('of a client, %s may be %p', (name, value) => {
  expect(() => checkOptions({ [name]: value })).not.toThrow()
})

test.each(cases(LOGIN, 'wrong'))('login.%s must not be %p', (name, value) => {
  const error = thrown(() => login(name, value))
  expect(error).toBeInstanceOf(ConfigError)
  expect(error.message).toMatch(new RegExp(`^login\\.${name} must be `))
})

test.each(cases(LOGIN, 'right'))('login.%s may be %p', (name, value) => {
  expect(() => login(name, value)).not.toThrow()
})

test.each(cases(REQUEST, 'wrong'))('of a request, %s must not be %p', (name, value) => {
  const error = thrown(() => checkRequest({ [name]: value }))
  expect(error).toBeInstanceOf(ConfigError)
  expect(error.message).toMatch(new RegExp(`^cannot be sent: ${name} must be `))
})

test.each(cases(REQUEST, 'right'))('of a request, %s may be %p', (name, value) => {
  expect(() => checkRequest({ [name]: value })).not.toThrow()
})

test.each([...Object.keys(CLIENT)])('%s: undefined is as if it were not there', (name) => {
  expect(() => checkOptions({ [name]: undefined })).not.toThrow()
})

test.each<[object, RegExp]>([
  [{ retry: { limit: -1 } }, /^retry\.limit must be a whole number\./],
  [{ retry: { methods: 'GET' } }, /^retry\.methods must be a list of strings\./],
  [{ retry: { statusCodes: 503 } }, /^retry\.statusCodes must be a list of numbers\./],
  [{ retry: { delay: 300 } }, /^retry\.delay must be a function\./],
  [{ retry: { limits: 3 } }, /^retry\.limits is no option\. There are: limit, methods, statusCodes, delay\./],
  [{ storage: { key: '' } }, /^storage\.key must be a string\./],
  [{ storage: { encrypt: 1 } }, /^storage\.encrypt must be true or false\./],
  [{ storage: { keys: 'a' } }, /^storage\.keys is no option\. There are: key, encrypt/],
  [{ login: { url: '/login', urls: [] } }, /^login\.urls is no option\. There are: url, exchange/],
  [{ login: { url: '/login', retry: { limit: -1 } } }, /^login\.retry\.limit must be a whole number\./],
  [{ baseUrl: 'https://a.test' }, /^baseUrl is no option\. There are: .*baseURL/],
  [{ constructor: 5 }, /^constructor is no option/],
])('a mistake further in is named whole: %j', (options, words) => {
  expect(thrown(() => checkOptions(options)).message).toMatch(words)
})

test.each([
  ['checkSession', "'background', 'blocking' or false"],
  ['auth', "true, false, 'verified' or 'optional'"],
  ['timeout', 'a number of ms above 0'],
  ['concurrency', 'a whole number above 0'],
  ['retry', 'a whole number, an object or false'],
  ['methodOverride', 'true or the name of a header'],
])('what %s must be is said in words: %s', (name, words) => {
  expect(thrown(() => checkOptions({ [name]: null })).message).toBe(`${name} must be ${words}.`)
})

test.each([
  ['headers', 'called header'],
  ['params', 'called query'],
  ['body', 'called data'],
])('who writes %s, as other libraries have it, is told that it is %s', (name, words) => {
  expect(thrown(() => checkRequest({ [name]: { a: 1 } })).message).toContain(`${name} must be ${words}`)
})

test('a request may have whatever WeChat takes, and a store whatever it needs itself', () => {
  expect(() => checkRequest({ enableHttp2: true, forceCellularNetwork: 'maybe' })).not.toThrow()
  const store = { get: () => undefined, set: () => undefined, remove: () => undefined, seen: new Map() }
  expect(() => checkOptions({ storage: store })).not.toThrow()
})

test.each<[unknown, RegExp]>([
  [null, /takes an object/],
  ['force', /takes an object/],
  [true, /takes an object/],
  [[], /takes an object/],
  [{ force: 'yes' }, /^ensureLogin\(\): force must be true or false\./],
  [{ data: 'code' }, /^ensureLogin\(\): data must be an object that can be written as JSON\./],
  [{ data: [] }, /^ensureLogin\(\): data must be an object that can be written as JSON\./],
  [{ forced: true }, /^ensureLogin\(\): forced is no option\. There are: force, data\./],
])('ensureLogin(%j) is a mistake', (given, words) => {
  expect(thrown(() => checkEnsureLogin(given)).message).toMatch(words)
})

test.each([[undefined], [{}], [{ force: true }], [{ data: { phoneCode: 'x' } }], [{ force: undefined }]])(
  'ensureLogin(%j) is none',
  (given) => {
    expect(() => checkEnsureLogin(given)).not.toThrow()
  },
)

test.each<[unknown, unknown, RegExp]>([
  [undefined, undefined, /run must be a function/],
  [null, undefined, /run must be a function/],
  ['run', undefined, /run must be a function/],
  [() => 1, true, /isUnauthorized must be a function/],
])('authorize(%p, { isUnauthorized: %p }) is a mistake', (run, isUnauthorized, words) => {
  expect(thrown(() => checkAuthorize(run, isUnauthorized)).message).toMatch(words)
})

test.each([
  ['GET', 'GET'],
  ['get', 'GET'],
  ['Patch', 'PATCH'],
  ['trace', 'TRACE'],
])('the method %s is %s', (given, method) => {
  expect(knownMethod(given)).toBe(method)
})

test.each(['FETCH', '', ' GET', 5, null, undefined, {}])('%j is no method', (given) => {
  const error = thrown(() => knownMethod(given, 'login.method is one'))
  expect(error).toBeInstanceOf(ConfigError)
  expect(error.message).toMatch(/^login\.method is one that does not exist\. There are: GET, POST/)
})
