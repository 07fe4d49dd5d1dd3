import type { World } from './world'

/** How many failures there were in a row, and until when no login may start. */
class Count {
  failed = 0
  refused = 0
  ends = 0

  add(what: 'failed' | 'refused', now: number): void {
    this[what]++
    const sum = this.failed + this.refused
    if (sum >= 3) this.ends = now + Math.min(60_000, 1000 * 2 ** (sum - 3))
  }

  clear(): void {
    this.failed = this.refused = this.ends = 0
  }
}

/**
 * How long no login may start, for those before have failed (law 6). What the law leaves open is counted in `most`
 * and not in `least`: a pause may be due by the one, and must be kept by the other.
 */
export class Cooldown {
  private readonly least = new Count()
  private readonly most = new Count()

  constructor(private readonly world: World) {}

  get mayBeOn(): boolean {
    return this.world.phone.awake < this.most.ends
  }

  get mustBeOn(): boolean {
    return this.world.phone.elapsed < this.least.ends
  }

  /** `wasAnswered`: by a server or by WeChat; `undefined` where nobody can tell. */
  loginFailed(wasAnswered: boolean | undefined): void {
    if (wasAnswered === true) this.least.add('failed', this.world.phone.elapsed)
    if (wasAnswered !== false) this.most.add('failed', this.world.phone.awake)
  }

  loginSucceeded(): void {
    this.least.failed = 0
  }

  /** A fresh token was refused. */
  tokenRefused(isSure: boolean): void {
    if (isSure) this.least.add('refused', this.world.phone.elapsed)
    this.most.add('refused', this.world.phone.awake)
  }

  accepted(isReplay: boolean): void {
    this.least.clear()
    if (isReplay) this.most.clear()
  }

  /** By `logout()` or `setSession()`. */
  reset(): void {
    this.least.clear()
    this.most.clear()
  }
}
