import { AuthorizeErrand, type AuthorizeOptions } from './authorize'
import { Call } from './call'
import { createConfig, extendOptions, inspectOptions, inspectRequest, type Config } from './config'
import { createCore, type Core } from './core'
import type { Errand } from './errand'
import { stamp, type FailedRequest } from './errors'
import type { Listener } from './events'
import { Chain } from './middleware'
import type {
  ClientOptions,
  DownloadOptions,
  DownloadResponse,
  ExtendOptions,
  RequestOptions,
  Response,
  Session,
  UploadOptions,
  VerbOptions,
} from './options'
import { RequestErrand, throwForStatus, type AnyRequest } from './request'
import type { Need, Waiter } from './session/session'
import { createTask, type Controls, type Sent, type Task } from './task'
import type { Query } from './transport/serialize'
import type { Kind } from './transport/transport'
import { withoutQuery } from './transport/urls'

type Verb = <T = unknown>(url: string, data?: unknown, options?: VerbOptions) => Task<T>
type QueryVerb = <T = unknown>(url: string, query?: Query, options?: VerbOptions) => Task<T>

export interface Client {
  /** A drop-in for `wx.request`: same options, same result, callbacks included. Resolves on any status but a final 401. */
  request<T = unknown>(options: RequestOptions<T>): Task<Response<T>>
  /** `data` is the query. Resolves to what `unwrap` makes of the answer; rejects on statuses outside 200-399. */
  get: QueryVerb
  post: Verb
  put: Verb
  /** Sent as POST with `X-HTTP-Method-Override: PATCH`: WeChat has no PATCH. */
  patch: Verb
  delete: QueryVerb
  head: QueryVerb
  /** As `wx.uploadFile`. The answer's `data` is parsed when it is JSON: WeChat hands it over as a string. */
  uploadFile<T = unknown>(options: UploadOptions<T>): Task<Response<T>>
  /** As `wx.downloadFile`: any status with a body is written to a file and resolves. */
  downloadFile(options: DownloadOptions): Task<DownloadResponse>
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
  function launch<R, V>(makeErrand: () => Errand<R, V>, epoch: number, heard?: Callbacks<V>): Sent<V> {
    let controls: Controls = NO_CONTROLS
    const promise = new Promise<V>((resolve, reject) => {
      const done = settler(resolve, reject, heard)
      try {
        config.platform()
        const call = new Call(core, makeErrand(), epoch, done)
        controls = call
        call.start()
      } catch (error) {
        done(error)
      }
    })
    return { promise, controls }
  }

  function send<V>(kind: Kind, request: AnyRequest, finish: Finish<V>, heard?: Callbacks<V>): Task<V> {
    const epoch = session.epoch()
    const errand = <T>(one: AnyRequest, end: Finish<T>) => {
      inspectRequest(one)
      return new RequestErrand(config, timers, kind, one, end)
    }
    if (config.use.length === 0) return createTask(launch(() => errand(request, finish), epoch, heard))
    const inner = (one: AnyRequest) => launch(() => errand(one, (response) => response), epoch)
    return createTask(through(request, inner, finish, heard))
  }

  function through<V>(
    request: AnyRequest,
    inner: (one: AnyRequest) => Sent<Response>,
    finish: Finish<V>,
    heard?: Callbacks<V>,
  ): Sent<V> {
    let controls: Controls = NO_CONTROLS
    const label = { method: request.method ?? 'GET', url: withoutQuery(request.url) }
    const promise = new Promise<V>((resolve, reject) => {
      const done = settler(resolve, reject, heard)
      const chain = new Chain(timers, label, inner, (error, response) => {
        if (error !== undefined) return done(error)
        try {
          done(undefined, finish(response as Response, label))
        } catch (thrown) {
          stamp(thrown, label, 1)
          done(thrown)
        }
      })
      controls = chain
      chain.start(config.use, request, request.totalTimeout ?? config.totalTimeout)
    })
    return { promise, controls }
  }

  function plain<V extends Response>(kind: Kind, request: AnyRequest & Callbacks<V>): Task<V> {
    const throws = request.throwHttpErrors ?? config.throwHttpErrors ?? false
    const finish = (response: Response, label: FailedRequest): V => {
      if (throws) throwForStatus(response, label)
      return response as V
    }
    return send(kind, request, finish, request)
  }

  function verb(method: string): Verb {
    return <T>(url: string, data?: unknown, options?: VerbOptions) => {
      const throws = options?.throwHttpErrors ?? config.throwHttpErrors ?? true
      const unwrap = options?.unwrap ?? config.unwrap
      const request = Object.assign({}, options, { url, method, data }) as object as AnyRequest
      return send('request', request, (response, label) => {
        if (throws) throwForStatus(response, label)
        return unwrap(response) as T
      })
    }
  }

  return {
    request: <T>(request: RequestOptions<T>) =>
      plain('request', request as object as AnyRequest & Callbacks<Response<T>>),
    get: verb('GET'),
    post: verb('POST'),
    put: verb('PUT'),
    patch: verb('PATCH'),
    delete: verb('DELETE'),
    head: verb('HEAD'),
    uploadFile: <T>(request: UploadOptions<T>) =>
      plain('uploadFile', request as object as AnyRequest & Callbacks<Response<T>>),
    downloadFile: (request) =>
      plain('downloadFile', request as object as AnyRequest & Callbacks<DownloadResponse>),

    ensureLogin: <D>({ force = false }: { force?: boolean } = {}) =>
      new Promise<Session<D>>((resolve, reject) => {
        config.platform()
        const need: Need = config.checkSession === false ? 'token' : 'confirmed'
        const waiter: Waiter = {
          need,
          waitsForSession: () => true,
          resume: () => session.admit(waiter) && resolve(session.current() as Session<D>),
          fail: reject,
        }
        if (force) session.force(waiter)
        else waiter.resume(false)
      }),

    logout: () => session.logout(),

    get session() {
      return session.current()
    },

    authorize: (run, given = {}) =>
      createTask(launch(() => new AuthorizeErrand(run, given, config.tokenNeed), session.epoch())),

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

type Finish<V> = (response: Response, label: FailedRequest) => V

/** For a request that could not even start. */
const NO_CONTROLS: Controls = { abort: () => undefined, on: () => undefined, off: () => undefined }

type Settle<V> = (error: unknown, value?: V) => void

/** Settles the promise, and calls back those who use WeChat's callbacks as well. */
function settler<V>(
  resolve: (value: V) => void,
  reject: (error: unknown) => void,
  heard?: Callbacks<V>,
): Settle<V> {
  if (!heard?.success && !heard?.fail && !heard?.complete) {
    return (error, value) => (error === undefined ? resolve(value as V) : reject(error))
  }
  return (error, value) => {
    if (error === undefined) {
      resolve(value as V)
      quietly(heard.success, value as V)
      quietly(heard.complete, value as V)
    } else {
      reject(error)
      quietly(heard.fail, error as Error)
      quietly(heard.complete, error as Error)
    }
  }
}

function quietly<A>(callback: ((argument: A) => void) | undefined, argument: A): void {
  try {
    callback?.(argument)
  } catch (error) {
    console.error('miniprogram-session: a callback threw', error)
  }
}
