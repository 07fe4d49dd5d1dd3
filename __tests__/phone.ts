import { createClient, type Client, type ClientEvent, type ClientOptions, type RequestError } from '../src'
import { createFakeWeChat, type FakeClock, type FakeWeChat, type FakeWeChatOptions } from '../src/testing'

export const HOME = 'https://api.test'
export const KEY = 'miniprogram-session'

export interface Phone {
  fake: FakeWeChat
  api: Client
  events: ClientEvent[]
}

/** A phone with the SDK on it, a back end that answers after 10 ms, and no session yet. */
export function phone(
  options: Partial<ClientOptions> = {},
  settings: FakeWeChatOptions & { clock?: FakeClock } = {},
): Phone {
  const fake = createFakeWeChat(settings)
  // A test defines the routes that it is about; any other answers too.
  fake.server.anyPath = true
  const events: ClientEvent[] = []
  const api = createClient({ ...usual(fake), onEvent: (event) => void events.push(event), ...options })
  return { fake, api, events }
}

/** The same phone with a live token in its storage. */
export function knownPhone(
  options: Partial<ClientOptions> = {},
  settings: FakeWeChatOptions & { clock?: FakeClock } = {},
): Phone {
  const made = phone(options, settings)
  made.fake.storage.set(KEY, { token: made.fake.server.issue() })
  return made
}

export function usual(fake: FakeWeChat): ClientOptions {
  return { platform: fake.wx, baseURL: HOME, login: { url: '/login' } }
}

type Outcome<T> = { value: T } | { error: unknown }

/** Lets all time pass and tells what `promise` came to. */
export async function outcome<T>(fake: FakeWeChat, promise: Promise<T>): Promise<Outcome<T>> {
  const settled = promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  await fake.clock.runAll()
  return Promise.race([settled, Promise.resolve({ error: new Error('it never settled') })])
}

/** What it resolves to once all time has passed. */
export async function result<T>(fake: FakeWeChat, promise: Promise<T>): Promise<T> {
  const end = await outcome(fake, promise)
  if ('error' in end) throw end.error
  return end.value
}

/** What it rejects with once all time has passed. */
export async function failure(fake: FakeWeChat, promise: Promise<unknown>): Promise<RequestError> {
  const end = await outcome(fake, promise)
  if ('value' in end) throw new Error(`it resolved to ${JSON.stringify(end.value)}`)
  return end.error as RequestError
}

/** What it rejects with; letting time pass is up to the test. */
export function caught(promise: Promise<unknown>): Promise<RequestError> {
  return promise.then(
    () => {
      throw new Error('it resolved')
    },
    (error: unknown) => error as RequestError,
  )
}

/** What a function throws. */
export function thrown(run: () => unknown): RequestError {
  try {
    run()
  } catch (error) {
    return error as RequestError
  }
  throw new Error('it did not throw')
}

/** The last request that reached the back end. */
export function last(fake: FakeWeChat) {
  const request = fake.server.requests[fake.server.requests.length - 1]
  if (!request) throw new Error('no request arrived')
  return request
}
