import type { ClientEvent, SessionStore } from '../../src'
import { createEvents } from '../../src/events'
import { createFakeClock } from '../../src/testing'
import { createTimers } from '../../src/timers'
import { createStore } from '../../src/session/store'

/** A store over a plain variable, whose operations may be told to fail. */
function storeOn(session?: unknown) {
  const clock = createFakeClock()
  const box = { session }
  const broken = new Set<keyof SessionStore>()
  const failing = (operation: keyof SessionStore, act: () => unknown): unknown => {
    if (broken.has(operation)) throw new Error(`cannot ${operation} ${JSON.stringify(box.session)}`)
    return act()
  }
  const target: SessionStore = {
    get: () => failing('get', () => box.session),
    set: (given) => failing('set', () => void (box.session = given)),
    remove: () => failing('remove', () => void (box.session = undefined)),
  }
  const told: ClientEvent[] = []
  const events = createEvents(() => 0)
  events.on((event) => told.push(event))
  const store = createStore(
    target,
    createTimers(() => clock),
    events,
  )
  /** The token that a read finds, and whether it is news; it answers at once, for so does the store. */
  const read = (): [string | undefined, boolean] | undefined => {
    let answer: [string | undefined, boolean] | undefined
    store.read((stored, isNews) => (answer = [stored?.session.token, isNews]))
    return answer
  }
  return { store, box, broken, told, read }
}

const record = (token: string) => ({ token, id: 'i' })

test('what lies in the store is news until it has been taken up', () => {
  const { store, read } = storeOn(record('a'))
  expect(read()).toEqual(['a', true])
  store.took('a')
  expect(read()).toEqual(['a', false])
})

test('what was written here is no news; what another copy has written is', () => {
  const { store, box, read } = storeOn()
  store.write(record('a'))
  expect(read()).toEqual(['a', false])
  box.session = record('b')
  expect(read()).toEqual(['b', true])
})

test('a token that was replaced here is no news when the store shows it again', () => {
  const { store, box, read } = storeOn()
  store.write(record('a'))
  store.write(record('b'))
  box.session = record('a')
  expect(read()).toEqual(['a', false])
})

test('twenty tokens are remembered', () => {
  const { store, box, read } = storeOn()
  for (let n = 0; n <= 20; n++) store.write(record(`t${n}`))
  box.session = record('t1')
  expect(read()).toEqual(['t1', false])
  box.session = record('t0')
  expect(read()).toEqual(['t0', true])
})

test('what could not be removed before it was read is no news', () => {
  const { store, broken, read } = storeOn(record('a'))
  broken.add('remove')
  store.remove()
  expect(read()).toEqual(['a', false])
})

test('what was removed is no news when the store shows it again', () => {
  const { store, box, read } = storeOn(record('a'))
  read()
  store.remove()
  box.session = record('a')
  expect(read()).toEqual(['a', false])
})

test.each<[string, string, object]>([
  ['its own session is ended, and what goes with it is kept', 'a', { token: 'a', id: 'i', expiresAt: 1 }],
  ['another copy’s session stays as it is', 'b', { token: 'b', id: 'i' }],
])('when a session has ended, %s', (_what, lying, expected) => {
  const { store, box } = storeOn(record(lying))
  store.end(record('a'))
  expect(box.session).toEqual(expected)
})

test.each<[string, string | undefined, boolean]>([
  ['that token’s session', 'a', true],
  ['another copy’s session', 'b', false],
  ['whatever there is, when no token is named', undefined, true],
])('a removal takes %s: %s', (_what, token, isGone) => {
  const { store, box } = storeOn(record('a'))
  store.remove(token)
  expect(box.session === undefined).toBe(isGone)
})

test('a store that goes on failing to remove is told of once; one that fails anew is told of anew', () => {
  const { store, broken, told } = storeOn(record('a'))
  broken.add('remove')
  store.remove()
  store.remove()
  expect(told).toHaveLength(1)
  broken.delete('remove')
  store.remove()
  broken.add('remove')
  store.remove()
  expect(told).toHaveLength(2)
})

test('no message of the store shows the token', () => {
  const { store, broken, told } = storeOn(record('hush'))
  for (const operation of ['get', 'set', 'remove'] as const) broken.add(operation)
  store.write(record('hush'))
  store.read(() => undefined)
  store.remove()
  expect(told.map((event) => event.type === 'storage-error' && event.operation)).toEqual([
    'write',
    'read',
    'remove',
  ])
  expect(JSON.stringify(told)).not.toContain('hush')
})
