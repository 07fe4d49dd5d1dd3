import { atOnce } from '../app-code'
import { AbortError, ConfigError, kindOfFailure, TimeoutError, type FailedRequest } from '../errors'
import { DEFAULTS } from '../options/defaults'
import { checkRequest, knownMethod } from '../options/rules'
import { INSIDE } from '../inside'
import type { AnyRequest, Signal } from '../options/request'
import type { Response } from '../options/response'
import type { Platform } from '../platforms/wechat'
import type { Held } from '../session/state'
import type { Need } from '../session/waiters'
import { headerOf } from '../transport/headers'
import type { Lane } from '../transport/lanes'
import { ELSEWHERE, isOutOfReach, planRetry, retryPolicy, type Plan } from '../transport/retry'
import { HTTP_URL, isAbsolute, join, withoutFragment, withoutQuery } from '../transport/urls'
import type { HeadersReceived, TaskEvent } from '../transport/task-events'
import type { Sender } from '../transport/sender'
import { Attempt, type Transfer } from '../transport/wire'
import type { Kind } from '../transport/wire-options'
import type { Config } from './config'
import type { Core } from './core'
import type { Finish } from './finish'
import type { Operation, Role, WireOperation } from './operation'
import { NOTHING, outgoing } from './outgoing'
import type { Sink, Streamed } from './sink'

/** What a request is about. */
export type Target = Pick<AnyRequest, 'url' | 'method' | 'data'>

/** What is wrong with a request whatever middleware makes of it: its URL may still be one that middleware completes. */
export function checkTarget({ url }: Partial<Target>, extras: Partial<AnyRequest>): string[] | undefined {
  if (typeof url !== 'string') throw new ConfigError("has no url, such as '/orders'.")
  return extras === NOTHING ? undefined : checkRequest(extras)
}

/** A request of WeChat's on its way through the funnel. */
export class RequestOperation<V> implements Operation<Response, V>, WireOperation {
  readonly role: Role
  readonly totalTimeout: number | undefined
  signal: Signal | undefined
  private method: string
  /** The whole URL, and the base it came from if it was relative. */
  private url: string
  /** What it is called, until its URL is another. */
  private name: FailedRequest | undefined
  private base: string | undefined
  private isHome: boolean | undefined
  private isChecked: boolean | undefined
  /** The names of what it says to WeChat. */
  private foreign: readonly string[] | undefined
  private platform!: Platform
  private attempt: Attempt | undefined
  /** How often another base URL was tried instead of a retry. */
  private moves: number | undefined

  constructor(
    private readonly config: Config,
    private readonly core: Core,
    readonly api: Kind,
    private readonly target: Target,
    /** What the user says beyond the target, WeChat's own options included. */
    private readonly extras: Partial<AnyRequest> & Streamed,
    readonly finish: Finish<V>,
    /** The code that the request of a login carries, and whether anybody still wants that. */
    private readonly login?: { readonly code: string; readonly isWanted: () => boolean },
  ) {
    const isLogin = login !== undefined
    this.role = isLogin ? 'login' : 'request'
    this.url = typeof target.url === 'string' ? target.url : ''
    this.method = api === 'uploadFile' ? 'POST' : 'GET'
    this.signal = extras.signal
    this.totalTimeout =
      isLogin || extras.totalTimeout !== undefined ? extras.totalTimeout : config.totalTimeout
  }

  get wire(): this {
    return this
  }

  /** Who streams it, if anybody does. */
  private get sink(): Sink | undefined {
    return this.extras[INSIDE]
  }

  get ignores401(): boolean {
    return this.extras.isUnauthorized === false
  }

  label(): FailedRequest {
    const { method, url } = this
    return this.name || (this.name = { method, url: withoutQuery(url) })
  }

  /** The same of a request that has not been opened: as far as it can be told. */
  labelAhead(): FailedRequest {
    try {
      this.resolve()
      this.checkOnce()
    } catch {
      // It is known by the URL it was given.
    }
    return this.label()
  }

  open(): Need | undefined {
    const { config, extras } = this
    if (this.login) this.checkWanted()
    const platform = (this.platform = config.platform())
    if (!platform[this.api]) throw new ConfigError(`needs ${this.api}(), which this platform lacks.`)
    if (typeof this.target.url === 'string') this.resolve()
    if (!this.isChecked) this.checkOnce()
    const { auth = config.auth } = extras
    if (!auth || !this.isHome) return undefined
    return auth === 'verified' ? 'confirmed' : auth === 'optional' ? 'any' : config.tokenNeed
  }

  /** A login that was given up while this waited for a lane, or in `header()`, burns no code any more. */
  private checkWanted(): void {
    const { login } = this
    if (login && !login.isWanted()) throw new AbortError()
  }

  private checkOnce(): void {
    const { extras, target } = this
    if (target.method !== undefined && target.method !== this.method) this.method = knownMethod(target.method)
    const foreign = checkTarget(target, extras)
    if (foreign) this.foreign = foreign
    this.isChecked = true
  }

  load(held: Held | undefined, sender: Sender): void {
    const { login, config, extras, api, sink } = this
    const token = held && held.session.token
    // What it throws is the app's own.
    const header = typeof config.header === 'function' ? atOnce(config.header(), 'header') : config.header
    if (login) this.checkWanted()
    const { url, method, target, foreign } = this
    const options = outgoing(config, api, url, method, target.data, extras, foreign, header, token)
    if (sink) sink.begin(token !== undefined)
    this.attempt = new Attempt(
      this.core.timers,
      api,
      options,
      sender,
      token || (login && login.code),
      api !== 'request' || options.enableChunked === true ? this.transfer() : undefined,
    )
  }

  private transfer(): Transfer {
    const { sink, totalTimeout } = this
    const longest = sink ? DEFAULTS.streamTimeout : DEFAULTS.transferTimeout
    return { longest: totalTimeout || longest, idleTimeout: sink && sink.idleTimeout }
  }

  start(lane: Lane, time: number | undefined): void {
    if (this.attempt) this.attempt.send(this.platform, lane, time)
  }

  abort(): void {
    if (this.sink) this.sink.isStopped = true
    if (this.attempt) this.attempt.abort()
  }

  listenTo(event: TaskEvent): void {
    if (this.attempt) this.attempt.listenTo(event)
  }

  isUnauthorized(_error: unknown, response: Response | undefined): boolean {
    const { isUnauthorized = this.config.isUnauthorized } = this.extras
    if (!response || isUnauthorized === false) return false
    return isUnauthorized ? atOnce(isUnauthorized(response), 'isUnauthorized') : response.statusCode === 401
  }

  /** Only a status of 401 is known from the head; whoever judges by the data gets JSON when it is whole. */
  mayOpen(head: HeadersReceived): boolean {
    const { statusCode, header } = head
    const { isUnauthorized = this.config.isUnauthorized } = this.extras
    if (statusCode === 401 && isUnauthorized !== false) return false
    if (this.sink && !this.sink.opens(head)) return false
    return !isUnauthorized || !/^application\/json\b/i.test(String(headerOf(header, 'content-type')))
  }

  deliver(response: Response): void {
    const { attempt, sink } = this
    if (attempt && (!sink || sink.opens(response))) attempt.deliver(response)
  }

  plan(error: unknown, response: Response | undefined, retries: number): Plan | undefined {
    // A code goes to the server once, whatever became of it (law 5).
    if (this.role === 'login') return undefined
    const { core, config } = this
    const { retry } = this.extras
    const policy = retry === undefined ? config.retry : retryPolicy(retry)
    if (response && response.statusCode < policy.lowest) return undefined
    const mayRepeat = policy.methods.indexOf(this.method) >= 0
    if (error !== undefined && this.canMove(error, mayRepeat)) return ELSEWHERE
    if (!mayRepeat) return undefined
    const failure = error === undefined ? undefined : kindOfFailure(error)
    return planRetry(policy, { failure, response }, retries, core.phone().isHidden, core.timers)
  }

  /** Several requests fail together when a host goes away or is silent. */
  failed(error: unknown, plan: Plan | undefined): void {
    const { base, config } = this
    if (plan === ELSEWHERE) this.moves = (this.moves || 0) + 1
    if (base !== undefined && (isOutOfReach(error) || error instanceof TimeoutError)) config.bases.leave(base)
  }

  address(): string {
    return `${this.method} ${withoutQuery(this.url).replace(HTTP_URL, '')}`
  }

  asResponse(response: Response): Response {
    return response
  }

  /** The next base is worth one try of its own, at once, before the retries begin. A time-out is not tried again. */
  private canMove(error: unknown, mayRepeat: boolean): boolean {
    const { bases } = this.config
    return (
      this.base !== undefined &&
      (this.moves || 0) < bases.count - 1 &&
      isOutOfReach(error) &&
      (mayRepeat || kindOfFailure(error) === 'never connected')
    )
  }

  private resolve(): void {
    const { config } = this
    const { url } = this.target
    const isPath = url[0] === '/'
    const isKnown = !isPath && config.isHome(url)
    const base = isPath || !(isKnown || isAbsolute(url)) ? config.bases.current() : undefined
    if (base !== undefined && base === this.base) return
    if (base === '')
      throw new ConfigError('has a relative url, and the client no baseURL: set one, or use an absolute url.')
    if (!base && !isKnown && !HTTP_URL.test(url))
      throw new ConfigError('has a url that is neither http nor https.')
    const whole = withoutFragment(url)
    this.base = base
    if (this.name) this.name = undefined
    this.url = base ? join(base, whole) : whole
    // Law 13. A relative URL leads to a base, and unless the user says otherwise the bases are home.
    this.isHome = isKnown || (base !== undefined && !config.hasOrigins) || config.isHome(this.url)
  }
}
