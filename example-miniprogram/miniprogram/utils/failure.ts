import { HttpError, NetworkError, RequestError, type ErrorCode } from 'miniprogram-session'

/** What a page tells its user about a failure. */
export interface Failure {
  title: string
  advice: string
  /** What the user can read out to whoever looks into it: a code. The words of an error are for developers, and in English. */
  detail: string
}

const WORDS: Partial<Record<ErrorCode, [title: string, advice: string]>> = {
  OFFLINE: ['没有网络', '网络恢复后再试一次'],
  NETWORK: ['连不上服务器', '请稍后再试一次'],
  INTERRUPTED: ['请求被系统中断', '小程序在后台太久了，再试一次'],
  TIMEOUT: ['服务器太久没有回应', '稍后再试一次'],
  UNAUTHORIZED: ['没有权限', '新的登录也被拒绝了，请联系我们'],
  HTTP_STATUS: ['服务器出错了', '稍后再试一次'],
  BAD_STREAM: ['回答读不下去了', '再试一次'],
  LOGIN_REQUIRED: ['需要登录', '请先登录'],
  LOGIN_FAILED: ['登录失败', '请稍后再试一次'],
  LOGIN_TIMEOUT: ['登录超时', '网络太慢，再试一次'],
  LOGIN_REJECTED: ['服务器拒绝了登录', '请联系我们'],
  LOGIN_BLOCKED: ['微信限制了此账号登录', '请在微信里查看原因'],
  LOGIN_COOLDOWN: ['登录连续失败', '已暂停片刻，稍后会自动恢复'],
  LOGGED_OUT: ['已退出登录', '需要时会重新登录'],
  SINGLE_PAGE_MODE: ['朋友圈单页模式', '打开小程序后可用'],
}

export function failureOf(error: unknown): Failure {
  const [title, advice] = wordsFor(error)
  return { title, advice, detail: codeOf(error) }
}

function wordsFor(error: unknown): [title: string, advice: string] {
  if (error instanceof RequestError) {
    // On a first launch without network it is the login that fails.
    const code = error.isOffline ? 'OFFLINE' : error.code
    return WORDS[code] ?? ['出错了', '再试一次']
  }
  return isOfWeChat(error) ? ['未能从微信获取数据', '允许授权后再试一次'] : ['出错了', '再试一次']
}

/** `HTTP_STATUS 503`, `OFFLINE 600001`, or the function of WeChat's that failed. */
function codeOf(error: unknown): string {
  if (error instanceof HttpError) return `${error.code} ${error.response.statusCode}`
  if (error instanceof NetworkError && error.errno !== undefined) return `${error.code} ${error.errno}`
  if (error instanceof RequestError) return error.code
  const [call = ''] = isOfWeChat(error) ? error.errMsg.split(' ') : []
  return call
}

/** What `wx` calls back with is a plain object: it was asked for something of its own, not for a request. */
function isOfWeChat(error: unknown): error is { errMsg: string } {
  return typeof error === 'object' && error !== null && 'errMsg' in error && typeof error.errMsg === 'string'
}

/** The page was left, or the user logged out meanwhile: nothing to tell anybody. */
export function isOver(error: unknown): boolean {
  return error instanceof RequestError && (error.code === 'ABORTED' || error.code === 'LOGGED_OUT')
}
