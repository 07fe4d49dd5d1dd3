import { ConfigError } from '../errors'
import { check, type Rule } from '../options/rules'
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
const BEAT = { message: 'ping' as string | (() => string), interval: 30_000, timeout: 10_000 }

export type Settings = ReturnType<typeof settingsOf>

/** What was given, as it was then, and the defaults. */
export function settingsOf(options: SocketOptions) {
  checkSocket(options)
  const { heartbeat } = options
  return Object.assign(filled(DEFAULTS, options) as typeof DEFAULTS & SocketOptions, {
    heartbeat: heartbeat && (filled(BEAT, heartbeat) as typeof BEAT),
    header: Object.assign({}, options.header),
    protocols: options.protocols && options.protocols.slice(),
  })
}

/** One that is undefined counts as left out. */
function filled(defaults: object, given: object): object {
  const all = Object.assign({}, defaults) as Record<string, unknown>
  for (const [name, value] of Object.entries(given)) if (value !== undefined) all[name] = value
  return all
}

const isPlain = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const FUNCTION: Rule = { must: 'a function', holds: (value) => typeof value === 'function' }
const FLAG: Rule = { must: 'true or false', holds: (value) => typeof value === 'boolean' }
/** A longer timer would ring at once. */
const MS: Rule = {
  must: 'a number of ms above 0 and below 2 147 483 648',
  holds: (value) => typeof value === 'number' && value > 0 && value < 2 ** 31,
}
const COUNT: Rule = {
  must: 'a number of 0 or more',
  holds: (value) => typeof value === 'number' && value >= 0,
}
const TEXT: Rule = {
  must: 'a string or a function',
  holds: (value) => typeof value === 'function' || (typeof value === 'string' && value !== ''),
}
const RULES: Record<string, Rule> = {
  url: TEXT,
  auth: FLAG,
  protocols: { must: 'a list', holds: Array.isArray },
  header: { must: 'an object', holds: isPlain },
  isUnauthorized: FUNCTION,
  verify: FUNCTION,
  shouldReconnect: FUNCTION,
  connectionTimeout: MS,
  minReconnectionDelay: MS,
  maxReconnectionDelay: MS,
  minUptime: MS,
  maxRetries: COUNT,
  maxEnqueuedMessages: COUNT,
  heartbeat: {
    must: 'an object',
    holds: isPlain,
    fields: { message: TEXT, interval: MS, timeout: MS },
  },
  closeOnHide: FLAG,
}

function checkSocket(options: unknown): void {
  if (!isPlain(options)) throw new ConfigError('openSocket() takes an object of options.')
  check(Object.assign({ url: null }, options), RULES, 'openSocket(): ', true)
}

/** What a WebSocket takes (its standard, and the SocketTask.close page): a phone would throw, or close with 1006. */
export function checkClose(code: unknown, reason: unknown): void {
  if (code !== 1000 && !(typeof code === 'number' && code >= 3000 && code <= 4999 && code % 1 === 0))
    throw new ConfigError('close(): code must be 1000 or from 3000 to 4999.')
  if (typeof reason !== 'string' || encodeURIComponent(wellFormed(reason)).replace(/%../g, '-').length > 123)
    throw new ConfigError('close(): reason must be a string of at most 123 bytes.')
}

/** Half a character, which encodeURIComponent throws at, is sent as U+FFFD. */
function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]|[\uD800-\uDFFF]/g, (found) =>
    found[1] ? found : '\uFFFD',
  )
}
