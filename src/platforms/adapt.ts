import {
  causeIn,
  done,
  errnoOf,
  failureOf,
  first,
  isAnswer,
  withoutError,
  wordsOf,
  type Raw,
} from './adapt-failures'
import type { FailureCause, Platform, PlatformCallbacks, PlatformRequest, PlatformTraits } from './wechat'
import { ConfigError, LoginError } from '../errors'
import { LANES } from '../transport/lanes'
import { overrideMethod } from '../transport/serialize'

declare const wx: unknown

/** A platform's own object. */
export type Native = Readonly<Record<string, unknown>>
type Call = (...given: unknown[]) => unknown
export type NetworkCall = 'request' | 'uploadFile' | 'downloadFile'

/** How a platform differs from WeChat. */
export interface Dialect {
  readonly name: string
  /** As apps write it: `'my'`. */
  readonly object: string
  /** The call that gives a code, and what it takes. */
  readonly login: string
  readonly loginOptions?: object
  /** Why there is none. */
  readonly noLogin?: string
  /** How many requests it runs at a time. Default 10. */
  readonly concurrency?: number
  readonly methods: readonly string[]
  /** Whether it may have other methods too: they go as they are unless there is a `methodOverride`. */
  readonly hasOthers?: boolean
  /** The methods whose body it would send as a query. */
  readonly bodiless?: readonly string[]
  /** The longest time-out that it takes, in ms. */
  readonly longest?: number
  /** Whether it fails where JSON cannot be parsed: it is then asked for text. */
  readonly isStrict?: boolean
  /** Whether the app has this object: where it has not, WeChat's `wx` may be given by mistake, which has the same calls. */
  readonly isHere?: () => boolean
  /** Turns what WeChat would be given into what this platform takes. */
  readonly send?: (options: Raw, api: NetworkCall) => void
  /** A failure that has no status of its own, and is an answer all the same. */
  readonly answerIn?: (words: string) => Raw | undefined
  /** What a failure comes from, by the platform's own numbers and words. `'network'`: of whatever, unless the words tell. */
  readonly cause?: (failure: Raw, api: NetworkCall | 'login') => FailureCause | undefined
  readonly task?: (task: Raw, api: NetworkCall) => object
  /** Why a login will not go by itself, and what to do. `outcome`: a failure, or a success without a code. */
  readonly required?: (outcome: Raw, words: string) => string | undefined
  /** Failures of the check that say nothing of the session. */
  readonly noVerdict?: readonly number[]
  readonly changes?: (native: Native) => Partial<Platform> & Raw
  /** Whether its `connectSocket` gives no task: events of the one socket are the app's. */
  readonly hasOneSocket?: boolean
}

/** Not the launch: scenes are WeChat's. What shows something is for miniprogram-session/ui. */
const HANDED_ON = [
  'onAppShow',
  'onAppHide',
  'connectSocket',
  'showLoading',
  'hideLoading',
  'showToast',
  'showModal',
]
const APIS = ['request', 'uploadFile', 'downloadFile'] as const

/** The platform that the core sees, made of another one's object. */
export function adapt(given: unknown, dialect: Dialect): Platform {
  const native = Object(given) as Native
  const has = (name: string): boolean => typeof native[name] === 'function'
  /** Read at each call: apps hook what they find. */
  const ask = (name: string, ...args: unknown[]): unknown =>
    has(name) ? (native[name] as Call).call(native, ...args) : undefined
  const { login, noLogin, cause, changes } = dialect
  /** How often the app went to the background: what was on the wire then may have been stopped for that. */
  let hides = 0
  let isHidden = false
  let isOffline = false
  const listen = (event: string, listener: (detail: unknown) => void): void => {
    try {
      ask(event, listener)
    } catch {
      // Then nothing is known of it.
    }
  }
  listen('onAppHide', () => {
    hides++
    isHidden = true
  })
  listen('onAppShow', () => (isHidden = false))
  listen('onNetworkStatusChange', (change) => (isOffline = (Object(change) as Raw)['isConnected'] === false))

  function causeOf(raw: Raw, api: NetworkCall | 'login', before = hides): FailureCause | undefined {
    const own = cause && cause(raw, api)
    const known = own && own !== 'network' ? own : causeIn(wordsOf(raw))
    return known || (isHidden || hides > before ? 'interrupted' : isOffline ? 'offline' : own)
  }

  /** The callbacks hear whatever the platform hands over, as an object. */
  const run = (
    name: string,
    options: object,
    success: (raw: Raw) => void,
    failed: (raw: Raw) => void,
  ): unknown => {
    const fail = (raw: unknown): void => failed(Object(raw) as Raw)
    const hear = { success: (raw: unknown) => success(Object(raw) as Raw), fail }
    const task = ask(name, Object.assign({}, options, hear))
    const { then } = Object(task) as { then?: unknown }
    // Taro's promise rejects beside the callbacks, and in their place where the call itself throws (@tarojs/shared).
    if (typeof then === 'function') (task as PromiseLike<unknown>).then(undefined, fail)
    return task
  }

  const send =
    (api: NetworkCall) =>
    (options: PlatformRequest): unknown => {
      const { success, fail, dataType = 'json', responseType, timeout } = options
      const before = hides
      const isJson = api === 'request' && dataType === 'json' && responseType !== 'arraybuffer'
      const failed = (raw: Raw): void => {
        const answer = isAnswer(raw) ? raw : dialect.answerIn && dialect.answerIn(wordsOf(raw))
        if (answer) succeed(Object.assign({ header: answer['headers'] || {} }, answer))
        else if (fail) fail(failureOf(api, raw, causeOf(raw, api, before)))
      }
      const succeed = (raw: Raw): void => {
        const isFile = api === 'downloadFile'
        const status = first(raw, ['statusCode', 'status']) || (isFile ? 200 : undefined)
        if (typeof status !== 'number') return failed({ errMsg: `${api}:fail an answer without a status` })
        const { header = raw['headers'], data } = raw
        const answer = Object.assign({}, raw, { statusCode: status, header }) as Raw
        if (isJson) answer['data'] = parsed(data)
        if (isFile) answer['tempFilePath'] = first(raw, ['tempFilePath', 'apFilePath', 'filePath'])
        if (success) success(answer)
      }
      const fields = Object.assign({}, options) as Raw
      if (dialect.isStrict && isJson) fields['dataType'] = 'text'
      if (dialect.longest) fields['timeout'] = Math.min(Number(timeout), dialect.longest)
      if (dialect.send) dialect.send(fields, api)
      const task = run(api, fields, succeed, failed)
      return task && dialect.task ? dialect.task(task as Raw, api) : task
    }

  type Options = PlatformCallbacks<object> & Raw
  const platform: Raw = {
    clock: native['clock'],
    traits: traitsOf(native, dialect, has),
    login(options: Options) {
      const { fail, success } = options
      if (noLogin) {
        if (fail) fail(new LoginError('CONFIG', noLogin) as object)
        return undefined
      }
      const failed = (raw: Raw): void => {
        const required = dialect.required && dialect.required(raw, wordsOf(raw))
        const failure = failureOf('login', raw, causeOf(raw, 'login'))
        if (fail) fail(required ? (new LoginError('LOGIN_REQUIRED', required, failure) as object) : failure)
      }
      const succeed = (raw: Raw): void => {
        const code = raw['code'] || raw['authCode']
        if (!code && dialect.required && dialect.required(raw, '')) failed(raw)
        else if (success) success(Object.assign({}, raw, { code }))
      }
      return run(login, Object.assign({}, options, dialect.loginOptions), succeed, failed)
    },
    getStorageSync(key: string) {
      try {
        return withoutError(ask('getStorageSync', key))
      } catch (error) {
        if (/not found/.test(wordsOf(Object(error) as Raw))) return ''
        throw error
      }
    },
    setStorageSync: (key: string, data: unknown) => done(ask('setStorageSync', key, data)),
    removeStorageSync: (key: string) => done(ask('removeStorageSync', key)),
  }
  for (const name of ['getStorage', 'setStorage', 'removeStorage', 'checkSession'])
    if (has(name))
      platform[name] = (options: Options) => {
        const { success, fail } = options
        const failed = (raw: Raw): void => {
          // What was thrown is no word of the platform's: Taro has names without a function (@tarojs/shared).
          const isVerdict =
            !(raw instanceof Error) && (dialect.noVerdict || []).indexOf(errnoOf(raw) as number) < 0
          if (fail) fail(failureOf(name, raw, isVerdict ? undefined : 'network'))
        }
        const succeed = (raw: Raw): void => {
          if (raw['result'] === false) failed(raw)
          else if (success) success(raw)
        }
        return run(name, options, succeed, failed)
      }
  for (const name of HANDED_ON)
    if (has(name) && !(dialect.hasOneSocket && name === 'connectSocket'))
      platform[name] = (...args: unknown[]) => ask(name, ...args)
  for (const api of APIS) if (api === 'request' || has(api)) platform[api] = send(api)
  return Object.assign(platform, changes && changes(native)) as unknown as Platform
}

function traitsOf(native: Native, dialect: Dialect, has: (name: string) => boolean): PlatformTraits {
  const {
    name,
    object,
    login,
    methods,
    hasOthers,
    bodiless = [],
    noLogin,
    isHere,
    concurrency = LANES,
  } = dialect
  let isFit = false
  return {
    name,
    native,
    login: `${object}.${login}`,
    concurrency,
    suit(options, header) {
      const { method, data } = options
      if (methods.indexOf(method) < 0) {
        if (header || !hasOthers) overrideMethod(options, header, name)
      } else if (bodiless.indexOf(method) >= 0 && data !== undefined && data !== null)
        throw new ConfigError(
          `is a ${method} with a body, which ${name} would send as a query. Use post(), or say it in the query.`,
        )
    },
    verify() {
      if (isFit) return
      const missing = ['request', noLogin ? 'request' : login].filter((call) => !has(call))[0]
      if (missing)
        throw new ConfigError(
          `platform: ${name} needs ${object}.${missing}(), which the object given does not have. Is it ${object}, and its base library new enough?`,
        )
      // An app may have called its platform `wx` as well.
      if (isHere && !isHere() && typeof wx === 'object' && native === wx)
        throw new ConfigError(`platform: the object given is not ${object}, but wx.`)
      isFit = true
    },
  }
}

function parsed(data: unknown): unknown {
  if (typeof data !== 'string') return data
  try {
    return JSON.parse(data)
  } catch {
    // Not JSON: it stays the string it is.
    return data
  }
}
