import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { RequestError } from '../../src'
import { streamEvents, streamJson, streamText, type Stream } from '../../src/stream'
import { countFrom, phone, serve, until, useBackend, whole } from './world'

const backend = useBackend()
const PACE = { 'x-dev-pace': '1' }
const ASK = { url: '/chat', method: 'POST', data: { question: '茶' }, header: PACE } as const

interface Got<T> {
  items: T[]
  error: RequestError | undefined
}

async function all<T>(stream: Stream<T>): Promise<Got<T>> {
  const items: T[] = []
  try {
    for await (const item of stream) items.push(item)
    return { items, error: undefined }
  } catch (error) {
    return { items, error: error as RequestError }
  }
}

const wordsOf = ({ items }: Got<{ data: string }>) =>
  items.map(({ data }) => (JSON.parse(data) as { text?: string }).text ?? '').join('')

/** A back end that streams what the test says, to whoever has a token. */
const streamingServer = (play: (response: ServerResponse) => Promise<void> | void) =>
  serve((incoming, response) => {
    if (incoming.url === '/login')
      return response.writeHead(200, { 'content-type': 'application/json' }).end('{"token":"t"}')
    whole(incoming, () => void Promise.resolve(play(response)).catch(() => response.destroy()))
    return undefined
  })

describe('the answer of a chat', () => {
  test('arrives word by word, behind a login, and is whole', async () => {
    const { api } = phone(backend().address)
    const stream = streamEvents(api, ASK)
    const { statusCode, header } = await stream.opened
    const got = await all(stream)
    expect([statusCode, header['x-accel-buffering'], got.error]).toEqual([200, 'no', undefined])
    expect(wordsOf(got)).toMatch(/^你问的是「茶」。[^]*你看到的只有回答。$/)
    expect(got.items.at(-1)?.type).toBe('done')
  })

  test('ten with a dead token: one login, and no byte of a refusal in any of them', async () => {
    const { api, fake } = phone(backend().address)
    await api.get('/me')
    const counts = await countFrom(backend())
    await backend().expire()
    fake.calls.reset()
    const got = await Promise.all(Array.from({ length: 10 }, () => all(streamEvents(api, ASK))))
    expect(new Set(got.map(wordsOf))).toEqual(new Set([expect.stringMatching(/^你问的是「茶」/)]))
    expect([fake.calls.logins, (await counts()).logins]).toEqual([1, 1])
  })

  test('a cut in the middle: what came is there, then the error; it is not asked again', async () => {
    const { api, fake } = phone(backend().address)
    await api.get('/me')
    fake.calls.reset()
    const stream = streamEvents(api, {
      ...ASK,
      url: '/events',
      method: 'GET',
      data: undefined,
      header: { ...PACE, 'x-dev-cut': '3' },
    })
    const got = await all(stream)
    expect([got.items.map(({ lastEventId }) => lastEventId), got.error?.code]).toEqual([
      ['1', '2', '3'],
      'NETWORK',
    ])
    expect([stream.lastEventId, fake.calls.requests.length]).toEqual(['3', 1])
    expect(got.error?.delivered).toBeGreaterThan(60)
  })

  test('and the app asks for the rest', async () => {
    const { api } = phone(backend().address)
    const first = streamEvents(api, { ...ASK, header: { ...PACE, 'x-dev-cut': '5' } })
    const begun = await all(first)
    const rest = await all(
      streamEvents(api, { ...ASK, header: { ...PACE, 'Last-Event-ID': first.lastEventId } }),
    )
    const uncut = await all(streamEvents(api, ASK))
    expect(begun.error?.code).toBe('NETWORK')
    expect(wordsOf(begun) + wordsOf(rest)).toBe(wordsOf(uncut))
  })

  test('break hangs up on the server', async () => {
    let isGone = false
    const address = await streamingServer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\ndata: 2\n\n')
      response.once('close', () => (isGone = true))
    })
    const { api } = phone(address)
    for await (const { data } of streamEvents(api, { url: '/events' })) if (data === '1') break
    await until(() => isGone)
  })

  test('logout() ends it', async () => {
    const { api } = phone(backend().address)
    const stream = streamEvents(api, { url: '/events?count=10000', header: { 'x-dev-pace': '5' } })
    await stream.opened
    const ended = all(stream)
    api.logout()
    expect((await ended).error?.code).toBe('LOGGED_OUT')
  })

  test('a server that goes away in the middle ends it, one that comes back is asked anew', async () => {
    const { api } = phone(backend().address)
    const stream = streamEvents(api, { url: '/events?count=10000', header: { 'x-dev-pace': '5' } })
    await stream.next()
    const ended = all(stream)
    await backend().goAway()
    expect((await ended).error?.code).toBe('NETWORK')
    await backend().comeBack()
    expect((await all(streamEvents(api, ASK))).error).toBeUndefined()
  })
})

describe('a server of any kind', () => {
  test('text and JSON lines survive every cut of characters and lines', async () => {
    const bytes = Buffer.from('"第0杯☕"\n{"n":1,"名":"咖啡😀"}\n')
    const address = await streamingServer(async (response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' })
      for (const byte of bytes) {
        response.write(Uint8Array.of(byte))
        await pause(0)
      }
      response.end()
    })
    const { api } = phone(address)
    const [text, lines] = await Promise.all([
      all(streamText(api, { url: '/a' })),
      all(streamJson(api, { url: '/b' })),
    ])
    expect([text.items.join(''), lines.items]).toEqual([String(bytes), ['第0杯☕', { n: 1, 名: '咖啡😀' }]])
  })

  test('an error status rejects with its body, though it came in pieces', async () => {
    const address = await streamingServer(async (response) => {
      response.writeHead(503, { 'content-type': 'application/json' }).write('{"why":')
      await pause(5)
      response.end('"deploy"}')
    })
    const { api } = phone(address, { retry: false })
    const { error } = await all(streamEvents(api, { url: '/broken' }))
    expect(error).toMatchObject({
      code: 'HTTP_STATUS',
      response: { statusCode: 503, data: { why: 'deploy' } },
    })
  })

  test('silence ends it, a long answer does not', async () => {
    const address = await streamingServer(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (let n = 0; n < 12; n++) {
        response.write(`data: ${n}\n\n`)
        await pause(40)
      }
    })
    const { api } = phone(address)
    const got = await all(streamEvents(api, { url: '/a', timeout: 2000, idleTimeout: 300 }))
    expect([got.items.length, got.error?.code]).toEqual([12, 'TIMEOUT'])
  })

  test('forEach() hears the events as they come', async () => {
    const { api } = phone(backend().address)
    const heard: number[] = []
    await streamEvents(api, { url: '/events?count=3', header: PACE }).forEach(({ data }) => {
      heard.push((JSON.parse(data) as { n: number }).n)
    })
    expect(heard).toEqual([1, 2, 3])
  })

  test('the PC client, which has no chunk events, has the same items', async () => {
    const { fake, api } = phone(backend().address)
    fake.misbehave('request', 'no-chunks', Infinity, ({ url }) => url?.includes('/events') === true)
    const got = await all(streamEvents(api, { url: '/events?count=3', header: PACE }))
    expect([got.items.map(({ lastEventId }) => lastEventId), got.error]).toEqual([['1', '2', '3'], undefined])
  })
})
