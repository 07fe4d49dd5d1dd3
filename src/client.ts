import { FunctionErrand, type AuthorizeOptions } from './authorize'
import { Call } from './call'
import { createConfig, extendOptions, inspectOptions, type Config } from './config'
import { createCore, type Core } from './core'
import type { Errand } from './errand'
import { callSafely, type Listener } from './events'
import { MiddlewareErrand, type SendInside } from './middleware'
import type {
  AnyRequest,
  ClientOptions,
  DownloadOptions,
  DownloadResponse,
  ExtendOptions,
  RequestOptions,
  Session,
  UploadOptions,
  VerbOptions,
} from './options'
import { asIs, okOrThrow, RequestErrand, type Finish } from './request'
import type { Response } from './response'
import type { Need, Waiter } from './session/waiter'
import { createTask, TaskListeners, type Task } from './task'
import type { Query } from './transport/serialize'
import type { Kind } from './transport/transport'

type Verb = <T = unknown>(url: string, data?: unknown, options?: VerbOptions) => Task<T>
type QueryVerb = <T = unknown>(url: string, query?: Query, options?: VerbOptions) => Task<T>

export interface Client {
  /** A drop-in for `wx.request`: same options, same result, callbacks included. Resolves on any status but a final 401. */
  request<T = unknown>(options: RequestOptions<T>): Task<Response<T>>
  request<T extends string | WechatMiniprogram.IAnyObject | ArrayBuffer>(
    options: WechatMiniprogram.RequestOption<T>,
  ): Task<Response<T>>
  /** `data` is the query. Resolves to what `unwrap` makes of the answer; rejects on statuses outside 200-399. */
  get: QueryVerb
  post: Verb
  put: Verb
  /** Sent as POST with `X-HTTP-Method-Override: PATCH`: WeChat has no PATCH. */
  patch: Verb
  delete: QueryVerb
  head: QueryVerb
  /** As `wx.uploadFile`. The answer's `data` is parsed when it is JSON: WeChat hands it over as a string. */
  uploadFile<T = unknown>(options: UploadOptions<T> | WechatMiniprogram.UploadFileOption): Task<Response<T>>
  /** As `wx.downloadFile`: any status with a body is written to a file and resolves. */
  downloadFile(options: DownloadOptions | WechatMiniprogram.DownloadFileOption): Task<DownloadResponse>
  /**
   * Resolves once there is a session that WeChat confirms. Call it in `onLaunch`, so that the login is under way
   * before the first page asks for data. `force` logs in even if there is one. Rejects with `LoginError`.
   */
  ensureLogin<D = unknown>(options?: { force?: boolean }): Promise<Session<D>>
  /** Forgets the session here. Does not call your server. */
  logout(): void
  /** What is known now. With an asynchronous store, nothing until it has been read. */
  readonly session: Session | undefined
  /**
   * The same funnel for anything that is not `wx.request`: `run(token)` is called, and again after a login if
   * its result or its rejection is unauthorised.
   *
   * ```ts
   * api.authorize((token) => wx.cloud.callFunction({ name: 'orders', data: { token } }))
   * ```
   */
  authorize<T>(run: (token: string) => Promise<T> | T, options?: AuthorizeOptions<T>): Task<T>
  /** Hears every {@link ClientEvent}, those of clones included. Returns a function that stops it. */
  on(listener: Listener): () => void
  /** A client with other defaults; same session, same login. Each option given replaces this client's. */
  extend(options: ExtendOptions): Client
}

/**
 * The client that all pages share. Throws a `ConfigError` for options that cannot work.
 *
 * ```ts
 * export const api = createClient({ baseURL: 'https://api.example.com', login: { url: '/login' } })
 * ```
 */
export function createClient(options: ClientOptions): Client {
  inspectOptions(options)
  const config = createConfig(options)
  const core = createCore(options, config)
  if (options.onEvent) core.events.on(options.onEvent)
  return makeClient(core, options, config)
}

function makeClient(core: Core, options: ClientOptions, config: Config): Client {
  const { session, timers, events } = core

  /** Sends one errand; the promise in here is the only one that a plain request makes. */
  function launch<R, V>(errand: Errand<R, V>, epoch: number, listeners = new TaskListeners()): Task<V> {
    let call: Call<R, V> | undefined
    const promise = new Promise<V>((resolve, reject) => {
      config.platform()
      call = new Call(core, errand, epoch, listeners, resolve, reject)
      call.start()
    })
    return createTask(promise, call || { listeners, abort: () => undefined })
  }

  function send<V>(kind: Kind, request: AnyRequest, finish: Finish<V>): Task<V> {
    const epoch = session.epoch()
    const errand = new RequestErrand(config, timers, kind, request, finish)
    if (config.use.length === 0) return launch(errand, epoch)
    const inside: SendInside = (one, listeners) =>
      launch(new RequestErrand(config, timers, kind, one, asIs), epoch, listeners)
    return launch(new MiddlewareErrand(errand, request, config.use, inside, finish), epoch)
  }

  function plain<V extends Response>(kind: Kind, request: AnyRequest & Callbacks<V>): Task<V> {
    const { throwHttpErrors = config.throwHttpErrors, success, fail, complete } = request
    const task = send(kind, request, (throwHttpErrors ? okOrThrow : asIs) as Finish<V>)
    if (success || fail || complete) {
      // Whoever is called back need not handle the promise as well.
      task.then(
        (result) => {
          callSafely(success, result)
          callSafely(complete, result)
        },
        (error: unknown) => {
          callSafely(fail, error as Error)
          callSafely(complete, error as Error)
        },
      )
    }
    return task
  }

  function verb(method: string): Verb {
    const finishBy =
      ({ throwHttpErrors = config.throwHttpErrors, unwrap = config.unwrap }: VerbOptions): Finish<unknown> =>
      (response, errand) =>
        unwrap(throwHttpErrors === false ? response : okOrThrow(response, errand))
    const finish = finishBy({})
    return <T>(url: string, data?: unknown, options?: VerbOptions) => {
      const request = { url, method, data }
      return options
        ? send('request', Object.assign({}, options as object, request), finishBy(options) as Finish<T>)
        : send('request', request, finish as Finish<T>)
    }
  }

  return {
    request: <T>(request: object) => plain<Response<T>>('request', request as AnyRequest),
    get: verb('GET'),
    post: verb('POST'),
    put: verb('PUT'),
    patch: verb('PATCH'),
    delete: verb('DELETE'),
    head: verb('HEAD'),
    uploadFile: <T>(request: object) => plain<Response<T>>('uploadFile', request as AnyRequest),
    downloadFile: (request: object) => plain<DownloadResponse>('downloadFile', request as AnyRequest),

    ensureLogin: <D>({ force = false }: { force?: boolean } = {}) =>
      new Promise<Session<D>>((resolve, reject) => {
        config.platform()
        const need: Need = options.checkSession === false ? 'token' : 'confirmed'
        const waiter: Waiter = {
          need,
          place: undefined,
          waitsForSession: () => true,
          resume: () => session.admit(waiter) && resolve(session.current() as Session<D>),
          fail: reject,
        }
        if (force) session.force(waiter)
        else waiter.resume()
      }),

    logout: () => session.logout(),

    get session() {
      return session.current()
    },

    authorize(run, given = {}) {
      return launch(new FunctionErrand(run, given, config), session.epoch())
    },

    on: (listener) => events.on(listener),

    extend(changes) {
      const merged = extendOptions(options, changes)
      // A clone on the same base URLs moves on with them when one cannot be reached.
      const own = createConfig(merged)
      return makeClient(core, merged, 'baseURL' in changes ? own : { ...own, bases: config.bases })
    },
  }
}

interface Callbacks<V> {
  success?: (result: V) => void
  fail?: (error: Error & { errMsg?: string }) => void
  complete?: (result: V | Error) => void
}
