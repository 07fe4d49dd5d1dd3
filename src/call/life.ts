import { ConfigError, loggedOut } from '../errors'
import type { Accepted } from '../session/session'
import type { Held } from '../session/state'
import type { Phase, Waiter } from '../session/waiters'
import type { Timer } from '../timers'
import type { Sender } from '../transport/sender'
import type { Core } from './core'
import type { Operation } from './operation'
import type { Replays } from './replays'

/** What is known of a call in its life, for the rooms that carry it through: dispatch, answer, refusal, telling. */
export interface Life<R> extends Waiter, Sender<R>, Accepted {
  readonly core: Core
  readonly operation: Operation<R, unknown>
  /** The session's epoch when the user made the request. */
  readonly epoch: number
  /** When it was made, if anybody is to hear of it. */
  readonly begun: number | undefined
  need: Waiter['need']
  /** How often it was tried again. */
  retries: number
  /** Made when there is something to count: nearly all calls go out once. */
  replays: Replays | undefined
  /** When the login's own request went out, by the time that counts against its time-out. */
  sentAt: number | undefined
  /** The session of the last attempt, and whether anything had been accepted with it when that was sent. */
  held: Held | undefined
  wasAccepted: boolean | undefined
  /** Whether it is counted among those on the wire with that token. */
  isCounted: boolean | undefined
  /** Whether a piece of an answer has been heard: then it is not sent again. */
  wasHeard: boolean | undefined
  retryTimer: Timer | undefined
  totalTimer: Timer | undefined
  /** Where it waits for a lane, or for the foreground. */
  waitsAt: { run: unknown } | undefined
  hasToldOfWaiting: boolean | undefined
  /** It is the answer that counts. */
  finish(result: R): void
  /** Ends it with an error, wherever it is. */
  stop(error: unknown): void
}

/** From here on a logout finds it in this phase. */
export function wait<R>(call: Life<R>, phase: Phase): void {
  call.phase = phase
  call.core.session.enter(call)
}

/** After something of the app's has run: whether it is still where it was, and nobody has logged out. */
export function isStill<R>(call: Life<R>, phase: Phase, epoch: number): boolean {
  if (call.core.session.epoch !== epoch) call.stop(loggedOut())
  return call.phase === phase
}

/** It is no longer among those on the wire with its token. */
export function uncount<R>(call: Life<R>): void {
  const { held, core, isCounted } = call
  call.isCounted = false
  if (isCounted && held) core.session.refusals.left(held)
}

/** With what a function of the app's was rejected, or threw. */
export function failed<R>(
  sender: Sender<R>,
  error: unknown = new ConfigError('was rejected without a reason by middleware or by authorize().'),
): void {
  sender.answered(error, undefined)
}
