import type { FastifyInstance } from 'fastify'

/** ms for what is in flight; container platforms send SIGKILL after 10 s (Docker) or 30 s (Kubernetes) */
const PATIENCE = 9000

/** ms that a connection stays open after its answer during a shutdown: the next request may be on its way */
const LINGER = 500

/**
 * Lets `app.close()` end soon after the last answer. Node closes the connections that are idle at that moment;
 * one that still waits for an answer would be kept alive after it, for over a minute, and the server with it.
 */
export function closeConnectionsAsTheyFallIdle(app: FastifyInstance): void {
  app.addHook('preClose', async () => {
    app.server.keepAliveTimeout = LINGER
  })
}

/** On SIGTERM or SIGINT: take nothing new, finish what is in flight, end. A second signal ends at once. */
export function shutDownGracefully(app: FastifyInstance): void {
  let closing = false
  const shutDown = (signal: NodeJS.Signals) => {
    if (closing) process.exit(1)
    closing = true
    app.log.info({ signal }, 'shutting down')
    setTimeout(() => {
      app.log.error('requests are still in flight; ending without them')
      process.exit(1)
    }, PATIENCE).unref()
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        app.log.error({ err: error }, 'the shutdown failed')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', shutDown)
  process.on('SIGINT', shutDown)
}
