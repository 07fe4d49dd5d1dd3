import type { Clock } from '../src'
import { createFakeClock } from '../src/testing'
import { createTimers } from '../src/timers'
import { failure, knownPhone } from './phone'

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

test('deadlines come at their times, whatever the order they were set in', async () => {
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
    timers.deadline(ms, () => rung.push([name, clock.now() - begun]))
  await clock.runAll()
  expect(rung).toEqual([
    ['now', 0],
    ['a', 5],
    ['b', 1500],
    ['c', 3000],
    ['c2', 3000],
  ])
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
    if (rung.length < 3) timers.deadline(10, again)
  }
  timers.deadline(10, again)
  await clock.runAll()
  expect(rung).toEqual([10, 20, 30])
})

test('a clock set back by an hour holds up a deadline by a second at most', async () => {
  let shift = 0
  const real = createFakeClock()
  const { timers } = timersOn({ ...real, now: () => real.now() + shift })
  let rungAt = -1
  const begun = real.now()
  timers.deadline(3000, () => (rungAt = real.now() - begun))
  await real.advance(1500)
  shift = -3_600_000
  await real.advance(3000)
  expect(rungAt).toBeGreaterThanOrEqual(3000)
  expect(rungAt).toBeLessThanOrEqual(4000)
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

/** A clock that a test sets, and an alarm that rings when the test says so. */
function byHand() {
  let time = 1000
  let alarm: (() => void) | undefined
  const clock: Clock = {
    now: () => time,
    setTimeout: (run) => (alarm = run),
    clearTimeout: () => (alarm = undefined),
  }
  const ring = (at: number): void => {
    time = at
    const run = alarm
    alarm = undefined
    run?.()
  }
  return { timers: createTimers(() => clock), ring }
}

test.each([
  ['deadline', []],
  ['wait', ['rung']],
] as const)('after an hour of sleep a %s of 5 s has rung: %j', (kind, expected) => {
  const { timers, ring } = byHand()
  const rung: string[] = []
  timers[kind](5000, () => rung.push('rung'))
  ring(2000)
  ring(3_602_000)
  expect(rung).toEqual(expected)
})

test('what was left of a deadline before the sleep runs on after it', () => {
  const { timers, ring } = byHand()
  const rung: string[] = []
  timers.deadline(5000, () => rung.push('rung'))
  ring(2000)
  ring(1_002_000)
  ring(1_003_000)
  ring(1_004_000)
  expect(rung).toEqual([])
  ring(1_005_000)
  ring(1_006_000)
  expect(rung).toEqual(['rung'])
})

test('sleep is no time in which the phone was awake', () => {
  const { timers, ring } = byHand()
  const [now, awake] = [timers.now(), timers.awake()]
  timers.wait(5000, () => undefined)
  ring(61_000)
  expect(timers.now() - now).toBe(60_000)
  expect(timers.awake() - awake).toBeLessThanOrEqual(1000)
})
