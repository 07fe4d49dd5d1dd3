import { timed, type Events } from '../auth/events.ts'
import { internal } from '../auth/answers.ts'
import { toAuthError } from '../auth/refusals.ts'
import type { Secrets } from '../auth/secrets.ts'
import type { Session } from '../auth/sessions.ts'
import { within } from '../auth/within.ts'
import { AuthError, badRequest } from '../errors.ts'
import { Refused } from '../providers/provider.ts'
import type { SessionStore } from '../stores/store.ts'
import { AccessToken } from './access-token.ts'
import { ask, type Answer } from './api.ts'
import { decryptOpenData, isSignedWith, proofOf, staleKey } from './open-data.ts'

/** What `createAuth` lets a provider use. */
export interface Inside {
  store: SessionStore
  secrets: Secrets
  events: Events
  clock: () => number
  /** ms for one call of the platform */
  deadline: number
}

export interface Phone {
  /** with the country's code, if it is not China's */
  phoneNumber: string
  purePhoneNumber: string
  countryCode: string
}

type Who = Pick<Session<unknown>, 'user' | 'account'>

/** wrong, ended, and not the latest: what a new token mends (global return codes page) */
const TOKEN_REFUSED = [40001, 40014, 42001]
const KEY_IS_ANOTHER = 87009
const HOUR = 3_600_000

/** What a server asks WeChat beside logins. Each throws an `AuthError` that may go to the client as it is. */
export class WeChatApp {
  private readonly token: AccessToken

  constructor(
    private readonly account: { id: string; appid: string; secret: string; api: string },
    private readonly inside: Inside,
  ) {
    this.token = new AccessToken(account.id, inside, (force) => this.fetchToken(force))
  }

  /** For calls that the app makes by itself. Shared by all processes, renewed before it ends. */
  async accessToken(): Promise<string> {
    return told(this.token.get())
  }

  /** Any of WeChat's server calls, with the access token: `call('/cgi-bin/message/subscribe/send', { … })`. */
  async call(path: string, body?: object): Promise<Answer> {
    // Without it the token would go to another host.
    if (!path.startsWith('/')) throw new RangeError('auth.app().call(): the path must begin with "/".')
    return told(this.authorised(path, {}, body))
  }

  /** The number behind the code of a getPhoneNumber button, which is not wx.login's. Each costs money. */
  async phone(code: unknown): Promise<Phone> {
    if (typeof code !== 'string' || code === '' || code.length > 256) {
      throw badRequest('code must be a text of 1 to 256 characters.')
    }
    const answer = await this.authorised('/wxa/business/getuserphonenumber', {}, { code }).catch(
      (error: unknown) => {
        // A new login would not bring another: the user has to tap again.
        if (!(error instanceof Refused) || error.kind !== 'code') throw toAuthError(error)
        throw new AuthError(
          400,
          'PHONE_CODE_INVALID',
          'This phone code is used or too old: ask the user to tap again.',
        )
      },
    )
    const info = (answer['phone_info'] ?? {}) as Record<string, unknown>
    const text = (name: string) => (typeof info[name] === 'string' ? info[name] : '')
    if (text('phoneNumber') === '') throw toAuthError(new Refused('unavailable', 'WeChat gave no number'))
    return {
      phoneNumber: text('phoneNumber'),
      purePhoneNumber: text('purePhoneNumber'),
      countryCode: text('countryCode'),
    }
  }

  /** Whose account it is at WeChat: for messages and payments. */
  async openid(session: Who): Promise<string> {
    return (await this.accountOf(session)).openid
  }

  /** Whether `rawData` comes from WeChat; false: nearly always that the key was replaced since. */
  async verify(session: Who, rawData: string, signature: string): Promise<boolean> {
    return isSignedWith(await this.keyOf(session), rawData, signature)
  }

  /** What WeChat encrypted for this user. 409 `SESSION_KEY_STALE`: log in, ask the user's data again. */
  async decrypt(session: Who, encryptedData: unknown, iv: unknown): Promise<Record<string, unknown>> {
    if (typeof encryptedData !== 'string' || typeof iv !== 'string') {
      throw badRequest('encryptedData and iv must be texts.')
    }
    const { appid } = this.account
    const sessionKey = await this.keyOf(session)
    return decryptOpenData({ encryptedData, iv, sessionKey }, { appid, now: this.inside.clock() })
  }

  /** Whether WeChat still knows this user's `session_key`. */
  async checkSessionKey(session: Who): Promise<boolean> {
    try {
      await this.withKey('/wxa/checksession', session)
      return true
    } catch (error) {
      if (isAnotherKey(error)) return false
      throw toAuthError(error)
    }
  }

  /** A new `session_key` in place of one that may be known to others; at most once a user and hour. */
  async resetSessionKey(session: Who): Promise<void> {
    const { clock, secrets, store, deadline } = this.inside
    const now = clock()
    const name = `reset ${session.account}`
    // One at once; and only one that was carried out counts for the hour.
    const isDone = (await store.shared.get(name, now)) !== undefined
    if (isDone || !(await store.shared.lease(name, now + 2 * deadline, now))) {
      const wait = Math.ceil((isDone ? HOUR : 2 * deadline) / 1000)
      throw new AuthError(429, 'TOO_MANY_REQUESTS', 'The key was reset a moment ago, or is now.', wait)
    }
    const { session_key: key } = await this.withKey('/wxa/resetusersessionkey', session).catch(
      (error: unknown) => {
        throw isAnotherKey(error) ? staleKey() : toAuthError(error)
      },
    )
    if (typeof key !== 'string' || key === '') throw internal(new Error('WeChat gave no new session_key'))
    await store.keepKey(session.user, session.account, secrets.seal(key, `key ${session.account}`))
    await store.shared.put(name, 'done', now + HOUR, now)
  }

  private async withKey(path: string, session: Who): Promise<Answer> {
    const { openid } = await this.accountOf(session)
    const signature = proofOf(await this.keyOf(session))
    return this.authorised(path, { openid, signature, sig_method: 'hmac_sha256' })
  }

  /** With a new token once, if this one is refused: then nothing was done. */
  private async authorised(path: string, query: Record<string, string>, body?: object): Promise<Answer> {
    const token = await this.token.get()
    const run = (access_token: string) => this.ask(path, { access_token, ...query }, body)
    try {
      return await run(token)
    } catch (error) {
      const errcode = error instanceof Refused ? error.details.errcode : undefined
      if (errcode === undefined || !TOKEN_REFUSED.includes(errcode)) throw error
      return run(await this.token.replace(token))
    }
  }

  private async fetchToken(force: boolean): Promise<{ token: string; expiresIn: number }> {
    const { appid, secret } = this.account
    const body = { grant_type: 'client_credential', appid, secret, force_refresh: force }
    const { access_token: token, expires_in: expiresIn } = await this.ask('/cgi-bin/stable_token', {}, body)
    if (typeof token !== 'string' || token === '') throw new Refused('unavailable', 'WeChat gave no token')
    return { token, expiresIn: Number(expiresIn) || 0 }
  }

  private ask(path: string, query: Record<string, string>, body?: object): Promise<Answer> {
    const { deadline, events } = this.inside
    const controller = new AbortController()
    const url = new URL(`${this.account.api}${path}`)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    const call = url.pathname.split('/').at(-1) ?? path
    return timed(events, { app: this.account.id, call }, () =>
      within(deadline, ask(url.href, controller.signal, body), () => {
        controller.abort()
        return new Refused('unavailable', `no answer in ${deadline} ms`)
      }),
    )
  }

  private async accountOf({ user, account }: Who): Promise<{ openid: string; sessionKey?: string }> {
    const found = await this.inside.store.account(user, account)
    if (!found) throw staleKey()
    return found
  }

  private async keyOf(session: Who): Promise<string> {
    const { sessionKey } = await this.accountOf(session)
    const key = sessionKey && this.inside.secrets.open(sessionKey, `key ${session.account}`)
    if (key === undefined || key === '') throw staleKey()
    return key
  }
}

const isAnotherKey = (error: unknown): boolean =>
  error instanceof Refused && error.details.errcode === KEY_IS_ANOTHER

async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw toAuthError(error)
  }
}
