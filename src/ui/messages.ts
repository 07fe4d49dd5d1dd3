import { BusinessError, RequestError, type ErrorCode } from '../index'

export type Language = 'zh' | 'en'

/** By code, or by a function that sees the error and may leave it to these. `''`: nothing is shown. */
export type Messages = Partial<Record<ErrorCode, string>> | ((error: RequestError) => string | undefined)

type Text = readonly [zh: string, en: string]

const OURS: Text = ['应用出了点问题，请稍后再试', 'Something is wrong with this app. Please try again later.']
const LATER: Text = ['服务暂时不可用，请稍后再试', 'The service is not available. Please try again later.']
const LOGIN: Text = ['登录没有成功，请再试一次', 'You could not be logged in. Please try again.']
const SILENT: Text = ['', '']

/** What somebody can do about it who knows nothing of requests. A toast has two lines (wx.showToast page). */
const TEXTS: Record<ErrorCode, Text> = {
  HTTP_STATUS: LATER,
  UNAUTHORIZED: ['没有权限查看，请联系客服', 'You have no access to this. Please ask our support.'],
  BUSINESS: ['操作没有成功，请稍后再试', 'This did not work. Please try again later.'],
  TIMEOUT: ['网络太慢了，请稍后再试', 'The network is too slow. Please try again.'],
  ABORTED: SILENT,
  CONFIG: OURS,
  BAD_STREAM: OURS,
  NETWORK: ['网络连接失败，请检查网络后再试', 'No connection. Please check your network and try again.'],
  OFFLINE: ['网络未连接，请打开网络后再试', 'You are offline. Please connect and try again.'],
  INTERRUPTED: ['刚才离开时中断了，请再试一次', 'This stopped while you were away. Please try again.'],
  LOGIN_FAILED: LOGIN,
  LOGIN_TIMEOUT: ['登录太慢了，请再试一次', 'Logging in took too long. Please try again.'],
  LOGIN_REJECTED: ['账号无法登录，请联系客服', 'This account cannot log in. Please ask our support.'],
  LOGIN_BAD_RESPONSE: LATER,
  LOGIN_BLOCKED: [
    '微信限制了登录，请过一会儿再试',
    'WeChat does not let you log in now. Please try again later.',
  ],
  LOGIN_COOLDOWN: ['登录多次失败，请过一会儿再试', 'Logging in failed too often. Please try again later.'],
  LOGIN_REQUIRED: SILENT,
  LOGGED_OUT: SILENT,
  SINGLE_PAGE_MODE: ['请点击下方“前往小程序”后使用', 'Please open the mini program below to go on.'],
}

/** The codes there are, for checking options. */
export const CODES = Object.keys(TEXTS)

/** What to show for an error; `''` for nothing. */
export function textOf(error: unknown, language: Language, messages: Messages | undefined): string {
  const isOurs = error instanceof RequestError
  const code = !isOurs ? 'CONFIG' : error.isOffline ? 'OFFLINE' : error.code
  const given = isOurs && (typeof messages === 'function' ? messages(error) : messages && messages[code])
  if (typeof given === 'string') return given
  const own = error instanceof BusinessError ? error.message : ''
  return own || TEXTS[code][language === 'en' ? 1 : 0]
}
