import type { Thread } from './thread'

/** The app as the user sees it: in front, or behind another. */
export interface FakeApp {
  readonly isInBackground: boolean
  /**
   * To the background. Requests that are unfinished 5 s later fail with errno 600003, and from now on until
   * `toForeground()` new ones fail with it too (network guide). With `freezesInBackground` the JS thread stands still
   * from then on, as a phone's does (operating mechanism guide): timers, callbacks and these failures come on return.
   * Without it timers fire at their times, and callbacks are not put off.
   * `wx.login` and `wx.checkSession` are not hindered: no page says that they are.
   */
  toBackground(): void
  /**
   * Back again: `onAppShow` fires. What a frozen thread has missed comes as soon as the clock moves; `advance(0)` is
   * enough. See `wakes` for the order.
   */
  toForeground(): void
}

/** Whether an app that was frozen hears of its return before or after the callbacks that it has missed. */
export type AppWakeOrder = 'show-first' | 'callbacks-first'

export interface AppOptions {
  readonly thread: Thread
  readonly freezes: boolean
  readonly wakes: AppWakeOrder
  readonly interrupt: () => void
  readonly launchOptions: () => object
}

/** How long requests and the thread may go on in the background (network guide, operating mechanism guide). */
const GRACE = 5_000

type Listener = (options: object) => void

export function createApp({ thread, freezes, wakes, interrupt, launchOptions }: AppOptions) {
  const shown = new Set<Listener>()
  const hidden = new Set<Listener>()
  let isInBackground = false
  let isFrozen = false
  let grace: unknown

  function graceEnds(): void {
    if (freezes) {
      isFrozen = true
      thread.freeze()
    }
    interrupt()
  }

  function show(): void {
    for (const listener of shown) listener(launchOptions())
  }

  const app: FakeApp = {
    get isInBackground() {
      return isInBackground
    },
    toBackground() {
      if (isInBackground) return
      isInBackground = true
      grace = thread.outside.setTimeout(graceEnds, GRACE)
      for (const listener of hidden) listener({ reason: 0, errMsg: 'onAppHide:ok' })
    },
    toForeground() {
      if (!isInBackground) return
      isInBackground = false
      thread.outside.clearTimeout(grace)
      const isCallbacksFirst = isFrozen && wakes === 'callbacks-first'
      if (isFrozen) thread.thaw(isCallbacksFirst ? 'callbacks' : 'in-order')
      isFrozen = false
      // What was missed waits for the clock to move, so that a plain call is still ahead of it.
      if (isCallbacksFirst) thread.deliver(show)
      else show()
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
