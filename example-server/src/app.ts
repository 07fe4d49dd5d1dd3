import multipart from '@fastify/multipart'
import rateLimit from '@fastify/rate-limit'
import swagger from '@fastify/swagger'
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { randomUUID } from 'node:crypto'
import { requireSession } from './authenticate.ts'
import { loadConfig, type Config } from './config.ts'
import { answerError, ApiError } from './errors.ts'
import { acceptJson } from './parsers.ts'
import { avatarFiles, avatarUpload } from './routes/avatar.ts'
import { devRoutes } from './routes/dev.ts'
import { loginRoute } from './routes/login.ts'
import { meRoutes } from './routes/me.ts'
import { orderRoutes } from './routes/orders.ts'
import { sessionRoutes } from './routes/sessions.ts'
import { createSeal } from './seal.ts'
import { Sessions } from './sessions.ts'
import { createStats } from './stats.ts'
import { openStore } from './store/open.ts'
import type { Store } from './store/store.ts'
import { Users } from './users.ts'
import { createWeChat } from './wechat/http.ts'
import { createStubWeChat } from './wechat/stub.ts'
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
  const wechat =
    options.wechat ?? (config.account ? createWeChat(config.account) : createStubWeChat({ clock }))
  const stats = createStats()
  const seal = createSeal(config.secretKey)
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
    trustProxy: config.trustProxy,
    genReqId: () => randomUUID(),
    bodyLimit: 64 * 1024,
    // A body that trickles in holds a connection; after this long it gets a 408.
    requestTimeout: 30_000,
    frameworkErrors: answerError,
  })
  app.setValidatorCompiler(TypeBoxValidatorCompiler)
  app.setErrorHandler(answerError)
  app.setNotFoundHandler(() => {
    throw new ApiError(404, 'NOT_FOUND', 'There is nothing at this method and path.')
  })
  app.decorateRequest('session', null)
  app.addHook('onSend', async (request, reply) => {
    stats.requests++
    if (reply.statusCode === 401) stats.unauthorized++
    reply.header('x-request-id', request.id)
  })
  if (!options.store) app.addHook('onClose', () => store.close())

  acceptJson(app)
  await app.register(swagger, {
    openapi: {
      info: { title: 'miniprogram-session example server', version: '0.1.0' },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    },
  })
  await app.register(rateLimit, { global: false })
  await app.register(multipart, {
    limits: { fileSize: 2 * 1024 * 1024, files: 1, fields: 10, fieldSize: 1024 },
  })

  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
  loginRoute(app, { wechat, users, sessions, stats, loginLimit: config.loginLimit })
  avatarFiles(app, config)
  if (config.development) devRoutes(app, { sessions, stats })
  await app.register(async (scope) => {
    requireSession(scope, sessions)
    sessionRoutes(scope, sessions)
    meRoutes(scope, users)
    orderRoutes(scope, { store, clock, samples: config.development })
    await avatarUpload(scope, { users, uploadDir: config.uploadDir })
  })
  return app
}
