import type { Phase, Waiter } from './waiter'

/**
 * Everybody who waits. Who goes keeps the seat until the room is cleared: an array, not a `Set`, since V8 rebuilds
 * the table of a set that is added to and deleted from, each old table holds the next one, and so what waited once
 * keeps the garbage collector busy long after (measured: 5 µs for each request instead of 0.6).
 */
export function createWaitingRoom() {
  let seats: Waiter[] = []
  let most = 16

  function clear(isLeaving: (phase: Phase) => boolean): void {
    seats = seats.filter((waiter) => (waiter.seated = !isLeaving(waiter.phase)))
    most = 2 * seats.length + 16
  }

  return {
    enter(waiter: Waiter): void {
      if (waiter.seated) return
      if (seats.length > most) clear(isGone)
      waiter.seated = true
      seats.push(waiter)
    },
    /** Those who wait for the session; they keep their seats. */
    authorising: () => seats.filter(({ phase }) => phase === 'authorising').sort(inOrder),
    /** Takes those out who are in such a phase: whoever comes while they are told is not meant. */
    takeOut(isMeant: (phase: Phase) => boolean): Waiter[] {
      const waiters = seats.filter(({ phase }) => isMeant(phase)).sort(inOrder)
      clear((phase) => isGone(phase) || isMeant(phase))
      return waiters
    },
  }
}

/** Whether it waits no more. */
export function isGone(phase: Phase): boolean {
  return phase === 'on the wire' || phase === 'settled'
}

function inOrder(one: Waiter, other: Waiter): number {
  return one.id - other.id
}
