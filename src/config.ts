import { ConfigError } from './errors'
import type { ClientOptions, ExtendOptions, LoginOptions, Response } from './options'
import { retryPolicy, type RetryPolicy } from './retry'
import { createAttach, type AttachToken } from './session/attach'
import type { Need } from './session/session'
import type { Middleware } from './middleware'
import { platformOf, type Platform } from './transport/platform'
import type { Header } from './transport/prepare'
import { createBases, isAbsolute, safeOrigin, type Bases } from './transport/urls'

/** The options of one client, checked and filled in. */
export interface Config {
  bases: Bases
  attach: AttachToken
  isUnauthorized: (response: Response) => boolean
  unwrap: (response: Response) => unknown
  checkSession: 'background' | 'blocking' | false
  /** What `auth: true` needs of the session. */
  tokenNeed: Need
  header: Header
  timeout: number
  totalTimeout: number | undefined
  retry: RetryPolicy
  throwHttpErrors: boolean | undefined
  use: readonly Middleware[]
  authOrigins: () => readonly string[]
  platform: () => Platform
}

type Check = (value: unknown) => boolean

const isFunction: Check = (value) => typeof value === 'function'
const isObject: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const isText: Check = (value) => typeof value === 'string' && value !== ''
const isList: Check = (value) => Array.isArray(value)
const isCount: Check = (value) => typeof value === 'number' && value >= 0 && Math.floor(value) === value
const isPositive: Check = (value) => typeof value === 'number' && value > 0
const either =
  (...checks: Check[]): Check =>
  (value) =>
    checks.some((check) => check(value))
const oneOf =
  (...values: unknown[]): Check =>
  (value) =>
    values.indexOf(value) >= 0

type Rules = Record<string, readonly [Check, string]>

const A_FUNCTION = 'a function'
const MILLISECONDS = [isPositive, 'a number of ms above 0'] as const
const RETRY = [either(isCount, isObject, oneOf(false)), 'a whole number, { limit, … } or false'] as const

const OPTIONS: Rules = {
  login: [either(isFunction, isObject), "{ url: '/login' } or a function that turns a code into a token"],
  baseURL: [
    either(isList, isFunction, (value) => typeof value === 'string'),
    'a URL, a list of URLs or a function',
  ],
  attach: [() => true, ''],
  isUnauthorized: [isFunction, A_FUNCTION],
  unwrap: [isFunction, A_FUNCTION],
  checkSession: [oneOf('background', 'blocking', false), "'background', 'blocking' or false"],
  storage: [isObject, '{ key, encrypt } or { get, set, remove }'],
  header: [either(isObject, isFunction), 'an object or a function'],
  timeout: MILLISECONDS,
  totalTimeout: MILLISECONDS,
  retry: RETRY,
  concurrency: [(value) => isCount(value) && isPositive(value), 'a whole number above 0'],
  authOrigins: [isList, "a list such as ['https://api.example.com']"],
  throwHttpErrors: [oneOf(true, false), 'true or false'],
  use: [(value) => isList(value) && (value as unknown[]).every(isFunction), 'a list of functions'],
  platform: [isObject, 'wx, tt, uni, Taro or the like'],
  onEvent: [isFunction, A_FUNCTION],
}

const LOGIN_OPTIONS: Rules = {
  url: [isText, "a URL such as '/login'"],
  method: [isText, 'an HTTP method'],
  data: [either(isObject, isFunction), 'an object or a function'],
  header: [isObject, 'an object'],
  token: [either(isText, isObject, isFunction), "a path such as 'data.token', { cookie } or a function"],
  expiresIn: [isText, "a path such as 'data.expires_in'"],
  refresh: [isFunction, A_FUNCTION],
  timeout: MILLISECONDS,
  retry: [isCount, 'a whole number'],
}

const REQUEST_OPTIONS: Rules = {
  url: [(value) => typeof value === 'string', 'a string'],
  method: [
    oneOf('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT', undefined),
    'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE or CONNECT',
  ],
  auth: [oneOf(true, false, 'verified', 'optional'), "true, false, 'verified' or 'optional'"],
  retry: RETRY,
  timeout: MILLISECONDS,
  totalTimeout: MILLISECONDS,
}

function inspect(given: object, rules: Rules, prefix: string, strict: boolean): void {
  const values = given as Record<string, unknown>
  for (const name in values) {
    const rule = rules[name]
    if (!rule) {
      if (strict)
        throw new ConfigError(
          `${prefix}${name} is not an option. There are: ${Object.keys(rules).join(', ')}.`,
        )
    } else if (values[name] !== undefined && !rule[0](values[name])) {
      throw new ConfigError(`${prefix}${name} must be ${rule[1]}.`)
    }
  }
}

export function inspectOptions(options: ClientOptions): void {
  if (!isObject(options) || (options as Partial<ClientOptions>).login === undefined) {
    throw new ConfigError("login is required: createClient({ baseURL, login: { url: '/login' } }).")
  }
  inspect(options, OPTIONS, '', true)
  const { login } = options
  if (typeof login === 'object') {
    if (!login.url) throw new ConfigError("login.url is required, such as '/login'.")
    inspect(login, LOGIN_OPTIONS, 'login.', true)
  }
}

/** A request has fields that are WeChat's, so unknown ones pass. */
export function inspectRequest(request: object): void {
  inspect(request, REQUEST_OPTIONS, 'has a wrong ', false)
}

export function createConfig(options: ClientOptions): Config {
  const { baseURL = '', login, authOrigins, platform, attach = 'bearer' } = options
  const bases = createBases(baseURL)
  const given = authOrigins?.map((origin) => safeOrigin(origin, 'authOrigins'))
  const ofLogin = typeof login === 'object' ? loginOrigins(login, bases) : []
  return {
    bases,
    attach: createAttach(attach),
    isUnauthorized: options.isUnauthorized ?? ((response) => response.statusCode === 401),
    unwrap: options.unwrap ?? ((response) => response.data),
    checkSession: options.checkSession ?? 'background',
    tokenNeed: options.checkSession === 'blocking' ? 'confirmed' : 'token',
    header: options.header,
    timeout: options.timeout ?? 30_000,
    totalTimeout: options.totalTimeout,
    retry: retryPolicy(options.retry ?? 2),
    throwHttpErrors: options.throwHttpErrors,
    use: options.use ?? [],
    authOrigins: given
      ? () => given
      : ofLogin.length
        ? () => bases.origins().concat(ofLogin)
        : () => bases.origins(),
    platform: () => platformOf(platform),
  }
}

function loginOrigins({ url }: LoginOptions, bases: Bases): string[] {
  if (isAbsolute(url)) return [safeOrigin(url, 'login.url')]
  if (bases.isEmpty) {
    throw new ConfigError(`login.url "${url}" is relative: set baseURL, or give the whole URL.`)
  }
  return []
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
