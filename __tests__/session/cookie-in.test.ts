import type { Response } from '../../src'
import { cookieIn } from '../../src/session/cookies'

/** The value of the cookie sid in an answer with this Set-Cookie header, or with this list of cookies. */
const inHeader = (header: unknown): string | undefined =>
  cookieIn({ statusCode: 200, data: '', header: { 'SET-cookie': header } }, 'sid')
const inList = (...cookies: string[]): string | undefined =>
  cookieIn({ statusCode: 200, data: '', header: {}, cookies }, 'sid')

test.each([
  ['sid=abc', 'abc'],
  ['sid=abc; Path=/; HttpOnly', 'abc'],
  [' sid = abc ; Path=/', 'abc'],
  ['sid=a=b==', 'a=b=='],
  ['sid="a b,c"', '"a b,c"'],
  ['sid="a;b"', '"a'],
  ['sid=a%2Cb', 'a%2Cb'],
  ['xsid=wrong', undefined],
  ['sidx=wrong', undefined],
  ['SID=wrong', undefined],
  ['sid', undefined],
  ['sid=', undefined],
  ['lang=zh; sid=wrong', undefined],
  ['', undefined],
])('of a line %j a browser takes %j', (line, value) => {
  expect(inList(line)).toBe(value)
  expect(inHeader(line)).toBe(value)
})

test.each([
  ['a=b,sid=abc', 'abc'],
  ['a=b, sid=abc; Path=/', 'abc'],
  ['a=b; Expires=Wed, 21 Oct 2026 07:28:00 GMT,sid=abc; Expires=Wed, 21 Oct 2026 07:28:00 GMT', 'abc'],
  ['other="x, sid=evil"; Path=/', undefined],
  ['other="x, sid=evil", sid=good', 'good'],
  ['sid="a, b=c"; Path=/, b=d', '"a, b=c"'],
  ['sid=abc, lang=zh', 'abc'],
  [',;=,', undefined],
  [['a=b', 'sid=abc'], 'abc'],
])('of cookies that a header has joined, %j, it is %j', (header, value) => {
  expect(inHeader(header)).toBe(value)
})

test.each([
  [['sid=old', 'sid=new'], 'new'],
  [['sid=; Max-Age=0', 'sid=new'], 'new'],
  [['sid=old', 'sid=; Max-Age=0'], undefined],
  [['sid=old', 'other=x'], 'old'],
])('of several in one answer the last counts: %j', (cookies, value) => {
  expect(inList(...cookies)).toBe(value)
  expect(inHeader(cookies.join(', '))).toBe(value)
})

test.each([
  'sid=x; Max-Age=0',
  'sid=x; max-age=-1',
  'sid=x; MAX-AGE = 0',
  'sid=x; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
  'sid=x; expires=Fri, 31 Dec 1999 23:59:59 GMT',
  'sid=deleted; Expires=Thu, 01-Jan-1970 00:00:01 GMT; Max-Age=0',
])('one that is being cleared is none: %s', (line) => {
  expect(inList(line)).toBeUndefined()
  expect(inHeader(line)).toBeUndefined()
})

test.each([
  'sid=x; Max-Age=1',
  'sid=x; Expires=Mon, 01 Jan 2001 00:00:00 GMT',
  // A date that a phone with a wrong clock would take for past.
  'sid=x; Expires=Sun, 01 Mar 2020 00:00:00 GMT',
  'sid=x; Expires=soon',
  'sid=x; Max-Age=soon',
  'sid=x; Secure; SameSite=None; Max-Age=3600',
])('one that is not being cleared is one: %s', (line) => {
  expect(inList(line)).toBe('x')
})

test('an attribute without a value is ignored, as RFC 6265 has it: it clears nothing', () => {
  expect([inList('sid=x; Max-Age='), inList('sid=x; Max-Age')]).toEqual(['x', 'x'])
})

test.each<[string, Partial<Response>]>([
  ['an empty list', { cookies: [], header: { 'Set-Cookie': 'sid=abc' } }],
  ['null for a list', { cookies: null as never, header: { 'set-cookie': 'sid=abc' } }],
  ['no list', { header: { 'Set-Cookie': 'sid=abc' } }],
])('with %s the header has them', (_what, given) => {
  expect(cookieIn({ statusCode: 200, data: '', header: {}, ...given }, 'sid')).toBe('abc')
})

test('a list goes before the header, which may join them wrongly', () => {
  const header = { 'Set-Cookie': 'a=1,sid=wrong' }
  expect(
    cookieIn({ statusCode: 200, data: '', header, cookies: ['a=1,sid=wrong', 'sid=right'] }, 'sid'),
  ).toBe('right')
})

test('a name with dots is no pattern', () => {
  const cookies = ['connectXsid=wrong', 'connect.sid=abc']
  expect(cookieIn({ statusCode: 200, data: '', header: {}, cookies }, 'connect.sid')).toBe('abc')
})

test('an answer without headers sets none', () => {
  expect(cookieIn({ statusCode: 200, data: '', header: undefined as never }, 'sid')).toBeUndefined()
})
