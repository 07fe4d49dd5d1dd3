import type { Timers } from '../timers'

/** Failed logins in a row before the next one has to wait. */
const TOLERATED = 3
const FIRST_PAUSE = 1000
const LONGEST_PAUSE = 60_000

/**
 * Counts failed logins in a row. A server that refuses everybody would otherwise be asked by every request of
 * every phone, and WeChat limits calls of `wx.login` (API frequency guide). Only an accepted request clears it.
 */
export interface Cooldown {
  /** ms until the next login may start; 0 when it may. */
  left(): number
  failed(): void
  clear(): void
}

export function createCooldown(timers: Timers): Cooldown {
  let failures = 0
  let until = 0
  return {
    left: () => Math.max(0, until - timers.now()),
    failed() {
      failures++
      if (failures >= TOLERATED) {
        until = timers.now() + Math.min(FIRST_PAUSE * 2 ** (failures - TOLERATED), LONGEST_PAUSE)
      }
    },
    clear() {
      failures = 0
      until = 0
    },
  }
}
