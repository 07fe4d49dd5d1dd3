import { HttpError, LoginError, NetworkError, TimeoutError, AbortError, BusinessError } from '../../src'
import { asLoginError, hadNoAnswer, isPlatformFailure, isRefusal } from '../../src/session/login-error'

const http = (statusCode: number) => new HttpError({ statusCode, data: undefined, header: {} })

test.each([
  [399, false],
  [400, true],
  [401, true],
  [403, true],
  [408, false],
  [429, false],
  [499, true],
  [500, false],
])('a status of %i is a refusal: %s', (status, expected) => {
  expect(isRefusal(status)).toBe(expected)
})

test.each<[string, unknown, boolean]>([
  ['a failure of the network', new NetworkError('NETWORK', 'request:fail'), true],
  ['a missing network', new NetworkError('OFFLINE', 'request:fail'), true],
  ['an interruption', new NetworkError('INTERRUPTED', 'request:fail interrupted'), true],
  ['a time-out', new TimeoutError('timeout', 5), true],
  ['a time-out of ours', new LoginError('LOGIN_TIMEOUT', 'late'), true],
  ['a failure of the platform', { errMsg: 'cloud.callFunction:fail' }, true],
  ['408', http(408), true],
  ['429', http(429), true],
  ['500', http(500), true],
  ['503 as fetch and axios tell it', { response: { status: 503 } }, true],
  ['400', http(400), false],
  ['401', http(401), false],
  ['a word of the back end', new BusinessError('no'), false],
  ['an abort', new AbortError(), false],
  ['an error of the app', new Error('no'), false],
  ['nothing at all', undefined, false],
])('a refresh that fails with %s had no answer: %s', (_what, cause, expected) => {
  expect(hadNoAnswer(cause)).toBe(expected)
})

test.each<[unknown, boolean]>([
  [{ errMsg: 'login:fail' }, true],
  [{ errMsg: 5 }, false],
  [new AbortError(), false],
  [new Error('no'), false],
  ['login:fail', false],
  [undefined, false],
])('%p is a failure of the platform: %s', (cause, expected) => {
  expect(isPlatformFailure(cause)).toBe(expected)
})

test.each<[string, unknown, string]>([
  ['a user whom WeChat has blocked', { errMsg: 'login:fail', errno: 1402101 }, 'LOGIN_BLOCKED'],
  ['a time-out of the platform', { errMsg: 'login:fail timeout', errno: 5 }, 'LOGIN_TIMEOUT'],
  ['a time-out of a request', new TimeoutError('timeout', 5), 'LOGIN_TIMEOUT'],
  ['a refusal', http(403), 'LOGIN_REJECTED'],
  ['a refusal as fetch tells it', { status: 400 }, 'LOGIN_REJECTED'],
  ['a server in trouble', http(500), 'LOGIN_FAILED'],
  ['a failure of the platform', { errMsg: 'login:fail' }, 'LOGIN_FAILED'],
  ['an error of the app', new Error('no'), 'LOGIN_FAILED'],
  ['a string', 'no', 'LOGIN_FAILED'],
  ['nothing at all', undefined, 'LOGIN_FAILED'],
])('a login that ends with %s is told as such', (_what, cause, code) => {
  const error = asLoginError('wx.login', cause)
  expect(error).toBeInstanceOf(LoginError)
  expect([error.code, error.cause]).toEqual([code, cause])
})

test('a LoginError of the app stays the very one', () => {
  const own = new LoginError('LOGIN_BLOCKED', 'Banned here.')
  expect(asLoginError('login.exchange', own)).toBe(own)
})

test('the message says what failed, in the words of the cause, and without the code', () => {
  const error = asLoginError('login.exchange', new Error('bad code-1'), 'code-1')
  expect(error.message).toBe('login.exchange failed (bad ***). Offer a retry.')
})

test.each<[string, unknown, boolean]>([
  ['the platform says so', { errMsg: 'request:fail net::ERR_INTERNET_DISCONNECTED' }, true],
  ['a request of the app was offline', new NetworkError('OFFLINE', 'request:fail'), true],
  ['the server said no', http(403), false],
  ['the app says so in words of its own', new Error('net::ERR_INTERNET_DISCONNECTED'), false],
])('a login failed for want of a network, as %s: %s', (_what, cause, expected) => {
  expect(asLoginError('wx.login', cause).isOffline).toBe(expected)
})
