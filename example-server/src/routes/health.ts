import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import type { Auth } from 'miniprogram-session-server'
import { refusal } from '../errors.ts'

const status = { 200: Type.Object({ status: Type.String() }) }

/** For whoever runs the process: `healthz` to restart it, `readyz` to send it traffic or not. */
export function healthRoutes(app: FastifyInstance, auth: Auth): void {
  app.get('/healthz', { schema: { summary: 'The process lives', response: status } }, () => ({
    status: 'ok',
  }))

  app.get('/readyz', { schema: { summary: 'The store answers', response: status } }, async (request) => {
    if (app.shutdown.isDraining) throw refusal(503, 'DRAINING', 'This process is about to end.')
    await auth.ready().catch((error: unknown) => {
      request.log.warn({ err: error }, 'not ready')
      throw refusal(503, 'STORE_UNAVAILABLE', 'The store does not answer, or its tables are not there.')
    })
    return { status: 'ok' }
  })
}
