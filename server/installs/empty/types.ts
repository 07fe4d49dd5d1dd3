import { createAuth, memoryStore, refuse, wechat, type AuthEvent } from 'miniprogram-session-server'
import { sessions } from 'miniprogram-session-server/fetch'
import { mintCode, startFakeWeChat, storeSuite } from 'miniprogram-session-server/testing'

const auth = createAuth({
  namespace: 'shop',
  secrets: ['0123456789abcdef'.repeat(4)],
  store: memoryStore(),
  apps: [wechat({ appid: 'wx1', secret: 'x' })],
  onLogin({ openid }) {
    if (openid === 'mallory') throw refuse(403, 'BANNED', 'This account is closed.')
    return openid
  },
})
auth.on((event: AuthEvent) => console.log(event.type))
export const GET = sessions(auth).required((_request, session) => Response.json({ id: session.user }))
export const tools = { mintCode, startFakeWeChat, storeSuite }
