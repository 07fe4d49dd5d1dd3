import type { Clock } from '../platforms/wechat'

/** What comes first when a frozen thread wakes: what was due earlier, the app's own timers, or WeChat's callbacks. */
export type WakeOrder = 'in-order' | 'timers' | 'callbacks'

/**
 * The thread in which an app's JavaScript runs. A phone freezes it 5 s after the app has gone to the background; its
 * timers and callbacks are delivered on return (operating mechanism guide).
 */
export interface Thread {
  readonly isFrozen: boolean
  /** Stops the thread: its timers and callbacks wait, while WeChat, the network and the servers go on. */
  freeze(): void
  /**
   * Lets it run again. What it has missed comes late, as soon as the clock moves (`advance(0)` is enough). Phones
   * promise no order, so code must bear each; `first` is by default `'in-order'`.
   */
  thaw(first?: WakeOrder): void
  /** Calls back into the thread: at once, or when it is no longer frozen. */
  deliver(callback: () => void): void
  /** The time outside the thread: it goes on while that is frozen, and nobody sets this clock. */
  readonly outside: Clock
}

/** The thread of `clock`. With a real clock it is never frozen, and there is no other time. */
export function threadOf(clock: Clock): Thread {
  if (canFreeze(clock)) return clock
  const nothing = () => undefined
  return {
    isFrozen: false,
    freeze: nothing,
    thaw: nothing,
    deliver: (callback) => callback(),
    outside: clock,
  }
}

/** Only a fake clock can. */
export function canFreeze(clock: Clock): clock is Clock & Thread {
  return 'deliver' in clock && 'outside' in clock
}
