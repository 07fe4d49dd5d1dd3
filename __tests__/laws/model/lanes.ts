import type { CallModel } from './call'
import type { Copy } from './copy'
import { ABORT_GRACE, LOGIN_TIMEOUT, PHONE_LANES } from './words'
import type { World } from './world'

/** One attempt of a call. */
export interface Attempt {
  readonly call: CallModel
  readonly token: string | undefined
  /** The token had been accepted when it was sent. */
  readonly wasAccepted: boolean
  /** When it gave its last sign of life, by the time that the phone was awake. */
  lastSign: number
  surprises: number
  /** It may have the lane that is kept for a login. */
  mayBeLent: boolean
  /** By the head of its answer, whose pieces are still to come. */
  isAnswered: boolean
  isOver: boolean
  /** By the time that has passed, sleep included. */
  abandonedAt: number | undefined
}

/** A login's own request. Times are those that have passed, sleep included. */
export interface LoginAttempt {
  readonly begunAt: number
  abandonedAt: number | undefined
}

/** The lanes of one phone, which all clients of one copy of the package share (law 9). */
export class Lanes {
  private readonly attempts = new Set<Attempt>()
  private readonly logins = new Set<LoginAttempt>()
  /** How many functions of the app's are at work for a login, and may need a lane themselves. */
  appLogins = 0

  constructor(private readonly world: World) {}

  take(attempt: Attempt): void {
    this.attempts.add(attempt)
    const { concurrency } = this.world.setting
    const { copy, name, kind } = attempt.call
    attempt.mayBeLent = this.appLogins > 0 && (kind === 'open' || kind === 'foreign')
    const busy = this.busy()
    const own = busy.filter(({ call, mayBeLent }) => call.copy === copy && !mayBeLent).length
    if (own > concurrency) this.world.violate(9, `${own} requests on ${concurrency} lanes`)
    if (busy.length + this.loginsNow() > PHONE_LANES)
      this.world.violate(9, `${busy.length} requests and ${this.loginsNow()} logins on a phone's ten lanes`)
    const isKept = this.world.copies.some(
      ({ wire, login, hasAppLogin }) => wire.lanes === this && (login.isInFlight || hasAppLogin),
    )
    const shares = busy.filter(({ mayBeLent }) => !mayBeLent).length
    if (shares >= PHONE_LANES && isKept)
      this.world.violate(9, `${name} takes the lane that is kept for a login`)
  }

  takeForLogin(): LoginAttempt {
    const attempt = { begunAt: this.world.phone.elapsed, abandonedAt: undefined }
    this.logins.add(attempt)
    if (this.busy().length + this.loginsNow() > PHONE_LANES)
      this.world.violate(9, `a login is sent, and there are ${this.busy().length} requests on ten lanes`)
    return attempt
  }

  leaveForLogin(attempt: LoginAttempt): void {
    this.logins.delete(attempt)
  }

  leave(attempt: Attempt): void {
    attempt.isOver = true
    this.attempts.delete(attempt)
  }

  /** Those on the wire of which somebody still wants to hear. */
  heard(): Attempt[] {
    return [...this.attempts].filter(({ abandonedAt }) => abandonedAt === undefined)
  }

  /** The call has ended: what it still has on the wire is given up. */
  abandon(call: CallModel): void {
    for (const attempt of this.attempts)
      if (attempt.call === call && attempt.abandonedAt === undefined)
        attempt.abandonedAt = this.world.phone.elapsed
  }

  /** Those on the wire. One that was sent without a task cannot be seen to be given up: at its time-out at the latest it is. */
  private loginsNow(): number {
    const now = this.world.phone.elapsed
    return [...this.logins].filter(
      ({ begunAt, abandonedAt = begunAt + LOGIN_TIMEOUT }) => now < abandonedAt + ABORT_GRACE,
    ).length
  }

  /** Whether one more request of this client would get a lane, though one is kept. */
  hasRoom(copy: Copy): boolean {
    const busy = this.busy()
    const own = busy.filter(({ call }) => call.copy === copy).length
    return own < this.world.setting.concurrency && busy.length + this.loginsNow() < PHONE_LANES - 1
  }

  private busy(): Attempt[] {
    const now = this.world.phone.elapsed
    return [...this.attempts].filter(({ abandonedAt = Infinity }) => now < abandonedAt + ABORT_GRACE)
  }
}
