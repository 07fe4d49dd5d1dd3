import { callSafely } from '../app-code'
import {
  AbortError,
  HttpError,
  loggedOut,
  RequestError,
  stamp,
  TimeoutError,
  UnauthorizedError,
  type LoginError,
} from '../errors'
import type { RequestEvent } from '../events'
import type { Signal } from '../options/request'
import type { Response } from '../options/response'
import type { Held } from '../session/state'
import { ids, type Need, type Phase, type Waiter } from '../session/waiters'
import type { Timer } from '../timers'
import type { Lane } from '../transport/lanes'
import type { Plan } from '../transport/retry'
import {
  TaskListeners,
  type HeadersReceived,
  type Hearing,
  type TaskEvent,
  type TaskListener,
} from '../transport/task-events'
import type { Sender } from '../transport/wire'
import type { Core } from './core'
import type { Operation } from './operation'
import { judgeRefusal, type Refused } from './refusal'
import { Replays } from './replays'
import type { Controls } from './task'

/** Of a function of the app's that has thrown. */
const NO_RESPONSE: Response = { data: undefined, statusCode: 401, header: {} }

/** A signal is the app's own, and may throw. */
function stopHearing({ signal, onAbort }: { signal: Signal; onAbort: () => void }): void {
  if (signal.removeEventListener) signal.removeEventListener('abort', onAbort)
}

/** The life of one request: authorise, take a lane, send, judge; then replay, retry or settle. */
export class Call<R, V> implements Waiter, Sender<R>, Controls, Refused {
  phase: Phase = 'authorising'
  need: Need | undefined
  place = -1
  readonly id: number
  /** The call that the user knows: this one, or the one around its middleware. */
  readonly root: Sender['root']
  listeners: Hearing | undefined
  /** How often it has gone out. */
  attempts = 0
  /** When the login's own request went out, by the time that counts against its time-out. */
  sentAt: number | undefined
  private retries = 0
  private counted: Replays | undefined
  /** The session of the last attempt, and whether anything had been accepted with it when that was sent. */
  held: Held | undefined
  wasAccepted: boolean | undefined
  /** Whether it is counted among those on the wire with that token. */
  private isCounted: boolean | undefined
  /** Whether a piece of an answer has been heard: then it is not sent again. */
  private wasHeard: boolean | undefined
  private retryTimer: Timer | undefined
  private totalTimer: Timer | undefined
  private onAbort: (() => void) | undefined
  /** Where it waits for a lane, or for the foreground. */
  private waitsAt: { run: unknown } | undefined
  private hasToldOfWaiting: boolean | undefined
  private begun!: number
  private resolve!: (value: V) => void
  private reject!: (error: unknown) => void

  constructor(
    private readonly core: Core,
    private readonly operation: Operation<R, V>,
    /** The session's epoch when the user made the request. */
    readonly epoch: number,
    root?: Sender['root'],
  ) {
    this.root = root || this
    this.id = ++ids.last
  }

  start(resolve: (value: V) => void, reject: (error: unknown) => void): void {
    this.resolve = resolve
    this.reject = reject
    const time = (this.begun = this.core.timers.now())
    if (this.operation.signal) this.heed(this.operation.signal)
    if (this.phase === 'authorising') this.authorise(time)
  }

  abort(error: unknown = new AbortError()): void {
    this.stop(error)
  }

  listen(event: TaskEvent, listener: TaskListener): void {
    if (!this.listeners) this.listeners = new TaskListeners()
    this.listeners.on(event, listener)
    this.listenTo(event)
  }

  unlisten(event: TaskEvent, listener?: TaskListener): void {
    if (this.listeners) this.listeners.off(event, listener)
  }

  listenTo(event: TaskEvent): void {
    if (this.is('on the wire')) this.operation.listenTo(event)
  }

  resume(gained?: Held): void {
    if (gained) this.replays.awaited = gained
    this.authorise()
  }

  fail(error: LoginError): void {
    this.stop(error)
  }

  private heed(signal: Signal): void {
    // What is none is told with the other mistakes.
    if (typeof (signal as Partial<Signal>).addEventListener !== 'function') return
    this.onAbort = () => this.abort()
    try {
      if (signal.aborted) this.abort()
      else signal.addEventListener('abort', this.onAbort)
    } catch (thrown) {
      this.stop(thrown)
    }
  }

  /** `time`: what the clock says, if it has been read in this turn. */
  private authorise(time?: number): void {
    const { core, operation } = this
    if (!this.open() || !this.mayGo()) return
    if (operation.role === 'request') {
      const lane = (core.lanes || core.share()).take(this.id, this.need === undefined)
      if (lane) this.send(lane, time)
      else this.queue()
    } else if (operation.role === 'login') {
      this.phase = 'queued'
      core.phone().lanes.takeForLogin((lane) => this.onLane(lane))
    } else this.send(undefined, time)
  }

  private queue(): void {
    this.wait('queued')
    const entry = { id: this.id, run: (lane: Lane) => this.onLane(lane) }
    this.waitsAt = entry
    this.core.share().queue(entry, this.need === undefined)
    if (this.is('queued')) this.tellOfWaiting()
  }

  private onLane(lane: Lane): void {
    this.waitsAt = undefined
    if (this.is('queued') && this.open() && this.mayGo()) this.send(lane)
    else this.released(lane)
  }

  /** Asks what it needs, each time: another base URL may be one that no token goes to. */
  private open(): boolean {
    const { operation } = this
    this.phase = 'authorising'
    try {
      this.need = operation.open()
    } catch (error) {
      this.stop(error)
      return false
    }
    const { totalTimeout: ms } = operation
    // Only now: a request that cannot be sent has no time to run out.
    if (ms !== undefined && !this.totalTimer)
      this.totalTimer = this.core.timers.deadline(ms, () => this.stop(new TimeoutError('totalTimeout', ms)))
    return (this.phase as Phase) === 'authorising'
  }

  /** Whether it may go out now. If not, it has ended, or the session has it and will resume it. */
  private mayGo(): boolean {
    const { session } = this.core
    if (this.epoch !== session.epoch) this.stop(loggedOut())
    else if (this.need && !session.admit(this)) {
      if (this.is('authorising')) this.tellOfWaiting()
      return false
    }
    // Listeners were told of this and that meanwhile, and may have ended it.
    return this.phase === 'authorising'
  }

  /** Where a logout finds it. */
  wait(phase: Phase): void {
    this.phase = phase
    this.core.session.enter(this)
  }

  private send(lane: Lane | undefined, time?: number): void {
    const { core, operation } = this
    const { session } = core
    const { changes } = session
    this.phase = 'departing'
    if (!this.load(lane)) return
    if (operation.role !== 'outer') this.root.attempts++
    if (core.events.heard) this.tell('send')
    // Whatever of the app's ran meanwhile may have ended it, begun a login, or brought another token.
    if (!this.is('departing')) return this.released(lane)
    if (session.changes !== changes && !this.reload(lane)) return
    if (this.place >= 0) session.leave(this)
    if (session.rotates) this.count()
    this.phase = 'on the wire'
    if (this.hasToldOfWaiting) this.hasToldOfWaiting = false
    if (operation.role === 'login') this.sentAt = core.timers.awake()
    operation.start(lane, time)
  }

  private load(lane: Lane | undefined): boolean {
    const held = this.choose()
    this.held = held
    this.wasAccepted = held !== undefined && held.isAccepted
    try {
      this.operation.load(held, this)
      return true
    } catch (error) {
      this.released(lane)
      this.stop(error)
      return false
    }
  }

  /** What it goes out with. */
  private choose(): Held | undefined {
    const { need, counted, core } = this
    const held = need === 'any' ? core.session.tokenFor(need) : need && core.session.held
    return counted && held === counted.without ? undefined : held
  }

  private reload(lane: Lane | undefined): boolean {
    if (this.open() && this.mayGo()) {
      // Nothing resumes it while it is made ready once more. What comes meanwhile this time is left to a 401.
      this.phase = 'departing'
      if (this.choose() !== this.held && !this.load(lane)) return false
      if (this.is('departing')) return true
    }
    this.released(lane)
    return false
  }

  released(lane: Lane | undefined): void {
    const { core } = this
    if (lane) (core.lanes || core.share()).release(lane)
  }

  mayOpen(head: HeadersReceived): boolean {
    const { held, wasAccepted } = this
    const { wire } = this.operation
    const { statusCode } = head
    if (statusCode === undefined && held && !wasAccepted) return false
    if (!wire || !wire.mayOpen(head)) return false
    // What the head says of the token counts now, and not when the last piece is there.
    if (held && statusCode !== undefined) this.accept(held, head as Response)
    return this.is('on the wire')
  }

  heard(): void {
    this.wasHeard = true
  }

  answered(error: unknown, result: R | undefined): void {
    if (this.phase !== 'on the wire') return
    const { operation, core, held } = this
    const { wire } = operation
    const { session } = core
    const { epoch } = session
    let response: Response | undefined
    let plan: Plan | undefined
    try {
      if (error === undefined)
        response = wire ? (result as Response | undefined) : operation.asResponse(result as R)
      if (this.need && operation.isUnauthorized(error, result)) {
        if (this.isStill('on the wire', epoch)) this.refused(error, result, response || NO_RESPONSE)
        return
      }
      // Whatever of the app's ran meanwhile may have ended it, or logged out.
      if ((this.phase as Phase) !== 'on the wire' || session.epoch !== epoch) return this.endIfPast(epoch)
      if (held && response && session.isNews(held)) this.accept(held, response)
      if (wire && !this.wasHeard && this.epoch === session.epoch)
        plan = wire.plan(error, response, this.retries)
    } catch (thrown) {
      return this.stop(thrown)
    }
    if ((this.phase as Phase) !== 'on the wire' || session.epoch !== epoch) return this.endIfPast(epoch)
    if (this.isCounted) {
      this.uncount()
      // Another call's refusal may have waited for this answer, and its listeners may have logged out.
      if (!this.isStill('on the wire', epoch)) return
    }
    if (wire && error !== undefined) wire.failed(error, plan)
    if (plan) this.again(plan, error, response)
    else if (error === undefined) this.finish(result as R)
    else this.stop(error)
  }

  /** An answer that is no refusal. A 5xx may come from a gateway that has not looked at the token. */
  private accept(held: Held, response: Response): void {
    const { operation, core } = this
    const { statusCode } = response
    if (statusCode >= 500 || (statusCode === 401 && operation.wire && operation.wire.ignores401)) return
    core.session.accepted(held, response, this)
    if (this.isCounted) this.uncount()
  }

  /** Whether an answer that is accepted is one to a replay. */
  get isReplay(): boolean {
    return this.counted !== undefined && this.counted.count > 0
  }

  address(): string | undefined {
    const { wire } = this.operation
    return wire && wire.address()
  }

  private refused(error: unknown, result: R | undefined, response: Response): void {
    const { held, core } = this
    const { session } = core
    if (!held) {
      // Nobody is known: a code of the app's under a good status is for its `unwrap` to tell.
      if (response.statusCode < 400) return this.finish(result as R)
      return this.stop(new HttpError(response))
    }
    if (this.wasHeard) return this.stop(new UnauthorizedError(response, error))
    const { isCounted } = this
    if (!session.isCurrent(held) || !(isCounted || held.out > 0)) {
      if (isCounted) this.uncount()
      return judgeRefusal(this, session, held, error, response)
    }
    // Another answer may bring the next token.
    this.phase = 'judging'
    this.isCounted = false
    session.refusals.wait(held, () => judgeRefusal(this, session, held, error, response))
    if (isCounted) session.refusals.left(held)
  }

  replay(error: unknown, response: Response): void {
    this.phase = 'authorising'
    this.tell('replay', error, response)
    if (this.is('authorising')) this.authorise()
  }

  private again(plan: Plan, error: unknown, response: Response | undefined): void {
    const { core } = this
    this.wait('between tries')
    const retry = (): void => {
      this.retryTimer = undefined
      this.authorise()
    }
    if (plan.is === 'later') {
      if (plan.counts) this.retries++
      this.retryTimer = core.timers.wait(plan.after, retry)
    } else {
      this.waitsAt = core.phone().whenShown(() => {
        if (this.is('between tries') && !this.retryTimer) retry()
      })
    }
    this.tell('retry', error, response)
  }

  /** It is the answer that counts. */
  private finish(result: R): void {
    const { operation, core } = this
    const { epoch } = core.session
    let value: V | PromiseLike<V>
    let isLater: boolean
    this.phase = 'finishing'
    try {
      const { wire } = operation
      if (wire && this.root.listeners) {
        wire.deliver(result as unknown as Response)
        if (!this.isStill('finishing', epoch)) return
      }
      value = operation.finish(result)
      isLater =
        typeof value === 'object' && value !== null && typeof (value as PromiseLike<V>).then === 'function'
    } catch (thrown) {
      return this.stop(thrown)
    }
    if ((this.phase as Phase) !== 'finishing' || core.session.epoch !== epoch) return this.endIfPast(epoch)
    if (!isLater) return this.succeed(value as V, result)
    this.wait('finishing')
    Promise.resolve(value).then(
      (value) => this.succeed(value, result),
      (error: unknown) => this.stop(error),
    )
  }

  private succeed(value: V, result: R): void {
    if (!this.end()) return
    if (this.core.events.heard) this.tell('success', undefined, this.operation.asResponse(result))
    this.resolve(value)
  }

  /** Ends it with an error, wherever it is. */
  stop(error: unknown): void {
    const { operation } = this
    if (this.is('on the wire')) operation.abort()
    if (!this.end()) return
    stamp(error, operation.label(), this.root.attempts, operation.api)
    this.tell('fail', error)
    this.reject(error)
  }

  /** False when it had ended before. What it held is let go. */
  private end(): boolean {
    if (this.phase === 'settled') return false
    const { core, operation, onAbort } = this
    const { signal } = operation
    this.phase = 'settled'
    if (this.retryTimer) core.timers.cancel(this.retryTimer)
    if (this.totalTimer) core.timers.cancel(this.totalTimer)
    if (this.place >= 0) core.session.leave(this)
    if (this.waitsAt) this.waitsAt.run = undefined
    if (signal && onAbort) callSafely(stopHearing, { signal, onAbort })
    // Nor is anything heard of it any more.
    this.listeners = undefined
    if (this.isCounted) this.uncount()
    return true
  }

  private count(): void {
    const { held, operation } = this
    if (!held || operation.role !== 'request') return
    this.isCounted = true
    held.out++
  }

  private uncount(): void {
    this.isCounted = false
    if (this.held) this.core.session.refusals.left(this.held)
  }

  /** Made when there is something to count: nearly all calls go out once. */
  get replays(): Replays {
    return this.counted || (this.counted = new Replays())
  }

  /** After something of the app's has run: whether this is still where it was, and nobody has logged out. */
  private isStill(phase: Phase, epoch: number): boolean {
    this.endIfPast(epoch)
    return this.phase === phase
  }

  private endIfPast(epoch: number): void {
    if (this.core.session.epoch !== epoch) this.stop(loggedOut())
  }

  private is(phase: Phase): boolean {
    return this.phase === phase
  }

  /** Once for each attempt, whatever it waits for. */
  private tellOfWaiting(): void {
    if (this.hasToldOfWaiting) return
    this.hasToldOfWaiting = true
    this.tell('wait')
  }

  private tell(phase: RequestEvent['phase'], error?: unknown, response?: Response): void {
    const { core, operation } = this
    if (!core.events.heard || operation.role === 'login' || operation.role === 'outer') return
    const { method, url } = operation.label()
    const event: Omit<RequestEvent, 'at'> = {
      type: 'request',
      phase,
      id: this.id,
      method,
      url,
      attempt: this.root.attempts,
      duration: core.timers.now() - this.begun,
    }
    if (response) event.statusCode = response.statusCode
    else if (error instanceof HttpError) event.statusCode = error.response.statusCode
    if (error instanceof RequestError) event.code = error.code
    core.events.emit(event)
  }
}
