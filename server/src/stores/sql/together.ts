/** statements at once, fewer than a pool has connections by default; and keys in one of them */
const AT_ONCE = 8
const MOST = 50

interface Asked<Found> {
  key: string
  since: number
  resolve: (found: Found | undefined) => void
  reject: (error: unknown) => void
}

/**
 * Reads that go out one by one while there are few of them, and together when there are many: to send a statement and take
 * its answer costs more than what is in it. Whoever waits for one of them to come back would else wait for a connection; and
 * whatever is found was read after it was asked for.
 */
export class Together<Found> {
  private running = 0
  private waiting: Asked<Found>[] = []

  constructor(
    /** ms after which nobody waits any more */
    private readonly deadline: number,
    private readonly read: (keys: string[]) => Promise<ReadonlyMap<string, Found>>,
  ) {}

  find(key: string): Promise<Found | undefined> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ key, since: performance.now(), resolve, reject })
      this.send()
    })
  }

  private send(): void {
    if (this.running === AT_ONCE) return
    const asked = this.take()
    if (asked.size === 0) return
    this.running += 1
    this.read([...asked.keys()]).then(
      (found) => {
        for (const [key, { resolve }] of asked) resolve(found.get(key))
        this.next()
      },
      (error: unknown) => {
        for (const { reject } of asked.values()) reject(error)
        this.next()
      },
    )
  }

  private next(): void {
    this.running -= 1
    this.send()
  }

  /** The first of them. Of those who ask for the same each gets its own: what one does to it is nobody else's. */
  private take(): Map<string, Asked<Found>> {
    const asked = new Map<string, Asked<Found>>()
    const rest: Asked<Found>[] = []
    const late = performance.now() - this.deadline
    for (const one of this.waiting) {
      if (one.since < late) one.reject(new Error('nobody waits any more'))
      else if (asked.size < MOST && !asked.has(one.key)) asked.set(one.key, one)
      else rest.push(one)
    }
    this.waiting = rest
    return asked
  }
}
