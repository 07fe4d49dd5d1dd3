import { TextDecoder, TextEncoder } from 'node:util'
import type { ClientOptions } from '../../src'
import type { FakeReply, Wire } from '../../src/testing'
import { codesOf, makeWorld, soon, times, tokenOf, tokensAt, watch, type Watched, type World } from './world'

const bytes = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer
const JSON_TYPE = { 'Content-Type': 'application/json; charset=utf-8' }

/** What the listeners of a request in pieces have heard so far. */
interface Heard extends Watched {
  readonly chunks: string[]
  readonly heads: unknown[]
}

function stream({ fake, api }: World, options: object = {}): Heard {
  const task = api.request({ url: '/stream', enableChunked: true, ...options })
  const chunks: string[] = []
  const heads: unknown[] = []
  task.onChunkReceived(({ data }) => chunks.push(new TextDecoder().decode(data)))
  task.onHeadersReceived(({ statusCode }) => heads.push(statusCode))
  return Object.assign(watch(task, fake), { chunks, heads })
}

/** A phone with this token in its store; the server refuses it in pieces where it does not know it. */
function phoneWith(token: 'good' | 'dead', client: Partial<ClientOptions> = {}): World {
  const world = makeWorld({
    stored: token,
    isLive: token === 'good',
    client: { checkSession: false, ...client },
  })
  world.fake.server.refusal = () => ({ statusCode: 401, chunks: ['{"error":', '"who are you"}'] })
  return world
}

/** Answers `/stream` to whoever has a token that is live. */
function serve({ fake }: World, answer: (wire: Wire) => FakeReply | Promise<FakeReply>): void {
  fake.server.on(
    '/stream',
    fake.server.guard((_request, wire) => answer(wire)),
  )
}

/** So that something has been accepted with the token. */
async function accept({ fake, api }: World): Promise<void> {
  fake.server.on('/warm', () => ({}))
  expect((await soon(fake, api.get('/warm'))).code).toBe('ok')
}

describe('law 16: only the answer that counts is heard', () => {
  test('of an attempt that is refused no chunk and no head is heard, of the replay all', async () => {
    const world = phoneWith('dead')
    serve(world, () => ({ chunks: ['A', 'B'] }))
    const heard = stream(world)
    await world.fake.clock.runAll()
    expect([heard.code, heard.chunks, heard.heads]).toEqual(['ok', ['A', 'B'], [200]])
    expect(tokensAt(world, '/stream')).toEqual(['dead', 'token-1'])
  })

  test('nor of one that is tried again', async () => {
    const world = phoneWith('good', { retry: { limit: 2, delay: () => 20 } })
    let asked = 0
    serve(world, () => (++asked === 1 ? { statusCode: 503, chunks: ['busy'] } : { chunks: ['A', 'B'] }))
    const heard = stream(world)
    await world.fake.clock.runAll()
    expect([heard.code, heard.chunks, heard.heads]).toEqual(['ok', ['A', 'B'], [200]])
  })

  test.each(['get', 'uploadFile', 'downloadFile'] as const)(
    'nor the head of a refused %s, though nothing of it comes in pieces',
    async (kind) => {
      const { fake, api } = makeWorld({ stored: 'dead', isLive: false })
      const task = {
        get: () => api.get('/a'),
        uploadFile: () => api.uploadFile({ url: '/a', filePath: 'f', name: 'file' }),
        downloadFile: () => api.downloadFile({ url: '/a' }),
      }[kind]()
      const heads: unknown[] = []
      task.onHeadersReceived(({ statusCode }) => heads.push(statusCode))
      const request = watch<unknown>(task, fake)
      await fake.clock.runAll()
      expect([request.code, heads, tokensAt({ fake }, '/a')]).toEqual(['ok', [200], ['dead', 'token-1']])
    },
  )

  test('ten streams with a dead token: one login, and no byte of a refusal in any of them', async () => {
    const world = phoneWith('dead')
    serve(world, () => ({ chunks: ['A', 'B'] }))
    const all = times(10, () => stream(world))
    await world.fake.clock.runAll()
    expect([codesOf(all), all.map(({ chunks }) => chunks.join(''))]).toEqual([
      times(10, () => 'ok'),
      times(10, () => 'AB'),
    ])
    expect(world.fake.calls.logins).toBe(1)
  })

  test('a request that is refused for good has let nobody hear a chunk', async () => {
    const world = phoneWith('dead')
    world.fake.server.refuseAll = true
    const heard = stream(world)
    await world.fake.clock.runAll()
    expect([heard.code, heard.chunks]).toEqual(['UNAUTHORIZED', []])
  })
})

describe('law 16: chunks are held until the status is known', () => {
  /** A chunk that comes before the head, which comes with the answer 100 ms later. */
  const headless = (reply: FakeReply) => (wire: Wire) => {
    wire.chunk(bytes('A'))
    return { delay: 100, ...reply }
  }

  test('with a token that nothing has been accepted with, a chunk without a status waits for it', async () => {
    const world = phoneWith('good')
    serve(world, headless({ chunks: ['B'] }))
    const heard = stream(world)
    await world.fake.clock.advance(50)
    expect(heard.chunks).toEqual([])
    await world.fake.clock.runAll()
    expect([heard.code, heard.chunks]).toEqual(['ok', ['A', 'B']])
  })

  test('if the status says that it is refused, the chunk is never heard', async () => {
    const world = phoneWith('dead')
    world.fake.server.on('/stream', (request, wire) => {
      if (tokenOf(request) !== 'dead') return { chunks: ['B'] }
      return headless({ statusCode: 401, chunks: [] })(wire)
    })
    const heard = stream(world)
    await world.fake.clock.runAll()
    expect([heard.code, heard.chunks, tokensAt(world, '/stream').length]).toEqual(['ok', ['B'], 2])
  })

  test('with a token that has been accepted it is heard at once', async () => {
    const world = phoneWith('good')
    await accept(world)
    serve(world, headless({ chunks: ['B'] }))
    const heard = stream(world)
    await world.fake.clock.advance(50)
    expect(heard.chunks).toEqual(['A'])
    await world.fake.clock.runAll()
    expect([heard.code, heard.chunks]).toEqual(['ok', ['A', 'B']])
  })

  test('a chunk that comes after its head is heard at once, whatever the token', async () => {
    const world = phoneWith('good')
    serve(world, (wire) => {
      wire.headers(200, {}, [])
      wire.chunk(bytes('A'))
      return { delay: 100, chunks: ['B'] }
    })
    const heard = stream(world)
    await world.fake.clock.advance(50)
    expect([heard.heads, heard.chunks]).toEqual([[200], ['A']])
    await world.fake.clock.runAll()
    expect([heard.code, heard.chunks]).toEqual(['ok', ['A', 'B']])
  })

  test.each([404, 500])('a %i opens no stream: nothing of it is heard while it comes', async (statusCode) => {
    const world = phoneWith('good', { retry: false, throwHttpErrors: true })
    await accept(world)
    serve(world, (wire) => {
      wire.headers(statusCode, {}, [])
      wire.chunk(bytes('sorry'))
      return { statusCode, delay: 100, chunks: [] }
    })
    const heard = stream(world)
    await world.fake.clock.advance(50)
    expect([heard.code, heard.chunks]).toEqual(['pending', []])
    await world.fake.clock.runAll()
    expect(heard.code).toBe('HTTP_STATUS')
  })

  test.each([201, 206, 302])('a %i opens one', async (statusCode) => {
    const world = phoneWith('good')
    serve(world, () => ({ statusCode, chunks: ['A'] }))
    const heard = stream(world)
    await world.fake.clock.runAll()
    expect([heard.code, heard.chunks]).toEqual(['ok', ['A']])
  })
})

describe('law 16: a back end that says it in the body', () => {
  const client = {
    isUnauthorized: ({ data }: { data: unknown }) => (data as { code?: number } | null)?.code === 40101,
  }
  const inPieces = (header: Record<string, string>) => (wire: Wire) => {
    wire.headers(200, header, [])
    wire.chunk(bytes('{"code":'))
    return { delay: 100, header, chunks: ['0}'] }
  }

  test('JSON is held until it is whole, and judged: the refusal is not heard, the request goes again', async () => {
    const world = phoneWith('dead', client)
    world.fake.server.refusal = () => ({ header: JSON_TYPE, chunks: ['{"code":', '40101}'] })
    serve(world, () => ({ header: JSON_TYPE, chunks: ['{"code":', '0}'] }))
    const heard = stream(world)
    await world.fake.clock.runAll()
    expect([heard.code, heard.chunks.join('')]).toEqual(['ok', '{"code":0}'])
    expect([tokensAt(world, '/stream'), world.fake.calls.logins]).toEqual([['dead', 'token-1'], 1])
  })

  test('until then nothing of the JSON is heard', async () => {
    const world = phoneWith('good', client)
    await accept(world)
    serve(world, inPieces(JSON_TYPE))
    const heard = stream(world)
    await world.fake.clock.advance(50)
    expect(heard.chunks).toEqual([])
    await world.fake.clock.runAll()
    expect([heard.code, heard.chunks.join('')]).toEqual(['ok', '{"code":0}'])
  })

  test.each(['application/x-ndjson', 'application/ndjson', 'text/event-stream', 'text/plain'])(
    '%s is heard as it comes',
    async (type) => {
      const world = phoneWith('good', client)
      serve(world, inPieces({ 'content-type': type }))
      const heard = stream(world)
      await world.fake.clock.advance(50)
      expect(heard.chunks).toEqual(['{"code":'])
      await world.fake.clock.runAll()
      expect([heard.code, heard.chunks.join('')]).toEqual(['ok', '{"code":0}'])
    },
  )

  test('without an isUnauthorized of the app, JSON is heard as it comes too', async () => {
    const world = phoneWith('good')
    serve(world, inPieces(JSON_TYPE))
    const heard = stream(world)
    await world.fake.clock.advance(50)
    expect(heard.chunks).toEqual(['{"code":'])
    await world.fake.clock.runAll()
    expect(heard.code).toBe('ok')
  })
})

describe('law 16: once a chunk has been heard the request is not sent again', () => {
  /** Two chunks, and then this instead of an end. */
  const broken = (end: FakeReply) => (wire: Wire) => {
    wire.headers(200, {}, [])
    wire.chunk(bytes('A'))
    wire.chunk(bytes('B'))
    return { delay: 20, ...end }
  }

  test('a GET that is cut after two chunks rejects, after these two', async () => {
    const world = phoneWith('good')
    serve(world, broken({ fail: 'reset' }))
    const heard = stream(world)
    await world.fake.clock.runAll()
    expect([heard.code, heard.chunks, tokensAt(world, '/stream').length]).toEqual(['NETWORK', ['A', 'B'], 1])
  })

  test('nor to the next base URL', async () => {
    const world = phoneWith('good', { baseURL: ['https://one.test', 'https://two.test'] })
    serve(world, broken({ fail: 'refused' }))
    const heard = stream(world)
    await world.fake.clock.runAll()
    expect([heard.code, heard.chunks, tokensAt(world, '/stream').length]).toEqual(['NETWORK', ['A', 'B'], 1])
  })

  test('nor after a change of network', async () => {
    const world = phoneWith('good')
    serve(world, broken({ lost: true }))
    const heard = stream(world)
    await world.fake.clock.advance(50)
    world.fake.network.change()
    await world.fake.clock.runAll()
    expect([heard.code, heard.chunks, tokensAt(world, '/stream').length]).toEqual(['NETWORK', ['A', 'B'], 1])
  })

  test('nor when the app comes back to the front', async () => {
    const world = phoneWith('good', { timeout: 60_000 })
    serve(world, broken({ lost: true }))
    const heard = stream(world)
    await world.fake.clock.advance(50)
    world.fake.app.toBackground()
    await world.fake.clock.advance(6000)
    world.fake.app.toForeground()
    await world.fake.clock.runAll()
    expect([heard.code, heard.chunks, tokensAt(world, '/stream').length]).toEqual([
      'INTERRUPTED',
      ['A', 'B'],
      1,
    ])
  })

  test('one that is cut before a chunk was heard is tried again as ever', async () => {
    const world = phoneWith('good', { retry: { limit: 1, delay: () => 20 } })
    let asked = 0
    serve(world, () => (++asked === 1 ? { fail: 'reset' } : { chunks: ['A'] }))
    const heard = stream(world)
    await world.fake.clock.runAll()
    expect([heard.code, heard.chunks, asked]).toEqual(['ok', ['A'], 2])
  })

  test('a 401 after a chunk rejects, and the token goes on serving others: it is no refusal', async () => {
    const world = phoneWith('good')
    const { fake, api } = world
    await accept(world)
    serve(world, (wire) => {
      wire.chunk(bytes('A'))
      return { statusCode: 401, delay: 50, chunks: [] }
    })
    const heard = stream(world)
    await fake.clock.advance(100)
    const next = await soon(fake, api.get('/other'))
    expect(heard.code).toMatch(/^(UNAUTHORIZED|HTTP_STATUS)$/)
    expect([heard.chunks, next.code]).toEqual([['A'], 'ok'])
    expect([tokensAt(world, '/stream'), tokensAt(world, '/other')]).toEqual([['good'], ['good']])
    expect([fake.calls.logins, api.session?.token]).toEqual([0, 'good'])
  })
})
