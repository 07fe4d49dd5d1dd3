import { ConfigError } from '../errors'
import type { Events, SessionSource } from '../events'
import type { Session, SessionInit } from '../options/session'
import type { Response } from '../options/response'
import type { Timers } from '../timers'
import type { Check } from './check'
import { toInit } from './exchange'
import { Finals } from './finals'
import { ENDED, makeSession, type Inherited, type SessionRecord, type Stored } from './record'
import type { ReadNext, Refusals } from './rotation'
import { learn, type Held, type Knowledge, type SessionState } from './state'
import type { Store } from './store'
import { hasExpired } from './token'

/** Where a token may go, and where one comes from. */
export interface Home {
  /** Whether a token of this origin may go out. Asked each time only where that can change. */
  has(origin: string): boolean
  readonly canChange: boolean
  /** Where a token that arrives now comes from. */
  now(): string | undefined
}

export type Succession = ReturnType<typeof createSuccession>

/** How one session follows another: read, gained by a login, adopted from another copy, rotated, set by the app. */
export function createSuccession(
  state: SessionState,
  { store, check, timers, events }: { store: Store; check: Check; timers: Timers; events: Events },
  refusals: Refusals,
  home: Home,
  readNext: ReadNext | undefined,
) {
  function become(known: Knowledge, source?: SessionSource): void {
    learn(state, known)
    if (source) events.emit({ type: 'session', source })
    refusals.judgeAll()
  }

  function isHome({ origin }: Session): boolean {
    return origin === undefined || home.has(origin)
  }

  /** Makes it the current one. Stored unless a listener has put an end to it on hearing of it. */
  function take(held: Held): void {
    become({ is: 'known', held }, held.source)
    if (state.held === held) store.write(recordOf(held))
  }

  /** What there was before, whether or not it has ended. */
  function before(): Held | undefined {
    const { known, held } = state
    return known.is === 'none' ? known.ended : held
  }

  /** What goes on in the session that follows. */
  function inherit(from: Held | undefined): Inherited {
    const origin = home.now()
    return from ? { id: from.session.id, data: from.session.data, origin } : { origin }
  }

  /** A phone's clock may be wrong: a time that is past already when it arrives says nothing. */
  function withoutPast(init: SessionInit): SessionInit {
    return hasExpired(init, timers) ? Object.assign({}, init, { expiresAt: undefined }) : init
  }

  /** What a refresh has brought and nobody accepts is not refreshed again: a code is taken (law 14). */
  function mayRefresh(held: Held): boolean {
    return held.mayRefresh && (held.source !== 'refresh' || held.isAccepted)
  }

  return {
    become,
    isHome,
    before,
    mayRefresh,

    read(done: () => void): void {
      become({ is: 'reading' })
      store.read((stored) => {
        // What was there before a session that was set or gained meanwhile is no news of another copy's.
        if (stored && isHome(stored.session)) store.took(stored.session.token)
        if (state.known.is !== 'reading') return
        // What is another server's is not taken up, and not removed.
        if (!stored || !isHome(stored.session)) become({ is: 'none' })
        else {
          const held = hold(stored.session, 'stored', stored.isSet)
          if (stored.session.expiresAt === ENDED) become({ is: 'none', ended: held })
          else become({ is: 'known', held }, 'stored')
        }
        done()
      })
    },

    /** What a login has brought. */
    gain(given: SessionInit, how: 'refresh' | 'login'): Session {
      const refreshed = how === 'refresh' ? before() : undefined
      const session = makeSession(withoutPast(given), inherit(refreshed))
      if (how === 'login') check.state = 'passed'
      take(hold(session, how, refreshed !== undefined && refreshed.isSet))
      return session
    },

    mayAdopt({ session }: Stored): boolean {
      const last = before()
      return (
        !hasExpired(session, timers) && isHome(session) && !(last && last.session.token === session.token)
      )
    },

    adopt({ session, isSet }: Stored): undefined {
      store.took(session.token)
      // Another copy has mended what the check found.
      if (check.state === 'failed') check.state = 'passed'
      become({ is: 'known', held: hold(session, 'adopted', isSet) }, 'adopted')
    },

    /** The next token of the same session, if an answer to the current one brings it. */
    rotate(held: Held, response: Response): void {
      const next = readNext && readNext(response)
      const isSame = next && next.token === held.session.token
      if (!next || (isSame && next.expiresAt === undefined)) return
      const session = makeSession(withoutPast(next), inherit(held))
      if (isSame) {
        state.changes++
        held.session = session
        return store.write(recordOf(held))
      }
      take(Object.assign({}, held, { session, source: 'rotated' as const, out: 0 }))
    },

    set(given: unknown): Session {
      let init: SessionInit
      try {
        init = toInit(given, 'that setSession() was given')
      } catch (error) {
        throw new ConfigError((error as Error).message)
      }
      const session = makeSession(withoutPast(init), inherit(undefined))
      if (isHome(session)) return session
      throw new ConfigError(
        `setSession(): a session of ${String(session.origin)} cannot be used: its token may go to authOrigins alone.`,
      )
    },

    takeSet: (session: Session) => take(hold(session, 'set', true)),

    /** It was refused. What a refresh may need of it stays in the store, where there is one. */
    end(held: Held, refusal: unknown, hasRefresh: boolean): void {
      held.mayRefresh = mayRefresh(held)
      become({ is: 'none', ended: held, refusal })
      if (hasRefresh) store.end(recordOf(held))
      else store.remove(held.session.token)
    },
  }
}

function hold(session: Session, source: SessionSource, isSet: boolean): Held {
  const isByCode = source === 'login'
  return {
    session,
    source,
    isSet,
    isByCode,
    isAccepted: false,
    countsRefusal: isByCode || source === 'refresh',
    mayRefresh: true,
    out: 0,
    finals: new Finals(),
  }
}

function recordOf({ session, isSet }: Held): SessionRecord {
  return isSet ? Object.assign({}, session, { set: true as const }) : session
}
