import multipart from '@fastify/multipart'
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { logTo, type Auth } from 'miniprogram-session-server'
import { methodOverride, sessions } from 'miniprogram-session-server/fastify'
import { gracefulShutdown, type Shutdown } from 'miniprogram-session-server/shutdown'
import { randomUUID } from 'node:crypto'
import type { Config } from './config.ts'
import { answerBrokenRequest, answerError, refusal } from './errors.ts'
import { EventStreams } from './event-stream.ts'
import { sendHeaders } from './headers.ts'
import { describeApi } from './openapi.ts'
import { acceptJson } from './parsers.ts'
import { avatarFiles, avatarUpload, MAX_AVATAR } from './routes/avatar.ts'
import { chatRoutes } from './routes/chat.ts'
import { healthRoutes } from './routes/health.ts'
import { meRoutes } from './routes/me.ts'
import { orderRoutes } from './routes/orders.ts'
import { socketRoute } from './routes/socket.ts'
import type { Tables } from './tables/tables.ts'

export interface ServerParts extends Pick<
  Config,
  'trustProxy' | 'requestTimeout' | 'drainDelay' | 'uploadDir'
> {
  auth: Auth
  tables: Tables
  /** off unless given */
  logger?: FastifyServerOptions['logger']
  clock?: () => number
  /** What `dev/` adds before the routes; with it streams, sockets and orders make trouble and samples when asked to. */
  development?: (app: FastifyInstance) => void
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Lets `http.Server` end without a reset for anybody; streams and sockets end at once. */
    shutdown: Shutdown
  }
}

/** Builds the server without listening: `await (await buildServer(parts)).listen({ port: 0 })`. */
export async function buildServer(parts: ServerParts): Promise<FastifyInstance> {
  const { auth, tables, requestTimeout, uploadDir, clock = Date.now, development } = parts
  const inDevelopment = development !== undefined
  const app = fastify({
    logger: parts.logger ?? false,
    trustProxy: parts.trustProxy || false,
    genReqId: () => randomUUID(),
    bodyLimit: 64 * 1024,
    // Phones have no PATCH: a POST that says it is one is that, and never the POST that it is not.
    rewriteUrl: methodOverride(),
    // A body that trickles in holds a connection; after this long it gets a 408.
    requestTimeout,
    http: {
      connectionsCheckingInterval: Math.min(requestTimeout, 5000),
      // Of these two Node takes the longer one for the whole request: left at 60 s, it would be the limit.
      headersTimeout: Math.min(requestTimeout, 20_000),
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
    throw refusal(404, 'NOT_FOUND', 'There is nothing at this method and path.')
  })
  const ending = new AbortController()
  const { drainDelay } = parts
  app.decorate('shutdown', endingFirst(gracefulShutdown(app.server, { drainDelay }), ending))
  app.addHook('preClose', async () => ending.abort())
  const stopLogging = auth.on(logTo(app.log))
  app.addHook('onClose', async () => stopLogging())

  acceptJson(app)
  sendHeaders(app)
  development?.(app)
  await describeApi(app)
  await app.register(multipart, {
    limits: { fileSize: MAX_AVATAR, files: 1, fields: 10, fieldSize: 1024 },
  })

  // Login, logout, sessions, phone and open data.
  await app.register(sessions(auth))
  healthRoutes(app, auth)
  avatarFiles(app, { uploadDir })
  await socketRoute(app, auth, ending.signal, inDevelopment)
  await app.register(async (scope) => {
    // onRequest comes before the body is read: a dead token is refused before two megabytes are taken in.
    scope.addHook('onRequest', app.sessionRequired)
    scope.addHook('onRoute', (route) => {
      route.schema = { security: [{ bearer: [] }], ...route.schema }
    })
    const userOf = (request: object) => auth.of(request).user
    meRoutes(scope, tables.users, userOf)
    orderRoutes(scope, { orders: tables.orders, userOf, clock, samples: inDevelopment })
    chatRoutes(scope, new EventStreams(ending.signal, inDevelopment))
    await avatarUpload(scope, { users: tables.users, userOf, uploadDir })
  })
  return app
}

/** A stream has no end that a shutdown could wait for: the client asks another process for the rest. */
const endingFirst = (shutdown: Shutdown, ending: AbortController): Shutdown => ({
  get isDraining() {
    return shutdown.isDraining
  },
  shutDown() {
    ending.abort()
    return shutdown.shutDown()
  },
})
