export interface Timer {
  readonly run: () => void
  readonly due: number
  readonly order: number
  /** Where the timer stands in the heap; -1 once it has fired or was cleared. */
  at: number
}

/** A binary heap whose members know their place, so that clearing a timer costs no search. */
export class TimerHeap {
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

  /** Does nothing for a timer that is not here: it has fired, was cleared, or is another heap's. */
  remove(timer: Timer): void {
    const gap = timer.at
    if (this.timers[gap] !== timer) return
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

export function isBefore(a: Timer, b: Timer): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order)
}
