import fc from 'fast-check'
import { StreamError } from '../../src/stream/errors'
import { EVENTS, JSON_LINES, TEXT, type Format } from '../../src/stream/readers'
import { runs } from '../runs'

function readBy<T>(format: Format<T>, pieces: readonly string[], maxLength = 1000) {
  const items: T[] = []
  const reader = format.createReader((item) => items.push(item), maxLength)
  for (const piece of pieces) reader.push(piece)
  reader.end()
  return { items, reader }
}
const dataOf = (...pieces: string[]) => readBy(EVENTS, pieces).items.map(({ data }) => data)

describe('server-sent events (HTML standard, 9.2.6)', () => {
  test.each<[string, string[], string[]]>([
    ['LF', ['data: a\n\n'], ['a']],
    ['CRLF', ['data: a\r\n\r\n'], ['a']],
    ['CR', ['data: a\r\r'], ['a']],
    ['CRLF cut between the two', ['data: a\r', '\n\r', '\n'], ['a']],
    ['CRLF cut within an event', ['data: a\r', '\ndata: b\r\n\r\n'], ['a\nb']],
    ['all three mixed', ['data: a\r\ndata: b\rdata: c\n\r\n'], ['a\nb\nc']],
    ['several lines', ['data: a\ndata: b\n\n'], ['a\nb']],
    ['one space is taken off, no more', ['data:  a \n\n'], [' a ']],
    ['no space', ['data:a\n\n'], ['a']],
    ['a colon in the value', ['data: a: b\n\n'], ['a: b']],
    ['empty data', ['data\n\ndata:\n\n'], ['', '']],
    ['two of empty data', ['data\ndata\n\n'], ['\n']],
    ['comments', [': hello\n\n:\ndata: a\n\n'], ['a']],
    ['a comment within an event', ['data: a\n: hello\ndata: b\n\n'], ['a\nb']],
    ['fields that nobody knows', ['what: x\ndata: a\nDATA: b\n\n'], ['a']],
    ['an event without data', ['event: x\n\ndata: a\n\n'], ['a']],
    ['an unfinished event at the end', ['data: a\n\ndata: b\n'], ['a']],
    ['blank lines only', ['\n\n\r\n'], []],
  ])('%s', (_what, pieces, expected) => expect(dataOf(...pieces)).toEqual(expected))

  test('a CR at the end of a piece ends its event at once', () => {
    const items: unknown[] = []
    const { push } = EVENTS.createReader((item) => items.push(item), 100)
    push('data: a\r\r')
    expect(items.length).toBe(1)
    push('\ndata: b\r\r')
    expect(items.length).toBe(2)
  })

  test('the type is of one event alone, the id of all that follow', () => {
    const { items, reader } = readBy(EVENTS, ['event: x\nid: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n'])
    expect(items).toEqual([
      { type: 'x', data: 'a', lastEventId: '1' },
      { type: 'message', data: 'b', lastEventId: '1' },
      { type: 'message', data: 'c', lastEventId: '' },
    ])
    expect(reader.lastEventId).toBe('')
  })

  test('an id with a NUL is none, and one without data is known', () => {
    const { items, reader } = readBy(EVENTS, ['id: 1\0\ndata: a\n\nid: 2\n\n'])
    expect([items[0]?.lastEventId, reader.lastEventId]).toEqual(['', '2'])
  })

  test('the id of an event that is not whole is not yet the last one', () => {
    expect(readBy(EVENTS, ['id: 1\ndata: a\n\nid: 2\ndata: b\n']).reader.lastEventId).toBe('1')
  })

  test('retry is whole ms, and no more than a timer can wait', () => {
    for (const [given, told] of [
      ['500', 500],
      ['0', 0],
      ['2147483648', 1e9],
      ['9'.repeat(400), 1e9],
      ['1.5', undefined],
      ['-1', undefined],
      ['', undefined],
    ] as const)
      expect(readBy(EVENTS, [`retry: ${given}\n`]).reader.retry).toBe(told)
  })
})

test('JSON lines: blank ones are left out, CRLF is an end as well, the last one needs none', () => {
  expect(readBy(JSON_LINES, ['{"a":1}\r\n\n  \n[2]', '\n"3"\nnull']).items).toEqual([
    { a: 1 },
    [2],
    '3',
    null,
  ])
  expect(() => readBy(JSON_LINES, ['{"a":'])).toThrow(StreamError)
})

test('text comes as it comes, and nothing is no item', () => {
  expect(readBy(TEXT, ['a', '', 'b']).items).toEqual(['a', 'b'])
})

describe('what is too long', () => {
  test.each([
    ['a line', EVENTS, ['data:' + 'x'.repeat(6)]],
    ['data of several lines', EVENTS, ['data:xxx\ndata:xxx\ndata:xxx\n']],
    ['a line of JSON', JSON_LINES, ['"' + 'x'.repeat(10)]],
    ['a CR that is no end', JSON_LINES, ['"xxxxxxxx"\r', ' ']],
  ] as [string, Format<unknown>, string[]][])('%s', (_what, format, pieces) => {
    expect(() => readBy(format, pieces, 10)).toThrow(/more than 10 characters/)
  })

  test('just as long is good', () => {
    expect(readBy(EVENTS, ['data:xxxxx\r\n\r\n'], 10).items.length).toBe(1)
    expect(readBy(JSON_LINES, ['"xxxxxxxx"\r', '\n'], 10).items.length).toBe(1)
  })
})

/** The standard, read literally, over a whole document. */
function literally(text: string): unknown[] {
  const events: unknown[] = []
  let [data, type, id] = ['', '', '']
  const lines = text.split(/\r\n|\n|\r/)
  lines.pop()
  for (const line of lines) {
    if (line === '') {
      if (data !== '') events.push({ type: type || 'message', data: data.slice(0, -1), lastEventId: id })
      ;[data, type] = ['', '']
      continue
    }
    const [, field = '', value = ''] = /^([^:]*)(?:: ?([^]*))?$/.exec(line) ?? []
    if (field === 'data') data += value + '\n'
    else if (field === 'event') type = value
    else if (field === 'id' && !value.includes('\0')) id = value
  }
  return events
}

const WORDS = [
  'data',
  ':',
  ' ',
  'a',
  '咖',
  '\n',
  '\r',
  '\r\n',
  '\n\n',
  'data: b\n\n',
  'data: c\r\n',
  'event',
  'id',
  'id: 7',
  '\0',
  'retry: 5',
]

test('a document of any kind, cut anywhere, is what the standard says of it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...WORDS), { maxLength: 40 }),
      fc.array(fc.nat({ max: 120 }), { maxLength: 8 }),
      (words, cuts) => {
        const text = words.join('')
        const ends = [0, ...cuts.filter((cut) => cut < text.length), text.length].sort((a, b) => a - b)
        const pieces = ends.slice(1).map((end, index) => text.slice(ends[index], end))
        expect(readBy(EVENTS, pieces).items).toEqual(literally(text))
      },
    ),
    runs(2000),
  )
}, 30_000)
