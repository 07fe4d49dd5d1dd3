import { ConfigError } from './errors'
import type { AnyRequest, ClientOptions, ExtendOptions, Middleware, SessionStore } from './options'
import type { Response } from './response'
import { retryPolicy, type RetryPolicy } from './retry'
import { createAttach, type AttachToken } from './session/attach'
import type { Need } from './session/waiter'
import type { HeaderInit } from './transport/headers'
import { platformOf, type Platform } from './transport/platform'
import { createBases, isAbsolute, safeOrigin, type Bases } from './transport/urls'

/** The options of one client, checked and filled in. */
export interface Config {
  bases: Bases
  attach: AttachToken
  isUnauthorized: (response: Response) => boolean
  unwrap: (response: Response) => unknown
  /** What `auth: true` needs of the session. */
  tokenNeed: Need
  header: HeaderInit | (() => HeaderInit) | undefined
  timeout: number
  totalTimeout: number | undefined
  retry: RetryPolicy
  throwHttpErrors: boolean | undefined
  use: readonly Middleware[]
  authOrigins: readonly string[] | undefined
  /** The origins of `baseURL` and `login.url`: where a token may go unless `authOrigins` says otherwise. */
  homeOrigins: () => readonly string[]
  platform: () => Platform
}

/** Option by option, what it may be, in words that serve as the check and as the message: see `kindsOf`. */
type Rules = Readonly<Record<string, string>>

const MILLISECONDS = 'a number of ms above 0'
const RETRY = 'a whole number, an object or false'

const OPTIONS: Rules = {
  login: 'an object or a function',
  baseURL: "'', a string, a list or a function",
  attach: "'bearer', an object or a function",
  isUnauthorized: 'a function',
  unwrap: 'a function',
  checkSession: "'background', 'blocking' or false",
  storage: 'an object',
  header: 'an object or a function',
  timeout: MILLISECONDS,
  totalTimeout: MILLISECONDS,
  retry: RETRY,
  concurrency: 'a whole number above 0',
  authOrigins: 'a list',
  throwHttpErrors: 'true or false',
  use: 'a list of functions',
  platform: 'an object',
  onEvent: 'a function',
}

const LOGIN_OPTIONS: Rules = {
  url: 'a string',
  method: 'a string',
  data: 'an object or a function',
  header: 'an object',
  token: 'a string, an object or a function',
  expiresIn: 'a string',
  refresh: 'a function',
  timeout: MILLISECONDS,
  retry: 'a whole number',
}

const STORAGE_OPTIONS: Rules = {
  key: 'a string',
  encrypt: 'true or false',
  get: 'a function',
  set: 'a function',
  remove: 'a function',
}

const RETRY_OPTIONS: Rules = {
  limit: 'a whole number',
  methods: 'a list',
  statusCodes: 'a list',
  delay: 'a function',
}

const REQUEST_OPTIONS: Rules = {
  query: 'an object',
  header: 'an object',
  throwHttpErrors: 'true or false',
  unwrap: 'a function',
  auth: "true, false, 'verified' or 'optional'",
  retry: RETRY,
  timeout: MILLISECONDS,
  totalTimeout: MILLISECONDS,
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'])

/** Everything that a rule may call this value. */
function kindsOf(value: unknown): unknown[] {
  if (Array.isArray(value)) {
    return ['a list', value.every((one) => typeof one === 'function') && 'a list of functions']
  }
  if (typeof value === 'number') {
    const isWhole = value >= 0 && value % 1 === 0
    return [
      value > 0 && MILLISECONDS,
      isWhole && 'a whole number',
      isWhole && value > 0 && 'a whole number above 0',
    ]
  }
  if (typeof value === 'string') return [value && 'a string', `'${value}'`]
  if (typeof value === 'object') return [value && 'an object']
  return [`a ${typeof value}`, `${value as boolean}`]
}

/** Unknown names are refused only where all are ours: a request has WeChat's as well. */
function inspect(given: object, rules: Rules, prefix: string, refuseUnknown?: boolean): void {
  for (const name in given) {
    const rule = rules[name]
    const value = (given as Record<string, unknown>)[name]
    if (typeof rule !== 'string' && refuseUnknown) {
      throw new ConfigError(`${prefix}${name} is no option. There are: ${Object.keys(rules).join(', ')}.`)
    }
    if (typeof rule !== 'string' || value === undefined) continue
    const allowed = rule.split(/, | or /)
    if (!kindsOf(value).some((kind) => allowed.indexOf(kind as string) >= 0)) {
      throw new ConfigError(`${prefix}${name} must be ${rule}.`)
    }
  }
}

export function inspectOptions(options: ClientOptions): void {
  const { login, storage, retry, platform } = Object(options) as Partial<ClientOptions>
  if (!login || (typeof login === 'object' && !login.url)) {
    throw new ConfigError("login.url is missing: createClient({ baseURL, login: { url: '/login' } }).")
  }
  inspect(options, OPTIONS, '', true)
  if (platform) platformOf(platform)
  if (typeof login === 'object') {
    inspect(login, LOGIN_OPTIONS, 'login.', true)
    if (typeof login.token === 'object' && !login.token.cookie) {
      throw new ConfigError("login.token: name the cookie, { cookie: 'sid' }.")
    }
    if (typeof login.token === 'string' && /session_?key$/i.test(login.token)) {
      throw new ConfigError(
        'login.token: a session_key must not leave your server. Let it make a token of its own.',
      )
    }
  }
  if (storage) {
    inspect(storage, STORAGE_OPTIONS, 'storage.', true)
    const { get, set, remove } = storage as Partial<SessionStore>
    if ((get || set || remove) && !(get && set && remove)) {
      throw new ConfigError('storage: a store of your own needs get, set and remove.')
    }
  }
  inspectRetry(retry)
}

function inspectRetry(retry: unknown): void {
  if (typeof retry === 'object') inspect(Object(retry) as object, RETRY_OPTIONS, 'retry.', true)
}

export function inspectRequest(request: AnyRequest): void {
  const { method = 'GET', retry } = request
  if (typeof method !== 'string' || !METHODS.has(method.toUpperCase())) {
    throw new ConfigError(
      `has a method that WeChat does not know. There are: ${Array.from(METHODS).join(', ')}.`,
    )
  }
  inspect(request, REQUEST_OPTIONS, 'cannot be sent: ')
  inspectRetry(retry)
}

export function createConfig(options: ClientOptions): Config {
  const {
    login,
    baseURL = '',
    attach = 'bearer',
    isUnauthorized = (response: Response) => response.statusCode === 401,
    unwrap = (response: Response) => response.data,
    timeout = 30_000,
    retry = 2,
    use = [],
  } = options
  const bases = createBases(baseURL)
  const loginURL = typeof login === 'object' ? login.url : undefined
  if (loginURL !== undefined && !isAbsolute(loginURL) && bases.isEmpty) {
    throw new ConfigError(`login.url "${loginURL}" is relative: set baseURL, or give the whole URL.`)
  }
  const ofLogin = loginURL !== undefined && isAbsolute(loginURL) ? [safeOrigin(loginURL, 'login.url')] : []
  return {
    bases,
    attach: createAttach(attach),
    isUnauthorized,
    unwrap,
    tokenNeed: options.checkSession === 'blocking' ? 'confirmed' : 'token',
    header: options.header,
    timeout,
    totalTimeout: options.totalTimeout,
    retry: retryPolicy(retry),
    throwHttpErrors: options.throwHttpErrors,
    use,
    authOrigins:
      options.authOrigins && options.authOrigins.map((origin) => safeOrigin(origin, 'authOrigins')),
    homeOrigins: () => (ofLogin.length ? bases.origins().concat(ofLogin) : bases.origins()),
    platform: () => platformOf(options.platform),
  }
}

/** The options of a clone: each one given replaces its parent's. */
export function extendOptions(parent: ClientOptions, options: ExtendOptions): ClientOptions {
  for (const name of ['login', 'checkSession', 'storage', 'concurrency', 'platform', 'onEvent']) {
    if (name in options)
      throw new ConfigError(`${name} belongs to the session, which clones share: set it in createClient.`)
  }
  const merged = Object.assign({}, parent, options)
  inspectOptions(merged)
  return merged
}
