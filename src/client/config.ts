import { ConfigError } from '../errors'
import type { ClientOptions, ExtendOptions, Middleware } from '../options/client'
import type { LoginOptions, SessionStore } from '../options/session'
import type { Response } from '../options/response'
import { retryPolicy, type RetryPolicy } from '../call/retry'
import { createAttach, type AttachToken } from '../session/attach'
import type { Need } from '../session/waiter'
import type { HeaderInit } from '../transport/headers'
import { platformOf, type Platform } from '../platforms/wechat'
import { createBases, isAbsolute, originOf, safeOrigin, type Bases } from '../transport/urls'

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
  /** Whether a token may go to this URL: to the `authOrigins`, by default those of `baseURL` and `login.url`. */
  isHome: (url: string) => boolean
  platform: () => Platform
}

/** Option by option, what it may be, in words that serve as the check and as the message: see `kindsOf`. */
type Rules = Readonly<Record<string, string>>

const FUNCTION = 'a function'
const TEXT = 'a string'
const FLAG = 'true or false'
const LIST = 'a list'
const WHOLE = 'a whole number'
const OBJECT_OR_FUNCTION = 'an object or a function'
const MILLISECONDS = 'a number of ms above 0'

/** What a client says for all its requests, and a request for itself. */
const SHARED: Rules = {
  header: OBJECT_OR_FUNCTION,
  timeout: MILLISECONDS,
  totalTimeout: MILLISECONDS,
  retry: 'a whole number, an object or false',
  throwHttpErrors: FLAG,
  unwrap: FUNCTION,
}

/** Fields that are ours; what else a request has goes to WeChat untouched. */
export const REQUEST_OPTIONS: Rules = Object.assign({}, SHARED, {
  header: 'an object',
  query: 'an object',
  auth: "true, false, 'verified' or 'optional'",
  context: 'an object',
  // As other libraries have it. WeChat would drop them without a word.
  headers: 'called header',
  params: 'called query',
  body: 'called data',
})

const OPTIONS: Rules = Object.assign(
  {
    login: OBJECT_OR_FUNCTION,
    baseURL: "'', a string, a list or a function",
    attach: "'bearer', an object or a function",
    isUnauthorized: FUNCTION,
    checkSession: "'background', 'blocking' or false",
    storage: 'an object',
    concurrency: 'a whole number above 0',
    authOrigins: LIST,
    use: 'a list of functions',
    platform: 'an object',
    onEvent: FUNCTION,
  },
  SHARED,
)

const LOGIN_OPTIONS: Rules = {
  url: TEXT,
  method: TEXT,
  data: OBJECT_OR_FUNCTION,
  header: 'an object',
  token: 'a string, an object or a function',
  expiresIn: TEXT,
  refresh: FUNCTION,
  timeout: MILLISECONDS,
  retry: WHOLE,
}

const STORAGE_OPTIONS: Rules = { key: TEXT, encrypt: FLAG, get: FUNCTION, set: FUNCTION, remove: FUNCTION }

const RETRY_OPTIONS: Rules = { limit: WHOLE, methods: LIST, statusCodes: LIST, delay: FUNCTION }

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT']

/** Everything that a rule may call this value. */
function kindsOf(value: unknown): unknown[] {
  if (Array.isArray(value))
    return [LIST, value.every((one) => typeof one === 'function') && 'a list of functions']
  if (typeof value === 'number') {
    const whole = value >= 0 && value % 1 === 0 && WHOLE
    return [value > 0 && MILLISECONDS, whole, value > 0 && `${whole as string} above 0`]
  }
  if (typeof value === 'string') return [value && TEXT, `'${value}'`]
  if (typeof value === 'object') return [value && 'an object']
  return [`a ${typeof value}`, typeof value === 'boolean' && `${value}`]
}

/** What may stand in options that are objects themselves, unless they are of WeChat's. */
const INNER: Readonly<Record<string, Rules>> = {
  login: LOGIN_OPTIONS,
  storage: STORAGE_OPTIONS,
  retry: RETRY_OPTIONS,
}

/** Unknown names are refused only where all are ours: a request has WeChat's as well. */
function inspect(given: object, rules: Rules, prefix: string, refuseUnknown = true): void {
  for (const name in given) {
    const rule = rules[name]
    const inner = INNER[name]
    const value = (given as Record<string, unknown>)[name]
    if (typeof rule !== 'string') {
      if (!refuseUnknown) continue
      throw new ConfigError(`${prefix}${name} is no option. There are: ${Object.keys(rules).join(', ')}.`)
    }
    if (value === undefined) continue
    const allowed = rule.split(/, | or /)
    if (!kindsOf(value).some((kind) => allowed.indexOf(kind as string) >= 0))
      throw new ConfigError(`${prefix}${name} must be ${rule}.`)
    // A store of the app's own has whatever else it needs.
    const isOurs = inner !== STORAGE_OPTIONS || !('get' in Object(value))
    if (inner && typeof value === 'object') inspect(Object(value) as object, inner, `${name}.`, isOurs)
  }
}

export function inspectOptions(options: ClientOptions): void {
  const { login, storage, platform } = Object(options) as Partial<ClientOptions>
  if (!login || (typeof login === 'object' && !login.url))
    throw new ConfigError("login.url is missing: createClient({ baseURL, login: { url: '/login' } }).")
  inspect(options, OPTIONS, '')
  if (platform) platformOf(platform)
  const { token, method } = login as Partial<LoginOptions>
  if (method !== undefined) knownMethod(method, 'login.method is one')
  if (typeof token === 'object' && !token.cookie)
    throw new ConfigError("login.token: name the cookie, { cookie: 'sid' }.")
  if (typeof token === 'string' && /session_?key$/i.test(token))
    throw new ConfigError(
      'login.token: a session_key must not leave your server. Let it make a token of its own.',
    )
  const { get, set, remove } = Object(storage) as Partial<SessionStore>
  if ((get || set || remove) && !(get && set && remove))
    throw new ConfigError('storage: a store of your own needs get, set and remove.')
}

export function inspectRequest(extras: object): void {
  inspect(extras, REQUEST_OPTIONS, 'cannot be sent: ', false)
}

/** A method that WeChat knows, in capitals. */
export function knownMethod(method: unknown, subject = 'has a method'): string {
  const name = typeof method === 'string' ? method : ''
  const known = METHODS[METHODS.indexOf(name)] || METHODS[METHODS.indexOf(name.toUpperCase())]
  if (known) return known
  throw new ConfigError(`${subject} that WeChat does not know. There are: ${METHODS.join(', ')}.`)
}

/** `null` stands for what is missing and must not be. */
export function inspectAuthorize(run: unknown = null, isUnauthorized: unknown): void {
  inspect({ run, isUnauthorized }, { run: FUNCTION, isUnauthorized: FUNCTION }, 'cannot be run: ')
}

export function createConfig(options: ClientOptions): Config {
  const {
    login,
    baseURL = '',
    attach = 'bearer',
    isUnauthorized = ({ statusCode }: Response) => statusCode === 401,
    unwrap = ({ data }: Response) => data,
    timeout = 30_000,
    retry = 2,
    use = [],
    header,
    totalTimeout,
    throwHttpErrors,
  } = options
  const bases = createBases(baseURL)
  const { url } = login as LoginOptions
  const ofLogin = url && isAbsolute(url) ? [safeOrigin(url, 'login.url')] : []
  if (url && !ofLogin.length && baseURL === '')
    throw new ConfigError(`login.url "${url}" is relative: set baseURL, or give the whole URL.`)
  const authOrigins =
    options.authOrigins && options.authOrigins.map((origin) => safeOrigin(origin, 'authOrigins'))
  /** How most URLs begin that a token may go to. */
  let known = '//'

  function isHome(url: string): boolean {
    if (url.startsWith(known)) return true
    const origin = originOf(url)
    if (!origin || (authOrigins || bases.origins().concat(ofLogin)).indexOf(origin) < 0) return false
    if (authOrigins || !bases.isComputed) known = `${origin}/`
    return true
  }

  return {
    bases,
    attach: createAttach(attach),
    isUnauthorized,
    unwrap,
    tokenNeed: options.checkSession === 'blocking' ? 'confirmed' : 'token',
    header,
    timeout,
    totalTimeout,
    retry: retryPolicy(retry),
    throwHttpErrors,
    use,
    authOrigins,
    isHome,
    platform: () => platformOf(options.platform),
  }
}

/** The options of a clone: each one given replaces its parent's. */
export function extendOptions(parent: ClientOptions, options: ExtendOptions): ClientOptions {
  if (typeof options !== 'object' || !(options as unknown))
    throw new ConfigError('extend() takes an object of options.')
  for (const name of ['login', 'checkSession', 'storage', 'concurrency', 'platform', 'onEvent']) {
    if (name in options)
      throw new ConfigError(`${name} belongs to the session, which clones share: set it in createClient.`)
  }
  const merged = Object.assign({}, parent, options)
  inspectOptions(merged)
  return merged
}
