import Koa from 'koa'
import { createAuth, memoryStore, wechat } from 'miniprogram-session-server'
import { methodOverride, sessions } from 'miniprogram-session-server/koa'

const auth = createAuth({
  namespace: 'shop',
  secrets: ['0123456789abcdef'.repeat(4)],
  store: memoryStore(),
  apps: [wechat({ appid: 'wx1', secret: 'x' })],
})
const s = sessions(auth)
const app = new Koa()
app.use(methodOverride())
app.use(s.errors)
app.use(s.routes('/api'))
app.use(s.required)
app.use((ctx) => {
  ctx.body = { id: auth.of(ctx).user }
})
