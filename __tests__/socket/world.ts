import type { ClientOptions, RequestError } from '../../src'
import {
  openSocket,
  type CloseEvent,
  type Socket,
  type SocketOptions,
  type SocketState,
} from '../../src/socket'
import type { FakeConnection, FakeWeChatOptions, SocketHandler } from '../../src/testing'
import { makeWorld, type World } from '../laws/world'

export const PATH = '/ws'
export const WS = 'wss://api.test/ws'
/** What most phones say of any refused handshake, and what DevTools says of one. */
export const IN_WORDS = (status: number) => `WebSocket handshake: Unexpected response code: ${status}`

export interface SocketWorld extends World {
  /** Every handshake that arrived, and what became of it. */
  readonly lines: FakeConnection[]
  /** Those that are open at the back end. */
  readonly live: () => FakeConnection[]
  /** The tokens of the handshakes, in order; `''` for none. */
  readonly tokens: () => string[]
  readonly logins: () => number
}

/** Answers each message. */
export const echo: SocketHandler = (line) => line.onMessage((data) => line.send(`echo ${data as string}`))

interface Setting {
  token?: 'good' | 'dead' | 'none'
  client?: Partial<ClientOptions>
  fake?: Omit<FakeWeChatOptions, 'clock'>
  handler?: SocketHandler
}

/** A phone with a token in its store, good or dead, and a back end with a socket at `/ws`. */
export function phoneWith({
  token = 'good',
  client,
  fake: options,
  handler = () => undefined,
}: Setting = {}): SocketWorld {
  const world = makeWorld({
    ...(token !== 'none' && { stored: token, isLive: token === 'good' }),
    client: { checkSession: false, ...client },
    ...(options && { fake: options }),
  })
  const { server } = world.fake
  server.onSocket(PATH, server.guardSocket(handler))
  return {
    ...world,
    lines: server.connections,
    live: () => server.connections.filter(({ state }) => state === 'open'),
    tokens: () =>
      server.connections.map(
        ({ request }) => request.headerOf('Authorization')?.replace('Bearer ', '') ?? '',
      ),
    logins: () => server.requests.filter(({ path }) => path === '/login').length,
  }
}

export interface Heard {
  readonly socket: Socket
  /** All in order: `=state`, `open`, `< message`, `close 1006`, `! CODE`. */
  readonly log: string[]
  readonly closes: CloseEvent[]
  readonly errors: RequestError[]
  readonly messages: (string | ArrayBuffer)[]
  readonly states: SocketState[]
  readonly opens: () => number
}

/** Opens a socket and notes what it tells. */
export function open(api: World['api'], options: Partial<SocketOptions> = {}): Heard {
  return listen(openSocket(api, { url: PATH, ...options }))
}

export function listen(socket: Socket): Heard {
  const heard: Heard = {
    socket,
    log: [],
    closes: [],
    errors: [],
    messages: [],
    states: [],
    opens: () => heard.log.filter((each) => each === 'open').length,
  }
  socket.on('state', (state) => {
    heard.states.push(state)
    heard.log.push(`=${state}`)
  })
  socket.on('open', () => heard.log.push('open'))
  socket.on('message', ({ data }) => {
    heard.messages.push(data)
    heard.log.push(`< ${data as string}`)
  })
  socket.on('close', (event) => {
    heard.closes.push(event)
    heard.log.push(`close ${event.code}`)
  })
  socket.on('error', (error) => {
    heard.errors.push(error)
    heard.log.push(`! ${error.code}`)
  })
  return heard
}

/** Long enough for a login, a handshake, and a message there and back; shorter than any wait between tries. */
export const SOON = 200
