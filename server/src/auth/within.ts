/**
 * What a piece of work comes to, or after `ms` an error in its place; the work goes on unheard. One timer serves all
 * deadlines of one length: a `setTimeout` for each call costs as much as looking up a session.
 */
export function within<T>(ms: number, work: Promise<T>, late: () => Error): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const forget = line(ms).add(() => reject(late()))
    // Not `finally`, which makes two promises more: this is paid for each look-up.
    work.then(
      (result) => {
        forget()
        resolve(result)
      },
      (error: unknown) => {
        forget()
        reject(error instanceof Error ? error : new Error(String(error)))
      },
    )
  })
}

interface Entry {
  at: number
  ring: () => void
}

/** Deadlines of one length are due in the order in which they were made. */
class Line {
  private readonly entries = new Set<Entry>()
  private timer: NodeJS.Timeout | undefined

  constructor(private readonly ms: number) {}

  add(ring: () => void): () => void {
    const entry: Entry = { at: performance.now() + this.ms, ring }
    this.entries.add(entry)
    // Nobody's process stays for it: what is waited for has a socket of its own.
    this.timer ??= setTimeout(this.due, this.ms).unref()
    return () => void this.entries.delete(entry)
  }

  private readonly due = (): void => {
    this.timer = undefined
    const now = performance.now()
    for (const entry of this.entries) {
      if (entry.at > now) {
        this.timer = setTimeout(this.due, Math.ceil(entry.at - now)).unref()
        return
      }
      this.entries.delete(entry)
      entry.ring()
    }
  }
}

const lines = new Map<number, Line>()

function line(ms: number): Line {
  const found = lines.get(ms) ?? new Line(ms)
  lines.set(ms, found)
  return found
}
