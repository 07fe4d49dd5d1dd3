import fc from 'fast-check'
import { perform, scenario, type Scenario } from './commands'
import { World } from './model'
import { KEY } from './world'

/** Long enough for every time-out there is, one after the other, on one lane. */
const A_LONG_TIME = 400_000

/** Lives through a scenario; throws with the story in words as soon as a law is broken. */
export async function live(
  { setting, steps, endsInSilence }: Scenario,
  scheduler: fc.Scheduler,
): Promise<World> {
  const world = new World(setting, scheduler)
  world.say(`a launch with ${describe(world)}`)
  for (const step of steps) {
    await perform(world, step)
    await world.clock.advance(0)
    judge(world)
  }
  if (endsInSilence) world.isPeaceful = false
  await finish(world, endsInSilence)
  return world
}

function describe({ setting }: World): string {
  return Object.entries(setting)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(', ')
}

function judge(world: World): void {
  for (const copy of world.copies) {
    copy.judge()
    copy.judgeFailures()
  }
  if (world.fake.server.codesReused.length > 0) world.violate(5, 'a code was exchanged twice')
  report(world)
}

async function finish(world: World, endsInSilence: boolean): Promise<void> {
  const { clock, fake, scheduler } = world
  world.say(endsInSilence ? 'the end: nothing answers any more' : 'the end: everything answers')
  const awaited = world.calls.filter(({ kind }) => kind !== 'authorize' || !endsInSilence)
  if (endsInSilence) await clock.advance(A_LONG_TIME)
  for (let round = 0; round < 500 && !endsInSilence; round++) {
    if (scheduler.count() === 0) await clock.advance(5000)
    if (scheduler.count() === 0) break
    await scheduler.waitNext(1)
    await clock.advance(0)
  }
  await clock.advance(A_LONG_TIME)
  for (const { name, code } of awaited) if (code === undefined) world.violate(9, `${name} never settles`)
  judge(world)
  // Answers that come when all is over change nothing.
  while (scheduler.count() > 0) {
    await scheduler.waitNext(1)
    await clock.advance(0)
  }
  await clock.runAll()
  if (clock.pending > 0) world.violate(9, 'a timer is left')
  for (const { callbacks, kind, name, code } of world.calls) {
    const wanted = ['authorize', 'ensureLogin', 'force'].includes(kind) || code === undefined ? 0 : 1
    if (callbacks !== wanted) world.violate(9, `${name} was called back ${callbacks} times`)
  }
  judge(world)
  await countLanes(world)
  if (fake.storage.keys().some((key) => key !== KEY)) world.violate(13, 'something else was stored')
  report(world)
}

/** As many requests as there are lanes get out at once, and no more. */
async function countLanes(world: World): Promise<void> {
  const { fake, setting, calls, scheduler, clock } = world
  fake.behave()
  fake.network.online()
  fake.app.toForeground()
  world.deeds = []
  world.isOut = false
  for (const copy of world.copies) {
    const before = calls.length
    for (let n = 0; n <= setting.concurrency; n++) copy.send('open', false)
    await clock.advance(0)
    const sent = calls.slice(before).filter(({ sends }) => sends > 0).length
    if (sent !== setting.concurrency) world.violate(9, `${sent} of ${setting.concurrency} lanes are left`)
    while (scheduler.count() > 0) {
      await scheduler.waitNext(1)
      await clock.advance(0)
    }
  }
}

function report(world: World): void {
  if (world.broken.length > 0)
    throw new Error(`${world.broken.join('\n')}\n\nThe story:\n${world.story.join('\n')}`)
}

export interface Verdict {
  runs: number
  failure?: { message: string; seed: number; path: string }
}

/** Tells as many stories as asked for. A failure is told in its shortest form. */
export async function tellStories(runs: number, seed: number, path?: string): Promise<Verdict> {
  const property = fc.asyncProperty(scenario, fc.scheduler(), async (given, scheduler) => {
    await live(given, scheduler)
  })
  const details = await fc.check(property, { numRuns: runs, seed, ...(path !== undefined && { path }) })
  if (!details.failed) return { runs: details.numRuns }
  const { counterexamplePath, errorInstance } = details
  const message = errorInstance instanceof Error ? errorInstance.message : String(errorInstance)
  return { runs: details.numRuns, failure: { message, seed, path: counterexamplePath ?? '' } }
}
