import { LoginError } from '../errors'
import type { Events, LoginReason } from '../events'
import type { Session } from '../options'
import type { Timers } from '../timers'
import type { Check } from './check'
import type { Cooldown } from './cooldown'
import { hasExpired, type Origin, type RunLogin } from './login'
import type { Obstacle } from './obstacle'
import type { Store } from './store'
import type { Need, Waiter } from './waiter'
import { WaitingRoom } from './waiting-room'

/** What this launch knows of the session. */
type Knowledge =
  | { is: 'unread' }
  | { is: 'reading' }
  /** `refused`: the last one was, by a 401. */
  | { is: 'none'; refused?: Session }
  /** `fresh`: it came from a login of this launch, and no request has been accepted with it yet. */
  | { is: 'known'; session: Session; fresh: boolean }

/** The login in flight. There is never more than one, and after `logout()` it is no longer this one. */
interface Login {
  reason: LoginReason
  forced: boolean
  announced: boolean
  begun: number
}

export interface SessionDeps {
  store: Store
  check: Check
  cooldown: Cooldown
  runLogin: RunLogin
  timers: Timers
  events: Events
  obstacle: Obstacle
  /** False: a stored session is not checked unless somebody needs it confirmed. */
  checkInBackground: boolean
}

export type SessionKeeper = ReturnType<typeof createSessionKeeper>

/** The one session of a client and its clones: knows it, checks it, and logs in once for all who wait. */
export function createSessionKeeper(deps: SessionDeps) {
  const { store, check, cooldown, timers, events } = deps
  let known: Knowledge = { is: 'unread' }
  let login: Login | undefined
  let epoch = 0
  /** In the order in which they came. */
  const waiting = new WaitingRoom()

  /** True when the waiter may go on now. Otherwise what it needs is under way, and it will be resumed or failed. */
  function admit(waiter: Waiter): boolean {
    const { need } = waiter
    if (!wantsCheck() && isReady(need)) {
      waiting.leave(waiter)
      return true
    }
    // First in the room, then whatever it waits for: what is told meanwhile may lead to a logout.
    waiting.enter(waiter)
    if (known.is === 'unread') read()
    if (wantsCheck()) check.ask(checked)
    // It has ended, or has been resumed and gone on by itself.
    if (!waiting.has(waiter) || !waiter.waitsForSession()) return false
    if (isReady(need)) {
      waiting.leave(waiter)
      return true
    }
    if (known.is === 'reading' || login) return false
    const reason = loginReason()
    if (reason) begin(reason, false, waiter)
    else check.ask(checked)
    return false
  }

  function isUsable(): boolean {
    return known.is === 'known' && !hasExpired(known.session, timers)
  }

  /** A stored session is checked once, without anybody waiting for it. */
  function wantsCheck(): boolean {
    return deps.checkInBackground && known.is === 'known' && !login && check.state() === 'unasked'
  }

  function isReady(need: Need | undefined): boolean {
    if (login || known.is === 'unread' || known.is === 'reading') return false
    if (need === 'any') return true
    if (!isUsable()) return false
    return need === 'token' || check.state() === 'passed'
  }

  /** Why a login is needed, or nothing when it is the check that is awaited. */
  function loginReason(): LoginReason | undefined {
    if (known.is === 'none') return known.refused ? 'unauthorized' : 'no-session'
    if (known.is === 'known' && hasExpired(known.session, timers)) return 'expired'
    return check.state() === 'failed' ? 'check-failed' : undefined
  }

  function read(): void {
    known = { is: 'reading' }
    store.read((session) => {
      if (known.is !== 'reading') return
      known = session ? { is: 'known', session, fresh: false } : { is: 'none' }
      wake()
    })
  }

  function checked(): void {
    // The session it asked about may be gone; a login in flight will settle the matter by itself.
    if (check.state() === 'failed' && known.is === 'known' && !login) begin('check-failed', false)
    wake()
  }

  /** Starts a login. Where it may not start, only the one who asked for it is told. */
  function begin(reason: LoginReason, forced: boolean, asker?: Waiter): void {
    const obstacle = deps.obstacle(forced)
    if (obstacle) {
      if (asker) dismiss(asker, obstacle)
      return
    }
    const mine: Login = { reason, forced, announced: false, begun: timers.now() }
    const ended = known.is === 'known' ? known.session : known.is === 'none' ? known.refused : undefined
    const isWanted = (): boolean => login === mine
    login = mine
    deps
      .runLogin({
        // A refreshed token would leave the dead session_key as it is: that takes a new code.
        ended: reason === 'check-failed' ? undefined : ended,
        mayAdopt: ({ token }) => !mine.forced && !(ended && ended.token === token),
        isWanted,
        starting() {
          if (mine.announced) return
          mine.announced = true
          events.emit({ type: 'login', phase: 'start', reason })
        },
      })
      .then(
        ({ session, origin }) => isWanted() && succeeded(mine, session, origin),
        (error: unknown) => isWanted() && failed(mine, error as LoginError),
      )
  }

  function succeeded({ reason, announced, begun }: Login, session: Session, origin: Origin): void {
    login = undefined
    known = { is: 'known', session, fresh: origin !== 'adopted' }
    // Refreshed: WeChat's own session is as it was. Adopted: another copy has mended what the check found.
    if (origin === 'exchanged' || (origin === 'adopted' && check.state() === 'failed')) check.pass()
    if (announced) events.emit({ type: 'login', phase: 'success', reason, duration: timers.now() - begun })
    // Unless a listener has logged out on hearing of it.
    if (origin !== 'adopted' && isCurrent(session.token)) store.write(session)
    wake(origin === 'adopted' ? undefined : session.token)
  }

  /** A failed login ends the waiting of all who cannot do without it. */
  function failed({ reason, forced, begun }: Login, error: LoginError): void {
    login = undefined
    cooldown.failed()
    // Taken before anybody is told: whoever comes in answer to the news waits for the next login.
    const waiters = takeOut((waiter) => waiter.waitsForSession())
    const era = epoch
    events.emit({ type: 'login', phase: 'fail', reason, duration: timers.now() - begun, code: error.code })
    const stillGood = reason === 'check-failed' && !forced && isUsable()
    for (const waiter of waiters) {
      if (era !== epoch) waiter.fail(loggedOut())
      else if (waiter.need === 'any' || (waiter.need === 'token' && stillGood)) waiter.resume()
      else waiter.fail(error)
    }
  }

  function wake(newToken?: string): void {
    for (const waiter of waiting.everybody())
      if (waiting.has(waiter) && waiter.waitsForSession()) waiter.resume(newToken)
  }

  /** Those who are to be told something: out of the room first, for whoever comes meanwhile is not meant. */
  function takeOut(isMeant: (waiter: Waiter) => boolean): Waiter[] {
    const waiters = waiting.everybody().filter(isMeant)
    for (const waiter of waiters) waiting.leave(waiter)
    return waiters
  }

  function dismiss(waiter: Waiter, error: LoginError): void {
    waiting.leave(waiter)
    waiter.fail(error)
  }

  function isCurrent(token: string | undefined): boolean {
    return known.is === 'known' && known.session.token === token
  }

  /** A fresh token that is refused is as good as a failed login; each token counts once. */
  function countRefusal(): void {
    if (known.is !== 'known' || !known.fresh) return
    known.fresh = false
    cooldown.failed()
  }

  return {
    admit,
    /** Where a logout finds them, also those who wait for a lane or for their next try. */
    waiting,
    isCurrent,
    /** Grows with each logout: who was created in an earlier epoch starts no login and sends nothing more. */
    epoch: () => epoch,
    /** The token to send for a request that was admitted. One that can do without gets none that has expired. */
    token(need: Need): string | undefined {
      if (known.is !== 'known' || (need === 'any' && hasExpired(known.session, timers))) return undefined
      return known.session.token
    },

    current(): Session | undefined {
      if (known.is === 'unread') read()
      return known.is === 'known' ? known.session : undefined
    },

    /** A request with this token was accepted. */
    accepted(token: string): void {
      if (!isCurrent(token)) return
      if (known.is === 'known') known.fresh = false
      cooldown.clear()
    },

    /**
     * A 401 for the current token: it is forgotten, and whoever needs one next starts a login. Where none may
     * start now the token stays, for it may well serve other requests, and what stands in the way is returned.
     */
    refused(token: string): LoginError | undefined {
      if (known.is !== 'known' || !isCurrent(token)) return undefined
      countRefusal()
      const obstacle = login ? undefined : deps.obstacle(false)
      if (obstacle) return obstacle
      known = { is: 'none', refused: known.session }
      store.remove(token)
      return undefined
    },

    /** A 401 that no login can help: the token stays as well. */
    refusedForGood(token: string): void {
      if (isCurrent(token)) countRefusal()
    },

    /** A login although there is a session. One that is in flight already is the one. */
    force(asker: Waiter): void {
      if (known.is === 'unread') read()
      waiting.enter(asker)
      if (login) login.forced = true
      else begin('forced', true, asker)
    },

    logout(): void {
      epoch++
      login = undefined
      known = { is: 'none' }
      const waiters = takeOut(() => true)
      const error = loggedOut()
      for (const waiter of waiters) waiter.fail(error)
      store.remove()
      events.emit({ type: 'logout' })
    },
  }
}

export function loggedOut(): LoginError {
  return new LoginError(
    'LOGGED_OUT',
    'logout() was called while this waited to go out. Send it again after a new login if it is still wanted.',
  )
}
