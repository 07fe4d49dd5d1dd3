/// <reference types="miniprogram-api-typings" />
import type { Listener } from './events'
import type { Response } from './response'
import type { HeaderInit, Headers } from './transport/headers'
import type { Method, Platform } from './transport/platform'
import type { Query } from './transport/serialize'

/** Who the user is to your server. Stored as this very object. */
export interface Session<D = unknown> {
  /** What your server answered the code with; rides on every request. */
  token: string
  /** Epoch ms. After it a login comes first, without waiting for a 401. One already past on arrival is ignored. */
  expiresAt?: number
  /** Whatever the app keeps with it. A `session_key` in here is dropped: it must not leave the server. */
  data?: D
}

/**
 * - `true`: with the token; waits for a login where there is none, and a 401 leads to one.
 * - `'verified'`: also waits for `wx.checkSession`. For what needs a valid `session_key` on the server.
 * - `'optional'`: with the token if there is one; never starts a login, and its 401 is final.
 * - `false`: without token and login.
 */
export type Auth = boolean | 'verified' | 'optional'

/** What each single request may say. */
export interface PerRequest {
  /** Added to the URL. `undefined` and `null` are left out, an array repeats its key. */
  query?: Query
  /** Default `true`: with the token, after a login if need be. */
  auth?: Auth
  /** Further tries. Default: the client's. */
  retry?: number | RetryOptions | false
  /** ms per attempt, counted from dispatch. Default: the client's. */
  timeout?: number
  /** ms over everything: waiting for login and lanes, replays and retries. Default: the client's. */
  totalTimeout?: number
  /** Whether a status outside 200-399 rejects. Default: the client's. A final 401 always does. */
  throwHttpErrors?: boolean
  /** Over those of the client, whatever the case of the name. `undefined` and `null` are left out. */
  header?: HeaderInit
  /** Yours, for middleware. Not sent. */
  context?: Record<string, unknown>
}

/** A request as the client and its middleware see it: what the user said, in one shape for all three kinds. */
export interface AnyRequest extends PerRequest {
  /** As it was given: relative to `baseURL`, or absolute. */
  url: string
  /** Default: GET, and POST for an upload. */
  method?: string | undefined
  /** As it was given, not yet serialised. */
  data?: unknown
  /** The form fields of an upload. */
  formData?: Record<string, unknown>
  /** Whatever else `wx.request`, `wx.uploadFile` or `wx.downloadFile` takes. */
  [field: string]: unknown
}

/** When to try again, and how often. Time-outs are never retried. */
export interface RetryOptions {
  /** How often to try again. Default 2. */
  limit?: number
  /** Methods that may be sent twice. Default: the idempotent ones, GET HEAD PUT DELETE OPTIONS TRACE. */
  methods?: readonly string[]
  /** Statuses worth another try. Default 408, 413, 429, 500, 502, 503, 504. */
  statusCodes?: readonly number[]
  /** The wait before try `attempt` (1 is the first retry), in ms, a minute at most. Default: 300 doubling, up to 10 s, half of it random. */
  delay?: (attempt: number) => number
}

interface Callbacks<R> {
  success?: (result: R) => void
  fail?: (error: Error & { errMsg?: string }) => void
  complete?: (result: R | Error) => void
}

type WxOptions<O> = Omit<O, 'method' | 'data' | 'header' | 'timeout' | 'success' | 'fail' | 'complete'>

/**
 * As for `wx.request`, plus what {@link PerRequest} adds. `data` becomes the query of GET, HEAD and DELETE,
 * else JSON, or a form where the content type says so; strings and buffers travel untouched.
 */
export interface RequestOptions<T = unknown>
  extends WxOptions<WechatMiniprogram.RequestOption>, PerRequest, Callbacks<Response<T>> {
  /** Default GET. WeChat has no PATCH: it is sent as POST with `X-HTTP-Method-Override: PATCH`. */
  method?: Method | 'PATCH'
  /** An object, a string, an `ArrayBuffer` or a view of one. */
  data?: unknown
}

/** What the verbs take as their last argument. */
export interface VerbOptions extends Omit<
  RequestOptions,
  'url' | 'method' | 'data' | keyof Callbacks<unknown>
> {
  /** What this call resolves to. Default: the client's `unwrap`. */
  unwrap?: (response: Response) => unknown
}

/** As for `wx.uploadFile`, plus what {@link PerRequest} adds. */
export interface UploadOptions<T = unknown>
  extends WxOptions<WechatMiniprogram.UploadFileOption>, PerRequest, Callbacks<Response<T>> {}

/** As for `wx.downloadFile`, plus what {@link PerRequest} adds. */
export interface DownloadOptions
  extends WxOptions<WechatMiniprogram.DownloadFileOption>, PerRequest, Callbacks<DownloadResponse> {}

/** What `downloadFile` resolves to: WeChat's own result object. */
export interface DownloadResponse extends Response {
  /** Where WeChat has put the file. Gone after this launch, unless you keep it. */
  tempFilePath: string
  /** In place of `tempFilePath`, where the request gave a `filePath`. */
  filePath?: string
}

/** How a code becomes a session, as a request to your server. */
export interface LoginOptions {
  /** Where the code goes; relative to `baseURL` like any URL. */
  url: string
  /** Default `POST`. */
  method?: Method
  /** Default `{ code }`. An object gets `code` added; a function builds the whole body. */
  data?: Record<string, unknown> | ((code: string) => unknown)
  /** Over those of the client. Default: none. */
  header?: HeaderInit
  /**
   * Where the token is in the answer: a path such as `'data.login_key'`, or `{ cookie: 'sid' }` for
   * `Set-Cookie`, or a function. Default `'token'`. An answer without a usable one fails the login with
   * `LOGIN_BAD_RESPONSE`.
   */
  token?: string | { cookie: string } | ((response: Response) => string | Session)
  /** Path of the token's life in seconds. Default `'expiresIn'`; absent is fine. */
  expiresIn?: string
  /**
   * Tried before `wx.login`, with the session that ended. When it rejects, a code is used after all. A request of this
   * client in here needs `auth: false`: else it waits for the login that it is part of, until the time-out.
   */
  refresh?: (session: Session) => Promise<string | Session>
  /** ms for each step (`wx.login`, exchange); a whole login takes twice this at most. Default 10 000. */
  timeout?: number
  /** Further tries, each with a new code, after a failure that came back (not a time-out). Default 1. */
  retry?: number
}

/**
 * For a login that is no plain request: `wx.cloud.callFunction`, GraphQL, … A request of this client in here needs
 * `auth: false`: else it waits for the login that it is part of, until the time-out.
 *
 * ```ts
 * login: (code) => api.post<{ token: string }>('/login', { code }, { auth: false }).then(({ token }) => token)
 * ```
 */
export type LoginFunction = (code: string) => Promise<string | Session>

/** A request about to go out, for an `attach` function to write the token on. */
export interface Outgoing {
  /** Whole, `baseURL` included. */
  url: string
  /** In capitals. */
  method: string
  /** Client's and request's, joined. */
  header: Headers
  /** The body before it is serialised; the form fields of an upload. */
  data: unknown
}

/** Where the token rides. */
export type Attach =
  | 'bearer'
  | { header: string }
  | { cookie: string }
  | { query: string }
  | { body: string }
  | ((request: Outgoing, token: string) => void)

/** A store of your own. Each function may answer at once or with a promise. */
export interface SessionStore {
  /** What was set last, or nothing. It is validated: garbage counts as nothing. */
  get(): unknown
  /** Nobody waits for it: a request that needs the session has it already. */
  set(session: Session): unknown
  /** Called by `logout()`, and for a token that the server has refused. */
  remove(): unknown
}

/**
 * Wraps the whole funnel: it runs once per logical request, whatever logins, replays and retries happen inside
 * `next`. The token is not on the request yet, so it cannot leak from here.
 *
 * `next` resolves with any answer that is not a final 401, also one with status 500: whether that throws is
 * decided afterwards, on what the outermost middleware resolves to.
 *
 * ```ts
 * const timing: Middleware = async (request, next) => {
 *   const begun = Date.now()
 *   try { return await next(request) }
 *   finally { report(request.url, Date.now() - begun) }
 * }
 * ```
 */
export type Middleware = (
  request: AnyRequest,
  next: (request?: AnyRequest) => Promise<Response>,
) => Promise<Response>

/** What `createClient` takes. Only `login` is required. */
export interface ClientOptions {
  /**
   * How a code becomes a session. Required: a request to your server, or a function of your own.
   *
   * ```ts
   * login: { url: '/login', token: 'data.login_key' }
   * ```
   */
  login: LoginOptions | LoginFunction
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
  /** Default: status 401. Also for back ends that answer 200 with a business code. */
  isUnauthorized?: (response: Response) => boolean
  /** What the verbs resolve to. Default `response.data`. Throw a `BusinessError` to fail an envelope. */
  unwrap?: (response: Response) => unknown
  /**
   * `wx.checkSession`, once per launch. `'background'` (default): requests do not wait for it, `ensureLogin()`
   * does. `'blocking'`: the first requests wait. `false`: only `auth: 'verified'` asks.
   */
  checkSession?: 'background' | 'blocking' | false
  /**
   * Where the session lives. Default `{ key: 'miniprogram-session' }` in WeChat's storage; `encrypt: true`
   * encrypts it there (base library 2.21.3 and later, and reading it is then asynchronous). Or your own store.
   */
  storage?: { key?: string; encrypt?: boolean } | SessionStore
  /** Sent with every request, the login's included. A function is asked for each attempt. Default `{}`. */
  header?: HeaderInit | (() => HeaderInit)
  /** ms per attempt, counted from dispatch, not from when it was queued. Default 30 000. */
  timeout?: number
  /** ms over everything, waiting for login and retries included. Default: none. */
  totalTimeout?: number
  /**
   * Further tries: idempotent methods only, on network errors and 408/413/429/500/502/503/504. Default 2. Waits 300 ms,
   * doubling to 10 s, half of it random; a `Retry-After` of up to a minute is honoured.
   */
  retry?: number | RetryOptions | false
  /** Requests on the wire at once. Default 9: WeChat runs 10, the tenth is kept for the login. */
  concurrency?: number
  /**
   * The only origins a token may go to, such as `'https://api.example.com'`. Default: those of `baseURL` and
   * `login.url`. Elsewhere a request goes without, and its 401 is a plain `HttpError`.
   */
  authOrigins?: readonly string[]
  /** Whether statuses outside 200-399 reject. Default: `true` for the verbs, `false` for the rest, as in `wx`. */
  throwHttpErrors?: boolean
  /** Outermost first, around the whole funnel: each runs once per logical request. Default `[]`. */
  use?: readonly Middleware[]
  /** Default: the global `wx`, looked up at call time. For `tt`, `qq`, `uni`, `Taro`, or a fake in tests. */
  platform?: Platform
  /** Same as `client.on(listener)`. */
  onEvent?: Listener
}

/** What a clone may have of its own. Session, login, store, check, lanes and platform stay shared. */
export type ExtendOptions = Omit<
  ClientOptions,
  'login' | 'checkSession' | 'storage' | 'concurrency' | 'platform' | 'onEvent'
>
