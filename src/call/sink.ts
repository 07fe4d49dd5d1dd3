import type { Streaming } from '../transport/wire'
import type { Finish } from './request'

/** Where an answer in pieces goes to: what an entry adds to a request that it streams. */
export interface Sink extends Streaming {
  /** What it asks the server for, unless the request says otherwise. */
  readonly accept: string
  /** Bytes that were handed on. */
  delivered: number
  /** Whether its attempt carries a token. */
  isAuthorized: boolean
  /** Whether the request has been ended from here: nothing is handed on any more. */
  isStopped: boolean
  /** What to make of the whole answer. Throws what its caller gets. */
  readonly finish: Finish<unknown>
}

/** Where a request keeps it, middleware or not: not a name that users meet, and never sent. */
export const SINK = Symbol('sink')

export function sinkOf(request: object): Sink | undefined {
  return (request as { readonly [SINK]?: Sink })[SINK]
}
