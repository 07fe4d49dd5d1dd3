import type { AuthorizeOptions } from '../call/authorize'
import type { Task } from '../call/task'
import type { Listener } from '../events'
import type { ExtendOptions } from '../options/client'
import type {
  DeleteOptions,
  DownloadOptions,
  DownloadResponse,
  RequestOptions,
  UploadOptions,
  VerbOptions,
} from '../options/request'
import type { Response } from '../options/response'
import type { Session, SessionInit } from '../options/session'
import type { WxTypedDownload, WxTypedRequest, WxTypedUpload } from '../platforms/wx-options'
import type { LoginData } from '../session/logins'
import type { Query } from '../transport/serialize'

/** A method whose second argument is a body. */
export type Verb = <T = unknown>(url: string, data?: unknown, options?: VerbOptions) => Task<T>
/** A method whose second argument is a query. */
export type QueryVerb = <T = unknown>(url: string, query?: Query, options?: VerbOptions) => Task<T>

/**
 * What a mini-program talks to its server through. Every rejection is a `RequestError` with a `code`, but for what
 * your own functions throw: that arrives as it is. A mistake in a request rejects with `CONFIG`, it is never thrown.
 */
export interface Client {
  /**
   * A drop-in for `wx.request`: same options, same result, callbacks included. Resolves on any status but a final 401
   * (`UnauthorizedError`).
   */
  request<T = unknown>(options: RequestOptions<T>): Task<Response<T>>
  // Joined, the two would give a callback that is written in place no type.
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- see above
  request<T>(options: WxTypedRequest<T>): Task<Response<T>>
  /**
   * Resolves to what `unwrap` makes of the answer; rejects with `HttpError` on statuses outside 200-399.
   *
   * ```ts
   * const orders = await api.get<Order[]>('/orders', { page: 1 })
   * ```
   */
  get: QueryVerb
  /**
   * Resolves and rejects as `get` does. An object becomes JSON, or a form where the content type says so.
   * Not retried unless `retry.methods` says so, since it may have arrived; a 401 is replayed.
   *
   * ```ts
   * const order = await api.post<Order>('/orders', { title: '咖啡' })
   * ```
   */
  post: Verb
  /** As `post`, but retried: a PUT may arrive twice. */
  put: Verb
  /** As `post`. WeChat has no PATCH: it needs the client's `methodOverride`, else it rejects with `CONFIG`. */
  patch: Verb
  /**
   * As `get`: what it is given is the query. A body goes in `options.data`.
   *
   * ```ts
   * await api.delete('/orders', undefined, { data: { ids: [1, 2] } })
   * ```
   */
  delete: <T = unknown>(url: string, query?: Query, options?: DeleteOptions) => Task<T>
  /** As `get`. The headers are what a HEAD is for: `request({ url, method: 'HEAD' })` resolves to them. */
  head: QueryVerb
  /**
   * As `wx.uploadFile`. The answer's `data` is parsed when it is JSON: WeChat hands it over as a string. Resolves on
   * any status but a final 401. Not retried, as a POST.
   */
  uploadFile<T = unknown>(options: UploadOptions<T>): Task<Response<T>>
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- as for request
  uploadFile<T = unknown>(options: WxTypedUpload): Task<Response<T>>
  /** As `wx.downloadFile`: any status but a final 401 resolves, and its body is the file. */
  downloadFile(options: DownloadOptions): Task<DownloadResponse>
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- as for request
  downloadFile(options: WxTypedDownload): Task<DownloadResponse>
  /**
   * Resolves once there is a session that WeChat confirms. Call it in `onLaunch`, so that the login is under way
   * before the first page asks for data. `force` logs in with a new code even if there is a session, and never refreshes. `data` is
   * for this login alone (a phone number's code, an invitation) and implies `force`: it takes the place of a login in flight. Rejects
   * with `LoginError`, or with `ConfigError` where there is no `wx`.
   *
   * ```ts
   * await api.ensureLogin({ data: { phoneCode: event.detail.code } })
   * ```
   */
  ensureLogin<D = unknown>(options?: { force?: boolean; data?: LoginData }): Promise<Session<D>>
  /**
   * A session that the app obtained itself: by a phone number, a password, at another endpoint. It becomes the current one, is
   * stored, ends a login in flight, and whoever waits goes on with it. To change users call `logout()` first: what waits is the old
   * user's. Throws a `ConfigError` for what cannot be a token, or is another server's.
   *
   * ```ts
   * const { token } = await api.post<{ token: string }>('/login/phone', { code }, { auth: false })
   * api.setSession(token)
   * ```
   */
  setSession<D = unknown>(session: SessionInit<D> | string): Session<D>
  /**
   * Forgets the session here, at once. Does not call your server. What has not been sent yet rejects with
   * `LOGGED_OUT`; a login under way stores nothing.
   */
  logout(): void
  /** What is known now. With an asynchronous store, nothing until it has been read. */
  readonly session: Session | undefined
  /**
   * The same funnel for anything that is not `wx.request`: `run(token)` is called, and again after a login if
   * its result or its rejection is unauthorised. What `run` throws otherwise arrives as it is. There are no
   * retries and no time-out here but the client's `totalTimeout`.
   *
   * ```ts
   * api.authorize((token) => wx.cloud.callFunction({ name: 'orders', data: { token } }))
   * ```
   */
  authorize<T>(run: (token: string) => Promise<T> | T, options?: AuthorizeOptions<T>): Task<T>
  /** Hears every `ClientEvent`, those of clones included. Returns a function that stops it. */
  on(listener: Listener): () => void
  /**
   * A client with other defaults; same session, same login, same lanes. Each option given replaces this client's.
   * Throws a `ConfigError` for those that are shared (`login`, `autoLogin`, `rotate`, `checkSession`, `storage`, `concurrency`,
   * `platform`, `onEvent`), and for a `baseURL` that this session's token may not go to, unless `authOrigins` is given too.
   *
   * ```ts
   * const patient = api.extend({ timeout: 60_000, retry: 5 })
   * ```
   */
  extend(options: ExtendOptions): Client
}
