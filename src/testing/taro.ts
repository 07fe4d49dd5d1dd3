import type { Clock } from '../platforms/wechat'
import type { FakeClock } from './clock'
import {
  ALL_METHODS,
  below,
  call,
  checkTarget,
  heard,
  shownOnAlipay,
  tellSuccess,
  type BelowOptions,
  type Call,
  type FakeBelow,
  type FakeFramework,
  type NativeCalls,
} from './framework'
import type { Raw } from './native'

/** What Taro is built for, by the names that its compiler has. */
export type TaroTarget = 'weapp' | 'alipay' | 'tt' | 'swan' | 'kwai' | 'jd' | 'qq' | 'h5'

/** What `createFakeTaro` takes, and what the fake below it takes. */
export interface FakeTaroOptions extends BelowOptions {
  /** Default `'weapp'`. */
  target?: TaroTarget
}

/** What is used of `Taro`. */
export interface FakeTaro extends FakeFramework {
  readonly getEnv: () => string
}

/** A fake as WeChat's, with `Taro` in the place of `wx`. */
export type FakeTaroApp<C extends Clock = FakeClock> = FakeBelow<C> & {
  /** Give it to `taroPlatform()`, or let a test's mock of `@tarojs/taro` give it. */
  readonly Taro: FakeTaro
}

const PLATFORMS: Partial<Record<TaroTarget, string>> = {
  alipay: 'alipay',
  tt: 'douyin',
  swan: 'baidu',
  kwai: 'kuaishou',
  jd: 'jd',
}
const TARGETS: readonly TaroTarget[] = ['weapp', 'alipay', 'tt', 'swan', 'kwai', 'jd', 'qq', 'h5']
const PROMISED = [
  'request',
  'uploadFile',
  'downloadFile',
  'login',
  'checkSession',
  'getStorage',
  'setStorage',
  'removeStorage',
  'showLoading',
  'hideLoading',
  'showToast',
  'hideToast',
  'showModal',
]
const TASK = [
  'abort',
  'onHeadersReceived',
  'offHeadersReceived',
  'onProgressUpdate',
  'offProgressUpdate',
  'onChunkReceived',
  'offChunkReceived',
]

/** Makes a Taro for tests: what its runtime makes of the platform that it was built for (@tarojs/shared, plugin-platform-…, taro-h5 4). */
export function createFakeTaro(options?: FakeTaroOptions & { clock?: FakeClock }): FakeTaroApp
export function createFakeTaro(options: FakeTaroOptions): FakeTaroApp<Clock>
export function createFakeTaro(options: FakeTaroOptions = {}): FakeTaroApp<Clock> {
  const { target = 'weapp' } = options
  checkTarget('createFakeTaro', target, TARGETS)
  const { fake, native } = below(PLATFORMS[target] ?? 'wechat', {
    ...(target === 'h5' && { methods: ALL_METHODS }),
    ...options,
  })
  const mapped: NativeCalls =
    target === 'alipay'
      ? onAlipay(native)
      : target === 'swan'
        ? { login: (given: Raw) => call(native, 'getLoginCode', given) }
        : target === 'h5'
          ? onH5(native)
          : {}
  const calls: NativeCalls = { ...native, ...mapped }
  const Taro: Raw = { getEnv: () => (target === 'h5' ? 'WEB' : target.toUpperCase()) }
  // What is copied are the keys of the native object itself.
  for (const name of Object.keys(calls))
    Taro[name] =
      typeof calls[name] === 'function' && PROMISED.includes(name)
        ? promised(calls[name] as Call, target === 'alipay' && name === 'request' ? ['abort'] : TASK)
        : calls[name]
  return Object.assign(fake, { Taro: Taro as unknown as FakeTaro })
}

/** Always a promise, which rejects even where `fail` was given, with the methods of the task on it. */
function promised(run: Call, methods: readonly string[]) {
  return (given: unknown) => {
    const own = Object(given) as Raw
    let task: unknown
    const promise = new Promise((resolve, reject) => {
      const tell = (name: string, settle: (outcome: unknown) => void) => (outcome: unknown) => {
        try {
          if (typeof own[name] === 'function') (own[name] as Call)(outcome)
        } finally {
          settle(outcome)
        }
      }
      task = run({ ...own, success: tell('success', resolve), fail: tell('fail', reject) })
    })
    for (const name of methods) {
      const method = (Object(task) as Raw)[name]
      if (typeof method === 'function')
        Object.assign(promise as object, {
          [name]: (...args: unknown[]) => (method as Call).call(task, ...args),
        })
    }
    return promise
  }
}

function onAlipay(my: NativeCalls): NativeCalls {
  return {
    // Only `header` is read. A success is renamed, a failure is raw; names are lower-cased.
    request(given: Raw) {
      const headers: Record<string, unknown> = {}
      for (const [name, value] of Object.entries(Object(given['header']) as Raw))
        headers[name.toLowerCase()] = value
      return call(my, 'request', {
        ...given,
        header: undefined,
        headers,
        success(result: Raw) {
          const { status, headers: head, data } = result
          tellSuccess(given, { data, statusCode: status, header: head })
        },
      })
    },
    uploadFile: (given: Raw) =>
      call(my, 'uploadFile', { ...given, name: undefined, fileName: given['name'] }),
    downloadFile: (given: Raw) =>
      call(my, 'downloadFile', {
        ...given,
        success: (result: Raw) => tellSuccess(given, { ...result, tempFilePath: result['apFilePath'] }),
      }),
    login: (given: Raw) =>
      call(my, 'getAuthCode', {
        ...given,
        scopes: 'auth_base',
        success: (result: Raw) => tellSuccess(given, { ...result, code: result['authCode'] }),
      }),
    getStorageSync(key: string) {
      const { data, APDataStorage } = call(my, 'getStorageSync', { key }) as Raw
      return data ?? APDataStorage ?? ''
    },
    setStorageSync: (key: string, data: unknown) => call(my, 'setStorageSync', { key, data }),
    removeStorageSync: (key: string) => call(my, 'removeStorageSync', { key }),
    ...shownOnAlipay(my),
  }
}

/** fetch: bad JSON is null, a failure is an Error without errMsg, a login succeeds with nothing (taro-h5 in production). */
function onH5(wx: NativeCalls): NativeCalls {
  const failed = (outcome: Raw): Raw =>
    'statusCode' in outcome ? outcome : (new TypeError('Failed to fetch') as unknown as Raw)
  return {
    request(given: Raw) {
      const { dataType = 'json' } = given
      const isJson = dataType === 'json'
      return call(
        wx,
        'request',
        heard({ ...given, dataType: isJson ? 'json' : 'text' }, (outcome) => {
          const answer = failed(outcome)
          const { data, statusCode, header } = answer
          if (statusCode === undefined) return answer
          const isText = typeof data === 'string'
          return {
            data: (isJson && isText) || (!isJson && dataType !== 'text') ? null : data,
            statusCode,
            header,
          }
        }),
      )
    },
    uploadFile: (given: Raw) => call(wx, 'uploadFile', heard(given, failed)),
    downloadFile: (given: Raw) => call(wx, 'downloadFile', heard(given, failed)),
    login: ({ success }: { success?: Call }) => success?.({ errMsg: 'login:ok' }),
    checkSession: ({ success }: { success?: Call }) => success?.({ errMsg: 'checkSession:ok' }),
    getApiCategory: undefined,
  }
}
