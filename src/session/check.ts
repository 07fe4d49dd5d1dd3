import { ignore, quiet, within } from '../app-code'
import type { Events } from '../events'
import type { Platform, PlatformFailure } from '../platforms/wechat'
import type { Timers } from '../timers'

type Phase = 'passed' | 'failed' | 'unanswered'

/** A check that has not answered by then counts as passed: it must not keep anybody from working. */
const CHECK_TIMEOUT = 3000

/**
 * The launch's one `wx.checkSession`. It is about the last code this phone obtained, not about the key your
 * server stores (wx.checkSession page), and WeChat counts calls (API frequency guide): so once, and shared.
 */
export interface Check {
  /** Set to `passed` by a login with a code: that makes the check unnecessary, and a late answer meaningless. */
  state: 'unasked' | 'asking' | 'passed' | 'failed'
  /** Asks, unless that was done. `answered` is called once, when the state has become `passed` or `failed`. */
  ask(answered: () => void): void
}

export function createCheck(platform: () => Platform, timers: Timers, events: Events): Check {
  const check: Check = {
    state: 'unasked',
    ask(answered) {
      if (check.state !== 'unasked') return
      check.state = 'asking'
      const begun = timers.now()
      events.emit({ type: 'check', phase: 'start' })
      const end = (phase: Phase): void => {
        events.emit({ type: 'check', phase, duration: timers.now() - begun })
        if (check.state !== 'asking') return
        check.state = phase === 'failed' ? phase : 'passed'
        answered()
      }
      // The cache manager answers checks too, with what was so once (weak network guide). What has another cause is not about the session.
      const start = (done: (phase: Phase) => void): void => {
        const said = (phase: Phase) => (answer: unknown) => {
          const { fromCache, cause } = Object(answer) as PlatformFailure & { fromCache?: boolean }
          done(fromCache || cause ? 'unanswered' : phase)
        }
        try {
          const wx = platform()
          // Plugins have no checkSession (wx.checkSession page): nothing can be said against the session.
          if (wx.checkSession) quiet(wx.checkSession({ success: said('passed'), fail: said('failed') }))
          else done('passed')
        } catch {
          done('passed')
        }
      }
      within(timers, CHECK_TIMEOUT, start, end, () => end('unanswered'), ignore)
    },
  }
  return check
}
