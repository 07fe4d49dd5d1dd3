import Koa from 'koa'
import bodyParser from 'koa-bodyparser'
import { createAuth, memoryStore } from 'miniprogram-session-server'
import { sessions } from 'miniprogram-session-server/koa'

const auth = createAuth({
  namespace: 'shop',
  secrets: ['0123456789abcdef'.repeat(4)],
  store: memoryStore(),
  apps: [{ id: 'test:shop', exchange: async (code) => ({ app: 'test:shop', openid: code }) }],
  onLogin: ({ openid }) => openid,
})
const s = sessions(auth)
const app = new Koa()
app.use(bodyParser())
app.use(s.routes('/api'))
app.use(async (ctx) => {
  await s.required(ctx, async () => {
    ctx.body = { id: auth.of(ctx).user }
  })
})
const server = app.listen(0, '127.0.0.1', () => console.log(`at http://127.0.0.1:${server.address().port}`))
