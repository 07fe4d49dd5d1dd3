import type { Clock } from './platforms/wechat'

/** Something that is due at a time, or somebody who has such. */
export interface Timer {
  due: number
  /** Where it stands among those that run; -1 when it does not. */
  place: number
  /** A wait goes on while the phone sleeps, a time-out does not. */
  readonly isWait?: boolean
  ring(): void
}

export interface Timers {
  /** ms that never run backwards; for deadlines and durations. */
  now(): number
  /** ms in which the phone was awake; for what counts against a time-out. */
  awake(): number
  /** Epoch ms as the phone believes; for `expiresAt` and event times. */
  wallClock: () => number
  /** Rings after `ms` in which the phone was awake. */
  deadline(ms: number, ring: () => void): Timer
  /** Rings after `ms`, asleep or awake. */
  wait(ms: number, ring: () => void): Timer
  /** Starts an object there is already, which must not be running. */
  /** `time`: what `now()` says, if it has been asked in this turn. */
  start(timer: Timer, ms: number, time?: number): void
  cancel(timer: Timer | undefined): void
}

/** The alarm rings at least this often while a timer runs, so that it need not be set again for each. */
const LONGEST_NAP = 1000

/**
 * A clock that is read so much later than the alarm was to ring has been set, or the phone has slept: the thread is
 * suspended 5 s after the app has gone to the background (operating mechanism guide).
 */
const ASLEEP = 2000

/**
 * Every deadline on one `setTimeout`: one for each request would cost as much as the rest of the request. A
 * cancelled timer leaves the alarm as it is, and when that finds nothing left it is not set again.
 */
export function createTimers(clockOf: () => Clock): Timers {
  const running: Timer[] = []
  let clock: Clock | undefined
  /** Small numbers are cheaper than epochs, which V8 keeps on its heap. */
  let origin = 0
  let alarm: unknown
  let alarmAt = Infinity
  let lastRead = 0
  let setBack = 0
  let asleep = 0

  /** Looked up when it is first needed: the platform may come after the client. */
  function theClock(): Clock {
    if (!clock) {
      clock = clockOf()
      origin = clock.now()
    }
    return clock
  }

  /** A phone's clock that is set back must not keep a deadline from coming. */
  function now(): number {
    const read = (clock || theClock()).now() - origin
    if (read < lastRead) setBack += lastRead - read
    const slept = read - lastRead
    lastRead = read
    const time = read + setBack
    if (time > alarmAt + ASLEEP) wakeUp(time, slept)
    return time
  }

  /** Nothing could be answered since the clock was last read, so no time-out has run. */
  function wakeUp(time: number, slept: number): void {
    for (const timer of running) if (!timer.isWait) timer.due += slept
    asleep += slept
    // Where the clock was set, the alarm is still to come, by the old time.
    if (alarm === undefined) alarmAt = time
    else ringBy(time, time)
  }

  function ringBy(due: number, time: number): void {
    const on = theClock()
    if (alarm !== undefined) on.clearTimeout(alarm)
    alarmAt = Math.min(due, time + LONGEST_NAP)
    alarm = on.setTimeout(ring, alarmAt - time)
  }

  function ring(): void {
    alarm = undefined
    const time = now()
    alarmAt = Infinity
    const due = running.filter((timer) => timer.due <= time).sort((one, other) => one.due - other.due)
    for (const timer of running) if (timer.due > time && timer.due < alarmAt) ringBy(timer.due, time)
    for (const timer of due) {
      // Those before it may have cancelled it, or set it to a later time.
      if (timer.place < 0 || timer.due > time) continue
      cancel(timer)
      timer.ring()
    }
  }

  function start(timer: Timer, ms: number, time = now()): void {
    // A delay of the app's may be no number at all; of a fraction a clock would fall short for ever.
    timer.due = time + (ms > 0 ? Math.ceil(ms) : 0)
    timer.place = running.push(timer) - 1
    if (timer.due < alarmAt) ringBy(timer.due, time)
  }

  function started(isWait: boolean, ms: number, ring: () => void): Timer {
    const timer = { due: 0, place: -1, isWait, ring }
    start(timer, ms)
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
    awake: () => now() - asleep,
    wallClock: () => theClock().now(),
    deadline: (ms, ring) => started(false, ms, ring),
    wait: (ms, ring) => started(true, ms, ring),
    start,
    cancel,
  }
}
