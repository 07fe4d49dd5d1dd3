import { ConfigError } from '../errors'
import { check, either, FLAG, FUNCTION, LIST, OBJECT, object, rule, table, TEXT } from '../options/rules'
import { isBuffer } from '../transport/snapshot'
import type { CloseEvent } from './types'

/** A message to the server at intervals, for the frames of a WebSocket's own ping are not to be seen here. */
export interface Heartbeat {
  /** Default `'ping'`. */
  message?: string | (() => string)
  /** ms without a message from the server after which it is sent. Default 30 000. */
  interval?: number
  /** ms after which, still without a message, the connection is dead. Any message is an answer. Default 10 000. */
  timeout?: number
}

/** What `openSocket` takes. */
export interface SocketOptions {
  /**
   * Absolute (`wss:`), or relative to the client's `baseURL`. A function is asked for every connect: get a one-time ticket there,
   * with `client.post`, and set `auth: false`.
   */
  url: string | (() => string | Promise<string>)
  /** Whether each handshake carries the current token, as the client's `attach` says (but not in a body). Default true. */
  auth?: boolean
  protocols?: string[]
  header?: Record<string, string>
  /** Whether a close means that the token has ended. Default: code 4401, or a refusal whose words name 401. */
  isUnauthorized?: (event: CloseEvent) => boolean
  /**
   * Asked after a handshake was refused with a status that the phone does not tell: a cheap request, whose 401 logs in.
   * `() => api.get('/me')`
   */
  verify?: () => unknown
  /** For close codes that mean "do not come back". Default: always. */
  shouldReconnect?: (event: CloseEvent) => boolean
  /** ms for a handshake, and for a `url()`. Default 10 000. */
  connectionTimeout?: number
  /** ms before another try; doubled each time, half of it random. Default 1000. */
  minReconnectionDelay?: number
  /** ms. Default 30 000. */
  maxReconnectionDelay?: number
  /** ms after which a connection makes good the failures before it. Default 5000. */
  minUptime?: number
  /** Tries in a row that may fail before it ends. Default: no end. */
  maxRetries?: number
  /** What `send` keeps while there is no connection. Default 100. */
  maxEnqueuedMessages?: number
  /** Default: none. */
  heartbeat?: Heartbeat
  /** Closed in the background, where WeChat would cut it without a word, and back on show. Default true. */
  closeOnHide?: boolean
}

const DEFAULTS = {
  auth: true,
  isUnauthorized: ({ code, status }: CloseEvent) => code === 4401 || status === 401,
  shouldReconnect: () => true,
  connectionTimeout: 10_000,
  minReconnectionDelay: 1000,
  maxReconnectionDelay: 30_000,
  minUptime: 5000,
  maxRetries: Infinity,
  maxEnqueuedMessages: 100,
  closeOnHide: true,
}
const BEAT = { message: 'ping', interval: 30_000, timeout: 10_000 }

export type Beat = Required<Heartbeat>
export type Settings = ReturnType<typeof settingsOf>

const TEXT_NOW = either(TEXT, FUNCTION)
const MS = rule(
  'a number of ms above 0 and below 2 147 483 648',
  (value) => typeof value === 'number' && value > 0 && value < 2 ** 31,
)
const COUNT = rule('a number of 0 or more', (value) => typeof value === 'number' && value >= 0)
const RULES = table({
  url: TEXT_NOW,
  auth: FLAG,
  protocols: LIST,
  header: OBJECT,
  isUnauthorized: FUNCTION,
  verify: FUNCTION,
  shouldReconnect: FUNCTION,
  connectionTimeout: MS,
  minReconnectionDelay: MS,
  maxReconnectionDelay: MS,
  minUptime: MS,
  maxRetries: COUNT,
  maxEnqueuedMessages: COUNT,
  heartbeat: object(table({ message: TEXT_NOW, interval: MS, timeout: MS })),
  closeOnHide: FLAG,
})

/** What was given, as it was then, and the defaults. */
export function settingsOf(options: SocketOptions) {
  const { heartbeat, header, protocols } = Object(options) as SocketOptions
  if (!OBJECT.holds(options)) throw new ConfigError('openSocket() takes an object of options.')
  check(Object.assign({ url: null }, options), RULES, 'openSocket(): ', true)
  return Object.assign(filled(DEFAULTS, options), {
    heartbeat: heartbeat && (filled(BEAT, heartbeat) as Beat),
    header: Object.assign({}, header),
    protocols: protocols && protocols.slice(),
  })
}

/** One that is undefined counts as left out. */
function filled<D extends object, G extends object>(defaults: D, given: G): D & G {
  const all = Object.assign({}, defaults) as Record<string, unknown>
  for (const [name, value] of Object.entries(given)) if (value !== undefined) all[name] = value
  return all as D & G
}

/** What a WebSocket takes (its standard, and the SocketTask.close page): a phone would throw, or close with 1006. */
export function checkClose(code: unknown, reason: unknown): void {
  if (code !== 1000 && !(typeof code === 'number' && code >= 3000 && code <= 4999 && code % 1 === 0))
    throw new ConfigError('close(): code must be 1000 or from 3000 to 4999.')
  if (typeof reason !== 'string' || bytesOf(reason) > 123)
    throw new ConfigError('close(): reason must be a string of at most 123 bytes.')
}

/** What was given, if it can be sent. */
export function sendable<T>(data: T): T {
  if (typeof data !== 'string' && !isBuffer(data))
    throw new ConfigError('send() takes a string or an ArrayBuffer: send(JSON.stringify(message)).')
  return data
}

/** In UTF-8, where half a character is sent as U+FFFD. */
function bytesOf(text: string): number {
  let bytes = 0
  // By characters, and not by their halves.
  for (const each of text) bytes += each.length > 1 ? 4 : each < '\x80' ? 1 : each < '\u0800' ? 2 : 3
  return bytes
}
