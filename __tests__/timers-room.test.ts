import type { Clock } from '../src'
import { createFakeClock } from '../src/testing'
import { createTimers, type Timer } from '../src/timers'

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

test('what is cancelled does not ring, not even by one that rings in the same moment', async () => {
  const { clock, timers } = timersOn()
  const rung: string[] = []
  const second: Timer = timers.deadline(10, () => rung.push('second'))
  timers.deadline(5, () => {
    rung.push('first')
    timers.cancel(second)
  })
  const twin: Timer = timers.deadline(20, () => rung.push('twin'))
  timers.deadline(20, () => timers.cancel(twin))
  timers.cancel(timers.wait(7, () => rung.push('cancelled')))
  timers.cancel(undefined)
  await clock.runAll()
  expect(rung).toEqual(['first', 'twin'])
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

test('one that is moved on by another of the same moment rings at its later time', async () => {
  const { clock, timers } = timersOn()
  const begun = clock.now()
  const rung: number[] = []
  const late: Timer = timers.deadline(10, () => rung.push(clock.now() - begun))
  timers.cancel(late)
  timers.deadline(10, () => {
    timers.cancel(late)
    timers.start(late, 40)
  })
  timers.start(late, 10)
  await clock.runAll()
  expect(rung).toEqual([50])
})

test.each([
  [NaN, 0],
  [-5, 0],
  [0.2, 1],
  [3.000001, 4],
])('a delay of %d ms is one of %i', async (ms, expected) => {
  const { clock, timers } = timersOn()
  const begun = clock.now()
  let rungAt = -1
  timers.wait(ms, () => (rungAt = clock.now() - begun))
  await clock.runAll()
  expect(rungAt).toBe(expected)
})
