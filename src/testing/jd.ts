import type { Clock } from '../platforms/wechat'
import type { FakeClock } from './clock'
import { createFakeWeChat, type FakeWeChat, type FakeWeChatOptions } from './fake'
import { isRefused, likeWeChat, plainOf, wordsOf } from './like-wechat'
import type { FakeJd } from './tt'

/** What is JD's own. Where facts differ there is an option. */
export interface FakeJdOptions extends Omit<FakeWeChatOptions, 'singlePage' | 'gateway' | 'checkLatency'> {
  /** Whether the failure that an error status is has the body, which nobody says. Default true. */
  tellsBody?: boolean
  /** What becomes of calls beyond five: queued, or refused. Default `'queued'`. */
  beyond?: 'queued' | 'refused'
  /** Whether it has GET and POST alone: sources differ. Default false. */
  hasFewMethods?: boolean
}

/** A fake as WeChat's, with `jd` in the place of `wx`. */
export type FakeJdPlatform<C extends Clock = FakeClock> = Omit<FakeWeChat<C>, 'wx'> & {
  /** Give it to `jdPlatform()`, or put it in place of the global `jd`. */
  readonly jd: FakeJd
}

/** Makes a JD for tests: a `jd` that keeps to what is known of it, and a handle on everything behind it. */
export function createFakeJd(options?: FakeJdOptions & { clock?: FakeClock }): FakeJdPlatform
export function createFakeJd(options: FakeJdOptions): FakeJdPlatform<Clock>
export function createFakeJd(options: FakeJdOptions = {}): FakeJdPlatform<Clock> {
  const { tellsBody = true, beyond = 'queued', hasFewMethods = false } = options
  const { concurrency = 5 } = options
  const phone = createFakeWeChat({
    ...(hasFewMethods && { methods: ['GET', 'POST'] }),
    ...options,
    concurrency,
  })
  const jd = likeWeChat(phone, {
    send: (_given, api) =>
      beyond === 'refused' && phone.network.running >= concurrency
        ? { fail: { errMsg: `${api}:fail exceed the limit` } }
        : {},
    answer: (result, api) =>
      api === 'request' && isRefused(result)
        ? {
            fail: {
              errMsg: 'request:fail',
              statusCode: result['statusCode'],
              ...(tellsBody && { data: result['data'], header: result['header'] }),
            },
          }
        : { success: plainOf(result) },
    failure: (told) => ({ errMsg: wordsOf(told) }),
  })
  // There is no checkSession in what is known of it.
  return Object.assign(phone, { jd: Object.assign(jd, { checkSession: undefined }) })
}
