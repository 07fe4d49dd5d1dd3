import type { FailedRequest } from './errors'
import type { Response } from './response'
import type { Need } from './session/waiter'
import type { TaskListeners } from './task'

/** Whoever has sent an attempt and waits for it. Of `error` and `result` exactly one means something. */
export interface Sender<R> {
  readonly listeners: TaskListeners
  /** Comes once, unless the attempt was abandoned. */
  answered(error: unknown, result?: R): void
  /** Comes once, when the lane is free again: after the answer, or when an abandoned attempt has really ended. */
  over(): void
}

export interface Attempt {
  start(): void
  abandon(): void
}

/** What a call carries: a request of WeChat's, or any function that takes a token. */
export interface Errand<R, V> {
  /** For errors and events. */
  label(): FailedRequest
  /** What it needs of the session; nothing for one that goes without. Throws a `ConfigError` if it cannot be sent. */
  open(): Need | undefined
  /** Whether it takes one of WeChat's request slots. */
  readonly usesLane: boolean
  readonly totalTimeout: number | undefined
  /** Whether event listeners hear nothing of it. */
  readonly isQuiet: boolean
  /** Makes one attempt, not yet started. May throw a `ConfigError`. */
  attempt(token: string | undefined, sender: Sender<R>): Attempt
  isUnauthorized(error: unknown, result: R | undefined): boolean
  /** ms until another try, or `undefined` when the outcome stands. `retry` counts from 1. */
  retryDelay(error: unknown, result: R | undefined, retry: number): number | undefined
  /** A result as a response, for errors and events. */
  asResponse(result: R): Response
  /** What the caller gets for a result; or throws what the caller gets. */
  finish(result: R): V
}
