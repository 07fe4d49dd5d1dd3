// The laws on the engines that phones have: `npm run engines`. Runs the laws' tests and many stories on the built file.
//   --runs N      stories on each engine and kind of promise, default 1,000
//   --seed S      of the stories; default: always the same
//   --engine E    v8, jsc or quickjs only; may be given more than once
//   --promises P  native or timers only
import { parseArgs } from 'node:util'
import { assertFresh } from '../build/fresh.mjs'
import { lawsScript } from './bundle.mjs'
import { ENGINES, installed, run } from './engines.mjs'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '20260101' },
    engine: { type: 'string', multiple: true, default: ENGINES.map(({ id }) => id) },
    promises: { type: 'string', multiple: true, default: ['native', 'timers'] },
  },
})
const PROMISES = { native: 'native promises', timers: 'promises on setTimeout' }

assertFresh()
for (const engine of installed(values.engine)) {
  for (const promises of values.promises) {
    const begun = Date.now()
    const script = await lawsScript({ runs: Number(values.runs), seed: Number(values.seed), promises })
    const { done, problems } = await live(engine, script, Number(values.runs))
    const seconds = Math.round((Date.now() - begun) / 1000)
    const counts =
      done && `${done.tests.passed} tests passed, ${done.tests.failed} failed, ${done.stories.runs} stories`
    const verdict = problems.length === 0 ? 'ok    ' : 'FAILED'
    console.log(
      `${verdict} ${engine.name}, ${PROMISES[promises]}: ${counts ?? 'it did not end'}, ${seconds} s`,
    )
    for (const problem of problems) console.log(problem.replace(/^/gm, '         '))
    if (problems.length > 0) process.exitCode = 1
  }
}

async function live(engine, script, runs) {
  const problems = []
  let done
  let last = 'nothing'
  const { code, complaints } = await run(engine, script, (message) => {
    if (message.begun) last = message.begun
    if (message.failed) problems.push(`${message.failed}\n${message.message}`)
    if (message.done) done = message.done
  })
  if (!done) problems.push(`It ended with ${code} in the midst of "${last}"\n${complaints}`)
  else if (code !== 0) problems.push(`It ended with ${code}\n${complaints}`)
  else if (done.tests.passed === 0) problems.push('no test ran')
  const failure = done?.stories.failure
  if (done && !failure && done.stories.runs < runs) problems.push('not all stories were told')
  if (failure) problems.push(`${failure.message}\nthe seed ${failure.seed}, the path ${failure.path}`)
  return { done, problems }
}
