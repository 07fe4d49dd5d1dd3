import { inspectRequest, type Config } from './config'
import type { Attempt, Errand, Sender } from './errand'
import { ConfigError, HttpError, type FailedRequest, type RequestError } from './errors'
import type { AnyRequest } from './options'
import type { Response } from './response'
import { retryDelay, retryPolicy } from './retry'
import type { Need } from './session/waiter'
import type { Timers } from './timers'
import { mergeHeaders } from './transport/headers'
import { baseOf, resolveURL, serialize } from './transport/prepare'
import { appendQuery, serializeQuery } from './transport/serialize'
import { neverConnected, Trip, type Kind, type WireOptions } from './transport/transport'
import { originOf, withoutQuery } from './transport/urls'

/** Fields that are ours; what else there is goes to WeChat untouched. */
const OURS = new Set(['query', 'auth', 'retry', 'totalTimeout', 'throwHttpErrors', 'unwrap', 'context'])

/** Makes of an answer what the caller gets, or throws it. */
export type Finish<V> = (response: Response, errand: { label(): FailedRequest }) => V

/** A request of WeChat's on its way through the funnel. */
export class RequestErrand<V> implements Errand<Response, V> {
  readonly usesLane = true
  readonly isQuiet = false
  readonly totalTimeout: number | undefined
  private method: string
  /** The whole URL, and the base it came from if it was relative. */
  private url: string
  private base: string | undefined
  private isHome = false
  /** How often another base URL was tried instead of a retry. */
  private moves = 0

  constructor(
    private readonly config: Config,
    private readonly timers: Timers,
    private readonly kind: Kind,
    private readonly request: AnyRequest,
    private readonly end: Finish<V>,
  ) {
    const {
      url,
      method = kind === 'uploadFile' ? 'POST' : 'GET',
      totalTimeout = config.totalTimeout,
    } = request
    this.url = url
    this.method = method
    this.totalTimeout = totalTimeout
  }

  label(): FailedRequest {
    return { method: this.method, url: withoutQuery(this.url) }
  }

  open(): Need | undefined {
    const { auth = true } = this.request
    if (typeof this.url !== 'string') throw new ConfigError('has no url.')
    this.resolve()
    inspectRequest(this.request)
    this.method = this.method.toUpperCase()
    if (!auth || !this.isHome) return undefined
    return auth === 'verified' ? 'confirmed' : auth === 'optional' ? 'any' : this.config.tokenNeed
  }

  attempt(token: string | undefined, sender: Sender<Response>): Attempt {
    const { config, kind, request } = this
    if (this.base !== undefined) this.resolve()
    const { query, timeout = config.timeout } = request
    const isUpload = kind === 'uploadFile'
    const options: WireOptions = {
      url: this.url,
      method: this.method,
      header: mergeHeaders(config.header, request.header),
      data: isUpload ? request.formData : request.data,
      timeout,
      success: undefined,
      fail: undefined,
      complete: undefined,
    }
    for (const field in request) if (!(field in options || OURS.has(field))) options[field] = request[field]
    if (token !== undefined && this.isHome) config.attach(options, token)
    try {
      if (query) options.url = appendQuery(options.url, serializeQuery(query))
      if (!isUpload) serialize(options)
    } catch (cause) {
      throw new ConfigError('has a query or data that cannot be written: see error.cause.', undefined, cause)
    }
    if (isUpload) {
      options.formData = options.data
      options.data = undefined
    }
    return new Trip(config.platform(), this.timers, kind, options, this, token, sender)
  }

  isUnauthorized(_error: unknown, response: Response | undefined): boolean {
    return response !== undefined && this.config.isUnauthorized(response)
  }

  retryDelay(error: unknown, response: Response | undefined, retry: number): number | undefined {
    const { config, method, moves, request } = this
    const failure = error as RequestError | undefined
    const policy = request.retry === undefined ? config.retry : retryPolicy(request.retry)
    // The next base is worth one try of its own, at once, before the retries begin.
    if (config.bases.failed(this.base, failure) && moves < config.bases.count - 1) {
      if (policy.methods.indexOf(method) >= 0 || neverConnected(failure)) {
        this.moves++
        return 0
      }
    }
    return retryDelay(policy, method, retry - moves, failure, response, this.timers.wallClock())
  }

  asResponse(response: Response): Response {
    return response
  }

  finish(response: Response): V {
    return this.end(response, this)
  }

  private resolve(): void {
    const { config, request } = this
    const base = baseOf(request.url, config.bases)
    if (this.base !== undefined && base === this.base) return
    this.base = base
    this.url = resolveURL(request.url, base)
    this.isHome = mayCarryToken(this.url, base, config)
  }
}

/** Law 13. A relative URL leads to a base, and unless the user says otherwise the bases are home. */
function mayCarryToken(url: string, base: string | undefined, { authOrigins, homeOrigins }: Config): boolean {
  if (!authOrigins && base !== undefined) return true
  const origin = originOf(url)
  return origin !== undefined && (authOrigins || homeOrigins()).indexOf(origin) >= 0
}

export const asIs: Finish<Response> = (response) => response

export const okOrThrow: Finish<Response> = (response, errand) => {
  const { statusCode } = response
  if (statusCode < 200 || statusCode > 399) throw new HttpError(response, errand.label())
  return response
}
