import { LoginError } from '../errors'
import type { Session } from '../options'
import { limit, type Timers } from '../timers'
import { quiet, type Platform, type PlatformFailure } from '../transport/platform'
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
  /** Asked each time: a login that everybody waits for may become a forced one. */
  mayAdopt(session: Session): boolean
  /** False once nobody wants it any more: no code is burned then. */
  isWanted(): boolean
  /** Called before anything leaves the phone. */
  starting(): void
}

const TOO_LATE = (): Error => new Error('too late')

/** Failures that another code would not mend, or that have taken long enough. */
const FINAL = ['LOGIN_TIMEOUT', 'LOGIN_BLOCKED']

export type RunLogin = (job: LoginJob) => Promise<{ session: Session; origin: Origin }>

/** Looks in the store, refreshes, asks for a code, exchanges it. Rejects with a `LoginError`. */
export function createLogin(
  { exchange, refresh, timeout, retry }: LoginSetup,
  platform: () => Platform,
  timers: Timers,
  store: Store,
): RunLogin {
  /** Codes that went to the server. None goes twice, whatever became of it and whatever WeChat hands out. */
  const spent = new Set<string>()

  return async (job) => {
    const end = timers.now() + 2 * timeout
    const left = (): number => Math.min(timeout, end - timers.now())
    let ended = refresh && job.ended
    for (let triesLeft = retry; ;) {
      const other = await limit(timers, left(), lookForAnother, TOO_LATE).catch(() => undefined)
      if (other && job.mayAdopt(other)) return { session: other, origin: 'adopted' }
      if (job.isWanted()) job.starting()
      assertWanted(job)
      try {
        if (refresh && ended) return arrived(await runRefresh(refresh, ended), 'refreshed')
        const code = await getCode()
        assertWanted(job)
        spent.add(code)
        return arrived(await exchange(code, left()), 'exchanged')
      } catch (error) {
        const wasRefresh = ended
        ended = undefined
        if (wasRefresh) continue
        if (
          !job.isWanted() ||
          triesLeft-- <= 0 ||
          FINAL.indexOf((error as LoginError).code) >= 0 ||
          left() <= 0
        )
          throw error
      }
    }

    function runRefresh(run: NonNullable<typeof refresh>, session: Session): Promise<Session> {
      const late = (): LoginError => new LoginError('LOGIN_TIMEOUT', 'login.refresh did not answer in time.')
      return limit(timers, left(), () => run(session), late).then((answer) => toSession(answer))
    }

    function getCode(): Promise<string> {
      const late = (): LoginError =>
        new LoginError('LOGIN_TIMEOUT', `wx.login did not answer within ${timeout} ms. Offer a retry.`)
      return limit(timers, left(), () => askForCode(platform(), left()), late).then((result) => {
        const code = result?.code
        // WeChat's cache manager answers wx.login too, with a code that is old (weak network guide).
        if (code && !result.fromCache && !spent.has(code)) return code
        const what = code ? 'an old code from a cache' : 'no code'
        throw new LoginError(
          'LOGIN_FAILED',
          `wx.login gave ${what}. Keep it out of your cache manager's rules.`,
        )
      }, readFailure)
    }
  }

  /** Law 12: a session in the store that this copy has not put there. */
  function lookForAnother(): Promise<Session | undefined> {
    return new Promise((resolve) => {
      store.read((stored, news) =>
        resolve(stored && news && !hasExpired(stored, timers) ? stored : undefined),
      )
    })
  }

  function arrived(session: Session, origin: Origin): { session: Session; origin: Origin } {
    // A phone whose clock is ahead would log in for every request.
    if (hasExpired(session, timers)) delete session.expiresAt
    return { session, origin }
  }
}

/** Nobody waits for it any more; nor will anybody see this error. */
function assertWanted(job: LoginJob): void {
  if (!job.isWanted()) throw new LoginError('LOGGED_OUT', 'logout() ended this login.')
}

export function hasExpired({ expiresAt }: Session, timers: Timers): boolean {
  return expiresAt !== undefined && expiresAt <= timers.wallClock()
}

function askForCode(
  wx: Platform,
  timeout: number,
): Promise<{ code?: string; fromCache?: boolean } | undefined> {
  return new Promise((success, fail) => quiet(wx.login({ timeout, success, fail })))
}

/** By the public errno table: 5 is a time-out, 1402101 a user whom WeChat has blocked. */
function readFailure(reason: unknown): never {
  if (reason instanceof LoginError) throw reason
  const { errno, errMsg, message } = Object(reason) as PlatformFailure & { message?: string }
  if (errno === 1402101) {
    throw new LoginError(
      'LOGIN_BLOCKED',
      'WeChat does not let this user log in. A retry will not help: tell the user.',
    )
  }
  const code = errno === 5 ? 'LOGIN_TIMEOUT' : 'LOGIN_FAILED'
  throw new LoginError(code, `wx.login failed (${String(errMsg || message)}). Offer a retry.`, reason)
}
