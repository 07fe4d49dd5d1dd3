import { createServer } from 'node:http'
import { createAuth, memoryStore } from 'miniprogram-session-server'
import { sessions } from 'miniprogram-session-server/express'

const auth = createAuth({
  namespace: 'shop',
  secrets: ['0123456789abcdef'.repeat(4)],
  store: memoryStore(),
  apps: [{ id: 'test:shop', exchange: async (code) => ({ app: 'test:shop', openid: code }) }],
  onLogin: ({ openid }) => openid,
})
const s = sessions(auth)
const routes = s.routes((request) => request.url.replace('/api', ''))
const server = createServer((request, response) => {
  routes(request, response, () => {
    s.required(request, response, () => response.end(JSON.stringify({ id: auth.of(request).user })))
  })
})
server.listen(0, '127.0.0.1', () => console.log(`at http://127.0.0.1:${server.address().port}`))
