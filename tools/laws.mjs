// Tells very many stories (`npm run test:laws -- --runs 1000000`), sharded over the cores.
//   --runs N    stories in all, default 100,000
//   --seed S    default: from the clock; printed, so that a run can be repeated
//   --shards K  default: the number of cores
//   LAWS_FEATURES=rotate,data: see __tests__/laws/features.ts
//   --record F  write the summary to this file; bench/laws-run.json is where RESULTS.md looks for it
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
    shards: { type: 'string', default: String(availableParallelism()) },
    record: { type: 'string' },
  },
})
const shards = Number(values.shards)
/** A process tells this many and is followed by a new one: each keeps the memory of its stories small. */
const BATCH = 20_000
const shardFile = fileURLToPath(new URL('laws-shard.mts', import.meta.url))

/** One process; resolves to what it says in its last line. */
function tell(runs, seed) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', shardFile, String(runs), String(seed)])
    let said = ''
    let complained = ''
    child.stdout.on('data', (chunk) => (said += chunk))
    child.stderr.on('data', (chunk) => (complained += chunk))
    child.on('close', (code) => {
      const line = said.trim().split('\n').pop()
      if (code === 0 && line) resolve(JSON.parse(line))
      else reject(new Error(`a shard ended with ${code}: ${complained}`))
    })
  })
}

const total = Number(values.runs)
const firstSeed = Number(values.seed)
const batches = Array.from({ length: Math.ceil(total / BATCH) }, (_, n) => ({
  runs: Math.min(BATCH, total - n * BATCH),
  seed: firstSeed + n,
}))
const begun = Date.now()
const failures = []
let told = 0

async function work() {
  for (let batch = batches.shift(); batch && failures.length === 0; batch = batches.shift()) {
    const { runs, failure } = await tell(batch.runs, batch.seed)
    told += runs
    if (failure) failures.push(failure)
    console.log(`${told} of ${total} stories, ${Math.round((Date.now() - begun) / 1000)} s`)
  }
}

console.log(`${total} stories on ${shards} shards, seed ${firstSeed}`)
await Promise.all(Array.from({ length: shards }, work))

const seconds = (Date.now() - begun) / 1000
console.log(
  `\n${told} stories in ${seconds.toFixed(0)} s (${Math.round(told / seconds)} a second): ${failures.length === 0 ? 'no law was broken' : 'BROKEN'}`,
)
const switched = ['LAWS_FEATURES']
  .filter((name) => process.env[name] !== undefined)
  .map((name) => `${name}=${process.env[name]} `)
  .join('')
for (const { message, seed, path } of failures) {
  console.log(
    `\n${message}\n\nAgain: ${switched}LAWS_SEED=${seed} LAWS_PATH=${path} npx jest --selectProjects laws --testPathPatterns properties`,
  )
}
if (values.record) {
  const summary = {
    date: new Date().toISOString().slice(0, 10),
    runs: told,
    failures: failures.length,
    seed: firstSeed,
    seconds: Math.round(seconds),
    storiesPerSecond: Math.round(told / seconds),
  }
  writeFileSync(values.record, `${JSON.stringify(summary, null, 2)}\n`)
}
process.exitCode = failures.length === 0 ? 0 : 1
