import type { NetworkApi } from './request'
import type { Failure } from './types'

/** The calls that can be told to misbehave. */
export type MisbehavingApi = 'login' | 'checkSession' | NetworkApi

/** What a platform call does instead of what its page says. */
export type Misbehaviour =
  /** Never calls back by itself. `abort()` still does what `fake.abort` says. */
  | 'hang'
  /** Calls `fail` with a plain message. */
  | 'fail'
  /** Calls `success` and `complete` twice, 1 ms apart. */
  | 'twice'
  /** Calls `success`, and `fail` 1 ms later. */
  | 'both'
  /** Calls back inside the call itself. */
  | 'same-tick'
  /** Throws from the API. */
  | 'throw'
  /** Network calls: returns `undefined` in place of a task; the answer comes as usual. */
  | 'undefined-task'
  /** Fails with errno 1402101: WeChat blocks this user. */
  | 'blocked'
  /** Succeeds with `fromCache: true`; for `login` with a code that was given out before. */
  | 'cached'
  /** Succeeds with nothing but `errMsg`: no code, no status, no data. */
  | 'empty'
  /** Fails with this; `sameTick` for inside the call itself. */
  | { fail: Failure; sameTick?: boolean }

/** What a misbehaving call sees of itself, to choose only some of the calls. */
export interface CallSummary {
  readonly url?: string
}

interface Order {
  readonly behaviour: Misbehaviour
  readonly only: ((call: CallSummary) => boolean) | undefined
  times: number
}

/** Orders given with `fake.misbehave`, carried out first come, first served. */
export class Misbehaviours {
  private readonly orders = new Map<MisbehavingApi, Order[]>()

  order(
    api: MisbehavingApi,
    behaviour: Misbehaviour,
    times: number,
    only?: (call: CallSummary) => boolean,
  ): void {
    const orders = this.orders.get(api) ?? []
    orders.push({ behaviour, times, only })
    this.orders.set(api, orders)
  }

  /** Behave from here on: forgets what was ordered for `api`, or for all. */
  forget(api?: MisbehavingApi): void {
    if (api === undefined) this.orders.clear()
    else this.orders.delete(api)
  }

  /** What this call of `api` does wrong, if anything. */
  take(api: MisbehavingApi, call: CallSummary): Misbehaviour | undefined {
    const orders = this.orders.get(api)
    if (orders === undefined) return undefined
    const order = orders.find(({ only }) => only === undefined || only(call))
    if (order === undefined) return undefined
    if (--order.times <= 0) orders.splice(orders.indexOf(order), 1)
    if (orders.length === 0) this.orders.delete(api)
    return order.behaviour
  }
}

/** The failure that a behaviour stands for, or `undefined` when the call is to succeed. */
export function orderedFailure(behaviour: Misbehaviour | undefined): Failure | undefined {
  if (behaviour === 'fail') return { errMsg: 'fail' }
  // Errno table: 1402101, login of this user is blocked.
  if (behaviour === 'blocked') return { errMsg: 'fail mini program login is blocked', errno: 1402101 }
  return typeof behaviour === 'object' ? behaviour.fail : undefined
}

export function isSameTick(behaviour: Misbehaviour | undefined): boolean {
  return behaviour === 'same-tick' || (typeof behaviour === 'object' && behaviour.sameTick === true)
}
