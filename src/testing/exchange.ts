import type { PlatformCallbacks } from '../platforms/wechat'
import { ask } from './ask'
import type { CallRecord } from './calls'
import { courseOf, plainCourse, progressOf, reportUpload } from './course'
import { failureOf } from './failures'
import { Incoming } from './incoming'
import { orderedFailure, type Misbehaviour } from './misbehave'
import { Playback, type Step } from './play'
import { bodyOf, resultOf, type Reception } from './received'
import { addressOf, type FakeRequest } from './request'
import { FakeTask } from './task'
import { Teller } from './teller'
import type { Thread } from './thread'
import type { AbortMode, Failure, FailureName, FakeReply, Handler, Wire } from './types'

/** What an exchange needs of the world around it. */
export interface Surroundings extends Reception {
  /** The app's thread, and the time outside of it: the wire's, which goes on while the phone sleeps. */
  readonly thread: Thread
  readonly abortMode: AbortMode
  /** Where requests go. */
  readonly handler: Handler
  /** The last answer to each method and URL, where a test may ask for it. */
  readonly answers: Map<string, FakeReply> | undefined
  latencyOf(request: FakeRequest): number
  /** A failure that strikes whatever starts now: offline, or ordered with `failNext`. */
  nextFailure(): FailureName | Failure | undefined
  /** The exchange is over: its lane, if it had one, is free. */
  finished(exchange: Exchange): void
}

/** How long after `abort()` the answer comes with `fake.abort = 'late'`. */
const LATE_ABORT = 500
/** The gap between the last piece of an answer and its end. */
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
  private readonly incoming: Incoming
  private readonly teller: Teller
  /** The timer of the next step: reaching the back end, the answer, the answer to an abort. */
  private step: unknown
  /** The timer of WeChat's own time limit. */
  private limit: unknown
  /** The pieces or the progress that are on their way. */
  private playback: Playback | undefined
  private hasProgress = false
  private abortListeners: (() => void)[] | undefined

  constructor(
    private readonly around: Surroundings,
    readonly request: FakeRequest,
    callbacks: PlatformCallbacks<object>,
    private readonly behaviour: Misbehaviour | undefined,
    private readonly record: CallRecord | undefined,
  ) {
    this.incoming = new Incoming(this.task, request, behaviour, around, around.thread)
    this.teller = new Teller(request.api, callbacks, behaviour, around.thread)
  }

  /** A lane is free: onto the wire. The way there takes half of the latency, the way back the other half. */
  start(lane: number): void {
    const { outside } = this.around.thread
    this.lane = lane
    if (this.record) {
      this.record.startedAt = outside.now()
      this.record.lane = lane
    }
    const oneWay = this.around.latencyOf(this.request) / 2
    const failure = this.around.nextFailure() ?? orderedFailure(this.behaviour)
    if (failure !== undefined) {
      this.after(oneWay * 2, () => this.fail(failure))
      return
    }
    this.limit = outside.setTimeout(() => this.strike('timeout'), this.request.timeout)
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
    this.hasProgress = true
    if (!this.isHungUp) this.incoming.progress(done, total)
  }

  headers(statusCode: number, header: Record<string, string>, cookies: readonly string[]): void {
    if (!this.isHungUp) this.incoming.headers(statusCode, header, cookies)
  }

  chunk(bytes: ArrayBuffer): void {
    if (!this.isHungUp || this.isChattering) this.incoming.chunk(bytes)
  }

  /** Aborted, and chunks go on all the same. */
  private get isChattering(): boolean {
    return this.isAborted && this.behaviour === 'chunk-after-abort'
  }

  private arrive(wayBack: number): void {
    this.consult((reply) => {
      const goBack = () => this.after(wayBack + (reply.delay ?? 0), () => this.answer(reply))
      const progress = this.request.api === 'uploadFile' ? progressOf(reply, this) : undefined
      if (progress !== undefined) this.play([...progress, { after: 0, run: goBack }])
      else goBack()
    })
  }

  /** Asks the back end, or a cache that has it. What they say once the call is over goes nowhere. */
  private consult(then: (reply: FakeReply) => void): void {
    const { around, request } = this
    const take = (reply: FakeReply) => {
      if (!this.isHungUp) then(reply)
    }
    const cached = this.behaviour === 'cached' ? around.answers?.get(addressOf(request)) : undefined
    if (cached) take(cached)
    else ask(around.handler, request, this, take, (reply) => this.asked(reply))
  }

  /** The file of an upload has arrived, unless a transport or the handler tells of it in its own time. */
  private asked(reply: FakeReply | undefined): void {
    const isToldOtherwise = this.hasProgress || reply?.progress || this.around.handler.latency !== undefined
    if (this.lane >= 0 && !isToldOtherwise) reportUpload(this.request, this)
  }

  private answer(reply: FakeReply): void {
    const body = bodyOf(this.request, reply)
    const course = courseOf(this.request, reply, body, this)
    if (course === undefined && (reply.fail !== undefined || reply.lost)) {
      if (reply.fail !== undefined) this.fail(reply.fail)
      return
    }
    if (this.task.hearsHeaders) {
      this.headers(reply.statusCode ?? 200, reply.header ?? {}, reply.cookies ?? [])
    }
    const steps = course ?? (this.comesInOne ? plainCourse(this.request, body, this) : [])
    if (steps.length === 0) {
      this.conclude(reply, body)
      return
    }
    const after = this.request.api === 'request' ? NEXT_MOMENT : 0
    this.play([...steps, { after, run: () => this.conclude(reply, body) }])
  }

  /** A download, or one chunk. */
  private get comesInOne(): boolean {
    return this.request.api === 'downloadFile' || (this.incoming.isChunked && this.behaviour !== 'lost-body')
  }

  private play(steps: Step[]): void {
    this.playback = new Playback(this.around.thread.outside, steps)
    this.playback.start()
  }

  private conclude(reply: FakeReply, body: string | ArrayBuffer): void {
    if (this.isHungUp || reply.lost) return
    if (reply.fail === undefined) this.finish(reply, this.incoming.isChunked ? this.incoming.keptBody : body)
    else this.fail(reply.fail)
  }

  private finish(reply: FakeReply, body: string | ArrayBuffer): void {
    if (this.behaviour === 'hang') return
    this.incoming.releaseHead()
    if (this.record) this.record.statusCode = reply.statusCode ?? 200
    this.around.answers?.set(addressOf(this.request), reply)
    this.end('success')
    this.teller.succeed(resultOf(this.request, reply, body, this.around))
  }

  private fail(failure: FailureName | Failure): void {
    if (this.behaviour === 'hang' && !this.isAborted) return
    const told = failureOf(this.request.api, failure)
    this.end('fail', told.errMsg)
    this.teller.fail(told)
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
      this.record.endedAt = this.around.thread.outside.now()
      if (outcome) this.record.outcome = outcome
      if (errMsg !== undefined) this.record.errMsg = errMsg
    }
    this.around.finished(this)
  }

  /** As on phones, an error in a listener is the app's and not the request's; the clock brings it to light. */
  private throwLater(error: unknown): void {
    this.around.thread.outside.setTimeout(() => {
      throw error
    }, 0)
  }

  private after(ms: number, run: () => void): void {
    this.step = this.around.thread.outside.setTimeout(run, ms)
  }

  private clearTimers(): void {
    const { outside } = this.around.thread
    outside.clearTimeout(this.step)
    outside.clearTimeout(this.limit)
    if (!this.isChattering) this.playback?.stop()
  }
}
