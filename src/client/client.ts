import { authorizeOperation, type AuthorizeOptions } from '../call/authorize'
import { Call } from '../call/call'
import type { Config } from '../call/config'
import type { Core } from '../call/core'
import { MiddlewareOperation, type SendInside } from '../call/middleware'
import { asIs, NOTHING, okOrThrow, RequestOperation, type Finish, type Target } from '../call/request'
import { send } from '../call/send'
import { sinkOf } from '../call/sink'
import { createTask, type Task } from '../call/task'
import type { Inside } from '../entry/door'
import { INSIDE } from '../inside'
import { ConfigError } from '../errors'
import type { Listener } from '../events'
import { callSafely, promised } from '../app-code'
import type { ClientOptions, ExtendOptions } from '../options/client'
import { DEFAULTS } from '../options/defaults'
import type {
  AnyRequest,
  DeleteOptions,
  DownloadOptions,
  DownloadResponse,
  RequestOptions,
  UploadOptions,
  VerbOptions,
} from '../options/request'
import { checkEnsureLogin } from '../options/rules'
import type { Response } from '../options/response'
import type { Session, SessionInit } from '../options/session'
import type { WxTypedDownload, WxTypedRequest, WxTypedUpload } from '../platforms/wx-options'
import type { LoginData } from '../session/logins'
import { isRecord, snapshot } from '../transport/snapshot'
import { travelsAsQuery, type Query } from '../transport/serialize'
import type { Kind } from '../transport/wire'
import { Asker } from '../session/asker'
import { checkClient, createConfig, extendOptions, isChecked } from './config'
import { moveIn, createCore } from './core'

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
  uploadFile<T = unknown>(options: UploadOptions<T> | WxTypedUpload): Task<Response<T>>
  /** As `wx.downloadFile`: any status but a final 401 resolves, and its body is the file. */
  downloadFile(options: DownloadOptions | WxTypedDownload): Task<DownloadResponse>
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
  /** Hears every {@link ClientEvent}, those of clones included. Returns a function that stops it. */
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

/**
 * The client that all pages share. Nothing is sent and nothing is read before the first call. Throws a `ConfigError`
 * for options that cannot work.
 *
 * ```ts
 * export const api = createClient({ baseURL: 'https://api.example.com', login: { url: '/login' } })
 * ```
 */
export function createClient(options: ClientOptions): Client {
  checkClient(options)
  const config = createConfig(options)
  const core = createCore(options, config)
  moveIn(options, config, core)
  if (options.onEvent) core.events.on(options.onEvent)
  return makeClient(core, options, config)
}

function makeClient(core: Core, options: ClientOptions, config: Config): Client {
  const { session, events } = core
  const { use } = config

  /** `epoch`: of the moment of the call, before anything of the app's was read. */
  function start<V>(
    epoch: number,
    kind: Kind,
    target: Target,
    extras: Partial<AnyRequest>,
    finish: Finish<V>,
  ): Task<V> {
    const make = <W>(target: Target, extras: Partial<AnyRequest>, finish: Finish<W>): RequestOperation<W> =>
      new RequestOperation(config, core, kind, target, extras, finish)
    const sink = sinkOf(extras)
    if (sink) finish = sink.finish as Finish<V>
    if (!use.length) return send(core, make(target, extras, finish), epoch, sink)
    const request: AnyRequest = Object.assign({ header: {}, query: {}, context: {} }, extras, target)
    const sendInside: SendInside = (inner, root) => {
      const call = new Call<Response, Response>(core, make(inner, inner, asIs), epoch, root)
      const task = createTask(new Promise<Response>((resolve, reject) => call.start(resolve, reject)), call)
      return { task, call }
    }
    const label = () => make(target, extras, finish).labelAhead()
    const outer = new MiddlewareOperation(config, kind, request, finish, sendInside, label, client)
    return send(core, outer, epoch, sink)
  }

  /** The three that resolve as `wx` does; each has a type of its own for what that is. */
  function plain(kind: Kind): (given: object) => Task<never> {
    return (given) => {
      const { epoch } = session
      let request: AnyRequest & Callbacks
      try {
        request = taken(given) as AnyRequest & Callbacks
      } catch (thrown) {
        return rejected(thrown)
      }
      const { url, method, throwHttpErrors = config.throwHttpErrors, success, fail, complete } = request
      const target = { url, method, data: snapshot(request.data) }
      const finish = throwHttpErrors ? okOrThrow : asIs
      const task = start(epoch, kind, target, request, finish as Finish<unknown> as Finish<never>)
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
    const isPlain = config.unwrap === DEFAULTS.unwrap && config.throwHttpErrors !== false
    const finish = isPlain ? dataOrThrow : finishBy(NOTHING)
    const isQuery = travelsAsQuery(method)
    return <T>(url: string, data?: unknown, given?: VerbOptions) => {
      const { epoch } = session
      const body = data === undefined || (isQuery && data === null) ? undefined : snapshot(data)
      const target = { url, method, data: body }
      if (isQuery && body !== undefined && !isRecord(body)) {
        // It is told as the query that it was meant for.
        const extras = Object.assign({}, given, { query: body })
        return start(epoch, 'request', { url, method }, extras as Partial<AnyRequest>, finish as Finish<T>)
      }
      if (!given) return start(epoch, 'request', target, NOTHING, finish as Finish<T>)
      let extras: Partial<AnyRequest>
      try {
        extras = taken(given)
      } catch (thrown) {
        return rejected(thrown)
      }
      return start(epoch, 'request', target, extras, finishBy(extras as VerbOptions) as Finish<T>)
    }
  }

  const deleteWithBody = verb('DELETE')

  /** Its query is a query, and its body a body. */
  function remove<T>(url: string, query: Query | null | undefined, given?: DeleteOptions): Task<T> {
    let both: DeleteOptions
    try {
      both = Object.assign({}, given)
      const { query: other } = both
      if (query !== undefined && query !== null)
        both.query = isRecord(query) && isRecord(other) ? Object.assign({}, other, query) : query
    } catch (thrown) {
      return rejected(thrown)
    }
    return deleteWithBody(url, both.data, both)
  }

  const client: Client & { [INSIDE]: Inside } = {
    [INSIDE]: { core, config, ends: session.ends },
    request: plain('request'),
    get: verb('GET'),
    post: verb('POST'),
    put: verb('PUT'),
    patch: verb('PATCH'),
    delete: remove,
    head: verb('HEAD'),
    uploadFile: plain('uploadFile'),
    downloadFile: plain('downloadFile'),

    ensureLogin: <D>(given?: { force?: boolean; data?: LoginData }) =>
      new Promise<Session<D>>((resolve, reject) => {
        checkEnsureLogin(given)
        config.platform()
        const { force, data } = Object(given) as { force?: boolean; data?: LoginData }
        const asker = new Asker(
          session,
          isChecked(options) ? 'confirmed' : 'token',
          data !== undefined,
          resolve as (session: Session) => void,
          reject,
        )
        if (data) session.force(asker, snapshot(data))
        else if (force) session.force(asker)
        else asker.resume()
      }),

    setSession: <D>(given: SessionInit<D> | string) => session.set(given) as Session<D>,

    logout: () => session.logout(),

    get session() {
      return session.current()
    },

    authorize: (run, given) => send(core, authorizeOperation(run, given, config), session.epoch),

    on(listener) {
      if (typeof listener !== 'function') throw new ConfigError('on() takes a function.')
      return events.on(listener)
    },

    extend(changes) {
      const merged = extendOptions(options, config, changes)
      // A clone on the same base URLs moves on with them when one cannot be reached.
      const { bases } = config
      return makeClient(
        core,
        merged,
        Object.assign(createConfig(merged), !('baseURL' in changes) && { bases }),
      )
    },
  }
  return client
}

function dataOrThrow(response: Response): unknown {
  return okOrThrow(response).data
}

/** Of options that throw when they are read: a getter's error is a rejection like any other, and nothing goes out. */
function rejected(thrown: unknown): Task<never> {
  const ignore = (): void => undefined
  return createTask<never>(
    promised(() => {
      throw thrown
    }),
    { listen: ignore, unlisten: ignore, abort: ignore },
  )
}

/** Law 15: what was given is what is sent, whatever the app does with its objects afterwards. */
function taken(given: object): Partial<AnyRequest> {
  const request = Object.assign({}, given) as Partial<AnyRequest>
  const { query, header, formData } = request
  if (query !== undefined) request.query = snapshot(query)
  if (header !== undefined) request.header = snapshot(header)
  if (formData !== undefined) request.formData = snapshot(formData)
  return request
}

type Callback = (result: unknown) => void
interface Callbacks {
  success?: Callback
  fail?: Callback
  complete?: Callback
}
