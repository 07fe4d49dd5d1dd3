import autocannon from 'autocannon'
import { build } from 'esbuild'
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { startDatabase, type Database, type DatabaseKind } from '../__tests__/databases.ts'
import { openStore } from '../__tests__/stores/open.ts'
import { createAuth } from '../src/index.ts'

// GET /me beside a bare Fastify, by what it costs of CPU, and logins per second: `npm run bench -w server`. Rounds
// alternate and the median counts, because machines are noisy; ratios hold, numbers do not.
const SECONDS = Number(process.env['SECONDS'] ?? 3)
const ROUNDS = Number(process.env['ROUNDS'] ?? 3)
const KINDS: DatabaseKind[] = ['redis', 'mysql', 'postgres']
/** CPU of bare that each may cost at most, and logins a second that it must do (redis, mysql). */
const MOST: Record<string, number> = { memory: 1.6, redis: 2.6, mysql: 5.5 }
const LEAST: Record<string, number> = { redis: 3000, mysql: 1200 }

const median = (numbers: number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0
const folder = mkdtempSync(join(import.meta.dirname, 'built-'))
const program = join(folder, 'app.mjs')
await build({
  entryPoints: [join(import.meta.dirname, 'app.ts')],
  outfile: program,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
})

/** User and system time of a process so far, in µs; Linux tells it in hundredths of a second. */
function cpu({ pid }: ChildProcess): number {
  const fields =
    readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .split(') ')[1]
      ?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

async function me(kind: string, port = 0): Promise<{ cpu: number; perSecond: number; p99: number }> {
  const child = spawn(process.execPath, [program, kind, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [url = '', tokens = ''] = await new Promise<string[]>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => resolve(chunk.toString().trim().split(' ').slice(1)))
  })
  // A phone each, for they are not looked up alike: every connection begins with another one.
  const all = tokens.split(',').map((token) => ({ headers: { authorization: `Bearer ${token}` } }))
  let clients = 0
  const setupClient = (client: autocannon.Client) => {
    const first = (clients += 1) % all.length
    client.setRequests([...all.slice(first), ...all.slice(0, first)])
  }
  const run = { url: `${url}/me`, connections: 64, setupClient }
  await autocannon({ ...run, duration: 1 })
  const before = cpu(child)
  const { requests, latency, non2xx } = await autocannon({ ...run, duration: SECONDS })
  const spent = cpu(child) - before
  child.kill('SIGKILL')
  if (non2xx > 0) throw new Error(`${kind}: ${non2xx} answers were not 200`)
  return { cpu: spent / requests.total, perSecond: requests.average, p99: latency.p99 }
}

async function logins(database: Database): Promise<{ perSecond: number; p99: number }> {
  const opened = await openStore(database)
  const auth = createAuth({
    namespace: 'bench',
    secrets: ['0123456789abcdef'.repeat(4)],
    store: opened.factory,
    apps: [{ id: 'bench', exchange: (code) => Promise.resolve({ app: 'bench', openid: code }) }],
  })
  let count = 0
  const run = async (seconds: number): Promise<number[]> => {
    const times: number[] = []
    const end = performance.now() + seconds * 1000
    const worker = async () => {
      while (performance.now() < end) {
        const begun = performance.now()
        await auth.login({ code: `user-${(count += 1)}` })
        times.push(performance.now() - begun)
      }
    }
    await Promise.all(Array.from({ length: 32 }, worker))
    return times
  }
  // The first of all open the pool's connections.
  await run(1)
  const times = await run(SECONDS)
  await auth.close()
  await opened.close()
  times.sort((a, b) => a - b)
  return { perSecond: times.length / SECONDS, p99: times[Math.floor(times.length * 0.99)] ?? 0 }
}

const databases = new Map<string, Database>()
for (const kind of KINDS) databases.set(kind, await startDatabase(kind))
const found = new Map<string, Awaited<ReturnType<typeof me>>[]>()
for (let round = 0; round < ROUNDS; round += 1) {
  for (const kind of ['bare', 'memory', ...KINDS]) {
    found.set(kind, [...(found.get(kind) ?? []), await me(kind, databases.get(kind)?.port)])
  }
}
const of = (kind: string, what: 'cpu' | 'perSecond' | 'p99') =>
  median((found.get(kind) ?? []).map((round) => round[what]))
const failures: string[] = []
const judge = (holds: boolean): string => {
  if (holds) return ''
  failures.push('one')
  return '  TOO MUCH'
}
console.log('GET /me       CPU µs   × bare   of bare per second   p99 ms at 64')
for (const kind of found.keys()) {
  const ratio = of(kind, 'cpu') / of('bare', 'cpu')
  const cells = [
    of(kind, 'cpu').toFixed(0).padStart(8),
    ratio.toFixed(2).padStart(8),
    (of(kind, 'perSecond') / of('bare', 'perSecond')).toFixed(2).padStart(20),
    of(kind, 'p99').toFixed(0).padStart(14),
  ]
  console.log(`${kind.padEnd(12)}${cells.join(' ')}${judge(ratio <= (MOST[kind] ?? Infinity))}`)
}
for (const database of databases.values()) {
  const { perSecond, p99 } = await logins(database)
  const bad = judge(perSecond >= (LEAST[database.kind] ?? 0))
  console.log(
    `logins, ${database.kind}: ${perSecond.toFixed(0)} per second, p99 ${p99.toFixed(0)} ms at 32${bad}`,
  )
  await database.remove()
}
rmSync(folder, { recursive: true })
process.exitCode = failures.length === 0 ? 0 : 1
