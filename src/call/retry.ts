import { NetworkError, type RequestError } from '../errors'
import type { RetryOptions } from '../options/client'
import type { Response } from '../options/response'
import type { Timers } from '../timers'
import { headerOf } from '../transport/headers'

export type RetryPolicy = Required<RetryOptions>

const METHODS = ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'TRACE']
const STATUS_CODES = [408, 413, 429, 500, 502, 503, 504]
/** Nobody looks at a page for longer. A server that asks for more gets its answer passed on to the user instead. */
const LONGEST_PAUSE = 60_000

/** Jitter keeps a thousand phones that lost the same server from coming back in the same instant. */
export function backOff(attempt: number): number {
  const full = Math.min(10_000, 300 * 2 ** (attempt - 1))
  return (full * (1 + Math.random())) / 2
}

export function retryPolicy(option: number | RetryOptions | false): RetryPolicy {
  const given = typeof option === 'object' ? option : { limit: option || 0 }
  const { limit = 2, methods = METHODS, statusCodes = STATUS_CODES, delay = backOff } = given
  return { limit, methods, statusCodes, delay }
}

/** ms to wait before trying again, or `undefined` when the outcome stands. `attempt` counts retries from 1. */
export function retryDelay(
  { limit, methods, statusCodes, delay }: RetryPolicy,
  method: string,
  attempt: number,
  error: RequestError | undefined,
  response: Response | undefined,
  timers: Timers,
): number | undefined {
  const isWorthIt = response ? statusCodes.indexOf(response.statusCode) >= 0 : error instanceof NetworkError
  if (!isWorthIt || attempt > limit || methods.indexOf(method) < 0) return undefined
  const asked = response && retryAfter(headerOf(response.header, 'retry-after'), timers)
  if (asked !== undefined) return asked <= LONGEST_PAUSE ? asked : undefined
  const own = delay(attempt)
  return Number.isFinite(own) ? Math.min(own, LONGEST_PAUSE) : backOff(attempt)
}

/** `Retry-After` is seconds or an HTTP date (RFC 9110, 10.2.3). */
function retryAfter(value: string | undefined, timers: Timers): number | undefined {
  const text = String(value)
  // Date.parse takes much for a date that is none.
  const ms = /^\d+$/.test(text)
    ? Number(text) * 1000
    : /^[A-Z][a-z]{2}/.test(text)
      ? Date.parse(text) - timers.wallClock()
      : NaN
  return isNaN(ms) ? undefined : Math.max(0, ms)
}
