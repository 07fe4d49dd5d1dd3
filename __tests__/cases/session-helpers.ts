import type { ClientOptions, Session, SessionStore } from '../../src'
import type { FakeReply, FakeWeChat } from '../../src/testing'
import { clientOn, KEY, makeWorld, times, watch, type Watched, type World } from '../laws/world'

/** Every way to ask with a token, each of them once, at the same time. */
export function everyWay({ fake, api }: Pick<World, 'fake' | 'api'>): Watched[] {
  const run = (token: string) => ({ statusCode: fake.server.tokens.has(token) ? 200 : 401 })
  return [
    watch<unknown>(api.get('/orders'), fake),
    watch<unknown>(api.post('/orders', { item: 1 }), fake),
    watch<unknown>(api.extend({ timeout: 5000 }).get('/orders'), fake),
    watch<unknown>(api.uploadFile({ url: '/orders', filePath: 'a', name: 'a' }), fake),
    watch<unknown>(api.downloadFile({ url: '/orders' }), fake),
    watch<unknown>(api.authorize(run), fake),
  ]
}

/** The one code that all of them came to; else all codes, to be seen in a failing test. */
export function together(watched: readonly Watched[]): string {
  return [...new Set(watched.map(({ code }) => code))].join(', ')
}

/** Ten requests at once. */
export function tenAt({ fake, api }: Pick<World, 'fake' | 'api'>, path: string): Watched[] {
  return times(10, () => watch<unknown>(api.get(path), fake))
}

/** The sources of the sessions that a client was told of. */
export function sourcesOf({ events }: Pick<World, 'events'>): string[] {
  return events.flatMap((event) => (event.type === 'session' ? [event.source] : []))
}

/** The session in the storage. */
export function stored({ storage }: FakeWeChat): unknown {
  return storage.get(KEY)
}

/** A store of the app's own that takes `ms` for everything. `box` is what it holds. */
export function slowStore(fake: FakeWeChat, session?: unknown, ms = 5) {
  const box = { session }
  const later = <T>(act: () => T): Promise<T> =>
    new Promise((resolve) => fake.clock.setTimeout(() => resolve(act()), ms))
  const store: SessionStore = {
    get: () => later(() => box.session),
    set: (given) => later(() => void (box.session = { ...given })),
    remove: () => later(() => void (box.session = undefined)),
  }
  return { box, store }
}

/** What an earlier launch has left to a client with a refresh token. */
export const LEFT = { token: 'old', data: { refreshToken: 'R' } }

/**
 * A client with a dead token in the store, and beside it a refresh token that `POST /refresh` takes. `reply` says what
 * that answers; by default a new token.
 */
export function withRefresh(
  client: Partial<ClientOptions> = {},
  login: { retry?: number; timeout?: number } = {},
) {
  const world = makeWorld()
  const { fake } = world
  const made = {
    fake,
    reply: (): FakeReply => ({ data: { token: fake.server.issue() } }),
    ...launch(),
    /** How often the refresh token was sent. */
    refreshes: () => fake.server.requests.filter(({ path }) => path === '/refresh').length,
    /** The mini-program is started anew. */
    launch,
  }
  fake.storage.set(KEY, LEFT)
  fake.server.on('POST /refresh', ({ json }) =>
    (json as { refreshToken?: string }).refreshToken === 'R' ? made.reply() : { statusCode: 403 },
  )

  function launch(): Omit<World, 'fake'> {
    const refresh = ({ data }: Session) =>
      launched.api.post<string>('/refresh', data, {
        auth: false,
        timeout: 1000,
        unwrap: (response) => (response.data as { token: string }).token,
      })
    const launched: Omit<World, 'fake'> = clientOn(fake, {
      checkSession: false,
      login: { url: '/login', refresh, ...login },
      ...client,
    })
    return launched
  }
  return made
}

/** A route whose every accepted answer hands out the next token; the one before it is dead from then on. */
export function rotates(
  { server }: FakeWeChat,
  path: string,
  handOut: (token: string) => FakeReply = (token) => ({ header: { Authorization: token } }),
): void {
  const route = server.guard(() => {
    server.expire()
    return handOut(server.issue())
  })
  server.on(path, route)
}

/** Sends the back end into a state where each login ends the session before it. */
export function oneSessionEach({ server }: FakeWeChat): void {
  server.on('POST /login', ({ json }) => {
    server.expire()
    const answer = server.exchange(String((json as { code?: unknown }).code))
    return 'token' in answer ? { data: answer } : { statusCode: 400, data: answer }
  })
}
