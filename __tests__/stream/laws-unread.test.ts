import process from 'node:process'
import { streamEvents, streamText } from '../../src/stream'
import { watch } from '../laws/world'
import { EVENTS, read, sse, streaming, URL } from './world'

describe('S14: nobody is troubled by a stream that nobody reads', () => {
  const unhandled: unknown[] = []
  const note = (error: unknown) => unhandled.push(error)
  beforeEach(() => void process.on('unhandledRejection', note))
  afterEach(() => void process.off('unhandledRejection', note))

  test('neither it nor `opened` is an unhandled rejection', async () => {
    const { fake, api } = streaming(() => ({ statusCode: 404, chunks: [] }))
    streamText(api, { url: URL })
    streamText(api, { url: URL, timeout: -1 })
    streamText({} as typeof api, { url: URL })
    const left = streamText(api, { url: URL })
    void left.next().catch(() => undefined)
    await fake.clock.runAll()
    await new Promise((resolve) => setImmediate(resolve))
    expect(unhandled).toEqual([])
  })

  test('`opened` resolves with the head, and rejects as the stream does', async () => {
    const { fake, api } = streaming((_, nth) =>
      nth === 0
        ? { header: EVENTS, chunks: [{ after: 100, data: sse('a') }] }
        : { statusCode: 404, chunks: [] },
    )
    const good = watch(streamEvents(api, { url: URL }).opened, fake)
    await fake.clock.advance(50)
    expect([good.value?.statusCode, good.value?.header['content-type']]).toEqual([
      200,
      EVENTS['content-type'],
    ])
    const bad = streamEvents(api, { url: URL })
    const [opened, got] = [watch(bad.opened, fake), read(bad, fake)]
    await fake.clock.runAll()
    expect([opened.code, opened.error === got.error]).toEqual(['HTTP_STATUS', true])
  })
})
