import type { Clock } from '../platforms/wechat'
import type { FakeClock } from './clock'
import { createFakeWeChat, type FakeWeChat, type FakeWeChatOptions } from './fake'
import { likeWeChat, wordsOf } from './like-wechat'
import type { Raw } from './native'
import type { FakeTt } from './tt'

/** What is Douyin's own. Where facts differ there is an option. */
export interface FakeDouyinOptions extends Omit<FakeWeChatOptions, 'singlePage' | 'gateway'> {
  /** What a synchronous read of a key that is not there does: `''`, or an error with 100599 (pages differ). Default `'empty'`. */
  missing?: 'empty' | 'throws'
  /** What a failure names its number: `errNo`, or `errorCode` (tables differ). Default `'errNo'`. */
  numbers?: 'errNo' | 'errorCode'
  /** Whether a body that is text is sent: the page has objects, arrays and buffers alone. Default false: it is refused. */
  takesText?: boolean
  /** Whether tasks have `onHeadersReceived`: in the documents of games alone. Default false. */
  hasHeads?: boolean
}

/** A fake as WeChat's, with `tt` in the place of `wx`. */
export type FakeDouyin<C extends Clock = FakeClock> = Omit<FakeWeChat<C>, 'wx'> & {
  /** Give it to `douyin()`, or put it in place of the global `tt`. */
  readonly tt: FakeTt
  /** Who holds the phone. A `'guest'` logs in to Douyin when asked, a `'guest who refuses'` does not. Default `'user'`. */
  user: 'user' | 'guest' | 'guest who refuses'
  /** The user logs out of Douyin, which empties the storage (storage page). */
  logOut(): void
}

/** The methods of tt.request; PATCH since 2021-11-29. */
const METHODS = ['GET', 'POST', 'OPTIONS', 'PUT', 'HEAD', 'DELETE', 'PATCH']
/** The methods whose data is a body; that of all others is a query (tt.request page). */
const WITH_BODY = ['POST', 'PUT', 'PATCH']

/** Makes a Douyin for tests: a `tt` that keeps to the documented rules, and a handle on everything behind it. */
export function createFakeDouyin(options?: FakeDouyinOptions & { clock?: FakeClock }): FakeDouyin
export function createFakeDouyin(options: FakeDouyinOptions): FakeDouyin<Clock>
export function createFakeDouyin(options: FakeDouyinOptions = {}): FakeDouyin<Clock> {
  const { missing = 'empty', numbers = 'errNo', takesText = false, hasHeads = false } = options
  const phone = createFakeWeChat({ methods: METHODS, ...options })
  const { wx } = phone
  let anonymous = 0

  const failure = (errMsg: string, number: number): Raw => ({ errMsg, [numbers]: number })

  const base = likeWeChat(phone, {
    send({ method = 'GET', data, url }, api) {
      if (api !== 'request' || data === undefined) return {}
      const isText = typeof data === 'string'
      if (WITH_BODY.includes(String(method).toUpperCase()))
        return isText && !takesText
          ? { fail: failure('request:fail invalid data: it should be object or ArrayBuffer', 20000) }
          : {}
      // As a query, and no body.
      const pairs = Object.entries(Object(isText ? {} : data) as Raw).map(
        ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
      )
      return { data: undefined, url: `${String(url)}${pairs.length ? '?' : ''}${pairs.join('&')}` }
    },
    answer: ({ statusCode, header, data, tempFilePath }, api) =>
      // Every status is a success (network guide).
      api === 'request'
        ? { success: { statusCode, header, data, errMsg: 'request:ok' } }
        : {
            success: {
              statusCode,
              ...(api === 'uploadFile' ? { data } : { tempFilePath }),
              errMsg: `${api}:ok`,
            },
          },
    failure: (told, api) =>
      /interrupt|suspend/.test(wordsOf(told))
        ? // 5 s after the app went to the background (network guide).
          failure(`${api}:fail app in background`, 20000)
        : failure(wordsOf(told), 21103),
    login({ code, errMsg }, { force = true }) {
      // Without a code, and with one for the phone (tt.login page).
      const guest = { anonymousCode: `anonymous-${++anonymous}`, isLogin: false, errMsg }
      if (fake.user === 'user') return { success: code ? { ...guest, code, isLogin: true } : { errMsg } }
      if (force !== true) return { success: guest }
      if (fake.user === 'guest who refuses') return { fail: failure('login:fail host login fail', 10501) }
      fake.user = 'user'
      return { success: { ...guest, code, isLogin: true } }
    },
    check: (isValid) =>
      fake.user !== 'user'
        ? { fail: failure('checkSession:fail session is empty', 113101) }
        : isValid
          ? { success: { errMsg: 'checkSession:ok' } }
          : { fail: failure('checkSession:fail session expired', 113102) },
    task: (task, api) => {
      const { abort, onHeadersReceived, onProgressUpdate } = task as Record<
        string,
        (listener?: unknown) => void
      >
      return {
        abort: () => abort?.call(task),
        ...(hasHeads && { onHeadersReceived: (hear: unknown) => onHeadersReceived?.call(task, hear) }),
        ...(api !== 'request' && { onProgressUpdate: (hear: unknown) => onProgressUpdate?.call(task, hear) }),
      }
    },
  })

  const tt = {
    ...base,
    getStorageSync(key: string): unknown {
      const value: unknown = wx.getStorageSync(key)
      if (value === '' && missing === 'throws')
        throw Object.assign(new Error(`getStorageSync:fail data not found, key == ${key}`), { errNo: 100599 })
      return value
    },
  }
  const fake: FakeDouyin<Clock> = Object.assign(phone, {
    tt: tt as unknown as FakeTt,
    user: 'user' as const,
    logOut() {
      fake.user = 'guest'
      phone.storage.clear()
      phone.account.expireKey()
    },
  })
  return fake
}
