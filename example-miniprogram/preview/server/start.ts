import path from 'node:path'
import { parseArgs } from 'node:util'
import { format } from '../compile/diagnostic'
import type { Build } from './builds'
import { startExampleServer } from './example-server'
import { startPreview } from './preview-server'
import { WeChatUserData } from './wechat-user-data'

const PROJECT = path.join(__dirname, '../..')
/** The address that miniprogram/config.ts names. */
const SERVER = 'http://127.0.0.1:3000'

const USAGE = `npm start -- [--port 8080] [--server-port 3000 | --server http://127.0.0.1:3000] [--project folder]
  --server   use a server that runs already, instead of starting example-server`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8080' },
      'server-port': { type: 'string', default: '3000' },
      server: { type: 'string' },
      project: { type: 'string', default: PROJECT },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(USAGE)
    return
  }
  const userData = new WeChatUserData()
  const server = values.server ?? (await startExampleServer(portOf(values['server-port']), userData))
  if (values.server !== undefined) await expectAnswer(values.server)
  const preview = await startPreview({
    root: path.join(values.project, 'miniprogram'),
    alsoWatch: values.project === PROJECT ? [path.join(PROJECT, '../src')] : [],
    port: portOf(values.port),
    watch: true,
    routes: { [SERVER]: new URL(server).origin },
    userData,
    onBuild: report,
  })
  console.log(`Mini-program: ${preview.url}   server: ${server}   (Ctrl+C stops both)`)
}

function portOf(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new Error(`"${text}" is no port: use a number from 0 (any free one) to 65535.`)
}

/** Only a hint: the pages say so too, and have a button to try again. */
async function expectAnswer(server: string): Promise<void> {
  const answers = await fetch(server).then(
    () => true,
    () => false,
  )
  if (!answers)
    console.error(`No server answers at ${server}: start it, or leave --server out to have one started.`)
}

function report({ version, diagnostics }: Build, ms: number): void {
  if (diagnostics.length === 0) console.log(`build ${version}: ${Math.round(ms)} ms`)
  for (const { file, ...one } of diagnostics) {
    console.error(format({ ...one, file: path.relative(process.cwd(), file) }))
  }
}

/** One line that says what to do; the stack only for what nobody foresaw. */
function explain(error: unknown): string {
  const { code, port, message } = error as NodeJS.ErrnoException & { port?: number }
  if (code === 'EADDRINUSE') {
    const option = port === 3000 ? '--server-port 0' : '--port 0'
    return `Port ${port ?? '?'} is taken: stop what uses it, or let a free one be found with npm start -- ${option}.`
  }
  if (code?.startsWith('ERR_PARSE_ARGS')) return `${message}\n${USAGE}`
  return error instanceof Error ? (code === undefined ? message : (error.stack ?? message)) : String(error)
}

main().catch((error: unknown) => {
  console.error(explain(error))
  process.exit(1)
})
