import type { PlatformCallbacks } from '../platforms/wechat'
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
import type { Thread } from './thread'
import type { Failure, FailureName } from './types'

/** What the login calls need of the phone. */
export interface Phone {
  readonly thread: Thread
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
  const { account, calls, thread } = phone
  const later = (run: () => void, ms: number) => thread.outside.setTimeout(run, ms)

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
      if (failure !== undefined) thread.deliver(() => fail(options, failureOf(api, failure)))
      else if (result) repeat(api, options, behaviour, result())
    }
    if (behaviour === 'throw') throw new Error(`${api} is not to be called now`)
    if (behaviour === 'hang') return
    if (isSameTick(behaviour)) callBack()
    else later(callBack, latency)
  }

  function repeat(
    api: MisbehavingApi,
    options: LoginOptions,
    behaviour: Misbehaviour | undefined,
    result: object,
  ): void {
    const tell = () => thread.deliver(() => succeed(options, result))
    if (behaviour === 'twice') later(tell, 1)
    if (behaviour === 'both') later(() => thread.deliver(() => fail(options, failureOf(api, 'unknown'))), 1)
    tell()
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
    const oldCode = () => account.issued[account.issued.length - 1] ?? account.login()
    if (behaviour === 'same-code') return { code: oldCode(), errMsg }
    // A cached code is an old one and still expires (weak network guide, wx.createCacheManager).
    if (behaviour === 'cached') return { code: oldCode(), fromCache: true, errMsg }
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
      // What a cache has kept was so once, whatever has become of it since (weak network guide).
      if (behaviour === 'cached') return { result: () => ({ errMsg: 'checkSession:ok', fromCache: true }) }
      if (phone.isOffline) return { failure: 'disconnected' }
      if (!account.isSessionValid) return { failure: { errMsg: 'fail session time out, need relogin' } }
      return { result: () => ({ errMsg: 'checkSession:ok' }) }
    })
  }

  return { login, checkSession }
}
