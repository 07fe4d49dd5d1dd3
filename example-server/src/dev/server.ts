import type { FastifyInstance, FastifyServerOptions } from 'fastify'
import { wechat, type Auth, type WeChatOptions } from 'miniprogram-session-server'
import { startFakeWeChat, type FakeWeChat } from 'miniprogram-session-server/testing'
import { randomBytes } from 'node:crypto'
import { buildServer } from '../app.ts'
import { createSessions, userOf } from '../auth.ts'
import { loadConfig, type Config } from '../config.ts'
import { openStore, type OpenStore } from '../store.ts'
import { createRefreshTokens } from './refresh.ts'
import { devRoutes } from './routes.ts'
import { createStats } from './stats.ts'
import { devTroubles } from './troubles.ts'

export interface DevParts {
  /** One that is open already; it stays open when the server closes. */
  store?: OpenStore
  /** The same. */
  fake?: FakeWeChat
  /** WeChat itself, or a fake elsewhere, such as that of `miniprogram-session-server check` */
  account?: WeChatOptions | undefined
  clock?: () => number
  logger?: FastifyServerOptions['logger'] | ((level: string) => FastifyServerOptions['logger'])
}

export interface DevServer {
  app: FastifyInstance
  auth: Auth
  fake: FakeWeChat
  config: Config
  close: () => Promise<void>
}

/** Nobody's account: the fake WeChat takes any. */
const ACCOUNT_ENV = { WECHAT_APPID: 'wx0000000000000000', WECHAT_SECRET: 'of no account' }
/** One person tries things out, and many pretend to be one. */
const LIMITS = {
  phonesPerMinute: 10_000,
  phonesPerDay: 100_000,
  openDataPerMinute: 10_000,
  sessionsPerMinute: 10_000,
}

/** What need not be set here. Sessions in memory, and a secret for as long as they last. */
const defaults = () => ({
  NAMESPACE: 'example-development',
  SESSION_SECRETS: randomBytes(32).toString('hex'),
  STORE_URL: 'memory',
  HOST: '127.0.0.1',
  LOGIN_LIMIT: '1000000',
})

/** The server with a fake WeChat beside it, and `/dev`. What is in `options` wins over the environment. */
export async function startDev(options: Partial<Config> = {}, parts: DevParts = {}): Promise<DevServer> {
  const { clock } = parts
  // The package warns of sessions in memory; here everybody knows.
  process.env['NODE_ENV'] ||= 'development'
  const config = { ...loadConfig({ ...process.env, ...ACCOUNT_ENV }, defaults()), ...options }
  const store = parts.store ?? (await openStore(config.storeUrl))
  // A burst without the SDK uses up fifty codes: WeChat's hundred a minute would end the fun at the third.
  const fake =
    parts.fake ??
    (await startFakeWeChat({ perMinute: 1000, strangersAre: 'newcomer', ...(clock ? { clock } : {}) }))
  const platform = parts.account
    ? wechat(parts.account)
    : wechat({ ...config.account, api: fake.url, fake: true })
  const refresh = createRefreshTokens()
  const known = userOf(store.tables, config.namespace)
  const auth = createSessions(config, {
    store,
    apps: [platform, refresh.provider],
    onLogin: async (identity) => refresh.userIn(identity) ?? known(identity),
    limits: LIMITS,
    ...(clock ? { clock } : {}),
  })
  const stats = createStats(auth, platform.id)
  const endSessions = endSessionsIn(store, config.namespace, clock ?? Date.now)
  const { logger } = parts
  const app = await buildServer({
    ...config,
    auth,
    tables: store.tables,
    logger: typeof logger === 'function' ? logger(config.logLevel) : (logger ?? false),
    ...(clock ? { clock } : {}),
    development(app) {
      stats.watch(app)
      devTroubles(app)
      const userNamed = (name: string) => known({ app: platform.id, openid: fake.platform.openid(name) })
      devRoutes(app, { auth, endSessions, userNamed, counts: stats.counts })
      refresh.routes(app, auth)
    },
  })
  app.addHook('onClose', async () => {
    if (!parts.fake) await fake.close()
    if (!parts.store) await store.close()
  })
  return { app, auth, fake, config, close: () => app.close().then(() => auth.close()) }
}

/** Ends sessions as if they had never been: `auth.revoke` would tell their users why. Everybody's, or one user's. */
const endSessionsIn = ({ sessions, tables }: OpenStore, namespace: string, clock: () => number) => {
  const store = sessions.create(namespace)
  return async (user?: string): Promise<void> => {
    const users = user === undefined ? await tables.users.ids() : [user]
    await Promise.all(users.map((id) => store.end({ user: id }, 'gone', clock())))
  }
}
