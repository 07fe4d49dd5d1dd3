import { StoreUnavailable } from '../errors.ts'
import { isProduction } from '../mode.ts'
import { guardStore } from '../stores/guard.ts'
import { SchemaError } from '../stores/sql/database.ts'
import type { SessionStore, StoredProfile } from '../stores/store.ts'
import type { PlainAnswer } from './answers.ts'
import { Events, type AuthEvent } from './events.ts'
import { Handler, type PlainRequest } from './handle.ts'
import { Limits } from './limits.ts'
import { findApp, Logins, type Login, type LoginRequest } from './login.ts'
import { PlatformRoutes } from './platform-routes.ts'
import { readOptions, type AuthOptions } from './options.ts'
import { Secrets } from './secrets.ts'
import { Sessions, type Revocation, type Session, type SessionInfo } from './sessions.ts'
import type { WeChatApp } from '../wechat/app.ts'
import { within } from './within.ts'

export interface Auth<Data = undefined, Profile extends StoredProfile = StoredProfile> {
  /** A code becomes a session. Throws an `AuthError` that says what the client is to be told. */
  login(request: LoginRequest): Promise<Login>
  /**
   * Whose token this is. Undefined: nobody's. A store that cannot be asked throws (503), a session that somebody ended
   * throws `Ended` (403): neither is ever "undefined".
   */
  authenticate(token: string | undefined): Promise<Session<Data, Profile> | undefined>
  /** The session that the adapter found for this request; throws where none was asked for. */
  of(request: object): Session<Data, Profile>
  /** The same where a guest may ask. */
  maybeOf(request: object): Session<Data, Profile> | undefined
  logout(token: string | undefined): Promise<void>
  /** A user's living sessions, the newest first. */
  list(user: string): Promise<SessionInfo[]>
  /** Ends sessions; who uses one of them is told why (403), until it would have ended. How many they were. */
  revoke(which: Revocation, why?: 'revoked' | 'replaced'): Promise<number>
  /** Ends all sessions of a user, and keeps them from logging in: 403. */
  block(user: string, options: { until?: Date; reason: string }): Promise<void>
  unblock(user: string): Promise<void>
  /** What else WeChat is asked: phone numbers, open data, any call with the access token. By default of the first app. */
  app(id?: string): WeChatApp
  /** All routes, framework-free. Undefined: none of them. */
  handle(request: PlainRequest): Promise<PlainAnswer | undefined>
  /** What happens inside, for logs and metrics. Answers with a function that ends it. */
  on(listener: (event: AuthEvent) => unknown): () => void
  /** The store answers within a second. Throws if not. */
  ready(): Promise<void>
  close(): Promise<void>
  /** for adapters */
  readonly adapter: Adapter<Data, Profile>
}

/** What an adapter needs: how a framework is spoken to is all that it adds. */
export interface Adapter<Data, Profile extends StoredProfile = StoredProfile> {
  /** Whether `handle` answers it: only then its body is read. */
  isRoute(request: Pick<PlainRequest, 'method' | 'path'>): boolean
  /** The session of a request, or an error to answer with. */
  enter(headers: PlainRequest['headers']): Promise<Session<Data, Profile>>
  /** The same for a guest: no token, or a dead one. A store that is down is still an error. */
  enterOptional(headers: PlainRequest['headers']): Promise<Session<Data, Profile> | undefined>
  /** So that `auth.of(request)` finds it. */
  remember(request: object, session: Session<Data, Profile> | undefined): void
  /** headers that go out with the answer */
  headersFor(session: Session<Data, Profile> | undefined): Record<string, string>
  errorAnswer(error: unknown): PlainAnswer
}

const READY = 1000

/** What has no tables yet says so, to whoever starts it. */
async function ready(store: SessionStore): Promise<void> {
  try {
    await within(READY, store.ping(), () => new Error(`the store gave no answer in ${READY} ms`))
  } catch (error) {
    throw error instanceof StoreUnavailable && error.cause instanceof SchemaError ? error.cause : error
  }
}

export function createAuth<Data = undefined, Profile extends StoredProfile = StoredProfile>(
  options: AuthOptions<Data, Profile>,
): Auth<Data, Profile> {
  const config = readOptions(options)
  const events = new Events()
  const secrets = new Secrets(config.namespace, config.secrets)
  const store = guardStore(config.store.create(config.namespace, { deadline: config.deadline.store }), {
    kind: config.store.kind,
    deadline: config.deadline.store,
    events,
  })
  const sessions = new Sessions(config, store, secrets, events)
  const logins = new Logins(config, store, secrets, events)
  const login = (request: LoginRequest) => logins.login(request)
  const found = new WeakMap<object, Session<Data, Profile> | null>()
  warnOfMemory(config.store.isLocal === true)

  async function revoke(which: Revocation, why: 'revoked' | 'replaced' = 'revoked'): Promise<number> {
    checkUser('revoke', which.user)
    const count = await store.end(which, why, config.clock())
    events.emit({ type: 'ended', user: which.user, count, why })
    return count
  }
  const limits = new Limits(config, store, events)
  const platforms = new Map(
    config.apps.flatMap((provider) => {
      const { clock, deadline } = config
      const made = provider.connect?.({ store, secrets, events, clock, deadline: deadline.provider })
      return made ? [[provider.id, made] as const] : []
    }),
  )
  const routes = new PlatformRoutes((id) => platforms.get(id), limits)
  const handler = new Handler(config, sessions, login, revoke, events, limits, routes)

  return {
    login,
    authenticate: (token) => sessions.authenticate(token),
    of(request) {
      const session = found.get(request)
      if (session) return session
      throw new Error(
        'auth.of(request): no session was looked up for this request. Put "required" before the route, or ask maybeOf() where guests may come.',
      )
    },
    maybeOf: (request) => found.get(request) ?? undefined,
    logout: (token) => sessions.logout(token),
    async list(user) {
      checkUser('list', user)
      return sessions.list(user)
    },
    revoke,
    async block(user, { until, reason }) {
      checkUser('block', user)
      // Without types: `Date.parse` and a day that is none give NaN, which would block nobody.
      if (until !== undefined && !(until instanceof Date && Number.isFinite(until.getTime()))) {
        throw new RangeError('auth.block(): until must be a Date that is one, or be left out.')
      }
      const now = config.clock()
      // In this order: who logs in between is ended with the rest.
      await store.block(user, { reason, ...(until ? { until: until.getTime() } : {}) }, now)
      const count = await store.end({ user }, 'revoked', now)
      events.emit({ type: 'ended', user, count, why: 'blocked' })
    },
    async unblock(user) {
      checkUser('unblock', user)
      await store.block(user, null, config.clock())
    },
    app(id) {
      const provider = findApp(config.apps, id)
      const found = provider && platforms.get(provider.id)
      if (found) return found
      throw new Error('auth.app(): there is no such app of WeChat’s among the apps of createAuth.')
    },
    handle: (request) => handler.handle(request),
    on: (listener) => events.on(listener),
    ready: () => ready(store),
    close() {
      limits.close()
      return store.close()
    },
    adapter: {
      isRoute: (request) => handler.isRoute(request),
      enter: (headers) => handler.sessionOf(headers),
      async enterOptional(headers) {
        const token = handler.tokenOf(headers)
        return token === undefined ? undefined : sessions.authenticate(token)
      },
      remember: (request, session) => void found.set(request, session ?? null),
      headersFor: (session) => handler.headersFor(session),
      errorAnswer: (error) => handler.errorAnswer(error),
    },
  }
}

/** JavaScript's users have no types, and a field that is not there is undefined: what was done to nobody looks done. */
function checkUser(call: string, user: unknown): void {
  if (typeof user !== 'string' || user === '') {
    throw new TypeError(`auth.${call}(): user must be an id, as onLogin gave it.`)
  }
}

function warnOfMemory(isLocal: boolean): void {
  if (!isLocal || !isProduction()) return
  process.emitWarning(
    'Sessions are kept in memory: a restart logs everybody out, and a second process knows none of them. Give createAuth a store that outlives the process, such as redisStore(client).',
    { code: 'MPS_MEMORY_STORE' },
  )
}
