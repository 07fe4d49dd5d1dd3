import fastify from 'fastify'
import type { DatabaseKind } from '../__tests__/databases.ts'
import { openStore } from '../__tests__/stores/open.ts'
import { sessions } from '../src/adapters/fastify.ts'
import { createAuth } from '../src/index.ts'

/** A server on the store at a port, which tells how much memory it has when it is asked. */
export interface Memory {
  /** bytes that are left after a collection */
  heap: number
  rss: number
}
export type Report = { port: number } | Memory

async function main(): Promise<void> {
  const [kind, port, leak] = process.argv.slice(2)
  const { factory } = await openStore({ kind: kind as DatabaseKind, port: Number(port) })
  const auth = createAuth({
    namespace: 'soak',
    secrets: ['0123456789abcdef'.repeat(4)],
    store: factory,
    apps: [{ id: 'soak', exchange: (code) => Promise.resolve({ app: 'soak', openid: code }) }],
    limits: false,
  })
  const app = fastify()
  await app.register(sessions(auth), { prefix: '/api' })
  app.get('/readyz', async () => {
    await auth.ready()
    return {}
  })
  const who = { onRequest: app.sessionRequired }
  app.get('/api/me', who, (request, reply) => reply.send({ id: auth.of(request).user }))
  app.get('/api/guest', { onRequest: app.sessionOptional }, (_request, reply) => reply.send({}))
  // For the proof that this would be seen: a hundred bytes or so of each answer that is none.
  const kept: object[] = []
  if (leak !== undefined) {
    app.addHook('onResponse', async (request, reply) => {
      if (reply.statusCode === 503) kept.push({ id: request.id, at: new Date() })
      await Promise.resolve()
    })
  }
  const url = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const report = (what: Report) => process.send?.(what)
  process.on('message', () => {
    for (let n = 0; n < 3; n += 1) globalThis.gc?.()
    const { heapUsed: heap, rss } = process.memoryUsage()
    report({ heap, rss })
  })
  process.once('disconnect', () => process.exit(1))
  report({ port: Number(url.port) })
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
})
