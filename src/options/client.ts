/// <reference types="miniprogram-api-typings" />
import type { Listener } from '../events'
import type { Response } from './response'
import type { Attach, LoginFunction, LoginOptions, SessionStore } from './session'
import type { HeaderInit } from '../transport/headers'
import type { Method, Platform } from '../platforms/wechat'
import type { Query } from '../transport/serialize'

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
