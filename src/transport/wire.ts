import { callSafely, readable } from '../app-code'
import { TimeoutError } from '../errors'
import type { Response } from '../options/response'
import type { Platform, PlatformFailure, PlatformRequest, PlatformResponse } from '../platforms/wechat'
import type { Timer, Timers } from '../timers'
import { Chunks } from './chunks'
import { readFailure } from './failures'
import type { Lane } from './lanes'
import { answerIn, isAnswer, isOpening, parsed, responseOf } from './results'
import { NOBODY, type Sender } from './sender'
import { TASK_EVENTS, type HeadersReceived, type PlatformTask, type TaskEvent } from './task-events'
import type { Kind, WireOptions } from './wire-options'

/** An answer that takes as long as it takes: its time-out is one of silence. */
export interface Transfer {
  /** ms that WeChat is told. */
  readonly longest: number
  /** Of a stream: ms of silence, from the head on. */
  readonly idleTimeout: number | undefined
}

/** How long an aborted attempt holds its lane when WeChat never confirms the abort. */
const ABORT_GRACE = 1000

/** How many bytes are kept of an error's body that comes in pieces. */
const LONGEST_REFUSAL = 65_536

/**
 * One sending. It is answered once, whatever WeChat does: no callback, two, one within the call, a throw, a task that is
 * `undefined`. Its lane comes back when WeChat's own slot is free again, which after an abort is later than its end.
 */
export class Attempt implements Timer {
  due!: number
  place!: number
  private state: 'sent' | 'aborted' | 'over' = 'sent'
  private task: PlatformTask | undefined
  private lane: Lane | undefined
  private head: HeadersReceived | undefined
  private readonly chunks: Chunks | undefined
  /** Ours, from dispatch: WeChat's is not reliable everywhere (PC honours it since 3.11.1, release notes). */
  private timeout: number
  private isIdling: boolean | undefined
  /** What goes out, until it is over. */
  private options: WireOptions | undefined

  constructor(
    private readonly timers: Timers,
    private readonly kind: Kind,
    options: WireOptions,
    private sender: Sender,
    /** What must not show in an error, should WeChat quote it. */
    private readonly secret: string | undefined,
    private readonly transfer: Transfer | undefined,
  ) {
    this.options = options
    this.timeout = options.timeout
    if (!transfer) return
    options.timeout = transfer.longest
    if (kind === 'request')
      this.chunks = new Chunks((chunk) => {
        sender.heard()
        this.tell('ChunkReceived', chunk)
      })
  }

  /** `time`: what the clock says, if it has been read in this turn. */
  send(platform: Platform, lane: Lane, time?: number): void {
    this.lane = lane
    const { kind, options } = this
    if (!options) return
    this.timers.start(this, this.timeout, time)
    options.success = (result) => this.end(undefined, result)
    options.fail = (failure) => this.end(failure)
    try {
      const task = (platform as object as Sending)[kind](options as object as PlatformRequest)
      if (!task) return
      // Where an interceptor of Taro's answers, nothing else does (reported: NervJS/taro#2565).
      const promise = task as PlatformTask & PromiseLike<PlatformResponse>
      if (typeof (promise.then as unknown) === 'function')
        promise.then(
          (given) => isAnswer(given) && this.end(undefined, given),
          (cause: unknown) => this.thrown(cause),
        )
      // It may have been answered within the call.
      if ((this.state as string) === 'over') return
      this.task = task
      if ((this.state as string) === 'aborted') this.stop()
      else if (this.transfer || this.sender.root.listeners) this.listen(task)
    } catch (cause) {
      this.thrown(cause)
    }
  }

  /** What the platform throws, or its promise rejects with, is its failure, whatever it is. */
  private thrown(cause: unknown): void {
    const given = readable(cause)
    this.end(Object.assign({ errMsg: `${this.kind}:fail ${String(given)}` }, given))
  }

  /** Its time is up. */
  ring(): void {
    const { sender } = this
    if (this.state === 'aborted') return this.release()
    // WeChat may confirm it within the call, and then it is over.
    this.abort()
    sender.answered(new TimeoutError(this.isIdling ? 'idleTimeout' : 'timeout', this.timeout), undefined)
  }

  /** Gives up on it, without an answer. */
  abort(): void {
    if (this.state !== 'sent') return
    this.state = 'aborted'
    this.timers.cancel(this)
    this.timers.start(this, ABORT_GRACE)
    this.stop()
  }

  /** It is the one that counts: what was held back of it is heard now. */
  deliver({ statusCode }: Response): void {
    const { chunks } = this
    this.tellHead()
    if (chunks && isOpening(statusCode)) chunks.open()
  }

  /** Somebody has begun to listen. */
  listenTo(event: TaskEvent): void {
    const { task, transfer } = this
    if (task && !transfer) this.hook(task, event)
  }

  private listen(task: PlatformTask): void {
    const { sender, transfer } = this
    const { listeners } = sender.root
    for (const event of TASK_EVENTS)
      if (transfer || (listeners && listeners.has(event))) this.hook(task, event)
  }

  /** Hooked APIs may throw here, and the request is under way already. */
  private hook(task: PlatformTask, event: TaskEvent): void {
    callSafely(() => {
      const hears = task[`on${event}`]
      if (hears) hears.call(task, (detail) => this.heard(event, detail))
    }, undefined)
  }

  private heard(event: TaskEvent, detail: unknown): void {
    if (this.state !== 'sent') return
    const { transfer } = this
    if (transfer) {
      if (transfer.idleTimeout) {
        this.timeout = transfer.idleTimeout
        this.isIdling = true
      }
      this.timers.cancel(this)
      this.timers.start(this, this.timeout)
    }
    if (event === 'ProgressUpdate') return this.tell(event, detail)
    if (event === 'ChunkReceived') return this.heardChunk((Object(detail) as { data?: unknown }).data)
    this.head = Object(detail) as HeadersReceived
    const { statusCode, header, cookies } = this.head
    // DevTools tells no status here, nor did Android's high-performance mode until 3.4.6 (typings, release notes).
    if (!this.chunks || !statusCode) return
    const response: Response = { data: '', statusCode, header: Object(header) as Response['header'] }
    if (cookies) response.cookies = cookies
    if (isOpening(statusCode) && this.sender.mayOpen(response)) this.deliver(response)
    else this.chunks.hold(isOpening(statusCode) ? Infinity : LONGEST_REFUSAL)
  }

  private heardChunk(data: unknown): void {
    const { chunks } = this
    if (!chunks) return
    // No status has come before it: it is heard unless it may be a refusal.
    if (chunks.isUndecided && this.sender.mayOpen(Object(this.head) as HeadersReceived)) {
      this.tellHead()
      chunks.open()
    }
    if (this.state === 'sent') chunks.add(data)
  }

  private tellHead(): void {
    const { head } = this
    this.head = undefined
    if (head) this.tell('HeadersReceived', head)
  }

  private tell(event: TaskEvent, detail: unknown): void {
    const { listeners } = this.sender.root
    if (listeners && this.state !== 'aborted') listeners.tell(event, detail)
  }

  private stop(): void {
    try {
      if (this.task && this.task.abort) this.task.abort()
    } catch {
      // Nothing is lost: the lane comes back after the grace period.
    }
  }

  private end(failure: PlatformFailure | undefined, result?: PlatformResponse): void {
    const { options, sender } = this
    if (!options) return
    if (this.state === 'aborted') return this.release()
    this.over()
    // The answer first: what it changes (a 401 closes the door) must be known to whoever gets the lane.
    const answer = result || answerIn(failure)
    if (isAnswer(answer)) {
      const data = this.transfer ? this.body(answer.data, options) : answer.data
      sender.answered(undefined, responseOf(answer, data, this.head))
    } else {
      const what = failure || { errMsg: `${this.kind}:fail an answer without a status` }
      sender.answered(readFailure(what, options.url, this.timeout, this.secret), undefined)
    }
    sender.released(this.lane)
    this.sender = NOBODY
  }

  /** Without chunk events a stream is there all at once (PC, reported). */
  private body(data: unknown, options: WireOptions): unknown {
    const { chunks, transfer } = this
    if (this.kind === 'uploadFile') return parsed(data, options)
    if (!chunks) return data
    if (transfer && transfer.idleTimeout && data && chunks.isNew) chunks.add(data)
    return chunks.isEmpty ? data : parsed(chunks.text(), options)
  }

  private release(): void {
    const { sender, lane } = this
    this.over()
    this.sender = NOBODY
    sender.released(lane)
  }

  /** What went out has its callbacks, which have this: an engine that counts references would leave all to its collector. */
  private over(): void {
    this.state = 'over'
    this.options = undefined
    this.timers.cancel(this)
  }
}

type Sending = { readonly [kind in Kind]: (options: PlatformRequest) => PlatformTask | undefined }
