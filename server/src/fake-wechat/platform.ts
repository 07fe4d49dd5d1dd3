import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto'

/**
 * WeChat's rules without WeChat: a code works once and for five minutes, a used one gets 40163, any other 40029,
 * too many a minute 45011, and a login may replace the user's session_key, though not more often than once in a
 * while (wx.login and signature pages; WeChat publishes no number).
 */
export interface PlatformOptions {
  /** what the caller must send; without it anything is taken */
  account?: { appid: string; secret: string } | undefined
  clock?: () => number
  /** logins per user and minute before 45011 */
  perMinute?: number
  /** ms during which a user's session_key stays the same, however many logins */
  minRotation?: number
  /** a code that nobody minted here but that looks like one (a real phone's, DevTools') is this user's */
  strangersAre?: string
}

/** What becomes of an exchange. `ok-…` are successes as WeChat has been seen to write them. */
export type Outcome =
  | 'ok'
  | 'ok-errcode-0'
  | 'ok-unionid'
  | 'ok-more'
  | 'hang'
  | 'html'
  | 'http-500'
  | 'half-json'
  | 'reset'
  | { errcode: number; errmsg: string }

/** What goes back to the caller: an object as JSON, or a way to be no help at all. */
export type PlatformAnswer = Record<string, unknown> | 'hang' | 'html' | 'http-500' | 'half-json' | 'reset'

interface Code {
  user: string
  until: number
  outcome: Outcome
}

const CODE_LIFE = 5 * 60_000
/** The form in which another process, which knows no list of ours, may mint a code: user, time, chance. */
const MINTED_ELSEWHERE = /^([\w-]{1,64})\.([0-9a-z]{7,9})\.([\w-]{8,64})$/
/** What DevTools answers wx.login with under its test appid: always this one. */
const DEVTOOLS_CODE = 'the code is a mock one'

/** A code for `user` that any fake WeChat accepts once, without having been told of it. */
export const mintCode = (user: string, now = Date.now()): string =>
  `${user}.${Math.floor(now).toString(36)}.${randomBytes(9).toString('base64url')}`

export class Platform {
  private readonly codes = new Map<string, Code>()
  private readonly used = new Map<string, number>()
  private readonly logins = new Map<string, number[]>()
  private readonly keys = new Map<string, { key: string; since: number }>()
  private readonly tokens = new Map<string, number>()
  private stable: string | undefined
  /** how often each code was sent here: a back end must do that at most once */
  readonly asked = new Map<string, number>()
  /** every secret and session_key that was on its way: nothing of them may turn up elsewhere */
  readonly secrets = new Set<string>()
  appid: string | undefined

  constructor(private readonly options: PlatformOptions = {}) {}

  /** A code that wx.login could have given to `user`, `age` ms ago. */
  mint(user: string, { outcome = 'ok', age = 0 }: { outcome?: Outcome; age?: number } = {}): string {
    const code = randomBytes(16).toString('hex')
    this.codes.set(code, { user, until: this.now() - age + CODE_LIFE, outcome })
    return code
  }

  openid(user: string): string {
    return `fake-${user}`
  }

  sessionKey(user: string): string | undefined {
    return this.keys.get(user)?.key
  }

  /** Replaces the user's key, as another login on another phone would. */
  rotateKey(user: string): string {
    const key = randomBytes(16).toString('base64')
    this.keys.set(user, { key, since: this.now() })
    this.secrets.add(key)
    return key
  }

  /** Data as getUserInfo and the like bring it: AES-128-CBC with PKCS#7, and signed (signature page). */
  seal(user: string, data: object, key = this.sessionKey(user) ?? this.rotateKey(user)) {
    const watermark = { appid: this.appid, timestamp: Math.floor(this.now() / 1000) }
    const rawData = JSON.stringify(data)
    const iv = randomBytes(16)
    const cipher = createCipheriv('aes-128-cbc', Buffer.from(key, 'base64'), iv)
    const sealed = Buffer.concat([cipher.update(JSON.stringify({ ...data, watermark })), cipher.final()])
    return {
      encryptedData: sealed.toString('base64'),
      iv: iv.toString('base64'),
      rawData,
      signature: createHash('sha1')
        .update(rawData + key)
        .digest('hex'),
    }
  }

  /** `code2Session`. Not async on purpose: a code is looked up and used up in one go. */
  exchange(query: URLSearchParams): PlatformAnswer {
    const code = query.get('js_code') ?? ''
    this.asked.set(code, (this.asked.get(code) ?? 0) + 1)
    const refusal = this.refuseAccount(query.get('appid'), query.get('secret'))
    if (refusal) return refusal
    if (query.get('grant_type') !== 'authorization_code') return failure(40002, 'invalid grant_type')
    if (code === '') return failure(41008, 'missing code')
    const now = this.now()
    if (this.used.has(code)) return failure(40163, 'code been used')
    const found = this.read(code, now)
    if (!found) return failure(40029, 'invalid code')
    if (code !== DEVTOOLS_CODE) this.use(code, found.until, now)
    const { outcome, user } = found
    if (outcome === 'hang' || outcome === 'html' || outcome === 'http-500') return outcome
    if (outcome === 'half-json' || outcome === 'reset') return outcome
    if (typeof outcome === 'object') return failure(outcome.errcode, outcome.errmsg)
    const recent = (this.logins.get(user) ?? []).filter((at) => now - at < 60_000)
    if (recent.length >= (this.options.perMinute ?? 100))
      return failure(45011, 'api minute-quota reach limit')
    this.logins.set(user, [...recent, now])
    return {
      session_key: this.keyAtLogin(user, now),
      openid: this.openid(user),
      ...(outcome === 'ok-errcode-0' ? { errcode: 0, errmsg: 'ok' } : {}),
      ...(outcome === 'ok-unionid' ? { unionid: `fake-union-${user}` } : {}),
      ...(outcome === 'ok-more' ? { expires_in: 7200, is_new: true, later: { more: [] } } : {}),
    }
  }

  /** `stable_token` gives everybody the same one while it lives; `token` ends the one before. */
  accessToken(appid: unknown, secret: unknown, stable: boolean): PlatformAnswer {
    const refusal = this.refuseAccount(appid, secret)
    if (refusal) return refusal
    const now = this.now()
    const known = this.stable === undefined ? 0 : (this.tokens.get(this.stable) ?? 0)
    if (!stable || this.stable === undefined || known <= now) {
      if (this.stable !== undefined) this.tokens.delete(this.stable)
      this.stable = `fake-${randomBytes(48).toString('base64url')}`
      this.tokens.set(this.stable, now + 7_200_000)
      this.secrets.add(this.stable)
    }
    const left = Math.ceil(((this.tokens.get(this.stable) ?? now) - now) / 1000)
    return { access_token: this.stable, expires_in: left }
  }

  /** Ends every access token, as a new secret does: the next call with one is 40001. */
  endAccessTokens(): void {
    this.tokens.clear()
  }

  phone(token: string | null, code: unknown): PlatformAnswer {
    const refusal = this.refuseToken(token)
    if (refusal) return refusal
    const now = this.now()
    if (typeof code !== 'string' || this.used.has(code)) return failure(40029, 'invalid code')
    const found = this.read(code, now)
    if (!found) return failure(40029, 'invalid code')
    this.use(code, found.until, now)
    const watermark = { timestamp: Math.floor(now / 1000), appid: this.appid }
    const number = '13800000000'
    return {
      errcode: 0,
      errmsg: 'ok',
      phone_info: { phoneNumber: number, purePhoneNumber: number, countryCode: '86', watermark },
    }
  }

  /** `checksession` and `resetusersessionkey`: who signs the empty string with the key has the right one. */
  checkSession(token: string | null, query: URLSearchParams, reset: boolean): PlatformAnswer {
    const refusal = this.refuseToken(token)
    if (refusal) return refusal
    const user = (query.get('openid') ?? '').replace(/^fake-/, '')
    const key = this.sessionKey(user)
    if (key === undefined) return failure(40003, 'invalid openid')
    const signature = createHmac('sha256', Buffer.from(key, 'base64')).update('').digest('hex')
    if (query.get('signature') !== signature) return failure(87009, 'invalid signature')
    if (!reset) return { errcode: 0, errmsg: 'ok' }
    return { errcode: 0, errmsg: 'ok', openid: this.openid(user), session_key: this.rotateKey(user) }
  }

  private now(): number {
    return (this.options.clock ?? Date.now)()
  }

  private refuseAccount(appid: unknown, secret: unknown): PlatformAnswer | undefined {
    if (typeof appid !== 'string' || appid === '') return failure(41002, 'appid missing')
    if (typeof secret !== 'string' || secret === '') return failure(41004, 'appsecret missing')
    const { account } = this.options
    if (account && appid !== account.appid) return failure(40013, 'invalid appid')
    if (account && secret !== account.secret) return failure(40125, 'invalid appsecret')
    this.appid = appid
    this.secrets.add(secret)
    return undefined
  }

  private refuseToken(token: string | null): PlatformAnswer | undefined {
    if (token !== null && (this.tokens.get(token) ?? 0) > this.now()) return undefined
    return failure(40001, 'invalid credential, access_token is invalid or not latest')
  }

  private read(code: string, now: number): Code | undefined {
    const own = this.codes.get(code)
    if (own) return own.until > now ? own : undefined
    const [, user, issued] = MINTED_ELSEWHERE.exec(code) ?? []
    if (user !== undefined && issued !== undefined) {
      const at = parseInt(issued, 36)
      // A minute of grace for clocks that differ; a code from further in the future is nobody's.
      const good = at <= now + 60_000 && now < at + CODE_LIFE
      return good ? { user, until: at + CODE_LIFE, outcome: 'ok' } : undefined
    }
    const { strangersAre } = this.options
    if (strangersAre === undefined || !(code === DEVTOOLS_CODE || /^[\w-]{28,64}$/.test(code)))
      return undefined
    return { user: strangersAre, until: now + CODE_LIFE, outcome: 'ok' }
  }

  private use(code: string, until: number, now: number): void {
    for (const [old, end] of this.used) {
      if (end > now) break
      this.used.delete(old)
    }
    this.used.set(code, until)
  }

  private keyAtLogin(user: string, now: number): string {
    const known = this.keys.get(user)
    return known && now - known.since < (this.options.minRotation ?? 60_000)
      ? known.key
      : this.rotateKey(user)
  }
}

/** WeChat writes an id of the request behind the words of each failure. */
const failure = (errcode: number, errmsg: string): Record<string, unknown> => ({
  errcode,
  errmsg: `${errmsg}, rid: ${randomBytes(4).toString('hex')}-${randomBytes(4).toString('hex')}`,
})
