import { createFakeClock } from '../../src/testing'
import { createTimers } from '../../src/timers'
import { Steps } from '../../src/session/steps'

/** The steps of a login with a time-out of a second for each. */
function stepsOn(timeout = 1000) {
  const clock = createFakeClock()
  const said: unknown[] = []
  const lent: boolean[] = []
  const login = { isWanted: true }
  const timers = createTimers(() => clock)
  const steps = new Steps(
    timers,
    timeout,
    () => login.isWanted,
    (isLending) => lent.push(isLending),
  )
  const done = (value: unknown) => said.push(value)
  const failed = (error: unknown) => said.push((error as Error).message)
  /** A step that takes so long. */
  const take = (ms: number) =>
    steps.take<string>('wx.login', (yes) => clock.setTimeout(() => yes('answer'), ms), done, failed)
  return { clock, steps, said, lent, login, take, done, failed }
}

test('a step that answers in time has its time taken from the whole', async () => {
  const { clock, steps, said, take } = stepsOn()
  take(300)
  await clock.runAll()
  expect(said).toEqual(['answer'])
  expect([steps.left, steps.ms]).toEqual([1700, 1000])
})

test('a step that does not fails by its name, and what comes later is not heard', async () => {
  const { clock, steps, said, take } = stepsOn()
  take(1500)
  await clock.runAll()
  expect(said).toEqual(['wx.login did not answer within 1000 ms. Offer a retry, or raise login.timeout.'])
  expect(steps.left).toBe(1000)
})

test('all steps together take twice the time of one at most', async () => {
  const { clock, steps, said, take } = stepsOn()
  take(900)
  await clock.runAll()
  take(900)
  await clock.runAll()
  expect([steps.left, steps.ms]).toEqual([200, 200])
  take(900)
  await clock.runAll()
  expect(said).toEqual([
    'answer',
    'answer',
    'wx.login did not answer within 200 ms. Offer a retry, or raise login.timeout.',
  ])
})

test('of several answers within one call the first counts', () => {
  const { said, steps, done, failed } = stepsOn()
  const both = (yes: (value: string) => void, no: (error: unknown) => void) => {
    yes('first')
    yes('second')
    no(new Error('third'))
  }
  steps.take<string>('wx.login', both, done, failed)
  expect(said).toEqual(['first'])
})

test('an hour of sleep is not the time of a step', async () => {
  const { clock, said, take } = stepsOn()
  take(500)
  await clock.advance(100)
  clock.jump(3_600_000)
  await clock.runAll()
  expect(said).toEqual(['answer'])
})

test('once nobody wants the login nothing of it is heard', async () => {
  const { clock, said, login, take } = stepsOn()
  take(300)
  take(1500)
  login.isWanted = false
  await clock.runAll()
  expect(said).toEqual([])
})

test('without a time-out a step may take a person’s time', async () => {
  const { clock, steps, said, take } = stepsOn(Infinity)
  take(3_000_000)
  await clock.runAll()
  expect(said).toEqual(['answer'])
  expect(steps.ms).toBe(Infinity)
})

test.each<[string, () => unknown, unknown]>([
  ['answers at once', () => 'a', 'a'],
  ['answers later', () => Promise.resolve('a'), 'a'],
  ['rejects', () => Promise.reject(new Error('no')), 'no'],
  [
    'throws',
    () => {
      throw new Error('no')
    },
    'no',
  ],
  [
    'never answers',
    () => new Promise(() => undefined),
    'it did not answer within 1000 ms. Offer a retry, or raise login.timeout. A request of this client in there needs auth: false.',
  ],
])('a lane is lent while a function of the app runs that %s', async (_what, run, expected) => {
  const { clock, steps, said, lent, done, failed } = stepsOn()
  steps.ask('it', run, done, failed)
  await clock.runAll()
  await clock.settle()
  expect(said).toEqual([expected])
  expect(lent).toEqual([true, false])
})

test('a lane that was lent is taken back although nobody wants the login any more', async () => {
  const { clock, steps, said, lent, login, done, failed } = stepsOn()
  steps.ask('it', () => new Promise(() => undefined), done, failed)
  login.isWanted = false
  await clock.runAll()
  expect(lent).toEqual([true, false])
  expect(said).toEqual([])
})
