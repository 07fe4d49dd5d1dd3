import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { isBuffer, isRecord, snapshot } from '../../src/transport/snapshot'
import { runs } from '../runs'

test('what the app does with its objects afterwards changes nothing of it', () => {
  const given = { a: { b: [1, { c: 2 }] }, at: new Date(0) }
  const taken = snapshot(given)
  given.a.b.push(9)
  Object.assign(given.a.b[1] as object, { c: 3 })
  Object.assign(given, { d: 4 })
  given.at.setTime(9)
  expect(taken).toEqual({ a: { b: [1, { c: 2 }] }, at: new Date(0) })
})

test('any JSON is taken as it is', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const taken = snapshot(value)
      expect(JSON.stringify(taken)).toBe(JSON.stringify(value))
      if (typeof value === 'object' && value !== null) expect(taken).not.toBe(value)
    }),
    runs(100),
  )
})

test.each<[string, unknown]>([
  ['a string', 'text'],
  ['a number', 5],
  ['nothing', undefined],
  ['null', null],
  ['a buffer', new ArrayBuffer(2)],
  ['a view', new Uint8Array(2)],
  ['a DataView', new DataView(new ArrayBuffer(2))],
  ['a function', () => 1],
  ['a Map', new Map()],
])('%s is not copied', (_what, value) => {
  expect(snapshot(value)).toBe(value)
  expect(snapshot({ value }).value).toBe(value)
})

class Money {
  constructor(public cents: number) {}
  toJSON() {
    return { amount: this.cents / 100 }
  }
}

test('what writes itself as JSON is asked at once', () => {
  const price = new Money(150)
  const taken = snapshot({ price })
  price.cents = 999
  expect(taken).toEqual({ price: { amount: 1.5 } })
})

test('an object of a class keeps its own fields, and no method', () => {
  class Order {
    id = 1
    total(): number {
      return this.id
    }
  }
  expect(JSON.stringify(snapshot(new Order()))).toBe('{"id":1}')
})

test('an observable object (MobX, Vue) is copied field by field', () => {
  const target = { list: [{ id: 1 }] }
  const observed = new Proxy(target, { get: (from, name) => Reflect.get(from, name) as unknown })
  const taken = snapshot(observed)
  target.list[0] = { id: 2 }
  expect(taken).toEqual({ list: [{ id: 1 }] })
})

test('an object without a prototype is taken whole', () => {
  const bare = Object.assign(Object.create(null) as object, { a: 1 })
  expect(snapshot(bare)).toEqual({ a: 1 })
})

test('__proto__ as a field is a field like any other', () => {
  const tricky = JSON.parse('{"__proto__":{"isAdmin":true},"b":1}') as object
  expect(JSON.stringify(snapshot(tricky))).toBe('{"__proto__":{"isAdmin":true},"b":1}')
  expect((snapshot(tricky) as { isAdmin?: boolean }).isAdmin).toBeUndefined()
})

test('a list with holes, and one in a list, keep their places', () => {
  // eslint-disable-next-line no-sparse-arrays -- what it is about
  expect(snapshot([1, , [2, 3]])).toEqual([1, undefined, [2, 3]])
})

test('an object that holds itself ends, and is told as the mistake it is when it is written', () => {
  const round: Record<string, unknown> = { a: 1 }
  round['self'] = round
  expect(() => JSON.stringify(snapshot(round))).toThrow(TypeError)
})

test.each<[string, unknown, boolean, boolean]>([
  ['an object', {}, true, false],
  ['one of another realm', runInNewContext('({})'), true, false],
  ['a list', [], false, false],
  ['null', null, false, false],
  ['a Date', new Date(0), false, false],
  ['a buffer', new ArrayBuffer(1), false, true],
  ['a buffer of another realm', runInNewContext('new ArrayBuffer(1)'), false, true],
  ['a view', new Uint8Array(1), false, false],
  ['a string', '', false, false],
])('%s', (_what, value, record, buffer) => {
  expect([isRecord(value), isBuffer(value)]).toEqual([record, buffer])
})
