import { ConfigError, createClient } from '../../src'
import { createFakeWeChat } from '../../src/testing'
import { phone, thrown, usual } from '../phone'

/** What createClient says to options of which some are wrong. */
function refusal(wrong: object) {
  return thrown(() => createClient({ ...usual(createFakeWeChat()), ...wrong }))
}

const STORE = { get: () => undefined, set: () => undefined, remove: () => undefined }

const wrong: [string, object][] = [
  ['login', { login: undefined }],
  ['login', { login: '/login' }],
  ['login', { login: null }],
  ['url', { login: {} }],
  ['url', { login: { url: '' } }],
  ['login.url', { login: { url: 5 } }],
  ['login.url', { login: { url: 'http://api.test/login' } }],
  ['login.url', { login: { url: 'ftp://api.test/login' } }],
  ['login.url', { baseURL: '' }],
  ['login.method', { login: { url: '/login', method: '' } }],
  ['login.method', { login: { url: '/login', method: 'FETCH' } }],
  ['login.data', { login: { url: '/login', data: 'code' } }],
  ['login.header', { login: { url: '/login', header: 'X: 1' } }],
  ['login.token', { login: { url: '/login', token: '' } }],
  ['login.token', { login: { url: '/login', token: 5 } }],
  ['login.expiresIn', { login: { url: '/login', expiresIn: 7200 } }],
  ['login.refresh', { login: { url: '/login', refresh: '/refresh' } }],
  ['login.timeout', { login: { url: '/login', timeout: 0 } }],
  ['login.retry', { login: { url: '/login', retry: 1.5 } }],
  ['login.urls', { login: { url: '/login', urls: [] } }],
  ['baseURL', { baseURL: 5 }],
  ['baseURL', { baseURL: [] }],
  ['baseURL', { baseURL: 'api.test' }],
  ['baseURL', { baseURL: 'http://api.test' }],
  ['baseURL', { baseURL: ['https://api.test', 'http://api.test'] }],
  ['attach', { attach: 'cookie' }],
  ['isUnauthorized', { isUnauthorized: 401 }],
  ['unwrap', { unwrap: 'data' }],
  ['checkSession', { checkSession: true }],
  ['storage', { storage: 'key' }],
  ['header', { header: 'X: 1' }],
  ['header', { header: ['X'] }],
  ['timeout', { timeout: 0 }],
  ['timeout', { timeout: NaN }],
  ['timeout', { timeout: '5000' }],
  ['totalTimeout', { totalTimeout: -1 }],
  ['retry', { retry: -1 }],
  ['retry', { retry: true }],
  ['retry', { retry: 1.5 }],
  ['concurrency', { concurrency: 0 }],
  ['concurrency', { concurrency: 2.5 }],
  ['authOrigins', { authOrigins: 'https://api.test' }],
  ['authOrigins', { authOrigins: ['api.test'] }],
  ['authOrigins', { authOrigins: ['http://api.test'] }],
  ['throwHttpErrors', { throwHttpErrors: 1 }],
  ['use', { use: () => undefined }],
  ['use', { use: [{}] }],
  ['platform', { platform: 'wx' }],
  ['onEvent', { onEvent: [] }],
  ['baseUrl', { baseUrl: 'https://api.test' }],
]

test.each(wrong)('a wrong option is refused at once, by name: %s in %j', (name, option) => {
  const error = refusal(option)
  expect(error).toBeInstanceOf(ConfigError)
  expect(error).toMatchObject({ code: 'CONFIG', name: 'ConfigError' })
  expect(error.message).toContain(name)
})

test('a misspelt option is told which there are', () => {
  expect(refusal({ baseUrl: 'https://api.test' }).message).toMatch(/^baseUrl .*baseURL/)
})

test.each([undefined, null, 5, []])('%j are no options', (options) => {
  expect(thrown(() => createClient(options as never)).message).toMatch(/^login.*createClient/)
})

test.each<[string, object]>([
  ['every option with undefined', { baseURL: 'https://a.test', retry: undefined, timeout: undefined }],
  ['no baseURL with an absolute login', { baseURL: '', login: { url: 'https://a.test/login' } }],
  ['no baseURL with a login function', { baseURL: '', login: () => Promise.resolve('t') }],
  ['a private back end', { baseURL: 'http://192.168.1.9:3000' }],
  ['a function for a baseURL, asked later', { baseURL: () => 'nonsense' }],
  ['a store with fields of its own', { storage: { ...STORE, seen: new Map() } }],
  ['retry as an object', { retry: { limit: 0, methods: ['POST'], statusCodes: [418], delay: () => 5 } }],
])('%s is fine', (_what, options) => {
  expect(createClient({ ...usual(createFakeWeChat()), ...options })).toBeDefined()
})

test.each([
  ['storage', { storage: { get: () => undefined, set: () => undefined } }],
  ['storage', { storage: { key: '' } }],
  ['storage', { storage: { key: 5 } }],
  ['storage', { storage: { keys: 'x' } }],
  ['storage', { storage: { encrypt: 'yes' } }],
  ['retry', { retry: { limit: -1 } }],
  ['retry', { retry: { methods: 'GET' } }],
  ['retry', { retry: { limits: 3 } }],
  ['attach', { attach: null }],
  ['attach', { attach: { header: 5 } }],
  ['attach.prefix', { attach: { header: 'X-Token', prefix: 'Token ' } }],
  ['rotate.prefix', { rotate: { header: 'X-Token', prefix: 'Token ' } }],
  ['login.token.prefix', { login: { url: '/login', token: { header: 'X-Token', prefix: 'Token ' } } }],
  ['authOrigins', { authOrigins: [5] }],
  ['baseURL', { baseURL: [5] }],
  ['baseURL', { baseURL: ['https://a.test', ''] }],
  ['baseURL', { baseURL: 'https://a.test/?x=1' }],
  ['login.token', { login: { url: '/login', token: { cookies: 'sid' } } }],
  ['platform must be an object with request()', { platform: {} }],
])('wrong options are refused, by name: %s in %j', (name, wrong) => {
  const error = refusal(wrong)
  expect(error).toBeInstanceOf(ConfigError)
  expect(error.message).toContain(name)
})

test.each([undefined, null, 'https://a.test', 5])('extend(%j) is refused', (options) => {
  const { api } = phone()
  expect(thrown(() => api.extend(options as never))).toMatchObject({ code: 'CONFIG' })
})

test.each([undefined, null, 'listener', {}])('on(%j) is refused', (listener) => {
  const { api } = phone()
  expect(thrown(() => api.on(listener as never))).toMatchObject({ code: 'CONFIG' })
})
