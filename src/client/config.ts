import type { Config } from '../call/config'
import { ConfigError } from '../errors'
import { DEFAULTS } from '../options/defaults'
import type { ClientOptions, ExtendOptions } from '../options/client'
import { checkOptions, knownMethod, OBJECT, OF_THE_SESSION, STORE } from '../options/rules'
import type { LoginOptions, SessionStore } from '../options/session'
import { platformOf, type Platform } from '../platforms/wechat'
import { createAttach } from '../session/attach'
import { createBases } from '../transport/bases'
import { retryPolicy } from '../transport/retry'
import { isAbsolute, originOf, safeOrigin } from '../transport/urls'

/** `login` as an object, whatever way it was given. */
export function loginOptions({ login }: Pick<ClientOptions, 'login'>): LoginOptions {
  return typeof login === 'function' ? { exchange: login } : login || {}
}

/** Whether `wx.checkSession` has a say: not where WeChat has none in the session, nor where no login could follow (law 8). */
export function isChecked(options: ClientOptions): boolean {
  const { autoLogin, checkSession } = options
  return checkSession !== false && autoLogin !== false && loginOptions(options).code !== false
}

/** Option by option, then what goes together. */
export function checkClient(options: ClientOptions): void {
  const isObject = OBJECT.holds(options)
  if (isObject) checkOptions(options)
  const given = Object(options) as ClientOptions
  const { storage, autoLogin } = given
  const { url, exchange, token, method } = loginOptions(given)
  if (!isObject || (!url && !exchange && autoLogin !== false))
    throw new ConfigError("login.url is missing: createClient({ baseURL, login: { url: '/login' } }).")
  if (url && exchange) throw new ConfigError('login: give url or exchange, not both.')
  if (method !== undefined) knownMethod(method, 'login.method is one')
  if (typeof token === 'string' && /session_?key$/i.test(token))
    throw new ConfigError(
      'login.token: a session_key must not leave your server. Let it make a token of its own.',
    )
  const { get, set, remove } = Object(storage) as Partial<SessionStore>
  if ((get || set || remove) && !STORE.holds(storage)) throw new ConfigError(`storage must be ${STORE.must}.`)
}

export function createConfig(options: ClientOptions): Config {
  const { baseURL = '', attach = 'bearer', methodOverride, retry, platform } = options
  const bases = createBases(baseURL)
  const { url } = loginOptions(options)
  const loginOrigin = url && isAbsolute(url) ? safeOrigin(url, 'login.url') : undefined
  if (url && !loginOrigin && baseURL === '')
    throw new ConfigError(`login.url "${url}" is relative: set baseURL, or give the whole URL.`)
  const authOrigins =
    options.authOrigins && options.authOrigins.map((origin) => safeOrigin(origin, 'authOrigins'))
  /** How most URLs begin that a token may go to. */
  let known = '//'

  /** Of a base URL, or of the login. */
  function isOwn(origin: string): boolean {
    return origin === loginOrigin || bases.origins().indexOf(origin) >= 0
  }

  function isHome(url: string): boolean {
    if (url.startsWith(known)) return true
    const origin = originOf(url)
    if (!origin || !(authOrigins ? authOrigins.indexOf(origin) >= 0 : isOwn(origin))) return false
    if (authOrigins || !bases.isComputed) known = `${origin}/`
    return true
  }

  return {
    bases,
    attach: createAttach(attach),
    isUnauthorized: options.isUnauthorized,
    unwrap: options.unwrap || DEFAULTS.unwrap,
    auth: options.auth === undefined ? true : options.auth,
    tokenNeed: options.checkSession === 'blocking' && isChecked(options) ? 'confirmed' : 'token',
    header: options.header,
    timeout: options.timeout || DEFAULTS.timeout,
    totalTimeout: options.totalTimeout,
    retry: retryPolicy(retry),
    methodOverride: methodOverride === true ? DEFAULTS.methodOverride : methodOverride,
    throwHttpErrors: options.throwHttpErrors,
    use: options.use || [],
    loginOrigin,
    isOwn,
    hasOrigins: authOrigins !== undefined,
    isHome,
    platform: () => platformOf(platform),
    traits: (Object(platform) as Platform).traits,
  }
}

/** The options of a clone: each one given replaces its parent's. */
export function extendOptions(
  parent: ClientOptions,
  parentConfig: Config,
  options: ExtendOptions,
): ClientOptions {
  if (!OBJECT.holds(options)) throw new ConfigError('extend() takes an object of options.')
  for (const name in options)
    if (name in OF_THE_SESSION)
      throw new ConfigError(`${name} belongs to the session, which clones share: set it in createClient.`)
  const merged = Object.assign({}, parent, options)
  checkClient(merged)
  const { baseURL, authOrigins } = options
  const { bases, hasOrigins } = parentConfig
  // Whether there is a home at all that a clone could leave.
  const hasHome = hasOrigins || bases.isComputed || bases.origins().length > 0
  if (baseURL !== undefined && typeof baseURL !== 'function' && !authOrigins && hasHome) {
    for (const base of ([] as string[]).concat(baseURL))
      if (base && !parentConfig.isHome(base))
        throw new ConfigError(
          `baseURL: ${String(originOf(base))} is none of the origins that this session's token may go to. Give authOrigins as well, or make another client.`,
        )
  }
  return merged
}
