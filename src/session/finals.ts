/** How long an address is remembered whose 401 was final, and how many are (law 4). */
const MEMORY = 60_000
const MOST = 100

/** A request, by the method and path under which a final 401 is remembered; `authorize()` has none. */
export interface Addressed {
  address(): string | undefined
}

/** Where a 401 was final, by when that was first so: one that is final by this memory alone does not lengthen it. */
export class Finals {
  private readonly since = new Map<string, number>()

  /** Nearly always; and then nobody has to say what the address is. */
  isEmpty = true

  has(request: Addressed, now: number): boolean {
    const since = this.isEmpty ? undefined : this.since.get(request.address() || '')
    return since !== undefined && now - since < MEMORY
  }

  add(request: Addressed, now: number): void {
    const address = request.address()
    if (!address || this.has(request, now)) return
    this.since.delete(address)
    const [oldest] = this.since.keys()
    if (oldest !== undefined && this.since.size >= MOST) this.since.delete(oldest)
    this.since.set(address, now)
    this.isEmpty = false
  }

  /** It has been accepted there. */
  forget(request: Addressed): void {
    if (this.isEmpty) return
    this.since.delete(request.address() || '')
    this.isEmpty = this.since.size === 0
  }
}
