import { createClient, type Client, type ClientEvent, type ClientOptions, type RequestError } from '../../src'
import type { RequestEvent } from '../../src/events'
import {
  createFakeClock,
  createFakeWeChat,
  type FakeRequest,
  type FakeStorage,
  type FakeWeChat,
  type FakeWeChatOptions,
} from '../../src/testing'
import type { Platform } from '../../src/platforms/wechat'

export const KEY = 'miniprogram-session'
export const HOME = 'https://api.test'

/** Of another platform: its project says so. */
declare const LAWS_LANES: number | undefined
/** How many requests the phone runs at a time. */
export const PHONE_LANES = typeof LAWS_LANES === 'undefined' ? 10 : LAWS_LANES

/** A phone, a back end and a client; what the client told its listeners is in `events`. */
export interface World {
  readonly fake: FakeWeChat
  readonly api: Client
  readonly events: ClientEvent[]
}

interface Setting {
  client?: Partial<ClientOptions>
  fake?: Omit<FakeWeChatOptions, 'clock'>
  /** A token left in the storage by an earlier launch. */
  stored?: string
  /** Whether the server still accepts it. Default true. */
  isLive?: boolean
}

export function makeWorld({ client, fake: options, stored, isLive = true }: Setting = {}): World {
  const clock = createFakeClock()
  const fake = createFakeWeChat({ ...options, clock })
  // A law is about any path: those without a route are answered like those with one.
  fake.server.anyPath = true
  if (stored !== undefined) {
    fake.storage.set(KEY, { token: stored })
    if (isLive) fake.server.issue(stored)
  }
  return { fake, ...clientOn(fake, client) }
}

/** One more copy of the package, on a phone that may have one already. */
export function clientOn(fake: FakeWeChat, client: Partial<ClientOptions> = {}): Omit<World, 'fake'> {
  const events: ClientEvent[] = []
  const api = createClient({
    baseURL: HOME,
    login: { url: '/login' },
    platform: fake.wx,
    onEvent: (event) => events.push(event),
    ...client,
  })
  return { api, events }
}

/** What has become of a promise, to be looked at without waiting for it. */
export interface Watched<T = unknown> {
  /** `'pending'`, `'ok'`, or the code it was rejected with. */
  code: string
  value: T | undefined
  error: RequestError | undefined
  /** The clock's time of the settlement. */
  at: number | undefined
}

export function watch<T>(
  promise: Promise<T>,
  { clock }: { clock: { now(): number } } | FakeWeChat,
): Watched<T> {
  const watched: Watched<T> = { code: 'pending', value: undefined, error: undefined, at: undefined }
  promise.then(
    (value) => Object.assign(watched, { code: 'ok', value, at: clock.now() }),
    (error: unknown) => {
      const code = (error as Partial<RequestError> | undefined)?.code ?? String(error)
      Object.assign(watched, { code, error, at: clock.now() })
    },
  )
  return watched
}

export const codesOf = (watched: readonly Watched[]): string[] => watched.map(({ code }) => code)

export function times<T>(count: number, make: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, n) => make(n))
}

/** The tokens with which `path` was asked, in order; `''` for none. */
export function tokensAt({ fake }: Pick<World, 'fake'>, path: string): string[] {
  return fake.server.requests.filter((request) => request.path === path).map(tokenOf)
}

export function tokenOf(request: FakeRequest): string {
  return request.headerOf('Authorization')?.replace('Bearer ', '') ?? ''
}

/** How often codes went to the server. */
export function exchangesAt({ fake }: Pick<World, 'fake'>): number {
  return fake.server.requests.filter(({ path }) => path === '/login').length
}

/** The token in the storage. */
export function storedToken({ storage }: { storage: FakeStorage }): string | undefined {
  return (storage.get(KEY) as { token?: string } | undefined)?.token
}

export function phasesOf(events: readonly ClientEvent[], type: ClientEvent['type']): string[] {
  return events.flatMap((event) => (event.type === type && 'phase' in event ? [event.phase] : []))
}

export function requestEvents(events: readonly ClientEvent[]): RequestEvent[] {
  return events.filter((event): event is RequestEvent => event.type === 'request')
}

/** A platform that differs from the fake in some calls. */
export function altered(fake: FakeWeChat, changes: Partial<Record<keyof Platform, unknown>>): Platform {
  return { ...(fake.wx as Platform), ...changes } as Platform
}

/** An answer that comes when the test says so. */
export interface Deferred<T> {
  readonly promise: Promise<T>
  resolve(value: T): void
  reject(error: unknown): void
}

export function deferred<T>(): Deferred<T> {
  let resolve!: (value: T) => void
  let reject!: (error: unknown) => void
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

/** A login that is not tried again. */
export const NO_RETRY = { login: { url: '/login', retry: 0 } }

/** Lets `ms` pass, and says what has become of a promise. In less time than a pause of the login, or a time-out. */
export async function soon<T>(fake: FakeWeChat, promise: Promise<T>, ms = 100): Promise<Watched<T>> {
  const watched = watch(promise, fake)
  await fake.clock.advance(ms)
  return watched
}

/** A server that answers 401 here, whoever asks. Returns what ends that. */
export function forbid({ server }: FakeWeChat, path: string): () => void {
  return server.on(path, () => ({ statusCode: 401 }))
}

/** What a client told of its session. */
export function sourcesOf(events: readonly ClientEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'session' ? [event.source] : []))
}
