// An app as it is today: Express 4, redis 4, CommonJS.
const express = require('express')
const { createClient } = require('redis')
const { createAuth, memoryStore } = require('miniprogram-session-server')
const { sessions } = require('miniprogram-session-server/express')
const { redisStore } = require('miniprogram-session-server/redis')

const { REDIS_PORT } = process.env

async function main() {
  const client = REDIS_PORT && (await createClient({ url: `redis://127.0.0.1:${REDIS_PORT}` }).connect())
  const auth = createAuth({
    namespace: 'shop',
    secrets: ['0123456789abcdef'.repeat(4)],
    store: client ? redisStore(client) : memoryStore(),
    apps: [{ id: 'test:shop', exchange: async (code) => ({ app: 'test:shop', openid: code }) }],
    onLogin: ({ openid }) => openid,
  })
  const s = sessions(auth)
  const app = express()
  app.use(express.json())
  app.use('/api', s.routes())
  app.get('/api/me', s.required, (req, res) => res.json({ id: auth.of(req).user }))
  app.use(s.errors)
  const server = app.listen(0, '127.0.0.1', () => console.log(`at http://127.0.0.1:${server.address().port}`))
}

main()
