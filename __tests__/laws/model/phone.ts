import type { FakeClock } from '../../../src/testing'
import { FEATURES } from '../features'

interface Alarm {
  readonly run: () => void
  /** On a clock that goes on while the phone sleeps, and that nobody sets. */
  readonly due: number
  timer: unknown
}

/** The phone's own clock, which can be set, and stands still for timers while the phone sleeps. */
export class PhoneClock {
  private readonly alarms = new Set<Alarm>()
  private ahead = 0
  private slept = 0
  private jumped = 0
  /** How often it was set, or the phone woke. */
  surprises = 0

  constructor(private readonly base: FakeClock) {}

  now(): number {
    return this.base.now() + this.ahead
  }

  /** ms in which the phone was awake. */
  get awake(): number {
    return this.base.now()
  }

  /** ms that have passed, at most: sleep, and what the clock was set ahead by, with them. */
  get elapsed(): number {
    return this.base.now() + this.slept + this.jumped
  }

  setTimeout(run: () => void, ms: number): unknown {
    if (!FEATURES.clocks) return this.base.setTimeout(run, ms)
    const alarm: Alarm = { run, due: this.base.now() + this.slept + ms, timer: undefined }
    this.arm(alarm)
    return alarm
  }

  clearTimeout(alarm: unknown): void {
    const known = this.alarms.has(alarm as Alarm)
    if (known) this.alarms.delete(alarm as Alarm)
    this.base.clearTimeout(known ? (alarm as Alarm).timer : alarm)
  }

  /** The user, or the network, sets it. Timers are not concerned. */
  set(ms: number): void {
    this.surprises++
    this.ahead += ms
    this.jumped += Math.max(0, ms)
  }

  /** Nothing runs, and what should have rung meanwhile rings as soon as the phone wakes. */
  sleep(ms: number): void {
    this.surprises++
    this.ahead += ms
    this.slept += ms
    for (const alarm of [...this.alarms]) {
      this.base.clearTimeout(alarm.timer)
      this.arm(alarm)
    }
  }

  private arm(alarm: Alarm): void {
    this.alarms.add(alarm)
    const ring = () => {
      this.alarms.delete(alarm)
      alarm.run()
    }
    alarm.timer = this.base.setTimeout(ring, Math.max(0, alarm.due - this.base.now() - this.slept))
  }
}
