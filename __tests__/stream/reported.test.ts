import { createClient, type Platform } from '../../src'
import { streamEvents, type ServerSentEvent } from '../../src/stream'
import { createFakeClock, type FakeClock } from '../../src/testing'
import { bytes, EVENTS } from './world'

type Told = (detail: object) => void

type Step = string | ArrayBuffer | { head: true } | { end: unknown }

/** What a phone tells of one request, in this order. */
function told(steps: readonly Step[], clock: FakeClock): Platform {
  return {
    request({ success }: { success: Told }) {
      const hears: { head?: Told; chunk?: Told } = {}
      clock.setTimeout(() => {
        for (const step of steps)
          if (typeof step === 'string' || step instanceof ArrayBuffer) hears.chunk?.({ data: step })
          else if ('head' in step) hears.head?.({ statusCode: 200, header: EVENTS })
          else success({ statusCode: 200, header: EVENTS, data: step.end, errMsg: 'request:ok' })
      }, 1)
      return {
        abort: () => undefined,
        onHeadersReceived: (hear: Told) => void (hears.head = hear),
        onChunkReceived: (hear: Told) => void (hears.chunk = hear),
      }
    },
    login: () => undefined,
    clock,
  } as object as Platform
}

async function eventsOf(steps: readonly Step[]): Promise<string[]> {
  const clock = createFakeClock()
  const api = createClient({
    platform: told(steps, clock),
    baseURL: 'https://api.test',
    login: { url: '/login' },
  })
  const events: ServerSentEvent[] = []
  const end = streamEvents(api, { url: '/events', auth: false }).forEach((event) => void events.push(event))
  await clock.runAll()
  await end
  return events.map(({ type, data, lastEventId }) => [type, data, lastEventId].join('|'))
}

const HEAD = { head: true } as const
const END = { end: '' }
const cut = (text: string): ArrayBuffer[] =>
  Array.from(new Uint8Array(bytes(text)), (byte) => Uint8Array.of(byte).buffer)

/** What users of other clients have reported. Each is told byte by byte as well. */
test.each<[string, string, string[]]>([
  [
    'a CR that no LF follows ends a line and no event (eventsource-parser #17)',
    'data: A\r\ndata: B\rdata: C\r\n\n',
    ['message|A\nB\nC|'],
  ],
  ['a CRLF cut in two is one end (elizaOS #27212)', 'data: a\r\ndata: b\r\n\r\n', ['message|a\nb|']],
  [
    'an id with a NUL leaves the one before (eventsource-parser #34)',
    'id: 123\nid: b\0d\ndata: x\n\n',
    ['message|x|123'],
  ],
  ['an empty id is the end of ids', 'id: 1\ndata: a\n\nid\ndata: b\n\n', ['message|a|1', 'message|b|']],
  [
    'a byte order mark is dropped once (eventsource-parser #41, bun #29960)',
    '\uFEFFdata: a\n\n\uFEFFdata: b\n\ndata: c\n\n',
    ['message|a|', 'message|c|'],
  ],
  [
    'only line ends are, not the separators of JavaScript',
    'data: a\u2028b\u2029c\u0085d\vf\n\n',
    ['message|a\u2028b\u2029c\u0085d\vf|'],
  ],
  [
    'a field without a colon is an empty one, and one space is no data',
    'data\n\ndata\ndata\n\ndata:  x\n\n',
    ['message||', 'message|\n|', 'message| x|'],
  ],
  [
    'an event without data is none, and its type is not that of the next',
    'event: ping\n\ndata: x\n\n',
    ['message|x|'],
  ],
  ['comments keep alive, whatever is in them', ':\n\n: ping\n\n:data: no\n\ndata: x\n\n', ['message|x|']],
  [
    '[DONE] is data like any other, and what follows it comes too',
    'data: 1\n\ndata: [DONE]\n\ndata: 2\n\n',
    ['message|1|', 'message|[DONE]|', 'message|2|'],
  ],
  ['fields are told by their case', 'Data: no\nDATA: no\ndata: x\n\n', ['message|x|']],
])('%s', async (_what, text, events) => {
  expect(await eventsOf([HEAD, bytes(text), END])).toEqual(events)
  expect(await eventsOf([HEAD, ...cut(text), END])).toEqual(events)
  expect(await eventsOf([HEAD, text, END])).toEqual(events)
  expect(await eventsOf([HEAD, ...cut(text).flatMap((byte) => [byte, new ArrayBuffer(0)]), END])).toEqual(
    events,
  )
  // Without chunk events, as on PC.
  expect(await eventsOf([HEAD, { end: text }])).toEqual(events)
  expect(await eventsOf([{ end: bytes(text) }])).toEqual(events)
  // The head after the chunks, and chunks after the end.
  expect(await eventsOf([bytes(text), HEAD, END, bytes('data: late\n\n')])).toEqual(events)
})
