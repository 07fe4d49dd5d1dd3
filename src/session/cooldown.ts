import { LoginError } from '../errors'
import type { Timers } from '../timers'
import { isSinglePage, type Platform } from '../platforms/wechat'

/** Failures in a row before the next login has to wait. */
const TOLERATED = 3
const FIRST_PAUSE = 1000
const LONGEST_PAUSE = 60_000

/**
 * What stands in the way of a login. A server that refuses everybody would otherwise be asked by every request of
 * every phone, and WeChat limits calls of `wx.login` (API frequency guide).
 */
export interface Cooldown {
  /** Nothing has failed. */
  isClear: boolean
  /** Nothing, when a login may start now. A forced one does not heed the pause after failures. */
  obstacle(isForced: boolean): LoginError | undefined
  /** A login that a server or WeChat has answered with no. */
  loginFailed(cause: LoginError): void
  /** A fresh token was refused. */
  tokenRefused(cause: unknown): void
  /** Of the current token. Only a replay says that refusals are over: other requests may be allowed all the time. */
  accepted(isReplay: boolean): void
  clear(): void
}

export function createCooldown(platform: () => Platform, timers: Timers): Cooldown {
  let failures = 0
  let refusals = 0
  let until = 0
  let lastCause: unknown

  function count(cause: unknown): void {
    cooldown.isClear = false
    lastCause = cause
    const over = failures + refusals - TOLERATED
    if (over >= 0) until = timers.now() + Math.min(FIRST_PAUSE * 2 ** over, LONGEST_PAUSE)
  }

  const cooldown: Cooldown = {
    isClear: true,
    obstacle(isForced) {
      if (isSinglePage(platform)) {
        return new LoginError(
          'SINGLE_PAGE_MODE',
          'A page shared to Moments has no login. Use auth: "optional" there, and offer to open the mini-program.',
        )
      }
      const left = isForced || until === 0 ? 0 : until - timers.now()
      if (left <= 0) return undefined
      return new LoginError(
        'LOGIN_COOLDOWN',
        `Several logins in a row have failed (see error.cause); the next one may start in ${left} ms. Offer a retry, or ensureLogin({ force: true }).`,
        lastCause,
      )
    },
    loginFailed(cause) {
      failures++
      count(cause)
    },
    tokenRefused(cause) {
      refusals++
      count(cause)
    },
    accepted(isReplay) {
      failures = 0
      if (isReplay) refusals = 0
      if (refusals === 0) cooldown.clear()
    },
    clear() {
      failures = refusals = until = 0
      lastCause = undefined
      cooldown.isClear = true
    },
  }
  return cooldown
}
