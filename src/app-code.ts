import { ConfigError, statusOf } from './errors'
import type { Timer, Timers } from './timers'

/**
 * Everything of the app's that runs in here goes through one of these: it may throw, answer at once or with a promise,
 * never answer, or call the client again from inside.
 */

/** Runs a listener, for which nobody waits: what it throws goes to the console and harms nobody. */
export function callSafely<A>(listener: ((argument: A) => void) | undefined, argument: A): void {
  try {
    if (listener) listener(argument)
  } catch (error) {
    console.error('miniprogram-session: a listener threw', error)
  }
}

/** A promise is always true, and never a header: taken for a value it would decide wrongly without a word. */
export function atOnce<T>(value: T, option: string): T {
  if (isThenable(value)) {
    value.then(ignore, ignore)
    throw new ConfigError(
      `cannot go on: ${option} gave a promise. It has to answer at once: make it not async.`,
    )
  }
  return value
}

/**
 * What the app rejects with may be anything, and may throw when it is read: then it is told as something that can be, for others
 * wait for what it says.
 */
export function readable(error: unknown): unknown {
  try {
    const { message, errMsg, response } = Object(error) as Record<string, unknown>
    statusOf(error)
    String(message || errMsg || error)
    Object.assign({}, response)
    return error
  } catch {
    return new Error('something that cannot be read')
  }
}

/** Asks for something that may come at once or later. Exactly one of `done` and `failed` is called, and once. */
export function ask<T>(
  run: () => T | PromiseLike<T>,
  done: (value: T) => void,
  tell: (error: unknown) => void,
): void {
  const failed = (error: unknown): void => tell(readable(error))
  let answer: T | PromiseLike<T>
  let isLater: boolean
  try {
    answer = run()
    isLater = isThenable(answer)
  } catch (error) {
    return failed(error)
  }
  if (isLater) Promise.resolve(answer).then(done, failed)
  else done(answer as T)
}

/** Whatever `start` calls back first, and once; after `ms` what `late` makes goes to `failed`. */
export function within<T>(
  timers: Timers,
  ms: number,
  start: (done: (value: T) => void, failed: (error: unknown) => void) => void,
  done: (value: T) => void,
  failed: (error: unknown) => void,
  late: () => unknown,
): void {
  let isOpen = true as boolean
  let timer: Timer | undefined
  const once =
    <V>(tell: (value: V) => void) =>
    (value: V): void => {
      if (!isOpen) return
      isOpen = false
      timers.cancel(timer)
      tell(value)
    }
  const end = once(failed)
  start(once(done), end)
  if (isOpen && ms < Infinity) timer = timers.deadline(ms, () => end(late()))
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return Boolean(value) && typeof (value as PromiseLike<unknown>).then === 'function'
}

/** A promise for what `run` gives; what it throws is a rejection like any other. */
export function promised<T>(run: () => PromiseLike<T> | T): Promise<T> {
  try {
    return Promise.resolve(run())
  } catch (thrown) {
    // It may be anything: it is the app's.
    const error = thrown as Error
    return Promise.reject(error)
  }
}

/** Taro's and uni's calls return a promise beside calling back, and nobody else would handle its rejection. */
export function quiet(returned: unknown): unknown {
  if (isThenable(returned)) returned.then(ignore, ignore)
  return returned
}

export function ignore(): void {
  // It is told elsewhere.
}
