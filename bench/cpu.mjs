// What a request costs on each engine that phones have, as a ratio to a bare promise around wx.request.
import path from 'node:path'
import { bundle } from '../tools/engines/bundle.mjs'
import { installed, run } from '../tools/engines/engines.mjs'
import { assertFresh } from '../tools/build/fresh.mjs'
import { bounds, row, tellFailures } from './print.mjs'

/** Rounds of so many requests: fewer where each takes longer. The goals are for the median over the sizes of burst. */
const PLANS = {
  v8: {
    rounds: 9,
    requests: 18_000,
    goals: {
      'get, relative': { ceiling: 4, limit: 2.8, aim: 2.2 },
      'one listener': { ceiling: 7, limit: 6 },
      'one middleware': { ceiling: 10.5, limit: 8 },
    },
  },
  jsc: { rounds: 41, requests: 900, goals: { 'get, relative': { ceiling: 7, limit: 5.5, aim: 4.4 } } },
  quickjs: { rounds: 21, requests: 900, goals: { 'get, relative': { limit: 7, aim: 5.5 } } },
}
const WAYS = ['get, relative', 'get, absolute', 'one listener', 'one middleware']
const MEASURED = path.join(import.meta.dirname, 'inside/ratios.mjs')

assertFresh()
const failures = []
for (const engine of installed()) {
  const { goals, ...plan } = PLANS[engine.id]
  console.log(`\ntime per request against a bare promise around wx.request: ${engine.name}, ${engine.phones}`)
  console.log(row('', 'burst', 'bare µs', 'ours µs', 'ratio'))
  const figures = []
  for (const way of WAYS) figures.push([way, await ratioOf(engine, { way, ...plan })])
  for (const [way, ratio] of figures)
    if (ratio) console.log(bounds(`${engine.name}, ${way}`, ratio, goals[way], failures))
}
tellFailures(failures)

/** Each way in a process of its own: what one has taught the engine is not to be paid by another. */
async function ratioOf(engine, plan) {
  const script = await bundle({
    code: `import { measure } from ${JSON.stringify(MEASURED)}\nstart(() => measure(${JSON.stringify(plan)}))`,
  })
  const ratios = []
  let isDone = false
  const { complaints } = await run(engine, script, ({ done, size, bare, ours, ratio }) => {
    if (done) return void (isDone = true)
    ratios.push(ratio)
    console.log(row(plan.way, size, ...[bare, ours, ratio].map((number) => number.toFixed(2))))
  })
  if (!isDone) failures.push(`${engine.name}, ${plan.way}: it did not end: ${complaints}`)
  return ratios.sort((one, other) => one - other)[Math.floor(ratios.length / 2)]
}
