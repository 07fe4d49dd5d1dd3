import { ask, atOnce, callSafely, isThenable, quiet, within } from '../src/app-code'
import { ConfigError } from '../src'
import { createFakeClock } from '../src/testing'
import { createTimers } from '../src/timers'

/** A promise that tells whether anybody handles its rejection. */
function watched() {
  const seen = { isHandled: false }
  const then = (_done: unknown, failed: unknown): void => {
    seen.isHandled ||= typeof failed === 'function'
  }
  return { seen, promise: { then } as unknown as PromiseLike<never> }
}

test('what a listener throws goes to the console, and to nobody else', () => {
  const complaint = jest.spyOn(console, 'error').mockImplementation()
  callSafely(() => JSON.parse('<') as undefined, 1)
  callSafely(undefined, 1)
  expect(complaint).toHaveBeenCalledTimes(1)
  complaint.mockRestore()
})

test.each([undefined, null, false, 0, '', 'text', { then: 5 }])('%j is a value', (value) => {
  expect(atOnce(value, 'attach')).toBe(value)
})

test('a promise where a value is expected is a mistake, named, and its rejection is handled', () => {
  const { seen, promise } = watched()
  expect(() => atOnce(promise, 'header')).toThrow(ConfigError)
  expect(() => atOnce(promise, 'header')).toThrow(/header gave a promise.*not async/)
  expect(seen.isHandled).toBe(true)
})

/** What `ask` tells of a function, once its promises have settled. */
async function asked(run: () => unknown): Promise<string[]> {
  const told: string[] = []
  ask(
    run,
    (value) => told.push(`done ${String(value)}`),
    (error) => told.push(`failed ${String(error)}`),
  )
  told.push('returned')
  for (let n = 0; n < 10; n++) await Promise.resolve()
  return told
}

test.each<[string, () => unknown, string[]]>([
  ['a value is told at once', () => 5, ['done 5', 'returned']],
  ['nothing too', () => undefined, ['done undefined', 'returned']],
  [
    'what it throws is told at once',
    () => JSON.parse('<') as unknown,
    [expect.stringMatching(/^failed SyntaxError/) as string, 'returned'],
  ],
  ['a promise is told later', () => Promise.resolve(5), ['returned', 'done 5']],
  ['so is its rejection', () => Promise.reject(new Error('no')), ['returned', 'failed Error: no']],
  [
    'a then that throws is told as a failure',
    () => ({
      get then() {
        throw new Error('trap')
      },
    }),
    ['failed Error: trap', 'returned'],
  ],
])('%s', async (_what, run, told) => {
  expect(await asked(run)).toEqual(told)
})

test('a thenable that calls back twice, or throws afterwards, is told once', async () => {
  const twice = {
    then(done: (value: number) => void, failed: (error: Error) => void) {
      done(1)
      done(2)
      failed(new Error('late'))
      throw new Error('later')
    },
  }
  expect(await asked(() => twice)).toEqual(['returned', 'done 1'])
})

describe('within its time', () => {
  function timing(ms: number) {
    const clock = createFakeClock()
    const told: unknown[] = []
    const calls: { done: (value: unknown) => void; failed: (error: unknown) => void }[] = []
    within<unknown>(
      createTimers(() => clock),
      ms,
      (done, failed) => void calls.push({ done, failed }),
      (value) => told.push(['done', value]),
      (error) => told.push(['failed', error]),
      () => 'late',
    )
    return { clock, told, call: calls[0] as (typeof calls)[number] }
  }

  test('the first answer counts, and no other', async () => {
    const { clock, told, call } = timing(100)
    call.done(1)
    call.done(2)
    call.failed(3)
    await clock.runAll()
    expect(told).toEqual([['done', 1]])
  })

  test('after it there is what is made of being late, and no answer', async () => {
    const { clock, told, call } = timing(100)
    await clock.advance(99)
    expect(told).toEqual([])
    await clock.advance(1)
    call.done(1)
    expect(told).toEqual([['failed', 'late']])
  })

  test('without an end it waits for ever, and holds no timer', async () => {
    const { clock, told, call } = timing(Infinity)
    expect(clock.pending).toBe(0)
    await clock.advance(1e6)
    call.failed('no')
    expect(told).toEqual([['failed', 'no']])
  })

  test('what answers within the call holds no timer either', () => {
    const clock = createFakeClock()
    const told: number[] = []
    within<number>(
      createTimers(() => clock),
      100,
      (done) => done(1),
      (value) => told.push(value),
      () => undefined,
      () => 'late',
    )
    expect([told, clock.pending]).toEqual([[1], 0])
  })
})

test('what an API returns beside its callbacks is handled where it is a promise', () => {
  const { seen, promise } = watched()
  expect(quiet(promise)).toBe(promise)
  expect(seen.isHandled).toBe(true)
  const task = { abort: () => undefined }
  expect([quiet(task), quiet(undefined)]).toEqual([task, undefined])
})

test.each([
  [Promise.resolve(), true],
  [{ then: () => undefined }, true],
  [{ then: 5 }, false],
  [null, false],
  [undefined, false],
  ['then', false],
])('whether it is a promise: case %#', (value, expected) => {
  expect(isThenable(value)).toBe(expected)
})
