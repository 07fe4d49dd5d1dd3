import type { Client, RequestOptions } from '../../src'
import { altered, clientOn, codesOf, makeWorld, times, watch, type Watched } from '../laws/world'
import { NDJSON, scriptedWorld, STREAM, textOf } from './request-helpers'

interface Streamed {
  ended: Watched
  heard: string[]
  statuses: unknown[]
}

/** Asks for a stream and notes what its listeners hear. */
function stream(
  api: Client,
  fake: Parameters<typeof watch>[1],
  options: Partial<RequestOptions> = {},
): Streamed {
  const heard: string[] = []
  const statuses: unknown[] = []
  const task = api.request({ url: STREAM, enableChunked: true, ...options })
  task.onChunkReceived(({ data }) => heard.push(textOf(data)))
  task.onHeadersReceived(({ statusCode }) => statuses.push(statusCode))
  return { ended: watch(task, fake), heard, statuses }
}

describe('R3: of a stream only the answer that counts is heard', () => {
  test('the body of a 401 is no chunk of the stream', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false, client: { checkSession: false } })
    fake.server.on(
      STREAM,
      fake.server.guard(() => ({ chunks: ['A', 'B'] })),
    )
    const { ended, heard, statuses } = stream(api, fake)
    await fake.clock.runAll()
    expect([ended.code, heard, statuses]).toEqual(['ok', ['A', 'B'], [200]])
  })

  test('ten streams with one dead token cost one login, and each hears its own answer only', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false, client: { checkSession: false } })
    fake.server.on(
      STREAM,
      fake.server.guard(({ query }) => ({ chunks: [`${query['n']}a`, `${query['n']}b`] })),
    )
    const all = times(10, (n) => stream(api, fake, { query: { n } }))
    await fake.clock.runAll()
    expect(codesOf(all.map(({ ended }) => ended))).toEqual(times(10, () => 'ok'))
    expect(all.map(({ heard }) => heard)).toEqual(times(10, (n) => [`${n}a`, `${n}b`]))
    expect(fake.calls.logins).toBe(1)
  })

  test('a clone, with middleware that passes on, hears the same', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false, client: { checkSession: false } })
    fake.server.on(
      STREAM,
      fake.server.guard(() => ({ chunks: ['A', 'B'] })),
    )
    const clone = api.extend({ use: [(request, next) => next(request)] })
    const { ended, heard, statuses } = stream(clone, fake)
    await fake.clock.runAll()
    expect([ended.code, heard, statuses]).toEqual(['ok', ['A', 'B'], [200]])
  })

  test('a status that is a text is one', async () => {
    const { fake } = makeWorld({ stored: 'dead', isLive: false })
    fake.server.on(
      STREAM,
      fake.server.guard(() => ({ chunks: ['A', { data: 'B', after: 100 }] })),
    )
    type Hear = (event: object) => void
    const request = (options: never) => {
      const task = fake.wx.request(options) as unknown as { [on: string]: (hear: Hear) => void }
      return {
        onHeadersReceived: (hear: Hear) =>
          task['onHeadersReceived']?.((head) =>
            hear({ ...head, statusCode: String((head as { statusCode?: number }).statusCode) }),
          ),
        onChunkReceived: (hear: Hear) => task['onChunkReceived']?.(hear),
      }
    }
    const { api } = clientOn(fake, { platform: altered(fake, { request }), checkSession: false })
    const { ended, heard } = stream(api, fake)
    await fake.clock.advance(50)
    expect([ended.code, heard]).toEqual(['pending', ['A']])
    await fake.clock.runAll()
    expect([ended.code, heard]).toEqual(['ok', ['A', 'B']])
  })

  test('the head of a refused answer is not heard of a plain request either', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false, client: { checkSession: false } })
    const { ended, statuses } = stream(api, fake, { url: '/orders', enableChunked: false })
    await fake.clock.runAll()
    expect([ended.code, statuses]).toEqual(['ok', [200]])
  })

  test('nor of an upload', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false, client: { checkSession: false } })
    const statuses: unknown[] = []
    const task = api.uploadFile({ url: '/avatar', filePath: 'f', name: 'n' })
    task.onHeadersReceived(({ statusCode }) => statuses.push(statusCode))
    const ended = watch(task, fake)
    await fake.clock.runAll()
    expect([ended.code, statuses]).toEqual(['ok', [200]])
  })

  test('what came with a 503 that is tried again is not heard', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { checkSession: false } })
    let answers = 0
    fake.server.on(STREAM, () => (answers++ ? { chunks: ['A'] } : { statusCode: 503, chunks: ['busy'] }))
    const { ended, heard, statuses } = stream(api, fake)
    await fake.clock.runAll()
    expect([ended.code, heard, statuses, answers]).toEqual(['ok', ['A'], [200], 2])
  })

  test('what comes after abort() is not heard, though WeChat goes on', async () => {
    const { fake, api, calls } = await scriptedWorld('request', (call) => {
      call.at(5, () => call.head(200, NDJSON))
      call.at(10, () => call.chunk('A'))
      call.at(30, () => call.chunk('B'))
    })
    const heard: string[] = []
    const task = api.request({ url: STREAM, enableChunked: true })
    task.onChunkReceived(({ data }) => {
      heard.push(textOf(data))
      task.abort()
    })
    const ended = watch(task, fake)
    await fake.clock.advance(20)
    expect(ended.code).toBe('ABORTED')
    await fake.clock.runAll()
    expect([heard, calls.length]).toEqual([['A'], 1])
  })

  test('a listener that logs out does not end the stream it hears: it is on the wire, and ends as it ends', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { checkSession: false } })
    fake.server.on(STREAM, () => ({ chunks: ['A', 'B'] }))
    const heard: string[] = []
    const task = api.request({ url: STREAM, enableChunked: true })
    task.onChunkReceived(({ data }) => {
      heard.push(textOf(data))
      api.logout()
    })
    const ended = watch(task, fake)
    await fake.clock.runAll()
    expect([ended.code, heard, api.session]).toEqual(['ok', ['A', 'B'], undefined])
  })
})

describe('R4: once a chunk has been heard, the request is not sent again', () => {
  const cut = {
    errMsg: 'request:fail errcode:-101 cronet_error_code:-101 error_msg:net::ERR_CONNECTION_RESET',
  }

  test('a stream that is cut after two chunks is NETWORK, after A and B', async () => {
    const { fake, api, calls } = await scriptedWorld('request', (call) => {
      call.at(5, () => call.head(200, NDJSON))
      call.at(10, () => call.chunk('A'))
      call.at(20, () => call.chunk('B'))
      call.at(30, () => call.fail(cut))
    })
    const { ended, heard } = stream(api, fake)
    await fake.clock.runAll()
    expect([ended.code, heard, calls.length]).toEqual(['NETWORK', ['A', 'B'], 1])
  })

  test('one that is cut before its first chunk is tried again', async () => {
    const { fake, api, calls } = await scriptedWorld('request', (call) => {
      call.at(5, () => call.head(200, NDJSON))
      if (call.nth === 0) return call.at(10, () => call.fail(cut))
      call.at(10, () => call.chunk('A'))
      call.at(20, () => call.succeed())
    })
    const { ended, heard } = stream(api, fake)
    await fake.clock.runAll()
    expect([ended.code, heard, calls.length]).toEqual(['ok', ['A'], 2])
  })

  test('one that WeChat stops in the background after a chunk is INTERRUPTED, and not begun anew', async () => {
    const { fake, api, calls } = await scriptedWorld('request', (call) => {
      call.at(5, () => call.head(200, NDJSON))
      call.at(10, () => call.chunk('A'))
      call.at(5500, () => call.fail({ errMsg: 'request:fail interrupted', errno: 600003 }))
    })
    const { ended, heard } = stream(api, fake)
    await fake.clock.advance(100)
    fake.app.toBackground()
    await fake.clock.advance(6000)
    fake.app.toForeground()
    await fake.clock.runAll()
    expect([ended.code, heard, calls.length]).toEqual(['INTERRUPTED', ['A'], 1])
  })

  test('one that ends with a 401 after a chunk rejects, and the session stays', async () => {
    const { fake, api, calls } = await scriptedWorld(
      'request',
      (call) => {
        call.at(10, () => call.chunk('A'))
        call.at(20, () => call.succeed({ statusCode: 401 }))
      },
      { accepted: true },
    )
    const { ended, heard } = stream(api, fake)
    await fake.clock.runAll()
    expect(ended.error).toMatchObject({ response: { statusCode: 401 } })
    expect([heard, calls.length, fake.calls.logins, api.session?.token]).toEqual([['A'], 1, 0, 'good'])
  })

  test('with a list of base URLs the other one is not tried after a chunk either', async () => {
    const { fake, api, calls } = await scriptedWorld(
      'request',
      (call) => {
        call.at(5, () => call.head(200, NDJSON))
        call.at(10, () => call.chunk('A'))
        call.at(20, () => call.fail(cut))
      },
      { client: { baseURL: ['https://api.test', 'https://backup.test'] } },
    )
    const { ended, heard } = stream(api, fake)
    await fake.clock.runAll()
    expect([ended.code, heard, calls.length]).toEqual(['NETWORK', ['A'], 1])
  })
})
