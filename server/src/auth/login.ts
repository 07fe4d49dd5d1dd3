import { randomBytes } from 'node:crypto'
import { AuthError, badRequest } from '../errors.ts'
import { Refused, type Identity, type Provider } from '../providers/provider.ts'
import type { SessionStore, StoredSession } from '../stores/store.ts'
import { internal } from './answers.ts'
import { timed, type Events } from './events.ts'
import type { Config } from './options.ts'
import type { Secrets } from './secrets.ts'
import { HOLD, toAuthError, tooMany, unavailable } from './refusals.ts'
import { seconds } from './sessions.ts'
import { isObject, isWithin } from './values.ts'
import { within } from './within.ts'

export interface LoginRequest {
  app?: string | undefined
  code: string
  data?: unknown
  address?: string | undefined
}

export interface Login {
  token: string
  /** seconds after which the token is refused however much it is used */
  expiresIn: number
  /** seconds without use after which it is refused too; absent if that never comes first */
  idleTimeout?: number
  /** false: another login of the same account, at the same time, got it too */
  isNewSession: boolean
}

/** ms for which the same code, sent again by a phone's transport, gets the same answer */
const SAME_CODE = 10_000
/** at the platforms, at once */
const MAX_EXCHANGES = 50
const MAX_CODE = 256
const MAX_DATA = 1024

export class Logins<Data> {
  private readonly running = new Map<string, { login: Promise<Login>; since: number }>()
  private exchanges = 0
  private readonly heldSince = new Map<string, number>()

  constructor(
    private readonly config: Config<Data>,
    private readonly store: SessionStore,
    private readonly secrets: Secrets,
    private readonly events: Events,
  ) {}

  async login(request: LoginRequest): Promise<Login> {
    const { code } = request
    if (typeof code !== 'string' || code === '' || code.length > MAX_CODE) {
      throw badRequest(`code must be a text of 1 to ${MAX_CODE} characters.`)
    }
    const provider = findApp(this.config.apps, request.app)
    if (!provider) throw badRequest('app is none that this server knows.')
    const now = this.config.clock()
    for (const [key, { since }] of this.running) {
      if (isWithin(SAME_CODE, since, now)) break
      this.running.delete(key)
    }
    const key = this.secrets.nameOf(provider.id, code)
    const known = this.running.get(key)
    if (known) return this.again(await known.login)
    const login = this.run(provider, request)
    this.running.set(key, { login, since: now })
    return login
  }

  /** The same answer, unless its session was ended since: then this code is a used one like any other. */
  private async again(login: Login): Promise<Login> {
    for (const hash of this.secrets.hashes(login.token)) {
      const session = await this.store.find(hash)
      if (session && !session.ended) return login
    }
    throw toAuthError(new Refused('code', 'the code was used, and its session has ended'))
  }

  private async run(provider: Provider, request: LoginRequest): Promise<Login> {
    const begun = performance.now()
    const ms = () => Math.round(performance.now() - begun)
    const { deadline } = this.config
    try {
      let isLate = false
      const work = this.steps(provider, request, () => isLate)
      const { login, user } = await within(deadline.login, work, () => {
        isLate = true
        return unavailable('The login took too long; try again with a fresh code.')
      })
      this.events.emit({ type: 'login', app: provider.id, user, isNewSession: login.isNewSession, ms: ms() })
      return login
    } catch (error) {
      const told = toAuthError(error)
      this.events.emit({
        type: 'login-refused',
        app: provider.id,
        code: told.code,
        status: told.status,
        ms: ms(),
        ...(error instanceof Refused ? { kind: error.kind, reason: error.message, ...error.details } : {}),
        ...(told.status === 500 ? { cause: error } : causeOf(error)),
      })
      throw told
    }
  }

  private async steps(
    provider: Provider,
    request: LoginRequest,
    isLate: () => boolean,
  ): Promise<{ login: Login; user: string }> {
    const identity: unknown = await this.exchange(provider, request)
    if (!isIdentity(identity)) throw new Error(`exchange() of ${provider.id} must answer with an openid`)
    const { user, data } = await this.userOf(provider, identity, request)
    // It would be nobody's, and still end the user's others where only so many may be.
    if (isLate()) throw new Error('nobody waits for this login any more')
    return { login: await this.open(provider, identity, user, data), user }
  }

  /** Asks the platform once, whatever comes of it: the code may be used up although the answer was lost. */
  private async exchange(provider: Provider, { code, data }: LoginRequest): Promise<Identity> {
    const now = this.config.clock()
    const held = this.heldSince.get(provider.id)
    if (held !== undefined && isWithin(HOLD, held, now)) throw tooMany(seconds(HOLD - (now - held)))
    if (this.exchanges >= MAX_EXCHANGES) {
      throw new AuthError(503, 'PLATFORM_BUSY', 'Too many logins at once; try again in a moment.', 1)
    }
    const { provider: limit } = this.config.deadline
    const controller = new AbortController()
    this.exchanges += 1
    try {
      return await timed(this.events, { app: provider.id, call: 'exchange' }, () => {
        const asked = provider.exchange(code, { signal: controller.signal, data })
        return within(limit, asked, () => {
          controller.abort()
          return new Refused('unavailable', `no answer in ${limit} ms`)
        })
      })
    } catch (error) {
      if (error instanceof Refused && error.kind === 'limit') this.heldSince.set(provider.id, now)
      if (error instanceof Refused || error instanceof AuthError) throw error
      throw new Refused('unavailable', 'exchange() threw', {}, { cause: error })
    } finally {
      this.exchanges -= 1
    }
  }

  private async userOf(
    provider: Provider,
    identity: Identity,
    { data: sent, address }: LoginRequest,
  ): Promise<{ user: string; data: string | undefined }> {
    const { onLogin } = this.config
    if (!onLogin) return { user: this.secrets.nameOf('user', provider.id, identity.openid), data: undefined }
    const said: unknown = await onLogin(identity, { app: provider.id, data: sent, address })
    const { user, data } =
      typeof said === 'object' && said !== null
        ? (said as { user?: unknown; data?: unknown })
        : { user: said, data: undefined }
    // PostgreSQL keeps no text with a NUL in it.
    if (typeof user !== 'string' || user === '' || user.length > 255 || user.includes('\0')) {
      throw new Error('onLogin must answer with a user id: a text of 1 to 255 characters, none of them NUL')
    }
    const text = data === undefined ? undefined : JSON.stringify(data)
    if (text !== undefined && Buffer.byteLength(text) > MAX_DATA) {
      throw new Error(`onLogin gave data of more than ${MAX_DATA} bytes: keep it in the app's own tables`)
    }
    return { user, data: text }
  }

  private async open(
    provider: Provider,
    { openid, sessionKey }: Identity,
    user: string,
    data: string | undefined,
  ): Promise<Login> {
    const { absolute, clock, idle, limit, share, single } = this.config
    const now = clock()
    const token = this.secrets.newToken()
    const account = this.secrets.nameOf('account', provider.id, openid)
    const session: StoredSession = {
      id: randomBytes(9).toString('base64url'),
      user,
      app: provider.id,
      account,
      createdAt: now,
      seenAt: now,
      idleEnds: now + idle,
      absoluteEnds: now + absolute,
      ...(data === undefined ? {} : { data }),
    }
    const opened = await this.store.open({
      hash: this.secrets.hash(token),
      session,
      sealed: this.secrets.seal(token, `recent ${account}`),
      openid,
      sessionKey: sessionKey === undefined ? undefined : this.secrets.seal(sessionKey, `key ${account}`),
      now,
      shareUntil: now + share,
      limit,
      single,
    })
    if (opened.blocked) {
      throw new AuthError(403, 'LOGIN_BLOCKED', 'This account is closed. Trying again does not help.')
    }
    const given = opened.won ? token : this.secrets.open(opened.sealed, `recent ${account}`)
    if (given === undefined) throw internal(new Error('the token just made is sealed with another secret'))
    return {
      token: given,
      expiresIn: seconds(opened.absoluteEnds - now),
      ...(idle < absolute ? { idleTimeout: seconds(idle) } : {}),
      isNewSession: opened.won,
    }
  }
}

/** Without an openid all would be one user. */
const isIdentity = (value: unknown): value is Identity =>
  isObject(value) && typeof value['openid'] === 'string' && value['openid'] !== ''

const causeOf = (error: unknown): { cause?: unknown } =>
  error instanceof Refused && error.cause !== undefined ? { cause: error.cause } : {}

/** By its id, or the appid in it; by default the first. */
export const findApp = (apps: readonly Provider[], app: string | undefined): Provider | undefined =>
  app === undefined ? apps[0] : apps.find(({ id }) => id === app || id.split(':').at(-1) === app)
