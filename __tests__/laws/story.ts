import fc from 'fast-check'
import { perform } from './commands'
import { judgeRest } from './model/judge-rest'
import { isAsk, OTHER_KEY, PHONE_LANES } from './model/words'
import { World } from './model/world'
import { scenario, type Scenario } from './scenarios'
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
  for (const copy of world.copies) judgeRest(copy)
  if (world.fake.server.codesReused.length > 0) world.violate(5, 'a code was exchanged twice')
  report(world)
}

async function finish(world: World, endsInSilence: boolean): Promise<void> {
  const { clock, fake, scheduler } = world
  world.say(endsInSilence ? 'the end: nothing answers any more' : 'the end: everything answers')
  // What was stopped in the background waits for the front, however long.
  fake.app.toForeground()
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
    const wanted = kind === 'authorize' || isAsk(kind) || code === undefined ? 0 : 1
    if (callbacks !== wanted) world.violate(9, `${name} was called back ${callbacks} times`)
  }
  judge(world)
  await countLanes(world)
  if (fake.storage.keys().some((key) => key !== KEY && key !== OTHER_KEY))
    world.violate(13, 'something else was stored')
  report(world)
}

/** As many requests as there are lanes get out at once, and no more. */
async function countLanes(world: World): Promise<void> {
  const { fake, setting, calls, scheduler, clock } = world
  fake.behave()
  fake.network.online()
  fake.app.toForeground()
  world.deeds = []
  world.backEnd.isOut = false
  world.backEnd.isLocked = false
  world.backEnd.down.clear()
  for (const copy of world.copies) {
    const before = calls.length
    for (let n = 0; n <= setting.concurrency; n++) copy.send('open', false)
    await clock.advance(0)
    const sent = calls.slice(before).filter(({ sends }) => sends > 0).length
    // One may be kept for a login.
    const isOneKept = setting.concurrency === PHONE_LANES && sent === PHONE_LANES - 1
    if (sent !== setting.concurrency && !isOneKept)
      world.violate(9, `${sent} of ${setting.concurrency} lanes are left`)
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
