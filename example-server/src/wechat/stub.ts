import { randomBytes } from 'node:crypto'
import { WeChatError, type WeChat, type WeChatLogin } from './wechat.ts'

/**
 * WeChat's rules without WeChat, for development and tests: a code works once and for five minutes, a used one
 * gets 40163, any other 40029, too many a minute 45011, and each login may replace the user's session_key,
 * though not more often than once in a while (wx.login and signature pages; WeChat publishes no number).
 */
export interface StubOptions {
  clock?: () => number
  /** logins per user and minute before 45011; older pages of WeChat said 100 */
  perMinute?: number
  /** ms during which a user's session_key stays the same, however many logins */
  minRotation?: number
}

const CODE_LIFE = 5 * 60_000
const MINTED = /^([\w-]{1,64})\.([0-9a-z]{7,9})\.([\w-]{8,64})$/
/** What DevTools answers wx.login with under its test appid: always this one. */
const DEVTOOLS_CODE = 'the code is a mock one'
const DEFAULT_USER = 'newcomer'

/** A code as WeChat would give it to `user` now. Anybody can mint one: the stub accepts it the first time. */
export const mintCode = (user = DEFAULT_USER, now = Date.now()): string =>
  `${user}.${Math.floor(now).toString(36)}.${randomBytes(9).toString('base64url')}`

/** What stands in `watermark.appid` when there is no account. */
export const STUB_APPID = 'wx0000000000000000'

/** The openid behind a stub's user name. */
export const stubOpenid = (user: string): string => `stub-${user}`

export function createStubWeChat(options: StubOptions = {}): WeChat {
  const { clock = Date.now, perMinute = 100, minRotation = 60_000 } = options
  const used = new Map<string, number>()
  const logins = new Map<string, number[]>()
  const keys = new Map<string, { key: string; since: number }>()

  /** Whose code this is, and until when it may be used. */
  function read(code: string, now: number): { user: string; until: number } {
    const [, user, issued] = MINTED.exec(code) ?? []
    if (user !== undefined && issued !== undefined) {
      const at = parseInt(issued, 36)
      // A minute of grace for clocks that differ; a code from further in the future is nobody's.
      if (at <= now + 60_000 && now < at + CODE_LIFE) return { user, until: at + CODE_LIFE }
    } else if (code === DEVTOOLS_CODE || /^[\w-]{28,64}$/.test(code)) {
      // Without that form it may be a real code, from DevTools or a phone: one default user, to get going.
      return { user: DEFAULT_USER, until: now + CODE_LIFE }
    }
    throw new WeChatError(40029, 'invalid code')
  }

  function forgetOld(now: number): void {
    for (const [code, until] of used) {
      if (until > now) break
      used.delete(code)
    }
  }

  function sessionKeyOf(user: string, now: number): string {
    const known = keys.get(user)
    if (known && now - known.since < minRotation) return known.key
    const key = randomBytes(16).toString('base64')
    keys.set(user, { key, since: now })
    return key
  }

  /** Marks a code as used, if it was good. */
  function use(code: string, now: number): string {
    forgetOld(now)
    if (used.has(code)) throw new WeChatError(40163, 'code been used')
    const { user, until } = read(code, now)
    if (code !== DEVTOOLS_CODE) used.set(code, until)
    return user
  }

  // Not async on purpose: a code is looked up and used up in one go, so two requests cannot share one.
  function exchange(code: string): WeChatLogin {
    const now = clock()
    const user = use(code, now)
    const recent = (logins.get(user) ?? []).filter((at) => now - at < 60_000)
    if (recent.length >= perMinute) throw new WeChatError(45011, 'api minute-quota reach limit')
    logins.set(user, [...recent, now])
    return { openid: stubOpenid(user), sessionKey: sessionKeyOf(user, now) }
  }

  return {
    async code2Session(code) {
      // One turn of the loop, as the network would take: nobody may rely on an answer in the same tick.
      await new Promise(setImmediate)
      return exchange(code)
    },
    async phoneNumber(code) {
      await new Promise(setImmediate)
      use(code, clock())
      return { phoneNumber: '13800000000', countryCode: '86' }
    },
  }
}
