import type { Listener } from '../events'
import type { HeaderInit } from '../transport/headers'
import type { OtherPlatform, Platform } from '../platforms/wechat'
import type { Auth, Middleware, RetryOptions } from './request'
import type { Response } from './response'
import type { Attach, LoginFunction, LoginOptions, Rotate, SessionStore } from './session'

/** What `createClient` takes. Only `login` is required. */
export interface ClientOptions {
  /**
   * How a code becomes a session: a request to your server, or a function of your own. Required, unless `autoLogin` is `false` and
   * all sessions come by `setSession()`.
   *
   * ```ts
   * login: { url: '/login', token: 'data.login_key' }
   * ```
   */
  login?: LoginOptions | LoginFunction
  /**
   * `false`: nothing but `ensureLogin()` and `setSession()` logs in. A request without a usable session is refreshed if it can
   * be, else it rejects with `LOGIN_REQUIRED` without being sent. Default `true`.
   */
  autoLogin?: boolean
  /** For requests that say nothing themselves. Default `true`. `authorize()` does not heed it. */
  auth?: Auth
  /**
   * Prefix of relative URLs. Default `''`. Of a list the first is used; when it cannot be reached, or does
   * not answer in time (not: answers with an error status), the next one takes over for the rest of the launch.
   */
  baseURL?: string | readonly string[] | (() => string)
  /**
   * Where the token rides. Default `'bearer'`: `Authorization: Bearer <token>`. `{ body }` needs a request that
   * has a body, with an object or nothing for `data`; others reject with `ConfigError`.
   */
  attach?: Attach
  /**
   * A server that hands out the next token in an ordinary answer: it is taken over without a login. Default: the cookie of
   * `attach: { cookie }`, else nothing.
   *
   * ```ts
   * rotate: { header: 'authorization' }
   * ```
   */
  rotate?: Rotate
  /** Default: status 401. Also for back ends that answer 200 with a business code. It must not be async. */
  isUnauthorized?: (response: Response) => boolean
  /** What the verbs resolve to. Default `response.data`. Throw a `BusinessError` to fail an envelope. It may be async. */
  unwrap?: (response: Response) => unknown
  /**
   * `wx.checkSession`, once per launch. `'background'` (default): requests do not wait for it, `ensureLogin()`
   * does. `'blocking'`: the first requests wait. `false`: only `auth: 'verified'` asks.
   */
  checkSession?: 'background' | 'blocking' | false
  /**
   * Where the session lives. Default `{ key: 'miniprogram-session' }` in WeChat's storage; `encrypt: true`
   * encrypts it there (base library 2.21.3 and later, and reading it is then asynchronous). Or your own store. Clients of two
   * back ends need a key each. A plain string that lies there counts as a token.
   */
  storage?: { key?: string; encrypt?: boolean } | SessionStore
  /** Sent with every request, the login's included. A function is asked for each attempt. Default `{}`. */
  header?: HeaderInit | (() => HeaderInit)
  /**
   * ms per attempt, counted from dispatch, not from when it was queued. For uploads, downloads and `enableChunked`: ms without a
   * sign of life. Default 30 000.
   */
  timeout?: number
  /** ms over everything, waiting for login and retries included. Default: none. */
  totalTimeout?: number
  /**
   * Further tries: idempotent methods only, on network errors and 408/413/429/500/502/503/504. Default 2. Waits 300 ms,
   * doubling to 10 s, half of it random; a `Retry-After` of up to a minute is honoured.
   */
  retry?: number | RetryOptions | false
  /**
   * Requests of this client on the wire at once. Default 10, which is what WeChat runs. All clients share the phone's ten lanes; one
   * of them is kept for a login while there may have to be one.
   */
  concurrency?: number
  /**
   * The only origins a token may go to, such as `'https://api.example.com'`. Default: those of `baseURL` and
   * `login.url`. Elsewhere a request goes without, and its 401 is a plain `HttpError`.
   */
  authOrigins?: readonly string[]
  /**
   * How PATCH travels, which WeChat has not: as POST with this header, `true` for `X-HTTP-Method-Override`. Without it `patch`
   * rejects with `CONFIG`: a server that does not know the header would carry out a POST.
   */
  methodOverride?: true | string
  /** Whether statuses outside 200-399 reject. Default: `true` for the verbs, `false` for the rest, as in `wx`. */
  throwHttpErrors?: boolean
  /** Outermost first, around the whole funnel: each runs once per logical request. Default `[]`. */
  use?: readonly Middleware[]
  /** Default: the global `wx`, looked up at call time. For `tt`, `qq`, `uni`, `Taro`, or a fake in tests. */
  platform?: Platform | OtherPlatform
  /** Same as `client.on(listener)`. */
  onEvent?: Listener
}

/** What a clone may have of its own. Session, login, store, check, lanes and platform stay shared. */
export type ExtendOptions = Omit<
  ClientOptions,
  'login' | 'autoLogin' | 'rotate' | 'checkSession' | 'storage' | 'concurrency' | 'platform' | 'onEvent'
>
