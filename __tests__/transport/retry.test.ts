import type { FailureKind, RetryOptions } from '../../src'
import { createFakeClock } from '../../src/testing'
import { createTimers } from '../../src/timers'
import { planRetry, retryPolicy, type Outcome } from '../../src/transport/retry'

const SETTING = { retries: 0, isHidden: false }

/** What follows of an outcome, in a policy that waits 100 ms before the first retry, 200 before the second. */
function plan(outcome: Outcome, given: Partial<typeof SETTING & RetryOptions> = {}) {
  const { retries, isHidden, ...options } = { ...SETTING, ...given }
  const policy = retryPolicy({ delay: (attempt) => attempt * 100, ...options })
  return planRetry(
    policy,
    outcome,
    retries,
    isHidden,
    createTimers(() => createFakeClock()),
  )
}

const answered = (statusCode: number, header: Record<string, unknown> = {}): Outcome => ({
  response: { statusCode, data: '', header },
})
const later = (after: number) => ({ is: 'later', after, counts: true })

test.each<[FailureKind, object | undefined]>([
  ['network', later(100)],
  ['never connected', later(100)],
  ['offline', later(100)],
  ['network change', later(0)],
  ['interrupted', later(0)],
  ['other', undefined],
  ['refused by the phone', undefined],
])('in front, a failure of the kind "%s" is followed by %j', (failure, expected) => {
  expect(plan({ failure })).toEqual(expected)
})

test.each<[FailureKind, object | undefined]>([
  ['interrupted', { is: 'when shown' }],
  ['network', later(100)],
  ['network change', later(0)],
  ['refused by the phone', undefined],
  ['other', undefined],
])('in the background, a failure of the kind "%s" is followed by %j', (failure, expected) => {
  expect(plan({ failure }, { isHidden: true })).toEqual(expected)
})

test('what was stopped in the background is no try: it waits for the front though no retry is left', () => {
  expect(plan({ failure: 'interrupted' }, { isHidden: true, retries: 2 })).toEqual({ is: 'when shown' })
  expect(plan({ failure: 'interrupted' }, { retries: 2 })).toBeUndefined()
})

test.each(['interrupted', 'network', 'network change'] as const)(
  'with no retries wanted nothing goes out again: %s',
  (failure) => {
    for (const isHidden of [false, true]) expect(plan({ failure }, { limit: 0, isHidden })).toBeUndefined()
  },
)

test.each([
  [0, later(100)],
  [1, later(200)],
  [2, undefined],
  [9, undefined],
])('after %i retries of two there follows %j', (retries, expected) => {
  expect(plan({ failure: 'network' }, { retries })).toEqual(expected)
  expect(plan(answered(503), { retries })).toEqual(expected)
})

test.each([408, 413, 429, 500, 502, 503, 504])('an answer %i is worth another try', (statusCode) => {
  expect(plan(answered(statusCode))).toEqual(later(100))
})

test.each([200, 304, 400, 401, 403, 404, 409, 501, 505])('an answer %i stands', (statusCode) => {
  expect(plan(answered(statusCode))).toBeUndefined()
})

test('the app may name other statuses, good ones too', () => {
  const options = { statusCodes: [202, 418] }
  expect([202, 418].map((statusCode) => plan(answered(statusCode), options))).toEqual([
    later(100),
    later(100),
  ])
  expect([200, 300, 503].map((statusCode) => plan(answered(statusCode), options))).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})

test.each([
  ['0', 0],
  ['7', 7000],
  ['60', 60_000],
  ['Thu, 01 Jan 2026 00:00:05 GMT', 5000],
  ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
])('a Retry-After of %s is what is waited', (value, ms) => {
  expect(plan(answered(503, { 'RETRY-after': value }))).toEqual(later(ms))
})

test.each(['61', '86400', 'Thu, 01 Jan 2026 00:01:01 GMT'])(
  'who asks for more than a minute (%s) is not asked again',
  (value) => {
    expect(plan(answered(429, { 'Retry-After': value }))).toBeUndefined()
  },
)

test.each(['1.5', '-5', '3, 4', 'soon', '12abc', '', ' ', '1 Jan 2100 00:00:00 GMT', 'No 1/1/2100'])(
  'a Retry-After of %j is none',
  (value) => {
    expect(plan(answered(503, { 'Retry-After': value }))).toEqual(later(100))
  },
)

test.each([
  [60_000, 60_000],
  [60_001, 60_000],
  [1e308, 60_000],
  [-5, -5],
])("an app's delay of %d ms is one of %d: a minute at most", (own, ms) => {
  expect(plan({ failure: 'network' }, { delay: () => own })).toEqual(later(ms))
})

test.each([NaN, undefined, '500', null, Infinity])(
  'an app whose delay gives %p gets the usual one',
  (own) => {
    const { after } = plan({ failure: 'network' }, { delay: () => own as number }) as { after: number }
    expect(after).toBeGreaterThanOrEqual(150)
    expect(after).toBeLessThanOrEqual(300)
  },
)

test('a delay that promises is a mistake, named', () => {
  const delay = (() => Promise.resolve(5)) as unknown as RetryOptions['delay']
  expect(() => plan({ failure: 'network' }, { delay: delay as () => number })).toThrow(
    /retry\.delay gave a promise/,
  )
})

test('the pause doubles from 300 ms to 10 s at most, half of it random', () => {
  const { delay } = retryPolicy()
  const random = jest.spyOn(Math, 'random')
  random.mockReturnValue(0)
  expect([1, 2, 3, 9].map(delay)).toEqual([150, 300, 600, 5000])
  random.mockReturnValue(1)
  expect([1, 2, 3, 9].map(delay)).toEqual([300, 600, 1200, 10_000])
  random.mockRestore()
})

test.each([
  [undefined, 2],
  [false as const, 0],
  [0, 0],
  [5, 5],
  [{}, 2],
  [{ limit: 1 }, 1],
])('retry: %j is %i retries', (option, limit) => {
  expect(retryPolicy(option).limit).toBe(limit)
})
