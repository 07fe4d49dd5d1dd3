import fastify from 'fastify'
import { createAuth, memoryStore, wechat } from 'miniprogram-session-server'
import { methodOverride, sessions } from 'miniprogram-session-server/fastify'

const auth = createAuth({
  namespace: 'shop',
  secrets: ['0123456789abcdef'.repeat(4)],
  store: memoryStore(),
  apps: [wechat({ appid: 'wx1', secret: 'x' })],
})
const app = fastify({ logger: true, rewriteUrl: methodOverride() })
const s = sessions(auth, { ifDown: 'guest' })
app.setErrorHandler(s.errors)
await app.register(s, { prefix: '/api' })
app.get('/api/me', { onRequest: app.sessionRequired }, (request) => ({ id: auth.of(request).user }))
app.get('/api/hello', { onRequest: app.sessionOptional }, (request) => auth.maybeOf(request)?.user ?? 'guest')
