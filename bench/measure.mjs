/** Measures one package, in a process of its own: `node --expose-gc bench/measure.mjs <name> cpu|rest` prints JSON. */
import { bundle } from './bundle.mjs'
import { PEERS } from './catalogue.mjs'
import { countPromises, CROWDS, measureCpu, measureWaiting, median } from './costs.mjs'
import { SCENARIOS, tell } from './scenarios.mjs'

/** Each crowd so often, and the median of it. */
const WAITING_ROUNDS = 3

const peer = PEERS.find(({ name }) => name === process.argv[2])
if (!peer) throw new Error(`Which package? One of ${PEERS.map(({ name }) => name).join(', ')}`)
// A package that leaves a rejection unhandled is not to end its own measurement.
let unhandled = 0
process.on('unhandledRejection', () => void unhandled++)

const { code, minified, gzipped } = await bundle(peer)
const result = process.argv[3] === 'cpu' ? await measureCpu(peer, code) : await measureRest()
console.log(JSON.stringify(result))
process.exit(0)

async function measureRest() {
  const promises = await countPromises(peer, code)
  const waiting = []
  for (const crowd of CROWDS) waiting.push(await waitingOf(crowd))
  const scenarios = {}
  for (const scenario of SCENARIOS) scenarios[scenario.name] = (await tell(scenario, peer, code)) ?? null
  return { minified, gzipped, promises, waiting, scenarios }
}

async function waitingOf(crowd) {
  const rounds = []
  for (let round = 0; round < WAITING_ROUNDS; round++) {
    rounds.push(await measureWaiting(peer, code, crowd))
    if (!rounds[0].isOver) break
  }
  const of = (field) => median(rounds.map((one) => one[field]))
  return { ...rounds[0], micros: of('micros'), bytes: of('bytes') }
}
