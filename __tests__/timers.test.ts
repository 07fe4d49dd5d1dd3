import type { Clock } from '../src'
import { createFakeClock } from '../src/testing'
import { createTimers } from '../src/timers'
import { failure, knownPhone } from './phone'

const HOUR = 3_600_000

/** Timers on a virtual clock that counts the alarms set on it. */
function timersOn(clock = createFakeClock()) {
  const count = { alarms: 0, most: 0 }
  const counting: Clock = {
    now: () => clock.now(),
    clearTimeout: (timer) => clock.clearTimeout(timer),
    setTimeout(run, ms) {
      count.alarms++
      const timer = clock.setTimeout(run, ms)
      count.most = Math.max(count.most, clock.pending)
      return timer
    },
  }
  return { clock, count, timers: createTimers(() => counting) }
}

const kinds = ['deadline', 'wait'] as const

test.each(kinds)('each %s comes at its time, whatever the order they were set in', async (kind) => {
  const { clock, timers } = timersOn()
  const rung: [string, number][] = []
  const begun = clock.now()
  for (const [name, ms] of [
    ['c', 3000],
    ['a', 5],
    ['b', 1500],
    ['c2', 3000],
    ['now', 0],
  ] as const)
    timers[kind](ms, () => rung.push([name, clock.now() - begun]))
  await clock.runAll()
  expect(rung).toEqual([
    ['now', 0],
    ['a', 5],
    ['b', 1500],
    ['c', 3000],
    ['c2', 3000],
  ])
})

test.each([
  ['a fraction', 0.4, 1],
  ['a fraction above a whole', 20.001, 21],
  ['a negative number', -5, 0],
  ['no number', NaN, 0],
  ['a number in a string', '20' as unknown as number, 20],
])('a delay of the app that is %s comes all the same', async (_what, ms, expected) => {
  const { clock, timers } = timersOn()
  const begun = clock.now()
  let rungAt: number | undefined
  timers.wait(ms, () => (rungAt = clock.now() - begun))
  await clock.runAll()
  expect(rungAt).toBe(expected)
})

test('a thousand deadlines of one length take one alarm at a time', async () => {
  const { clock, count, timers } = timersOn()
  let rung = 0
  for (let n = 0; n < 1000; n++) timers.deadline(30_000, () => rung++)
  expect(count.alarms).toBe(1)
  await clock.runAll()
  expect(rung).toBe(1000)
  expect(count.most).toBe(1)
  expect(count.alarms).toBeLessThan(40)
})

test('two deadlines of one request that fall due together end it once', async () => {
  const { fake, api, events } = knownPhone({ checkSession: false, retry: false })
  fake.misbehave('request', 'hang')
  const task = api.get('/orders', undefined, { timeout: 500, totalTimeout: 500 })
  expect(await failure(fake, task)).toMatchObject({ code: 'TIMEOUT' })
  expect(events.filter((event) => event.type === 'request' && event.phase === 'fail')).toHaveLength(1)
})

test('a second after the last answer the phone is left alone', async () => {
  const { fake, api } = knownPhone({ totalTimeout: 60_000 })
  const all = Promise.all([api.get('/a'), api.get('/b'), api.ensureLogin()])
  await fake.clock.advance(1100)
  await all
  expect(fake.clock.pending).toBe(0)
})

test('a timer set by a timer comes too', async () => {
  const { clock, timers } = timersOn()
  const rung: number[] = []
  const begun = clock.now()
  const again = () => {
    rung.push(clock.now() - begun)
    if (rung.length < 3) timers.wait(10, again)
  }
  timers.wait(10, again)
  await clock.runAll()
  expect(rung).toEqual([10, 20, 30])
})

test('a cancelled timer never comes', async () => {
  const { clock, timers } = timersOn()
  const rung: string[] = []
  const stopped = timers.deadline(500, () => rung.push('stopped'))
  timers.deadline(1000, () => rung.push('other'))
  timers.cancel(stopped)
  // Twice, and nothing at all, are no mistakes.
  timers.cancel(stopped)
  timers.cancel(undefined)
  await clock.runAll()
  expect(rung).toEqual(['other'])
})

test('nor does one that another cancels which is due at the same time', async () => {
  const { clock, timers } = timersOn()
  const rung: string[] = []
  timers.deadline(1000, () => {
    rung.push('first')
    timers.cancel(second)
  })
  const second = timers.deadline(1000, () => rung.push('second'))
  timers.deadline(1000, () => rung.push('third'))
  await clock.runAll()
  expect(rung).toEqual(['first', 'third'])
})

test('a timer that another one sets to a later time comes then, and once', async () => {
  const { clock, timers } = timersOn()
  const begun = clock.now()
  const rung: number[] = []
  const moved = { due: 0, place: -1, ring: () => rung.push(clock.now() - begun) }
  timers.deadline(1000, () => {
    timers.cancel(moved)
    timers.start(moved, 700)
  })
  timers.start(moved, 1000)
  await clock.runAll()
  expect(rung).toEqual([1700])
})

test('a timer that is started again rings once, at its last time', async () => {
  const { clock, timers } = timersOn()
  const begun = clock.now()
  const rung: number[] = []
  const timer = timers.deadline(100, () => rung.push(clock.now() - begun))
  for (const ms of [50, 60]) {
    await clock.advance(30)
    timers.cancel(timer)
    timers.start(timer, ms)
  }
  await clock.runAll()
  expect(rung).toEqual([120])
})

test('a clock set back by an hour holds up a deadline by a second at most', async () => {
  const { clock, timers } = timersOn()
  let awake = 0
  let rungAt = -1
  timers.deadline(3000, () => (rungAt = awake))
  for (; awake < 5000; awake += 100) {
    if (awake === 1500) clock.jump(-HOUR)
    await clock.advance(100)
  }
  expect(rungAt).toBeGreaterThanOrEqual(2900)
  expect(rungAt).toBeLessThanOrEqual(4000)
})

/** How long after that, ms, a timer of 30 s comes to which this happened after 10 s. */
async function afterwards(kind: (typeof kinds)[number], happen: 'sleep' | 'jump', ms: number) {
  const { clock, timers } = timersOn()
  const begun = timers.awake()
  let hasRung = false as boolean
  timers[kind](30_000, () => (hasRung = true))
  await clock.advance(10_000)
  await clock[happen](ms)
  let after = 0
  for (; !hasRung && after < 60_000; after += 100) await clock.advance(100)
  return { after, awake: timers.awake() - begun }
}

describe.each(['sleep', 'jump'] as const)('what counts after an hour of "%s" is', (happen) => {
  test('for a deadline the time in which the phone was awake', async () => {
    const { after } = await afterwards('deadline', happen, HOUR)
    expect(after).toBeGreaterThanOrEqual(19_000)
    expect(after).toBeLessThanOrEqual(21_000)
  })

  test('for a wait all time', async () => {
    const { after } = await afterwards('wait', happen, HOUR)
    expect(after).toBeLessThanOrEqual(1000)
  })
})

test('a stretch that is no more than a busy phone counts as time awake', async () => {
  const { after } = await afterwards('deadline', 'sleep', 2000)
  expect(after).toBeGreaterThanOrEqual(17_900)
  expect(after).toBeLessThanOrEqual(18_200)
})

test('the time in which the phone was awake does not go on while it sleeps', async () => {
  const { clock, timers } = timersOn()
  const [before, awakeBefore] = [timers.now(), timers.awake()]
  timers.deadline(10 * HOUR, () => undefined)
  await clock.advance(500)
  await clock.sleep(HOUR)
  await clock.advance(1)
  expect(timers.now() - before).toBe(HOUR + 501)
  expect(timers.awake() - awakeBefore).toBeLessThanOrEqual(1001)
})

test('a phone that sleeps while nothing is awaited has lost no time', async () => {
  const { clock, timers } = timersOn()
  let hasRung = false
  timers.now()
  await clock.sleep(HOUR)
  timers.deadline(1000, () => (hasRung = true))
  await clock.advance(999)
  expect(hasRung).toBe(false)
  await clock.advance(1)
  expect(hasRung).toBe(true)
})

test('time for deadlines never runs backwards; the wall clock tells what the phone believes', () => {
  let time = 5000
  const timers = createTimers(() => ({ now: () => time, setTimeout: () => 0, clearTimeout: () => undefined }))
  const before = timers.now()
  time = 1000
  expect(timers.now()).toBe(before)
  time = 1400
  expect(timers.now()).toBe(before + 400)
  expect(timers.wallClock()).toBe(1400)
})

test('the clock of the platform is asked for when it is first needed, and once', () => {
  const clock = createFakeClock()
  const clockOf = jest.fn(() => clock)
  const timers = createTimers(clockOf)
  expect(clockOf).not.toHaveBeenCalled()
  timers.cancel(timers.wait(5, () => undefined))
  timers.now()
  expect(timers.wallClock()).toBe(clock.now())
  expect(clockOf).toHaveBeenCalledTimes(1)
})
