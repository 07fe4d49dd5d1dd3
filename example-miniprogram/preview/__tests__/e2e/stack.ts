import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'

const ROOT = path.join(__dirname, '../../../..')
/** ms for a process to say that it listens. */
const PATIENCE = 20_000

export interface Started {
  /** What the process had said when it was ready, matched. */
  found: RegExpMatchArray
  stop: () => Promise<void>
}

/** Runs `node` until it says `ready`; stops waiting with all it said when it ends before, or takes too long. */
export function start(input: string[], ready: RegExp, env: NodeJS.ProcessEnv = {}): Promise<Started> {
  const child = spawn(process.execPath, input, { cwd: ROOT, env: { ...process.env, ...env } })
  return new Promise((resolve, reject) => {
    let said = ''
    const give = (why: string) => {
      child.kill()
      reject(new Error(`${input.join(' ')} ${why}:\n${said}`))
    }
    const timer = setTimeout(() => give('did not get ready'), PATIENCE)
    const listen = (chunk: Buffer) => {
      said += chunk.toString()
      const found = ready.exec(said)
      if (!found) return
      clearTimeout(timer)
      child.off('exit', ended)
      resolve({ found, stop: () => stop(child) })
    }
    const ended = () => {
      clearTimeout(timer)
      give('ended')
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.on('exit', ended)
  })
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
}

export interface Stack {
  /** Where the mini-program is. */
  url: string
  server: string
  stop: () => Promise<void>
}

/** `npm start` on free ports; with `server`, beside one that runs already. */
export async function startStack(server?: string, project?: string): Promise<Stack> {
  const which = server === undefined ? ['--server-port', '0'] : ['--server', server]
  if (project !== undefined) which.push('--project', project)
  const input = ['example-miniprogram/preview/start.mjs', '--port', '0', ...which]
  const { found, stop } = await start(input, /Mini-program: (\S+)\s+server: (\S+)/)
  return { url: found[1] ?? '', server: found[2] ?? '', stop }
}

/** example-server by itself, so that it can be stopped and started again. */
export async function startServer(port = 0): Promise<{ url: string; stop: () => Promise<void> }> {
  const input = ['--import', 'tsx', 'example-server/src/dev/main.ts']
  const env = { PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'silent' }
  const { found, stop } = await start(input, /(http:\/\/127\.0\.0\.1:\d+)/, env)
  return { url: found[1] ?? '', stop }
}

export interface Stats {
  requests: number
  logins: number
  codes: number
  codesRefused: number
  unauthorized: number
}

/** What the server counted by itself. */
export async function statsOf(server: string): Promise<Stats> {
  const answer = await fetch(`${server}/dev/stats`)
  return (await answer.json()) as Stats
}
