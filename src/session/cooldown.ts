import { LoginError } from '../errors'
import type { Timers } from '../timers'
import { isSinglePage, type Platform } from '../platforms/wechat'

/** Failed logins in a row before the next one has to wait. */
const TOLERATED = 3
const FIRST_PAUSE = 1000
const LONGEST_PAUSE = 60_000

/**
 * What stands in the way of a login. A server that refuses everybody would otherwise be asked by every request of
 * every phone, and WeChat limits calls of `wx.login` (API frequency guide). Only an accepted request clears it.
 */
export interface Pause {
  /** Nothing, when a login may start now. A forced one does not heed the pause after failures. */
  obstacle(forced: boolean): LoginError | undefined
  failed(): void
  clear(): void
}

export function createPause(platform: () => Platform, timers: Timers): Pause {
  let failures = 0
  let until = 0
  return {
    obstacle(forced) {
      if (isSinglePage(platform)) {
        return new LoginError(
          'SINGLE_PAGE_MODE',
          'A page shared to Moments has no login. Use auth: "optional" there, and offer to open the mini-program.',
        )
      }
      const left = until - timers.now()
      if (forced || left <= 0) return undefined
      return new LoginError(
        'LOGIN_COOLDOWN',
        `Several logins in a row have failed; the next one may start in ${left} ms. Offer a retry, or ensureLogin({ force: true }).`,
      )
    },
    failed() {
      if (++failures < TOLERATED) return
      until = timers.now() + Math.min(FIRST_PAUSE * 2 ** (failures - TOLERATED), LONGEST_PAUSE)
    },
    clear() {
      failures = until = 0
    },
  }
}
