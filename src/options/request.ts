import type { Client } from '../client/client'
import type { Response } from './response'
import type { HeaderInit } from '../transport/headers'
import type { Method } from '../platforms/wechat'
import type { WxDownloadOptions, WxRequestOptions, WxUploadOptions } from '../platforms/wx-options'
import type { Query } from '../transport/serialize'
import type { Kind } from '../transport/wire-options'

/**
 * - `true`: with the token; waits for a login where there is none, and a 401 leads to one.
 * - `'verified'`: also waits for `wx.checkSession`. For what needs a valid `session_key` on the server.
 * - `'optional'`: with the token if there is one, and never starts a login. Refused, it goes out once more: with the token that has
 *   come meanwhile, or with none.
 * - `false`: without token and login.
 */
export type Auth = boolean | 'verified' | 'optional'

/** What of an `AbortSignal` is used; phones have none, polyfills and your own objects are welcome. */
export interface Signal {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener?(type: 'abort', listener: () => void): void
}

/**
 * What a request says to middleware and to entries; never sent. Each entry that is imported adds its fields, and yours are welcome.
 *
 * ```ts
 * declare module 'miniprogram-session' {
 *   interface RequestContext { isUrgent?: boolean }
 * }
 * ```
 */
export interface RequestContext {
  [field: string]: unknown
}

/** What each single request may say. */
export interface PerRequest {
  /** Added to the URL. `undefined` and `null` are left out, an array repeats its key. */
  query?: Query
  /** Default `true`: with the token, after a login if need be. */
  auth?: Auth
  /** Further tries. Default: the client's. */
  retry?: number | RetryOptions | false
  /**
   * ms per attempt, counted from dispatch. Default: the client's. For uploads, downloads and `enableChunked`: ms without a sign of
   * life (head, chunk, progress).
   */
  timeout?: number
  /** ms over everything: waiting for login and lanes, replays and retries. Default: the client's. */
  totalTimeout?: number
  /** Whether a status outside 200-399 rejects. Default: the client's. A final 401 always does. */
  throwHttpErrors?: boolean
  /**
   * Whether an answer means that the token was refused. Default: the client's. `false`: a 401 here is about something else (a
   * wrong password), it is a plain `HttpError` and the session stays.
   */
  isUnauthorized?: ((response: Response) => boolean) | false
  /** Aborts the request. Of an `AbortController`, or anything else that has these two. Never handed to `wx`. */
  signal?: Signal
  /** Over those of the client, whatever the case of the name. `undefined` and `null` are left out. */
  header?: HeaderInit
  /** Yours, for middleware. Not sent. */
  context?: RequestContext
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

/** When to try again, and how often. Time-outs are never retried, nor what the phone would refuse each time. */
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

/**
 * As for `wx.request`, plus what {@link PerRequest} adds. `data` becomes the query of GET and HEAD,
 * else JSON, or a form where the content type says so; strings and buffers travel untouched.
 */
export interface RequestOptions<T = unknown> extends WxRequestOptions, PerRequest, Callbacks<Response<T>> {
  /** Default GET. WeChat has no PATCH: it needs the client's `methodOverride`. */
  method?: Method | 'PATCH'
  /** An object, a string, an `ArrayBuffer` or a view of one. */
  data?: unknown
}

/** What the verbs take as their last argument. */
export interface VerbOptions extends Omit<
  RequestOptions,
  'url' | 'method' | 'data' | keyof Callbacks<unknown>
> {
  /** What this call resolves to. Default: the client's `unwrap`. It may be async. */
  unwrap?: (response: Response) => unknown
}

/** What `delete` takes as its last argument: it has a query, and may have a body. */
export interface DeleteOptions extends VerbOptions {
  /** The body. Many servers and proxies ignore one. */
  data?: unknown
}

/** As for `wx.uploadFile`, plus what {@link PerRequest} adds. */
export interface UploadOptions<T = unknown> extends WxUploadOptions, PerRequest, Callbacks<Response<T>> {
  /** Default `'json'`: the answer is parsed when it is JSON. Anything else leaves it the text it is. */
  dataType?: string
}

/** As for `wx.downloadFile`, plus what {@link PerRequest} adds. */
export interface DownloadOptions extends WxDownloadOptions, PerRequest, Callbacks<DownloadResponse> {}

/** What `downloadFile` resolves to: WeChat's own result object. */
export interface DownloadResponse extends Response {
  /** Where WeChat has put the file. Gone after this launch, unless you keep it. */
  tempFilePath: string
  /** In place of `tempFilePath`, where the request gave a `filePath`. */
  filePath?: string
}

/** What middleware is told beside the request. */
export interface MiddlewareInfo {
  /** The call of `wx` that it comes to. */
  readonly kind: Kind
  /** The client it was made on, a clone where it was one. What is sent on it goes through this middleware as well. */
  readonly client: Client
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
  info: MiddlewareInfo,
) => Promise<Response>
