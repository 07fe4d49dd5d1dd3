import { wechat } from 'miniprogram-session-server'
import { startFakeWeChat } from 'miniprogram-session-server/testing'
import { buildServer } from '../src/app.ts'
import { createSessions } from '../src/auth.ts'
import { loadConfig } from '../src/config.ts'
import { openStore } from '../src/store.ts'

/** The server as it is in production, but for WeChat. */
const account = { appid: 'wx0000000000000000', secret: 'any' }
const fake = await startFakeWeChat()
const config = loadConfig(process.env, {
  WECHAT_APPID: account.appid,
  WECHAT_SECRET: account.secret,
  NAMESPACE: 'bench',
  SESSION_SECRETS: 'ab'.repeat(32),
  STORE_URL: 'memory',
})
const store = await openStore(config.storeUrl)
const auth = createSessions(config, { store, apps: [wechat({ ...account, api: fake.url, fake: true })] })
const app = await buildServer({ ...config, auth, tables: store.tables })
console.log(`server at ${await app.listen({ port: 0, host: '127.0.0.1' })}`)
