import type { Clock } from '../platforms/wechat'
import type { Thread, WakeOrder } from './thread'
import { isBefore, TimerHeap, type Timer } from './timer-heap'

/** A clock that moves only when a test says so. Times are milliseconds. */
export interface FakeClock extends Clock, Thread {
  /** How many timers wait to fire. */
  readonly pending: number
  /**
   * Lets `ms` pass: fires the timers that fall due, in order, with the promise callbacks of each run before
   * the next one fires. Rejects with what a timer throws.
   */
  advance(ms: number): Promise<void>
  /** Runs the promise callbacks that are due, without letting time pass. */
  settle(): Promise<void>
  /**
   * Lets time pass until no timer is left. Rejects when timers remain after `limitMs`, by default an hour:
   * something is re-arming itself. Rejects, too, when what remains waits for a frozen thread.
   */
  runAll(limitMs?: number): Promise<void>
  /**
   * The phone sleeps for `ms`: `freeze()`, that time, `thaw(first)`, and whatever was due fires late, at the time of
   * waking. Answers of the network that came meanwhile are among it.
   *
   * ```ts
   * const orders = api.get('/orders')
   * await fake.clock.sleep(3_600_000)
   * ```
   */
  sleep(ms: number, first?: WakeOrder): Promise<void>
  /**
   * Sets the phone's clock ahead by `ms`, or back where that is negative, as its user or the network's time does. No
   * timer fires sooner or later for it, and servers keep the time they had.
   */
  jump(ms: number): void
}

/** The real clock, for `createFakeWeChat({ clock: realClock })`. */
export const realClock: Clock = {
  now: () => Date.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer as number),
}

const HOP = Promise.resolve()
/** Promise hops granted after each timer, by default. Longer chains go on after the next one. */
const HOPS_PER_TIMER = 30
/** Promise hops granted before and after a stretch of time, when a test is about to look. */
const HOPS_TO_SETTLE = 100
/** Timers that may fire without time moving before `advance` calls it a loop. */
const STUCK_AFTER = 500_000
const HOUR = 3_600_000

/**
 * Makes a virtual clock. `start` is the epoch time in ms at which it stands, by default the start of 2026: never 0,
 * which code may rightly take for "no time at all". `hops` is how many promise callbacks in a row may run between
 * two timers, by default 30: fewer make very long runs faster.
 *
 * ```ts
 * const clock = createFakeClock()
 * clock.setTimeout(() => console.log('a minute later'), 60_000)
 * await clock.advance(60_000)
 * ```
 */
export function createFakeClock(options: { start?: number; hops?: number } = {}): FakeClock {
  const { start = 1_767_225_600_000, hops = HOPS_PER_TIMER } = options
  /** Timers of the app's thread, and of all that goes on without it. */
  const inside = new TimerHeap()
  const outside = new TimerHeap()
  /** Callbacks that wait for the thread, with the time at which they would have come. */
  let missed: { callback: () => void; at: number }[] = []
  /** Callbacks that the thread has missed and not made up for: no newer one overtakes them. */
  let late = 0
  let isFrozen = false
  let time = start
  /** How far the phone's clock has been set ahead. */
  let ahead = 0
  let armed = 0

  function arm(timers: TimerHeap, run: () => void, due: number): Timer {
    const timer: Timer = { run, due, order: armed++, at: -1 }
    timers.add(timer)
    return timer
  }

  function clockOf(timers: TimerHeap, now: () => number): Clock {
    return {
      now,
      setTimeout: (run, ms) => arm(timers, run, time + Math.max(0, ms || 0)),
      clearTimeout(timer) {
        if (isTimer(timer)) timers.remove(timer)
      },
    }
  }

  function callLate(callback: () => void, due: number): void {
    late++
    const run = () => {
      late--
      callback()
    }
    arm(inside, run, due)
  }

  /** The timers that the next one to fire belongs to. */
  function nextTimers(): TimerHeap {
    const mine = isFrozen ? undefined : inside.first
    const other = outside.first
    return mine !== undefined && (other === undefined || isBefore(mine, other)) ? inside : outside
  }

  /** Fires what is due until `end`; says whether that was everything. */
  async function fireUntil(end: number): Promise<boolean> {
    await hop(HOPS_TO_SETTLE)
    let firedNow = 0
    for (;;) {
      const timers = nextTimers()
      const timer = timers.first
      if (timer === undefined) return true
      if (timer.due > end) return false
      firedNow = timer.due > time ? 0 : firedNow + 1
      if (firedNow > STUCK_AFTER)
        throw new Error('The fake clock is stuck: timers of 0 ms arm each other for ever.')
      timers.remove(timer)
      time = Math.max(time, timer.due)
      timer.run()
      await hop(inside.size + outside.size > 0 ? hops : HOPS_TO_SETTLE)
    }
  }

  const clock: FakeClock = {
    ...clockOf(inside, () => time + ahead),
    outside: clockOf(outside, () => time),
    get pending() {
      return inside.size + outside.size + missed.length
    },
    get isFrozen() {
      return isFrozen
    },
    async advance(ms) {
      const end = time + ms
      await fireUntil(end)
      time = Math.max(time, end)
      await hop(HOPS_TO_SETTLE)
    },
    settle: () => hop(HOPS_TO_SETTLE),
    async runAll(limitMs = HOUR) {
      const isAll = await fireUntil(time + limitMs)
      const left = clock.pending
      if (!isAll) throw new Error(`${left} timers are still pending after ${limitMs} ms on the fake clock.`)
      if (left > 0) throw new Error(`The thread is frozen, and ${left} timers or callbacks wait for it.`)
    },
    async sleep(ms, first) {
      const wasFrozen = isFrozen
      isFrozen = true
      try {
        await clock.advance(ms)
      } finally {
        if (!wasFrozen) clock.thaw(first)
      }
      await clock.advance(0)
    },
    jump: (ms) => void (ahead += ms),
    freeze: () => void (isFrozen = true),
    thaw(first = 'in-order') {
      isFrozen = false
      const dueOf = { 'in-order': (at: number) => at, timers: () => time, callbacks: () => -Infinity }[first]
      for (const { callback, at } of missed) callLate(callback, dueOf(at))
      missed = []
    },
    deliver(callback) {
      if (isFrozen) missed.push({ callback, at: time })
      else if (late > 0) callLate(callback, time)
      else callback()
    },
  }
  return clock
}

async function hop(times: number): Promise<void> {
  for (let done = 0; done < times; done++) await HOP
}

function isTimer(value: unknown): value is Timer {
  return typeof value === 'object' && value !== null && 'due' in value && 'at' in value
}
