import type { LoginError } from '../errors'

/**
 * What a request needs before it may go out:
 * `token` a session; `confirmed` one that WeChat confirms; `any` nothing, but it waits for a login in flight.
 */
export type Need = 'token' | 'confirmed' | 'any'

/** Whoever waits, for a session or for anything else that a logout ends. */
export interface Waiter {
  readonly need: Need | undefined
  /** Where it sits in the waiting room, which alone sets it. */
  place: number | undefined
  /** True while it waits for the session, not for a lane or for its next try. */
  waitsForSession(): boolean
  /** Something has changed: ask `admit` again. `newToken`: a login that used the network has brought it. */
  resume(newToken?: string): void
  fail(error: LoginError): void
}
