export type Result<T> = IteratorResult<T, undefined>

/** Whoever waits for the next item, or for the end. */
interface Waiting<T> {
  readonly resolve: (result: Result<T>) => void
  readonly reject: (error: unknown) => void
}

export type Failure = { readonly error: unknown } | undefined

export const END = { done: true as const, value: undefined }

export type Queue<T> = ReturnType<typeof createQueue<T>>

/** Items on their way to whoever takes them: those that nobody has asked for wait, and the error comes after them, once. */
export function createQueue<T>() {
  let items: (T | undefined)[] = []
  let taken = 0
  let waiting: Waiting<T>[] = []
  let failure: Failure
  let hasEnded = false

  const isEmpty = (): boolean => taken === items.length

  function settle(): void {
    const those = waiting
    waiting = []
    for (const { resolve, reject } of those) {
      const reason = failure
      failure = undefined
      if (reason) reject(reason.error)
      else resolve(END)
    }
  }

  /** One that is there already. */
  function take(): T {
    const item = items[taken] as T
    items[taken++] = undefined
    // Now and then, so that a queue that is never empty does not grow for ever.
    if (2 * taken > items.length) {
      items = items.slice(taken)
      taken = 0
    }
    return item
  }

  /** As one that takes no items, or where there are none. */
  function wait(resolve: (result: Result<T>) => void, reject: (error: unknown) => void): void {
    waiting.push({ resolve, reject })
    if (hasEnded) settle()
  }

  return {
    isEmpty,
    take,
    wait,
    hasEnded: () => hasEnded,

    put(item: T): void {
      const first = waiting.shift()
      if (first) first.resolve({ done: false, value: item })
      else items.push(item)
    },

    next: (): Promise<Result<T>> =>
      isEmpty() ? new Promise(wait) : Promise.resolve({ done: false, value: take() }),

    drop(): void {
      items = []
      taken = 0
    },

    end(reason: Failure): void {
      hasEnded = true
      failure = reason
      settle()
    },
  }
}
