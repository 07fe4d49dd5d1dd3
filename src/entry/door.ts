import type { Config } from '../call/config'
import type { Core } from '../call/core'
import { ConfigError } from '../errors'

/**
 * What entries may use of a client beyond what its users may: this, the sink of `call/sink.ts` with which a stream goes through
 * `client.request()`, and what `entry/authorize.ts` makes of them. Nothing else of the core is an entry's business.
 */
export interface Inside {
  /** Session, clock, phone and lanes, which clones share. */
  readonly core: Core
  /** This client's own options: bases, where the token rides and may go, the platform. */
  readonly config: Config
  /** Calls back at each `logout()`, when all who wait have been told. Returns what stops it. */
  onEnd(listener: () => void): () => void
}

/** Where a client keeps it: not a name that users meet. Whoever wraps a client hands it on, bound to itself. */
export const INSIDE = Symbol('inside')

export function inside(client: unknown): Inside {
  const { [INSIDE]: door } = Object(client) as { readonly [INSIDE]?: Inside }
  if (door) return door
  throw new ConfigError('needs a client, one that createClient() of this copy of the package has made.')
}
