import type { DatabaseKind } from '../__tests__/databases.ts'
import type { Memory } from './app.ts'
import type { Sample } from './load.ts'

/** When it was taken, too: nobody is answered meanwhile. */
export interface Measure extends Memory {
  begun: number
  ended: number
}

export interface Outcome {
  kind: DatabaseKind
  samples: Sample[]
  /** when, by the clock of the samples */
  frozen: number
  thawed: number
  /** ms after that */
  healthy: number
  before: Measure
  /** at even intervals while it was frozen */
  measures: Measure[]
}

/** ms: the deadline of a store is 2000, a busy machine the rest */
const FIRST = 2300
/** ms, for one in the middle, and for 99 of 100 too; on a busy machine twice of what those took while the store ran */
const LATER = 50
const HEALTHY = 1000
/** The mean of the last two measures, by that of the second and third: until the first one the engine still compiles. */
const GROWTH = { heap: 1.03, rss: 1.1 }

const mb = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1)
const mean = (numbers: number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length
const worst = (samples: Sample[]): number => Math.max(0, ...samples.map(({ ms }) => ms))

/** Prints what was measured; what is not as it should be, a line each. */
export function verdict({ kind, samples, frozen, thawed, healthy, before, measures }: Outcome): string[] {
  const ended = (one: Sample) => one.begun + one.ms
  const first = samples.filter((one) => ended(one) > frozen && one.begun < frozen + FIRST)
  const isMeasured = (one: Sample) =>
    measures.some(({ begun, ended: end }) => ended(one) > begun && one.begun < end)
  const later = samples.filter(
    (one) => one.begun >= frozen + FIRST && ended(one) < thawed && !isMeasured(one),
  )
  const calm = samples.filter((one) => ended(one) <= frozen || one.begun > thawed + HEALTHY)
  const [median, p99] = [percentile(later, 0.5), percentile(later, 0.99)]
  const allowed = Math.max(LATER, 2 * percentile(calm, 0.99))
  const heap = growth(measures.map((one) => one.heap))
  const rss = growth(measures.map((one) => one.rss))
  console.log(`${kind}: ${samples.length} requests, ${list(samples)}`)
  console.log(`  first answers  ${first.length}, the last after ${worst(first).toFixed(0)} ms`)
  console.log(
    `  later ones     ${later.length}, half within ${median.toFixed(0)} ms, 99 of 100 within ${p99.toFixed(0)} ms (before and after: ${percentile(calm, 0.99).toFixed(0)}), all within ${worst(later).toFixed(0)}`,
  )
  console.log(`  healthy        ${healthy.toFixed(0)} ms after it went on`)
  console.log(
    `  heap MB        ${mb(before.heap)} | ${measures.map((one) => mb(one.heap)).join(' ')}: × ${heap.toFixed(3)}`,
  )
  console.log(
    `  RSS MB         ${mb(before.rss)} | ${measures.map((one) => mb(one.rss)).join(' ')}: × ${rss.toFixed(3)}`,
  )
  const rules: [boolean, string][] = [
    [samples.every(({ status }) => status !== 401), 'somebody was told 401'],
    [
      samples.every(({ status }) => status === 200 || status === 503),
      `there are other answers: ${list(samples)}`,
    ],
    [calm.every(({ status }) => status === 200), `somebody was refused although it ran: ${list(calm)}`],
    [later.length > 100, `there are only ${later.length} answers while it was frozen`],
    [later.every(({ status }) => status === 503), `somebody was let through: ${list(later)}`],
    [worst(first) <= FIRST, `a first answer took ${worst(first).toFixed(0)} ms; ${FIRST} are allowed`],
    [median <= LATER, `a later answer takes ${median.toFixed(0)} ms; ${LATER} are allowed`],
    [p99 <= allowed, `later answers take ${p99.toFixed(0)} ms; ${allowed.toFixed(0)} are allowed`],
    [healthy <= HEALTHY, `it was healthy after ${healthy.toFixed(0)} ms; ${HEALTHY} are allowed`],
    [heap <= GROWTH.heap, `heap grows by ${percent(heap)}; ${percent(GROWTH.heap)} are allowed`],
    [rss <= GROWTH.rss, `RSS grows by ${percent(rss)}; ${percent(GROWTH.rss)} are allowed`],
  ]
  return rules.flatMap(([holds, text]) => (holds ? [] : [`${kind}: ${text}`]))
}

const growth = (measures: number[]): number => mean(measures.slice(-2)) / mean(measures.slice(1, 3))
const percent = (ratio: number): string => `${((ratio - 1) * 100).toFixed(1)} %`

function percentile(samples: Sample[], part: number): number {
  const times = samples.map(({ ms }) => ms).sort((a, b) => a - b)
  return times[Math.floor(times.length * part)] ?? 0
}

function list(samples: Sample[]): string {
  const counts = new Map<number, number>()
  for (const { status } of samples) counts.set(status, (counts.get(status) ?? 0) + 1)
  return [...counts].map(([status, count]) => `${status} × ${count}`).join(', ')
}
