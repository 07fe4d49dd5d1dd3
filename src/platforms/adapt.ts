import {
  causeIn,
  errnoOf,
  failureOf,
  first,
  plain,
  rawOf,
  statusIn,
  wordsOf,
  type Raw,
} from './adapt-failures'
import type { Dialect, Native, NetworkCall } from './dialect'
import { traitsOf } from './traits'
import type { FailureCause, Platform, PlatformCallbacks, PlatformRequest } from './wechat'
import { isThenable, quiet } from '../app-code'
import { LoginError } from '../errors'
import { kindOf } from '../transport/failures'

/** Not the launch: scenes are WeChat's. What shows something is for miniprogram-session/ui. */
const HANDED_ON = [
  'getStorageSync',
  'setStorageSync',
  'removeStorageSync',
  'onAppShow',
  'onAppHide',
  'connectSocket',
  'showLoading',
  'hideLoading',
  'showToast',
  'showModal',
]
const APIS = ['request', 'uploadFile', 'downloadFile'] as const

type Call = (...given: unknown[]) => unknown

/** The platform that the core sees, made of another one's object. */
export function adapt(given: unknown, dialect: Dialect): Platform {
  const native = Object(given) as Native
  const has = (name: string): boolean => typeof native[name] === 'function'
  const { login, noLogin, cause, changes } = dialect
  /** How often the app went to the background: what was on the wire then may have been stopped for that. */
  let hides = 0
  let isHidden = false
  let isOffline = false
  try {
    // First: without it nothing would say that the app is in front again.
    ask(native, 'onAppShow', () => (isHidden = false))
    ask(native, 'onAppHide', () => {
      hides++
      isHidden = true
    })
  } catch {
    // Then nothing is known of it.
  }
  try {
    ask(
      native,
      'onNetworkStatusChange',
      (change: unknown) => (isOffline = rawOf(change)['isConnected'] === false),
    )
  } catch {
    // Nor of this.
  }

  function causeOf(raw: Raw, api: NetworkCall | 'login', before = hides): FailureCause | undefined {
    const own = cause && cause(raw, api)
    const words = plain(wordsOf(raw))
    const known = own && own !== 'network' ? own : causeIn(words)
    if (known) return known
    if (isHidden || hides > before) return 'interrupted'
    return isOffline ? 'offline' : api === 'login' ? own : kindOf({}, words)
  }

  /** One of the callbacks hears, once, what the platform hands over, as an object. */
  const run = (
    name: string,
    options: object,
    success: (raw: Raw) => void,
    failed: (raw: Raw) => void,
  ): unknown => {
    let isOpen = true
    const once = (tell: (raw: Raw) => void) => (given: unknown) => {
      if (!isOpen) return
      isOpen = false
      tell(rawOf(given))
    }
    const fail = once(failed)
    const succeed = once(success)
    const task = ask(native, name, Object.assign({}, options, { success: succeed, fail }))
    // Taro's promise rejects beside the callbacks, and in their place where the call itself throws (@tarojs/shared). Where an
    // interceptor answers, nothing else does (reported: NervJS/taro#2565).
    if (isThenable(task))
      task.then((given) => {
        if (statusIn(rawOf(given)) > 0) succeed(given)
      }, fail)
    return task
  }

  const send =
    (api: NetworkCall) =>
    (options: PlatformRequest): unknown => {
      const { success, fail, dataType = 'json', responseType, timeout } = options
      const { isStrict, longest = Infinity } = dialect
      const before = hides
      const isFile = api === 'downloadFile'
      const isJson = api === 'request' && dataType === 'json' && responseType !== 'arraybuffer'
      const failed = (raw: Raw): void => {
        const status = statusIn(raw)
        // A code of the platform's own may stand in its place, and is below 100. A file that arrived may have found no room.
        const isAnswer = status >= (isFile ? 400 : 100) && status <= 599
        const answer = isAnswer ? raw : dialect.answerIn && dialect.answerIn(wordsOf(raw))
        if (answer) succeed(answer, true)
        else if (fail) fail(failureOf(api, raw, causeOf(raw, api, before)))
      }
      /** `isUnread`: the platform has not parsed it. */
      const succeed = (raw: Raw, isUnread = isStrict): void => {
        const statusCode = statusIn(raw) || (isFile && 200)
        if (!statusCode) return failed({ errMsg: `${api}:fail an answer without a status` })
        const { header = raw['headers'], data: body } = raw
        const data = isJson && isUnread ? parsed(body) : body
        // Read one by one: what Taro 3 fails with on H5 is a Response, whose fields are no keys of its own.
        const answer: Raw = Object.assign({}, raw, { statusCode, header, data })
        if (isFile) answer['tempFilePath'] = first(raw, ['tempFilePath', 'apFilePath', 'filePath'])
        if (success) success(answer)
      }
      const fields = Object.assign({}, options) as Raw
      if (Number(timeout) > longest) fields['timeout'] = longest
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
      platform[name] = (...args: unknown[]) => ask(native, name, ...args)
  for (const api of APIS) if (api === 'request' || has(api)) platform[api] = send(api)
  return Object.assign(platform, changes && changes(native)) as unknown as Platform
}

/**
 * Read at each call: apps hook what they find. Taro's promises reject beside the callbacks; what is missing throws. Baidu's calls, from
 * 3.140.1 on (storage pages), and those that Taro lacks (taro-rn) give an error back rather than throw it.
 */
export function ask(native: Native, name: string, ...args: unknown[]): unknown {
  const value = quiet((native[name] as Call)(...args))
  if (value instanceof Error) throw value
  return value
}

function parsed(data: unknown): unknown {
  if (typeof data !== 'string') return data
  try {
    // Without its byte order mark.
    return JSON.parse(data.trim())
  } catch {
    // Not JSON: it stays the string it is.
    return data
  }
}
