import { createFakeClock } from '../../src/testing'

const then = (run: () => void) => void Promise.resolve().then(run, run)

test('timers fire in the order of their times, and of their arming', async () => {
  const clock = createFakeClock({ start: 1000 })
  const fired: string[] = []
  clock.setTimeout(() => fired.push('b'), 20)
  clock.setTimeout(() => fired.push('a'), 10)
  clock.setTimeout(() => fired.push('c'), 20)
  await clock.advance(20)
  expect(fired).toEqual(['a', 'b', 'c'])
  expect(clock.now()).toBe(1020)
})

test('promise callbacks of a timer run before the next timer', async () => {
  const clock = createFakeClock()
  const steps: string[] = []
  clock.setTimeout(() => then(() => steps.push('promise of the first')), 10)
  clock.setTimeout(() => steps.push('second'), 10)
  await clock.advance(10)
  expect(steps).toEqual(['promise of the first', 'second'])
})

test('a cleared timer never fires, and its place in the queue is given up', async () => {
  const clock = createFakeClock()
  const fired: number[] = []
  const timers = Array.from({ length: 200 }, (_, n) => clock.setTimeout(() => fired.push(n), (n * 37) % 101))
  for (const [n, timer] of timers.entries()) if (n % 3) clock.clearTimeout(timer)
  expect(clock.pending).toBe(67)
  await clock.runAll()
  const kept = Array.from({ length: 67 }, (_, n) => n * 3)
  expect(fired).toEqual([...kept].sort((a, b) => ((a * 37) % 101) - ((b * 37) % 101)))
})

test('clearing twice, or clearing something that is no timer, does nothing', () => {
  const clock = createFakeClock()
  const timer = clock.setTimeout(() => undefined, 10)
  clock.clearTimeout(timer)
  clock.clearTimeout(timer)
  clock.clearTimeout(undefined)
  expect(clock.pending).toBe(0)
})

test('settle runs promise callbacks and no timer', async () => {
  const clock = createFakeClock()
  const start = clock.now()
  let settled = false
  let fired = false
  clock.setTimeout(() => (fired = true), 0)
  then(() => (settled = true))
  await clock.settle()
  expect([settled, fired, clock.now() - start]).toEqual([true, false, 0])
})

test('what a timer throws comes out of advance', async () => {
  const clock = createFakeClock()
  clock.setTimeout(() => {
    throw new Error('in a callback')
  }, 10)
  await expect(clock.advance(10)).rejects.toThrow('in a callback')
})

test('runAll follows timers that timers arm, and gives up on one that never ends', async () => {
  const clock = createFakeClock()
  let left = 5
  const rearm = () => left-- > 0 && clock.setTimeout(rearm, 1000)
  rearm()
  await clock.runAll()
  expect(clock.pending).toBe(0)
  const forever = () => clock.setTimeout(forever, 1000)
  forever()
  await expect(clock.runAll(10_000)).rejects.toThrow('1 timers are still pending after 10000 ms')
})

test('timers of 0 ms that arm each other for ever are told, instead of hanging the test', async () => {
  const clock = createFakeClock({ hops: 0 })
  const again = () => void clock.setTimeout(again, 0)
  again()
  await expect(clock.advance(1)).rejects.toThrow('stuck')
})
