import type { LoginReason } from '../events'
import type { Timers } from '../timers'
import type { Check } from './check'
import type { SessionState } from './state'
import type { Home, Succession } from './succession'
import { hasExpired } from './token'
import type { Need, Waiter, Waiters } from './waiters'

/** Who may go out with what there is, and what has to happen first for the others. */
export function createAdmission(
  state: SessionState,
  waiters: Waiters,
  check: Check,
  timers: Timers,
  home: Home,
  succession: Succession,
  /** Starts a login. */
  begin: (reason: LoginReason, asker: Waiter | undefined, isAsked: boolean) => void,
  {
    checksInBackground,
    isAutomatic,
  }: {
    /** False: a stored session is not checked unless somebody needs it confirmed. */
    checksInBackground: boolean
    /** False: nobody is logged in unasked. */
    isAutomatic: boolean
  },
) {
  function isUsable(): boolean {
    const { held } = state
    return (
      held !== undefined &&
      !hasExpired(held.session, timers) &&
      (!home.canChange || succession.isHome(held.session))
    )
  }

  /** Once for a stored session, without anybody waiting for it; not for whoever must not start a login. */
  function wantsCheck(need: Need | undefined): boolean {
    const { held, login } = state
    return Boolean(
      checksInBackground && need !== 'any' && check.state === 'unasked' && !login && held && !held.isSet,
    )
  }

  /** Whether somebody with this need can go on without a login. */
  function isReady(need: Need | undefined): boolean {
    const { known, held, login } = state
    if (known.is === 'unread' || known.is === 'reading') return false
    // A login that only a failed check has begun keeps nobody waiting whose token is good (law 3).
    const maySkip = login && login.reason === 'check-failed' && !login.isForced && need !== 'confirmed'
    if (login && !(maySkip && isUsable())) return false
    if (need === 'any') return true
    if (!held || !isUsable()) return false
    // No check has a say in what the app has set (law 8).
    return need === 'token' || check.state === 'passed' || (check.state === 'failed' && held.isSet)
  }

  /** Why a login is needed, or nothing when it is the check that is awaited. */
  function loginReason(): LoginReason | undefined {
    const { known } = state
    if (known.is === 'none') return known.ended ? 'unauthorized' : 'no-session'
    if (!isUsable()) return 'expired'
    return check.state === 'failed' ? 'check-failed' : undefined
  }

  function checked(): void {
    const { held, login } = state
    // The session it asked about may be gone; a login in flight will settle the matter by itself.
    if (check.state === 'failed' && isAutomatic && held && !held.isSet && !login)
      begin('check-failed', undefined, false)
    wake(false)
  }

  /** Resumes all who wait for the session and insist on no login. */
  function wake(isByCode: boolean): void {
    const gained = isByCode ? state.held : undefined
    for (const waiter of waiters.authorising())
      if (waiter.phase === 'authorising' && !waiter.login) waiter.resume(gained)
  }

  function read(): void {
    if (state.known.is === 'unread') succession.read(() => wake(false))
  }

  /** True when the waiter may go on now. Otherwise what it needs is under way, and it will be resumed or failed. */
  function admit(waiter: Waiter): boolean {
    const { need } = waiter
    const { held } = state
    // Nearly all requests: known for the session's whole life.
    if (
      need === 'token' &&
      held &&
      !state.login &&
      held.session.expiresAt === undefined &&
      !home.canChange &&
      (!checksInBackground || check.state !== 'unasked')
    )
      return true
    if (!wantsCheck(need) && isReady(need)) return true
    // First among those who wait, then whatever it waits for: what is told meanwhile may lead to a logout.
    waiters.enter(waiter)
    read()
    if (wantsCheck(need)) check.ask(checked)
    // It has ended, or has been resumed and gone on by itself.
    if (waiter.phase !== 'authorising') return false
    if (isReady(need)) return true
    // Whoever asks for a login in so many words joins one that requests have begun.
    if (state.login && waiter.isAsker) state.login.isAsked = true
    if (state.known.is === 'reading' || state.login) return false
    const reason = loginReason()
    if (reason) begin(reason, waiter, waiter.isAsker === true)
    else check.ask(checked)
    return false
  }

  return { admit, read, wake, isReady, isUsable }
}
