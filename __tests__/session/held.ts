import { makeSession } from '../../src/session/record'
import { Finals } from '../../src/session/finals'
import type { Held } from '../../src/session/state'

/** A session as the keeper holds it: stored, and neither accepted nor refused yet. */
export function heldOf(token = 'a', given: Partial<Held> = {}): Held {
  return {
    session: makeSession({ token }),
    source: 'stored',
    isSet: false,
    isByCode: false,
    isAccepted: false,
    countsRefusal: false,
    mayRefresh: true,
    out: 0,
    finals: new Finals(),
    ...given,
  }
}
