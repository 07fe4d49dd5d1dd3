import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { startBackend, type Backend } from '../../demo/backend'
import type { Stats } from '../../example-server/src/dev/stats.ts'
import { mintCode } from '../../server/src/testing.ts'
import { wsTransport } from './ws-transport'
import { createClient, RequestError, type Client, type ClientOptions, type Clock } from '../../src'
import { createFakeWeChat, httpTransport, realClock, type FakeWeChat } from '../../src/testing'

export interface Phone {
  fake: FakeWeChat<Clock>
  api: Client
}

let phones = 0

/** A phone of a user that no other test has, on real sockets and in real time. */
export function phone(baseURL: ClientOptions['baseURL'], options: Partial<ClientOptions> = {}): Phone {
  const user = `user-${++phones}`
  const fake = createFakeWeChat({
    server: httpTransport(),
    sockets: wsTransport,
    clock: realClock,
    codes: () => mintCode(user),
    loginLatency: 1,
    checkLatency: 1,
  })
  return { fake, api: createClient(usual(fake, baseURL, options)) }
}

export function usual(
  fake: FakeWeChat<Clock>,
  baseURL: ClientOptions['baseURL'],
  options: Partial<ClientOptions> = {},
): ClientOptions {
  return {
    platform: fake.wx,
    login: { url: '/login' },
    // Tried again as often as ever, but nobody here wants to wait for it.
    retry: { delay: () => 20 },
    ...(baseURL !== undefined && { baseURL }),
    ...options,
  }
}

/** The example server, for the tests of one file. */
export function useBackend(): () => Backend {
  let backend: Backend | undefined
  beforeAll(async () => {
    backend = await startBackend()
  })
  afterAll(() => backend?.close())
  return () => {
    if (!backend) throw new Error('the server has not started yet')
    return backend
  }
}

/** Starts counting: what it returns gives the server's own counts from here on. */
export async function countFrom(backend: Backend): Promise<() => Promise<Stats>> {
  const before = await backend.stats()
  return async () => {
    const now = await backend.stats()
    for (const name of Object.keys(now) as (keyof Stats)[]) now[name] -= before[name]
    return now
  }
}

/** Waits until it is so. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 4000
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not so within 4 s: ${String(condition)}`)
    await pause(2)
  }
}

const servers: Server[] = []

/** A back end of a test's own, gone when the test is over. Gives its address. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  }
})

/** An address where nobody listens. */
export async function deadAddress(): Promise<string> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return `http://127.0.0.1:${port}`
}

/** Hands over the whole body of a request once it is there. */
export function whole(incoming: IncomingMessage, then: (body: Buffer) => void): void {
  const parts: Buffer[] = []
  incoming.on('data', (part: Buffer) => parts.push(part))
  incoming.on('end', () => then(Buffer.concat(parts)))
}

/** What it rejects with. */
export async function caught(promise: Promise<unknown>): Promise<RequestError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof RequestError) return error
    throw error
  }
  throw new Error('it resolved')
}

/** So many requests at once, each for a page of its own. */
export function pages(api: Client, count: number): Promise<{ page: number }>[] {
  return Array.from({ length: count }, (_, index) =>
    api.get<{ page: number }>('/orders', { page: index + 1 }),
  )
}
