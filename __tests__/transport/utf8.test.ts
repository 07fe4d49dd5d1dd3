import fc from 'fast-check'
import { Utf8Reader } from '../../src/transport/utf8'
import { runs } from '../runs'

/** The text of bytes that come cut at these places. */
function readCut(bytes: Uint8Array, cuts: readonly number[]): string {
  const reader = new Utf8Reader()
  const places = [...cuts, 0, bytes.length].sort((one, other) => one - other)
  const pieces = places.slice(1).map((end, n) => bytes.subarray(places[n], end))
  return pieces.map((piece, n) => reader.read(piece, n === pieces.length - 1)).join('')
}

const decoded = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const cutsOf = (bytes: Uint8Array): fc.Arbitrary<number[]> => fc.array(fc.nat(bytes.length), { maxLength: 6 })
const withCuts = (bytes: fc.Arbitrary<Uint8Array>) =>
  bytes.chain((made) => fc.tuple(fc.constant(made), cutsOf(made)))

test('any text, cut anywhere, is read as it was written', () => {
  const text = fc.string({ unit: 'binary', maxLength: 60 }).map((made) => new TextEncoder().encode(made))
  fc.assert(
    fc.property(withCuts(text), ([bytes, cuts]) => {
      expect(readCut(bytes, cuts)).toBe(decoded(bytes))
    }),
    runs(2000),
  )
})

test('any bytes, cut anywhere, are read as a TextDecoder reads them', () => {
  // Half of them are such as begin or go on a character, or are never part of one.
  const byte = fc.oneof(
    fc.nat(255),
    fc.constantFrom(
      0x80,
      0x9f,
      0xa0,
      0xbf,
      0xc0,
      0xc1,
      0xc2,
      0xdf,
      0xe0,
      0xed,
      0xef,
      0xbb,
      0xf0,
      0xf4,
      0xf5,
      0xff,
    ),
  )
  const bytes = fc.array(byte, { maxLength: 24 }).map((made) => Uint8Array.from(made))
  fc.assert(
    fc.property(withCuts(bytes), ([made, cuts]) => {
      expect(readCut(made, cuts)).toBe(decoded(made))
    }),
    runs(10_000),
  )
})

test.each<[string, number[], string]>([
  ['a mark of byte order at the beginning is dropped', [0xef, 0xbb, 0xbf, 0x61], 'a'],
  ['one in the middle is a character', [0x61, 0xef, 0xbb, 0xbf], 'a\ufeff'],
  ['of two the second stays', [0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf], '\ufeff'],
  ['an emoji is two units', [0xf0, 0x9f, 0x98, 0x80], '😀'],
  ['the last point there is', [0xf4, 0x8f, 0xbf, 0xbf], '\u{10ffff}'],
  ['one beyond it', [0xf4, 0x90, 0x80, 0x80], '\ufffd\ufffd\ufffd\ufffd'],
  ['a slash in two bytes is none', [0xc0, 0xaf], '\ufffd\ufffd'],
  ['a slash in three bytes is none', [0xe0, 0x80, 0xaf], '\ufffd\ufffd\ufffd'],
  ['half a surrogate', [0xed, 0xa0, 0x80], '\ufffd\ufffd\ufffd'],
  ['half a character at the end', [0x61, 0xe5, 0xbc], 'a\ufffd'],
  ['half a character, and a new one', [0xe5, 0xbc, 0x61], '\ufffda'],
  ['half a character, and another', [0xf0, 0x9f, 0xe5, 0xbc, 0xa0], '\ufffd张'],
  ['nothing', [], ''],
])('%s', (_what, bytes, text) => {
  expect(readCut(Uint8Array.from(bytes), [])).toBe(text)
  // Byte by byte.
  expect(readCut(Uint8Array.from(bytes), [...bytes.keys()])).toBe(text)
})

test('half a character is kept for the next piece, and told only when there is none', () => {
  const reader = new Utf8Reader()
  expect(reader.read(Uint8Array.of(0xe5, 0xbc), false)).toBe('')
  expect(reader.read(new Uint8Array(0), false)).toBe('')
  expect(reader.read(Uint8Array.of(0xa0), false)).toBe('张')
  expect(reader.read(new Uint8Array(0), true)).toBe('')
})

test('a megabyte in one piece does not overflow the arguments of a call', () => {
  const text = 'x张😀'.repeat(130_000)
  expect(readCut(new TextEncoder().encode(text), [])).toBe(text)
})
