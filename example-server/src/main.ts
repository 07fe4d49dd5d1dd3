import { buildServer } from './app.ts'
import { ConfigError, loadConfig, type Config } from './config.ts'
import { loggerOptions } from './logging.ts'
import { shutDownGracefully } from './shutdown.ts'

const config = configuration()
const app = await buildServer({ ...config, logger: loggerOptions(config.logLevel) })
shutDownGracefully(app)
const address = await app.listen({ port: config.port, host: config.host })
console.log(
  `example-server at ${address} (WeChat: ${config.account ? 'real' : 'stub'}, store: ${config.storeUrl.split(':')[0] ?? ''})`,
)

/** A wrong environment is the reader's to mend: the list of mistakes, and no stack. */
function configuration(): Config {
  try {
    return loadConfig(process.env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(error.message)
    process.exit(1)
  }
}
