export type Result<T> = IteratorResult<T, undefined>

/** Whoever waits for the next item. */
interface Waiting<T> {
  resolve(result: Result<T>): void
  reject(error: unknown): void
}

const END = { done: true as const, value: undefined }

/** Items on their way to whoever takes them: those that nobody has asked for wait, and the error comes after them, once. */
export class Queue<T> {
  private items: (T | undefined)[] = []
  private taken = 0
  private waiting: Waiting<T>[] = []
  private failure: { error: unknown } | undefined
  hasEnded = false

  get isEmpty(): boolean {
    return this.taken === this.items.length
  }

  put(item: T): void {
    const first = this.waiting.shift()
    if (first) first.resolve({ done: false, value: item })
    else this.items.push(item)
  }

  /** One that is there already. */
  take(): T {
    const { items, taken } = this
    const item = items[taken] as T
    items[this.taken++] = undefined
    // Now and then, so that a queue that is never empty does not grow for ever.
    if (2 * this.taken > items.length) {
      this.items = items.slice(this.taken)
      this.taken = 0
    }
    return item
  }

  next(): Promise<Result<T>> {
    if (!this.isEmpty) return Promise.resolve({ done: false, value: this.take() })
    return new Promise((resolve, reject) => this.wait({ resolve, reject }))
  }

  /** Waits for the end, as one that takes no items. */
  wait(waiting: Waiting<T>): void {
    this.waiting.push(waiting)
    if (this.hasEnded) this.settle()
  }

  end(failure?: { error: unknown }): void {
    this.hasEnded = true
    this.failure = failure
    this.settle()
  }

  drop(): void {
    this.items = []
    this.taken = 0
  }

  /** Nobody wants anything of it any more, and nobody is told of an error. */
  leave(): Promise<Result<T>> {
    this.drop()
    this.end()
    return Promise.resolve(END)
  }

  private settle(): void {
    const { waiting } = this
    this.waiting = []
    for (const each of waiting) {
      const { failure } = this
      this.failure = undefined
      if (failure) each.reject(failure.error)
      else each.resolve(END)
    }
  }
}
