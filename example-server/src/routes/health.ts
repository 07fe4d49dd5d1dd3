import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import type { Store } from '../store/store.ts'

const status = { 200: Type.Object({ status: Type.String() }) }

/** For whoever runs the process: `healthz` to restart it, `readyz` to send it traffic or not. */
export function healthRoutes(app: FastifyInstance, store: Store): void {
  app.get('/healthz', { schema: { summary: 'The process lives', response: status } }, () => ({
    status: 'ok',
  }))

  app.get('/readyz', { schema: { summary: 'The store answers', response: status } }, async () => {
    await store.ping()
    return { status: 'ok' }
  })
}
