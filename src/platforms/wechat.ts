import { ConfigError, type FailureKind } from '../errors'
import type { Serializable } from '../transport/serialize'

/** What WeChat hands to `fail`. Its wording is not a contract; only `errno` (2.24.0 and later) is tabulated. */
export interface PlatformFailure {
  errMsg?: string
  errno?: number | undefined
  /** Some platforms fail where WeChat succeeds with a status (my.request page). */
  status?: number
  statusCode?: number
  data?: unknown
  header?: Record<string, unknown>
  headers?: Record<string, unknown>
  /** What an adapter knows it to be, so that nobody has to guess by words and numbers that are WeChat's. */
  cause?: FailureCause
}

/** What a failure of the platform comes from. */
export type FailureCause = FailureKind | 'timeout'

/** How a call of `wx` is answered. */
export interface PlatformCallbacks<R> {
  success?: (result: R) => void
  fail?: (failure: PlatformFailure) => void
  complete?: (result: unknown) => void
}

/** The methods `wx.request` documents. There is no PATCH: it travels as a POST with an override header. */
export type Method = 'OPTIONS' | 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'TRACE' | 'CONNECT'

/** What `success` of `request`, `uploadFile` and `downloadFile` receives. Upload and download lack some fields. */
export interface PlatformResponse {
  data?: unknown
  statusCode?: number
  header?: Record<string, unknown>
  cookies?: string[]
  errMsg?: string
  /** The cache manager has answered, and no server (weak network guide). */
  fromCache?: boolean
}

/** What `wx.request`, `uploadFile` and `downloadFile` are called with; other fields travel through untouched. */
export interface PlatformRequest extends PlatformCallbacks<PlatformResponse> {
  url: string
  method?: Method
  header?: Record<string, string>
  data?: string | ArrayBuffer
  timeout?: number
  [field: string]: unknown
}

/** What `wx.connectSocket` is called with. */
export interface PlatformSocket extends PlatformCallbacks<unknown> {
  url: string
  header?: Record<string, string>
  protocols?: string[]
  timeout?: number
  [field: string]: unknown
}

/** Of what `wx.getLaunchOptionsSync` tells, what is used. */
export interface LaunchOptions {
  scene?: number
  apiCategory?: string
}

/** The clock of timers and deadlines. Only test doubles bring their own; on a phone it is the real one. */
export interface Clock {
  now(): number
  setTimeout(run: () => void, ms: number): unknown
  clearTimeout(timer: unknown): void
}

/** What another platform than WeChat has of its own. Adapters say it; what has none is taken for WeChat. */
export interface PlatformTraits {
  /** `'Alipay'`. */
  readonly name: string
  /** The platform's own object. All adapters of one share the phone: its lanes, and who has which storage key. */
  readonly native: object
  /** For messages: `'my.getAuthCode'`. */
  readonly login: string
  /** How many requests it runs at a time. */
  readonly concurrency: number
  /** Says a method that it lacks another way: by the header of `methodOverride`. Throws a `ConfigError` if it cannot go. */
  suit(options: Serializable, header: string | undefined): void
  /** Before every call. Throws a `ConfigError` if the object given cannot be used. */
  verify(): void
}

/**
 * The slice of `wx` that is used; what is optional here may be missing elsewhere.
 *
 * ```ts
 * const platform: Platform = { ...wx, request: (options) => wx.request(sign(options)) }
 * ```
 */
export interface Platform {
  request(options: PlatformRequest): unknown
  uploadFile?(options: PlatformRequest & { filePath: string; name: string }): unknown
  downloadFile?(options: PlatformRequest): unknown
  login(options: PlatformCallbacks<{ code?: string; fromCache?: boolean }> & { timeout?: number }): unknown
  checkSession?(options: PlatformCallbacks<unknown>): unknown
  getStorageSync?(key: string): unknown
  setStorageSync?(key: string, data: unknown): unknown
  removeStorageSync?(key: string): unknown
  getStorage?(options: PlatformCallbacks<{ data?: unknown }> & { key: string; encrypt?: boolean }): unknown
  setStorage?(
    options: PlatformCallbacks<unknown> & { key: string; data: unknown; encrypt?: boolean },
  ): unknown
  removeStorage?(options: PlatformCallbacks<unknown> & { key: string }): unknown
  getApiCategory?(): string
  getLaunchOptionsSync?(): LaunchOptions
  /** Gives a `SocketTask`, on some platforms a promise of one. */
  connectSocket?(options: PlatformSocket): unknown
  onAppShow?(listener: () => void): void
  onAppHide?(listener: () => void): void
  clock?: Clock
  traits?: PlatformTraits
}

/** The `tt`, `my` or `uni` of typings that describe the calls otherwise than WeChat's do. */
export interface OtherPlatform {
  readonly request: CallableFunction
  readonly login: CallableFunction
}

declare const wx: unknown

/** The platform now: apps and plugins may patch or replace `wx` after this module has loaded. */
function find(option: Platform | OtherPlatform | undefined): Platform | null | undefined {
  return (option as Platform | undefined) || (typeof wx === 'object' ? (wx as Platform | null) : undefined)
}

/** Throws a `ConfigError` if there is none, or one that calls of WeChat's shape would be lost on. */
export function platformOf(option: Platform | OtherPlatform | undefined): Platform {
  const platform = find(option)
  if (!platform || typeof platform.request !== 'function') throw unfit('there is no global wx here')
  if (option) {
    // Alipay's and Baidu's own objects, and what uni and Taro make of them, are known by the calls that give their codes.
    const { traits, getAuthCode, getLoginCode = getAuthCode } = platform as Platform & Strange
    if (traits) traits.verify()
    else if (getLoginCode) throw unfit('this one is not like wx')
  }
  return platform
}

interface Strange {
  getAuthCode?: unknown
  getLoginCode?: unknown
}

/** What `platform` may be, in a message. */
export const PLATFORMS = 'wx, tt, qq, or an adapter such as alipay(my) or uniPlatform(uni)'

function unfit(problem: string): ConfigError {
  return new ConfigError(`platform: ${problem}. Pass ${PLATFORMS}.`)
}

export function clockOf(option: Platform | OtherPlatform | undefined): Clock {
  const platform = find(option)
  return (platform && platform.clock) || realClock
}

const realClock: Clock = {
  now: () => Date.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer as number),
}

/** Pages opened from Moments have no login state; wx.login does not work there (share to Moments guide). */
export function isSinglePage(platform: () => Platform): boolean {
  try {
    const wx = platform()
    const launch = Object(wx.getLaunchOptionsSync && wx.getLaunchOptionsSync()) as LaunchOptions
    const category = wx.getApiCategory ? wx.getApiCategory() : launch.apiCategory
    return category ? category === 'browseOnly' : launch.scene === 1154
  } catch {
    return false
  }
}
