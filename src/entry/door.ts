import type { Config } from '../call/config'
import type { Core } from '../call/core'
import { ConfigError } from '../errors'
import { INSIDE } from '../inside'

/**
 * What entries may use of a client beyond what its users may: this, the sink of `call/sink.ts` with which a stream goes through
 * `client.request()`, and what `entry/authorize.ts` makes of them. Nothing else of the core is an entry's business.
 */
export interface Inside {
  /** Session, clock, phone and lanes, which clones share. */
  readonly core: Core
  /** This client's own options: bases, where the token rides and may go, the platform. */
  readonly config: Config
  /** What ends what was opened on this client. Each is called at a `logout()`, when all who wait have been told; it must not throw. */
  readonly ends: Set<() => void>
}

/** Whoever wraps a client hands its door on, bound to itself. */
export function inside(client: unknown): Inside {
  const { [INSIDE]: door } = Object(client) as { readonly [INSIDE]?: Inside }
  if (door) return door
  throw new ConfigError('Give a client of createClient(), of this copy of the package.')
}
