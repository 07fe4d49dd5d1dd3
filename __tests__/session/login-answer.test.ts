import { BusinessError, type HttpError, type LoginOptions, type Response, type SessionInit } from '../../src'
import { createFakeClock } from '../../src/testing'
import { createTimers } from '../../src/timers'
import { readLoginAnswer, toInit } from '../../src/session/exchange'
import { thrown } from '../phone'

const clock = createFakeClock()
const timers = createTimers(() => clock)

const read = (login: LoginOptions, response: Partial<Response>, code = 'code-1'): SessionInit =>
  readLoginAnswer(login, { statusCode: 200, header: {}, data: undefined, ...response }, code, timers)

const refusal = (login: LoginOptions, response: Partial<Response>, code?: string) => {
  const error = thrown(() => read(login, response, code))
  return { error, response: (error.cause as HttpError).response }
}

test.each<[string, LoginOptions, Partial<Response>, SessionInit]>([
  ['under token', {}, { data: { token: 'a' } }, { token: 'a' }],
  ['at a path', { token: 'data.0.t' }, { data: { data: [{ t: 'a' }] } }, { token: 'a' }],
  ['in a cookie', { token: { cookie: 'sid' } }, { cookies: ['sid=a; Path=/'] }, { token: 'a' }],
  ['in a header', { token: { header: 'X-Token' } }, { header: { 'x-token': 'a' } }, { token: 'a' }],
  [
    'as a bearer',
    { token: { header: 'Authorization' } },
    { header: { Authorization: 'Bearer a' } },
    { token: 'a' },
  ],
  ['by a function', { token: ({ statusCode }) => `a${statusCode}` }, { statusCode: 201 }, { token: 'a201' }],
  [
    'by a function that gives an end, which counts',
    { token: () => ({ token: 'a', expiresAt: 5 }) },
    { data: { expiresIn: 60 } },
    { token: 'a', expiresAt: 5 },
  ],
])('the token is read %s', (_where, login, response, expected) => {
  expect(read(login, response)).toStrictEqual(expected)
})

test.each<[unknown, LoginOptions, number | undefined]>([
  [{ expiresIn: 60 }, {}, 60_000],
  [{ expiresIn: '60' }, {}, 60_000],
  [{ data: { ttl: 60 } }, { expiresIn: 'data.ttl' }, 60_000],
  [{ expiresIn: 0 }, {}, undefined],
  [{ expiresIn: -1 }, {}, undefined],
  [{ expiresIn: 'soon' }, {}, undefined],
])('of %j the session lives that long', (data, login, life) => {
  const { expiresAt } = read(login, { data: { token: 'a', ...Object(data) } as object })
  expect(expiresAt).toBe(life && clock.now() + life)
})

test.each([
  [301, 'LOGIN_FAILED'],
  [400, 'LOGIN_REJECTED'],
  [401, 'LOGIN_REJECTED'],
  [408, 'LOGIN_FAILED'],
  [429, 'LOGIN_FAILED'],
  [499, 'LOGIN_REJECTED'],
  [500, 'LOGIN_FAILED'],
])('a login answered with %i is %s, with the answer as its cause', (statusCode, code) => {
  const { error, response } = refusal({}, { statusCode, data: { errcode: 7 }, cookies: ['sid=hush'] })
  expect(error.code).toBe(code)
  expect(error.message).toContain(`status ${statusCode} (code 7)`)
  expect(response).toEqual({ statusCode, header: {}, data: { errcode: 7 } })
})

test.each<[string, LoginOptions, Partial<Response>, RegExp, unknown?]>([
  ['no token', {}, { data: {} }, /at login\.token \("token"\).*missing/],
  ['a token that is a number', {}, { data: { token: 5 } }, /number/, { token: '***' }],
  ['HTML', {}, { data: '<html>' }, /missing/],
  ['no such cookie', { token: { cookie: 'sid' } }, { cookies: ['lang=zh'] }, /at login\.token of.*missing/],
  ['what a function cannot read', { token: () => JSON.parse('<') as string }, {}, /could not be read/],
])(
  'an answer with %s is a bad one, which is its cause',
  (_what, login, response, words, data = response.data) => {
    const { error, response: told } = refusal(login, response)
    expect(error.code).toBe('LOGIN_BAD_RESPONSE')
    expect(error.message).toMatch(words)
    expect(told).toEqual({ statusCode: 200, header: {}, data })
  },
)

test.each<[string, Partial<Response>, unknown]>([
  [
    'the code, as a value and in a name',
    { statusCode: 400, data: { sent: 'a code-1 b', 'code-1': 1 } },
    { sent: 'a *** b', '***': 1 },
  ],
  [
    'what was found at login.token',
    { data: { token: 'hush\n', again: 'hush\n' } },
    { token: '***', again: '***' },
  ],
  ['a session_key', { statusCode: 400, data: { session_key: 'hush', message: 'no' } }, { message: 'no' }],
])('of a bad answer is kept back: %s', (_what, response, expected) => {
  expect(refusal({}, response).response.data).toEqual(expected)
})

test('a code of digits spoils no number in the answer', () => {
  const { response } = refusal({}, { statusCode: 400, data: { errcode: 40029, sent: '4002' } }, '4002')
  expect(response.data).toEqual({ errcode: 40029, sent: '***' })
})

test('a code that has quotes in it is kept back as well', () => {
  const { response } = refusal({}, { statusCode: 400, data: { sent: 'is a"b' } }, 'a"b')
  expect(response.data).toEqual({ sent: 'is ***' })
})

test.each<[unknown, object]>([
  ['a', { token: 'a' }],
  [{ token: 'a' }, { token: 'a' }],
  [
    { token: 'a', expiresAt: 5, data: 0, origin: 'https://a.test/path' },
    { token: 'a', expiresAt: 5, data: 0, origin: 'https://a.test' },
  ],
  [{ token: 'a', expiresAt: '5', origin: 'here', other: 1 }, { token: 'a' }],
  [{ token: 'a', expiresAt: NaN }, { token: 'a' }],
])('what a function of the app gives is a session: %j', (given, expected) => {
  expect(toInit(given, 'here')).toStrictEqual(expected)
})

test.each([[undefined], [null], [''], [5], [{}], [{ token: 5 }], [[]], ['a\nb']])(
  'what cannot be a session is told by its place: %j',
  (given) => {
    const error = thrown(() => toInit(given, 'that refresh gave'))
    expect(error.code).toBe('LOGIN_BAD_RESPONSE')
    expect(error.message).toMatch(/^The token that refresh gave cannot be used: it /)
  },
)

test('a BusinessError that login.token throws is the server’s refusal, with its words, and without the code', () => {
  const why = new BusinessError('code-7 已被使用', 40029)
  const login: LoginOptions = {
    token() {
      throw why
    },
  }
  const error = thrown(() => read(login, { data: { code: 40029 } }, 'code-7'))
  expect(error).toMatchObject({ code: 'LOGIN_REJECTED', cause: why })
  expect(error.message).toContain('已被使用')
  expect(error.message).not.toContain('code-7')
})
