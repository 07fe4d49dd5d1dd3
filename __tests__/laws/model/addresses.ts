import type { World } from './world'

/** How long a final 401 is remembered. */
const MEMORY = 60_000

interface Final {
  readonly root: string
  readonly awake: number
  readonly elapsed: number
}

/** The addresses whose 401 was final, and with which session (law 4). */
export class Addresses {
  /** Those that must be remembered, and those that may be. */
  private readonly sure = new Map<string, Final>()
  private readonly possible = new Map<string, Final>()

  constructor(private readonly world: World) {}

  /** A 401 that was final, and not because an earlier one was. */
  remember(address: string, root: string, isSure: boolean): void {
    const { awake, elapsed } = this.world.phone
    for (const known of isSure ? [this.sure, this.possible] : [this.possible]) {
      const before = known.get(address)
      if (before?.root !== root || awake - before.awake >= MEMORY)
        known.set(address, { root, awake, elapsed })
    }
  }

  accept(address: string): void {
    this.sure.delete(address)
    this.possible.delete(address)
  }

  mayKnow(address: string, root: string): boolean {
    const known = this.possible.get(address)
    return known?.root === root && this.world.phone.awake - known.awake < MEMORY
  }

  mustKnow(address: string, root: string): boolean {
    const known = this.sure.get(address)
    return known?.root === root && this.world.phone.elapsed - known.elapsed < MEMORY
  }
}
