import type { Events } from '../events'
import { cancel, type Timers } from '../timers'
import { quiet, type Platform } from '../transport/platform'

/** A check that has not answered by then counts as passed: it must not keep anybody from working. */
const CHECK_TIMEOUT = 3000

export type CheckState = 'unasked' | 'asking' | 'passed' | 'failed'

/**
 * The launch's one `wx.checkSession`. It is about the last code this phone obtained, not about the key your
 * server stores (wx.checkSession page), and WeChat counts calls (API frequency guide): so once, and shared.
 */
export interface Check {
  state(): CheckState
  /** Asks, unless that was done. `answered` is called once, when the state has become `passed` or `failed`. */
  ask(answered: () => void): void
  /** A login with a code makes the check unnecessary, and its answer, should it still come, meaningless. */
  pass(): void
}

export function createCheck(platform: () => Platform, timers: Timers, events: Events): Check {
  let state: CheckState = 'unasked'

  return {
    state: () => state,
    pass() {
      state = 'passed'
    },
    ask(answered) {
      if (state !== 'unasked') return
      state = 'asking'
      const begun = timers.now()
      events.emit({ type: 'check', phase: 'start' })
      let open = true
      const end = (phase: 'passed' | 'failed' | 'unanswered'): void => {
        if (!open) return
        open = false
        cancel(timer)
        events.emit({ type: 'check', phase, duration: timers.now() - begun })
        if (state !== 'asking') return
        state = phase === 'failed' ? 'failed' : 'passed'
        answered()
      }
      const timer = timers.after(CHECK_TIMEOUT, () => end('unanswered'))
      try {
        const wx = platform()
        // Plugins have no checkSession (wx.checkSession page): nothing can be said against the session.
        if (wx.checkSession)
          quiet(wx.checkSession({ success: () => end('passed'), fail: () => end('failed') }))
        else end('passed')
      } catch {
        end('passed')
      }
    },
  }
}
