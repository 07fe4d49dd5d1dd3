#!/usr/bin/env node
import { checkCommand } from './check.ts'
import { fakeWeChatCommand } from './fake-wechat.ts'
import { schemaCommand, secretCommand } from './print.ts'

const HELP = `miniprogram-session-server check [http://127.0.0.1:8080]
    Does a back end, in whatever language, keep to PROTOCOL.md? Starts a fake WeChat, and speaks to the back end.
    --wechat-port 9100            where the fake listens; the back end takes http://127.0.0.1:9100 for WeChat's address
    --config session-check.json   how this back end words things; read from the current folder if it is there
    --proxy                       for a back end that knows WeChat's address by heart: the fake is an HTTP proxy there, for
                                  api.weixin.qq.com alone. What the back end is started with then is told if it never asks
    --start "php -S …"            starts the back end, with WECHAT_API, WECHAT_APPID, WECHAT_SECRET, PORT
    --slow 30                     also what needs a session's end, if that is not further off (seconds)
    --only L2,T3                  these checks alone
    --json                        the results for a program
    --remote                      an address that is not this machine's
    Ends with 0: every MUST holds; 1: not; 2: it could not be run.

miniprogram-session-server fake-wechat [--port 9100] [--user newcomer]
    The fake alone, for development. POST /fake/code { "user": "alice" } gives a code; a real phone's code is --user's.

miniprogram-session-server schema mysql|postgres
    Prints the tables that mysqlStore() and postgresStore() need, as SQL. What is there already is left alone.

miniprogram-session-server secret
    Prints a new one for the "secrets" of createAuth.
`

const [command, ...rest] = process.argv.slice(2)
const commands: Record<string, (words: string[]) => Promise<number>> = {
  check: checkCommand,
  'fake-wechat': fakeWeChatCommand,
  schema: schemaCommand,
  secret: secretCommand,
}
const run = command === undefined ? undefined : commands[command]
if (run) {
  process.exitCode = await run(rest).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return 2
  })
} else {
  const asked = command === '--help' || command === 'help'
  process[asked ? 'stdout' : 'stderr'].write(HELP)
  process.exitCode = asked ? 0 : 2
}
