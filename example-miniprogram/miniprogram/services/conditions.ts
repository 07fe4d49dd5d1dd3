import type { Platform } from 'miniprogram-session'

const EXPIRED_KEY = 'example:session-key-expired'

let isOffline = false

type Failing = Parameters<NonNullable<Platform['checkSession']>>[0]

/** Fails a call as phones do, a moment later. */
function failLater(options: Failing, errMsg: string, errno?: number): void {
  const failure = errno === undefined ? { errMsg } : { errMsg, errno }
  setTimeout(() => {
    options.fail?.(failure)
    options.complete?.(failure)
  }, 30)
}

/** Calls `wx` unless the network is off. The wording is what Android reports. */
function unlessOffline<Options extends Failing>(name: string, call: (options: Options) => unknown) {
  return (options: Options): unknown => {
    if (!isOffline) return call(options)
    const reason = 'errcode:-106 cronet_error_code:-106 error_msg:net::ERR_INTERNET_DISCONNECTED'
    failLater(options, `${name}:fail ${reason}`, 600001)
    return undefined
  }
}

// `wx` itself, but for the calls that the two switches below can break.
const wechat = wx as unknown as Platform
const platform: Platform = Object.create(wechat, {
  request: { value: unlessOffline('request', (options: never) => wechat.request(options)) },
  uploadFile: { value: unlessOffline('uploadFile', (options: never) => wechat.uploadFile?.(options)) },
  login: {
    value: unlessOffline('login', (options: Parameters<Platform['login']>[0]) => {
      wx.removeStorageSync(EXPIRED_KEY)
      return wechat.login(options)
    }),
  },
  checkSession: {
    value: unlessOffline('checkSession', (options: Failing) => {
      if (wx.getStorageSync<boolean>(EXPIRED_KEY))
        failLater(options, 'checkSession:fail session time out, need relogin')
      else wechat.checkSession?.(options)
    }),
  },
}) as Platform

/** Troubles that a button can bring about, on a phone and in DevTools as well as in the preview. */
export const conditions = {
  platform,

  get isOffline(): boolean {
    return isOffline
  },

  setOffline(offline: boolean): void {
    isOffline = offline
  },

  /** Until the next login, restarts included: `wx.checkSession` fails, and encrypted data has a new key. */
  expireSessionKey(): void {
    wx.setStorageSync(EXPIRED_KEY, true)
  },

  get isSessionKeyExpired(): boolean {
    return wx.getStorageSync<boolean | ''>(EXPIRED_KEY) === true
  },
}
