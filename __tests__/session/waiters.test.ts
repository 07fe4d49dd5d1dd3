import type { Phase, Waiter } from '../../src/session/waiter'
import { createWaitingRoom } from '../../src/session/waiters'

const waiter = (id: number, phase: Phase = 'authorising'): Waiter => ({
  id,
  phase,
  need: 'token',
  seated: false,
  resume: () => undefined,
  fail: () => undefined,
})

const ids = (waiters: readonly Waiter[]): number[] => waiters.map(({ id }) => id)

test('those who came first are first, whenever they took their seat', () => {
  const room = createWaitingRoom()
  for (const id of [3, 1, 2]) room.enter(waiter(id))
  expect(ids(room.authorising())).toEqual([1, 2, 3])
  expect(ids(room.takeOut(() => true))).toEqual([1, 2, 3])
  expect(room.authorising()).toEqual([])
})

test('only those are taken out who are meant; the others keep their seats', () => {
  const room = createWaitingRoom()
  const [one, other] = [waiter(1, 'queued'), waiter(2)]
  for (const each of [one, other, one]) room.enter(each)
  expect(ids(room.takeOut((phase) => phase === 'authorising'))).toEqual([2])
  expect([one.seated, other.seated]).toEqual([true, false])
  expect(ids(room.takeOut((phase) => phase === 'queued'))).toEqual([1])
})

test.each(['on the wire', 'settled'] as const)('those who are %s do not fill the room for ever', (phase) => {
  const room = createWaitingRoom()
  const gone = Array.from({ length: 100 }, (_, n) => waiter(n, phase))
  for (const each of gone) room.enter(each)
  expect(gone.filter(({ seated }) => seated).length).toBeLessThan(30)
})
