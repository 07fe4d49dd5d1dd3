import { isWithin } from '../auth/values.ts'
import { within } from '../auth/within.ts'
import type { Inside } from './app.ts'

interface Held {
  token: string
  until: number
}

/** ms before its end at which it is renewed in the background, and for how long a failure is everybody's */
const MARGIN = 5 * 60_000
const FAILED = 2000
/** ms for which one process renews for all */
const LEASE = 10_000

/**
 * The access token of WeChat's server calls, shared by all processes. `stable_token` gives everybody the same one
 * (getStableAccessToken page), so two who ask at once do no harm: who has none asks by itself, and waits for nobody
 * else's answer but one that is on its way in this process.
 */
export class AccessToken {
  /** in the store */
  private readonly name: string
  private held: Held | undefined
  private running: Promise<Held> | undefined
  private failure: { error: unknown; since: number } | undefined

  constructor(
    private readonly app: string,
    private readonly inside: Inside,
    /** asks WeChat; seconds */
    private readonly fetch: (force: boolean) => Promise<{ token: string; expiresIn: number }>,
  ) {
    this.name = `access-token ${app}`
  }

  async get(): Promise<string> {
    const now = this.inside.clock()
    if (this.held && this.held.until - now > MARGIN) return this.held.token
    if (this.held && this.held.until > now) {
      this.renew()
      return this.held.token
    }
    if (this.failure && isWithin(FAILED, this.failure.since, now)) throw this.failure.error
    return (await this.once(async () => (await this.stored()) ?? (await this.ask(false)))).token
  }

  /** WeChat refused this one. Another process may have a newer; if not, WeChat is made to give one. */
  async replace(refused: string): Promise<string> {
    if (this.held && this.held.token !== refused) return this.held.token
    this.tell(0)
    if (this.failure && isWithin(FAILED, this.failure.since, this.inside.clock())) throw this.failure.error
    const made = await this.once(async () => {
      const stored = await this.stored()
      return stored && stored.token !== refused ? stored : this.ask(true)
    })
    return made.token
  }

  /** Nobody waits for it, and the old one serves on. */
  private renew(): void {
    const now = this.inside.clock()
    if (this.running || (this.failure && isWithin(FAILED, this.failure.since, now))) return
    this.once(async () => {
      const stored = await this.stored()
      if (stored && stored.until - now > MARGIN) return stored
      const mine = await this.inside.store.shared.lease(this.name, now + LEASE, now).catch(() => true)
      return mine || !this.held ? this.ask(false) : this.held
    }).catch(() => undefined)
  }

  /** One at a time in this process; its failure is shared by all who wait, and by who comes in the next seconds. */
  private once(work: () => Promise<Held>): Promise<Held> {
    this.running ??= work()
      .then(
        (held) => {
          this.held = held
          this.failure = undefined
          this.tell(held.until - this.inside.clock())
          return held
        },
        (error: unknown) => {
          this.failure = { error, since: this.inside.clock() }
          throw error
        },
      )
      .finally(() => (this.running = undefined))
    return this.running
  }

  private tell(ms: number): void {
    this.inside.events.emit({ type: 'access-token', app: this.app, ms })
  }

  private async ask(force: boolean): Promise<Held> {
    const { token, expiresIn } = await this.fetch(force)
    const { clock, secrets, store } = this.inside
    const now = clock()
    const held = { token, until: now + Math.max(1, expiresIn) * 1000 }
    const sealed = secrets.seal(JSON.stringify(held), this.name)
    // It is good although nobody else learns of it.
    await store.shared.put(this.name, sealed, held.until, now).catch(() => undefined)
    return held
  }

  /** A store that is slow or down is no reason to wait for a platform that is not. */
  private async stored(): Promise<Held | undefined> {
    const { clock, secrets, store } = this.inside
    const sealed = await within(500, store.shared.get(this.name, clock()), () => new Error('slow')).catch(
      () => undefined,
    )
    const text = sealed === undefined ? undefined : secrets.open(sealed, this.name)
    return text === undefined ? undefined : (JSON.parse(text) as Held)
  }
}
