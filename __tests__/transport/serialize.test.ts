import { runInNewContext } from 'node:vm'
import { appendQuery, serialize, serializeQuery, type Query } from '../../src/transport/serialize'

const queries: [string, Query, string][] = [
  ['nothing', {}, ''],
  ['plain values', { page: 2, name: 'a', on: true, off: false }, 'page=2&name=a&on=true&off=false'],
  ['zero and the empty string', { n: 0, s: '' }, 'n=0&s='],
  ['undefined and null', { a: undefined, b: null, c: 1 }, 'c=1'],
  ['an array', { id: [1, 2, 3] }, 'id=1&id=2&id=3'],
  ['an empty array', { id: [] }, ''],
  ['an array with holes', { id: [1, undefined, null, 2] }, 'id=1&id=2'],
  ['an array in an array', { id: [[1, 2]] }, 'id=%5B1%2C2%5D'],
  ['a date', { at: new Date(0) }, 'at=1970-01-01T00%3A00%3A00.000Z'],
  ['an object', { filter: { a: 1 } }, 'filter=%7B%22a%22%3A1%7D'],
  ['what has a meaning in a URL', { 'a&b': 'c=d&e#f?g/h i+j' }, 'a%26b=c%3Dd%26e%23f%3Fg%2Fh%20i%2Bj'],
  ['a line break', { a: 'b\r\nc' }, 'a=b%0D%0Ac'],
  ['Chinese and emoji', { 名: '张三😀' }, '%E5%90%8D=%E5%BC%A0%E4%B8%89%F0%9F%98%80'],
]

test.each(queries)('a query of %s', (_what, query, text) => {
  expect(serializeQuery(query)).toBe(text)
})

test.each([
  ['https://api.test/x', '', 'https://api.test/x'],
  ['https://api.test/x', 'a=1', 'https://api.test/x?a=1'],
  ['https://api.test/x?b=2', 'a=1', 'https://api.test/x?b=2&a=1'],
  ['https://api.test/x?', 'a=1', 'https://api.test/x?a=1'],
  ['https://api.test/x?b=2&', 'a=1', 'https://api.test/x?b=2&a=1'],
])('%s with the query %j is %s', (url, query, whole) => {
  expect(appendQuery(url, query)).toBe(whole)
})

/** The body that a POST of this data has. */
function bodyOf(data: unknown, type: string | undefined): unknown {
  const header: Record<string, string> = type === undefined ? {} : { 'Content-Type': type }
  const options = { url: 'https://api.test/x', method: 'POST', header, data }
  serialize(options)
  return options.data
}

const FORM = 'application/x-www-form-urlencoded; charset=utf-8'

test.each([
  ['no data', undefined, undefined, undefined],
  ['a string as it is', 'a=1', undefined, 'a=1'],
  ['an empty string as it is', '', undefined, ''],
  ['an object as JSON', { a: [1, null], b: '名' }, undefined, '{"a":[1,null],"b":"名"}'],
  ['an array as JSON', [1, 2], undefined, '[1,2]'],
  ['a number as JSON', 7, undefined, '7'],
  ['a boolean as JSON', false, undefined, 'false'],
  ['an object under a JSON type as JSON', { a: 1 }, 'application/vnd.api+json', '{"a":1}'],
  ['an object under a form type as a form', { a: 1, b: ['x y', '&'], c: null }, FORM, 'a=1&b=x%20y&b=%26'],
  ['a string under a form type as it is', 'a=1', FORM, 'a=1'],
])('%s', (_what, data, type, body) => {
  expect(bodyOf(data, type)).toBe(body)
})

test('a buffer is sent as it is', () => {
  const buffer = new ArrayBuffer(3)
  expect(bodyOf(buffer, undefined)).toBe(buffer)
})

test('of a typed array only its own part of the buffer is sent', () => {
  const whole = new Uint8Array([0, 1, 2, 3, 4, 5])
  const bytes = bodyOf(whole.subarray(2, 5), undefined)
  expect([...new Uint8Array(bytes as ArrayBuffer)]).toEqual([2, 3, 4])
})

test('a DataView and typed arrays of wider elements are sent byte by byte', () => {
  const { buffer } = new Uint8Array([9, 9, 1, 0, 2, 0, 9, 9])
  for (const view of [new DataView(buffer, 2, 4), new Uint16Array(buffer, 2, 2)]) {
    expect([...new Uint8Array(bodyOf(view, undefined) as ArrayBuffer)]).toEqual([1, 0, 2, 0])
  }
})

test('a content type is a form in any case', () => {
  expect(bodyOf({ a: 1 }, 'Application/X-WWW-Form-URLEncoded')).toBe('a=1')
})

test('a view of some bytes sends those bytes, wherever they are in its buffer', () => {
  const whole = new Uint8Array([0, 1, 2, 3, 4, 5])
  for (const [start, end] of [
    [0, 1],
    [1, 2],
    [4, 6],
    [3, 3],
  ] as const) {
    const bytes = bodyOf(whole.subarray(start, end), undefined)
    expect([...new Uint8Array(bytes as ArrayBuffer)]).toEqual([...whole.slice(start, end)])
  }
})

test.each(['DELETE', 'PUT', 'POST'])('a number as the data of a %s is JSON', (method) => {
  const options = { url: '/x', method, header: {}, data: 5 as unknown }
  serialize(options)
  expect(options).toMatchObject({ url: '/x', data: '5' })
})

test('a buffer of another realm is a buffer too', () => {
  const data: unknown = runInNewContext('new Uint8Array([1, 2]).buffer')
  const options = { url: '/x', method: 'POST', header: {}, data }
  serialize(options)
  expect(options).toEqual({ url: '/x', method: 'POST', header: {}, data })
})

test('what is written as JSON says so', () => {
  const options = { url: '/x', method: 'POST', header: {}, data: { a: 1 } as unknown }
  serialize(options)
  expect(options).toMatchObject({ data: '{"a":1}', header: { 'content-type': 'application/json' } })
})
