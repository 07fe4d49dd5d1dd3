import { authorizeOperation } from '../call/authorize'
import type { Config } from '../call/config'
import type { Core } from '../call/core'
import { asIs, okOrThrow, type Finish } from '../call/finish'
import { taken } from '../call/given'
import { MiddlewareOperation } from '../call/middleware'
import { NOTHING } from '../call/outgoing'
import { RequestOperation, type Target } from '../call/request'
import { send } from '../call/send'
import type { Sink, Streamed } from '../call/sink'
import { createTask, type Task } from '../call/task'
import type { Inside } from '../entry/door'
import { INSIDE } from '../inside'
import { ConfigError } from '../errors'
import { callSafely, ignore } from '../app-code'
import type { ClientOptions } from '../options/client'
import { DEFAULTS } from '../options/defaults'
import type { AnyRequest, DeleteOptions, VerbOptions } from '../options/request'
import { checkEnsureLogin } from '../options/rules'
import type { Response } from '../options/response'
import type { Session, SessionInit } from '../options/session'
import type { LoginData } from '../session/logins'
import { isRecord, snapshot } from '../transport/snapshot'
import { travelsAsQuery, type Query } from '../transport/serialize'
import type { Kind } from '../transport/wire-options'
import { Asker } from '../session/asker'
import type { Client, Verb } from './client'
import { checkClient, createConfig, extendOptions, isChecked } from './config'
import { moveIn, createCore } from './core'

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
    sink?: Sink,
  ): Task<V> {
    const operation = use.length
      ? new MiddlewareOperation(config, core, kind, target, extras, finish, epoch, client)
      : new RequestOperation(config, core, kind, target, extras, finish)
    return send(core, operation, epoch, sink)
  }

  /** The three that resolve as `wx` does; each has a type of its own for what that is. */
  function plain(kind: Kind): (given: object) => Task<never> {
    return (given) =>
      reading(() => {
        const { epoch } = session
        const request = taken(given) as AnyRequest & Callbacks & Streamed
        const {
          url,
          method,
          data,
          throwHttpErrors = config.throwHttpErrors,
          success,
          fail,
          complete,
        } = request
        const target = { url, method, data }
        const sink = request[INSIDE]
        const finish: Finish<unknown> = sink ? sink.finish : throwHttpErrors ? okOrThrow : asIs
        const task = start(epoch, kind, target, request, finish as Finish<never>, sink)
        if (success || fail || complete) {
          const told = (listener: Callback | undefined) => (result: unknown) => {
            callSafely(listener, result)
            callSafely(complete, result)
          }
          // Whoever is called back need not handle the promise as well.
          task.then(told(success), told(fail))
        }
        return task
      })
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
        return reading(() => {
          const extras = Object.assign({}, given, { query: body }) as Partial<AnyRequest>
          return start(epoch, 'request', { url, method }, extras, finish as Finish<T>)
        })
      }
      if (!given) return start(epoch, 'request', target, NOTHING, finish as Finish<T>)
      return reading(() => {
        const extras = taken(given)
        return start(epoch, 'request', target, extras, finishBy(extras as VerbOptions) as Finish<T>)
      })
    }
  }

  const deleteWithBody = verb('DELETE')

  /** Its query is a query, and its body a body. */
  function remove<T>(url: string, query: Query | null | undefined, given?: DeleteOptions): Task<T> {
    return reading(() => {
      const both: DeleteOptions = Object.assign({}, given)
      const { query: other } = both
      if (query !== undefined && query !== null)
        both.query = isRecord(query) && isRecord(other) ? Object.assign({}, other, query) : query
      return deleteWithBody(url, both.data, both)
    })
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
        if (data || force) session.force(asker, snapshot(data))
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

/** Options may throw when they are read: a getter's error is a rejection like any other, and nothing goes out. */
function reading<V>(send: () => Task<V>): Task<V> {
  try {
    return send()
  } catch (thrown) {
    // It may be anything: it is the app's.
    const error = thrown as Error
    return createTask<V>(Promise.reject(error), { listen: ignore, unlisten: ignore, abort: ignore })
  }
}

type Callback = (result: unknown) => void
interface Callbacks {
  success?: Callback
  fail?: Callback
  complete?: Callback
}
