import { loggedOut, LoginError } from '../errors'
import type { Session } from '../options/session'
import type { Events, LoginReason } from '../events'
import type { Timers } from '../timers'
import type { Cooldown } from './cooldown'
import type { LoginJob } from './login'
import { setLogin, type Held, type Login, type SessionState } from './state'
import type { Succession } from './succession'
import type { Need, Waiter, Waiters } from './waiters'

export interface LoginsDeps {
  readonly cooldown: Cooldown
  readonly timers: Timers
  readonly events: Events
  readonly runLogin: (job: LoginJob) => void
  /** False: only who asks for a login gets one. */
  readonly isAutomatic: boolean
  readonly hasRefresh: boolean
  /** Tells the phone that a login of this client begins or ends. */
  readonly underWay: (isBeginning: boolean) => void
}

/** What `ensureLogin({ data })` gave. */
export type LoginData = Record<string, unknown>

/**
 * The login in flight, and who waits for which. How a login ends, and what comes of those who wait:
 *
 * | it ends            | a request, a plain `ensureLogin()` | one that forced it | one that gave it `data`    |
 * | ------------------ | ---------------------------------- | ------------------ | -------------------------- |
 * | with a session     | goes on                            | has it             | has it                     |
 * | by adopting        | goes on                            | (never adopts)     | (never adopts)             |
 * | without            | rejected, unless it needs none     | rejected           | rejected                   |
 * | without, with data | asks again                         | asks again         | rejected                   |
 * | by newer data      | waits for that one                 | has that one       | rejected: it was not brought |
 * | by `setSession()`  | goes on                            | has it             | has it                     |
 * | by `logout()`      | rejected                           | rejected           | rejected                   |
 *
 * Whoever forces one while a refresh is at work insists on the login that comes after it.
 */
export function createLogins(
  state: SessionState,
  waiters: Waiters,
  { cooldown, timers, events, runLogin, isAutomatic, hasRefresh, underWay }: LoginsDeps,
  succession: Succession,
  admission: {
    isReady(need: Need | undefined): boolean
    wake(isByCode: boolean): void
  },
) {
  /** Starts a login that somebody needs. Where it may not start, only that one is told. */
  function begin(reason: LoginReason, asker: Waiter | undefined, isAsked: boolean): void {
    start(newLogin(reason, { isAsked }), asker)
  }

  /** A login although there is a session. */
  function force(asker: Waiter, data?: LoginData): void {
    const { login } = state
    const dataKey = data && JSON.stringify(data)
    const forced = (): Login => newLogin('forced', { isForced: true, isAsked: true, data, dataKey })
    waiters.enter(asker)
    if (!login) return start(forced(), asker)
    if (login.isRefreshing) {
      // What a refresh uses up must not be lost: the forced one comes after it.
      if (!login.next || (data && login.next.dataKey !== dataKey)) {
        const older = login.next
        login.next = forced()
        if (older) replace(older, login.next)
      }
      asker.login = login.next
    } else if (!data || login.dataKey === dataKey) {
      login.isForced = login.isAsked = true
      // Nobody passes it any more.
      state.changes++
      asker.login = login
    } else {
      const newer = forced()
      asker.login = newer
      // Before it starts: it may have ended when that returns.
      replace(login, newer)
      start(newer, asker)
    }
  }

  /** `setSession()` or `logout()`: whatever it brings is not wanted any more once `meanwhile` has been done. */
  function giveUp(meanwhile: () => void): void {
    const { login } = state
    if (login) setLogin(state, undefined)
    meanwhile()
    // Only now: those who wait for a lane must not find that there is neither a login nor a session.
    if (login) underWay(false)
  }

  function start(login: Login, asker: Waiter | undefined): void {
    if (asker && login.isForced) asker.login = login
    const obstacle = obstacleOf(login)
    if (obstacle) return refuse(login, asker, obstacle)
    const wasUnderWay = Boolean(state.login)
    setLogin(state, login)
    if (!wasUnderWay) underWay(true)
    launch(login)
  }

  function obstacleOf(login: Login): LoginError | undefined {
    // Where nothing will be asked of a server it is told that a login is required.
    return isAutomatic || login.isAsked || mayRefresh(login, succession.before())
      ? cooldown.obstacle(login.isForced)
      : undefined
  }

  /** A refreshed token would leave WeChat's dead session as it is: that takes a new code. */
  function mayRefresh({ isForced, reason }: Login, ended: Held | undefined): boolean {
    return hasRefresh && ended !== undefined && ended.mayRefresh && !isForced && reason !== 'check-failed'
  }

  function launch(login: Login): void {
    const none = state.known.is === 'none' ? state.known : undefined
    const ended = succession.before()
    login.begun = timers.now()
    runLogin({
      login,
      ended,
      mayRefresh: () => mayRefresh(login, ended),
      wasRefused: () => state.held !== ended,
      refusal: none && none.refusal,
      isWanted: () => state.login === login,
      giveWay() {
        const { next } = login
        login.next = undefined
        if (next) start(next, undefined)
        // Where that may not start, this one goes on.
        return state.login !== login
      },
      adopt: (stored) => {
        if (login.isForced || !succession.mayAdopt(stored)) return false
        succeed(login, () => succession.adopt(stored), false)
        return true
      },
      starting() {
        if (login.isAnnounced) return
        login.isAnnounced = true
        events.emit({ type: 'login', phase: 'start', reason: login.reason })
      },
      done: (init, how) => succeed(login, () => succession.gain(init, how), how === 'login'),
      failed: (error, hadAnswer) => fail(login, error, hadAnswer),
    })
  }

  /** It may not start: only those are told who asked for it. */
  function refuse(login: Login, asker: Waiter | undefined, obstacle: LoginError): void {
    for (const waiter of waiters.authorising())
      if (waiter === asker || waiter.login === login) waiter.fail(obstacle)
  }

  /** Begins the next one, once the end of the last has been told, unless that has put an end to it too. */
  function follow({ next }: Login): void {
    if (!next) return underWay(false)
    if (state.login !== next) return
    const obstacle = obstacleOf(next)
    if (!obstacle) return launch(next)
    setLogin(state, undefined)
    underWay(false)
    refuse(next, undefined, obstacle)
  }

  function succeed(login: Login, take: () => Session | undefined, isByCode: boolean): void {
    // The one that was to come after it takes its place at once: there is never more than one.
    setLogin(state, login.next)
    const session = take()
    tell(login, 'success')
    follow(login)
    if (session) satisfy((insistsOn) => insistsOn === login, session)
    admission.wake(isByCode)
  }

  /** Those who insist on such a login have what they wanted. */
  function satisfy(isMeant: (login: Login) => boolean, session: Session): void {
    for (const waiter of waiters.authorising()) {
      if (!waiter.login || !isMeant(waiter.login) || waiter.phase !== 'authorising') continue
      waiter.login = undefined
      if (waiter.done) waiter.done(session)
    }
  }

  /** A failed login ends the waiting of all who cannot do without it. */
  function fail(login: Login, error: LoginError, hadAnswer: boolean): void {
    const { epoch } = state
    setLogin(state, login.next)
    if (hadAnswer) cooldown.loginFailed(error)
    // Taken before anybody is told: whoever comes in answer to the news waits for the next login, as those do who insist on it.
    const those = waiters.authorising().filter((waiter) => !waiter.login || waiter.login === login)
    for (const waiter of those) waiters.leave(waiter)
    tell(login, 'fail', error)
    follow(login)
    for (const waiter of those) {
      // It may have been aborted at the news.
      if (waiter.phase !== 'authorising') continue
      const insisted = waiter.login !== undefined
      waiter.login = undefined
      // The data were somebody else's, and so is the failure.
      const isOthers = login.data && !waiter.gaveData
      if (epoch !== state.epoch) waiter.fail(loggedOut())
      else if (insisted && isOthers) force(waiter)
      else if (!insisted && (isOthers || admission.isReady(waiter.need))) waiter.resume()
      else waiter.fail(error)
    }
  }

  /** A newer login has taken the place of one that is given up. */
  function replace(older: Login, newer: Login): void {
    for (const waiter of waiters.authorising()) {
      if (waiter.login !== older) continue
      if (!waiter.gaveData) waiter.login = newer
      else
        waiter.fail(
          new LoginError(
            'LOGIN_FAILED',
            'Newer data were given to ensureLogin() before these were sent. Give all of it in one call.',
          ),
        )
    }
  }

  function tell({ reason, begun, isAnnounced }: Login, phase: 'success' | 'fail', error?: LoginError): void {
    if (!isAnnounced) return
    const duration = timers.now() - begun
    events.emit(
      Object.assign({ type: 'login' as const, phase, reason, duration }, error && { code: error.code }),
    )
  }

  return { begin, force, giveUp, satisfy }
}

function newLogin(reason: LoginReason, how: Partial<Login>): Login {
  return Object.assign(
    { reason, isForced: false, isAsked: false, begun: 0, isAnnounced: false, isRefreshing: false },
    how,
  )
}
