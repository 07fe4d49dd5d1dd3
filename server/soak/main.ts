import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startDatabase, type Database, type DatabaseKind } from '../__tests__/databases.ts'
import type { Memory, Report } from './app.ts'
import { Load } from './load.ts'
import { verdict, type Measure, type Outcome } from './verdict.ts'

// A store that is frozen for a minute under load, of each kind at once: `npm run soak -w server`. Is everybody told in
// time, is nobody told 401, does memory stay as it is, and is all well again a second after it goes on?
//   --seconds N   of frost; 60
//   --prove       servers that keep something of each refusal: are they seen?
const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, prove: { type: 'boolean', default: false } },
})
const SECONDS = Number(values.seconds)
const WARM_UP = 10_000
const KINDS: DatabaseKind[] = ['redis', 'mysql', 'postgres']

async function startApp({ kind, port }: Database): Promise<{ app: ChildProcess; port: number }> {
  const words = [kind, String(port), ...(values.prove ? ['leak'] : [])]
  const app = fork(join(import.meta.dirname, 'app.ts'), words, {
    execArgv: ['--expose-gc', '--import', 'tsx'],
  })
  const [report] = (await once(app, 'message')) as [Extract<Report, { port: number }>]
  return { app, port: report.port }
}

async function measure(app: ChildProcess): Promise<Measure> {
  const begun = performance.now()
  app.send('measure')
  const [memory] = (await once(app, 'message')) as [Memory]
  return { ...memory, begun, ended: performance.now() }
}

async function freeze(database: Database): Promise<Outcome> {
  const { app, port } = await startApp(database)
  const load = new Load(port)
  try {
    await load.start()
    await wait(WARM_UP)
    const before = await measure(app)
    database.signal('SIGSTOP')
    const frozen = performance.now()
    const measures: Measure[] = []
    for (let n = 1; n <= 6; n += 1) {
      await wait(frozen + (n * SECONDS * 1000) / 6 - performance.now())
      measures.push(await measure(app))
    }
    database.signal('SIGCONT')
    const thawed = performance.now()
    const healthy = await load.untilHealthy()
    await wait(5000)
    await load.stop()
    return { kind: database.kind, samples: load.samples, frozen, thawed, healthy, before, measures }
  } finally {
    await load.stop()
    app.kill('SIGKILL')
  }
}

const databases = await Promise.all(KINDS.map(startDatabase))
try {
  const outcomes = await Promise.all(databases.map(freeze))
  const complaints = outcomes.flatMap((outcome) => verdict(outcome))
  for (const complaint of complaints) console.log(`  NOT AS IT SHOULD BE: ${complaint}`)
  const leaks = complaints.filter((complaint) => complaint.includes('heap grows'))
  if (values.prove) {
    const isSeen = KINDS.every((kind) => leaks.some((leak) => leak.startsWith(kind)))
    console.log(isSeen ? 'as it should: each leak is seen' : 'WRONG: a leak is not seen')
    process.exitCode = isSeen ? 0 : 1
  } else {
    if (complaints.length === 0) console.log('  FLAT, and told in time')
    process.exitCode = complaints.length === 0 ? 0 : 1
  }
} finally {
  await Promise.all(databases.map((database) => database.remove()))
}
