// A user's program: compiled under each kind of module resolution, then run. See types.mjs.
import { createClient, RequestError, type Client, type ClientEvent } from 'miniprogram-session'
import { cache } from 'miniprogram-session/cache'
import { scope } from 'miniprogram-session/page'
import { openSocket, type Socket } from 'miniprogram-session/socket'
import { streamJson, type Stream } from 'miniprogram-session/stream'
import { createFakeWeChat } from 'miniprogram-session/testing'
import { failures, loading } from 'miniprogram-session/ui'

declare const console: { log: (line: string) => void }

interface Order {
  id: number
}

const fake = createFakeWeChat()
fake.server.on(
  '/orders',
  fake.server.guard(() => ({ data: [{ id: 7 }] })),
)
fake.server.onSocket('/ws', (line) => line.onMessage((data) => line.send(`echo ${data as string}`)))
fake.server.on('/words', () => ({ chunks: ['{"word":', '"咖啡"}'] }))
const seen: ClientEvent['type'][] = []
const api: Client = createClient({
  platform: fake.wx,
  baseURL: 'https://api.test',
  login: { url: '/login' },
  onEvent: (event) => void seen.push(event.type),
  use: [loading(), cache({ ttl: 60_000 })],
})
const page = scope(failures(api))

// WeChat's own options are ours to check, whatever typings there are.
export const wrong = () =>
  // @ts-expect-error -- enableChunked is a boolean
  api.request({ url: '/orders', enableChunked: 'yes' })
// What each entry adds to a request's context is typed once it is imported.
export const wrongOverlap = () =>
  // @ts-expect-error -- 'join' or 'replace'
  page.get('/orders', {}, { context: { overlap: 'joim' } })
export const wrongCache = () =>
  // @ts-expect-error -- ttl is a number
  page.get('/orders', {}, { context: { cache: { ttl: '1' } } })
export const wrongFailure = () =>
  // @ts-expect-error -- failure is true or false
  page.get('/orders', {}, { context: { failure: 'no' } })
// @ts-expect-error -- wx.request takes an object
export const wrongFake = () => fake.wx.request('/orders')

async function run(): Promise<string> {
  const orders: Promise<Order[]> = page.get<Order[]>('/orders', { page: 1 }, { context: { overlap: 'join' } })
  const refused = api
    .get('/orders', undefined, { timeout: -1 })
    .catch((error: unknown) => error instanceof RequestError && error.code)
  const words: Stream<{ word: string }> = streamJson(page, { url: '/words' })
  const socket: Socket = openSocket(api, { url: '/ws' })
  const echo = new Promise<string>((resolve) => socket.on('message', ({ data }) => resolve(data as string)))
  socket.send('hi')
  await fake.clock.runAll()
  const [first] = await orders
  let word = ''
  for await (const item of words) word = item.word
  const heard = await echo
  socket.close()
  return `order ${first?.id}, ${fake.calls.logins} login, ${String(await refused)}, ${seen.length > 0}, ${word}, ${heard}`
}

run().then(console.log, console.log)
