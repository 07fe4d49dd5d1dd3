import { buildServer } from './app.ts'
import { ConfigError, loadConfig, type Config } from './config.ts'
import { loggerOptions } from './logging.ts'
import { shutDownGracefully } from './shutdown.ts'

const config = configuration()
const app = await buildServer({ ...config, logger: loggerOptions(config.logLevel) })
shutDownGracefully(app)
const address = await listen()
console.log(
  `example-server at ${address} (WeChat: ${config.account ? 'real' : 'stub'}, store: ${config.storeUrl.split(':')[0] ?? ''})`,
)

/** So is an address that this machine does not have, or that somebody else has taken. */
async function listen(): Promise<string> {
  const { host, port } = config
  try {
    return await app.listen({ port, host })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      console.error(`Port ${port} is taken: stop what uses it, or set PORT to another one.`)
    else if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      console.error(
        `HOST is "${host}", which is no address of this machine: 127.0.0.1 and 0.0.0.0 always are.`,
      )
    else throw error
    process.exit(1)
  }
}

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
