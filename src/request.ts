import type { Attempt, Errand, Outcome } from './errand'
import type { Config } from './config'
import { HttpError, type FailedRequest, type RequestError } from './errors'
import type { PerRequest, Response } from './options'
import { retryDelay, retryPolicy } from './retry'
import type { AttachToken } from './session/attach'
import type { Need } from './session/session'
import type { TaskListeners } from './task'
import type { Timers } from './timers'
import type { PlatformRequest } from './transport/platform'
import { mergeHeaders, resolveURL, seal } from './transport/prepare'
import { appendQuery, serializeQuery } from './transport/serialize'
import { neverConnected, Trip, type Kind } from './transport/transport'
import { originOf, withoutQuery } from './transport/urls'

/** A request as the client and its middleware see it: what the user said, in one shape for all three kinds. */
export interface AnyRequest extends PerRequest {
  url: string
  method?: string | undefined
  data?: unknown
  /** The form fields of an upload. */
  formData?: Record<string, unknown>
  /** Whatever else `wx.request`, `wx.uploadFile` or `wx.downloadFile` takes. */
  [field: string]: unknown
}

/** Fields that are ours, or that a trip sets itself. The rest goes to WeChat untouched. */
const OURS = new Set(
  [
    'url method data header timeout success fail complete',
    'query auth retry totalTimeout throwHttpErrors context unwrap',
  ]
    .join(' ')
    .split(' '),
)

/** A request of WeChat's on its way through the funnel. */
export class RequestErrand<V> implements Errand<Response, V> {
  readonly label: FailedRequest
  readonly need: Need | undefined
  readonly usesLane = true
  readonly totalTimeout: number | undefined
  /** How often another base URL was tried instead of a retry. */
  private moves = 0
  private base: string | undefined
  private readonly method: string

  constructor(
    private readonly config: Config,
    private readonly timers: Timers,
    private readonly kind: Kind,
    private readonly request: AnyRequest,
    private readonly end: (response: Response, label: FailedRequest) => V,
  ) {
    const { url } = resolveURL(config.bases, request.url)
    this.method =
      kind === 'request' ? (request.method ?? 'GET').toUpperCase() : kind === 'uploadFile' ? 'POST' : 'GET'
    this.label = { method: this.method, url: withoutQuery(url) }
    this.totalTimeout = request.totalTimeout ?? config.totalTimeout
    this.need = this.isHome(url) ? needOf(request, config) : undefined
  }

  send(
    token: string | undefined,
    done: Outcome<Response>,
    over: () => void,
    listeners?: TaskListeners,
  ): Attempt {
    const { config, kind, request, timers } = this
    const { url, base } = resolveURL(config.bases, request.url)
    this.base = base
    const options: PlatformRequest = { url }
    for (const field in request) if (!OURS.has(field)) options[field] = request[field]
    const isUpload = kind === 'uploadFile'
    const outgoing = {
      url: request.query ? appendQuery(url, serializeQuery(request.query)) : url,
      method: this.method,
      header: mergeHeaders(config.header, request.header),
      data: isUpload ? request.formData : request.data,
    }
    const attach: AttachToken | undefined = this.isHome(url) ? config.attach : undefined
    if (isUpload) {
      if (attach && token !== undefined) attach(outgoing, token)
      Object.assign(options, { url: outgoing.url, header: outgoing.header, formData: outgoing.data })
    } else {
      seal(options, outgoing, attach, token)
    }
    const timeout = request.timeout ?? config.timeout
    const trip = new Trip(timers, { kind, options, timeout, label: this.label, secret: token }, done, over)
    const task = trip.start(config.platform())
    listeners?.attach(task)
    return trip
  }

  isUnauthorized(_error: unknown, response: Response | undefined): boolean {
    return response !== undefined && this.config.isUnauthorized(response)
  }

  isAccepted(response: Response): boolean {
    return response.statusCode < 500
  }

  retryDelay(error: unknown, response: Response | undefined, retry: number): number | undefined {
    const { base, config, method, request } = this
    const policy = request.retry === undefined ? config.retry : retryPolicy(request.retry)
    if (!response && base !== undefined && (error as RequestError).code === 'NETWORK') {
      const another = config.bases.failed(base)
      const isSafe = policy.methods.indexOf(method) >= 0 || neverConnected(error as RequestError)
      // The next base is worth one try of its own, at once, before the retries begin.
      if (another && isSafe && this.moves < config.bases.count - 1) {
        this.moves++
        return 0
      }
    }
    return retryDelay(
      policy,
      method,
      retry - this.moves,
      error as RequestError | undefined,
      response,
      this.timers.wallClock(),
    )
  }

  asResponse(response: Response | undefined): Response | undefined {
    return response
  }

  finish(response: Response): V {
    return this.end(response, this.label)
  }

  private isHome(url: string): boolean {
    const origin = originOf(url)
    return origin !== undefined && this.config.authOrigins().indexOf(origin) >= 0
  }
}

function needOf({ auth = true }: PerRequest, config: Config): Need | undefined {
  if (auth === false) return undefined
  if (auth === 'optional') return 'any'
  return auth === 'verified' ? 'confirmed' : config.tokenNeed
}

/** Throws for what is not 200-399. */
export function throwForStatus(response: Response, label: FailedRequest): void {
  const { statusCode } = response
  if (statusCode < 200 || statusCode > 399) throw new HttpError(response, label)
}
