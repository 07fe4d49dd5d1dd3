import { inspectRequest, knownMethod, REQUEST_OPTIONS, type Config } from '../client/config'
import type { Errand, Sender } from './operation'
import { ConfigError, HttpError, type FailedRequest, type RequestError } from '../errors'
import type { AnyRequest } from '../options/client'
import type { Response } from '../options/response'
import { retryDelay, retryPolicy } from './retry'
import type { Need } from '../session/waiter'
import type { Timers } from '../timers'
import { addHeaders, removeHeader } from '../transport/headers'
import { appendQuery, serialize, serializeQuery } from '../transport/serialize'
import { neverConnected, Trip, type Kind, type WireOptions } from '../transport/wire'
import { HTTP_URL, isAbsolute, join, withoutFragment, withoutQuery } from '../transport/urls'

/** What a request is about. */
export type Target = Pick<AnyRequest, 'url' | 'method' | 'data'>

/** Makes of an answer what the caller gets, or throws it. */
export type Finish<V> = (response: Response) => V

/** A request of WeChat's on its way through the funnel. */
export class RequestErrand<V> extends Trip implements Errand<Response, V> {
  private method: string
  /** The whole URL, and the base it came from if it was relative. */
  private url: string
  private base: string | undefined
  private isHome = false
  /** How often another base URL was tried instead of a retry. */
  private moves = 0

  constructor(
    private readonly config: Config,
    timers: Timers,
    kind: Kind,
    private readonly target: Target,
    /** What the user says beyond the target, WeChat's own options included. */
    private readonly extras: Partial<AnyRequest>,
    readonly finish: Finish<V>,
    /** The code that the request of a login carries. */
    private readonly code?: string,
  ) {
    super(timers, config.platform, kind)
    this.url = typeof target.url === 'string' ? target.url : ''
    this.method = kind === 'uploadFile' ? 'POST' : 'GET'
  }

  /** A login's own request takes the lane that is kept free for it, and tells nobody of itself. */
  get isQuiet(): boolean {
    return this.code !== undefined
  }

  get usesLane(): boolean {
    return !this.isQuiet
  }

  get totalTimeout(): number | undefined {
    const { totalTimeout = this.config.totalTimeout } = this.extras
    return this.isQuiet ? undefined : totalTimeout
  }

  label(): FailedRequest {
    return { method: this.method, url: withoutQuery(this.url) }
  }

  open(): Need | undefined {
    const { config, extras, target } = this
    const { auth = true } = extras
    if (!config.platform()[this.kind])
      throw new ConfigError(`needs ${this.kind}(), which this platform lacks.`)
    if (typeof target.url !== 'string') throw new ConfigError("has no url: get('/orders').")
    this.resolve()
    if (target.method !== undefined) this.method = knownMethod(target.method)
    inspectRequest(extras)
    if (!auth || !this.isHome) return undefined
    return auth === 'verified' ? 'confirmed' : auth === 'optional' ? 'any' : config.tokenNeed
  }

  load(token: string | undefined, sender: Sender<Response>): void {
    const { code, config, extras } = this
    const { query, timeout = config.timeout } = extras
    const isUpload = this.kind === 'uploadFile'
    // Outside the `try`: what it throws is the app's own.
    const header = typeof config.header === 'function' ? config.header() : config.header
    const options: WireOptions = {
      url: this.url,
      method: this.method,
      header: {},
      data: isUpload ? extras.formData : this.target.data,
      timeout,
      success: undefined,
      fail: undefined,
      complete: undefined,
    }
    for (const field in extras) {
      if (!(field in options || field in REQUEST_OPTIONS)) options[field] = extras[field]
    }
    try {
      addHeaders(options.header, header)
      // The client's is for bodies of its own; WeChat writes one with the boundary.
      if (isUpload) removeHeader(options.header, 'content-type')
      addHeaders(options.header, extras.header)
      if (token !== undefined && this.isHome) config.attach(options, token)
      if (query) options.url = appendQuery(options.url, serializeQuery(query))
      if (!isUpload) serialize(options)
    } catch (cause) {
      if (cause instanceof ConfigError) throw cause
      throw new ConfigError('has a header, query or data that cannot be written: see error.cause.', cause)
    }
    if (isUpload) {
      options.formData = options.data
      options.data = undefined
    }
    this.options = options
    this.sender = sender
    this.secret = token || code
  }

  isUnauthorized(_error: unknown, response: Response | undefined): boolean {
    return response !== undefined && this.config.isUnauthorized(response)
  }

  retryDelay(error: unknown, response: Response | undefined, retry: number): number | undefined {
    const { config, extras, method, moves } = this
    const { bases } = config
    const failure = error as RequestError | undefined
    const canMove = bases.failed(this.base, failure)
    // A code goes to the server once, whatever became of it (law 5).
    if (this.code !== undefined) return undefined
    const policy = extras.retry === undefined ? config.retry : retryPolicy(extras.retry)
    // The next base is worth one try of its own, at once, before the retries begin.
    if (
      canMove &&
      moves < bases.count - 1 &&
      (policy.methods.indexOf(method) >= 0 || neverConnected(failure))
    ) {
      this.moves++
      return 0
    }
    return retryDelay(policy, method, retry - moves, failure, response, this.timers)
  }

  asResponse(response: Response): Response {
    return response
  }

  private resolve(): void {
    const { config } = this
    const { url } = this.target
    const isKnown = url.charAt(0) !== '/' && config.isHome(url)
    const base = isKnown || isAbsolute(url) ? undefined : config.bases.current()
    if (base !== undefined && base === this.base) return
    if (base === '')
      throw new ConfigError('has a relative url, and the client no baseURL: set one, or use an absolute url.')
    if (!base && !isKnown && !HTTP_URL.test(url))
      throw new ConfigError('has a url that is neither http nor https.')
    const whole = withoutFragment(url)
    this.base = base
    this.url = base ? join(base, whole) : whole
    // Law 13. A relative URL leads to a base, and unless the user says otherwise the bases are home.
    this.isHome = isKnown || (base !== undefined && !config.authOrigins) || config.isHome(this.url)
  }
}

export const asIs: Finish<Response> = (response) => response

export const okOrThrow: Finish<Response> = (response) => {
  const { statusCode } = response
  if (statusCode < 200 || statusCode > 399) throw new HttpError(response)
  return response
}
