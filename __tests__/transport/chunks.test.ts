import { Chunks } from '../../src/transport/chunks'

const bytes = (...values: number[]): ArrayBuffer => Uint8Array.from(values).buffer
const utf8 = (text: string): ArrayBuffer => {
  const { buffer, byteOffset, byteLength } = new TextEncoder().encode(text)
  return buffer.slice(byteOffset, byteOffset + byteLength)
}

function listening() {
  const heard: unknown[] = []
  return { heard, chunks: new Chunks(({ data }) => heard.push(data)) }
}

test('before a status is known nothing is heard, and then all of it, in order', () => {
  const { heard, chunks } = listening()
  expect([chunks.isUndecided, chunks.isEmpty]).toEqual([true, true])
  for (const piece of ['a', 'b']) chunks.add(piece)
  expect([heard, chunks.isEmpty]).toEqual([[], false])
  chunks.open()
  chunks.add('c')
  expect([heard, chunks.isUndecided]).toEqual([['a', 'b', 'c'], false])
})

test('a piece that arrives while those before it are being heard comes after them, and nothing is heard twice', () => {
  const heard: unknown[] = []
  const chunks: Chunks = new Chunks(({ data }) => {
    heard.push(data)
    if (data !== 'a') return
    chunks.open()
    chunks.add('c')
  })
  for (const piece of ['a', 'b']) chunks.add(piece)
  chunks.open()
  chunks.add('d')
  expect(heard).toEqual(['a', 'b', 'c', 'd'])
})

test('what is held is not heard, and not undecided; opened at last it is heard once', () => {
  const { heard, chunks } = listening()
  chunks.add('a')
  chunks.hold(Infinity)
  chunks.add('b')
  expect([heard, chunks.isUndecided]).toEqual([[], false])
  chunks.open()
  chunks.open()
  expect(heard).toEqual(['a', 'b'])
})

test.each<[string, unknown]>([
  ['a view', new Uint8Array([9, 1, 2, 9]).subarray(1, 3)],
  ['a DataView', new DataView(bytes(9, 1, 2, 9), 1, 2)],
  ['a buffer', bytes(1, 2)],
])('a piece that comes as %s is handed on as a buffer of those bytes', (_how, data) => {
  const { heard, chunks } = listening()
  chunks.open()
  chunks.add(data)
  expect(heard).toEqual([bytes(1, 2)])
  expect(Object.prototype.toString.call(heard[0])).toBe('[object ArrayBuffer]')
})

test('what a view shows is taken when it comes: platforms use their memory again', () => {
  const { heard, chunks } = listening()
  const memory = new Uint8Array([1, 2])
  chunks.add(memory)
  memory.fill(0)
  chunks.open()
  expect(heard).toEqual([bytes(1, 2)])
})

test('what was kept can be read as text, characters that were cut in two among it', () => {
  const { chunks } = listening()
  const whole = utf8('{"msg":"登录😀"}')
  for (const [from, to] of [
    [0, 9],
    [9, 10],
    [10, 16],
    [16, undefined],
  ] as const)
    chunks.add(whole.slice(from, to))
  expect(chunks.text()).toBe('{"msg":"登录😀"}')
})

test('pieces that come as strings are text already', () => {
  const { chunks } = listening()
  for (const piece of ['{"a"', ':1}']) chunks.add(piece)
  expect(chunks.text()).toBe('{"a":1}')
})

test('what has been heard is not kept: a stream may be long', () => {
  const { chunks } = listening()
  chunks.open()
  chunks.add(utf8('a'))
  expect([chunks.isEmpty, chunks.text()]).toEqual([true, ''])
})
