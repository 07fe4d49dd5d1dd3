import type { Clock } from '../platforms/wechat'

/** A clock that moves only when a test says so. Times are milliseconds. */
export interface FakeClock extends Clock {
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
   * something is re-arming itself.
   */
  runAll(limitMs?: number): Promise<void>
}

/** The real clock, for `createFakeWeChat({ clock: realClock })`. */
export const realClock: Clock = {
  now: () => Date.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer as number),
}

interface Timer {
  readonly run: () => void
  readonly due: number
  readonly order: number
  /** Where the timer stands in the heap; -1 once it has fired or was cleared. */
  at: number
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
  const timers = new TimerHeap()
  let time = start
  let armed = 0

  /** Fires what is due until `end`; says whether that was everything. */
  async function fireUntil(end: number): Promise<boolean> {
    await hop(HOPS_TO_SETTLE)
    let firedNow = 0
    for (let timer = timers.first; timer !== undefined; timer = timers.first) {
      if (timer.due > end) return false
      firedNow = timer.due > time ? 0 : firedNow + 1
      if (firedNow > STUCK_AFTER)
        throw new Error('The fake clock is stuck: timers of 0 ms arm each other for ever.')
      timers.remove(timer)
      time = Math.max(time, timer.due)
      timer.run()
      await hop(timers.size > 0 ? hops : HOPS_TO_SETTLE)
    }
    return true
  }

  return {
    now: () => time,
    setTimeout(run, ms) {
      const timer: Timer = { run, due: time + Math.max(0, ms || 0), order: armed++, at: -1 }
      timers.add(timer)
      return timer
    },
    clearTimeout(timer) {
      if (isTimer(timer) && timer.at >= 0) timers.remove(timer)
    },
    get pending() {
      return timers.size
    },
    async advance(ms) {
      const end = time + ms
      await fireUntil(end)
      time = Math.max(time, end)
      await hop(HOPS_TO_SETTLE)
    },
    settle: () => hop(HOPS_TO_SETTLE),
    async runAll(limitMs = HOUR) {
      if (await fireUntil(time + limitMs)) return
      throw new Error(`${timers.size} timers are still pending after ${limitMs} ms on the fake clock.`)
    },
  }
}

async function hop(times: number): Promise<void> {
  for (let done = 0; done < times; done++) await HOP
}

function isTimer(value: unknown): value is Timer {
  return typeof value === 'object' && value !== null && 'due' in value && 'at' in value
}

/** A binary heap whose members know their place, so that clearing a timer costs no search. */
class TimerHeap {
  private readonly timers: Timer[] = []

  get size(): number {
    return this.timers.length
  }

  get first(): Timer | undefined {
    return this.timers[0]
  }

  add(timer: Timer): void {
    this.timers.push(timer)
    this.rise(timer, this.timers.length - 1)
  }

  remove(timer: Timer): void {
    const gap = timer.at
    timer.at = -1
    const last = this.timers.pop()
    if (last === undefined || last === timer) return
    this.rise(last, gap)
    if (last.at === gap) this.sink(last, gap)
  }

  private rise(timer: Timer, from: number): void {
    let at = from
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = this.timers[above]
      if (parent === undefined || isBefore(parent, timer)) break
      this.put(parent, at)
      at = above
    }
    this.put(timer, at)
  }

  private sink(timer: Timer, from: number): void {
    let at = from
    for (;;) {
      const left = this.timers[2 * at + 1]
      const right = this.timers[2 * at + 2]
      if (left === undefined) break
      const child = right !== undefined && isBefore(right, left) ? right : left
      if (isBefore(timer, child)) break
      const below = child.at
      this.put(child, at)
      at = below
    }
    this.put(timer, at)
  }

  private put(timer: Timer, at: number): void {
    this.timers[at] = timer
    timer.at = at
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order)
}
