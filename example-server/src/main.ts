import { wechat } from 'miniprogram-session-server'
import { shutDownOnSignals } from 'miniprogram-session-server/shutdown'
import { buildServer } from './app.ts'
import { createSessions } from './auth.ts'
import { loadConfig } from './config.ts'
import { loggerOptions } from './logging.ts'
import { addressOf, openStore } from './store.ts'
import { listen, orEnd } from './start.ts'

const config = await orEnd(() => loadConfig(process.env))
const store = await orEnd(() => openStore(config.storeUrl))
const auth = await orEnd(() => createSessions(config, { store, apps: [wechat(config.account)] }))
await orEnd(() => auth.ready())
const app = await buildServer({
  ...config,
  auth,
  tables: store.tables,
  logger: loggerOptions(config.logLevel),
})
const address = await listen(app, config)
shutDownOnSignals(app.shutdown, async () => {
  await app.close()
  await auth.close()
  await store.close()
})
console.log(`example-server at ${address} (store: ${addressOf(config.storeUrl)})`)
