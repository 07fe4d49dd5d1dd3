import { Finals, type Addressed } from '../../src/session/finals'

const at = (address: string | undefined): Addressed => ({ address: () => address })
const ORDERS = at('GET /orders')
const MINUTE = 60_000

test('an address is remembered for a minute from when it was first final', () => {
  const finals = new Finals()
  finals.add(ORDERS, 1000)
  expect(finals.has(ORDERS, 1000)).toBe(true)
  expect(finals.has(ORDERS, 1000 + MINUTE - 1)).toBe(true)
  expect(finals.has(ORDERS, 1000 + MINUTE)).toBe(false)
})

test('what is final by this memory alone does not lengthen it', () => {
  const finals = new Finals()
  finals.add(ORDERS, 0)
  finals.add(ORDERS, MINUTE - 1)
  expect(finals.has(ORDERS, MINUTE)).toBe(false)
})

test('what is final anew after a minute is remembered for another', () => {
  const finals = new Finals()
  finals.add(ORDERS, 0)
  finals.add(ORDERS, MINUTE)
  expect(finals.has(ORDERS, 2 * MINUTE - 1)).toBe(true)
  expect(finals.has(ORDERS, 2 * MINUTE)).toBe(false)
})

test('an address is its method and path, no other', () => {
  const finals = new Finals()
  finals.add(ORDERS, 0)
  expect([at('POST /orders'), at('GET /order'), at(undefined)].map((other) => finals.has(other, 0))).toEqual([
    false,
    false,
    false,
  ])
})

test('authorize() has no address: nothing is remembered of it', () => {
  const finals = new Finals()
  finals.add(at(undefined), 0)
  expect(finals.isEmpty).toBe(true)
  expect(finals.has(at(undefined), 0)).toBe(false)
})

test('an address that accepts is forgotten, the others are not', () => {
  const finals = new Finals()
  finals.add(ORDERS, 0)
  finals.add(at('GET /admin'), 0)
  finals.forget(ORDERS)
  expect([finals.has(ORDERS, 0), finals.has(at('GET /admin'), 0), finals.isEmpty]).toEqual([
    false,
    true,
    false,
  ])
  finals.forget(at('GET /admin'))
  expect(finals.isEmpty).toBe(true)
})

test('a hundred are kept, and the one that was final the longest ago goes first', () => {
  const finals = new Finals()
  const addresses = Array.from({ length: 100 }, (_, n) => at(`GET /${n}`))
  addresses.forEach((address, n) => finals.add(address, n))
  // The first is over, and final anew: the second is the oldest now.
  finals.add(at('GET /0'), MINUTE)
  finals.add(ORDERS, MINUTE)
  const gone = addresses.filter((address) => !finals.has(address, 100))
  expect(gone.map((address) => address.address())).toEqual(['GET /1'])
  expect(finals.has(ORDERS, MINUTE)).toBe(true)
})

test('while nothing is remembered nobody is asked for an address', () => {
  const finals = new Finals()
  const address = jest.fn(() => 'GET /orders')
  finals.has({ address }, 0)
  finals.forget({ address })
  expect(address).not.toHaveBeenCalled()
})
