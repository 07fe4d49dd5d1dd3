import { loggedOut, type LoginError } from '../errors'
import type { Session } from '../options/session'
import type { Response } from '../options/response'
import { createAdmission } from './admission'
import type { Check } from './check'
import type { Addressed } from './finals'
import { createLogins, type LoginData, type LoginsDeps } from './logins'
import { Refusals, type ReadNext } from './rotation'
import { createState, type Held } from './state'
import type { Store } from './store'
import { createSuccession, type Home } from './succession'
import { hasExpired } from './token'
import { isOut, Waiters, type Need, type Waiter } from './waiters'

export interface SessionDeps extends LoginsDeps {
  readonly store: Store
  readonly check: Check
  /** False: a stored session is not checked unless somebody needs it confirmed. */
  readonly checksInBackground: boolean
  readonly hasRefresh: boolean
  readonly readNext: ReadNext | undefined
  readonly home: Home
  /** A token has been accepted for the first time: no lane has to be kept for its client's login. */
  readonly firstAccepted: () => void
}

/** A request that was accepted. */
export interface Accepted extends Addressed {
  /** Whether it had been refused before. */
  readonly isReplay: boolean
}

export type SessionKeeper = ReturnType<typeof createSessionKeeper>

/** The one session of a client and its clones: knows it, checks it, and logs in once for all who wait. */
export function createSessionKeeper(deps: SessionDeps) {
  const { store, cooldown, timers, events, isAutomatic, hasRefresh, readNext, home } = deps
  const state = createState()
  const waiters = new Waiters()
  const refusals = new Refusals()
  const succession = createSuccession(state, deps, refusals, home, readNext)
  const admission = createAdmission(state, waiters, deps.check, timers, home, succession, begin, deps)
  const logins = createLogins(state, waiters, deps, succession, admission)
  let isLoggingOut = false
  const ends = new Set<() => void>()

  function begin(...given: Parameters<ReturnType<typeof createLogins>['begin']>): void {
    logins.begin(...given)
  }

  /** Whether `held` carries the current token. */
  function isCurrent(held: Held): boolean {
    const current = state.held
    return current === held || (current !== undefined && current.session.token === held.session.token)
  }

  /** A fresh token that is refused is as good as a failed login; each token counts once. */
  function countRefusal(held: Held, refusal: unknown): void {
    if (!held.countsRefusal) return
    held.countsRefusal = false
    cooldown.tokenRefused(refusal)
  }

  // What requests look at each time is in its fields.
  return Object.assign(state as Pick<typeof state, keyof typeof state>, {
    admit: admission.admit,
    isCurrent,
    rotates: readNext !== undefined,
    refusals,
    enter: (waiter: Waiter) => waiters.enter(waiter),
    leave: (waiter: Waiter) => waiters.leave(waiter),

    /** What to send for a request that was admitted. One that can do without gets none that has expired. */
    tokenFor: (need: Need): Held | undefined =>
      need === 'any' && !admission.isUsable() ? undefined : state.held,

    current(): Session | undefined {
      admission.read()
      const { held } = state
      return held && (!home.canChange || succession.isHome(held.session)) ? held.session : undefined
    },

    /** Whether a login is not to be expected: a token was accepted, and its time is not over. */
    isLoggedIn(): boolean {
      const { held } = state
      return held !== undefined && held.isAccepted && !hasExpired(held.session, timers)
    },

    /** Whether an answer to this token may change anything. Nearly none does. */
    isNews: (held: Held): boolean =>
      held !== state.held ||
      !held.isAccepted ||
      !cooldown.isClear ||
      readNext !== undefined ||
      !held.finals.isEmpty,

    /** A request with this token was accepted. */
    accepted(held: Held, response: Response, request: Accepted): void {
      const current = state.held
      if (!current || !isCurrent(held)) return
      const isFirst = !current.isAccepted
      current.isAccepted = true
      current.countsRefusal = false
      cooldown.accepted(request.isReplay)
      current.finals.forget(request)
      succession.rotate(current, response)
      if (isFirst) deps.firstAccepted()
    },

    /**
     * A 401 for the current token: it has ended, and whoever needs one next starts a login. Where none may
     * start now the token stays, for it may well serve other requests, and what stands in the way is returned.
     */
    refused(held: Held, refusal: unknown): LoginError | undefined {
      const current = state.held
      if (!current || !isCurrent(held)) return undefined
      countRefusal(current, refusal)
      const isLoginDue = !state.login && (isAutomatic || (hasRefresh && succession.mayRefresh(current)))
      const obstacle = isLoginDue ? cooldown.obstacle(false) : undefined
      if (!obstacle) succession.end(current, isAutomatic ? undefined : refusal, hasRefresh)
      return obstacle
    },

    /** A 401 for the current token that no login can help: the token stays, and this address is remembered. */
    refusedForGood(held: Held, refusal: unknown, request: Addressed): void {
      const current = state.held
      if (!current || !isCurrent(held)) return
      countRefusal(current, refusal)
      current.finals.add(request, timers.now())
    },

    /** Whether a 401 at this address was final a short while ago. */
    wasFinal: (held: Held, request: Addressed): boolean => held.finals.has(request, timers.now()),

    /** Law 12: before a 401 is final, the store is looked at once more. */
    lookForAnother(held: Held, done: () => void): void {
      store.read((stored, isNews) => {
        if (stored && isNews && isCurrent(held) && !state.login && succession.mayAdopt(stored)) {
          succession.adopt(stored)
          admission.wake(false)
        }
        done()
      })
    },

    /** A login although there is a session. One that is in flight already is the one, unless there are data to bring. */
    force(asker: Waiter, data?: LoginData): void {
      const { epoch } = state
      admission.read()
      // A listener may have heard that the store failed, and logged out.
      if (epoch !== state.epoch) return asker.fail(loggedOut())
      logins.force(asker, data)
    },

    set(given: unknown): Session {
      const session = succession.set(given)
      const { login } = state
      cooldown.clear()
      logins.giveUp(() => succession.takeSet(session))
      // A listener may have set another one on hearing of it, or logged out.
      if (login && state.held)
        logins.satisfy((insistsOn) => insistsOn === login || insistsOn === login.next, state.held.session)
      admission.wake(false)
      return session
    },

    /** Each is called at a logout, when those who wait have been told. */
    ends,

    logout(): void {
      state.epoch++
      cooldown.clear()
      logins.giveUp(() => succession.become({ is: 'none' }))
      const error = loggedOut()
      const those = waiters.those((phase) => !isOut(phase))
      for (const waiter of those) waiters.leave(waiter)
      // Before anybody is told: a login in answer to the news must not find the session that is to go. A listener that hears
      // of a failure and logs out in turn has nothing more to remove.
      if (!isLoggingOut) {
        isLoggingOut = true
        store.remove()
        isLoggingOut = false
      }
      for (const waiter of those) waiter.fail(error)
      // Not what is opened in answer to it.
      for (const end of Array.from(ends)) end()
      events.emit({ type: 'logout' })
    },
  })
}
