// The SDK over real HTTP, against the example server, while that is killed, frozen, cut off and made to forget sessions.
//   --requests N  default 10,000
//   --streams N   streams of events in place of requests: 500, say
//   --sockets N   sockets in place of requests: 50, say
//   --seed S      default 1; the same seed gives the same plan
//   --prove       faulty SDKs take its place, one at a time: does this see it?
import { parseArgs } from 'node:util'
import { isInstalled } from '../../server/__tests__/databases.ts'
import { FAULTS } from './faults.ts'
import { judge } from './judge.ts'
import { makePlan } from './plan.ts'
import { run } from './run.ts'
import { judgeStreams, proveStreams, runStreams, summaryOfStreams } from './streams.ts'
import { judgeSockets, proveSockets, runSockets, summaryOfSockets } from './sockets.ts'
import { summary } from './summary.ts'

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '10000' },
    streams: { type: 'string' },
    sockets: { type: 'string' },
    seed: { type: 'string', default: '1' },
    prove: { type: 'boolean', default: false },
  },
})
const LIMIT = 170_000
/** Complaints that are printed in full. */
const TOLD = 20

process.env['CI'] ??= 'true'
isInstalled('redis')
main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})

async function main(): Promise<void> {
  const { streams, sockets, seed } = values
  if (sockets !== undefined) {
    const [count, start] = [Number(sockets), Number(seed)]
    const isKept = await (values.prove ? proveSockets(count, start, LIMIT) : socketChaos(count, start))
    process.exitCode = isKept ? 0 : 1
    return
  }
  const isGood =
    streams === undefined
      ? await (values.prove ? prove() : chaos())
      : await (values.prove
          ? proveStreams(Number(streams), Number(seed), LIMIT)
          : streamChaos(Number(streams)))
  process.exitCode = isGood ? 0 : 1
}

async function streamChaos(count: number): Promise<boolean> {
  const history = await runStreams({ count, seed: Number(values.seed), limit: LIMIT })
  console.log(summaryOfStreams(history))
  return tell(judgeStreams(history))
}

async function socketChaos(count: number, seed: number): Promise<boolean> {
  const history = await runSockets({ count, seed, limit: LIMIT })
  console.log(summaryOfSockets(history))
  return tell(judgeSockets(history))
}

function tell(broken: readonly string[]): boolean {
  console.log(broken.length === 0 ? '  KEPT: all of it' : `  BROKEN: ${broken.length} promises`)
  for (const words of broken.slice(0, TOLD)) console.log(`    ${words}`)
  return broken.length === 0
}

async function chaos(): Promise<boolean> {
  const plan = makePlan(Number(values.seed), Number(values.requests), 24)
  const history = await run(plan, LIMIT)
  const broken = judge(history)
  console.log(summary(history))
  return tell(broken)
}

/** Whether a sound SDK passes, and each faulty one is found out. */
async function prove(): Promise<boolean> {
  let isProven = true
  for (const { name, make, expected } of FAULTS) {
    const history = await run(makePlan(Number(values.seed), 1200, 6), LIMIT, make)
    const broken = judge(history)
    const found = broken.find((words) => expected?.test(words))
    const isRight = expected ? found !== undefined : broken.length === 0
    isProven &&= isRight
    const words =
      broken.length === 0 ? 'nothing found' : `${broken.length} found, such as: ${found ?? broken[0] ?? ''}`
    console.log(`${isRight ? 'as it should' : 'WRONG'}: an SDK that ${name}: ${words}`)
  }
  return isProven
}
