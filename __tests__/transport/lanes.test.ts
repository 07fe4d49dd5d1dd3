import { createLanes } from '../../src/transport/lanes'

test('as many as there are lanes may go at once, no more', () => {
  const lanes = createLanes(2)
  expect([lanes.take(), lanes.take(), lanes.take()]).toEqual([true, true, false])
  lanes.free()
  expect(lanes.take()).toBe(true)
})

test('whoever queues goes in the order of coming, one for each lane that comes free', () => {
  const lanes = createLanes(1)
  const gone: number[] = []
  lanes.take()
  for (const n of [1, 2, 3]) lanes.queue(n, () => gone.push(n))
  expect(gone).toEqual([])
  lanes.free()
  expect(gone).toEqual([1])
  lanes.free()
  lanes.free()
  expect(gone).toEqual([1, 2, 3])
})

test('a free lane goes to the one who queues, at once', () => {
  const gone: number[] = []
  createLanes(1).queue(1, () => gone.push(1))
  expect(gone).toEqual([1])
})

test('whoever has to come back goes before those who came later', () => {
  const lanes = createLanes(1)
  const gone: number[] = []
  lanes.take()
  for (const n of [3, 5, 6, 1, 4]) lanes.queue(n, () => gone.push(n))
  for (let n = 0; n < 5; n++) lanes.free()
  expect(gone).toEqual([1, 3, 4, 5, 6])
})

test('nobody jumps the queue', () => {
  const lanes = createLanes(1)
  let jumped = true
  lanes.take()
  lanes.queue(1, () => {
    jumped = lanes.take()
  })
  lanes.queue(2, () => undefined)
  lanes.free()
  expect(jumped).toBe(false)
})

test('100,000 answers within the call do not overflow the stack', () => {
  const lanes = createLanes(1)
  let gone = 0
  lanes.take()
  for (let n = 0; n < 100_000; n++) {
    lanes.queue(n, () => {
      gone++
      lanes.free()
    })
  }
  lanes.free()
  expect(gone).toBe(100_000)
  expect(lanes.take()).toBe(true)
})
