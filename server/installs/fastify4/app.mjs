import fastify from 'fastify'
import { createAuth, memoryStore } from 'miniprogram-session-server'
import { methodOverride, sessions } from 'miniprogram-session-server/fastify'

const auth = createAuth({
  namespace: 'shop',
  secrets: ['0123456789abcdef'.repeat(4)],
  store: memoryStore(),
  apps: [{ id: 'test:shop', exchange: async (code) => ({ app: 'test:shop', openid: code }) }],
  onLogin: ({ openid }) => openid,
})
const app = fastify({ rewriteUrl: methodOverride() })
const s = sessions(auth)
app.setErrorHandler(s.errors)
await app.register(s, { prefix: '/api' })
app.get('/api/me', { onRequest: app.sessionRequired }, async (request) => ({ id: auth.of(request).user }))
console.log(`at ${await app.listen({ port: 0, host: '127.0.0.1' })}`)
