import type { NetworkApi } from './request'
import type { Failure, FailureName } from './types'

/** The calls that can be told to misbehave. */
export type MisbehavingApi = 'login' | 'checkSession' | 'connectSocket' | NetworkApi

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
  /** Network calls: returns `undefined` in place of a task; the answer comes as usual, but no socket is made. */
  | 'undefined-task'
  /** Fails with errno 1402101: WeChat blocks this user. */
  | 'blocked'
  /** Network calls: returns a promise of the answer in place of a task, as Taro does; the callbacks come as usual. */
  | 'promise-task'
  /**
   * Succeeds with `fromCache: true`: what `wx.createCacheManager` does in a weak network, to `login` and `checkSession`
   * too (weak network guide). `login` has the code that it gave out last; a request has the last answer to its method
   * and URL, without asking the back end, or the back end's where there is none yet.
   */
  | 'cached'
  /** `login`: the code that was given out last, without any mark. */
  | 'same-code'
  /** Succeeds with nothing but `errMsg`: no code, no status, no data. */
  | 'empty'
  /** Fails with this; `sameTick` for inside the call itself. */
  | { fail: FailureName | Failure; sameTick?: boolean }
  | StreamMisbehaviour
  | SocketMisbehaviour

/** What `request` does to the events of its task. Where the order or the form is documented, some phone differs. */
export type StreamMisbehaviour =
  /** The head event comes after the first chunk: its page says only "earlier than the completion". */
  | 'chunk-before-head'
  /** There is no head event. */
  | 'no-head'
  /** The head event has no `statusCode`: DevTools (typings), and Android's high-performance mode until 3.4.6. */
  | 'head-without-status'
  /** Chunks are `Uint8Array`s, as in DevTools; here they do not begin where their buffer does. */
  | 'chunk-as-view'
  /** Chunks are strings. */
  | 'chunk-as-string'
  /** No chunk events, all of the body in `success`: reported of PC. */
  | 'no-chunks'
  /** With `enableChunked`, a body that the back end sent whole is lost: no event, nothing in `success` (reported). */
  | 'lost-body'
  /** Chunks go on coming after `abort()`, for the connection stays open (reported); `fail` comes all the same. */
  | 'chunk-after-abort'

/** What `connectSocket` does to the events of its task. */
export type SocketMisbehaviour =
  /** `onClose` never fires: reported of iOS 8.0.48 in the background. */
  | 'no-close'
  /** A failure tells `onError`, and no `onClose` follows: reported of uni. */
  | 'error-only'
  /** A failure tells `onError` twice, the second time with nothing to say. */
  | 'error-twice'
  /** A failure tells `onClose` alone. */
  | 'close-only'
  /** `close()` has no effect: the line lives on, and its messages are still told (reported of Android). */
  | 'late-messages'
  /** A message comes ahead of the open. */
  | 'message-first'

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
export function orderedFailure(behaviour: Misbehaviour | undefined): FailureName | Failure | undefined {
  if (behaviour === 'fail') return { errMsg: 'fail' }
  // Errno table: 1402101, login of this user is blocked.
  if (behaviour === 'blocked') return { errMsg: 'fail mini program login is blocked', errno: 1402101 }
  return typeof behaviour === 'object' ? behaviour.fail : undefined
}

export function isSameTick(behaviour: Misbehaviour | undefined): boolean {
  return behaviour === 'same-tick' || (typeof behaviour === 'object' && behaviour.sameTick === true)
}
