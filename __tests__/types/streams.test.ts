import { createClient } from '../../src'
import {
  streamEvents,
  streamJson,
  streamText,
  type ServerSentEvent,
  type Stream,
  type StreamOptions,
} from '../../src/stream'
import { createFakeWeChat } from '../../src/testing'

interface Order {
  id: number
}

/** Never run: it is compiled. */
export async function compiled(): Promise<void> {
  const { wx: platform } = createFakeWeChat()
  const api = createClient({ platform, baseURL: 'https://api.test', login: { url: '/login' } })
  const text: Stream<string> = streamText(api, { url: '/a' })
  const events: Stream<ServerSentEvent> = streamEvents(api, { url: '/a', method: 'POST', data: {} })
  const orders: Stream<Order> = streamJson<Order>(api, { url: '/a', idleTimeout: 1, maxLength: 2 })
  for await (const { id } of orders) id.toFixed()
  await text.forEach((piece) => piece.trim())
  const { statusCode, header } = await events.opened
  const told: [number, unknown, string, number | undefined] = [
    statusCode,
    header['a'],
    events.lastEventId,
    events.retry,
  ]
  const options: StreamOptions = { url: '/a', auth: 'optional', retry: false, enableHttp2: true }
  told.push(options.timeout)
  // @ts-expect-error -- it has no callbacks
  streamText(api, { url: '/a', success: () => undefined })
  // @ts-expect-error -- it streams whatever is said
  streamText(api, { url: '/a', enableChunked: false })
  // @ts-expect-error -- an error status always rejects
  streamText(api, { url: '/a', throwHttpErrors: false })
  // @ts-expect-error -- an unknown one
  streamText(api, { url: '/a', idleTimeOut: 5 })
  // @ts-expect-error -- it needs a URL
  streamText(api, {})
}

test('streams are typed as they are read', () => {
  expect(typeof compiled).toBe('function')
})
