import type { Held } from '../session/state'

/** Law 4: once for a token that had been replaced already, once after a login. */
const MOST_REPLAYS = 2
/** Those that follow a rotation are not counted among them, but there is an end to these as well. */
const MOST_ROTATIONS = 10

/** What is known of a request whose token was refused. */
export interface Refusal {
  /** With what it was sent, and whether anything had been accepted with that by then. */
  readonly held: Held
  readonly wasAccepted: boolean
  /** `logout()` came after it was made. */
  readonly isPast: boolean
  /** Its token is still the current one. */
  readonly isCurrent: boolean
  /** The current token is a later one of the same login. */
  readonly wasRotated: boolean
  readonly isGuest: boolean
  /** This address was final a short while ago. */
  readonly wasFinal: boolean
}

export type Verdict =
  /** It is over. */
  | 'final'
  /** It is over, unless another copy has logged in. */
  | 'final here'
  /** The token had been replaced: again with the one there is. */
  | 'stale'
  | 'rotated'
  /** A guest goes out once more, with another token or with none. */
  | 'as guest'
  /** The token has ended, a login follows. */
  | 'ended'

/** How often a call has gone out again because of its token, and what another refusal means (laws 2, 4, 18, 20). */
export class Replays {
  count = 0
  rotations = 0
  /** The session of the last login with a code that the call waited for. */
  awaited: Held | undefined
  /** As a guest, it goes without this one. */
  without: Held | undefined

  judge({ held, wasAccepted, isPast, isCurrent, wasRotated, isGuest, wasFinal }: Refusal): Verdict {
    if (isPast) return 'final'
    if (wasRotated) return this.rotations < MOST_ROTATIONS ? 'rotated' : 'final'
    if (isGuest) return this.count === 0 ? 'as guest' : 'final'
    if (!isCurrent) return this.count < MOST_REPLAYS ? 'stale' : 'final'
    const isOfOwnLogin = held === this.awaited && !wasAccepted
    return this.count >= MOST_REPLAYS || isOfOwnLogin || wasFinal ? 'final here' : 'ended'
  }
}
