import type { Clock } from '../platforms/wechat'
import { threadOf } from './thread'

/** What code2Session answers a back end. */
export type CodeAnswer =
  { errcode: 0; openid: string; session_key: string } | { errcode: 40029 | 40163; errmsg: string }

/** What `createFakeAccount` takes. */
export interface FakeAccountOptions {
  /** Must be the clock of the fakes that use the account. */
  clock: Clock
  /** Makes the codes. Default `code-1`, `code-2`, … Give one when a real server expects a certain form. */
  codes?: () => string
  /** Life of a code in ms. Default 300 000, as on the wx.login page. */
  codeLife?: number
  /** A login within this many ms of the last change of `session_key` leaves it alone. Default 60 000; WeChat tells no number. */
  rotationPeriod?: number
  openid?: string
}

/**
 * A WeChat user on one phone, with WeChat's own server behind: who gives out codes and knows the `session_key`.
 * Two fakes with the same account are two copies of an SDK in one mini-program.
 */
export interface FakeAccount {
  readonly openid: string
  /** The one valid key (wx.checkSession page: there is exactly one at a time). */
  readonly sessionKey: string
  /** Every code given out, in order. */
  readonly issued: readonly string[]
  /** How often each code was exchanged. */
  readonly exchanged: ReadonlyMap<string, number>
  /** Codes that were exchanged more than once. */
  readonly reused: readonly string[]
  /** Whether `wx.checkSession` passes. True from the start: a phone that has used the mini-program before. */
  readonly isSessionValid: boolean
  /** What `wx.login` does: gives out a code, independent of the earlier ones, and may change the key. */
  login(): string
  /** What code2Session does: 40029 for a code that is unknown or older than 5 minutes, 40163 for one used before. */
  exchange(code: string): CodeAnswer
  /** The key changes behind the client's back, as by a pre-fetch; `wx.checkSession` still passes. */
  rotateKey(): void
  /** `wx.checkSession` fails until the next `wx.login`. */
  expireKey(): void
}

export function createFakeAccount(options: FakeAccountOptions): FakeAccount {
  const { clock, codeLife = 300_000, rotationPeriod = 60_000, openid = 'openid-1' } = options
  const issued: string[] = []
  const issuedAt = new Map<string, number>()
  const exchanged = new Map<string, number>()
  const reused: string[] = []
  // WeChat's servers have a clock of their own: the phone's may be wrong.
  const { outside } = threadOf(clock)
  let keys = 1
  let rotatedAt = -Infinity
  let isSessionValid = true

  const rotateKey = () => {
    keys++
    rotatedAt = outside.now()
  }

  return {
    openid,
    issued,
    exchanged,
    reused,
    get sessionKey() {
      return `session-key-${keys}`
    },
    get isSessionValid() {
      return isSessionValid
    },
    login() {
      const code = options.codes ? options.codes() : `code-${issued.length + 1}`
      issued.push(code)
      issuedAt.set(code, outside.now())
      // "wx.login may change session_key, though not at every call in quick succession": signature guide.
      if (!isSessionValid || outside.now() - rotatedAt >= rotationPeriod) rotateKey()
      isSessionValid = true
      return code
    },
    exchange(code) {
      const times = (exchanged.get(code) ?? 0) + 1
      exchanged.set(code, times)
      const since = issuedAt.get(code)
      if (since === undefined) return { errcode: 40029, errmsg: 'invalid code' }
      if (times > 1) {
        if (times === 2) reused.push(code)
        return { errcode: 40163, errmsg: 'code been used' }
      }
      if (outside.now() - since >= codeLife) return { errcode: 40029, errmsg: 'invalid code' }
      return { errcode: 0, openid, session_key: `session-key-${keys}` }
    },
    rotateKey,
    expireKey() {
      isSessionValid = false
    },
  }
}
