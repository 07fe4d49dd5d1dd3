import type { HttpError } from '../../src'
import { LoginError, type LoginOptions, type Response } from '../../src'
import { readLoginAnswer, toInit } from '../../src/session/exchange'
import { createFakeClock } from '../../src/testing'
import { createTimers } from '../../src/timers'

test.each<[unknown, object]>([
  ['abc', { token: 'abc' }],
  [{ token: 'abc' }, { token: 'abc' }],
  [
    { token: 'abc', expiresAt: 5, data: { a: 1 } },
    { token: 'abc', expiresAt: 5, data: { a: 1 } },
  ],
  [{ token: 'abc', expiresAt: '5' }, { token: 'abc' }],
  [{ token: 'abc', expiresAt: NaN }, { token: 'abc' }],
  [
    { token: 'abc', data: null },
    { token: 'abc', data: null },
  ],
  [
    { token: 'abc', origin: 'https://A.test:443/x' },
    { token: 'abc', origin: 'https://a.test' },
  ],
  [{ token: 'abc', origin: 'nowhere' }, { token: 'abc' }],
  [{ token: 'abc', id: 'theirs', set: true }, { token: 'abc' }],
])('of %j a session is begun as %j', (given, init) => {
  expect(toInit(given, 'here')).toStrictEqual(init)
})

test.each([undefined, null, '', 5, {}, [], { token: 7 }, 'a\nb', { token: 'hush\n' }])(
  'of %j no session can be made: the place is told, the token is not',
  (given) => {
    const run = () => toInit(given, 'that setSession() was given')
    expect(run).toThrow(LoginError)
    expect(run).toThrow(/^The token that setSession\(\) was given cannot be used: it /)
    expect(run).not.toThrow(/hush/)
  },
)

const read = (response: Partial<Response>, options: LoginOptions = {}) =>
  readLoginAnswer(
    options,
    { statusCode: 200, header: {}, data: undefined, ...response },
    'code-1',
    createTimers(() => createFakeClock()),
  )

/** What the app finds of an answer that could not be used. */
function causeOf(response: Partial<Response>, options: LoginOptions = {}): HttpError {
  try {
    read(response, options)
  } catch (error) {
    return (error as LoginError).cause as HttpError
  }
  throw new Error('it could be used')
}

test.each<[string, Partial<Response>, LoginOptions]>([
  ['a header', { header: { 'x-auth-token': 'abc' } }, { token: { header: 'X-Auth-Token' } }],
  [
    'a header that says Bearer',
    { header: { Authorization: 'Bearer abc' } },
    { token: { header: 'authorization' } },
  ],
  ['a cookie', { header: {}, cookies: ['sid=abc'] }, { token: { cookie: 'sid' } }],
  ['a path', { data: { data: { key: 'abc' } } }, { token: 'data.key' }],
  ['a function', { data: 'abc' }, { token: ({ data }) => String(data) }],
])('the token is found in %s', (_where, response, options) => {
  expect(read(response, options)).toStrictEqual({ token: 'abc' })
})

test('the answer that holds no usable token is in the cause, without the code and without headers', () => {
  const data = { code: 10010, msg: '请先注册', sent: 'code-1', nested: [{ 'code-1': 'x code-1 y' }] }
  const { response } = causeOf({ data, header: { 'set-cookie': 'sid=hush' }, cookies: ['sid=hush'] })
  expect(response).toEqual({
    statusCode: 200,
    header: {},
    data: { code: 10010, msg: '请先注册', sent: '***', nested: [{ '***': 'x *** y' }] },
  })
})

test('what was found where the token should be is masked wherever it is in the answer', () => {
  const found = '令牌'
  const { response } = causeOf({ data: { token: found, again: `Bearer ${found}`, user: 'u' } })
  expect(response.data).toEqual({ token: '***', again: 'Bearer ***', user: 'u' })
})

test.each(['hush\nhush', 'hush"hush', 'hush\\hush', 'hush\u0007'])(
  'a token that JSON writes in another way (%j) is masked too',
  (found) => {
    expect(JSON.stringify(causeOf({ data: { token: `${found}令` } }).response)).not.toContain('hush')
  },
)

test('a token that is a number is masked as well: a server may take it for one', () => {
  expect(JSON.stringify(causeOf({ data: { token: 987_654_321 } }).response)).not.toContain('987654321')
})

test.each<[number, string]>([
  [400, 'LOGIN_REJECTED'],
  [401, 'LOGIN_REJECTED'],
  [403, 'LOGIN_REJECTED'],
  [499, 'LOGIN_REJECTED'],
  [408, 'LOGIN_FAILED'],
  [429, 'LOGIN_FAILED'],
  [302, 'LOGIN_FAILED'],
  [199, 'LOGIN_FAILED'],
  [500, 'LOGIN_FAILED'],
  [503, 'LOGIN_FAILED'],
])('a login that is answered %i is %s', (statusCode, code) => {
  const run = () => read({ statusCode, data: { errcode: 40029, token: 'abc' } })
  expect(run).toThrow(expect.objectContaining({ code }) as Error)
  expect(run).toThrow(/\(code 40029\)/)
})

test.each([200, 201, 204, 299])('a login that is answered %i with a token is one', (statusCode) => {
  expect(read({ statusCode, data: { token: 'abc', expiresIn: 60 } })).toMatchObject({ token: 'abc' })
})
