import type { FailedRequest } from './errors'
import type { Response } from './options'
import type { Need } from './session/session'
import type { TaskListeners } from './task'

/** Exactly one of the two means something: a failure, or the result. */
export type Outcome<R> = (error: unknown, result?: R) => void

/** What goes through the funnel: a request of WeChat's, or any function that takes a token. */
export interface Errand<R, V> {
  readonly label: FailedRequest
  /** What it needs of the session; `undefined` for a request that goes without. */
  readonly need: Need | undefined
  /** Whether it takes one of WeChat's request slots. */
  readonly usesLane: boolean
  readonly totalTimeout: number | undefined
  /** Starts one attempt. `over` comes once, when its lane is free again. May throw a `ConfigError`. */
  send(token: string | undefined, done: Outcome<R>, over: () => void, listeners?: TaskListeners): Attempt
  isUnauthorized(error: unknown, result: R | undefined): boolean
  /** Whether the server answered as one that has accepted the token. */
  isAccepted(result: R): boolean
  /** ms until another try after a failure, or `undefined` when the outcome stands. `retry` counts from 1. */
  retryDelay(error: unknown, result: R | undefined, retry: number): number | undefined
  /** The outcome as a response, for errors and events. */
  asResponse(result: R | undefined): Response | undefined
  /** What the caller gets for a result; or throws what the caller gets. */
  finish(result: R): V
}

export interface Attempt {
  abandon(): void
}
