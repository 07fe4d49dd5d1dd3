import type Keyv from 'keyv'
import { ApiError } from '../errors.ts'

/** Where everything lives: tables by name, and a lock, which Keyv does not have. */
export interface Store {
  readonly kind: 'memory' | 'redis' | 'mysql'
  table<T>(name: string): Table<T>
  /** Runs `work` while no other process runs work under the same name. Not re-entrant; keep it short. */
  exclusive<T>(name: string, work: () => Promise<T>): Promise<T>
  /** Rejects when the store does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

export interface Table<T> {
  get(key: string): Promise<T | undefined>
  /** `ttl` in ms; without it the value stays. */
  set(key: string, value: T, ttl?: number): Promise<void>
  delete(key: string): Promise<void>
  /** Empties this table, and no other. */
  clear(): Promise<void>
}

/**
 * A table on a Keyv. Left to itself Keyv turns a failing store into "there is nothing": everybody would be
 * answered 401 and log in again, into the same failing store. It must be told to throw (`throwOnErrors`), and
 * what it throws becomes a 503, which clients wait out.
 */
export function keyvTable<T>(keyv: Keyv<T>): Table<T> {
  keyv.on('error', () => {
    // Thrown as well; without a listener it would be thrown out of an event too.
  })
  return {
    get: (key) => orUnavailable(keyv.get<T>(key)),
    async set(key, value, ttl) {
      await orUnavailable(keyv.set(key, value, ttl))
    },
    async delete(key) {
      await orUnavailable(keyv.delete(key))
    },
    clear: () => orUnavailable(keyv.clear()),
  }
}

/** Plain JSON: Keyv's own looks through every value for Buffers, which is most of the cost of a look-up. */
export const json = { serialize: JSON.stringify, deserialize: JSON.parse }

/** Passes a result of the store on, and its failure as a 503. */
export async function orUnavailable<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    throw unavailable(cause)
  }
}

export function unavailable(cause: unknown): ApiError {
  const error = new ApiError(
    503,
    'STORE_UNAVAILABLE',
    'The session store does not answer; try again soon.',
    1,
  )
  error.cause = cause
  return error
}
