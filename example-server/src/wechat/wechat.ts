import { ApiError } from '../errors.ts'

/** What WeChat tells a server about the owner of a code. */
export interface WeChatLogin {
  openid: string
  unionid?: string
  /** Decrypts this user's data and proves its origin. It never leaves the server. */
  sessionKey: string
}

export interface Phone {
  phoneNumber: string
  countryCode: string
}

/** The part of WeChat's server API that this server uses. */
export interface WeChat {
  code2Session(code: string): Promise<WeChatLogin>
  /** `code` of a getPhoneNumber button, not of wx.login */
  phoneNumber(code: string): Promise<Phone>
}

/** WeChat answered, and not with success. */
export class WeChatError extends Error {
  constructor(
    readonly errcode: number,
    errmsg: string,
  ) {
    super(`WeChat answered ${String(errcode)}: ${errmsg}`)
    this.name = 'WeChatError'
  }
}

const freshCode = (what: string) =>
  new ApiError(400, 'CODE_INVALID', `${what} Call wx.login again and send the new code once.`)

/**
 * What our own client is told for each of WeChat's errors (code2Session page; 40163 is on no current page but
 * is what a used code gets). The difference that matters: whether a fresh code, waiting, or nothing helps.
 */
export function toApiError(error: unknown): unknown {
  if (!(error instanceof WeChatError)) return error
  switch (error.errcode) {
    case 40029:
      return freshCode('WeChat does not know this code, or it is older than five minutes.')
    case 40163:
      return freshCode('This code has been used: each works once.')
    case 40226:
      return new ApiError(
        403,
        'LOGIN_BLOCKED',
        'WeChat blocks this user from logging in; trying again does not help.',
      )
    case 45009:
    case 45011:
      return new ApiError(429, 'TOO_MANY_LOGINS', 'WeChat limits logins per minute; try again later.', 60)
    case -1:
      return new ApiError(503, 'WECHAT_BUSY', 'WeChat is busy; try again in a moment.', 1)
    default:
      // A wrong secret, an unknown appid: our mistake, told to the log and not to the client.
      return error
  }
}
