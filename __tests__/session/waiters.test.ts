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

test('those who came first are first, whenever they began to wait', () => {
  const waiters = new Waiters()
  for (const id of [3, 1, 2]) waiters.enter(waiter(id))
  expect(ids(waiters.authorising())).toEqual([1, 2, 3])
})

test('only those in such a phase are meant', () => {
  const waiters = new Waiters()
  for (const each of [waiter(1, 'queued'), waiter(2), waiter(3, 'queued')]) waiters.enter(each)
  expect(ids(waiters.authorising())).toEqual([2])
  expect(ids(waiters.those((phase) => phase === 'queued'))).toEqual([1, 3])
})

test('who goes is let go, and the others go on waiting', () => {
  const waiters = new Waiters()
  const all = [1, 2, 3, 4].map((id) => waiter(id))
  for (const each of all) waiters.enter(each)
  const [first, second, , last] = all as [Waiter, Waiter, Waiter, Waiter]
  waiters.leave(second)
  expect(ids(waiters.authorising())).toEqual([1, 3, 4])
  waiters.leave(last)
  waiters.leave(first)
  // Whoever has gone already may say so again.
  waiters.leave(first)
  expect(ids(waiters.authorising())).toEqual([3])
  expect(all.map(({ place }) => place >= 0)).toEqual([false, false, true, false])
})

test('who waits already does not wait twice', () => {
  const waiters = new Waiters()
  const one = waiter(1)
  waiters.enter(one)
  waiters.enter(one)
  expect(ids(waiters.authorising())).toEqual([1])
  waiters.leave(one)
  expect(waiters.authorising()).toEqual([])
})

test('a logout ends whatever has not gone out, and lets the rest be', () => {
  const phases: Phase[] = [
    'authorising',
    'queued',
    'departing',
    'sent',
    'judging',
    'paused',
    'finishing',
    'settled',
  ]
  expect(phases.filter(isOut)).toEqual(['sent', 'settled'])
})

test.each<[Phase, boolean]>([
  ['sent', true],
  ['settled', true],
  ['authorising', false],
  ['queued', false],
  ['paused', false],
  ['finishing', false],
])('a logout lets be what is %s: %j', (phase, expected) => expect(isOut(phase)).toBe(expected))
