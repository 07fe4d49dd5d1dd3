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
  /** of statements that failed: go out one by one, and first */
  private alone: Asked<Found>[] = []

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
    while (this.running < AT_ONCE) {
      const asked = this.takeOne() ?? this.take()
      if (asked.size === 0) return
      this.running += 1
      this.read([...asked.keys()]).then(
        (found) => {
          for (const [key, { resolve }] of asked) resolve(found.get(key))
          this.next()
        },
        (error: unknown) => {
          const all = [...asked.values()]
          // A single row may be what cannot be read, and that is no reason to refuse the others.
          if (all.length > 1) this.alone.push(...all)
          else for (const { reject } of all) reject(error)
          this.next()
        },
      )
    }
  }

  private next(): void {
    this.running -= 1
    this.send()
  }

  private takeOne(): Map<string, Asked<Found>> | undefined {
    for (;;) {
      const one = this.alone.shift()
      if (!one) return undefined
      if (!this.isLate(one)) return new Map([[one.key, one]])
    }
  }

  /** The first of them. Of those who ask for the same each gets its own: what one does to it is nobody else's. */
  private take(): Map<string, Asked<Found>> {
    const asked = new Map<string, Asked<Found>>()
    const rest: Asked<Found>[] = []
    for (const one of this.waiting) {
      if (this.isLate(one)) continue
      if (asked.size < MOST && !asked.has(one.key)) asked.set(one.key, one)
      else rest.push(one)
    }
    this.waiting = rest
    return asked
  }

  /** And is told so. */
  private isLate({ since, reject }: Asked<Found>): boolean {
    const isLate = since < performance.now() - this.deadline
    if (isLate) reject(new Error('nobody waits any more'))
    return isLate
  }
}
