import type { Clock } from '../platforms/wechat'
import type { FakeClock } from './clock'
import {
  ALL_METHODS,
  below,
  call,
  checkTarget,
  hasCallback,
  heard,
  shownOnAlipay,
  type BelowOptions,
  type FakeBelow,
  type FakeFramework,
  type NativeCalls,
} from './framework'
import type { Raw } from './native'

/** What uni-app is built for, by the names that its compiler has. */
export type UniTarget =
  'mp-weixin' | 'mp-alipay' | 'mp-baidu' | 'mp-toutiao' | 'mp-kuaishou' | 'mp-jd' | 'mp-qq' | 'h5' | 'app'

/** What `createFakeUni` takes, and what the fake below it takes. */
export interface FakeUniOptions extends BelowOptions {
  /** Default `'mp-weixin'`. */
  target?: UniTarget
  /** Whether the app has an interceptor: calls then begin later, and give a promise in the place of a task. Default false. */
  intercepts?: boolean
  /** Whether `getSystemInfoSync` tells the target, as newer versions do. Default true. */
  tellsTarget?: boolean
}

/** What is used of `uni`. */
export type FakeUni = FakeFramework

/** A fake as WeChat's, with `uni` in the place of `wx`. */
export type FakeUniApp<C extends Clock = FakeClock> = FakeBelow<C> & {
  /** Give it to `uniPlatform()`, or put it in place of the global `uni`. */
  readonly uni: FakeUni
}

const PLATFORMS: Partial<Record<UniTarget, string>> = {
  'mp-alipay': 'alipay',
  'mp-baidu': 'baidu',
  'mp-toutiao': 'douyin',
  'mp-kuaishou': 'kuaishou',
  'mp-jd': 'jd',
}

const TARGETS: readonly UniTarget[] = [
  'mp-weixin',
  'mp-alipay',
  'mp-baidu',
  'mp-toutiao',
  'mp-kuaishou',
  'mp-jd',
  'mp-qq',
  'h5',
  'app',
]

/** Makes a uni-app for tests: what its runtime makes of the platform that it was built for (uni-mp-…, uni-h5, uni-app-plus 3.0). */
export function createFakeUni(options?: FakeUniOptions & { clock?: FakeClock }): FakeUniApp
export function createFakeUni(options: FakeUniOptions): FakeUniApp<Clock>
export function createFakeUni(options: FakeUniOptions = {}): FakeUniApp<Clock> {
  const { target = 'mp-weixin', intercepts = false, tellsTarget = true } = options
  checkTarget('createFakeUni', target, TARGETS)
  const isApp = target === 'h5' || target === 'app'
  const { fake, native } = below(PLATFORMS[target] ?? 'wechat', {
    ...(isApp && { methods: ALL_METHODS }),
    ...options,
  })
  const mapped: NativeCalls =
    target === 'mp-alipay' ? onAlipay(native) : target === 'mp-baidu' ? onBaidu(native) : {}
  if (target === 'mp-toutiao')
    // Scopes and timeout are dropped.
    mapped['login'] = (given: Raw) =>
      call(native, 'login', { ...given, scopes: undefined, timeout: undefined })
  if (isApp) Object.assign(mapped, target === 'h5' ? onH5(native) : onApp(native))
  if (tellsTarget) mapped['getSystemInfoSync'] = () => ({ uniPlatform: target === 'h5' ? 'web' : target })

  /** A promise where there is no callback, and then no task; with an interceptor always. */
  const promised = (name: string, run: (given: Raw) => unknown) => (given?: unknown, more?: unknown) => {
    if (/Sync$|^on|^off|^getEnv/.test(name)) return (run as (...all: unknown[]) => unknown)(given, more)
    const given_ = Object(given) as Raw
    if (!hasCallback(given_)) return new Promise((success, fail) => void run({ ...given_, success, fail }))
    return intercepts ? Promise.resolve().then(() => run(given_)) : run(given_)
  }

  // A name without a mapping leads to the native function; one that is nowhere is undefined. What a test puts there comes first.
  const uni = new Proxy(
    {},
    {
      get(own: Record<string | symbol, unknown>, name) {
        if (name in own) return own[name]
        const found = typeof name === 'string' ? (name in mapped ? mapped[name] : native[name]) : undefined
        return typeof found === 'function'
          ? promised(name as string, found as (given: Raw) => unknown)
          : found
      },
    },
  )
  return Object.assign(fake, { uni: uni as unknown as FakeUni })
}

/** Renames in all three callbacks, and deletes the originals: what is called second finds nothing (uni-mp-alipay, returnValue). */
function returned(name: string) {
  return (outcome: Raw): Raw => {
    const { error, errorMessage } = outcome
    if ('status' in outcome) outcome['statusCode'] = outcome['status']
    if ('headers' in outcome) outcome['header'] = outcome['headers']
    delete outcome['status']
    delete outcome['headers']
    outcome['errMsg'] = error || errorMessage ? `${name}:fail ${String(errorMessage || error)}` : `${name}:ok`
    delete outcome['error']
    delete outcome['errorMessage']
    return outcome
  }
}

function onAlipay(my: NativeCalls): NativeCalls {
  const plain =
    (name: string, as = name) =>
    (given: Raw = {}) =>
      call(my, as, heard(given, returned(name)))
  return {
    request(given: Raw) {
      const headers: Record<string, unknown> = { 'content-type': 'application/json' }
      for (const [name, value] of Object.entries(Object(given['header']) as Raw))
        headers[name.toLowerCase()] = value
      return call(
        my,
        'request',
        heard({ ...given, header: undefined, headers, responseType: undefined }, returned('request')),
      )
    },
    uploadFile: (given: Raw) =>
      call(
        my,
        'uploadFile',
        heard({ ...given, name: undefined, fileName: given['name'] }, returned('uploadFile')),
      ),
    downloadFile: (given: Raw) =>
      call(
        my,
        'downloadFile',
        heard(given, (outcome) => {
          if ('apFilePath' in outcome) outcome['tempFilePath'] = outcome['apFilePath']
          return returned('downloadFile')(outcome)
        }),
      ),
    login: (given: Raw) =>
      call(
        my,
        'getAuthCode',
        heard(given, (outcome) => {
          if ('authCode' in outcome) outcome['code'] = outcome['authCode']
          return returned('login')(outcome)
        }),
      ),
    getAuthCode: plain('getAuthCode'),
    getStorage: plain('getStorage'),
    setStorage: plain('setStorage'),
    removeStorage: plain('removeStorage'),
    getStorageSync(key: string) {
      const { data } = call(my, 'getStorageSync', { key }) as Raw
      // What has another name, as in older runtimes, is not found.
      return data === null ? '' : data
    },
    setStorageSync: (key: string, data: unknown) => call(my, 'setStorageSync', { key, data }),
    removeStorageSync: (key: string) => call(my, 'removeStorageSync', { key }),
    checkSession: undefined,
    ...shownOnAlipay(my),
  }
}

/** Failures arrive with `errMsg` `request:ok`, for swan's have none of the names that are looked for (uni-mp-baidu). */
function onBaidu(swan: NativeCalls): NativeCalls {
  const plain =
    (name: string, as = name) =>
    (given: Raw = {}) =>
      call(swan, as, heard(given, returned(name)))
  return {
    request: (given: Raw) =>
      call(
        swan,
        'request',
        heard(
          { ...given, dataType: (given['dataType'] ?? 'json') === 'json' ? 'json' : 'string' },
          returned('request'),
        ),
      ),
    uploadFile: plain('uploadFile'),
    downloadFile: plain('downloadFile'),
    login: plain('login', 'getLoginCode'),
    getLoginCode: plain('getLoginCode'),
    checkSession: plain('checkSession'),
  }
}

/** XMLHttpRequest: any status is a success; no login, no check (uni-h5). */
function onH5(wx: NativeCalls): NativeCalls {
  const failed = (outcome: Raw): Raw =>
    'statusCode' in outcome
      ? { ...outcome, cookies: [] }
      : /abort|timeout/.test(String(outcome['errMsg']))
        ? { errMsg: outcome['errMsg'] }
        : { errMsg: String(outcome['errMsg']).replace(/:fail.*/, ':fail') }
  return {
    request: (given: Raw) => call(wx, 'request', heard(given, failed)),
    uploadFile: (given: Raw) => withoutHead(call(wx, 'uploadFile', heard(given, failed))),
    downloadFile: (given: Raw) => withoutHead(call(wx, 'downloadFile', heard(given, failed))),
    login: noLogin,
    checkSession: undefined,
    getApiCategory: undefined,
  }
}

function noLogin({ fail }: { fail?: (failure: object) => void }): void {
  fail?.({ errMsg: "login:fail method 'uni.login' not supported" })
}

/** A failure of the network begins with `abort`; a full store says nothing; a login logs the user out first (uni-app-plus). */
function onApp(wx: NativeCalls): NativeCalls {
  const failed = (outcome: Raw): Raw =>
    'statusCode' in outcome || /:fail abort$/.test(String(outcome['errMsg']))
      ? outcome
      : { errMsg: 'request:fail abort statusCode:-1 the connection was not made' }
  return {
    request: (given: Raw) => call(wx, 'request', heard(given, failed)),
    setStorageSync(key: string, data: unknown) {
      try {
        call(wx, 'setStorageSync', key, data)
      } catch {
        // It is not told.
      }
    },
    checkSession: undefined,
    getApiCategory: undefined,
  }
}

/** It tells how far it is, and nothing of its head. */
function withoutHead(task: unknown): unknown {
  const notThere = (): void => {
    throw new Error('Method not implemented.')
  }
  return task && Object.assign(task, { onHeadersReceived: notThere, offHeadersReceived: notThere })
}
