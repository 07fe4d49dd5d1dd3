import type { Clock, PlatformCallbacks, PlatformFailure } from '../transport/platform'
import { fail, succeed } from './callbacks'
import type { CallRecord } from './calls'
import { failureOf } from './failures'
import { isSameTick, orderedFailure, type Misbehaviour } from './misbehave'
import type { FakeRequest } from './request'
import { receivedData, receivedText, wireBody } from './serialize'
import { FakeTask } from './task'
import type { AbortMode, Failure, FailureName, FakeReply, Handler, Wire } from './types'
import { encodeUtf8, utf8Length } from './utf8'

/** How long after `abort()` the answer comes with `fake.abort = 'late'`. */
const LATE_ABORT = 500
/** The gap between the pieces of a chunked answer, and before a second callback. */
const NEXT_MOMENT = 1

/** What an exchange needs of the world around it. */
export interface Surroundings {
  readonly clock: Clock
  readonly abortMode: AbortMode
  /** Where requests go. */
  readonly handler: Handler
  /** A failure that strikes whatever starts now: offline, or ordered with `failNext`. */
  nextFailure(): FailureName | Failure | undefined
  latencyOf(request: FakeRequest): number
  headerName(name: string): string
  fileSize(path: string): number
  /** Stores a downloaded body and gives its temporary path. */
  keep(body: string | ArrayBuffer, path: unknown): string
  /** The exchange is over: its lane, if it had one, is free. */
  finished(exchange: Exchange): void
  /** Whether uploads tell their header and cookies too. */
  readonly uploadHeaders: boolean
}

/** The life of one network call: waits for a lane, reaches the back end, is answered, calls back. */
export class Exchange implements Wire {
  readonly task = new FakeTask(() => this.abort())
  lane = -1
  isOver = false
  /** The next step: reaching the back end, the answer, or the answer to an abort. */
  private step: unknown
  /** WeChat's own time limit. */
  private limit: unknown
  private isAborted = false
  private hasHeaders = false
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
    const halfway = this.around.latencyOf(this.request) / 2
    const failure = this.around.nextFailure() ?? orderedFailure(this.behaviour)
    if (failure !== undefined) {
      this.after(halfway * 2, () => this.fail(failure))
      return
    }
    this.limit = clock.setTimeout(() => {
      this.hangUp()
      this.fail('timeout')
    }, this.request.timeout)
    this.after(halfway, () => this.arrive(halfway))
  }

  /** For `same-tick`: the whole life inside the call, without a lane. */
  rush(): void {
    const failure = orderedFailure(this.behaviour)
    if (failure) this.fail(failure)
    else this.consult((reply) => this.answer(reply))
  }

  /** Fails the call from outside: the network is gone, the app is in the background. */
  strike(failure: FailureName | Failure): void {
    this.hangUp()
    this.fail(failure)
  }

  onAbort(listener: () => void): void {
    this.abortListeners = this.abortListeners ?? []
    this.abortListeners.push(listener)
  }

  progress(done: number, total: number): void {
    if (this.isOver) return
    const progress = total > 0 ? Math.floor((done / total) * 100) : 100
    // The two pages name their fields differently.
    this.task.emitProgress(
      this.request.api === 'uploadFile'
        ? { progress, totalBytesSent: done, totalBytesExpectedToSend: total }
        : { progress, totalBytesWritten: done, totalBytesExpectedToWrite: total },
    )
  }

  headers(statusCode: number, header: Record<string, string>, cookies: readonly string[]): void {
    if (this.isOver || this.hasHeaders) return
    this.hasHeaders = true
    this.task.emitHeaders({ statusCode, header: this.named(header, cookies), cookies: [...cookies] })
  }

  chunk(bytes: ArrayBuffer): void {
    if (!this.isOver && this.isChunked) this.task.emitChunk(bytes)
  }

  private get isChunked(): boolean {
    return this.request.api === 'request' && this.request.options['enableChunked'] === true
  }

  private arrive(wayBack: number): void {
    if (this.request.api === 'uploadFile') {
      const size = this.around.fileSize(this.request.upload?.filePath ?? '')
      if (this.around.handler.latency === undefined) {
        this.progress(Math.floor(size / 2), size)
        this.progress(size, size)
      }
    }
    this.consult((reply) => {
      if (reply.lost) return
      this.after(wayBack + (reply.delay ?? 0), () => this.answer(reply))
    })
  }

  /** Asks the back end; what it says after the call is over goes nowhere. */
  private consult(then: (reply: FakeReply) => void): void {
    const { handler } = this.around
    const take = (reply: FakeReply) => {
      if (!this.isOver && !this.hungUp) then(reply)
    }
    const broken = (error: unknown) => take({ statusCode: 500, data: { error: String(error) } })
    let reply: FakeReply | Promise<FakeReply>
    try {
      reply = handler(this.request, this)
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
    const body = this.request.method === 'HEAD' ? '' : wireBody(reply.data)
    this.headers(statusCode, header, cookies)
    if (this.isChunked) this.pour(reply.chunks ?? (body === '' ? [] : [body]), 0, reply)
    else this.succeed(this.result(statusCode, header, cookies, body))
  }

  /** A chunked answer: piece by piece, then a success whose own data is empty. */
  private pour(chunks: readonly (string | ArrayBuffer)[], from: number, reply: FakeReply): void {
    const piece = chunks[from]
    if (piece === undefined) {
      this.succeed(this.result(reply.statusCode ?? 200, reply.header ?? {}, reply.cookies ?? [], ''))
      return
    }
    this.chunk(typeof piece === 'string' ? encodeUtf8(piece) : piece)
    this.after(NEXT_MOMENT, () => this.pour(chunks, from + 1, reply))
  }

  private result(
    statusCode: number,
    header: Record<string, string>,
    cookies: readonly string[],
    body: string | ArrayBuffer,
  ): object {
    const { api, options } = this.request
    if (this.record) this.record.statusCode = statusCode
    const errMsg = `${api}:ok`
    if (this.behaviour === 'empty') return { errMsg }
    const fromCache = this.behaviour === 'cached' ? { fromCache: true } : {}
    if (api === 'downloadFile') {
      // Every status is written to a file and succeeds; header and cookies are not told (wx.downloadFile page).
      const size = typeof body === 'string' ? utf8Length(body) : body.byteLength
      this.progress(size, size)
      const path = this.around.keep(body, options['filePath'])
      const place = options['filePath'] === undefined ? { tempFilePath: path } : { filePath: path }
      return { statusCode, ...place, errMsg, ...fromCache }
    }
    if (api === 'uploadFile') {
      // The body is always a string (wx.uploadFile page).
      const told = this.around.uploadHeaders
        ? { header: this.named(header, cookies), cookies: [...cookies] }
        : {}
      return { data: receivedText(body), statusCode, errMsg, ...told, ...fromCache }
    }
    const data = receivedData(body, options['dataType'], options['responseType'])
    return {
      data,
      statusCode,
      header: this.named(header, cookies),
      cookies: [...cookies],
      errMsg,
      ...fromCache,
    }
  }

  /** Several cookies arrive in one header field, joined by commas; `cookies` has them apart (base library 2.10.0). */
  private named(header: Record<string, string>, cookies: readonly string[]): Record<string, string> {
    const named: Record<string, string> = {}
    for (const name of Object.keys(header)) named[this.around.headerName(name)] = header[name] ?? ''
    if (cookies.length > 0) named[this.around.headerName('Set-Cookie')] = cookies.join(',')
    return named
  }

  private abort(): void {
    if (this.isOver || this.isAborted) return
    const mode = this.around.abortMode
    if (mode === 'ignored') return
    this.isAborted = true
    this.hangUp()
    if (mode === 'same-tick') this.fail('abort')
    else if (mode === 'silent') this.end()
    else this.after(mode === 'late' ? LATE_ABORT : 0, () => this.fail('abort'))
  }

  /** From here on the back end's answer is not wanted. */
  private hangUp(): void {
    const { clock } = this.around
    clock.clearTimeout(this.step)
    clock.clearTimeout(this.limit)
    this.hungUp = true
    for (const listener of this.abortListeners ?? []) listener()
    this.abortListeners = undefined
  }

  private hungUp = false

  private after(ms: number, run: () => void): void {
    this.step = this.around.clock.setTimeout(run, ms)
  }

  private succeed(result: object): void {
    if (this.behaviour === 'hang') return
    this.end('success')
    if (this.behaviour === 'twice' || this.behaviour === 'both') {
      this.after(NEXT_MOMENT, () => {
        if (this.behaviour === 'twice') succeed(this.callbacks, result)
        else fail(this.callbacks, failureOf(this.request.api, 'unknown'))
      })
    }
    succeed(this.callbacks, result)
  }

  private fail(failure: FailureName | Failure): void {
    if (this.behaviour === 'hang' && !this.isAborted) return
    const told: PlatformFailure & { errMsg: string } = failureOf(this.request.api, failure)
    this.end('fail', told.errMsg)
    fail(this.callbacks, told)
  }

  private end(outcome?: 'success' | 'fail', errMsg?: string): void {
    const { clock } = this.around
    this.isOver = true
    clock.clearTimeout(this.step)
    clock.clearTimeout(this.limit)
    if (this.record) {
      this.record.endedAt = clock.now()
      if (outcome) this.record.outcome = outcome
      if (errMsg !== undefined) this.record.errMsg = errMsg
    }
    this.around.finished(this)
  }

  /** For the queue: whether a failure with the same tick is wanted. */
  get isRushed(): boolean {
    return isSameTick(this.behaviour)
  }
}
