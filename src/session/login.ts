import { LoginError, type RequestError } from '../errors'
import type { Session } from '../options/session'
import { limit, type Timers } from '../timers'
import { blot, quiet, type Platform, type PlatformFailure } from '../platforms/wechat'
import { toSession, type Exchange } from './exchange'
import type { Store } from './store'

/** Where a session came from: another copy of this package, `login.refresh`, or a code of `wx.login`. */
export type Origin = 'adopted' | 'refreshed' | 'exchanged'

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
  /**
   * Takes up another copy's session, if it may, and is done at once: with a promise between the two, the login could
   * become a forced one, which must not adopt.
   */
  adopt: (session: Session) => boolean
  /** False once nobody wants it any more: no code is burned then. */
  isWanted: () => boolean
  /** Called before anything leaves the phone. */
  starting: () => void
}

/** Nothing comes of it when a session was adopted. */
export type RunLogin = (job: LoginJob) => Promise<{ session: Session; origin: Origin } | undefined>

/** What DevTools' test appid answers every wx.login with (reported: Tencent/wepy#325): no code, and never used up. */
const MOCK_CODE = 'the code is a mock one'

/** Looks in the store, refreshes, asks for a code, exchanges it. Rejects with a `LoginError`. */
export function createLogin(
  { exchange, refresh, timeout, retry }: LoginSetup,
  platform: () => Platform,
  timers: Timers,
  store: Store,
): RunLogin {
  /** Codes that went to the server. None goes twice, whatever became of it and whatever WeChat hands out. */
  const spent = new Set<unknown>()

  return async ({ ended, adopt, isWanted, starting }) => {
    const end = timers.now() + 2 * timeout
    let mayRefresh = ended && refresh
    for (let triesLeft = retry; ;) {
      // Before it looks: what it saw would be no news to the next login.
      assertWanted()
      const other = await step('', lookForAnother).catch(() => undefined)
      if (other && adopt(other)) return undefined
      if (isWanted()) starting()
      assertWanted()
      try {
        if (ended && mayRefresh) {
          const answer = await step('login.refresh', mayRefresh.bind(undefined, ended))
          return { session: arrived(toSession(answer, 'that login.refresh gave')), origin: 'refreshed' }
        }
        const { code, fromCache } = Object(await step('wx.login', askForCode)) as LoginAnswer
        // WeChat's cache manager answers wx.login too, with a code that is old (weak network guide).
        if (!code || fromCache || spent.has(code)) {
          const what = code ? 'an old code from a cache' : 'no code'
          throw new LoginError(
            'LOGIN_FAILED',
            `wx.login gave ${what}. Keep it out of your cache manager's rules.`,
          )
        }
        assertWanted()
        if (code !== MOCK_CODE) spent.add(code)
        const session = await step('The login request', (ms) => exchange(code, ms), code)
        return { session: arrived(session), origin: 'exchanged' }
      } catch (error) {
        const { code } = error as LoginError
        const isFinal = code === 'LOGIN_TIMEOUT' || code === 'LOGIN_BLOCKED'
        if (!mayRefresh && (isFinal || !isWanted() || triesLeft-- <= 0 || end <= timers.now())) throw error
        mayRefresh = undefined
      }
    }

    /** One step, in its share of the time that is left. Whatever goes wrong is a `LoginError`, without the code. */
    function step<T>(what: string, start: (ms: number) => PromiseLike<T> | T, code?: string): Promise<T> {
      const ms = Math.min(timeout, end - timers.now())
      const late = (): LoginError =>
        new LoginError('LOGIN_TIMEOUT', `${what} did not answer within ${ms} ms. Offer a retry.`)
      return limit(timers, ms, () => start(ms), late).catch((cause: unknown) => {
        throw asLoginError(what, cause, code)
      })
    }

    /** Nobody waits for it any more; nor will anybody see this error. */
    function assertWanted(): void {
      if (!isWanted()) throw new LoginError('LOGGED_OUT', 'logout() ended this login.')
    }
  }

  function askForCode(timeout: number): Promise<unknown> {
    return new Promise((success, fail) => quiet(platform().login({ timeout, success, fail })))
  }

  /** Law 12: a session in the store that this copy has not put there. */
  function lookForAnother(): Promise<Session | undefined> {
    return new Promise((resolve) => {
      store.read((stored, news) =>
        resolve(stored && news && !hasExpired(stored, timers) ? stored : undefined),
      )
    })
  }

  /** A phone whose clock is ahead would log in for every request. */
  function arrived(session: Session): Session {
    if (hasExpired(session, timers)) delete session.expiresAt
    return session
  }
}

interface LoginAnswer {
  code?: string
  fromCache?: boolean
}

export function hasExpired({ expiresAt }: Session, timers: Timers): boolean {
  return expiresAt !== undefined && expiresAt <= timers.wallClock()
}

/** By the public errno table: 5 is a time-out, 1402101 a user whom WeChat has blocked. */
function asLoginError(what: string, cause: unknown, secret: string | undefined): LoginError {
  if (cause instanceof LoginError) return cause
  const { code, errno, errMsg, message = errMsg } = Object(cause) as PlatformFailure & Partial<RequestError>
  return errno === 1402101
    ? new LoginError(
        'LOGIN_BLOCKED',
        'WeChat does not let this user log in. A retry will not help: tell the user.',
        cause,
      )
    : new LoginError(
        code === 'TIMEOUT' || errno === 5 ? 'LOGIN_TIMEOUT' : 'LOGIN_FAILED',
        `${what} failed (${blot(String(message || cause), secret)}). Offer a retry.`,
        cause,
      )
}
