import type { Clock, PlatformCallbacks } from '../platforms/wechat'
import type { FakeAccount } from './account'
import { fail, hasCallbacks, succeed } from './callbacks'
import type { Calls } from './calls'
import { failureOf } from './failures'
import {
  isSameTick,
  orderedFailure,
  type MisbehavingApi,
  type Misbehaviour,
  type Misbehaviours,
} from './misbehave'
import type { Failure, FailureName } from './types'

/** What the login calls need of the phone. */
export interface Phone {
  readonly clock: Clock
  readonly account: FakeAccount
  readonly calls: Calls
  readonly misbehaviours: Misbehaviours
  readonly isOffline: boolean
  readonly isSinglePage: boolean
  readonly loginLatency: number
  readonly checkLatency: number
}

interface Outcome {
  failure?: FailureName | Failure | undefined
  result?: () => object
}

type LoginOptions = PlatformCallbacks<object> & { timeout?: number }

/** `wx.login` and `wx.checkSession`. */
export function loginCalls(phone: Phone) {
  const { account, calls, clock } = phone

  /** Calls back once, after `latency`, unless told to misbehave. */
  function answer(
    api: MisbehavingApi,
    options: LoginOptions,
    latency: number,
    behaviour: Misbehaviour | undefined,
    outcome: () => Outcome,
  ): void {
    const callBack = () => {
      const { failure, result } = outcome()
      if (failure !== undefined) fail(options, failureOf(api, failure))
      else if (result) repeat(api, options, behaviour, result())
    }
    if (behaviour === 'throw') throw new Error(`${api} is not to be called now`)
    if (behaviour === 'hang') return
    if (isSameTick(behaviour)) callBack()
    else clock.setTimeout(callBack, latency)
  }

  function repeat(
    api: MisbehavingApi,
    options: LoginOptions,
    behaviour: Misbehaviour | undefined,
    result: object,
  ): void {
    if (behaviour === 'twice') clock.setTimeout(() => succeed(options, result), 1)
    if (behaviour === 'both') clock.setTimeout(() => fail(options, failureOf(api, 'unknown')), 1)
    succeed(options, result)
  }

  function login(options: LoginOptions = {}): void {
    calls.logins++
    const behaviour = phone.misbehaviours.take('login', {})
    const { timeout = Infinity } = options
    answer('login', options, Math.min(phone.loginLatency, timeout), behaviour, () => {
      const failure = orderedFailure(behaviour)
      if (failure) return { failure }
      // Opened from Moments there is no login (single-page mode guide).
      if (phone.isSinglePage)
        return { failure: { errMsg: 'fail login is not available in single page mode' } }
      if (phone.isOffline) return { failure: 'disconnected' }
      if (phone.loginLatency > timeout) return { failure: 'timeout' }
      return { result: () => loginResult(behaviour) }
    })
  }

  function loginResult(behaviour: Misbehaviour | undefined): object {
    const errMsg = 'login:ok'
    if (behaviour === 'empty') return { errMsg }
    // A cached code is an old one and still expires (weak network guide, wx.createCacheManager).
    if (behaviour === 'cached')
      return { code: account.issued[account.issued.length - 1] ?? account.login(), fromCache: true, errMsg }
    return { code: account.login(), errMsg }
  }

  /** Unlike wx.login, it has a promise form (API pages). */
  function checkSession(options: PlatformCallbacks<object> = {}): Promise<object> | undefined {
    if (!hasCallbacks(options)) {
      return new Promise((success, reject) => askWeChat({ success, fail: reject }))
    }
    askWeChat(options)
    return undefined
  }

  function askWeChat(options: PlatformCallbacks<object>): void {
    calls.checks++
    const behaviour = phone.misbehaviours.take('checkSession', {})
    answer('checkSession', options, phone.checkLatency, behaviour, () => {
      const failure = orderedFailure(behaviour)
      if (failure) return { failure }
      if (phone.isSinglePage) return { failure: { errMsg: 'fail not available in single page mode' } }
      if (phone.isOffline) return { failure: 'disconnected' }
      if (!account.isSessionValid) return { failure: { errMsg: 'fail session time out, need relogin' } }
      const fromCache = behaviour === 'cached' ? { fromCache: true } : {}
      return { result: () => ({ errMsg: 'checkSession:ok', ...fromCache }) }
    })
  }

  return { login, checkSession }
}
