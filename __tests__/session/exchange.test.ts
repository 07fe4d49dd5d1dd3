import { HttpError, LoginError, type LoginOptions, type SessionInit } from '../../src'
import type { FakeReply } from '../../src/testing'
import { failure, HOME, KEY, last, outcome, phone, result, type Phone } from '../phone'
import { gained } from './sessions'

/** A phone whose back end answers the login with this. */
function answered(login: Partial<LoginOptions>, reply: (token: string) => FakeReply): Phone {
  const made = phone({ login: { url: '/login', retry: 0, ...login } })
  made.fake.server.loginReply = reply
  return made
}

/** As WeChat's own promises are: with what is no Error. */
const rejectWith = (reason: object) =>
  ({ then: (_answer: unknown, fail: (reason: object) => void) => fail(reason) }) as unknown as Promise<never>

const tokens: [string, Partial<LoginOptions>, (token: string) => FakeReply][] = [
  ['under token, by default', {}, (token) => ({ data: { token } })],
  ['under any path', { token: 'data.login_key' }, (token) => ({ data: { data: { login_key: token } } })],
  ['in a list', { token: 'data.0.t' }, (token) => ({ data: { data: [{ t: token }] } })],
  [
    'in a cookie',
    { token: { cookie: 'sid' } },
    (token) => ({ cookies: [`lang=zh; Path=/`, `sid=${token}; HttpOnly`] }),
  ],
  [
    'in cookies joined by commas, with dates',
    { token: { cookie: 'sid' } },
    (token) => ({
      header: {
        'set-cookie': `a=b; Expires=Wed, 21 Oct 2026 07:28:00 GMT,sid=${token}; Expires=Wed, 21 Oct 2026 07:28:00 GMT`,
      },
    }),
  ],
  [
    'in a Set-Cookie header that is a list',
    { token: { cookie: 'sid' } },
    (token) => ({ header: { 'SET-COOKIE': ['a=b', `sid=${token}`] as unknown as string } }),
  ],
  [
    'in a cookie whose name has dots',
    { token: { cookie: 'connect.sid' } },
    (token) => ({ cookies: ['connectXsid=wrong', `connect.sid=${token}`] }),
  ],
  [
    'in a cookie whose name ends another',
    { token: { cookie: 'sid' } },
    (token) => ({ cookies: ['xsid=wrong', `sid=${token}`] }),
  ],
  [
    'where a function finds it',
    { token: ({ header }) => String(header['X-Token']) },
    (token) => ({ header: { 'X-Token': token } }),
  ],
]

test.each(tokens)('the token of the answer is found %s', async (_where, login, reply) => {
  const { fake, api } = answered(login, reply)
  expect(await result(fake, api.ensureLogin())).toEqual(gained('token-1'))
  expect(fake.storage.get(KEY)).toEqual(gained('token-1'))
})

test('a function may make the whole session of the answer', async () => {
  const { fake, api } = answered(
    { token: ({ data }) => ({ token: (data as { t: string }).t, expiresAt: 9e12, data: { name: '张三' } }) },
    (t) => ({ data: { t, expiresIn: 5 } }),
  )
  const session = gained('token-1', { expiresAt: 9e12, data: { name: '张三' } })
  expect(await result(fake, api.ensureLogin())).toEqual(session)
  expect(api.session).toEqual(session)
})

test.each([
  [{ expiresIn: 7200 }, {}, 7_200_000],
  [{}, {}, undefined],
])('of %j the session lives that long', async (answer, login, life) => {
  const { fake, api } = answered(login, (token) => ({ data: { token, ...answer } }))
  const { expiresAt } = await result(fake, api.ensureLogin())
  if (life === undefined) expect(expiresAt).toBeUndefined()
  else expect(expiresAt).toBe(1_767_225_600_000 + 20 + life)
})

test('a session that is past already when it arrives has no end: the phone has a wrong clock', async () => {
  const { fake, api } = answered({ token: () => ({ token: 'token-1', expiresAt: 1000 }) }, () => ({}))
  expect(await result(fake, api.ensureLogin())).toEqual(gained('token-1'))
})

test.each<[string, Partial<LoginOptions>, object]>([
  ['POST { code } by default', {}, { method: 'POST', json: { code: 'code-1' } }],
  ['an object gets the code added', { data: { app: 1 } }, { json: { app: 1, code: 'code-1' } }],
  [
    'a function makes the whole body',
    { data: (code) => ({ js_code: code }) },
    { json: { js_code: 'code-1' } },
  ],
  ['a GET has it in the query', { method: 'GET' }, { method: 'GET', query: { code: 'code-1' } }],
  ['a PUT is a PUT', { method: 'PUT' }, { method: 'PUT', json: { code: 'code-1' } }],
])('the code is sent as configured: %s', async (_what, login, expected) => {
  const { fake, api } = phone({ login: { url: '/auth', ...login } })
  fake.server.on('/auth', () => ({ data: { token: 'token-1' } }))
  await result(fake, api.ensureLogin())
  expect(last(fake)).toMatchObject({ path: '/auth', ...expected })
})

test('the login has headers of its own beside those of the client', async () => {
  const { fake, api } = phone({
    header: { 'X-App': '7', 'X-Lang': 'en' },
    login: { url: '/login', header: { 'x-lang': 'zh' } },
  })
  await result(fake, api.ensureLogin())
  expect(last(fake).header).toMatchObject({ 'X-App': '7', 'x-lang': 'zh' })
  expect(last(fake).headerOf('authorization')).toBeUndefined()
})

test('the login may live elsewhere, and the token then goes there too', async () => {
  const { fake, api } = phone({ login: { url: 'https://login.test/login' } })
  await result(fake, api.get('/orders'))
  await result(fake, api.get('https://login.test/me'))
  expect(fake.server.requests.map(({ url }) => url)).toEqual([
    'https://login.test/login',
    `${HOME}/orders`,
    'https://login.test/me',
  ])
  expect(last(fake).headerOf('authorization')).toBe('Bearer token-1')
})

test.each<[string, FakeReply, string, RegExp]>([
  ['HTML', { data: '<html>sign in</html>' }, 'LOGIN_BAD_RESPONSE', /login.token \("token"\).*missing/],
  ['nothing', {}, 'LOGIN_BAD_RESPONSE', /login.token \("token"\).*missing/],
  ['an envelope that says no', { data: { code: 10001 } }, 'LOGIN_BAD_RESPONSE', /answer \(code 10001\)/],
  ['a number for a token', { data: { token: 12345 } }, 'LOGIN_BAD_RESPONSE', /number/],
  ['null for a token', { data: { token: null } }, 'LOGIN_BAD_RESPONSE', /missing/],
  ['an empty token', { data: { token: '' } }, 'LOGIN_BAD_RESPONSE', /empty/],
  ['a token with a line break', { data: { token: 'hush\r\nX: 1' } }, 'LOGIN_BAD_RESPONSE', /header cannot/],
  ['a huge token', { data: { token: 'hush'.repeat(9999) } }, 'LOGIN_BAD_RESPONSE', /39996 characters/],
  [
    '400',
    { statusCode: 400, data: { errcode: 40029, errmsg: 'hush' } },
    'LOGIN_REJECTED',
    /status 400 \(code 40029\)/,
  ],
  ['401', { statusCode: 401, data: { code: 7 } }, 'LOGIN_REJECTED', /status 401 \(code 7\)/],
  [
    '403 without a reason',
    { statusCode: 403, data: 'hush' },
    'LOGIN_REJECTED',
    /status 403\. Check login\.url/,
  ],
  ['302', { statusCode: 302 }, 'LOGIN_FAILED', /302/],
  ['408', { statusCode: 408 }, 'LOGIN_FAILED', /408/],
  ['429', { statusCode: 429 }, 'LOGIN_FAILED', /429/],
  ['500', { statusCode: 500, data: 'hush' }, 'LOGIN_FAILED', /500/],
  ['a refused connection', { fail: 'refused' }, 'LOGIN_FAILED', /errcode:-102/],
  ['silence', { lost: true }, 'LOGIN_TIMEOUT', /in time|longer than/],
])(
  'a login answered with %s fails for that reason, without quoting it',
  async (_what, reply, code, words) => {
    const { fake, api } = answered({}, () => reply)
    const error = await failure(fake, api.ensureLogin())
    expect(error).toBeInstanceOf(LoginError)
    expect(error.code).toBe(code)
    expect(error.message).toMatch(words)
    expect(error.message).not.toContain('hush')
    expect(error.request).toBeUndefined()
  },
)

test.each<[string, Partial<LoginOptions>, string]>([
  ['reading the token throws', { token: () => JSON.parse('<') as string }, 'LOGIN_BAD_RESPONSE'],
  ['building the body throws', { data: () => JSON.parse('<') as unknown }, 'LOGIN_FAILED'],
  ['a header of the login would break', { header: { 'X-A': 'a\nb' } }, 'LOGIN_FAILED'],
])('where %s, the login fails with that cause', async (_what, login, code) => {
  const { fake, api } = answered(login, (token) => ({ data: { token } }))
  const error = await failure(fake, api.ensureLogin())
  expect(error.code).toBe(code)
  expect(error.cause).toBeInstanceOf(Error)
})

test('a session_key in the answer is warned of, and not stored', async () => {
  const warned = jest.spyOn(console, 'warn').mockImplementation()
  const { fake, api } = answered(
    { token: ({ data }) => ({ token: (data as { token: string }).token, data }) },
    (token) => ({ data: { token, session_key: 'HUSH', openid: 'o' } }),
  )
  expect(await result(fake, api.ensureLogin())).toEqual(
    gained('token-1', { data: { token: 'token-1', openid: 'o' } }),
  )
  expect(JSON.stringify(fake.storage.get(KEY))).not.toContain('HUSH')
  expect(warned).toHaveBeenCalledTimes(1)
  expect(String(warned.mock.calls)).toMatch(/session_key.*must not leave your server/)
  expect(String(warned.mock.calls)).not.toContain('HUSH')
  warned.mockRestore()
})

test.each<[string, (code: string) => Promise<string | SessionInit>, object]>([
  ['a token', (code) => Promise.resolve(`of-${code}`), { value: { token: 'of-code-1' } }],
  ['a session', () => Promise.resolve({ token: 't', data: 1 }), { value: { token: 't', data: 1 } }],
  ['nothing', () => Promise.resolve(undefined as never), { error: { code: 'LOGIN_BAD_RESPONSE' } }],
  [
    'a rejection',
    () => Promise.reject(new Error('no')),
    {
      error: {
        code: 'LOGIN_FAILED',
        cause: { message: 'no' },
        message: expect.stringContaining('(no)') as string,
      },
    },
  ],
  [
    'a rejection in the way of WeChat',
    () => rejectWith({ errMsg: 'cloud.callFunction:fail' }),
    {
      error: {
        code: 'LOGIN_FAILED',
        message: expect.stringContaining('(cloud.callFunction:fail)') as string,
      },
    },
  ],
  [
    'a LoginError of its own',
    () => Promise.reject(new LoginError('LOGIN_BLOCKED', 'Banned here.')),
    { error: { code: 'LOGIN_BLOCKED', message: 'Banned here.' } },
  ],
  [
    'an exception',
    () => {
      throw new Error('at once')
    },
    { error: { code: 'LOGIN_FAILED', cause: { message: 'at once' } } },
  ],
  ['silence', () => new Promise(() => undefined), { error: { code: 'LOGIN_TIMEOUT' } }],
])('a login function that ends with %s', async (_what, login, expected) => {
  const { fake, api } = phone({ login })
  expect(await outcome(fake, api.ensureLogin())).toMatchObject(expected)
})

test('of a list of base URLs the login moves on as well, with a new code', async () => {
  const { fake, api } = phone({ baseURL: ['https://a.test', 'https://b.test'] })
  fake.network.failNext(1, 'refused')
  await result(fake, api.ensureLogin())
  expect(last(fake).origin).toBe('https://b.test')
  expect([...fake.server.codes]).toEqual([['code-2', 1]])
})

test('what the server says against a login is in the cause, without the code and without cookies', async () => {
  const { fake, api } = answered({ retry: 0 }, () => ({
    statusCode: 403,
    data: { message: 'banned', sent: ['code-1'] },
    cookies: ['sid=hush'],
  }))
  const { cause, message } = await failure(fake, api.ensureLogin())
  expect(message).toContain('error.cause.response')
  expect(cause).toBeInstanceOf(HttpError)
  expect((cause as HttpError).response).toEqual({
    statusCode: 403,
    header: {},
    data: { message: 'banned', sent: ['***'] },
  })
})

test('a login function that gives no token is told by its name', async () => {
  const { fake, api } = phone({ login: () => Promise.resolve(undefined as never) })
  expect((await failure(fake, api.ensureLogin())).message).toContain(
    'The token that login.exchange gave cannot be used: it is missing.',
  )
})

test('an answer that is as it should be is no matter for a warning, and nothing is added to it', async () => {
  const warned = jest.spyOn(console, 'warn').mockImplementation()
  const { fake, api } = answered({}, (token) => ({ data: { token, user: { id: 1 } } }))
  expect(await result(fake, api.ensureLogin())).toStrictEqual(gained('token-1'))
  expect(warned).not.toHaveBeenCalled()
  warned.mockRestore()
})

test('the words of a login function of the app are told whole', async () => {
  const { fake, api } = phone({ login: () => Promise.reject(new Error('登录失败?请重试')) })
  expect((await failure(fake, api.ensureLogin())).message).toContain('(登录失败?请重试)')
})
