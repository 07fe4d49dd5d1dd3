import type { Clock } from '../platforms/wechat'
import type { FakeClock } from './clock'
import { createFakeWeChat, type FakeWeChat, type FakeWeChatOptions } from './fake'
import { isRefused, likeWeChat, wordsOf, type Outcome } from './like-wechat'
import type { Raw } from './native'
import type { FakeSwan } from './tt'

/** What is Baidu's own. Where facts differ there is an option. */
export interface FakeBaiduOptions extends Omit<FakeWeChatOptions, 'singlePage' | 'gateway'> {
  /** An answer with an error status is a success on Android, and fails on iOS (reported). Default `'android'`. */
  system?: 'android' | 'ios'
  /** Whether such a failure has the status, which no page says. Without it a refusal cannot be told from a missing network. Default true. */
  tellsStatus?: boolean
  /** From 3.140.1 on synchronous calls give an `Error` back rather than throw it. Default `'returned'`. */
  storageErrors?: 'returned' | 'thrown'
  /** A session that has ended is a success with `result: false` before 3.120.9, failure 10004 since. Default `'fail'`. */
  checks?: 'fail' | 'result'
  /** Whether a body that is text is sent as it is. Default false: it is written as JSON once more (reported). */
  takesText?: boolean
  /** Whether there is `getLoginCode`, which came in 2021; before it there was `login` alone. Default true. */
  hasLoginCode?: boolean
}

/** A fake as WeChat's, with `swan` in the place of `wx`. */
export type FakeBaidu<C extends Clock = FakeClock> = Omit<FakeWeChat<C>, 'wx'> & {
  /** Give it to `baidu()`, or put it in place of the global `swan`. */
  readonly swan: FakeSwan
  /** Who holds the phone: a guest gets no code before a tap on a button of open-type login. Default `'user'`. */
  user: 'user' | 'guest'
  /** The user logs out of Baidu, which empties the storage (storage page). */
  logOut(): void
}

/** Makes a Baidu for tests: a `swan` that keeps to the documented rules, and a handle on everything behind it. */
export function createFakeBaidu(options?: FakeBaiduOptions & { clock?: FakeClock }): FakeBaidu
export function createFakeBaidu(options: FakeBaiduOptions): FakeBaidu<Clock>
export function createFakeBaidu(options: FakeBaiduOptions = {}): FakeBaidu<Clock> {
  const { system = 'android', tellsStatus = true, storageErrors = 'returned', checks = 'fail' } = options
  const { takesText = false } = options
  // The methods of the request page; iOS runs six at a time (2021).
  const methods = ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE']
  const phone = createFakeWeChat({ concurrency: 6, methods, ...options })
  const { wx } = phone
  const isIos = system === 'ios'
  const internal = isIos ? 202 : 1001

  const base = likeWeChat(phone, {
    // 10 s (2021 page).
    send({ timeout = 10_000, url, data }, api) {
      if (isIos && /[^\0-\x7f]/.test(String(url)))
        return { fail: { errMsg: `${api}:fail bad url`, errorCode: 4 } }
      return { timeout, ...(typeof data === 'string' && !takesText && { data: JSON.stringify(data) }) }
    },
    answer(result, api) {
      const { statusCode, header, data, tempFilePath } = result
      if (isIos && api === 'request' && isRefused(result))
        return {
          fail: { errCode: 202, errMsg: 'request:fail', ...(tellsStatus && { statusCode, header, data }) },
        }
      if (api === 'request') return { success: { statusCode, header, data } }
      return { success: { statusCode, ...(api === 'uploadFile' ? { data } : { tempFilePath }) } }
    },
    failure: (told, api) => ({
      errCode: api === 'login' && /net::/.test(wordsOf(told)) ? 10002 : internal,
      errMsg: wordsOf(told),
    }),
    login({ code, errMsg }): Outcome {
      if (fake.user === 'guest')
        return { fail: { errCode: 10004, errMsg: 'getLoginCode:fail user not logged in' } }
      return { success: { code, errMsg } }
    },
    check: (isValid) =>
      isValid && fake.user === 'user'
        ? { success: checks === 'result' ? { result: true } : {} }
        : checks === 'result'
          ? { success: { result: false } }
          : { fail: { errCode: 10004, errMsg: 'checkSession:fail user not logged in' } },
    task: onlyAbort,
  })

  /** What is thrown elsewhere comes back as a value. */
  function guarded(run: () => unknown): unknown {
    try {
      return run()
    } catch (error) {
      if (storageErrors === 'thrown') throw error
      return error
    }
  }

  const { hasLoginCode = true } = options
  const swan = {
    ...base,
    ...(hasLoginCode && { getLoginCode: base.login }),
    isLoginSync: () => ({ isLogin: fake.user === 'user' }),
    getStorageSync: (key: string) => guarded(() => wx.getStorageSync(key)),
    setStorageSync: (key: string, data: unknown) => guarded(() => wx.setStorageSync(key, data)),
    removeStorageSync: (key: string) => guarded(() => wx.removeStorageSync(key)),
  }
  const fake: FakeBaidu<Clock> = Object.assign(phone, {
    swan: swan as unknown as FakeSwan,
    user: 'user' as const,
    logOut() {
      fake.user = 'guest'
      phone.storage.clear()
    },
  })
  return fake
}

/** Tasks that can be aborted, and no more (request page; typings of ks.request). */
export function onlyAbort(task: object, api: string): object {
  const { abort, onProgressUpdate } = task as Record<string, (listener?: unknown) => void>
  return {
    abort: () => abort?.call(task),
    ...(api !== 'request' && { onProgressUpdate: (hear: Raw) => onProgressUpdate?.call(task, hear) }),
  }
}
