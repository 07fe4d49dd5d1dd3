import type { Clock } from './transport/platform'

export interface Timer {
  due: number
  run: () => void
  line: Set<Timer>
}

export interface Timers {
  /** ms that never run backwards; for deadlines and durations. */
  now(): number
  /** Epoch ms as the phone believes; for `expiresAt` and event times. */
  wallClock(): number
  after(ms: number, run: () => void): Timer
  cancel(timer: Timer | undefined): void
}

/** The alarm rings at least this often while a timer runs, so that it need not be set again for each. */
const LONGEST_NAP = 1000

/**
 * Every deadline on one `setTimeout`: one for each request would cost as much as the rest of the request.
 * Timers of one length fall due in the order they were set, so each length has a line of its own and the
 * next one due is always at the head of some line. Cancelling leaves the alarm alone; when it rings and
 * nothing is left, it is not set again.
 */
export function createTimers(clock: () => Clock): Timers {
  const lines = new Map<number, Set<Timer>>()
  let alarm: unknown
  let alarmAt = Infinity
  let lastRead = 0
  let setBack = 0

  /** Never runs backwards: a phone's clock that is set back must not keep a deadline from coming. */
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
      for (const timer of line) {
        if (timer.due > time) {
          next = Math.min(next, timer.due)
          break
        }
        due.push(timer)
      }
      if (line.size === 0) lines.delete(ms)
    })
    if (next < Infinity) setAlarm(next, time)
    due.sort((a, b) => a.due - b.due)
    for (const timer of due) if (timer.line.delete(timer)) timer.run()
  }

  return {
    now,
    wallClock: () => clock().now(),
    after(ms, run) {
      let line = lines.get(ms)
      if (!line) lines.set(ms, (line = new Set()))
      const time = now()
      const timer = { due: time + ms, run, line }
      line.add(timer)
      if (timer.due < alarmAt) setAlarm(timer.due, time)
      return timer
    },
    cancel(timer) {
      timer?.line.delete(timer)
    },
  }
}

/**
 * Waits for one answer, at most `ms`: the first of `settle` and the time-out wins, later ones are dropped.
 * Whatever `start` throws is its own business. Returns a function that drops the answer.
 */
export function within<T>(
  timers: Timers,
  ms: number,
  start: (settle: (answer: T) => void) => void,
  late: () => T,
  done: (answer: T) => void,
): () => void {
  let open = true
  const close = (): boolean => {
    const was = open
    open = false
    timers.cancel(timer)
    return was
  }
  const timer = timers.after(ms, () => {
    if (close()) done(late())
  })
  start((answer) => {
    if (close()) done(answer)
  })
  return () => {
    close()
  }
}
