import { build } from 'esbuild'
import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** The server as a process of its own, with nothing of the tests in it. */
export interface ServerProcess {
  address: string
  pid: number
  /** what it has printed so far */
  output(): string
  signal(signal: NodeJS.Signals): void
  /** the exit code, once it has ended */
  ended: Promise<number | null>
}

const FOLDER = join(__dirname, '..')

/** The program as one text, made once: to have tsx translate it at each start would take as long as the tests. */
let program: Promise<string> | undefined
async function translate(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(FOLDER, 'src/main.ts')],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

export async function startProcess(env: NodeJS.ProcessEnv = {}): Promise<ServerProcess> {
  const text = await (program ??= translate())
  const child = spawn(process.execPath, ['--input-type=module', '-'], {
    cwd: FOLDER,
    env: { ...process.env, NODE_ENV: 'development', PORT: '0', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.end(text)
  process.once('exit', () => child.kill('SIGKILL'))
  let output = ''
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const address = new Promise<string>((resolve) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString()
      const [, found] = /example-server at (\S+)/.exec(output) ?? []
      if (found !== undefined) resolve(found)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
  })
  const early = ended.then((code) => {
    throw new Error(`the server ended with ${String(code)}: ${output}`)
  })
  early.catch(() => undefined)
  return {
    address: await Promise.race([address, early]),
    pid: child.pid ?? 0,
    output: () => output,
    signal: (signal) => void child.kill(signal),
    ended,
  }
}

export async function post(
  server: ServerProcess,
  path: string,
  body: object,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${server.address}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return (await response.json()) as Record<string, unknown>
}
