import type { Clock } from '../platforms/wechat'
import { createFakeAccount } from './account'
import { onlyAbort } from './baidu'
import { createFakeClock, type FakeClock } from './clock'
import { createFakeWeChat, type FakeWeChat, type FakeWeChatOptions } from './fake'
import { isRefused, likeWeChat, plainOf, wordsOf } from './like-wechat'
import type { FakeKs } from './tt'

/** What is Kuaishou's own. Where facts differ there is an option. */
export interface FakeKuaishouOptions extends Omit<FakeWeChatOptions, 'singlePage' | 'gateway'> {
  /** An answer with an error status fails, and has it in its words alone (reported in 2021), or is a success. Default `'fail'`. */
  refusals?: 'fail' | 'success'
  /** The words of such a failure, which nobody has written down. Default `` `request:fail ${status}` ``. */
  words?: (status: number) => string
}

/** A fake as WeChat's, with `ks` in the place of `wx`. Each login changes the session_key (login guide of games). */
export type FakeKuaishou<C extends Clock = FakeClock> = Omit<FakeWeChat<C>, 'wx'> & {
  /** Give it to `kuaishou()`, or put it in place of the global `ks`. */
  readonly ks: FakeKs
}

/** Makes a Kuaishou for tests: a `ks` that keeps to what is known of it, and a handle on everything behind it. */
export function createFakeKuaishou(options?: FakeKuaishouOptions & { clock?: FakeClock }): FakeKuaishou
export function createFakeKuaishou(options: FakeKuaishouOptions): FakeKuaishou<Clock>
export function createFakeKuaishou(options: FakeKuaishouOptions = {}): FakeKuaishou<Clock> {
  const {
    refusals = 'fail',
    words = (status) => `request:fail ${status}`,
    clock = createFakeClock(),
  } = options
  const ownAccount = typeof options.server === 'object' ? options.server.account : undefined
  const codes = options.codes && { codes: options.codes }
  const account = options.account ?? ownAccount ?? createFakeAccount({ clock, rotationPeriod: 0, ...codes })
  // Others were refused (reported; typings of games).
  const phone = createFakeWeChat({ methods: ['GET', 'POST'], ...options, clock, account })
  const ks = likeWeChat(phone, {
    answer: (result, api) =>
      refusals === 'fail' && isRefused(result)
        ? { fail: { errMsg: words(Number(result['statusCode'])).replace('request', api) } }
        : { success: plainOf(result) },
    failure: (told, api) =>
      api === 'login' ? { code: -20001, msg: wordsOf(told) } : { errMsg: wordsOf(told) },
    check: (isValid) =>
      isValid ? { success: {} } : { fail: { code: -20038, msg: 'not logged in, or expired' } },
    task: onlyAbort,
  })
  return Object.assign(phone, { ks: ks as unknown as FakeKs })
}
