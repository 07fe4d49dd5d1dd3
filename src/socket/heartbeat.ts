import { callSafely } from '../app-code'
import type { Timer, Timers } from '../timers'

interface Beat {
  readonly message: string | (() => string)
  readonly interval: number
  readonly timeout: number
}

export interface Heartbeat {
  start(): void
  stop(): void
  /** A message has come. */
  heard(): void
}

/** Finds a dead connection within `interval` and `timeout` of the last message. */
export function createHeartbeat(
  timers: Timers,
  { message, interval, timeout }: Beat,
  send: (text: string) => void,
  dead: () => void,
): Heartbeat {
  let timer: Timer | undefined
  let heardAt = 0
  let isAsked = false

  /** One timer for however many messages. */
  function check(): void {
    const rest = interval - (timers.now() - heardAt)
    if (rest > 0) timer = timers.wait(rest, check)
    else {
      isAsked = true
      // A timer before the message: what that comes to may stop all this.
      timer = timers.deadline(timeout, () => (isAsked ? dead() : check()))
      let text: unknown
      callSafely(() => (text = typeof message === 'function' ? message() : message), undefined)
      if (typeof text === 'string') send(text)
    }
  }

  function heard(): void {
    heardAt = timers.now()
    isAsked = false
  }

  return {
    start() {
      heard()
      check()
    },
    stop: () => timers.cancel(timer),
    heard,
  }
}
