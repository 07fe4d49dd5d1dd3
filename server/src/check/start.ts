import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'

export interface StartedBackend {
  stop(): Promise<void>
}

const PATIENCE = 60_000

/** Starts the back end under test, and waits until its port is open. A compiler may be at work before that. */
export async function startBackend(
  command: string,
  cwd: string,
  url: URL,
  env: Record<string, string>,
): Promise<StartedBackend> {
  if (await isOpen(url)) throw new Error(`something listens on port ${url.port} already`)
  // A group of its own, so that what the shell or a build tool starts ends with it.
  const child = spawn(command, {
    cwd,
    env: { ...process.env, ...env },
    shell: true,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const read = (chunk: Buffer) => void (output = (output + chunk.toString()).slice(-4000))
  child.stdout.on('data', read)
  child.stderr.on('data', read)
  const ended = once(child, 'exit')
  const kill = (signal: NodeJS.Signals) => {
    if (child.pid === undefined) return
    try {
      process.kill(-child.pid, signal)
    } catch {
      // It has ended by itself.
    }
  }
  const last = () => kill('SIGKILL')
  process.once('exit', last)
  const stop = async () => {
    kill('SIGTERM')
    const timer = setTimeout(last, 2000)
    if (child.exitCode === null && child.signalCode === null) await ended
    last()
    clearTimeout(timer)
    process.off('exit', last)
  }
  const begun = performance.now()
  while (!(await isOpen(url))) {
    const over = child.exitCode !== null || child.signalCode !== null
    if (over || performance.now() - begun > PATIENCE) {
      await stop()
      throw new Error(
        `"${command}" ${over ? 'ended' : 'opened no port'}${output === '' ? '' : `: ${output.trim()}`}`,
      )
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return { stop }
}

function isOpen({ hostname, port, protocol }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const host = hostname.replace(/^\[|\]$/g, '')
    const socket = connect(Number(port) || (protocol === 'https:' ? 443 : 80), host)
    const done = (open: boolean) => {
      socket.destroy()
      resolve(open)
    }
    socket.once('connect', () => done(true))
    socket.once('error', () => done(false))
  })
}
