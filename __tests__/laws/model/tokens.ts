import type { Login } from './login'
import { FIRST } from './words'

/** What is known of each token that one copy has met. */
export class Tokens {
  /** Got by a login of this copy, by which one, and in which epoch that was begun. */
  private readonly logins = new Map<string, { login: Login; epoch: number }>()
  /** Rotated tokens, by the one that came before. */
  private readonly before = new Map<string, string>()
  readonly refreshed = new Set<string>()
  /** Each was the current one at some time. */
  readonly seen = new Set<string>()
  readonly loggedOut = new Set<string>()
  /** Each was refused while it was the current one. */
  readonly refused = new Set<string>()
  /** They came for a login that nobody wanted any more, or out of a cache. */
  readonly banned = new Set<string>()
  /** It came by a login of this launch, and nothing has been answered to it yet. */
  fresh: string | undefined
  private readonly accepted = new Set<string>()

  constructor(
    /** Handed in by `setSession()`, whichever copy was given it: the record says so. */
    readonly set: Set<string>,
  ) {}

  obtain(token: string, login: Login, epoch: number): void {
    this.logins.set(token, { login, epoch })
  }

  rotate(token: string, next: string): void {
    this.before.set(next, token)
    if (this.isSet(token)) this.set.add(next)
  }

  /** The first token of this session: what is known of it holds for those that it was rotated to. */
  rootOf(token: string): string {
    let root = token
    for (let before = this.before.get(root); before !== undefined; before = this.before.get(root))
      root = before
    return root
  }

  accept(token: string): void {
    this.accepted.add(this.rootOf(token))
  }

  isAccepted(token: string): boolean {
    return this.accepted.has(this.rootOf(token))
  }

  isOwn(token: string): boolean {
    return this.logins.has(this.rootOf(token))
  }

  isSet(token: string): boolean {
    return this.set.has(this.rootOf(token))
  }

  epochOf(token: string): number | undefined {
    return this.logins.get(this.rootOf(token))?.epoch
  }

  loginOf(token: string): Login | undefined {
    return this.logins.get(this.rootOf(token))?.login
  }

  /** Whether a login with a code of this copy, or one that takes its place, has brought it. */
  isByCode(token: string): boolean {
    const root = this.rootOf(token)
    return this.logins.has(root) && !this.refreshed.has(root)
  }

  /** Neither stored by an earlier launch nor got here: adopted, hence confirmed. */
  isFromElsewhere(token: string): boolean {
    const root = this.rootOf(token)
    return !this.logins.has(root) && !this.set.has(root) && !FIRST.includes(root)
  }

  /** Whether this copy has had to do with it before: then it is no news of another copy's. */
  isKnown(token: string): boolean {
    return (
      this.seen.has(token) ||
      this.loggedOut.has(token) ||
      FIRST.includes(token) ||
      this.before.has(token) ||
      this.logins.has(token)
    )
  }
}
