import type { RequestError } from '../src'
import type { FakeClock } from '../src/testing'

/** What of a fake is needed, whichever platform it is. */
export interface Timed {
  readonly clock: FakeClock
}

/** What it resolves to once this much time has passed, or all of it. */
export async function result<T>({ clock }: Timed, promise: Promise<T>, ms?: number): Promise<T> {
  const settled = promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  if (ms === undefined) await clock.runAll()
  else await clock.advance(ms)
  const end = await Promise.race([settled, Promise.resolve({ error: new Error('it never settled') })])
  if ('error' in end) throw end.error
  return end.value
}

/** What it rejects with. */
export function failure(fake: Timed, promise: Promise<unknown>, ms?: number): Promise<RequestError> {
  return result(fake, promise, ms).then(
    (value) => {
      throw new Error(`it resolved to ${JSON.stringify(value)}`)
    },
    (error: unknown) => error as RequestError,
  )
}
