// A million requests in one process, on the built package: does memory, or anything else, grow with them?
//   --requests N  default 1,000,000
//   --prove       leaks are put in, one at a time: does this see them?
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'
import { FAULTS } from './faults.mjs'
import { soak, verdict } from './run.mjs'

const { values } = parseArgs({
  options: { requests: { type: 'string', default: '1000000' }, prove: { type: 'boolean', default: false } },
})
const built = new URL('../../dist/index.js', import.meta.url)
if (!existsSync(built)) throw new Error('Nothing is built yet: npm run build')
if (!globalThis.gc) throw new Error('Run it with node --expose-gc, as npm run soak does.')
const { createClient } = createRequire(import.meta.url)(built.pathname)

/**
 * What 100,000 requests may leave behind. One byte for each would be 98 KB. Two listeners: a phone is heard once when the app is
 * hidden and once when it is shown, however many requests there are.
 */
const LIMITS = { slope: 100 * 1024, timers: 0, listeners: 2 }

/** For the proof, which is short: compiled code and warm caches weigh more there. */
const LIMITS_OF_PROOF = { ...LIMITS, slope: 1024 * 1024 }

const mb = (bytes) => (bytes / 1024 / 1024).toFixed(2)
process.exitCode = (values.prove ? await prove() : await run(Number(values.requests))) ? 0 : 1

/** Whether everything is flat. */
async function run(requests) {
  const begun = Date.now()
  console.log('  requests   heap MB   timers   listeners')
  const outcome = await soak(createClient, { requests, every: Math.ceil(requests / 10), tell: row })
  const { measures, ends, counts } = outcome
  const { slope, complaints } = verdict(outcome, LIMITS)
  const first = measures[0]
  const last = measures[measures.length - 1]
  console.log(`\n${requests} requests in ${Math.round((Date.now() - begun) / 1000)} s`)
  console.log(`  ended as    ${list(ends)}`)
  console.log(`  on the wire ${list(counts)}`)
  console.log(
    `  memory      ${mb(first.heap)} MB after ${first.sent}, ${mb(last.heap)} MB after ${last.sent}`,
  )
  console.log(
    `  slope       ${Math.round(slope / 1024)} KB per 100,000 requests (${(slope / 100_000).toFixed(2)} bytes each)`,
  )
  console.log(complaints.length === 0 ? '  FLAT' : `  NOT FLAT: ${complaints.join('; ')}`)
  return complaints.length === 0
}

/** Whether it calls flat what is flat, and each leak by its name. */
async function prove() {
  let isProven = true
  const cases = { 'has no fault': { spoil: (same) => same, expected: /^$/ }, ...FAULTS }
  for (const [name, { spoil, expected }] of Object.entries(cases)) {
    const outcome = await soak(spoil(createClient), { requests: 40_000, every: 4_000 })
    const said = verdict(outcome, LIMITS_OF_PROOF).complaints.join('; ')
    const isRight = expected.test(said)
    isProven &&= isRight
    console.log(`${isRight ? 'as it should' : 'WRONG'}: an SDK that ${name}: ${said || 'flat'}`)
  }
  return isProven
}

function row({ sent, heap, timers, listeners }) {
  const cells = [
    String(sent).padStart(10),
    mb(heap).padStart(10),
    String(timers).padStart(9),
    String(listeners).padStart(12),
  ]
  console.log(cells.join(''))
}

function list(numbers) {
  return Object.entries(numbers)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')
}
