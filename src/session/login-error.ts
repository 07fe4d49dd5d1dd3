import { LoginError, NetworkError, statusOf, type RequestError } from '../errors'
import type { PlatformFailure } from '../platforms/wechat'
import { kindOf } from '../transport/failures'
import { mask } from '../transport/mask'

/** Busy and too many say nothing against what was sent. */
export function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429
}

/** As `fail` of any call of `wx` gets it; our own errors have an `errMsg` too, and say more by their code. */
export function isPlatformFailure(cause: unknown): boolean {
  const { errMsg, code } = Object(cause) as Partial<RequestError>
  return typeof errMsg === 'string' && code === undefined
}

/** Nothing was said against what was sent: it may be sent again later (law 14). */
export function hadNoAnswer(cause: unknown): boolean {
  const status = statusOf(cause)
  if (status !== undefined) return status >= 400 && !isRefusal(status)
  const { code } = Object(cause) as Partial<RequestError>
  return isPlatformFailure(cause) || /^(NETWORK|OFFLINE|INTERRUPTED|(LOGIN_)?TIMEOUT)$/.test(String(code))
}

/** By the public errno table: 5 is a time-out, 1402101 a user whom WeChat has blocked. `secret` is in no message. */
export function asLoginError(what: string, cause: unknown, secret?: string): LoginError {
  if (cause instanceof LoginError) return cause
  const given = Object(cause) as PlatformFailure & Partial<RequestError>
  const { code, errno, errMsg, message = errMsg } = given
  if (errno === 1402101)
    return new LoginError(
      'LOGIN_BLOCKED',
      'WeChat does not let this user log in. A retry will not help: tell the user.',
      cause,
    )
  const words = mask(String(message || cause), secret)
  const isOffline = isPlatformFailure(cause) && kindOf(given, String(errMsg)) === 'offline'
  return new LoginError(
    isRefusal(statusOf(cause) || 0)
      ? 'LOGIN_REJECTED'
      : code === 'TIMEOUT' || kindOf(given, '') === 'timeout'
        ? 'LOGIN_TIMEOUT'
        : 'LOGIN_FAILED',
    code === 'TIMEOUT'
      ? `${what} got no answer in time. Offer a retry, or raise login.timeout.`
      : // What our own errors say has what to do in it.
        `${what} failed (${words}).${code === undefined ? ' Offer a retry.' : ''}`,
    isOffline ? new NetworkError('OFFLINE', words, errno, 'offline') : cause,
  )
}
