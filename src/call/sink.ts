import type { HeadersReceived } from '../transport/task-events'
import type { Finish } from './request'

/** Where an answer in pieces goes to: what an entry adds to a request that it streams. */
export interface Sink {
  /** ms of silence, from the head on. Until the head, `timeout` counts. */
  readonly idleTimeout: number
  /** What it asks the server for, unless the request says otherwise. */
  readonly accept: string
  /** Bytes that were handed on. */
  delivered: number
  /** Whether its attempt carries a token. */
  isAuthorized: boolean
  /** Whether an answer with this head is a stream. The status may not be known yet. */
  opens(head: HeadersReceived): boolean
  readonly finish: Finish<unknown>
}

/** Where a request keeps it, middleware or not: not a name that users meet, and never sent. */
export const SINK = Symbol('sink')

export function sinkOf(request: object): Sink | undefined {
  return (request as { readonly [SINK]?: Sink })[SINK]
}
