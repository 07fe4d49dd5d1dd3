import { createClient, type Client, type ClientOptions } from '../../src'
import type { FakeWeChat } from '../../src/testing'
import { HOME, makeWorld, times, watch } from '../laws/world'

/** One more client of this copy on the same phone, with a session of its own. */
export function another(
  fake: FakeWeChat,
  key: string,
  client: Partial<ClientOptions> = {},
  expiresAt?: number,
): Client {
  fake.storage.set(key, { token: fake.server.issue(key), ...(expiresAt !== undefined && { expiresAt }) })
  return createClient({
    platform: fake.wx,
    baseURL: HOME,
    login: { url: '/login' },
    storage: { key },
    checkSession: false,
    ...client,
  })
}

/** Shows that the server takes its token: from then on no lane need be kept for a login. */
export async function accepted(fake: FakeWeChat, ...clients: Client[]): Promise<void> {
  for (const client of clients) {
    const ended = watch(client.get('/warm-up'), fake)
    await fake.clock.advance(100)
    expect(ended.code).toBe('ok')
  }
  fake.server.requests.length = 0
}

/** One client with an accepted token, and a server that keeps what is asked of it. */
export async function full(client: Partial<ClientOptions> = {}) {
  const { fake } = makeWorld()
  const api = another(fake, 'one', client)
  await accepted(fake, api)
  fake.server.hold('/held')
  return { fake, api }
}

export const hold = (fake: FakeWeChat, api: Client, count: number, extras: object = {}) =>
  times(count, (n) => watch(api.get('/held', { n }, extras), fake))
export const arrived = (fake: FakeWeChat, path: string) =>
  fake.server.requests.filter((request) => request.path === path).map(({ query }) => query['n'])
