import { callSafely } from '../app-code'
import type { Timer, Timers } from '../timers'
import { sendable, type Beat } from './options'

export type Heart = ReturnType<typeof createHeartbeat>

/** Finds a dead connection within `interval` and `timeout` of the last message. */
export function createHeartbeat(
  timers: Timers,
  { message, interval, timeout }: Beat,
  send: (text: string) => void,
  dead: (reason: string) => void,
) {
  let timer: Timer | undefined
  let heardAt = 0

  /** One timer for however many messages. */
  function check(): void {
    const asked = heardAt
    const rest = asked + interval - timers.now()
    if (rest > 0) timer = timers.wait(rest, check)
    else {
      // A timer before the message: what that comes to may stop all this.
      timer = timers.deadline(timeout, () =>
        heardAt === asked ? dead(`heartbeat.timeout of ${timeout} ms`) : check(),
      )
      callSafely(() => send(sendable(typeof message === 'function' ? message() : message)), undefined)
    }
  }

  function heard(): void {
    heardAt = timers.now()
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
