/** Something that wants a lane. */
export interface LaneUser {
  /** True once it wants none any more: given up while it waited. */
  readonly isOver: boolean
  start(lane: number): void
}

/** WeChat sends 10 requests at a time and queues the rest, first in, first out (network guide; base library 1.4.0). */
export class Lanes {
  private readonly free: number[] = []
  private opened = 0
  private queue: LaneUser[] = []
  private head = 0

  constructor(private readonly limit: number) {}

  get busy(): number {
    return this.opened - this.free.length
  }

  /** Starts `user` if a lane is free, and says whether it was. */
  enter(user: LaneUser): boolean {
    const lane = this.free.pop() ?? (this.opened < this.limit ? this.opened++ : undefined)
    if (lane === undefined) {
      this.queue.push(user)
      return false
    }
    user.start(lane)
    return true
  }

  /** Gives `lane` back, to whoever waits longest. */
  leave(lane: number): void {
    const next = this.next()
    if (next === undefined) this.free.push(lane)
    else next.start(lane)
  }

  private next(): LaneUser | undefined {
    while (this.head < this.queue.length) {
      const user = this.queue[this.head++]
      if (this.head > 1024 && this.head * 2 > this.queue.length) {
        this.queue = this.queue.slice(this.head)
        this.head = 0
      }
      if (user !== undefined && !user.isOver) return user
    }
    this.queue = []
    this.head = 0
    return undefined
  }
}
