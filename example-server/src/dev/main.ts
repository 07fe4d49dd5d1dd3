import { shutDownOnSignals } from 'miniprogram-session-server/shutdown'
import { loggerOptions } from '../logging.ts'
import { listen, orEnd } from '../start.ts'
import { addressOf } from '../store.ts'
import { startDev } from './server.ts'

// The server for development: `npm run dev`. It is no part of a build.

const { WECHAT_APPID: appid, WECHAT_SECRET: secret, WECHAT_API: api } = process.env
/** With an account it asks WeChat, for a real phone; the check says where its fake is. */
const account = appid && secret ? { appid, secret, ...(api ? { api, fake: true } : {}) } : undefined

const { app, config, close } = await orEnd(() => startDev({}, { logger: loggerOptions, account }))
const address = await listen(app, config)
shutDownOnSignals(app.shutdown, close)
const platform = account ? 'given account' : 'fake'
console.log(
  `example-server at ${address} (development, WeChat: ${platform}, store: ${addressOf(config.storeUrl)})`,
)
