import { isOut, Waiters, type Phase, type Waiter } from '../../src/session/waiters'

const waiter = (id: number, phase: Phase = 'authorising'): Waiter => ({
  id,
  phase,
  need: 'token',
  place: -1,
  resume: () => undefined,
  fail: () => undefined,
})

const ids = (waiters: readonly Waiter[]): number[] => waiters.map(({ id }) => id)

test('those who came first are first, in whatever order they entered', () => {
  const waiters = new Waiters()
  for (const id of [3, 1, 2]) waiters.enter(waiter(id))
  expect(ids(waiters.authorising())).toEqual([1, 2, 3])
})

test('whoever enters twice waits once, and who leaves is gone', () => {
  const waiters = new Waiters()
  const [one, other, third] = [waiter(1), waiter(2), waiter(3)]
  for (const each of [one, other, third, one]) waiters.enter(each)
  waiters.leave(one)
  waiters.leave(one)
  expect(ids(waiters.authorising())).toEqual([2, 3])
  waiters.leave(third)
  waiters.leave(other)
  expect(waiters.those(() => true)).toEqual([])
})

test('only those are told of who are in such a phase', () => {
  const waiters = new Waiters()
  for (const each of [waiter(1, 'queued'), waiter(2), waiter(3, 'finishing')]) waiters.enter(each)
  expect(ids(waiters.authorising())).toEqual([2])
  expect(ids(waiters.those((phase) => !isOut(phase)))).toEqual([1, 2, 3])
})

test.each<[Phase, boolean]>([
  ['on the wire', true],
  ['settled', true],
  ['authorising', false],
  ['queued', false],
  ['between tries', false],
  ['finishing', false],
])('a logout lets be what is %s: %j', (phase, expected) => expect(isOut(phase)).toBe(expected))
