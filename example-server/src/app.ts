import multipart from '@fastify/multipart'
import rateLimit from '@fastify/rate-limit'
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { randomUUID } from 'node:crypto'
import { requireSession } from './authenticate.ts'
import { loadConfig, type Config } from './config.ts'
import { answerBrokenRequest, answerError, ApiError } from './errors.ts'
import { EventStreams } from './event-stream.ts'
import { sendHeaders } from './headers.ts'
import { describeApi } from './openapi.ts'
import { acceptJson } from './parsers.ts'
import { chatRoutes } from './routes/chat.ts'
import { avatarFiles, avatarUpload, MAX_AVATAR } from './routes/avatar.ts'
import { devRefreshRoutes } from './routes/dev-refresh.ts'
import { devTroubles } from './routes/dev-troubles.ts'
import { devRoutes } from './routes/dev.ts'
import { healthRoutes } from './routes/health.ts'
import { loginRoute } from './routes/login.ts'
import { meRoutes } from './routes/me.ts'
import { openDataRoutes } from './routes/open-data.ts'
import { orderRoutes } from './routes/orders.ts'
import { sessionRoutes } from './routes/sessions.ts'
import { socketRoute } from './routes/socket.ts'
import { createSeal } from './seal.ts'
import { Sessions } from './sessions.ts'
import { closeConnectionsAsTheyFallIdle } from './shutdown.ts'
import { createStats } from './stats.ts'
import { openStore } from './store/open.ts'
import type { Store } from './store/store.ts'
import { Users } from './users.ts'
import { createWeChat } from './wechat/http.ts'
import { createStubWeChat, STUB_APPID } from './wechat/stub.ts'
import type { WeChat } from './wechat/wechat.ts'

/** Everything in the configuration can be given here and then wins over the environment. */
export interface ServerOptions extends Partial<Config> {
  /** One that is open already; it stays open when the server closes. */
  store?: Store
  wechat?: WeChat
  clock?: () => number
  /** Off unless given. */
  logger?: FastifyServerOptions['logger']
}

/** Builds the server without listening: `await (await buildServer()).listen({ port: 0 })`. */
export async function buildServer(options: ServerOptions = {}): Promise<FastifyInstance> {
  const config: Config = { ...loadConfig(process.env), ...options }
  const clock = options.clock ?? Date.now
  const store = options.store ?? (await openStore(config.storeUrl))
  const seal = createSeal(config.secretKey)
  const wechat =
    options.wechat ??
    (config.account ? createWeChat(config.account, { store, seal, clock }) : createStubWeChat({ clock }))
  const stats = createStats()
  const users = new Users(store, seal)
  const sessions = new Sessions({
    store,
    seal,
    clock,
    ttl: config.sessionTtl,
    maxAge: config.sessionMaxAge,
    reuseWindow: 5000,
  })

  const app = fastify({
    logger: options.logger ?? false,
    trustProxy: config.trustProxy || false,
    genReqId: () => randomUUID(),
    bodyLimit: 64 * 1024,
    // A body that trickles in holds a connection; after this long it gets a 408.
    requestTimeout: config.requestTimeout,
    http: {
      connectionsCheckingInterval: Math.min(config.requestTimeout, 5000),
      // Of these two Node takes the longer one for the whole request: left at 60 s, it would be the limit.
      headersTimeout: Math.min(config.requestTimeout, 20_000),
    },
    // Not by setValidatorCompiler: a scope that adds a schema would fall back to Ajv, which makes "5" of a 5.
    // The option is typed for Ajv alone.
    schemaController: { compilersFactory: { buildValidator: () => TypeBoxValidatorCompiler as never } },
    // The door is shut by then; who is inside is still served, and told to come back by another connection.
    return503OnClosing: false,
    frameworkErrors: answerError,
    clientErrorHandler: answerBrokenRequest,
  })
  app.setErrorHandler(answerError)
  app.setNotFoundHandler(() => {
    throw new ApiError(404, 'NOT_FOUND', 'There is nothing at this method and path.')
  })
  app.decorateRequest('session', null)
  app.addHook('onSend', (_request, reply, _payload, done) => {
    stats.requests++
    if (reply.statusCode === 401) stats.unauthorized++
    done()
  })
  if (!options.store) app.addHook('onClose', () => store.close())

  acceptJson(app)
  sendHeaders(app)
  closeConnectionsAsTheyFallIdle(app)
  const streams = new EventStreams(app, config.development)
  await describeApi(app)
  await app.register(rateLimit, { global: false })
  await app.register(multipart, {
    limits: { fileSize: MAX_AVATAR, files: 1, fields: 10, fieldSize: 1024 },
  })

  healthRoutes(app, store)
  loginRoute(app, { wechat, users, sessions, stats }, config.loginLimit)
  avatarFiles(app, config)
  await socketRoute(app, sessions, config.development)
  if (config.development) {
    devTroubles(app)
    devRoutes(app, { sessions, stats })
    devRefreshRoutes(app, { wechat, users, sessions, stats })
  }
  await app.register(async (scope) => {
    requireSession(scope, sessions)
    sessionRoutes(scope, sessions)
    meRoutes(scope, users)
    openDataRoutes(scope, { users, wechat, clock, appid: config.account?.appid ?? STUB_APPID })
    orderRoutes(scope, { store, clock, samples: config.development })
    chatRoutes(scope, streams)
    await avatarUpload(scope, { users, uploadDir: config.uploadDir })
  })
  return app
}
