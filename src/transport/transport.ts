import type { Attempt, Sender } from '../errand'
import { ConfigError, NetworkError, TimeoutError, type FailedRequest, type RequestError } from '../errors'
import type { Response } from '../response'
import type { PlatformTask } from '../task'
import { cancel, type Timer, type Timers } from '../timers'
import type { Headers } from './headers'
import {
  quiet,
  type Platform,
  type PlatformFailure,
  type PlatformRequest,
  type PlatformResponse,
} from './platform'

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
 * One trip over the wire. Reports once, whatever WeChat does: no callback, two, one within the call, a throw,
 * a task that is `undefined`. `over` comes when WeChat's own slot is free again, which for an abandoned trip is
 * later than the report.
 */
export class Trip implements Attempt {
  private state: 'on the wire' | 'abandoned' | 'over' = 'on the wire'
  private timer: Timer | undefined
  private task: PlatformTask | undefined

  constructor(
    private readonly platform: Platform,
    private readonly timers: Timers,
    private readonly kind: Kind,
    private readonly options: WireOptions,
    /** What errors may say of it. */
    private readonly errand: { label(): FailedRequest },
    /** What must not show in an error, should WeChat quote it. */
    private readonly secret: string | undefined,
    private readonly sender: Sender<Response>,
  ) {}

  start(): void {
    const { kind, options, sender, timers } = this
    // Our own, from dispatch: WeChat's is not reliable everywhere (PC honours it since 3.11.1, release notes).
    this.timer = timers.after(options.timeout, () => {
      this.abandon()
      sender.answered(new TimeoutError(this.errand.label(), 'timeout', options.timeout))
    })
    options.success = (result) => this.end(undefined, result)
    options.fail = (failure) => this.end(failure)
    try {
      this.task = send(this.platform, kind, options)
      if (this.state === 'on the wire') sender.listeners.attach(this.task)
    } catch (cause) {
      this.end({ errMsg: `${kind}:fail ${String(cause)}` })
    }
  }

  /** Gives up on it, without an answer. */
  abandon(): void {
    if (this.state !== 'on the wire') return
    this.state = 'abandoned'
    cancel(this.timer)
    this.timer = this.timers.after(ABORT_GRACE, () => this.finish())
    try {
      if (this.task && this.task.abort) this.task.abort()
    } catch {
      // Nothing is lost: the lane comes back after the grace period.
    }
  }

  private end(failure: PlatformFailure | undefined, result?: PlatformResponse): void {
    if (this.state === 'on the wire') {
      this.state = 'over'
      // The answer first: what it changes (a 401 closes the door) must be known to whoever gets the lane.
      if (result && typeof result.statusCode === 'number')
        this.sender.answered(undefined, readResponse(this.kind, result))
      else this.sender.answered(this.classify(failure || { errMsg: 'an answer without a status' }))
    } else if (this.state === 'over') return
    this.finish()
  }

  private finish(): void {
    this.state = 'over'
    cancel(this.timer)
    this.sender.over()
  }

  /**
   * errno where there is one (public errno table: 5 timeout, 600003 interrupted); its absence, or 600001 for
   * everything Chromium's network stack reports, leaves only numbers and words inside errMsg. Offline is -106
   * in Chromium's list and -1009 in Apple's.
   */
  private classify({ errno, errMsg }: PlatformFailure): RequestError {
    const label = this.errand.label()
    const words = redact(String(errMsg).split(this.options.url).join(label.url), this.secret)
    if (errno === 5 || /:fail (request )?time(d )?[ -]?out/i.test(words)) {
      return new TimeoutError(label, 'timeout', this.options.timeout)
    }
    const isOffline = /-106\b|-1009\b|INTERNET_DISCONNECTED/.test(words)
    const isInterrupted = errno === 600003 || /interrupted|suspend/.test(words)
    const code = isInterrupted ? 'INTERRUPTED' : isOffline ? 'OFFLINE' : 'NETWORK'
    return new NetworkError(code, label, words, errno)
  }
}

function send(platform: Platform, kind: Kind, options: WireOptions): PlatformTask | undefined {
  if (typeof platform[kind] !== 'function') throw new ConfigError(`this platform has no ${kind}`)
  const task = quiet(
    platform[kind](options as object as PlatformRequest & { filePath: string; name: string }),
  )
  return typeof task === 'object' && task ? task : undefined
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

/** WeChat quotes the URL in some failures (a domain that is not on the list), and its query with it. */
export function redact(words: string, secret: string | undefined): string {
  const plain = words.replace(/\?\S*/g, '')
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
