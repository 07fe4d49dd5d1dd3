import { NetworkError, type RequestError } from './errors'
import type { RetryOptions } from './options'
import type { Response } from './response'
import { headerOf } from './transport/headers'

export type RetryPolicy = Required<RetryOptions>

const METHODS = ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'TRACE']
const STATUS_CODES = [408, 413, 429, 500, 502, 503, 504]
/** A server that asks for a longer pause than this gets its answer passed on to the user instead. */
const LONGEST_PAUSE = 60_000

/** Jitter keeps a thousand phones that lost the same server from coming back in the same instant. */
export function backOff(attempt: number): number {
  const full = Math.min(10_000, 300 * 2 ** (attempt - 1))
  return full / 2 + (Math.random() * full) / 2
}

export function retryPolicy(option: number | RetryOptions | false): RetryPolicy {
  const given: RetryOptions = typeof option === 'object' ? option : { limit: option === false ? 0 : option }
  return Object.assign({ limit: 2, methods: METHODS, statusCodes: STATUS_CODES, delay: backOff }, given)
}

/** ms to wait before trying again, or `undefined` when the outcome stands. `attempt` counts retries from 1. */
export function retryDelay(
  policy: RetryPolicy,
  method: string,
  attempt: number,
  error: RequestError | undefined,
  response: Response | undefined,
  now: number,
): number | undefined {
  if (attempt > policy.limit || policy.methods.indexOf(method) < 0) return undefined
  if (!response) return error instanceof NetworkError ? policy.delay(attempt) : undefined
  if (policy.statusCodes.indexOf(response.statusCode) < 0) return undefined
  const asked = retryAfter(headerOf(response.header, 'retry-after'), now)
  if (asked === undefined) return policy.delay(attempt)
  return asked <= LONGEST_PAUSE ? asked : undefined
}

/** `Retry-After` is seconds or an HTTP date (RFC 9110, 10.2.3). */
function retryAfter(value: string | undefined, now: number): number | undefined {
  if (!value) return undefined
  // Date.parse takes much for a date that is none.
  const ms = /^\d+$/.test(value)
    ? Number(value) * 1000
    : /^[A-Z][a-z]{2}/.test(value)
      ? Date.parse(value) - now
      : NaN
  return isNaN(ms) ? undefined : Math.max(0, ms)
}
