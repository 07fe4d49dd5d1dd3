import fastify from 'fastify'
import { openStore } from '../__tests__/stores/open.ts'
import type { DatabaseKind } from '../__tests__/databases.ts'
import { sessions } from '../src/adapters/fastify.ts'
import { createAuth, memoryStore } from '../src/index.ts'

/** `bare`, or a store and its port: prints its address and, with a store, tokens of 64 users. */
const [kind = 'bare', port = '0'] = process.argv.slice(2)

const app = fastify()
const tokens: string[] = []
if (kind === 'bare') {
  app.get('/me', (_request, reply) => reply.send({ id: 'alice' }))
} else {
  const opened =
    kind === 'memory' ? undefined : await openStore({ kind: kind as DatabaseKind, port: Number(port) })
  const auth = createAuth({
    namespace: 'bench',
    secrets: ['0123456789abcdef'.repeat(4)],
    store: opened?.factory ?? memoryStore(),
    apps: [{ id: 'bench', exchange: (code) => Promise.resolve({ app: 'bench', openid: code }) }],
  })
  await app.register(sessions(auth))
  app.get('/me', { onRequest: app.sessionRequired }, (request, reply) =>
    reply.send({ id: auth.of(request).user }),
  )
  for (let index = 0; index < 64; index += 1) {
    tokens.push((await auth.login({ code: `user-${index}` })).token)
  }
}
console.log(`at ${await app.listen({ port: 0, host: '127.0.0.1' })} ${tokens.join()}`)
