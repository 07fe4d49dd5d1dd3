import type { Clock, PlatformCallbacks } from '../platforms/wechat'
import { fail, succeed } from './callbacks'
import type { CallRecord } from './calls'
import { failureOf } from './failures'
import { orderedFailure, type Misbehaviour } from './misbehave'
import { bodyOf, receivedHeader, resultOf, sizeOf, type Reception } from './received'
import type { FakeRequest } from './request'
import { FakeTask } from './task'
import type { AbortMode, Failure, FailureName, FakeReply, Handler, Wire } from './types'
import { encodeUtf8 } from './utf8'

/** What an exchange needs of the world around it. */
export interface Surroundings extends Reception {
  readonly clock: Clock
  readonly abortMode: AbortMode
  /** Where requests go. */
  readonly handler: Handler
  latencyOf(request: FakeRequest): number
  /** A failure that strikes whatever starts now: offline, or ordered with `failNext`. */
  nextFailure(): FailureName | Failure | undefined
  /** The exchange is over: its lane, if it had one, is free. */
  finished(exchange: Exchange): void
}

/** How long after `abort()` the answer comes with `fake.abort = 'late'`. */
const LATE_ABORT = 500
/** The gap between the pieces of a chunked answer, and before a callback too many. */
const NEXT_MOMENT = 1

/** The life of one network call: waits for a lane, reaches the back end, is answered, calls back. */
export class Exchange implements Wire {
  readonly task = new FakeTask(
    () => this.abort(),
    (error) => this.throwLater(error),
  )
  /** -1 while it has none. */
  lane = -1
  /** True once it is answered, failed or given up; no callback comes after that, but by misbehaviour. */
  isOver = false
  /** True once nothing from the back end is wanted any more, though its lane may still be busy. */
  private isHungUp = false
  private isAborted = false
  private hasHeaders = false
  /** The timer of the next step: reaching the back end, the answer, the answer to an abort. */
  private step: unknown
  /** The timer of WeChat's own time limit. */
  private limit: unknown
  private abortListeners: (() => void)[] | undefined

  constructor(
    private readonly around: Surroundings,
    readonly request: FakeRequest,
    private readonly callbacks: PlatformCallbacks<object>,
    private readonly behaviour: Misbehaviour | undefined,
    private readonly record: CallRecord | undefined,
  ) {}

  /** A lane is free: onto the wire. The way there takes half of the latency, the way back the other half. */
  start(lane: number): void {
    const { clock } = this.around
    this.lane = lane
    if (this.record) {
      this.record.startedAt = clock.now()
      this.record.lane = lane
    }
    const oneWay = this.around.latencyOf(this.request) / 2
    const failure = this.around.nextFailure() ?? orderedFailure(this.behaviour)
    if (failure !== undefined) {
      this.after(oneWay * 2, () => this.fail(failure))
      return
    }
    this.limit = clock.setTimeout(() => this.strike('timeout'), this.request.timeout)
    this.after(oneWay, () => this.arrive(oneWay))
  }

  /** The whole life inside the call, for `same-tick`: without a lane, without the wire. */
  rush(): void {
    const failure = orderedFailure(this.behaviour)
    if (failure) this.fail(failure)
    else this.consult((reply) => this.answer(reply))
  }

  /** Fails the call from outside: out of time, the network gone, the app in the background. */
  strike(failure: FailureName | Failure): void {
    if (this.isAborted) return
    this.hangUp()
    this.fail(failure)
  }

  onAbort(listener: () => void): void {
    this.abortListeners = this.abortListeners ?? []
    this.abortListeners.push(listener)
  }

  progress(done: number, total: number): void {
    if (this.isHungUp) return
    const progress = total > 0 ? Math.floor((done / total) * 100) : 100
    // The pages of the two tasks name the fields differently.
    this.task.emitProgress(
      this.request.api === 'uploadFile'
        ? { progress, totalBytesSent: done, totalBytesExpectedToSend: total }
        : { progress, totalBytesWritten: done, totalBytesExpectedToWrite: total },
    )
  }

  headers(statusCode: number, header: Record<string, string>, cookies: readonly string[]): void {
    if (this.isHungUp || this.hasHeaders) return
    this.hasHeaders = true
    const received = receivedHeader({ header, cookies }, this.around)
    this.task.emitHeaders({ statusCode, header: received, cookies: [...cookies] })
  }

  chunk(bytes: ArrayBuffer): void {
    if (!this.isHungUp && this.isChunked) this.task.emitChunk(bytes)
  }

  private get isChunked(): boolean {
    return this.request.api === 'request' && this.request.options['enableChunked'] === true
  }

  private arrive(wayBack: number): void {
    // A transport with a latency of its own reports the progress of its uploads, too.
    if (this.request.api === 'uploadFile' && this.around.handler.latency === undefined) {
      const size = sizeOf(this.request.upload?.content)
      this.progress(Math.floor(size / 2), size)
      this.progress(size, size)
    }
    this.consult((reply) => {
      if (!reply.lost) this.after(wayBack + (reply.delay ?? 0), () => this.answer(reply))
    })
  }

  /** Asks the back end. What it says once the call is over goes nowhere. */
  private consult(then: (reply: FakeReply) => void): void {
    const take = (reply: FakeReply) => {
      if (!this.isHungUp) then(reply)
    }
    const broken = (error: unknown) => take({ statusCode: 500, data: { error: String(error) } })
    let reply: FakeReply | Promise<FakeReply>
    try {
      reply = this.around.handler(this.request, this)
    } catch (error) {
      broken(error)
      return
    }
    if ('then' in reply) reply.then(take, broken)
    else take(reply)
  }

  private answer(reply: FakeReply): void {
    if (reply.fail !== undefined) {
      this.fail(reply.fail)
      return
    }
    const { statusCode = 200, header = {}, cookies = [] } = reply
    const body = bodyOf(this.request, reply)
    if (this.task.hearsHeaders) this.headers(statusCode, header, cookies)
    if (this.isChunked) {
      this.pour(reply.chunks ?? [body], 0, () => this.finish(reply, ''))
      return
    }
    if (this.request.api === 'downloadFile') this.progress(sizeOf(body), sizeOf(body))
    this.finish(reply, body)
  }

  /** A chunked answer: piece by piece, then a success whose own data is empty. */
  private pour(chunks: readonly (string | ArrayBuffer)[], from: number, then: () => void): void {
    const piece = chunks[from]
    if (piece === undefined) {
      then()
      return
    }
    const bytes = typeof piece === 'string' ? encodeUtf8(piece) : piece
    if (bytes.byteLength > 0) this.chunk(bytes)
    this.after(NEXT_MOMENT, () => this.pour(chunks, from + 1, then))
  }

  private finish(reply: FakeReply, body: string | ArrayBuffer): void {
    if (this.behaviour === 'hang') return
    if (this.record) this.record.statusCode = reply.statusCode ?? 200
    const result = this.twisted(resultOf(this.request, reply, body, this.around))
    this.end('success')
    if (this.behaviour === 'twice') this.after(NEXT_MOMENT, () => succeed(this.callbacks, result))
    if (this.behaviour === 'both') {
      this.after(NEXT_MOMENT, () => fail(this.callbacks, failureOf(this.request.api, 'unknown')))
    }
    succeed(this.callbacks, result)
  }

  private twisted(result: object): object {
    if (this.behaviour === 'empty') return { errMsg: this.around.okMessage(this.request.api) }
    // The mark of wx.createCacheManager (weak network guide).
    return this.behaviour === 'cached' ? { ...result, fromCache: true } : result
  }

  private fail(failure: FailureName | Failure): void {
    if (this.behaviour === 'hang' && !this.isAborted) return
    const told = failureOf(this.request.api, failure)
    this.end('fail', told.errMsg)
    fail(this.callbacks, told)
  }

  private abort(): void {
    const mode = this.around.abortMode
    if (this.isOver || this.isAborted || mode === 'ignored') return
    this.isAborted = true
    this.hangUp()
    if (mode === 'same-tick') this.fail('abort')
    else if (mode === 'silent') this.end()
    else this.after(mode === 'late' ? LATE_ABORT : 0, () => this.fail('abort'))
  }

  /** From here on the back end's answer is not wanted. */
  private hangUp(): void {
    this.isHungUp = true
    this.clearTimers()
    for (const listener of this.abortListeners ?? []) listener()
  }

  /** The lane is given back before the callbacks run: what they send joins the end of the queue. */
  private end(outcome?: 'success' | 'fail', errMsg?: string): void {
    this.isOver = this.isHungUp = true
    this.clearTimers()
    if (this.record) {
      this.record.endedAt = this.around.clock.now()
      if (outcome) this.record.outcome = outcome
      if (errMsg !== undefined) this.record.errMsg = errMsg
    }
    this.around.finished(this)
  }

  /** As on phones, an error in a listener is the app's and not the request's; the clock brings it to light. */
  private throwLater(error: unknown): void {
    this.around.clock.setTimeout(() => {
      throw error
    }, 0)
  }

  private after(ms: number, run: () => void): void {
    this.step = this.around.clock.setTimeout(run, ms)
  }

  private clearTimers(): void {
    this.around.clock.clearTimeout(this.step)
    this.around.clock.clearTimeout(this.limit)
  }
}
