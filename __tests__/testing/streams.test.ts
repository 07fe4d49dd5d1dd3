import { createFakeWeChat, type FakeReply, type FakeWeChat, type Misbehaviour } from '../../src/testing'
import { send } from './helpers'

type Chunk = { data: ArrayBuffer | Uint8Array | string }

const textOf = (data: Chunk['data']) =>
  typeof data === 'string' ? data : Buffer.from(new Uint8Array(data)).toString('latin1')

/** Sends a chunked request and notes what is heard of it: `h` and the status, the chunks, the end. */
function stream(fake: FakeWeChat, options: Partial<WechatMiniprogram.RequestOption> = {}) {
  const heard: string[] = []
  const times: number[] = []
  const chunks: Chunk['data'][] = []
  const start = fake.clock.now()
  const { task, results } = send(fake, { enableChunked: true, ...options })
  const note = (what: string) => {
    heard.push(what)
    times.push(fake.clock.now() - start)
  }
  task.onHeadersReceived(({ statusCode }) => note(`h ${statusCode}`))
  task.onChunkReceived(({ data }) => {
    chunks.push(data)
    note(textOf(data))
  })
  return { task, heard, times, chunks, results }
}

async function streamed(reply: FakeReply, behaviour?: Misbehaviour, end?: (fake: FakeWeChat) => unknown) {
  const fake = createFakeWeChat({ server: () => reply })
  if (behaviour !== undefined) fake.misbehave('request', behaviour)
  const made = stream(fake)
  await (end ? end(fake) : fake.clock.runAll())
  return { ...made, fake }
}

describe('a chunked answer', () => {
  test('comes as a head, its chunks at their times, and a success without data', async () => {
    const chunks = ['a', { after: 5_000, data: 'b' }, { data: Uint8Array.from([0x63]) }]
    const { heard, times, results } = await streamed({ chunks })
    expect(heard).toEqual(['h 200', 'a', 'b', 'c'])
    expect(times).toEqual([10, 10, 5_010, 5_011])
    expect(results).toMatchObject([{ statusCode: 200, data: '' }])
  })

  test('may keep its first chunk back after the head', async () => {
    const { times } = await streamed({ chunks: [{ after: 3_000, data: 'a' }] })
    expect(times).toEqual([10, 3_010])
  })

  test('is cut where the test says, within a character too', async () => {
    const { chunks } = await streamed({ data: 'a你b', cuts: [2, 0, 4, 9] })
    expect(chunks.map((chunk) => [...new Uint8Array(chunk as ArrayBuffer)])).toEqual([
      [0x61, 0xe4],
      [0xbd, 0xa0],
      [0x62],
    ])
  })

  test('breaks off after its chunks', async () => {
    const { heard, results, fake } = await streamed({ chunks: ['a', 'b'], fail: 'reset' })
    expect(heard).toEqual(['h 200', 'a', 'b'])
    expect(results[0]?.['errMsg']).toContain('net::ERR_CONNECTION_RESET')
    expect(fake.network.running).toBe(0)
  })

  test('falls silent after its chunks, until WeChat ends it', async () => {
    const reply = { chunks: ['a'], lost: true }
    const silent = await streamed(reply, undefined, ({ clock }) => clock.advance(59_999))
    expect([silent.heard, silent.results]).toEqual([['h 200', 'a'], []])
    await silent.fake.clock.advance(1)
    expect(silent.results).toEqual([{ errMsg: 'request:fail timeout', errno: 5 }])
  })

  test('stops when it is aborted, in a listener or between two chunks', async () => {
    const fake = createFakeWeChat({ server: () => ({ chunks: ['a', { after: 0, data: 'b' }, 'c', 'd'] }) })
    const [inside, between] = [stream(fake), stream(fake)]
    inside.task.onChunkReceived(() => inside.task.abort())
    await fake.clock.advance(11)
    between.task.abort()
    await fake.clock.runAll()
    expect(inside.heard).toEqual(['h 200', 'a'])
    expect(between.heard).toEqual(['h 200', 'a', 'b', 'c'])
    expect([inside.results, between.results]).toMatchObject([
      [{ errMsg: 'request:fail abort' }],
      [{ errMsg: 'request:fail abort' }],
    ])
    expect(fake.clock.pending).toBe(0)
  })

  test('thousands of chunks in one moment do not exhaust the stack', async () => {
    const { heard } = await streamed({
      chunks: new Array<object>(20_000).fill({ after: 0, data: 'x' }) as never,
    })
    expect(heard.length).toBe(20_001)
  })

  test('without enableChunked it is one body, once the last chunk is there', async () => {
    const fake = createFakeWeChat({ server: () => ({ chunks: ['{"n"', { after: 5_000, data: ':1}' }] }) })
    const { heard, results } = stream(fake, { enableChunked: false })
    await fake.clock.advance(5_009)
    expect([heard, results]).toEqual([['h 200'], []])
    await fake.clock.runAll()
    expect([heard, results]).toMatchObject([['h 200'], [{ data: { n: 1 } }]])
  })
})

describe('what some phones make of it', () => {
  const reply = { chunks: ['a', 'b'] }

  test('the head may come after the first chunk', async () => {
    expect((await streamed(reply, 'chunk-before-head')).heard).toEqual(['a', 'h 200', 'b'])
    expect((await streamed({ data: '' }, 'chunk-before-head')).heard).toEqual(['h 200'])
  })

  test('there may be no head', async () => {
    const { heard, results } = await streamed(reply, 'no-head')
    expect([heard, results]).toMatchObject([['a', 'b'], [{ statusCode: 200 }]])
  })

  test('the head may have no status', async () => {
    expect((await streamed(reply, 'head-without-status')).heard).toEqual(['h undefined', 'a', 'b'])
  })

  test('chunks may be views that do not begin where their buffer does', async () => {
    const { chunks, heard } = await streamed(reply, 'chunk-as-view')
    expect(heard).toEqual(['h 200', 'a', 'b'])
    const [view] = chunks as Uint8Array[]
    expect([view instanceof Uint8Array, view?.byteOffset, view?.buffer.byteLength]).toEqual([true, 1, 3])
  })

  test('chunks may be strings', async () => {
    expect((await streamed({ chunks: ['你'] }, 'chunk-as-string')).chunks).toEqual(['你'])
  })

  test('there may be no chunks, and all in success', async () => {
    const { heard, results } = await streamed({ chunks: ['{"n"', ':1}'] }, 'no-chunks')
    expect([heard, results]).toMatchObject([['h 200'], [{ data: { n: 1 } }]])
  })

  test('an answer that is not chunked may be lost, one that is comes through', async () => {
    const lost = await streamed({ statusCode: 402, data: { error: 'pay' } }, 'lost-body')
    expect([lost.heard, lost.results]).toMatchObject([['h 402'], [{ statusCode: 402, data: '' }]])
    expect((await streamed(reply, 'lost-body')).heard).toEqual(['h 200', 'a', 'b'])
  })

  test('chunks may go on after an abort, which is answered all the same', async () => {
    const { heard, results } = await streamed(
      { chunks: ['a', 'b', { after: 50, data: 'c' }] },
      'chunk-after-abort',
      async (fake) => {
        await fake.clock.advance(10)
        expect(fake.network.running).toBe(1)
      },
    ).then(async ({ task, fake, ...rest }) => {
      task.abort()
      await fake.clock.runAll()
      return rest
    })
    expect(heard).toEqual(['h 200', 'a', 'b', 'c'])
    expect(results).toEqual([{ errMsg: 'request:fail abort' }])
  })

  test('it may end twice', async () => {
    const { heard, results } = await streamed(reply, 'twice')
    expect([heard, results]).toMatchObject([
      ['h 200', 'a', 'b'],
      [{ data: '' }, { data: '' }],
    ])
  })
})
