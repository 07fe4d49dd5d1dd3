import type { Sender } from '../call/operation'
import { NetworkError, TimeoutError, type RequestError } from '../errors'
import type { Response } from '../options/response'
import type { PlatformTask } from '../call/task'
import type { Timer, Timers } from '../timers'
import type { Headers } from './headers'
import {
  quiet,
  redact,
  type Platform,
  type PlatformFailure,
  type PlatformRequest,
  type PlatformResponse,
} from '../platforms/wechat'
import { withoutQuery } from './urls'

export type Kind = 'request' | 'uploadFile' | 'downloadFile'

/** What `wx.request` is called with; an `attach` function sees it before its data is serialised. */
export interface WireOptions {
  url: string
  method: string
  header: Headers
  data: unknown
  timeout: number
  success: ((result: PlatformResponse) => void) | undefined
  fail: ((failure: PlatformFailure) => void) | undefined
  complete: undefined
  [field: string]: unknown
}

/** How long an abandoned request holds its lane when WeChat never confirms the abort. */
const ABORT_GRACE = 1000

/**
 * What goes over the wire, once or several times. Each trip reports once, whatever WeChat does: no callback, two,
 * one within the call, a throw, a task that is `undefined`. `over` comes when WeChat's own slot is free again,
 * which for an abandoned trip, always the last one, is later than the report.
 */
export abstract class Trip implements Timer {
  due = 0
  place = -1
  private state: 'at home' | 'on the wire' | 'abandoned' = 'at home'
  /** How many there were: an answer to an earlier one is not heard. */
  private trips = 0
  private task: PlatformTask | undefined
  protected options!: WireOptions
  protected sender!: Sender<Response>
  /** What must not show in an error, should WeChat quote it. */
  protected secret: string | undefined

  constructor(
    protected readonly timers: Timers,
    protected readonly platform: () => Platform,
    protected readonly kind: Kind,
  ) {}

  start(): void {
    const { kind, options, sender } = this
    const trip = ++this.trips
    this.state = 'on the wire'
    this.task = undefined
    // Our own, from dispatch: WeChat's is not reliable everywhere (PC honours it since 3.11.1, release notes).
    this.timers.start(this, options.timeout)
    options.success = (result) => this.end(trip, undefined, result)
    options.fail = (failure) => this.end(trip, failure)
    try {
      const platform = this.platform() as object as Sending
      const task = quiet(platform[kind](options as object as PlatformRequest))
      // It may have been answered within the call, and sent again, or given up.
      if (trip !== this.trips) return
      this.task = task as PlatformTask | undefined
      if (this.is('on the wire')) sender.listeners.attach(this.task)
      else if (this.is('abandoned')) this.abort()
    } catch (cause) {
      this.end(trip, { errMsg: `${kind}:fail ${String(cause)}` })
    }
  }

  /** Its time is up. */
  ring(): void {
    if (this.state === 'abandoned') return this.land()
    this.abandon()
    this.sender.answered(new TimeoutError('timeout', this.options.timeout))
  }

  /** Gives up on it, without an answer. */
  abandon(): void {
    if (this.state !== 'on the wire') return
    this.state = 'abandoned'
    this.timers.cancel(this)
    this.timers.start(this, ABORT_GRACE)
    this.abort()
  }

  private abort(): void {
    try {
      if (this.task && this.task.abort) this.task.abort()
    } catch {
      // Nothing is lost: the lane comes back after the grace period.
    }
  }

  private end(trip: number, failure: PlatformFailure | undefined, result?: PlatformResponse): void {
    if (trip !== this.trips || this.is('at home')) return
    if (this.is('abandoned')) return this.land()
    const { kind, sender } = this
    this.state = 'at home'
    this.timers.cancel(this)
    // The answer first: what it changes (a 401 closes the door) must be known to whoever gets the lane.
    if (result && typeof result.statusCode === 'number')
      sender.answered(undefined, readResponse(kind, result))
    else sender.answered(this.classify(failure || { errMsg: 'an answer without a status' }))
    sender.over()
  }

  private is(state: Trip['state']): boolean {
    return this.state === state
  }

  private land(): void {
    this.state = 'at home'
    this.timers.cancel(this)
    this.sender.over()
  }

  /**
   * errno where there is one (public errno table: 5 timeout, 600003 interrupted); its absence, or 600001 for
   * everything Chromium's network stack reports, leaves only numbers and words inside errMsg. Offline is -106
   * in Chromium's list and -1009 in Apple's.
   */
  private classify({ errno, errMsg }: PlatformFailure): RequestError {
    const { timeout, url } = this.options
    const parts = String(errMsg).split(url)
    const words = redact(parts.join(withoutQuery(url)), this.secret)
    // A URL may have any words in it.
    const plain = parts.join('')
    if (errno === 5 || /:fail (request )?time(d )?[ -]?out|超时|逾時/i.test(plain))
      return new TimeoutError('timeout', timeout)
    const isInterrupted = errno === 600003 || /interrupted|suspend/.test(plain)
    const isOffline = /-106\b|-1009\b|INTERNET_DISCONNECTED/.test(plain)
    return new NetworkError(isInterrupted ? 'INTERRUPTED' : isOffline ? 'OFFLINE' : 'NETWORK', words, errno)
  }
}

type Sending = { readonly [kind in Kind]: (options: PlatformRequest) => unknown }

/** WeChat hands an upload's body back as a string, whatever its type (wx.uploadFile page). */
function readResponse(kind: Kind, result: PlatformResponse): Response {
  let { data } = result
  if (kind === 'uploadFile' && typeof data === 'string') {
    try {
      data = JSON.parse(data)
    } catch {
      // Not JSON: it stays the string it is.
    }
  }
  // A copy where something has to change: what the platform hands out may be frozen.
  if (data === result.data && result.header) return result as Response
  return Object.assign({}, result as Response, { data, header: result.header || {} })
}

/**
 * Whether the connection was never made, so that nothing can have reached the server: refused, name not
 * resolved, address unreachable, connect timed out (Chromium's net_error_list; Apple's -1003 and -1004).
 */
export function neverConnected(error: RequestError | undefined): boolean {
  return (
    error instanceof NetworkError &&
    /[^\w/]-(102|104|105|109|118|137|1003|1004)\b|ECONNREFUSED|ENOTFOUND/.test(error.errMsg)
  )
}
