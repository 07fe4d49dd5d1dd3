import { build } from 'esbuild'
import { spawn, type ChildProcess } from 'node:child_process'
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

/** Each program as one text, made once: to have tsx translate it at each start would take as long as the tests. */
const programs = new Map<string, Promise<string>>()
async function translate(main: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(FOLDER, 'src', main)],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

const children = new Set<ChildProcess>()
// A test that fails half-way must not leave one behind, which jest would wait for.
afterAll(() => children.forEach((child) => child.kill('SIGKILL')))

/** The server for development, unless it is to be the one for production. */
export async function startProcess(
  env: NodeJS.ProcessEnv = {},
  main: 'dev/main.ts' | 'main.ts' = 'dev/main.ts',
): Promise<ServerProcess> {
  const program = programs.get(main) ?? translate(main)
  programs.set(main, program)
  const text = await program
  const child = spawn(process.execPath, ['--input-type=module', '-'], {
    cwd: FOLDER,
    env: { ...process.env, NODE_ENV: 'development', PORT: '0', HOST: '127.0.0.1', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.end(text)
  children.add(child)
  child.once('exit', () => children.delete(child))
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
