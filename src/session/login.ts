import { LoginError } from '../errors'
import type { Session } from '../options'
import { within, type Timers } from '../timers'
import type { Platform, PlatformFailure } from '../transport/platform'
import { ask, type Exchange } from './exchange'
import type { Store } from './store'

/** Where a session came from: another copy of this package, `login.refresh`, or a code of `wx.login`. */
export type Origin = 'adopted' | 'refreshed' | 'exchanged'

export type LoginOutcome = { session: Session; origin: Origin } | { error: LoginError }

export interface LoginSetup {
  exchange: Exchange
  refresh: ((session: Session) => Promise<string | Session>) | undefined
  /** ms for each step; a whole login takes twice this at most. */
  timeout: number
  /** Further tries after a failure that came back. */
  retry: number
}

export interface LoginJob {
  /** The session to refresh, where there is one and a refresh will do. */
  ended: Session | undefined
  /** Asked each time: a login that everybody waits for may become a forced one. */
  mayAdopt: () => boolean
  /** Called before the first thing that leaves the phone. */
  started: () => void
  done: (outcome: LoginOutcome) => void
}

/** `wx.login` fails so for a user whom WeChat has blocked (public errno table). */
const BLOCKED = 1402101
const TIMED_OUT = 5

const FINAL = ['LOGIN_TIMEOUT', 'LOGIN_BLOCKED']

/** Runs one login at a time: look in the store, refresh, ask for a code, exchange it. */
export function createLogin(setup: LoginSetup, platform: () => Platform, timers: Timers, store: Store) {
  /** Codes that went to the server. None goes twice, whatever became of it and whatever WeChat hands out. */
  const spent = new Set<string>()

  /** Returns a function that drops the login. */
  return function login(job: LoginJob): () => void {
    const end = timers.now() + 2 * setup.timeout
    let ended = setup.refresh && job.ended
    let triesLeft = setup.retry
    let over = false
    let dropStep = (): void => undefined

    const left = (): number => Math.max(0, Math.min(setup.timeout, end - timers.now()))

    function finish(outcome: LoginOutcome): void {
      if (over) return
      over = true
      job.done(outcome)
    }

    function look(): void {
      store.read((stored, news) => {
        if (over) return
        if (stored && news && job.mayAdopt() && !hasExpired(stored, timers)) {
          finish({ session: stored, origin: 'adopted' })
        } else {
          job.started()
          refresh()
        }
      })
    }

    function refresh(): void {
      // Told of the start, a listener may have logged out.
      if (over) return
      const run = setup.refresh
      const session = ended
      ended = undefined
      if (!run || !session) return getCode()
      dropStep = ask(
        timers,
        left(),
        'login.refresh',
        () => run(session),
        (answer) => {
          if (answer instanceof LoginError) look()
          else arrived(answer, 'refreshed')
        },
      )
    }

    function getCode(): void {
      dropStep = within<string | LoginError>(
        timers,
        left(),
        (settle) => {
          try {
            platform().login({
              timeout: left(),
              success: (result) => settle(readCode(result, spent)),
              fail: (failure) => settle(readFailure(failure)),
            })
          } catch (cause) {
            settle(new LoginError('LOGIN_FAILED', `wx.login threw: ${String(cause)}`, cause))
          }
        },
        () =>
          new LoginError(
            'LOGIN_TIMEOUT',
            `wx.login did not answer within ${setup.timeout} ms. Offer a retry.`,
          ),
        (answer) => {
          if (answer instanceof LoginError) failed(answer)
          else exchange(answer)
        },
      )
    }

    function exchange(code: string): void {
      spent.add(code)
      dropStep = setup.exchange(code, left(), (answer) => {
        if (answer instanceof LoginError) failed(answer)
        else arrived(answer, 'exchanged')
      })
    }

    function arrived(session: Session, origin: Origin): void {
      // A phone whose clock is ahead would log in for every request.
      if (hasExpired(session, timers)) delete session.expiresAt
      finish({ session, origin })
    }

    function failed(error: LoginError): void {
      if (over) return
      if (triesLeft-- > 0 && FINAL.indexOf(error.code) < 0 && left() > 0) look()
      else finish({ error })
    }

    look()
    return () => {
      over = true
      dropStep()
    }
  }
}

export type RunLogin = ReturnType<typeof createLogin>

export function hasExpired(session: Session, timers: Timers): boolean {
  return session.expiresAt !== undefined && session.expiresAt <= timers.wallClock()
}

function readCode(
  result: { code?: string; fromCache?: boolean } | undefined,
  spent: Set<string>,
): string | LoginError {
  const code = result?.code
  // WeChat's cache manager answers wx.login too, with a code that is old (weak network guide).
  if (code && !result.fromCache && !spent.has(code)) return code
  const what = code ? 'an old code from a cache' : 'no code'
  return new LoginError(
    'LOGIN_FAILED',
    `wx.login gave ${what}. Keep wx.login out of your cache manager's rules.`,
  )
}

function readFailure({ errno, errMsg }: PlatformFailure): LoginError {
  if (errno === BLOCKED)
    return new LoginError(
      'LOGIN_BLOCKED',
      'WeChat does not let this user log in here. Tell the user; a retry will not help.',
    )
  return new LoginError(
    errno === TIMED_OUT ? 'LOGIN_TIMEOUT' : 'LOGIN_FAILED',
    `wx.login failed (${String(errMsg)}). Offer a retry.`,
  )
}
