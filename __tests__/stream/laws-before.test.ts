import type { Middleware } from '../../src'
import { streamEvents, streamJson, streamText } from '../../src/stream'
import { altered, clientOn, codesOf, makeWorld, soon, times, tokensAt } from '../laws/world'
import { bytes, EVENTS, hear, JSON_TYPE, NDJSON, read, sse, streaming, URL } from './world'

const RESET = { fail: 'reset' } as const

describe('S1: nothing of a refused or failed attempt is ever delivered', () => {
  test('the body of a 401 is none of the text, and one login brings the rest', async () => {
    const { fake, api } = streaming(() => ({ chunks: ['A', 'B'] }), { token: 'dead' })
    fake.server.refusal = () => ({ statusCode: 401, chunks: ['{"error":', '"who are you"}'] })
    const got = read(streamText(api, { url: URL }), fake)
    await fake.clock.runAll()
    expect([got.code, got.items, fake.calls.logins]).toEqual(['ok', ['A', 'B'], 1])
  })

  test('ten streams with one dead token: one login, and no byte of a refusal', async () => {
    const { fake, api } = streaming(() => ({ header: EVENTS, chunks: [sse('a'), sse('b')] }), {
      token: 'dead',
    })
    fake.server.refusal = () => ({ statusCode: 401, chunks: ['data: no\n\n'] })
    const all = times(10, () => read(streamEvents(api, { url: URL, method: 'POST' }), fake))
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(times(10, () => 'ok'))
    for (const { items } of all) expect(items.map(({ data }) => data)).toEqual(['a', 'b'])
    expect(fake.calls.logins).toBe(1)
  })

  test('what came before a status of its own is not delivered when that is bad', async () => {
    const { fake, api } = streaming((wire) => {
      wire.chunk(bytes('no'))
      return { statusCode: 500, delay: 50, chunks: ['!'] }
    })
    const got = read(streamText(api, { url: URL, method: 'POST' }), fake)
    await fake.clock.runAll()
    expect([got.code, got.items, got.error]).toMatchObject(['HTTP_STATUS', [], { response: { data: 'no!' } }])
  })

  test('a 503 that is tried again delivers nothing', async () => {
    const { fake, api, sent } = streaming((_, nth) =>
      nth === 0 ? { statusCode: 503, chunks: ['busy'] } : { chunks: ['A'] },
    )
    const got = read(streamText(api, { url: URL }), fake)
    await fake.clock.runAll()
    expect([got.code, got.items, sent()]).toEqual(['ok', ['A'], 2])
  })
})

describe('S2: after the first delivered byte nothing is sent again', () => {
  test('a GET that is cut after a byte is not tried again, and says how much has come', async () => {
    const { fake, api, sent } = streaming(() => ({ chunks: ['A', '你'], ...RESET }))
    const got = read(streamText(api, { url: URL }), fake)
    await fake.clock.runAll()
    expect([got.code, got.items, sent()]).toEqual(['NETWORK', ['A', '你'], 1])
    expect(got.error).toMatchObject({ delivered: 4, attempts: 1, request: { method: 'GET' } })
  })

  test('nor sent to another base', async () => {
    const { fake, api, sent } = streaming(() => ({ chunks: ['A'], fail: 'refused' }), {
      client: { baseURL: ['https://api.test', 'https://backup.test'] },
    })
    const got = read(streamText(api, { url: URL }), fake)
    await fake.clock.runAll()
    expect([got.code, got.items, sent()]).toEqual(['NETWORK', ['A'], 1])
  })

  test('nor replayed, though it ends with a 401', async () => {
    const { fake, api } = streaming(() => ({ chunks: ['A'] }))
    fake.server.on('/warm', () => ({}))
    await soon(fake, api.get('/warm'))
    fake.misbehave('request', 'no-head')
    fake.server.on(URL, (_request, wire) => {
      wire.chunk(bytes('A'))
      return { statusCode: 401, delay: 20, chunks: [] }
    })
    const got = read(streamText(api, { url: URL }), fake)
    await fake.clock.runAll()
    expect([got.code, got.items, fake.calls.logins]).toEqual(['UNAUTHORIZED', ['A'], 0])
    expect(got.error).toMatchObject({ delivered: 1 })
  })

  test('nor on show, when WeChat has stopped it in the background (Azure/fetch-event-source#51)', async () => {
    const { fake, api, sent } = streaming(() => ({ chunks: ['A', { after: 20_000, data: 'B' }] }))
    const got = read(streamText(api, { url: URL }), fake)
    await fake.clock.advance(50)
    fake.app.toBackground()
    await fake.clock.advance(60_000)
    fake.app.toForeground()
    await fake.clock.runAll()
    expect([got.code, got.items, sent()]).toEqual(['INTERRUPTED', ['A'], 1])
  })

  test('nor when it has come to its end (Azure/fetch-event-source#79)', async () => {
    const { fake, api, sent } = streaming(() => ({
      header: EVENTS,
      chunks: [`retry: 10\nid: 1\n${sse('A')}`],
    }))
    const got = read(streamEvents(api, { url: URL }), fake)
    await fake.clock.advance(600_000)
    expect([got.code, got.items.length, sent()]).toEqual(['ok', 1, 1])
  })

  test('nor by middleware that sends again what has failed', async () => {
    const stubborn: Middleware = (request, next) => next(request).catch(() => next(request))
    const { fake, api, sent } = streaming(() => ({ chunks: ['A'], ...RESET }), {
      client: { use: [stubborn] },
    })
    const got = read(streamText(api, { url: URL, retry: false }), fake)
    await fake.clock.runAll()
    expect([got.code, got.items, sent()]).toEqual(['CONFIG', ['A'], 1])
  })
})

describe('S3: before it, the laws of requests hold', () => {
  test('a stream that is cut before its first byte is tried again', async () => {
    const { fake, api, sent } = streaming((_, nth) =>
      nth === 0 ? { chunks: [], ...RESET } : { chunks: ['A'] },
    )
    const got = read(streamText(api, { url: URL }), fake)
    await fake.clock.runAll()
    expect([got.code, got.items, sent()]).toEqual(['ok', ['A'], 2])
  })

  test('a POST is not, for it may have arrived', async () => {
    const { fake, api, sent } = streaming(() => ({ chunks: [], ...RESET }))
    const got = read(streamText(api, { url: URL, method: 'POST', data: {} }), fake)
    await fake.clock.runAll()
    expect([got.code, got.error?.delivered, sent()]).toEqual(['NETWORK', 0, 1])
  })

  test('a final 401 is UNAUTHORIZED, with its body', async () => {
    const { fake, api } = streaming(() => ({ chunks: ['A'] }), { token: 'dead' })
    fake.server.refuseAll = true
    fake.server.refusal = () => ({ statusCode: 401, chunks: ['{"why":', '"no"}'] })
    const got = read(streamText(api, { url: URL }), fake)
    await fake.clock.runAll()
    expect([got.code, got.items, got.error]).toMatchObject([
      'UNAUTHORIZED',
      [],
      { response: { data: { why: 'no' } } },
    ])
  })

  test('a back end that refuses with 200 and an envelope is understood: one login, then the stream', async () => {
    const isUnauthorized = ({ data }: { data: unknown }) => (Object(data) as { code?: number }).code === 40101
    const { fake, api } = streaming(() => ({ header: EVENTS, chunks: [sse('a')] }), {
      token: 'dead',
      client: { isUnauthorized },
    })
    fake.server.refusal = () => ({ header: JSON_TYPE, chunks: ['{"code":', '40101}'] })
    const got = read(streamEvents(api, { url: URL }), fake)
    await fake.clock.runAll()
    expect([got.code, got.items.length, tokensAt({ fake }, URL)]).toEqual(['ok', 1, ['dead', 'token-1']])
  })

  test('a guest has a stream without a token, a foreign one never gets it', async () => {
    const { fake, api } = makeWorld()
    fake.server.on(URL, () => ({ chunks: ['A'] }))
    const all = [
      read(streamText(api, { url: URL, auth: false }), fake),
      read(streamText(api, { url: `https://elsewhere.test${URL}` }), fake),
    ]
    await fake.clock.runAll()
    expect([codesOf(all), tokensAt({ fake }, URL), fake.calls.logins]).toEqual([['ok', 'ok'], ['', ''], 0])
  })

  test('it asks for what it can read, unless the request says otherwise', async () => {
    const { fake, api } = streaming(() => ({ chunks: [] }))
    for (const open of [streamText, streamEvents, streamJson])
      void read<unknown>(open(api, { url: URL }), fake)
    void read(streamEvents(api, { url: URL, header: { accept: 'text/x-own' } }), fake)
    await fake.clock.runAll()
    expect(fake.server.requests.map((request) => request.headerOf('accept'))).toEqual([
      '*/*',
      'text/event-stream',
      'application/x-ndjson',
      'text/x-own',
    ])
  })

  test('middleware goes around it once, and sees a request like any other', async () => {
    const seen: unknown[] = []
    const use: Middleware[] = [
      async (request, next) => {
        const response = await next({ ...request, header: { 'X-Trace': '1' } })
        seen.push([request.url, response.statusCode])
        return response
      },
    ]
    const { fake, api } = streaming(() => ({ header: NDJSON, chunks: ['{"a":1}\n'] }), {
      token: 'dead',
      client: { use },
    })
    const got = read(streamJson(api, { url: URL }), fake)
    await fake.clock.runAll()
    expect([got.code, got.items, seen]).toEqual(['ok', [{ a: 1 }], [[URL, 200]]])
    expect(fake.server.requests.at(-1)?.headerOf('x-trace')).toBe('1')
  })

  test('an answer that middleware gives itself is read as one that came', async () => {
    const answer =
      (data: unknown): Middleware =>
      () =>
        Promise.resolve({ data, statusCode: 200, header: {} })
    for (const data of ['{"a":1}\n{"a":2}', bytes('{"a":1}\n{"a":2}\n')]) {
      const { fake, api } = streaming(() => ({}), { client: { use: [answer(data)] } })
      const got = read(streamJson(api, { url: URL }), fake)
      await fake.clock.runAll()
      expect([got.code, got.items]).toEqual(['ok', [{ a: 1 }, { a: 2 }]])
    }
  })

  test('a platform that answers within the call loses nothing', async () => {
    const { fake } = makeWorld({ stored: 'good' })
    const request = (options: { success?: (result: object) => void }) => {
      options.success?.({ statusCode: 200, header: {}, data: 'all of it' })
    }
    const { api } = clientOn(fake, { platform: altered(fake, { request }), checkSession: false })
    const got = hear(streamText(api, { url: URL }), fake)
    await fake.clock.runAll()
    expect([got.code, got.items]).toEqual(['ok', ['all of it']])
  })
})
