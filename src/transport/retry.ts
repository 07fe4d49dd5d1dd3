import { atOnce } from '../app-code'
import { kindOfFailure, type FailureKind } from '../errors'
import type { RetryOptions } from '../options/request'
import { DEFAULTS } from '../options/defaults'
import type { Response } from '../options/response'
import type { Timers } from '../timers'
import { headerOf } from './headers'

export type RetryPolicy = Required<RetryOptions> & {
  /** The lowest of its status codes: what is below is no matter for it. */
  readonly lowest: number
}

/** Nobody looks at a page for longer. A server that asks for more gets its answer passed on to the user instead. */
const LONGEST_PAUSE = 60_000

/** How it goes out again. */
export type Plan =
  | { readonly is: 'later'; readonly after: number; readonly counts: boolean }
  /** It was stopped in the background; that is no try. */
  | { readonly is: 'when shown' }

/** To another base URL. */
export const ELSEWHERE: Plan = { is: 'later', after: 0, counts: false }
const WHEN_SHOWN: Plan = { is: 'when shown' }

export function retryPolicy(option: number | RetryOptions | false = DEFAULTS.retry): RetryPolicy {
  const given: RetryOptions = typeof option === 'object' ? option : { limit: option || 0 }
  const base: Required<RetryOptions> = DEFAULTS.retry
  const {
    limit = base.limit,
    methods = base.methods,
    statusCodes = base.statusCodes,
    delay = base.delay,
  } = given
  return {
    limit,
    methods: methods.map((name) => name.toUpperCase()),
    statusCodes,
    delay,
    lowest: Math.min(...statusCodes),
  }
}

/** What became of an attempt: a failure, or an answer. */
export interface Outcome {
  readonly failure?: FailureKind | undefined
  readonly response?: Response | undefined
}

/** Whether it goes out again, and when; nothing where the outcome stands. `retries`: how many there were. */
export function planRetry(
  { limit, statusCodes, delay, lowest }: RetryPolicy,
  { failure, response }: Outcome,
  retries: number,
  isHidden: boolean,
  timers: Timers,
): Plan | undefined {
  if (response && (response.statusCode < lowest || statusCodes.indexOf(response.statusCode) < 0))
    return undefined
  if (failure === 'other' || failure === 'refused by the phone' || limit === 0) return undefined
  if (failure === 'interrupted' && isHidden) return WHEN_SHOWN
  if (retries >= limit) return undefined
  if (failure === 'interrupted' || failure === 'network change') return later(0)
  const asked = response && retryAfter(headerOf(response.header, 'retry-after'), timers)
  if (asked !== undefined) return asked <= LONGEST_PAUSE ? later(asked) : undefined
  const own = atOnce(delay(retries + 1), 'retry.delay')
  return later(Number.isFinite(own) ? Math.min(own, LONGEST_PAUSE) : DEFAULTS.retry.delay(retries + 1))
}

/** A change of network is no reason to leave a host, nor is what this phone refuses. */
export function isOutOfReach(error: unknown): boolean {
  const kind = kindOfFailure(error)
  return kind === 'network' || kind === 'never connected'
}

function later(after: number): Plan {
  return { is: 'later', after, counts: true }
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
