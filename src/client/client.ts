import { authorizeErrand, type AuthorizeOptions } from '../call/authorize'
import { createConfig, extendOptions, inspectOptions, type Config } from './config'
import { createCore, type Core } from './core'
import { ConfigError } from '../errors'
import { callSafely, type Listener } from '../events'
import { middlewareErrand } from '../call/middleware'
import type {
  AnyRequest,
  ClientOptions,
  DownloadOptions,
  DownloadResponse,
  ExtendOptions,
  RequestOptions,
  UploadOptions,
  VerbOptions,
} from '../options/client'
import type { Session } from '../options/session'
import { launch } from '../call/send'
import { asIs, okOrThrow, RequestErrand, type Finish, type Target } from '../call/request'
import type { Response } from '../options/response'
import type { Waiter } from '../session/waiter'
import type { Task } from '../call/task'
import type { Query } from '../transport/serialize'
import type { Kind } from '../transport/wire'

type Verb = <T = unknown>(url: string, data?: unknown, options?: VerbOptions) => Task<T>
type QueryVerb = <T = unknown>(url: string, query?: Query, options?: VerbOptions) => Task<T>

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
  request<T extends string | WechatMiniprogram.IAnyObject | ArrayBuffer>(
    options: WechatMiniprogram.RequestOption<T>,
  ): Task<Response<T>>
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
  /** As `post`. Sent as POST with `X-HTTP-Method-Override: PATCH`: WeChat has no PATCH. */
  patch: Verb
  /** As `get`: what it is given is the query, it has no body. */
  delete: QueryVerb
  /** As `get`. The headers are what a HEAD is for: `request({ url, method: 'HEAD' })` resolves to them. */
  head: QueryVerb
  /**
   * As `wx.uploadFile`. The answer's `data` is parsed when it is JSON: WeChat hands it over as a string. Resolves on
   * any status but a final 401. Not retried, as a POST.
   */
  uploadFile<T = unknown>(options: UploadOptions<T> | WechatMiniprogram.UploadFileOption): Task<Response<T>>
  /** As `wx.downloadFile`: any status but a final 401 resolves, and its body is the file. */
  downloadFile(options: DownloadOptions | WechatMiniprogram.DownloadFileOption): Task<DownloadResponse>
  /**
   * Resolves once there is a session that WeChat confirms. Call it in `onLaunch`, so that the login is under way
   * before the first page asks for data. `force` logs in even if there is one. Rejects with `LoginError`, or with
   * `ConfigError` where there is no `wx`.
   */
  ensureLogin<D = unknown>(options?: { force?: boolean }): Promise<Session<D>>
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
  /** Hears every {@link ClientEvent}, those of clones included. Returns a function that stops it. */
  on(listener: Listener): () => void
  /**
   * A client with other defaults; same session, same login, same lanes. Each option given replaces this client's.
   * Throws a `ConfigError` for those that are shared: `login`, `checkSession`, `storage`, `concurrency`, `platform`
   * and `onEvent`.
   *
   * ```ts
   * const patient = api.extend({ timeout: 60_000, retry: 5 })
   * ```
   */
  extend(options: ExtendOptions): Client
}

/**
 * The client that all pages share. Nothing is sent and nothing is read before the first call. Throws a `ConfigError`
 * for options that cannot work.
 *
 * ```ts
 * export const api = createClient({ baseURL: 'https://api.example.com', login: { url: '/login' } })
 * ```
 */
export function createClient(options: ClientOptions): Client {
  inspectOptions(options)
  const config = createConfig(options)
  const core = createCore(options, config, (core, errand) => launch(core, errand, core.session.epoch()))
  if (options.onEvent) core.events.on(options.onEvent)
  return makeClient(core, options, config)
}

function makeClient(core: Core, options: ClientOptions, config: Config): Client {
  const { session, timers, events } = core
  const { use } = config

  function send<V>(kind: Kind, target: Target, extras: Partial<AnyRequest>, finish: Finish<V>): Task<V> {
    const epoch = session.epoch()
    const errand = new RequestErrand(config, timers, kind, target, extras, finish)
    if (!use.length) return launch(core, errand, epoch)
    const request = Object.assign({}, extras, target)
    const outer = middlewareErrand(errand, request, use, finish, (inner, listeners) =>
      launch(core, new RequestErrand(config, timers, kind, inner, inner, asIs), epoch, listeners),
    )
    return launch(core, outer, epoch)
  }

  /** The three that resolve as `wx` does; each has a type of its own for what that is. */
  function plain(kind: Kind): (given: object) => Task<never> {
    return (given) => {
      const request = Object(given) as AnyRequest & Callbacks
      const { url, method, data, throwHttpErrors = config.throwHttpErrors, success, fail, complete } = request
      const finish = throwHttpErrors ? okOrThrow : asIs
      const task = send(kind, { url, method, data }, request, finish as Finish<never>)
      if (success || fail || complete) {
        const told = (listener: Callback | undefined) => (result: unknown) => {
          callSafely(listener, result)
          callSafely(complete, result)
        }
        // Whoever is called back need not handle the promise as well.
        task.then(told(success), told(fail))
      }
      return task
    }
  }

  function verb(method: string): Verb {
    const finishBy =
      ({ throwHttpErrors = config.throwHttpErrors, unwrap = config.unwrap }: VerbOptions): Finish<unknown> =>
      (response) =>
        unwrap(throwHttpErrors === false ? response : okOrThrow(response))
    const finish = finishBy(NOTHING)
    return <T>(url: string, data?: unknown, given?: VerbOptions) => {
      const extras = given ? (Object(given) as VerbOptions) : NOTHING
      return send('request', { url, method, data }, extras, (given ? finishBy(extras) : finish) as Finish<T>)
    }
  }

  return {
    request: plain('request'),
    get: verb('GET'),
    post: verb('POST'),
    put: verb('PUT'),
    patch: verb('PATCH'),
    delete: verb('DELETE'),
    head: verb('HEAD'),
    uploadFile: plain('uploadFile'),
    downloadFile: plain('downloadFile'),

    ensureLogin: <D>(given?: { force?: boolean }) =>
      new Promise<Session<D>>((resolve, reject) => {
        config.platform()
        const waiter: Waiter = {
          id: ++core.lastId,
          need: options.checkSession === false ? 'token' : 'confirmed',
          phase: 'authorising',
          seated: false,
          resume() {
            if (!session.admit(waiter)) return
            waiter.phase = 'settled'
            resolve(session.current() as Session<D>)
          },
          fail(error) {
            waiter.phase = 'settled'
            reject(error)
          },
        }
        if ((Object(given) as { force?: boolean }).force) session.force(waiter)
        else waiter.resume()
      }),

    logout: () => session.logout(),

    get session() {
      return session.current()
    },

    authorize: (run, given) => launch(core, authorizeErrand(run, given, config), session.epoch()),

    on(listener) {
      if (typeof listener !== 'function') throw new ConfigError('on() takes a function.')
      return events.on(listener)
    },

    extend(changes) {
      const merged = extendOptions(options, changes)
      // A clone on the same base URLs moves on with them when one cannot be reached.
      const { bases } = config
      return makeClient(
        core,
        merged,
        Object.assign(createConfig(merged), !('baseURL' in changes) && { bases }),
      )
    },
  }
}

const NOTHING = {}

type Callback = (result: unknown) => void
interface Callbacks {
  success?: Callback
  fail?: Callback
  complete?: Callback
}
