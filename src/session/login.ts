import { ask, ignore } from '../app-code'
import { kindOfFailure, LoginError, statusOf, type FailureKind } from '../errors'
import type { LoginOptions, SessionInit } from '../options/session'
import type { Response } from '../options/response'
import type { Platform } from '../platforms/wechat'
import type { Timers } from '../timers'
import { planRetry, type RetryPolicy } from '../transport/retry'
import { createAskForCode } from './code'
import { readLoginAnswer, toInit, warnOfSessionKey } from './exchange'
import { asLoginError, isPlatformFailure, isRefusal } from './login-error'
import type { Stored } from './record'
import { createRefresh } from './refresh'
import type { Held, Login } from './state'
import { Steps } from './steps'
import type { Store } from './store'

export interface LoginSetup {
  readonly options: LoginOptions
  /** False: only who asks for a login gets one. */
  readonly isAutomatic: boolean
  /** ms for each step; a whole login takes twice this at most. */
  readonly timeout: number
  readonly retry: RetryPolicy
  readonly platform: () => Platform
  /** What gives a code, by its name in messages. */
  readonly call: string
  readonly timers: Timers
  readonly store: Store
  /** Sends the login's own request. `took`: ms on the wire; the time it waits for a lane does not count. */
  readonly post: (
    request: { data: unknown; code: string; timeout: number; isWanted: () => boolean },
    done: (error: unknown, response: Response | undefined, took: number) => void,
  ) => void
  readonly isHidden: () => boolean
  readonly whenShown: (run: () => void) => void
  /** A function of the app's begins or ends: it may send requests that need a lane. */
  readonly lend: (isLending: boolean) => void
}

/** One login, and who hears what becomes of it. */
export interface LoginJob {
  readonly login: Login
  /** What there was before. */
  readonly ended: Held | undefined
  /** Whether what there was may be refreshed. */
  mayRefresh(): boolean
  /** Whether it was refused or replaced by now, and has not just run out of time. */
  wasRefused(): boolean
  /** Why, where it is known: what a request was refused with. */
  readonly refusal: unknown
  /** Takes up another copy's session, if it may, and is done at once. */
  adopt(stored: Stored): boolean
  /** True when a login that was to come after the refresh has taken its place. */
  giveWay(): boolean
  /** False once nobody wants it any more: no code is burned then. */
  isWanted(): boolean
  /** Called before anything leaves the phone. */
  starting(): void
  done(init: SessionInit, how: 'refresh' | 'login'): void
  /** `hadAnswer`: a server or WeChat said no, rather than nothing. */
  failed(error: LoginError, hadAnswer: boolean): void
}

/** What a try of a login came to. `refused`: the code was. `final`: another try would not help. */
type Verdict = 'refused' | 'final' | { failure?: FailureKind; response?: Response }

const NETWORK: Verdict = { failure: 'network' }

/**
 * Makes what runs logins: looks in the store, refreshes, asks for a code, exchanges it. By callbacks rather than promises: where
 * these are timers, each turn of a cold start is seen.
 */
export function createLogin(setup: LoginSetup): (job: LoginJob) => void {
  const { options, isAutomatic, retry, timers, store, post, isHidden, whenShown } = setup
  const { url, exchange, data } = options
  const askForCode = createAskForCode(setup.platform, setup.call, timers)
  const refresh = options.refresh && createRefresh(options.refresh)

  return (job) => {
    const { login, ended } = job
    const steps = new Steps(timers, setup.timeout, () => job.isWanted(), setup.lend)
    let retries = 0
    let hasRetriedRefusal = false
    let wasSent = false
    let lastError: LoginError | undefined
    let refusal = job.refusal
    look()

    /** Law 12: another copy may have logged in meanwhile. */
    function look(): void {
      if (!job.isWanted()) return
      steps.take<Stored | undefined>(
        'The store',
        (done) => store.read((stored, isNews) => done(isNews ? stored : undefined)),
        (other) => {
          if (!other || !job.adopt(other)) begin()
        },
        // A store that is slower than a login may be is not waited for.
        begin,
      )
    }

    function begin(): void {
      const hasWay = Boolean(exchange || url)
      if (!job.mayRefresh() && !(hasWay && (isAutomatic || login.isAsked)))
        return job.failed(loginRequired(hasWay, refusal), false)
      job.starting()
      if (!job.isWanted()) return
      if (refresh && ended && job.mayRefresh()) {
        login.isRefreshing = true
        refresh(steps, ended, () => job.wasRefused(), {
          brought: (init) => job.done(init, 'refresh'),
          unanswered: (error, hadAnswer) => job.failed(error, hadAnswer),
          refused(cause) {
            login.isRefreshing = false
            refusal = cause || refusal
            if (!job.giveWay()) look()
          },
        })
      } else if (options.code === false) send('')
      else
        askForCode(steps, {
          got: send,
          failed: (error, failure, hadAnswer) =>
            tryFailed(error, failure === 'final' ? failure : { failure }, hadAnswer),
          // What the server said of that code tells more.
          gotAgain: (error) => (lastError ? job.failed(lastError, true) : tryFailed(error, NETWORK, true)),
        })
    }

    function send(code: string): void {
      if (steps.left <= 0) {
        const message = 'No time was left for the exchange: see login.timeout. Offer a retry.'
        return job.failed(new LoginError('LOGIN_TIMEOUT', message), false)
      }
      const context = { data: login.data }
      if (exchange) {
        wasSent = true
        steps.ask(
          'login.exchange',
          () => exchange(code, context),
          (answer) =>
            read(() => {
              warnOfSessionKey(answer)
              return toInit(answer, 'that login.exchange gave')
            }),
          (cause) => unread('login.exchange', cause, code),
        )
      } else if (typeof data === 'function')
        steps.take<unknown>(
          'login.data',
          (done, failed) => ask(() => data(code, context), done, failed),
          (body) => request(body, code),
          (cause) => tryFailed(asLoginError('login.data', cause, code), 'final', false),
          // No lane is lent to it.
          ignore,
        )
      else request(Object.assign({}, data, context.data, options.code !== false && { code }), code)
    }

    function request(data: unknown, code: string): void {
      wasSent = true
      post({ data, code, timeout: steps.ms, isWanted: () => job.isWanted() }, (error, response, took) => {
        steps.left -= took
        if (!job.isWanted()) return
        if (!response) unread('The login request', error, code)
        else if (response.fromCache)
          tryFailed(
            new LoginError('LOGIN_FAILED', 'A cache has answered the login request. Offer a retry.'),
            NETWORK,
            false,
          )
        else read(() => readLoginAnswer(options, response, code, timers), response)
      })
    }

    function read(init: () => SessionInit, response?: Response): void {
      let session: SessionInit
      try {
        session = init()
      } catch (thrown) {
        const error = thrown as LoginError
        const isBusy = response !== undefined && error.code === 'LOGIN_FAILED'
        const verdict = error.code === 'LOGIN_REJECTED' ? 'refused' : isBusy ? { response } : 'final'
        return tryFailed(error, verdict, true)
      }
      job.done(session, 'login')
    }

    /** There is nothing to read. What an `exchange` of the app's rejects with may be an answer all the same. */
    function unread(what: string, cause: unknown, code: string): void {
      const error = asLoginError(what, cause, code)
      const status = statusOf(cause)
      if (status !== undefined) {
        const { response } = Object(cause) as { response?: object }
        const answer = Object.assign({ data: undefined, header: {} }, response, { statusCode: status })
        return tryFailed(error, isRefusal(status) ? 'refused' : { response: answer }, true)
      }
      const isTimeout = error.code === 'LOGIN_TIMEOUT'
      const kind = kindOfFailure(cause)
      const failure = kind === 'other' && isPlatformFailure(cause) && !isTimeout ? 'network' : kind
      tryFailed(error, failure === 'other' ? 'final' : { failure }, failure === 'other' && !isTimeout)
    }

    function tryFailed(error: LoginError, verdict: Verdict, hadAnswer: boolean): void {
      lastError = error
      let plan
      if (verdict !== 'final' && steps.left > 0 && !(login.data && wasSent)) {
        if (verdict !== 'refused') plan = planSafely(verdict)
        else if (!hasRetriedRefusal && retry.limit > 0) {
          hasRetriedRefusal = true
          return look()
        }
      }
      if (plan && plan.is === 'when shown') return whenShown(look)
      if (!plan || plan.after > steps.left) return job.failed(error, hadAnswer)
      retries++
      steps.left -= plan.after
      timers.wait(plan.after, look)
    }

    function planSafely(outcome: Exclude<Verdict, string>) {
      try {
        return planRetry(retry, outcome, retries, isHidden(), timers)
      } catch {
        // A delay of the app's that throws: what it was asked about stands.
        return undefined
      }
    }
  }
}

function loginRequired(hasWay: boolean, refusal: unknown): LoginError {
  const way = hasWay ? 'ensureLogin() or setSession()' : 'setSession()'
  return new LoginError(
    'LOGIN_REQUIRED',
    `There is no session, and nobody is logged in unasked (autoLogin: false). Show your login page, and call ${way} there.`,
    refusal,
  )
}
