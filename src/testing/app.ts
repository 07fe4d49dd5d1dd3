import type { Clock } from '../platforms/wechat'

/** The app as the user sees it: in front, or behind another. */
export interface FakeApp {
  readonly isInBackground: boolean
  /**
   * To the background. Requests that are unfinished 5 s later fail with errno 600003, and from now on until
   * `toForeground()` new ones fail with it too (network guide). The JS thread that a phone freezes after
   * these 5 s goes on here: timers fire at their times, callbacks are not put off to the return.
   * `wx.login` and `wx.checkSession` are not hindered: no page says that they are.
   */
  toBackground(): void
  /** Back again: `onAppShow` fires. */
  toForeground(): void
}

/** How long requests may go on in the background (network guide). */
const GRACE = 5_000

type Listener = (options: object) => void

export function createApp(clock: Clock, interrupt: () => void, launchOptions: () => object) {
  const shown = new Set<Listener>()
  const hidden = new Set<Listener>()
  let isInBackground = false
  let grace: unknown

  const app: FakeApp = {
    get isInBackground() {
      return isInBackground
    },
    toBackground() {
      if (isInBackground) return
      isInBackground = true
      grace = clock.setTimeout(interrupt, GRACE)
      for (const listener of hidden) listener({ reason: 0 })
    },
    toForeground() {
      if (!isInBackground) return
      isInBackground = false
      clock.clearTimeout(grace)
      for (const listener of shown) listener(launchOptions())
    },
  }

  return {
    app,
    onAppShow: (listener: Listener) => void shown.add(listener),
    offAppShow: (listener?: Listener) => off(shown, listener),
    onAppHide: (listener: Listener) => void hidden.add(listener),
    offAppHide: (listener?: Listener) => off(hidden, listener),
  }
}

/** Without a listener all go, the app's own as well (wx.offAppShow page). */
function off(listeners: Set<Listener>, listener: Listener | undefined): void {
  if (listener) listeners.delete(listener)
  else listeners.clear()
}
