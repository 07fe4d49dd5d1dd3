import { createFakeClock } from '../src/testing'
import { createTimers } from '../src/timers'

const HOUR = 3_600_000

/** A time-out and a wait of so many ms, and how much time of a clock that is never wrong they took. */
function timed(deadlineMs: number, waitMs: number) {
  const clock = createFakeClock()
  const timers = createTimers(() => clock)
  const awake = { ms: 0 }
  const took: { deadline?: number; wait?: number } = {}
  timers.deadline(deadlineMs, () => (took.deadline = awake.ms))
  timers.wait(waitMs, () => (took.wait = awake.ms))
  /** Lets time pass, 10 ms after 10 ms. */
  const pass = async (ms: number) => {
    for (let n = 0; n < ms; n += 10) {
      awake.ms += 10
      await clock.advance(10)
    }
  }
  return { clock, timers, took, pass }
}

test.each<[string, (clock: ReturnType<typeof createFakeClock>) => Promise<void> | void]>([
  ['sleeps for an hour', (clock) => clock.sleep(HOUR)],
  ['has its clock set ahead by an hour', (clock) => clock.jump(HOUR)],
  ['has its clock set ahead by 3 s', (clock) => clock.jump(3000)],
])(
  'when the phone %s, a time-out has its time all the same, to a second, and a wait is over',
  async (_what, happen) => {
    const { clock, took, pass } = timed(5000, 2500)
    await pass(1500)
    await happen(clock)
    await pass(1010)
    expect(took).toEqual({ wait: expect.any(Number) as number })
    await pass(5000)
    expect(took.deadline).toBeGreaterThanOrEqual(4000)
    expect(took.deadline).toBeLessThanOrEqual(6010)
  },
)

test('a time-out in its last second when the phone falls asleep does not come at the waking', async () => {
  const { clock, took, pass } = timed(1000, 60_000)
  await pass(100)
  await clock.sleep(HOUR)
  await pass(500)
  expect(took.deadline).toBeUndefined()
  await pass(1500)
  expect(took.deadline).toBeGreaterThanOrEqual(1000)
})

test('each time-out that runs is put off, and none of them twice', async () => {
  const { clock, timers, pass } = timed(60_000, 60_000)
  const rung: number[] = []
  for (const ms of [2000, 3000, 4000]) timers.deadline(ms, () => rung.push(ms))
  await pass(1500)
  await clock.sleep(HOUR)
  await pass(1400)
  expect(rung).not.toContain(4000)
  await pass(2200)
  expect(rung).toEqual([2000, 3000, 4000])
})

test('what is put off is put off again by the next sleep', async () => {
  const { clock, took, pass } = timed(5000, 1)
  for (let n = 0; n < 4; n++) {
    await pass(900)
    await clock.sleep(HOUR)
  }
  await pass(300)
  expect(took.deadline).toBeUndefined()
  // A second more for each sleep is no harm.
  await pass(5000)
  expect(took.deadline).toBeDefined()
})

test.each([
  [2000, 3000, 3000],
  [2001, 5000, 6000],
])(
  'an alarm that rings %i ms late lets a time-out of 5 s come after %i ms or more',
  async (late, from, to) => {
    // A busy thread is late as well: only what is more than 2 s late is taken for sleep.
    const { clock, took, pass } = timed(5000, 60_000)
    await pass(1000)
    clock.jump(late)
    await pass(6000)
    expect(took.deadline).toBeGreaterThanOrEqual(from)
    expect(took.deadline).toBeLessThanOrEqual(to)
  },
)

test('a clock that is set back by an hour holds nothing up by more than a second', async () => {
  const { clock, took, pass } = timed(3000, 2000)
  await pass(1500)
  clock.jump(-HOUR)
  await pass(3000)
  expect(took.wait).toBeLessThanOrEqual(3000)
  expect(took.deadline).toBeLessThanOrEqual(4000)
  expect(took.deadline).toBeGreaterThanOrEqual(3000)
})

test('set ahead and back again, the clock has changed nothing but by a second', async () => {
  const { clock, took, pass } = timed(5000, 60_000)
  await pass(1500)
  clock.jump(HOUR)
  await pass(500)
  clock.jump(-HOUR)
  await pass(6000)
  expect(took.deadline).toBeGreaterThanOrEqual(5000)
  expect(took.deadline).toBeLessThanOrEqual(7000)
})

test('a timer that is set just after the clock was set ahead comes in its own time', async () => {
  const { clock, timers, pass } = timed(60_000, 60_000)
  await pass(100)
  clock.jump(HOUR)
  let isOver = false
  timers.wait(50, () => (isOver = true))
  await pass(50)
  expect(isOver).toBe(true)
})

test('a time-out that begins when the phone has woken has its whole time', async () => {
  const { clock, timers, pass } = timed(60_000, 60_000)
  await pass(100)
  await clock.sleep(HOUR)
  let isOver = false
  timers.deadline(500, () => (isOver = true))
  await pass(490)
  expect(isOver).toBe(false)
  await pass(10)
  expect(isOver).toBe(true)
})

test('what listeners are told of the time is what the phone shows, asleep or set', async () => {
  const { clock, timers } = timed(60_000, 60_000)
  const begun = clock.now()
  clock.jump(-HOUR)
  expect(timers.wallClock()).toBe(begun - HOUR)
  await clock.sleep(HOUR)
  expect(timers.wallClock()).toBe(begun)
})
