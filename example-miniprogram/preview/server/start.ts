import { existsSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type Diagnostic, format } from '../compile/diagnostic'
import type { Build } from './builds'
import { startExampleServer } from './example-server'
import { npmSettingsProblem } from './npm-settings'
import { startPreview } from './preview-server'
import { WeChatUserData } from './wechat-user-data'

const PROJECT = path.join(__dirname, '../..')
/** The address that miniprogram/config.ts names. */
const SERVER = 'http://127.0.0.1:3000'

const USAGE = `npm start -- [--port 8080] [--server-port 3000 | --server http://127.0.0.1:3000] [--project folder]
  --server   use a server that runs already, instead of starting example-server
  --project  another mini-program: a tiny one, or this example after you changed it. There are few elements and functions of
             WeChat's here; what yours needs beyond them is warned of, or is not there`

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
  const root = rootOf(values.project)
  const problem = npmSettingsProblem(values.project)
  if (problem !== undefined) console.error(problem)
  const [port, serverPort] = [portOf(values.port), portOf(values['server-port'])]
  const userData = new WeChatUserData()
  const server =
    values.server === undefined
      ? await startExampleServer(serverPort, userData).catch(sayWhenTaken('--server-port'))
      : originOf(values.server)
  if (values.server !== undefined) await expectAnswer(server)
  const preview = await startPreview({
    root,
    alsoWatch: values.project === PROJECT ? [path.join(PROJECT, '../src')] : [],
    port,
    watch: true,
    routes: { [SERVER]: server },
    userData,
    onBuild: report,
  }).catch(sayWhenTaken('--port'))
  console.log(`Mini-program: ${preview.url}   server: ${server}   (Ctrl+C stops both)`)
}

function rootOf(project: string): string {
  const root = path.join(project, 'miniprogram')
  if (existsSync(path.join(root, 'app.json'))) return root
  throw new Error(
    `No mini-program in ${project}: --project wants the folder with miniprogram/app.json in it.`,
  )
}

function originOf(server: string): string {
  const isAddress = /^https?:/.test(server) && URL.canParse(server)
  if (isAddress) return new URL(server).origin
  throw new Error(`"${server}" is no address of a server: use one like ${SERVER}.`)
}

/** Turns the error of a port that somebody else has into what to do about it. */
function sayWhenTaken(option: string) {
  return (error: NodeJS.ErrnoException & { port?: number }): never => {
    if (error.code !== 'EADDRINUSE') throw error
    throw new Error(
      `Port ${error.port ?? ''} is taken: stop what uses it, or let a free one be found with npm start -- ${option} 0.`,
    )
  }
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

function report({ version, diagnostics, warnings }: Build, ms: number): void {
  if (diagnostics.length === 0) console.log(`build ${version}: ${Math.round(ms)} ms`)
  for (const one of diagnostics) console.error(format(near(one)))
  if (diagnostics.length === 0) for (const one of warnings) console.error(`${format(near(one))} (warning)`)
}

/** As a terminal can jump to it. */
function near(one: Diagnostic): Diagnostic {
  return { ...one, file: path.relative(process.cwd(), one.file) }
}

/** One line that says what to do; the stack only for what nobody foresaw. */
function explain(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code?.startsWith('ERR_PARSE_ARGS')) return `${message}\n${USAGE}`
  return error instanceof Error ? (code === undefined ? message : (error.stack ?? message)) : String(error)
}

main().catch((error: unknown) => {
  console.error(explain(error))
  process.exit(1)
})
