import express from 'express'
import { createClient } from 'redis'
import { createAuth } from 'miniprogram-session-server'
import { methodOverride, sessions } from 'miniprogram-session-server/express'
import { redisStore } from 'miniprogram-session-server/redis'

const auth = createAuth<{ role: string }>({
  namespace: 'shop',
  secrets: ['0123456789abcdef'.repeat(4)],
  store: redisStore(createClient()),
  apps: [],
  onLogin: ({ openid, unionid }) => ({ user: unionid ?? openid, data: { role: 'guest' } }),
})
const s = sessions(auth)
const app = express()
app.use(methodOverride())
app.use('/api', s.routes())
app.get('/api/me', s.required, (req, res) => {
  const { user, data } = auth.of(req)
  res.json({ user, role: data.role.toUpperCase() })
})
app.use(s.errors)
