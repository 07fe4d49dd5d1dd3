import type { Events } from '../events'
import type { SessionKeeper } from '../session/session'
import type { Timers } from '../timers'
import type { Share } from '../transport/lanes'
import type { Phone } from '../transport/phone'

/** What all clones of a client have in common, as calls see it. */
export interface Core {
  readonly session: SessionKeeper
  readonly timers: Timers
  readonly events: Events
  /** Throws a `ConfigError` where there is no platform. */
  phone(): Phone
  /** This client's share of the phone's lanes, once it was asked for. */
  lanes: Share | undefined
  share(): Share
}
