import type { Clock } from '../platforms/wechat'

/** Something that happens `after` so many ms; the first counts from the start, each other one from the one before. */
export interface Step {
  readonly after: number
  readonly run: () => void
}

/** Steps that happen at their times, until it is stopped. */
export class Playback {
  private next = 0
  private timer: unknown
  private isStopped = false

  constructor(
    private readonly clock: Clock,
    private readonly steps: readonly Step[],
  ) {}

  start(): void {
    this.goOn(false)
  }

  stop(): void {
    this.isStopped = true
    this.clock.clearTimeout(this.timer)
  }

  /** Steps without a wait happen within this call: in a loop, for there may be thousands. */
  private goOn(hasWaited: boolean): void {
    let isDue = hasWaited
    for (let step = this.steps[this.next]; step !== undefined && !this.isStopped;) {
      if (!isDue && step.after > 0) {
        this.timer = this.clock.setTimeout(() => this.goOn(true), step.after)
        return
      }
      isDue = false
      step.run()
      step = this.steps[++this.next]
    }
  }
}
