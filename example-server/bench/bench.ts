import autocannon from 'autocannon'
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mintCode } from 'miniprogram-session-server/testing'

/**
 * Authorised GET /me per second, beside a bare Fastify route in the same run: `npm run bench`. Rounds alternate and the median counts, because machines are noisy. With REDIS_URL set
 * Redis is measured too. Each server has one core to itself where `taskset` is there to give it one.
 */
const SECONDS = Number(process.env['SECONDS'] ?? 4)
const ROUNDS = Number(process.env['ROUNDS'] ?? 3)
const redis = process.env['REDIS_URL']

const TARGETS: Record<string, { script: string[]; env?: Record<string, string> }> = {
  bare: { script: ['--import', 'tsx', 'bench/bare.ts'] },
  memory: { script: ['--import', 'tsx', 'bench/server.ts'] },
  ...(redis ? { redis: { script: ['--import', 'tsx', 'bench/server.ts'], env: { STORE_URL: redis } } } : {}),
}

interface Round {
  perSecond: number
  p99: number
  /** µs of CPU per request: what the work costs, whatever else the machine does meanwhile */
  cpu: number
}

async function start({ script, env }: { script: string[]; env?: Record<string, string> }) {
  const pinned = spawnSync('taskset', ['--version']).status === 0 ? ['taskset', '-c', '0'] : []
  const [command = '', ...rest] = [...pinned, process.execPath, ...script]
  const child = spawn(command, rest, {
    env: { ...process.env, NODE_ENV: 'development', PORT: '0', LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const address = await new Promise<string>((resolve, reject) => {
    child.once('exit', () => reject(new Error(`${script.join(' ')} ended`)))
    child.stdout.on('data', (chunk: Buffer) => {
      const [, found] = / at (http\S+)/.exec(chunk.toString()) ?? []
      if (found !== undefined) resolve(found)
    })
  })
  const cpu = () => cpuMicroseconds(child.pid ?? 0)
  return { address, cpu, stop: () => child.kill('SIGKILL') }
}

/** User and system time of a process so far; Linux tells it in hundredths of a second. */
function cpuMicroseconds(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * 10_000
  } catch {
    return NaN
  }
}

async function login(address: string): Promise<string> {
  const response = await fetch(`${address}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: mintCode('bench') }),
  })
  const { token } = (await response.json()) as { token?: string }
  return token ?? ''
}

async function measure(name: string): Promise<Round> {
  const target = TARGETS[name]
  if (!target) throw new Error(name)
  const { address, cpu, stop } = await start(target)
  const headers = name === 'bare' ? {} : { authorization: `Bearer ${await login(address)}` }
  const run = { url: `${address}/me`, connections: 64, headers }
  await autocannon({ ...run, duration: 1 })
  const before = cpu()
  const { requests, latency, non2xx, errors } = await autocannon({ ...run, duration: SECONDS })
  const spent = cpu() - before
  stop()
  if (non2xx + errors > 0) throw new Error(`${name}: ${non2xx} answers were not 200, ${errors} failed`)
  return { perSecond: requests.average, p99: latency.p99, cpu: spent / requests.total }
}

const median = (numbers: number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0

const rounds: Record<string, Round[]> = {}
for (let round = 0; round < ROUNDS; round++) {
  for (const name of Object.keys(TARGETS)) (rounds[name] ??= []).push(await measure(name))
}
const of = (name: string, what: keyof Round) => median((rounds[name] ?? []).map((round) => round[what]))
const columns = ['requests/s', 'of bare', 'p99 ms', 'CPU µs', 'bare/this']
console.log('GET /me, 64 connections', ...columns.map((column) => column.padStart(11)))
for (const name of Object.keys(TARGETS)) {
  const cells = [
    of(name, 'perSecond').toFixed(0),
    (of(name, 'perSecond') / of('bare', 'perSecond')).toFixed(2),
    of(name, 'p99').toFixed(0),
    of(name, 'cpu').toFixed(0),
    (of('bare', 'cpu') / of(name, 'cpu')).toFixed(2),
  ]
  console.log(name.padEnd(23), ...cells.map((cell) => cell.padStart(11)))
}
