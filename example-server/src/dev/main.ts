import { shutDownOnSignals } from 'miniprogram-session-server/shutdown'
import { loggerOptions } from '../logging.ts'
import { listen, orEnd } from '../start.ts'
import { addressOf } from '../store.ts'
import { startDev } from './server.ts'

// The server for development: `npm run dev`. It is no part of a build.

const { app, config, close } = await orEnd(() =>
  startDev({}, { logger: (level) => loggerOptions(level), wechatApi: process.env['WECHAT_API'] }),
)
const address = await listen(app, config)
shutDownOnSignals(app.shutdown, close)
console.log(`example-server at ${address} (development, store: ${addressOf(config.storeUrl)})`)
