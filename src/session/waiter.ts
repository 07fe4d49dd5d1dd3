import type { LoginError } from '../errors'

/**
 * What a request needs before it may go out:
 * `token` a session; `confirmed` one that WeChat confirms; `any` nothing, but it waits for a login in flight.
 */
export type Need = 'token' | 'confirmed' | 'any'

/** Whatever a call waited for, it asks the session again before it sends: the door may have closed (law 3). */
export type Phase = 'authorising' | 'queued' | 'departing' | 'on the wire' | 'between tries' | 'settled'

/** Whoever waits, for the session or for anything else that a logout ends. */
export interface Waiter {
  readonly need: Need | undefined
  /** `authorising` is to wait for the session. */
  phase: Phase
  /** Grows from one to the next: those who came first go first, however often they had to come back. */
  readonly id: number
  /** Whether it has a seat in the waiting room, which alone says so. */
  seated: boolean
  /** Something has changed: ask `admit` again. `newToken`: a login that used the network has brought it. */
  resume(newToken?: string): void
  fail(error: LoginError): void
}
