/** Somebody who waits. Whoever gives up takes `run` away: what it holds need not wait for its turn. */
export interface Place<A> {
  run: ((argument: A) => void) | undefined
}

/** A place in a line, by age. */
export interface Entry<L> extends Place<L> {
  readonly id: number
}

/** Those who wait, the oldest first. */
export class Line<L> {
  private entries: (Entry<L> | undefined)[] = []
  private head = 0
  /** The oldest. */
  first: Entry<L> | undefined

  add(entry: Entry<L>): void {
    const { entries } = this
    let place = entries.length
    // From the end: nearly all are younger than those who wait.
    while (place > this.head && (entries[place - 1] as Entry<L>).id > entry.id) place--
    entries.splice(place, 0, entry)
    this.first = entries[this.head]
  }

  /** The oldest of those who are younger than this. */
  firstAfter(id: number): Entry<L> | undefined {
    return this.entries.filter((entry) => entry && entry.id > id)[0]
  }

  take(entry: Entry<L>): void {
    const { entries } = this
    if (entry !== this.first) entries.splice(entries.indexOf(entry), 1)
    // What has gone is let go.
    else entries[this.head++] = undefined
    // Now and then, so that a queue that is never empty does not grow for ever.
    if (2 * this.head > entries.length) {
      this.entries = entries.slice(this.head)
      this.head = 0
    }
    this.first = this.entries[this.head]
  }
}
