import type { FailedRequest } from '../errors'
import type { Signal } from '../options/request'
import type { Response } from '../options/response'
import type { Held } from '../session/state'
import type { Need } from '../session/waiters'
import type { Lane } from '../transport/lanes'
import type { Plan } from '../transport/retry'
import type { HeadersReceived, TaskEvent } from '../transport/task-events'
import type { Sender } from '../transport/sender'

/**
 * `request` one of WeChat's, which takes a lane; `login` the login's own, which takes the lane kept for it, carries a code in
 * place of a token and is told to nobody; `function` a function of the app's that takes a token; `outer` middleware, around calls
 * that tell of themselves.
 */
export type Role = 'request' | 'login' | 'function' | 'outer'

/** What a call carries, attempt by attempt. */
export interface Operation<R, V> {
  readonly role: Role
  /** The call of `wx` that it makes, as in `request:fail abort`. */
  readonly api: string
  readonly totalTimeout: number | undefined
  readonly signal: Signal | undefined
  /** What only a request has that goes over the wire. */
  readonly wire: WireOperation | undefined
  /** For errors and events. */
  label(): FailedRequest
  /** What it needs of the session; nothing for one that goes without. Throws a `ConfigError` if it cannot be sent. */
  open(): Need | undefined
  /** Makes the next attempt ready. May throw a `ConfigError`. */
  load(held: Held | undefined, sender: Sender<R>): void
  /** `time`: what the clock says, if it has been read in this turn. */
  start(lane: Lane | undefined, time: number | undefined): void
  /** Gives up on the attempt that has been started. */
  abort(): void
  /** Somebody has begun to listen to the task. */
  listenTo(event: TaskEvent): void
  /** Whether the token was refused. Asks the app, where it has its own idea. */
  isUnauthorized(error: unknown, result: R | undefined): boolean
  /** A result as a response, for errors and events. Nothing where it says nothing of the token. */
  asResponse(result: R): Response | undefined
  /** What the caller gets for a result; or throws what the caller gets. */
  finish(result: R): V | PromiseLike<V>
}

export interface WireOperation {
  /** Whether an answer says nothing of the token, though its status is 401. */
  readonly ignores401: boolean
  /** Whether pieces of an answer with this head may be heard, as far as the head tells. */
  mayOpen(head: HeadersReceived): boolean
  /** It is the answer that counts: listeners hear of it what was held back. */
  deliver(response: Response): void
  /** Whether it goes out again. Asks, and changes nothing. */
  plan(error: unknown, response: Response | undefined, retries: number): Plan | undefined
  /** An attempt has failed, and this is what follows. */
  failed(error: unknown, plan: Plan | undefined): void
  /** Method and path, under which a final 401 is remembered. */
  address(): string
}
