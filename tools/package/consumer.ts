// A user's program: compiled under each kind of module resolution, then run. See types.mjs.
import { createClient, RequestError, type Client, type ClientEvent } from 'miniprogram-session'
import { createFakeWeChat } from 'miniprogram-session/testing'

declare const console: { log(line: string): void }

interface Order {
  id: number
}

const fake = createFakeWeChat()
fake.server.on(
  '/orders',
  fake.server.guard(() => ({ data: [{ id: 7 }] })),
)
const seen: ClientEvent['type'][] = []
const api: Client = createClient({
  platform: fake.wx,
  baseURL: 'https://api.test',
  login: { url: '/login' },
  onEvent: (event) => void seen.push(event.type),
})

// These options come from miniprogram-api-typings: where its namespace is lost they would all be `any`.
export const wrong = () =>
  // @ts-expect-error -- enableChunked is a boolean
  api.request({ url: '/orders', enableChunked: 'yes' })
// @ts-expect-error -- wx.request takes an object
export const wrongFake = () => fake.wx.request('/orders')

const orders: Promise<Order[]> = api.get<Order[]>('/orders', { page: 1 })
const missing = api.get('https://other.test/').catch((error: unknown) => error instanceof RequestError)
fake.clock
  .runAll()
  .then(() => Promise.all([orders, missing]))
  .then(([[first], isOurs]) => {
    console.log(`order ${first?.id}, ${fake.calls.logins} login, ${isOurs}, ${seen.length > 0}`)
  })
