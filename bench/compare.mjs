/**
 * This package beside those that people use today: what becomes of requests when the login is in trouble, and what
 * a request costs. Writes RESULTS.md and charts/, and fails when this package is behind another in any scenario.
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { OURS, PEERS, titleOf } from './catalogue.mjs'
import { charts } from './charts.mjs'
import { report } from './report.mjs'
import { compare, SCENARIOS } from './scenarios.mjs'

/** CPU time is read in so many processes, and the median taken: how code gets compiled differs from one to the next. */
const CPU_PROCESSES = 3
/** A package whose measurement takes longer is stuck, in ms. */
const PATIENCE = 600_000

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

if (!existsSync(here('../miniprogram_dist/index.js'))) throw new Error('Nothing is built yet: npm run build')

const measured = []
for (const peer of PEERS) {
  console.log(`measuring ${titleOf(peer)}`)
  const { name, packages } = peer
  const cpu = await measureCpu(name)
  measured.push({ name, peer, versions: packages.map(versionOf), cpu, ...(await measure(name, 'rest')) })
}

mkdirSync(here('charts'), { recursive: true })
for (const [name, svg] of charts(measured)) writeFileSync(here(`charts/${name}.svg`), svg)
const lawsRun = existsSync(here('laws-run.json'))
  ? JSON.parse(readFileSync(here('laws-run.json'), 'utf8'))
  : undefined
writeFileSync(here('RESULTS.md'), report(measured, { lawsRun }))
console.log('written: bench/RESULTS.md, bench/charts')

const ours = measured.find(({ name }) => name === OURS)
for (const scenario of SCENARIOS) {
  for (const { name, scenarios } of measured) {
    const theirs = scenarios[scenario.name]
    if (!theirs || compare(scenario, ours.scenarios[scenario.name], theirs) <= 0) continue
    console.error(`FAILED: ${scenario.name}: behind ${name}`)
    process.exitCode = 1
  }
}

async function measureCpu(name) {
  const readings = []
  for (let process = 0; process < CPU_PROCESSES; process++) readings.push(await measure(name, 'cpu'))
  readings.sort((one, other) => one.ratio - other.ratio)
  return readings[Math.floor(readings.length / 2)]
}

/** In a process of its own: some packages keep state that only its end clears. */
async function measure(name, what) {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', here('measure.mjs'), name, what],
    { timeout: PATIENCE },
  )
  return JSON.parse(stdout)
}

function versionOf(name) {
  const { version } = JSON.parse(readFileSync(here(`node_modules/${name}/package.json`), 'utf8'))
  return `${name} ${version}`
}
