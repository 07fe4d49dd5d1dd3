import { loggedOut, type LoginError } from '../errors'
import type { Events, LoginReason } from '../events'
import type { Session } from '../options/session'
import type { Timers } from '../timers'
import type { Check } from './check'
import { hasExpired, type Origin, type RunLogin } from './login'
import type { Pause } from './cooldown'
import type { Store } from './store'
import { createWaitingRoom, isGone } from './waiters'
import type { Need, Waiter } from './waiter'

/** What this launch knows of the session. */
type Knowledge =
  | { is: 'unread' | 'reading' }
  /** `refused`: the last one was, by a 401. */
  | { is: 'none'; refused?: Session }
  /** `fresh`: it came from a login of this launch, and no request has been accepted with it yet. */
  | { is: 'known'; session: Session; fresh: boolean }

/** The login in flight. There is never more than one, and after `logout()` it is no longer this one. */
interface Login {
  reason: LoginReason
  forced: boolean
  begun: number
}

export interface SessionDeps {
  store: Store
  check: Check
  pause: Pause
  runLogin: RunLogin
  timers: Timers
  events: Events
  /** False: a stored session is not checked unless somebody needs it confirmed. */
  checkInBackground: boolean
}

export type SessionKeeper = ReturnType<typeof createSessionKeeper>

/** The one session of a client and its clones: knows it, checks it, and logs in once for all who wait. */
export function createSessionKeeper(deps: SessionDeps) {
  const { store, check, pause, timers, events, checkInBackground } = deps
  let known: Knowledge = { is: 'unread' }
  let login: Login | undefined
  let epoch = 0
  const room = createWaitingRoom()

  /** True when the waiter may go on now. Otherwise what it needs is under way, and it will be resumed or failed. */
  function admit(waiter: Waiter): boolean {
    const { need } = waiter
    if (!wantsCheck(need) && isReady(need)) return true
    // First into the room, then whatever it waits for: what is told meanwhile may lead to a logout.
    room.enter(waiter)
    if (known.is === 'unread') read()
    if (wantsCheck(need)) check.ask(checked)
    // It has ended, or has been resumed and gone on by itself.
    if (waiter.phase !== 'authorising') return false
    if (isReady(need)) return true
    if (known.is === 'reading' || login) return false
    const reason = loginReason()
    if (reason) begin(reason, false, waiter)
    else check.ask(checked)
    return false
  }

  function currentToken(): string | undefined {
    return known.is === 'known' ? known.session.token : undefined
  }

  function isUsable(): boolean {
    return known.is === 'known' && !hasExpired(known.session, timers)
  }

  /** Once for a stored session, without anybody waiting for it; not for whoever must not start a login. */
  function wantsCheck(need: Need | undefined): boolean {
    return checkInBackground && need !== 'any' && known.is === 'known' && !login && check.state === 'unasked'
  }

  function isReady(need: Need | undefined): boolean {
    if (login || known.is === 'unread' || known.is === 'reading') return false
    return need === 'any' || (isUsable() && (need === 'token' || check.state === 'passed'))
  }

  /** Why a login is needed, or nothing when it is the check that is awaited. */
  function loginReason(): LoginReason | undefined {
    if (known.is === 'none') return known.refused ? 'unauthorized' : 'no-session'
    if (!isUsable()) return 'expired'
    return check.state === 'failed' ? 'check-failed' : undefined
  }

  function read(): void {
    known = { is: 'reading' }
    store.read((session) => {
      if (known.is !== 'reading') return
      if (session) store.took(session)
      known = session ? { is: 'known', session, fresh: false } : { is: 'none' }
      wake()
    })
  }

  function checked(): void {
    // The session it asked about may be gone; a login in flight will settle the matter by itself.
    if (check.state === 'failed' && known.is === 'known' && !login) begin('check-failed', false)
    wake()
  }

  /** Starts a login. Where it may not start, only the one who asked for it is told. */
  function begin(reason: LoginReason, forced: boolean, asker?: Waiter): void {
    const obstacle = pause.obstacle(forced)
    if (obstacle) return asker && asker.fail(obstacle)
    const mine: Login = (login = { reason, forced, begun: timers.now() })
    const ended = known.is === 'known' ? known.session : known.is === 'none' ? known.refused : undefined
    const isWanted = (): boolean => login === mine
    let isAnnounced = false
    deps
      .runLogin({
        // A refreshed token would leave the dead session_key as it is: that takes a new code.
        ended: reason === 'check-failed' ? undefined : ended,
        adopt(session) {
          if (!isWanted() || mine.forced || (ended && ended.token === session.token)) return false
          store.took(session)
          done(session, 'adopted')
          return true
        },
        isWanted,
        starting() {
          if (!isAnnounced) events.emit({ type: 'login', phase: 'start', reason })
          isAnnounced = true
        },
      })
      .then(
        (gained) => gained && isWanted() && done(gained.session, gained.origin),
        (error: unknown) => isWanted() && failed(mine, error as LoginError),
      )

    function done(session: Session, origin: Origin): void {
      const isNew = origin !== 'adopted'
      login = undefined
      known = { is: 'known', session, fresh: isNew }
      // Refreshed: WeChat's own session is as it was. Adopted: another copy has mended what the check found.
      if (origin === 'exchanged' || (!isNew && check.state === 'failed')) check.state = 'passed'
      if (isAnnounced) tell(mine, 'success')
      // Unless a listener has logged out on hearing of it.
      if (isNew && currentToken() === session.token) store.write(session)
      wake(isNew ? session.token : undefined)
    }
  }

  /** A failed login ends the waiting of all who cannot do without it. */
  function failed(mine: Login, error: LoginError): void {
    login = undefined
    pause.failed()
    // Taken before anybody is told: whoever comes in answer to the news waits for the next login.
    const waiters = room.takeOut((phase) => phase === 'authorising')
    const era = epoch
    tell(mine, 'fail', error)
    const canDoWithout = !mine.forced && isUsable()
    for (const waiter of waiters) {
      // It may have been aborted at the news.
      if (waiter.phase !== 'authorising') continue
      if (era !== epoch) waiter.fail(loggedOut())
      else if (waiter.need === 'any' || (waiter.need === 'token' && canDoWithout)) waiter.resume()
      else waiter.fail(error)
    }
  }

  function tell({ reason, begun }: Login, phase: 'success' | 'fail', error?: LoginError): void {
    const duration = timers.now() - begun
    events.emit(
      Object.assign({ type: 'login' as const, phase, reason, duration }, error && { code: error.code }),
    )
  }

  function wake(newToken?: string): void {
    for (const waiter of room.authorising()) if (waiter.phase === 'authorising') waiter.resume(newToken)
  }

  /** A fresh token that is refused is as good as a failed login; each token counts once. */
  function countRefusal(): void {
    if (known.is !== 'known' || !known.fresh) return
    known.fresh = false
    pause.failed()
  }

  return {
    admit,
    currentToken,
    /** A seat for somebody who waits for a lane or for the next try, so that a logout finds it. */
    seat: (waiter: Waiter) => room.enter(waiter),
    /** Grows with each logout: who was created in an earlier epoch starts no login and sends nothing more. */
    epoch: () => epoch,
    /** The token to send for a request that was admitted. One that can do without gets none that has expired. */
    token: (need: Need): string | undefined => (need === 'any' && !isUsable() ? undefined : currentToken()),

    current(): Session | undefined {
      if (known.is === 'unread') read()
      return known.is === 'known' ? known.session : undefined
    },

    /** A request with this token was accepted. */
    accepted(token: string): void {
      if (known.is !== 'known' || known.session.token !== token) return
      known.fresh = false
      pause.clear()
    },

    /**
     * A 401 for the current token: it is forgotten, and whoever needs one next starts a login. Where none may
     * start now the token stays, for it may well serve other requests, and what stands in the way is returned.
     */
    refused(): LoginError | undefined {
      if (known.is !== 'known') return undefined
      countRefusal()
      const obstacle = login ? undefined : pause.obstacle(false)
      if (obstacle) return obstacle
      const { session } = known
      known = { is: 'none', refused: session }
      store.remove(session.token)
      return undefined
    },

    /** A 401 for the current token that no login can help: the token stays as well. */
    refusedForGood: countRefusal,

    /** A login although there is a session. One that is in flight already is the one. */
    force(asker: Waiter): void {
      const era = epoch
      if (known.is === 'unread') read()
      // A listener may have heard that the store failed, and logged out.
      if (era !== epoch) return asker.fail(loggedOut())
      room.enter(asker)
      if (login) login.forced = true
      else begin('forced', true, asker)
    },

    logout(): void {
      epoch++
      login = undefined
      known = { is: 'none' }
      const error = loggedOut()
      const waiters = room.takeOut((phase) => !isGone(phase))
      // Before anybody is told: a login in answer to the news must not find the session that is to go.
      store.remove()
      for (const waiter of waiters) waiter.fail(error)
      events.emit({ type: 'logout' })
    },
  }
}
