import type { PlatformCallbacks } from '../platforms/wechat'
import { fail, succeed } from './callbacks'
import { failureOf } from './failures'
import type { Misbehaviour } from './misbehave'
import type { NetworkApi } from './request'
import type { Thread } from './thread'

/** The gap before a callback too many. */
const NEXT_MOMENT = 1

/** Tells a caller how its call has ended, in the app's thread, with what its misbehaviour makes of it. */
export class Teller {
  constructor(
    private readonly api: NetworkApi,
    private readonly callbacks: PlatformCallbacks<object>,
    private readonly behaviour: Misbehaviour | undefined,
    private readonly thread: Thread,
  ) {}

  succeed(result: { errMsg: string }): void {
    const told = this.twisted(result)
    if (this.behaviour === 'twice') this.again(() => succeed(this.callbacks, told))
    if (this.behaviour === 'both') this.again(() => fail(this.callbacks, failureOf(this.api, 'unknown')))
    this.thread.deliver(() => succeed(this.callbacks, told))
  }

  fail(failure: { errMsg: string }): void {
    this.thread.deliver(() => fail(this.callbacks, failure))
  }

  private twisted(result: { errMsg: string }): object {
    if (this.behaviour === 'empty') return { errMsg: result.errMsg }
    // The mark of wx.createCacheManager (weak network guide).
    return this.behaviour === 'cached' ? { ...result, fromCache: true } : result
  }

  private again(callback: () => void): void {
    this.thread.outside.setTimeout(() => this.thread.deliver(callback), NEXT_MOMENT)
  }
}
