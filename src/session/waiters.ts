import type { LoginError } from '../errors'
import type { Session } from '../options/session'
import type { Held, Login } from './state'

/**
 * What a request needs before it may go out:
 * `token` a session; `confirmed` one that WeChat confirms; `any` nothing, but it waits for a login in flight.
 */
export type Need = 'token' | 'confirmed' | 'any'

/** Whatever a call waited for, it asks the session again before it sends: a login may have begun (law 3). */
export type Phase =
  /** Waits for the session. */
  | 'authorising'
  | 'queued'
  | 'departing'
  | 'sent'
  /** Was refused, and it is not known yet what that means. */
  | 'judging'
  | 'paused'
  /** Has its answer, and `unwrap` is at work. */
  | 'finishing'
  | 'settled'

/** Of whoever may have to wait, whichever client it is of: who came first goes first. */
export const ids = { last: 0 }

/** Whoever waits, for the session or for anything else that a logout ends. */
export interface Waiter {
  readonly need: Need | undefined
  phase: Phase
  /** Grows from one to the next: those who came first go first, however often they had to come back. */
  readonly id: number
  /** Where it stands among those who wait; -1 when it does not. */
  place: number
  /** The login that it insists on: another one will not do. */
  login?: Login | undefined
  /** It is an `ensureLogin()`. */
  readonly isAsker?: boolean
  /** It gave that login its data. */
  readonly gaveData?: boolean
  /** Something has changed: ask `admit` again. `gained`: a login with a code has brought it. */
  resume(gained?: Held): void
  /** The login that it insists on has brought this. */
  done?(session: Session): void
  fail(error: LoginError): void
}

/** Everybody who waits. Who goes is let go at once: what it is answered with must not be kept by this list. */
export class Waiters {
  private readonly list: Waiter[] = []

  enter(waiter: Waiter): void {
    if (waiter.place < 0) waiter.place = this.list.push(waiter) - 1
  }

  /** The last one takes its place: they stand in no order. */
  leave(waiter: Waiter): void {
    if (waiter.place < 0) return
    const last = this.list.pop()
    if (last && last !== waiter) this.list[(last.place = waiter.place)] = last
    waiter.place = -1
  }

  /** Those in such a phase, the oldest first. */
  those(isMeant: (phase: Phase) => boolean): Waiter[] {
    return this.list.filter(({ phase }) => isMeant(phase)).sort((one, other) => one.id - other.id)
  }

  authorising(): Waiter[] {
    return this.those((phase) => phase === 'authorising')
  }
}

/** Whether a logout lets it be: what is on the wire ends as it ends. */
export function isOut(phase: Phase): boolean {
  return phase === 'sent' || phase === 'settled'
}
