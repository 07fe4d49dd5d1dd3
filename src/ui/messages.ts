import { RequestError, type ErrorCode } from '../index'

/** Of the words that are shown. */
export type Language = 'zh' | 'en'

/** By code, or by a function that sees the error and may leave it to these. `''`: nothing is shown. */
export type Messages = Partial<Record<ErrorCode, string>> | ((error: RequestError) => string | undefined)

/** Of a language in what follows. */
export type Place = 0 | 1
type Text = readonly [zh: string, en: string]

const OURS: Text = ['出了点问题，请稍后再试', 'Something went wrong. Please try again later.']
const LOGIN: Text = ['登录没有成功，请稍后再试', 'The login failed. Please try again later.']
const NO_ACCESS: Text = ['账号没有权限，请联系客服', 'Your account has no access. Please ask our support.']
const SILENT: Text = ['', '']

/** What somebody can do about it who knows nothing of requests. A toast has two lines (wx.showToast page). */
const TEXTS: Record<ErrorCode, Text> = {
  HTTP_STATUS: OURS,
  UNAUTHORIZED: NO_ACCESS,
  BUSINESS: OURS,
  TIMEOUT: ['网络太慢了，请稍后再试', 'The network is too slow. Please try again later.'],
  ABORTED: SILENT,
  CONFIG: OURS,
  BAD_STREAM: OURS,
  NETWORK: ['网络连接失败，请检查网络后再试', 'The network failed. Please check it and try again.'],
  OFFLINE: ['网络未连接，请打开网络后再试', 'You are offline. Please connect and try again.'],
  INTERRUPTED: ['刚才离开时中断了，请重试', 'This stopped while you were away. Please try again.'],
  LOGIN_FAILED: LOGIN,
  LOGIN_TIMEOUT: LOGIN,
  LOGIN_REJECTED: NO_ACCESS,
  LOGIN_BAD_RESPONSE: LOGIN,
  LOGIN_BLOCKED: LOGIN,
  LOGIN_COOLDOWN: LOGIN,
  LOGIN_REQUIRED: SILENT,
  LOGGED_OUT: SILENT,
  SINGLE_PAGE_MODE: ['请点击下方“前往小程序”后使用', 'Please open the mini program below to go on.'],
}

/** The codes there are, for checking options. */
export const CODES = Object.keys(TEXTS)

/** What to show for an error; `''` for nothing. */
export function textOf(error: unknown, place: Place, messages: Messages | undefined): string {
  if (!(error instanceof RequestError)) return OURS[place]
  const code = error.isOffline ? 'OFFLINE' : error.code
  const given =
    typeof messages === 'function' ? messages(error) : (Object(messages) as Record<string, unknown>)[code]
  if (typeof given === 'string') return given
  return (code === 'BUSINESS' && error.message) || TEXTS[code][place]
}
