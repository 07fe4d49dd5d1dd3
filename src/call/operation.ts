import { ConfigError, type FailedRequest } from '../errors'
import type { Response } from '../options/response'
import type { Need } from '../session/waiter'
import type { TaskListeners } from './task'

/** Whoever has sent an attempt and waits for it. Of `error` and `result` exactly one means something. */
export interface Sender<R> {
  readonly listeners: TaskListeners
  /** Comes once, unless the attempt was abandoned. */
  answered(error: unknown, result?: R): void
  /** Comes once, when the lane is free again: after the answer, or when an abandoned attempt has really ended. */
  over(): void
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
  /** Makes the next attempt ready. May throw a `ConfigError`. */
  load(token: string | undefined, sender: Sender<R>): void
  start(): void
  /** Gives up on the attempt that has been started. */
  abandon(): void
  isUnauthorized(error: unknown, result: R | undefined): boolean
  /** ms until another try, or `undefined` when the outcome stands. `retry` counts from 1. */
  retryDelay(error: unknown, result: R | undefined, retry: number): number | undefined
  /** A result as a response, for errors and events. */
  asResponse(result: R): Response
  /** What the caller gets for a result; or throws what the caller gets. */
  finish(result: R): V
}

/** What an errand that runs a function of the app's does in its own way. */
type Own<R, V> = Pick<Errand<R, V>, 'label' | 'open' | 'totalTimeout' | 'asResponse' | 'finish'> &
  Partial<Errand<R, V>>

/** An errand without lane and retries: it runs a function, which may be of the app's. */
export function functionErrand<R, V>(
  run: (token: string | undefined, sender: Sender<R>) => PromiseLike<R> | R,
  own: Own<R, V>,
): Errand<R, V> {
  let token: string | undefined
  let sender: Sender<R>
  return Object.assign(
    {
      usesLane: false,
      isQuiet: false,
      load(...loaded: [string | undefined, Sender<R>]) {
        ;[token, sender] = loaded
      },
      start() {
        // A throw is a rejection, and one without a reason gets one.
        new Promise<R>((answer) => answer(run(token, sender))).then(
          (result) => sender.answered(undefined, result),
          (
            error: unknown = new ConfigError(
              'was rejected without a reason by middleware or by authorize().',
            ),
          ) => sender.answered(error),
        )
      },
      abandon: () => undefined,
      isUnauthorized: () => false,
      retryDelay: () => undefined,
    },
    own,
  )
}
