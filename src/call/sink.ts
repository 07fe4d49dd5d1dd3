import type { INSIDE } from '../inside'
import type { HeadersReceived, Hearing } from '../transport/task-events'
import type { Finish } from './finish'

/** Where an answer in pieces goes to: what an entry adds to a request that it streams. */
export interface Sink {
  /** In place of a task's. */
  readonly listeners: Hearing
  /** ms of silence, from the head on. Until the head, `timeout` counts. */
  readonly idleTimeout: number
  /** Whether the request has been ended: nothing is handed on any more. */
  isStopped: boolean
  /** An attempt is about to go out, with a token or without. Throws if there must be none. */
  begin(isAuthorized: boolean): void
  /** Whether an answer with this head is a stream. The status may not be known yet. */
  opens(head: HeadersReceived): boolean
  /** What to make of the whole answer. Throws what its caller gets. */
  readonly finish: Finish<unknown>
}

/** A request that may have one. */
export interface Streamed {
  readonly [INSIDE]?: Sink
}
