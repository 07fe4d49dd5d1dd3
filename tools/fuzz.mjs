// Very many cases that nobody expects (`npm run test:fuzz -- --runs 100000`), sharded over the cores.
//   --runs N     cases in all, default 100,000
//   --seed S     default 1; printed, so that a run can be repeated
//   --shards K   default: the number of cores
//   --family F   only answers, stored or options
//   --path P     one case of a family, as a failure names it
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    shards: { type: 'string', default: String(availableParallelism()) },
    family: { type: 'string' },
    path: { type: 'string' },
  },
})
/** A process lives through this many and is followed by a new one. */
const BATCH = 5_000
const shardFile = fileURLToPath(new URL('fuzz-shard.mts', import.meta.url))

/** One process; resolves to what it says in its last line. */
function live(order) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', shardFile, JSON.stringify(order)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    child.stdout.on('data', (chunk) => (said += chunk))
    child.on('close', (code) => {
      const line = said.trim().split('\n').pop()
      if (code === 0 && line) resolve(JSON.parse(line))
      else reject(new Error(`a shard ended with ${code}, on ${JSON.stringify(order)}`))
    })
  })
}

const { family, path } = values
const total = path === undefined ? Number(values.runs) : 1
const batches = Array.from({ length: Math.ceil(total / BATCH) }, (_, n) => ({
  runs: Math.min(BATCH, total - n * BATCH),
  seed: Number(values.seed) + n,
  family,
  path,
}))
const begun = Date.now()
const counts = {}
const reports = []

async function work() {
  for (let batch = batches.shift(); batch && reports.length === 0; batch = batches.shift()) {
    for (const verdict of await live(batch)) {
      counts[verdict.family] = (counts[verdict.family] ?? 0) + verdict.runs
      if (verdict.report) reports.push(verdict.report)
    }
    console.log(`${sum()} of ${total} cases, ${Math.round((Date.now() - begun) / 1000)} s`)
  }
}
const sum = () => Object.values(counts).reduce((all, count) => all + count, 0)

console.log(`${total} cases, seed ${values.seed}`)
await Promise.all(Array.from({ length: Number(values.shards) }, work))

console.log(
  `\n${sum()} cases in ${Math.round((Date.now() - begun) / 1000)} s: ${reports.length === 0 ? 'nothing found' : 'FOUND'}`,
)
for (const [name, count] of Object.entries(counts)) console.log(`  ${String(count).padStart(7)}  ${name}`)
for (const report of reports) console.log(`\n${report}`)
process.exitCode = reports.length === 0 ? 0 : 1
