import type { Platform } from 'miniprogram-session'

/*
 * Troubles at the push of a button, on a phone and in DevTools as well as in the preview. All of it stands between the SDK and
 * `wx`, so that the rest of this example is as it would be in any app. Not for copying.
 */

const EXPIRED_KEY = 'example:session-key-expired'

/** What the next request to a path is to meet: the example server in development does as these header fields say. */
export interface Trouble {
  status?: number
  /** ms */
  delay?: number
  /** s */
  retryAfter?: number
}

let isOffline = false
const troubles = new Map<string, Trouble>()

type Checking = Parameters<NonNullable<Platform['checkSession']>>[0]
type Failing = Pick<Checking, 'fail' | 'complete'>
type Sending = Parameters<Platform['request']>[0]

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

/** The request as it goes out: with the trouble that waits for it, and with data that the wrong key has encrypted. */
function troubled(options: Sending): Sending {
  const path = options.url.replace(/^https?:\/\/[^/]*/, '').replace(/\?.*/, '')
  const trouble = troubles.get(path)
  troubles.delete(path)
  const header = { ...options.header }
  if (trouble?.status) header['x-dev-status'] = String(trouble.status)
  if (trouble?.delay) header['x-dev-delay'] = String(trouble.delay)
  if (trouble?.retryAfter) header['x-dev-retry-after'] = String(trouble.retryAfter)
  const { data } = options
  const isGarbled = path === '/open-data' && isSessionKeyExpired() && typeof data === 'string'
  return { ...options, header, ...(isGarbled ? { data: garbled(data) } : {}) }
}

/** As if another key had encrypted it: its first block is not what it was. */
function garbled(body: string): string {
  return body.replace(/("encryptedData":")(.)/, (_, before: string, first: string) => {
    return before + (first === 'A' ? 'B' : 'A')
  })
}

function isSessionKeyExpired(): boolean {
  return wx.getStorageSync<boolean | ''>(EXPIRED_KEY) === true
}

// `wx` itself, but for the calls that the buttons can break.
const wechat = wx as unknown as Platform

export const platform: Platform = Object.create(wechat, {
  request: { value: unlessOffline('request', (options: Sending) => wechat.request(troubled(options))) },
  connectSocket: {
    value: unlessOffline('connectSocket', (options: never) => wechat.connectSocket?.(options)),
  },
  uploadFile: { value: unlessOffline('uploadFile', (options: never) => wechat.uploadFile?.(options)) },
  login: {
    value: unlessOffline('login', (options: Parameters<Platform['login']>[0]) => {
      wx.removeStorageSync(EXPIRED_KEY)
      return wechat.login(options)
    }),
  },
  checkSession: {
    value: unlessOffline('checkSession', (options: Checking) => {
      if (isSessionKeyExpired()) failLater(options, 'checkSession:fail session time out, need relogin')
      else wechat.checkSession?.(options)
    }),
  },
}) as Platform

/** The buttons' side of it. */
export const conditions = {
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

  /** The next request to this path meets the trouble; those after it do not. */
  next(path: string, trouble: Trouble): void {
    troubles.set(path, trouble)
  },
}
