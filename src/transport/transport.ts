import { ConfigError, NetworkError, TimeoutError, type FailedRequest, type RequestError } from '../errors'
import type { Response } from '../options'
import type { PlatformTask } from '../task'
import type { Timer, Timers } from '../timers'
import type { Platform, PlatformFailure, PlatformRequest, PlatformResponse } from './platform'

export type Kind = 'request' | 'uploadFile' | 'downloadFile'

/** One request as WeChat gets it, and what errors may say about it. */
export interface Shipment {
  kind: Kind
  options: PlatformRequest
  /** ms until our own timer gives up; it starts at dispatch. */
  timeout: number
  label: FailedRequest
  /** What must not show in an error, should WeChat quote it. */
  secret: string | undefined
}

export type Reply = (error: RequestError | undefined, response?: Response) => void

/** How long an abandoned request holds its lane when WeChat never confirms the abort. */
const ABORT_GRACE = 1000

/**
 * One trip over the wire. Reports once, whatever WeChat does: no callback, two, one within the call, a throw,
 * a task that is `undefined`. `over` comes when WeChat's own slot is free again, which for an abandoned trip is
 * later than the report.
 */
export class Trip {
  private state: 'on the wire' | 'abandoned' | 'over' = 'on the wire'
  private timer: Timer | undefined
  private task: PlatformTask | undefined

  constructor(
    private readonly timers: Timers,
    private readonly shipment: Shipment,
    private readonly reply: Reply,
    private readonly over?: () => void,
  ) {}

  start(platform: Platform): PlatformTask | undefined {
    const { kind, options, timeout, label } = this.shipment
    this.timer = this.timers.after(timeout, () => {
      this.abandon()
      this.reply(new TimeoutError(label, 'timeout', timeout))
    })
    options.timeout = timeout
    options.success = (result) => this.end(undefined, result)
    options.fail = (failure) => this.end(failure)
    try {
      this.task = send(platform, kind, options)
    } catch (cause) {
      this.end({ errMsg: `${kind}:fail ${cause instanceof Error ? cause.message : String(cause)}` })
    }
    return this.task
  }

  /** Gives up on it, without a report. */
  abandon(): void {
    if (this.state !== 'on the wire') return
    this.state = 'abandoned'
    this.timers.cancel(this.timer)
    this.timer = this.timers.after(ABORT_GRACE, () => this.finish())
    try {
      this.task?.abort?.()
    } catch {
      // Nothing is lost: the lane comes back after the grace period.
    }
  }

  private end(failure: PlatformFailure | undefined, result?: PlatformResponse): void {
    if (this.state === 'abandoned') return this.finish()
    if (this.state === 'over') return
    this.state = 'over'
    this.timers.cancel(this.timer)
    const { kind, label, secret, timeout } = this.shipment
    // Report first: what the answer changes (a 401 closes the door) must be known to whoever gets the lane.
    if (result && typeof result.statusCode === 'number') this.reply(undefined, readResponse(kind, result))
    else this.reply(classify(failure ?? { errMsg: `${kind}:ok without a status` }, label, secret, timeout))
    this.over?.()
  }

  private finish(): void {
    if (this.state !== 'abandoned') return
    this.state = 'over'
    this.timers.cancel(this.timer)
    this.over?.()
  }
}

function send(platform: Platform, kind: Kind, options: PlatformRequest): PlatformTask | undefined {
  if (typeof platform[kind] !== 'function') throw new ConfigError(`this platform has no ${kind}`)
  const task = platform[kind](options as PlatformRequest & { filePath: string; name: string })
  if (typeof task !== 'object' || task === null) return undefined
  // Taro's and uni's tasks are promises too, and nobody else would handle their rejection.
  if (typeof (task as Partial<PromiseLike<unknown>>).then === 'function')
    (task as PromiseLike<unknown>).then(drop, drop)
  return task
}

function drop(): void {
  // Callbacks have reported it already.
}

/** WeChat hands an upload's body back as a string, whatever its type (wx.uploadFile page). */
function readResponse(kind: Kind, result: PlatformResponse): Response {
  if (kind === 'uploadFile' && typeof result.data === 'string') {
    try {
      result.data = JSON.parse(result.data)
    } catch {
      // Not JSON: it stays the string it is.
    }
  }
  if (!result.header) result.header = {}
  return result as Response
}

/**
 * errno where there is one (public errno table: 5 timeout, 600003 interrupted); its absence, or 600001 for
 * everything Chromium's network stack reports, leaves only numbers and words inside errMsg. Offline is -106 in
 * Chromium's list and -1009 in Apple's.
 */
function classify(
  failure: PlatformFailure,
  label: FailedRequest,
  secret: string | undefined,
  timeout: number,
): RequestError {
  const { errno } = failure
  const words = redact(String(failure.errMsg), secret)
  if (errno === 5 || /:fail (request )?time(d )?[ -]?out/i.test(words))
    return new TimeoutError(label, 'timeout', timeout)
  const code =
    errno === 600003 || /interrupted|suspend/.test(words)
      ? 'INTERRUPTED'
      : /-106\b|-1009\b|INTERNET_DISCONNECTED/.test(words)
        ? 'OFFLINE'
        : 'NETWORK'
  return new NetworkError(code, label, words, errno)
}

/** WeChat quotes the URL in some failures (a domain that is not on the list), and its query with it. */
function redact(words: string, secret: string | undefined): string {
  const plain = words.replace(/\?[^\s"')]*/g, '')
  return secret ? plain.split(secret).join('***') : plain
}

/**
 * Whether the connection was never made, so that nothing can have reached the server: refused, name not
 * resolved, address unreachable, connect timed out (Chromium's net_error_list; Apple's -1003 and -1004).
 */
export function neverConnected(error: RequestError | undefined): boolean {
  return (
    error instanceof NetworkError &&
    error.code === 'NETWORK' &&
    /-(102|104|105|109|118|137|1003|1004)\b|ECONNREFUSED|ENOTFOUND/.test(error.errMsg)
  )
}
