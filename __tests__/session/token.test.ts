import { createFakeClock } from '../../src/testing'
import { createTimers } from '../../src/timers'
import { hasExpired, tokenProblem, withoutBearer } from '../../src/session/token'

test.each(['a', 'abc.def-_~+/=', 'with space', '"a b,c"', '!', '~', 'x'.repeat(16_384)])(
  '%.20s can be a token',
  (token) => {
    expect(tokenProblem(token)).toBeUndefined()
  },
)

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'it is missing'],
  ['null', null, 'it is missing'],
  ['a number', 5, 'it is of type number, not a string'],
  ['an object', {}, 'it is of type object, not a string'],
  ['a function', () => 'secret', 'it is of type function, not a string'],
  ['the empty string', '', 'it is empty'],
  ['a line break', 'secret\r\nSet-Cookie: a', 'it has characters that a header cannot carry'],
  ['a line break at its end', 'secret\n', 'it has characters that a header cannot carry'],
  ['a tab', 'secret\tx', 'it has characters that a header cannot carry'],
  ['a space at its end', 'secret ', 'it has characters that a header cannot carry'],
  ['a space at its beginning', ' secret', 'it has characters that a header cannot carry'],
  ['a space alone', ' ', 'it has characters that a header cannot carry'],
  ['DEL', 'secret\x7f', 'it has characters that a header cannot carry'],
  ['Chinese', 'secret张', 'it has characters that a header cannot carry'],
  ['more than a header takes', 's'.repeat(16_385), 'it has 16385 characters'],
])('%s cannot be a token, and is never quoted', (_what, token, problem) => {
  expect(tokenProblem(token)).toBe(problem)
})

test.each<[number | undefined, number, boolean]>([
  [undefined, 0, false],
  [1, 0, true],
  [undefined, 999, false],
])('a session that ends at %p has ended after %i ms: %s', async (expiresAt, ms, expected) => {
  const clock = createFakeClock()
  await clock.advance(ms)
  const session = expiresAt === undefined ? {} : { expiresAt }
  expect(
    hasExpired(
      session,
      createTimers(() => clock),
    ),
  ).toBe(expected)
})

test('a session ends in the very millisecond that it names, by the phone’s clock', async () => {
  const clock = createFakeClock()
  const timers = createTimers(() => clock)
  const session = { expiresAt: clock.now() + 1000 }
  await clock.advance(999)
  expect(hasExpired(session, timers)).toBe(false)
  await clock.advance(1)
  expect(hasExpired(session, timers)).toBe(true)
  clock.jump(-1)
  expect(hasExpired(session, timers)).toBe(false)
})

test.each([
  ['Bearer abc', 'abc'],
  ['bearer  abc ', 'abc'],
  ['BEARER abc', 'abc'],
  ['abc', 'abc'],
  ['Bearerabc', 'Bearerabc'],
  ['Bearer', 'Bearer'],
  ['', ''],
  [undefined, undefined],
])('of the header %j the token is %j', (value, token) => {
  expect(withoutBearer(value)).toBe(token)
})
