import { ConfigError } from '../../src'
import { streamJson, streamText, type Stream } from '../../src/stream'
import { altered, clientOn, codesOf, makeWorld, requestEvents, times, watch } from '../laws/world'
import type { AbortMode } from '../../src/testing'
import { bytes, hear, NDJSON, read, streaming, URL } from './world'

const slow = (data: string, after = 100) => ({ after, data })
/** One letter each 100 ms. */
const LETTERS = () => ({ chunks: Array.from('ABCDE', (letter) => slow(letter)) })

describe('S10: whoever stops reading ends the request at once', () => {
  const MODES: AbortMode[] = ['normal', 'same-tick', 'late', 'silent', 'ignored']

  test.each(MODES)(
    'break, though abort() be %s: nothing is delivered afterwards, the lane is free',
    async (mode) => {
      const { fake, api } = streaming(LETTERS)
      fake.abort = mode
      const got: string[] = []
      const loop = async () => {
        for await (const letter of streamText(api, { url: URL })) {
          got.push(letter)
          if (letter === 'B') break
        }
      }
      const ended = watch(loop(), fake)
      await fake.clock.runAll()
      const others = times(10, (n) =>
        watch(api.get(`/${n}`, undefined, { auth: false, throwHttpErrors: false }), fake),
      )
      await fake.clock.advance(100)
      expect([ended.code, got, codesOf(others)]).toEqual(['ok', ['A', 'B'], times(10, () => 'ok')])
    },
  )

  test('abort() rejects what waits, and drops what was not taken', async () => {
    const { fake, api, events } = streaming(LETTERS)
    const stream = streamText(api, { url: URL })
    await fake.clock.advance(250)
    expect(await stream.next()).toEqual({ done: false, value: 'A' })
    stream.abort()
    const next = watch(stream.next(), fake)
    await fake.clock.runAll()
    expect([next.code, next.error?.delivered]).toEqual(['ABORTED', 2])
    expect(await stream.next()).toEqual({ done: true, value: undefined })
    expect(requestEvents(events).at(-1)).toMatchObject({ phase: 'fail', code: 'ABORTED' })
  })

  test('abort() when all has come, and not all was taken, ends it for the reader', async () => {
    const { fake, api } = streaming(LETTERS)
    const stream = streamText(api, { url: URL })
    await fake.clock.runAll()
    await stream.next()
    stream.abort()
    const next = watch(stream.next(), fake)
    await fake.clock.runAll()
    expect(next.code).toBe('ABORTED')
  })

  test('abort() of one that has been read to its end changes nothing', async () => {
    const { fake, api } = streaming(LETTERS)
    const stream = streamText(api, { url: URL })
    const got = read(stream, fake)
    await fake.clock.runAll()
    stream.abort()
    stream.abort()
    expect([got.code, await stream.next()]).toEqual(['ok', { done: true, value: undefined }])
  })

  test('abort() within a chunk of many items stops there', async () => {
    const { fake, api } = streaming(() => ({ header: NDJSON, chunks: ['1\n2\n3\n'] }))
    const stream = streamJson<number>(api, { url: URL })
    const heard: number[] = []
    const ended = watch(
      stream.forEach((item) => {
        heard.push(item)
        if (item === 2) stream.abort()
      }),
      fake,
    )
    await fake.clock.runAll()
    expect([ended.code, heard]).toEqual(['ABORTED', [1, 2]])
  })

  test('so does a signal', async () => {
    const { fake, api } = streaming(() => ({ header: NDJSON, chunks: ['1\n2\n3\n'] }))
    const controller = new AbortController()
    const heard: unknown[] = []
    const ended = watch(
      streamJson(api, { url: URL, signal: controller.signal }).forEach((item) => {
        heard.push(item)
        if (item === 2) controller.abort()
      }),
      fake,
    )
    await fake.clock.runAll()
    expect([ended.code, heard]).toEqual(['ABORTED', [1, 2]])
  })

  test('chunks that WeChat sends after the abort are not heard', async () => {
    const { fake, api } = streaming(LETTERS)
    fake.misbehave('request', 'chunk-after-abort')
    const stream = streamText(api, { url: URL })
    const got = read(stream, fake)
    await fake.clock.advance(250)
    stream.abort()
    await fake.clock.runAll()
    expect([got.code, got.items]).toEqual(['ABORTED', ['A', 'B']])
  })

  test.each([
    ['cannot be aborted (NervJS/taro#11995)', undefined],
    [
      'throws when it is',
      () => {
        throw new Error('abort is not to be called now')
      },
    ],
    ['takes no notice of it (labring/FastGPT#4360)', () => undefined],
  ])('a task that %s is heard no more', async (_what, abort) => {
    const { fake } = makeWorld({ stored: 'good' })
    const heard: ((chunk: object) => void)[] = []
    const onChunkReceived = (hear: (chunk: object) => void): void => void heard.push(hear)
    const { api } = clientOn(fake, {
      checkSession: false,
      platform: altered(fake, { request: () => ({ abort, onChunkReceived }) }),
    })
    const stream = streamText(api, { url: URL, auth: false })
    const got = hear(stream, fake)
    await fake.clock.advance(10)
    for (const text of ['A', 'B']) heard.forEach((tell) => tell({ data: bytes(text) }))
    stream.abort()
    heard.forEach((tell) => tell({ data: bytes('C') }))
    await fake.clock.runAll()
    heard.forEach((tell) => tell({ data: bytes('D') }))
    expect([got.code, got.items, heard.length]).toEqual(['ABORTED', ['A', 'B'], 1])
  })

  test('return() before anything has come sends nothing more', async () => {
    const { fake, api, sent } = streaming(LETTERS, { token: 'dead' })
    const stream = streamText(api, { url: URL })
    const waiting = watch(stream.next(), fake)
    expect(await stream.return()).toEqual({ done: true, value: undefined })
    await fake.clock.runAll()
    expect([waiting.value, sent(), await stream.next()]).toEqual([
      { done: true, value: undefined },
      0,
      { done: true, value: undefined },
    ])
  })
})

describe('S11: a listener that throws', () => {
  test('ends its own stream only, and gets its error back', async () => {
    const { fake, api } = streaming(LETTERS)
    const mistake = new Error('mine')
    const ended = watch(
      streamText(api, { url: URL }).forEach(() => {
        throw mistake
      }),
      fake,
    )
    const other = hear(streamText(api, { url: URL }), fake)
    await fake.clock.runAll()
    expect([ended.error, 'delivered' in mistake]).toEqual([mistake, false])
    expect([other.code, other.items.join('')]).toEqual(['ok', 'ABCDE'])
  })

  test('also over what had come before it was given', async () => {
    for (const isOver of [false, true]) {
      const { fake, api } = streaming(LETTERS)
      const stream = streamText(api, { url: URL })
      if (isOver) await fake.clock.runAll()
      else await fake.clock.advance(250)
      const mistake = new ConfigError('mine')
      const heard: string[] = []
      const ended = watch(
        stream.forEach((letter) => {
          heard.push(letter)
          throw mistake
        }),
        fake,
      )
      await fake.clock.runAll()
      expect([ended.error, heard, mistake.delivered]).toEqual([mistake, ['A'], undefined])
    }
  })
})

describe('S12: logout() ends an authorised stream', () => {
  test('with LOGGED_OUT, after what had come', async () => {
    const { fake, api, events } = streaming(LETTERS)
    const stream = streamText(api, { url: URL })
    await fake.clock.advance(250)
    api.logout()
    const got = read(stream, fake)
    await fake.clock.runAll()
    expect([got.code, got.items, got.error?.delivered]).toEqual(['LOGGED_OUT', ['A', 'B'], 2])
    expect(got.error?.message).toContain('streaming')
    expect(requestEvents(events).at(-1)).toMatchObject({ phase: 'fail', code: 'LOGGED_OUT' })
  })

  test('one that waits for a login is told what all are told', async () => {
    const { fake, api } = makeWorld()
    const [stream, other] = [read(streamText(api, { url: URL }), fake), watch(api.get('/a'), fake)]
    api.logout()
    await fake.clock.runAll()
    expect([stream.code, stream.error === other.error, stream.error?.delivered]).toEqual([
      'LOGGED_OUT',
      true,
      undefined,
    ])
  })

  test('one without a token goes on', async () => {
    const { fake, api } = makeWorld({ stored: 'good' })
    fake.server.on(URL, LETTERS)
    const got = read(streamText(api, { url: URL, auth: false }), fake)
    await fake.clock.advance(250)
    api.logout()
    await fake.clock.runAll()
    expect([got.code, got.items.join('')]).toEqual(['ok', 'ABCDE'])
  })

  test('a listener that logs out hears nothing more', async () => {
    const { fake, api } = streaming(() => ({ header: NDJSON, chunks: ['1\n2\n3\n'] }))
    const heard: unknown[] = []
    const ended = watch(
      streamJson(api, { url: URL }).forEach((item) => {
        heard.push(item)
        api.logout()
      }),
      fake,
    )
    await fake.clock.runAll()
    expect([ended.code, heard]).toEqual(['LOGGED_OUT', [1]])
  })

  test('a wrapper that ends its requests ends the streams opened on it', async () => {
    const { fake, api } = streaming(LETTERS)
    const tasks: { abort(): void }[] = []
    const request: typeof api.request = (options: object) => {
      const task = api.request(options as { url: string })
      tasks.push(task)
      return task as never
    }
    const got = read(streamText({ ...api, request }, { url: URL }), fake)
    await fake.clock.advance(250)
    for (const task of tasks) task.abort()
    await fake.clock.runAll()
    expect([got.code, got.items]).toEqual(['ABORTED', ['A', 'B']])
  })
})

describe('S15: no token shows', () => {
  test('in errors, events and `opened`', async () => {
    const { fake, api, events } = streaming(() => ({ chunks: ['A'], fail: 'reset' }))
    const stream = streamText(api, { url: URL })
    const [opened, got] = [watch(stream.opened, fake), read(stream, fake)]
    await fake.clock.runAll()
    const told = JSON.stringify([opened.value, got.error, String(got.error), events])
    expect([got.code, told.includes('good')]).toEqual(['NETWORK', false])
  })
})

describe('a stream is read once', () => {
  const twice: [string, (stream: Stream<string>) => Promise<unknown>][] = [
    [
      'for await',
      async (stream) => {
        for await (const letter of stream) throw new Error(letter)
      },
    ],
    ['forEach', (stream) => stream.forEach(() => undefined)],
  ]
  test.each(twice)(
    'a second one by %s rejects with CONFIG, and leaves the first alone',
    async (_how, again) => {
      for (const first of [read, hear]) {
        const { fake, api } = streaming(LETTERS)
        const stream = streamText(api, { url: URL })
        const got = first(stream, fake)
        await fake.clock.advance(150)
        const second = watch(again(stream), fake)
        await fake.clock.runAll()
        expect([second.code, got.code, got.items.join('')]).toEqual(['CONFIG', 'ok', 'ABCDE'])
      }
    },
  )

  test('next() beside forEach() is refused too', async () => {
    const { fake, api } = streaming(LETTERS)
    const stream = streamText(api, { url: URL })
    const got = hear(stream, fake)
    const next = watch(stream.next(), fake)
    await fake.clock.runAll()
    expect([next.code, got.items.length]).toEqual(['CONFIG', 5])
  })

  test('next() by hand, and for await for the rest', async () => {
    const { fake, api } = streaming(LETTERS)
    const stream = streamText(api, { url: URL })
    const first = watch(stream.next(), fake)
    await fake.clock.advance(150)
    const rest = read(stream, fake)
    await fake.clock.runAll()
    expect([first.value?.value, rest.items.join('')]).toEqual(['A', 'BCDE'])
  })

  test('the iterator of a second one can be closed', async () => {
    const { fake, api } = streaming(LETTERS)
    const stream = streamText(api, { url: URL })
    const got = read(stream, fake)
    const second = stream[Symbol.asyncIterator]()
    expect(await second.return()).toEqual({ done: true, value: undefined })
    await fake.clock.runAll()
    expect(got.items.length).toBe(5)
  })
})

describe('what cannot be streamed rejects with CONFIG, and is not sent', () => {
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['a number', 5],
    ['a url as verbs take it', URL],
    ['no url', {}],
    ['an unknown option', { url: URL, idleTimeOut: 5 }],
    ['a silence of none', { url: URL, idleTimeout: 0 }],
    ['text for a number', { url: URL, maxLength: '5' }],
    ['a line of none', { url: URL, maxLength: -1 }],
    ['a wrong time-out', { url: URL, timeout: 'soon' }],
    ['callbacks', { url: URL, success: () => undefined }],
    ['enableChunked', { url: URL, enableChunked: false }],
    ['responseType', { url: URL, responseType: 'text' }],
    ['dataType', { url: URL, dataType: 'json' }],
    ['throwHttpErrors', { url: URL, throwHttpErrors: false }],
    ['unwrap', { url: URL, unwrap: () => 1 }],
    ['headers of another library', { url: URL, headers: {} }],
    ['a header that is none', { url: URL, header: 'Accept' }],
  ])('%s', async (_what, options) => {
    const { fake, api } = streaming(LETTERS)
    const got = read(streamText(api, options as { url: string }), fake)
    await fake.clock.runAll()
    expect([got.code, got.error?.delivered, fake.server.requestCount]).toEqual(['CONFIG', 0, 0])
  })

  test('what is meant is said, and no option that is none', async () => {
    const { fake, api } = streaming(LETTERS)
    const got = read(streamText(api, { url: URL, idleTimeOut: 5 } as { url: string }), fake)
    await fake.clock.runAll()
    expect(got.error?.message).toMatch(/^stream: idleTimeOut is no option\. There are: .*idleTimeout/)
    expect(got.error?.message).not.toMatch(/headers|params|body/)
    const bare = read(streamText(api, URL as never), fake)
    await fake.clock.runAll()
    expect(bare.error?.message).toMatch(/has no url/)
  })

  test("WeChat's own options go through", async () => {
    const { fake, api } = streaming(LETTERS)
    const options = {
      enableHttp2: true,
      forceCellularNetwork: true,
      httpDNSServiceId: 'a',
      useHighPerformanceMode: true,
    }
    const got = read(streamText(api, { url: URL, ...options }), fake)
    await fake.clock.runAll()
    expect([got.code, fake.server.requests[0]?.options]).toMatchObject(['ok', options])
  })

  test.each([undefined, null, {}, 'api'])('a client that is %p', async (client) => {
    const { fake } = streaming(LETTERS)
    const got = read(streamText(client as never, { url: URL }), fake)
    await fake.clock.runAll()
    expect(got.code).toBe('CONFIG')
  })

  test('forEach() without a function', async () => {
    const { fake, api } = streaming(LETTERS)
    const stream = streamText(api, { url: URL })
    const wrong = watch(stream.forEach('log' as never), fake)
    const got = read(stream, fake)
    await fake.clock.runAll()
    expect([wrong.code, got.items.length]).toEqual(['CONFIG', 5])
  })

  test('what is changed after the call is not what is sent', async () => {
    const { fake, api } = makeWorld()
    const options = { url: URL, method: 'POST' as const, data: { question: 'a' }, header: { 'X-A': '1' } }
    fake.server.on(URL, ({ json, header }) => ({ data: [json, header['X-A']] }))
    const got = read(streamJson(api, options), fake)
    options.data.question = 'b'
    options.header['X-A'] = '2'
    await fake.clock.runAll()
    expect(got.items).toEqual([[{ question: 'a' }, '1']])
  })
})
