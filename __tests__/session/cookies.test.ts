import { createClient, type Client, type Response } from '../../src'
import { cookieIn } from '../../src/session/cookies'
import { createFakeWeChat, type FakeWeChat } from '../../src/testing'
import type { Platform, PlatformRequest, PlatformResponse } from '../../src/platforms/wechat'
import { failure, result, usual } from '../phone'
import { gained } from './sessions'

/** A client of cookies on a platform that tells this of each answer. */
function told(answer: (result: PlatformResponse) => PlatformResponse): {
  fake: FakeWeChat
  api: Client
} {
  const fake = createFakeWeChat()
  fake.server.loginReply = (token) => ({ cookies: ['lang=zh', `sid=${token}; HttpOnly`] })
  const request = (options: PlatformRequest) => {
    const success = (given: PlatformResponse) => options.success?.(answer(given))
    return (fake.wx as Platform).request({ ...options, success })
  }
  const platform = { ...(fake.wx as Platform), request }
  const login = { url: '/login', token: { cookie: 'sid' }, retry: 0 }
  return { fake, api: createClient({ ...usual(fake), platform, login }) }
}

const withoutList = (given: PlatformResponse): PlatformResponse => {
  const rest = { ...given }
  delete rest.cookies
  return rest
}

test.each<[string, (result: PlatformResponse) => PlatformResponse]>([
  ['without a list of cookies (before 2.10.0)', withoutList],
  ['without the header', (given) => ({ ...given, header: {} })],
])('a cookie is found in an answer %s', async (_what, answer) => {
  const { fake, api } = told(answer)
  expect(await result(fake, api.ensureLogin())).toEqual(gained('token-1'))
})

test('an answer that sets another cookie, or none, has no usable token', async () => {
  for (const cookies of [['lang=zh'], []]) {
    const { fake, api } = told((given) => ({ ...given, header: {}, cookies }))
    expect(await failure(fake, api.ensureLogin())).toMatchObject({ code: 'LOGIN_BAD_RESPONSE' })
  }
})

test('where WeChat lists no cookies, the header has them', async () => {
  const { fake, api } = told((result) => ({
    ...result,
    cookies: null as never,
    header: { 'Set-Cookie': 'sid=abc; Path=/' },
  }))
  expect(await result(fake, api.ensureLogin())).toEqual(gained('abc'))
})

/** An answer that sets these cookies. */
const setting = (cookies: string[] | undefined, header?: string): Response => ({
  data: undefined,
  statusCode: 200,
  header: header === undefined ? {} : { 'Set-Cookie': header },
  ...(cookies && { cookies }),
})

const LISTED: [string, string[], string | undefined][] = [
  ['alone', ['sid=abc'], 'abc'],
  ['with attributes', ['sid=abc; Path=/; HttpOnly; SameSite=Lax'], 'abc'],
  ['with spaces around', [' sid = abc ;Path=/'], 'abc'],
  ['with equals signs in it', ['sid=a=b=='], 'a=b=='],
  ['in quotes, which belong to it', ['sid="a b,c"; Path=/'], '"a b,c"'],
  ['among others', ['lang=zh', 'sid=abc', 'a=b'], 'abc'],
  ['twice: the last counts', ['sid=old', 'sid=new'], 'new'],
  ['cleared and set again', ['sid=; Max-Age=0', 'sid=abc'], 'abc'],
  ['set and cleared again', ['sid=abc', 'sid=; Max-Age=0'], undefined],
  ['in another case, which is another cookie', ['SID=abc'], undefined],
  ['as the end of another name', ['xsid=abc'], undefined],
  ['as an attribute of another', ['other=1; sid=abc'], undefined],
  ['without an equals sign', ['sid'], undefined],
  ['empty', ['sid='], undefined],
  ['with a Max-Age of 0', ['sid=abc; Max-Age=0'], undefined],
  ['with a Max-Age below 0', ['sid=abc; max-age=-1'], undefined],
  ['with a Max-Age to come', ['sid=abc; Max-Age=60'], 'abc'],
  ['with an end in 1970', ['sid=abc; Expires=Thu, 01 Jan 1970 00:00:00 GMT'], undefined],
  ['with an end in 2000', ['sid=x; expires=Sun, 31 Dec 2000 23:59:59 GMT'], undefined],
  [
    'with an end in 2001, whatever the phone’s clock says',
    ['sid=x; Expires=Mon, 01 Jan 2001 00:00:00 GMT'],
    'x',
  ],
  ['with an end that is no date', ['sid=abc; Expires=never'], 'abc'],
]

test.each(LISTED)('a cookie is taken as a browser would: %s', (_what, cookies, expected) => {
  expect(cookieIn(setting(cookies), 'sid')).toBe(expected)
})

/** A cookie that ends another's quotes would be somebody else's. */
const JOINED: [string, string, string | undefined][] = [
  ['alone', 'sid=abc; Path=/', 'abc'],
  ['after another', 'lang=zh; Path=/,sid=abc', 'abc'],
  ['after another and a space', 'lang=zh, sid=abc', 'abc'],
  ['after a date', 'a=b; Expires=Wed, 21 Oct 2026 07:28:00 GMT,sid=abc', 'abc'],
  ['before a date of its own', 'sid=abc; Expires=Wed, 21 Oct 2026 07:28:00 GMT,a=b', 'abc'],
  ['cleared by a date of its own', 'sid=abc; Expires=Thu, 01 Jan 1970 00:00:00 GMT,a=b', undefined],
  ['with a comma in quotes (S26)', 'sid="a b,c"; Path=/', '"a b,c"'],
  ['with a comma in quotes, before another', 'sid="a,b", lang=zh', '"a,b"'],
  ['in the quotes of another (S26)', 'other="x, sid=evil"; Path=/', undefined],
  ['beside one in the quotes of another (S26)', 'other="x, sid=evil"; Path=/, sid=abc', 'abc'],
  ['nowhere', '', undefined],
]

test.each(JOINED)('in cookies joined by commas one is found %s', (_what, header, expected) => {
  expect(cookieIn(setting(undefined, header), 'sid')).toBe(expected)
  expect(cookieIn(setting([], header), 'sid')).toBe(expected)
})

test('where WeChat lists the cookies, the list counts, not the header', () => {
  expect(cookieIn(setting(['sid=listed'], 'sid=joined'), 'sid')).toBe('listed')
  expect(cookieIn(setting(['lang=zh'], 'sid=joined'), 'sid')).toBeUndefined()
})

test('an answer without cookies sets none', () => {
  expect(cookieIn(setting(undefined), 'sid')).toBeUndefined()
})
