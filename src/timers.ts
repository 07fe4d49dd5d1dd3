import type { Clock } from './transport/platform'

/** A deadline. Without `run` it has been cancelled. */
export interface Timer {
  due: number
  run: (() => void) | undefined
}

export interface Timers {
  /** ms that never run backwards; for deadlines and durations. */
  now(): number
  /** Epoch ms as the phone believes; for `expiresAt` and event times. */
  wallClock(): number
  after(ms: number, run: () => void): Timer
}

export function cancel(timer: Timer | undefined): void {
  if (timer) timer.run = undefined
}

/** The alarm rings at least this often while a timer runs, so that it need not be set again for each. */
const LONGEST_NAP = 1000

/**
 * Every deadline on one `setTimeout`: one for each request would cost as much as the rest of the request.
 * Timers of one length fall due in the order they were set, so each length has a line of its own, and the next
 * one due is at the head of some line. A cancelled timer leaves when it gets there; the alarm is not touched,
 * and when it finds nothing left it is not set again.
 */
export function createTimers(clock: () => Clock): Timers {
  const lines = new Map<number, Line>()
  let alarm: unknown
  let alarmAt = Infinity
  let lastRead = 0
  let setBack = 0

  /** A phone's clock that is set back must not keep a deadline from coming. */
  function now(): number {
    const read = clock().now()
    if (read < lastRead) setBack += lastRead - read
    lastRead = read
    return read + setBack
  }

  function setAlarm(due: number, from: number): void {
    if (alarm !== undefined) clock().clearTimeout(alarm)
    const nap = Math.max(0, Math.min(due - from, LONGEST_NAP))
    alarmAt = from + nap
    alarm = clock().setTimeout(ring, nap)
  }

  function ring(): void {
    alarm = undefined
    alarmAt = Infinity
    const time = now()
    const due: Timer[] = []
    let next = Infinity
    lines.forEach((line, ms) => {
      for (let first = line.first(); first; first = line.first()) {
        if (first.due > time) {
          next = Math.min(next, first.due)
          return
        }
        line.head++
        due.push(first)
      }
      lines.delete(ms)
    })
    if (next < Infinity) setAlarm(next, time)
    due.sort((a, b) => a.due - b.due)
    for (const { run } of due) if (run) run()
  }

  return {
    now,
    wallClock: () => clock().now(),
    after(ms, run) {
      const time = now()
      const timer = { due: time + ms, run }
      const line = lines.get(ms) || new Line()
      line.first()
      if (line.timers.push(timer) === 1) lines.set(ms, line)
      if (timer.due < alarmAt) setAlarm(timer.due, time)
      return timer
    },
  }
}

class Line {
  timers: Timer[] = []
  head = 0

  /** The first timer that is still running. */
  first(): Timer | undefined {
    const { timers } = this
    while (this.head < timers.length) {
      const timer = timers[this.head]
      if (timer && timer.run) return timer
      this.head++
    }
    timers.length = this.head = 0
    return undefined
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
    const end = (): void => cancel(timer)
    answer.then(end, end)
    answer.then(resolve, reject)
  })
}
