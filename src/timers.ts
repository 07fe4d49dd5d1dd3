import type { Clock } from './platforms/wechat'

/** A deadline, or somebody who has one. */
export interface Timer {
  due: number
  /** Where it stands among those that run; -1 when it does not. */
  place: number
  ring(): void
}

export interface Timers {
  /** ms that never run backwards; for deadlines and durations. */
  now(): number
  /** Epoch ms as the phone believes; for `expiresAt` and event times. */
  wallClock: () => number
  after(ms: number, ring: () => void): Timer
  /** The same with an object there is already, which must not be running. */
  start(timer: Timer, ms: number): Timer
  cancel(timer: Timer | undefined): void
}

/** The alarm rings at least this often while a timer runs, so that it need not be set again for each. */
const LONGEST_NAP = 1000

/**
 * Every deadline on one `setTimeout`: one for each request would cost as much as the rest of the request. A
 * cancelled timer leaves the alarm as it is, and when that finds nothing left it is not set again.
 */
export function createTimers(clock: () => Clock): Timers {
  const running: Timer[] = []
  /** Small numbers are cheaper than epochs, which V8 keeps on its heap. */
  const origin = clock().now()
  let alarm: unknown
  let alarmAt = Infinity
  let lastRead = 0
  let setBack = 0

  /** A phone's clock that is set back must not keep a deadline from coming. */
  function now(): number {
    const read = clock().now() - origin
    if (read < lastRead) setBack += lastRead - read
    lastRead = read
    return read + setBack
  }

  function wakeAt(due: number, time: number): void {
    if (due >= alarmAt) return
    if (alarm !== undefined) clock().clearTimeout(alarm)
    alarmAt = Math.min(due, time + LONGEST_NAP)
    alarm = clock().setTimeout(ring, alarmAt - time)
  }

  function ring(): void {
    alarm = undefined
    alarmAt = Infinity
    const time = now()
    const due = running.filter((timer) => timer.due <= time).sort((one, other) => one.due - other.due)
    for (const timer of running) if (timer.due > time) wakeAt(timer.due, time)
    for (const timer of due) {
      // Those before it may have cancelled it, or set it to a later time.
      if (timer.place < 0 || timer.due > time) continue
      cancel(timer)
      timer.ring()
    }
  }

  function start(timer: Timer, ms: number): Timer {
    const time = now()
    // A delay of the app's may be no number at all; of a fraction a clock would fall short for ever.
    timer.due = time + (ms > 0 ? Math.ceil(ms) : 0)
    timer.place = running.push(timer) - 1
    wakeAt(timer.due, time)
    return timer
  }

  /** The last one takes its place: they stand in no order. */
  function cancel(timer: Timer | undefined): void {
    if (!timer || timer.place < 0) return
    const last = running.pop()
    if (last && last !== timer) running[(last.place = timer.place)] = last
    timer.place = -1
  }

  return {
    now,
    wallClock: () => clock().now(),
    after: (ms, ring) => start({ due: 0, place: -1, ring }, ms),
    start,
    cancel,
  }
}

/** What `start` promises, or `late()` as a rejection when that has not settled within `ms`. */
export function limit<T>(
  timers: Timers,
  ms: number,
  start: () => PromiseLike<T> | T,
  late: () => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = timers.after(ms, () => reject(late()))
    // In a promise of its own, so that a throw is a rejection like any other.
    const answer = new Promise<T>((settle) => settle(start()))
    const end = (): void => timers.cancel(timer)
    answer.then(end, end)
    answer.then(resolve, reject)
  })
}
