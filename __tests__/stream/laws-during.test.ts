import { BusinessError } from '../../src'
import { StreamError, streamEvents, streamJson, streamText } from '../../src/stream'
import type { StreamMisbehaviour } from '../../src/testing'
import type { PlatformRequest } from '../../src/platforms/wechat'
import { altered, clientOn, codesOf, makeWorld, requestEvents, soon, times } from '../laws/world'
import { bytes, EVENTS, hear, JSON_TYPE, NDJSON, read, sse, streaming, URL } from './world'

const TEXT = '今天☕😀, plain.'

describe('S4: the items are the same for every way of cutting the bytes', () => {
  const body = sse('你好', '再见') + 'event: end\ndata: 3\ndata: 4\nid: 7\n\n'
  const size = bytes(body).byteLength

  test('events, cut at each place', async () => {
    for (let at = 0; at <= size; at++) {
      const { fake, api } = streaming(() => ({ header: EVENTS, data: body, cuts: [at] }))
      const got = read(streamEvents(api, { url: URL }), fake)
      await fake.clock.runAll()
      expect(got.items).toEqual([
        { type: 'message', data: '你好', lastEventId: '' },
        { type: 'message', data: '再见', lastEventId: '' },
        { type: 'end', data: '3\n4', lastEventId: '7' },
      ])
    }
  })

  test('text and JSON lines, byte by byte', async () => {
    const { fake, api } = streaming(() => ({ data: `"${TEXT}"\n{"a":1}`, cuts: times(60, (n) => n) }))
    const [text, lines] = [
      read(streamText(api, { url: URL }), fake),
      read(streamJson(api, { url: URL }), fake),
    ]
    await fake.clock.runAll()
    expect([text.items.join(''), lines.items]).toEqual([`"${TEXT}"\n{"a":1}`, [TEXT, { a: 1 }]])
    for (const item of text.items)
      expect(item).toMatch(/^(?:[^\uD800-\uDFFF]|[\uD800-\uDBFF][\uDC00-\uDFFF])+$/)
  })
})

describe('S5: what came before an error comes before it, in order, and the error comes once', () => {
  test('to whoever reads late too', async () => {
    const { fake, api } = streaming(() => ({ chunks: ['A', 'B'], fail: 'reset' }))
    const stream = streamText(api, { url: URL })
    await fake.clock.runAll()
    const told = [
      await stream.next(),
      await stream.next(),
      await stream.next().catch(String),
      await stream.next(),
    ]
    expect(told).toEqual([
      { done: false, value: 'A' },
      { done: false, value: 'B' },
      expect.stringContaining('got no answer'),
      { done: true, value: undefined },
    ])
  })

  test('of several who wait for the next item one is told', async () => {
    const { fake, api } = streaming(() => ({ chunks: [], statusCode: 404 }))
    const stream = streamText(api, { url: URL })
    const all = times(3, () =>
      stream.next().then(
        ({ done }) => done,
        (error: unknown) => (error as { code: string }).code,
      ),
    )
    await fake.clock.runAll()
    expect(await Promise.all(all)).toEqual(['HTTP_STATUS', true, true])
  })

  test('a line that is no JSON ends it behind those that are', async () => {
    const { fake, api } = streaming(() => ({ header: NDJSON, chunks: ['{"a":1}\n{oops\n{"a":2}\n'] }))
    const got = read(streamJson(api, { url: URL }), fake)
    await fake.clock.runAll()
    expect([got.code, got.items]).toEqual(['BAD_STREAM', [{ a: 1 }]])
    expect(got.error).toBeInstanceOf(StreamError)
    expect(got.error).toMatchObject({ name: 'StreamError', request: { method: 'GET' }, attempts: 1 })
    expect([got.error?.cause instanceof SyntaxError, got.error?.delivered]).toEqual([true, 22])
  })
})

describe('S6: silence ends it, activity never does', () => {
  test('from the head on the idle time-out counts alone, though the time-out be shorter', async () => {
    const beat = { after: 900, data: 'x' }
    const { fake, api } = streaming(() => ({ chunks: ['A', ...times(50, () => beat)] }))
    const got = read(streamText(api, { url: URL, timeout: 100, idleTimeout: 1000 }), fake)
    await fake.clock.runAll()
    expect([got.code, got.items.length]).toEqual(['ok', 51])
  })

  test('silence of its length ends it, and names the option', async () => {
    // iOS calls nobody back when the network is lost (xiaweiss/miniprogram-bug-report#272).
    const { fake, api, events } = streaming(() => ({ chunks: ['A'], lost: true }))
    const got = read(streamText(api, { url: URL, idleTimeout: 1000 }), fake)
    await fake.clock.runAll()
    expect([got.code, got.items, got.error?.message]).toEqual([
      'TIMEOUT',
      ['A'],
      expect.stringContaining('idleTimeout of 1000 ms'),
    ])
    expect(requestEvents(events).at(-1)).toMatchObject({ phase: 'fail', code: 'TIMEOUT' })
  })

  test('until the head the time-out counts', async () => {
    const { fake, api } = streaming(() => ({ lost: true }))
    const start = fake.clock.now()
    const got = read(streamText(api, { url: URL, timeout: 500, idleTimeout: 9000 }), fake)
    await fake.clock.runAll()
    expect([got.code, (got.at ?? 0) - start, got.error?.message]).toEqual([
      'TIMEOUT',
      500,
      expect.stringContaining('its timeout of 500'),
    ])
  })

  test('comments and half characters are signs of life', async () => {
    const half = (byte: number) => ({ after: 900, data: Uint8Array.from([byte]) })
    const { fake, api } = streaming(() => ({
      header: EVENTS,
      chunks: [
        ':\n',
        { after: 900, data: ':\n' },
        { after: 900, data: 'data: ' },
        half(0xe4),
        half(0xbd),
        half(0xa0),
        '\n\n',
      ],
    }))
    const got = read(streamEvents(api, { url: URL, idleTimeout: 1000 }), fake)
    await fake.clock.runAll()
    expect([got.code, got.items.map(({ data }) => data)]).toEqual(['ok', ['你']])
  })

  test('the time over everything counts all the same', async () => {
    const { fake, api } = streaming(() => ({ chunks: times(50, () => ({ after: 900, data: 'x' })) }))
    const got = read(streamText(api, { url: URL, totalTimeout: 5000 }), fake)
    await fake.clock.runAll()
    expect([got.code, got.items.length, fake.clock.now() > 5000]).toEqual(['TIMEOUT', 5, true])
  })

  test('WeChat is told an hour, or the time over everything', async () => {
    const { fake, api } = streaming(() => ({ chunks: [] }))
    for (const options of [{}, { totalTimeout: 5000 }])
      void read(streamText(api, { url: URL, ...options }), fake)
    await fake.clock.runAll()
    expect(fake.server.requests.map(({ timeout }) => timeout)).toEqual([3_600_000, 5000])
  })
})

describe('S7: an error status rejects with its body', () => {
  test.each([404, 500, 302, 304])('%i', async (statusCode) => {
    const { fake, api } = streaming(
      () => ({ statusCode, header: JSON_TYPE, chunks: ['{"why":', '"closed"}'] }),
      {
        client: { retry: false },
      },
    )
    const got = read(streamText(api, { url: URL }), fake)
    await fake.clock.runAll()
    expect([got.code, got.items]).toEqual(['HTTP_STATUS', []])
    expect(got.error).toMatchObject({ response: { statusCode, data: { why: 'closed' } }, delivered: 0 })
  })

  test('of a long one 64 KiB are kept', async () => {
    const { fake, api } = streaming(() => ({ statusCode: 404, chunks: times(200, () => 'x'.repeat(1000)) }))
    const got = read(streamText(api, { url: URL }), fake)
    await fake.clock.runAll()
    const { response } = got.error as unknown as { response: { data: string } }
    expect(response.data).toBe('x'.repeat(65_536))
  })

  test('an answer of another type is no stream of events, and is judged by unwrap', async () => {
    const unwrap = ({ data }: { data: unknown }) => {
      const { code, msg } = data as { code: number; msg: string }
      if (code !== 0) throw new BusinessError(msg, code)
      return data
    }
    for (const [body, code] of [
      ['{"code":7,"msg":"no money"}', 'BUSINESS'],
      ['{"code":0}', 'BAD_STREAM'],
    ] as const) {
      const { fake, api } = streaming(() => ({ header: JSON_TYPE, chunks: [body] }), { client: { unwrap } })
      const got = read(streamEvents(api, { url: URL }), fake)
      await fake.clock.runAll()
      expect([got.code, got.items, got.error?.delivered]).toEqual([code, [], 0])
    }
  })

  test('an unwrap that is async is waited for', async () => {
    const unwrap = () => Promise.reject(new BusinessError('later', 1))
    const { fake, api } = streaming(() => ({ header: JSON_TYPE, data: {} }), { client: { unwrap } })
    const got = read(streamEvents(api, { url: URL }), fake)
    await fake.clock.runAll()
    expect(got.code).toBe('BUSINESS')
  })

  test('one without a content type is read as events', async () => {
    const { fake, api } = streaming(() => ({ chunks: [sse('a')] }))
    const got = read(streamEvents(api, { url: URL }), fake)
    await fake.clock.runAll()
    expect([got.code, got.items.length]).toEqual(['ok', 1])
  })
})

describe('S8: phones that stream otherwise give the same items, later', () => {
  const ODD: StreamMisbehaviour[] = [
    'chunk-before-head',
    'no-head',
    'head-without-status',
    'chunk-as-view',
    'chunk-as-string',
    'no-chunks',
  ]
  test.each(ODD)('%s', async (behaviour) => {
    const chunks = [sse('a'), 'data: b', '\n\n']
    for (const isAccepted of [false, true]) {
      const { fake, api } = streaming(() => ({ header: EVENTS, chunks }))
      fake.server.on('/warm', () => ({}))
      if (isAccepted) await soon(fake, api.get('/warm'))
      fake.misbehave('request', behaviour)
      const stream = streamEvents(api, { url: URL })
      const got = hear(stream, fake)
      await fake.clock.runAll()
      expect([got.code, got.items.map(({ data }) => data)]).toEqual(['ok', ['a', 'b']])
      expect((await stream.opened).statusCode).toBe(200)
    }
  })

  test.each(ODD)('%s: a refusal is none of the stream', async (behaviour) => {
    const { fake, api } = streaming(() => ({ header: EVENTS, chunks: [sse('a')] }), { token: 'dead' })
    fake.server.refusal = () => ({ statusCode: 401, header: EVENTS, chunks: [sse('no')] })
    fake.misbehave('request', behaviour, 3)
    const got = read(streamEvents(api, { url: URL }), fake)
    await fake.clock.runAll()
    expect([got.code, got.items.map(({ data }) => data), fake.calls.logins]).toEqual(['ok', ['a'], 1])
  })

  test('an error that a phone without chunk events hands over whole has its body', async () => {
    const { fake, api } = streaming(() => ({ statusCode: 404, header: JSON_TYPE, chunks: ['{"why":1}'] }))
    fake.misbehave('request', 'no-chunks')
    const got = read(streamEvents(api, { url: URL }), fake)
    await fake.clock.runAll()
    expect(got.error).toMatchObject({ code: 'HTTP_STATUS', response: { data: { why: 1 } } })
  })

  test('DevTools, which tells no status in the head, knows an envelope by its type', async () => {
    const { fake, api } = streaming(() => ({ header: JSON_TYPE, chunks: ['{"code":1}'] }))
    fake.server.on('/warm', () => ({}))
    await soon(fake, api.get('/warm'))
    fake.misbehave('request', 'head-without-status')
    const got = read(streamEvents(api, { url: URL }), fake)
    await fake.clock.runAll()
    expect([got.code, got.items]).toEqual(['BAD_STREAM', []])
  })

  test.each<[string, unknown, unknown[]]>([
    ['an object', { id: 1 }, [{ id: 1 }]],
    ['a list', [1, 2], [[1, 2]]],
    ['text', '{"id":1}\n2', [{ id: 1 }, 2]],
    ['a buffer', bytes('[3]'), [[3]]],
    ['nothing', '', []],
    ['null', null, []],
  ])(
    'a platform that gives %s whole, and no chunks, has no callback that throws',
    async (_what, data, items) => {
      for (const heads of [true, false]) {
        const { fake } = makeWorld({ stored: 'good' })
        const request = (options: PlatformRequest) => {
          fake.clock.setTimeout(() => options.success?.({ statusCode: 200, header: {}, data }), 5)
          return {
            onHeadersReceived: (hear: (head: object) => void) =>
              heads && hear({ statusCode: 200, header: {} }),
          }
        }
        const { api } = clientOn(fake, { platform: altered(fake, { request }), checkSession: false })
        const got = read(streamJson(api, { url: URL }), fake)
        await fake.clock.runAll()
        expect([got.code, got.items]).toEqual(['ok', items])
      }
    },
  )

  test.each([
    ['twice', 1],
    ['both', 1],
    // These give nobody a task to hear chunks of.
    ['undefined-task', 0],
    ['promise-task', 0],
    ['same-tick', 0],
  ] as const)('a platform that does %s settles it once, with what it gave', async (behaviour, count) => {
    const { fake } = makeWorld({
      stored: 'good',
      fake: { server: () => ({ header: EVENTS, chunks: [sse('a')] }) },
    })
    const { api } = clientOn(fake, { checkSession: false })
    fake.misbehave('request', behaviour)
    const got = read(streamEvents(api, { url: URL }), fake)
    await fake.clock.runAll()
    expect([got.code, got.items.length]).toEqual(['ok', count])
  })
})

describe('S9: a line that does not end, ends it', () => {
  test.each([
    ['a line', ['data: ' + 'x'.repeat(60), 'x'.repeat(60)]],
    ['a line in one piece', ['data: ' + 'x'.repeat(120) + '\n\n']],
    ['the data of an event', times(9, () => `data: ${'x'.repeat(20)}\n`)],
  ])('%s', async (_what, chunks) => {
    const { fake, api } = streaming(() => ({ header: EVENTS, chunks: [sse('a'), ...chunks] }))
    const got = read(streamEvents(api, { url: URL, maxLength: 100 }), fake)
    await fake.clock.runAll()
    expect([got.code, got.items.length]).toEqual(['BAD_STREAM', 1])
    expect(got.error?.message).toContain('maxLength')
  })

  test('one of just that length is good, whatever its end and however it is cut', async () => {
    for (const end of ['\n', '\r\n']) {
      const { fake, api } = streaming(() => ({ chunks: ['"aaaaaaaa"', end, '"b"', '\n'] }))
      const whole = streaming(() => ({ chunks: [`"aaaaaaaa"${end}"b"\n`] }))
      const both = [
        read(streamJson(api, { url: URL, maxLength: 10 }), fake),
        read(streamJson(whole.api, { url: URL, maxLength: 10 }), whole.fake),
      ]
      await fake.clock.runAll()
      await whole.fake.clock.runAll()
      expect([codesOf(both), both.map(({ items }) => items)]).toEqual([
        ['ok', 'ok'],
        times(2, () => ['aaaaaaaa', 'b']),
      ])
    }
  })

  test('text has no lines', async () => {
    const { fake, api } = streaming(() => ({ chunks: ['x'.repeat(1000)] }))
    const got = read(streamText(api, { url: URL, maxLength: 10 }), fake)
    await fake.clock.runAll()
    expect(got.code).toBe('ok')
  })
})

describe('S13: what is unfinished at the end', () => {
  test('an event is dropped, a JSON line is read, half a character is U+FFFD', async () => {
    const half = Uint8Array.from([0x41, 0xe4, 0xbd])
    const of = (chunks: (string | Uint8Array)[]) => streaming(() => ({ chunks }))
    const [events, lines, text] = [of([sse('a'), 'data: b\n']), of(['1\n\n', '2']), of([half])]
    const all = [
      read<unknown>(streamEvents(events.api, { url: URL }), events.fake),
      read<unknown>(streamJson(lines.api, { url: URL }), lines.fake),
      read<unknown>(streamText(text.api, { url: URL }), text.fake),
    ]
    for (const { fake } of [events, lines, text]) await fake.clock.runAll()
    expect(all.map(({ items }) => items)).toEqual([
      [{ type: 'message', data: 'a', lastEventId: '' }],
      [1, 2],
      ['A', '\uFFFD'],
    ])
  })
})
