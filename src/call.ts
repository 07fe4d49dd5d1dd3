import type { LoginError } from './errors'
import { AbortError, HttpError, RequestError, stamp, TimeoutError, UnauthorizedError } from './errors'
import type { Core } from './core'
import type { Attempt, Errand, Outcome } from './errand'
import type { RequestEvent } from './events'
import type { Response } from './options'
import { loggedOut, type Need, type Waiter } from './session/session'
import { TaskListeners, type Controls, type TaskEvent, type TaskListener } from './task'
import type { Timer } from './timers'
import type { Place } from './transport/lanes'

/** Whatever a call waited for, it asks the session again before it sends: the door may have closed (law 3). */
type Phase = 'authorising' | 'queued' | 'on the wire' | 'between tries' | 'settled'

/** The life of one request: authorise, take a lane, send, judge; then replay, retry or settle. */
export class Call<R, V> implements Waiter, Controls {
  readonly need: Need
  private phase: Phase = 'authorising'
  private attempts = 0
  private retries = 0
  /** The token of the last attempt. */
  private token: string | undefined
  /** The token of the last login that this call waited for, or that it is waiting for now. */
  private awaited: string | undefined
  private hasAwaited = false
  /** The replays so far (law 4): one for a token that had been replaced already, one after a login. */
  private replayedStale = false
  private replayedAfterLogin = false
  private replaying = false
  private attempt: Attempt | undefined
  private place: Place | undefined
  private retryTimer: Timer | undefined
  private totalTimer: Timer | undefined
  private listeners: TaskListeners | undefined
  private readonly id: number
  private readonly begun: number

  constructor(
    private readonly core: Core,
    private readonly errand: Errand<R, V>,
    /** The session's epoch when the user made the request. */
    private readonly epoch: number,
    private readonly done: Outcome<V>,
  ) {
    this.need = errand.need ?? 'any'
    this.id = core.nextId()
    this.begun = core.timers.now()
  }

  start(): void {
    const { label, totalTimeout } = this.errand
    if (totalTimeout !== undefined) {
      this.totalTimer = this.core.timers.after(totalTimeout, () =>
        this.stop(new TimeoutError(label, 'totalTimeout', totalTimeout)),
      )
    }
    if (this.epoch === this.core.session.epoch()) this.authorise()
    else this.stop(loggedOut())
  }

  abort(): void {
    this.stop(new AbortError(this.errand.label))
  }

  on(event: TaskEvent, listener: TaskListener): void {
    this.listeners = this.listeners ?? new TaskListeners()
    this.listeners.on(event, listener)
  }

  off(event: TaskEvent, listener?: TaskListener): void {
    this.listeners?.off(event, listener)
  }

  waitsForSession(): boolean {
    return this.phase === 'authorising'
  }

  resume(afterLogin: boolean): void {
    if (afterLogin) this.hasAwaited = true
    this.authorise()
  }

  fail(error: LoginError): void {
    this.stop(error)
  }

  private authorise(): void {
    this.phase = 'authorising'
    if (!this.mayGo()) return
    if (!this.errand.usesLane || this.core.lanes.take()) return this.send()
    this.phase = 'queued'
    this.core.session.waiting.add(this)
    this.place = this.core.lanes.queue(() => this.gotLane())
    this.tell('wait')
  }

  private mayGo(): boolean {
    if (!this.errand.need || this.core.session.admit(this)) return true
    if (this.is('authorising')) this.tell('wait')
    return false
  }

  private gotLane(): void {
    this.place = undefined
    this.phase = 'authorising'
    if (this.mayGo()) this.send()
    else this.core.lanes.free()
  }

  private send(): void {
    const { core, errand } = this
    core.session.waiting.delete(this)
    this.phase = 'on the wire'
    this.token = errand.need && core.session.token()
    if (this.replaying) this.countReplay()
    if (this.hasAwaited) this.awaited = this.token
    this.hasAwaited = false
    const nth = ++this.attempts
    const free = (): void => {
      if (errand.usesLane) core.lanes.free()
    }
    this.tell('send')
    // A listener may have aborted it.
    if (!this.is('on the wire')) return free()
    try {
      const attempt = errand.send(
        this.token,
        (error, result) => {
          if (nth === this.attempts && this.is('on the wire')) this.judge(error, result)
        },
        free,
        this.listeners,
      )
      // An answer within the call may have led to another attempt already.
      if (nth === this.attempts) this.attempt = attempt
    } catch (error) {
      free()
      this.settle(error)
    }
  }

  private countReplay(): void {
    this.replaying = false
    if ((this.hasAwaited || this.replayedStale) && !this.replayedAfterLogin) this.replayedAfterLogin = true
    else this.replayedStale = true
  }

  private judge(error: unknown, result: R | undefined): void {
    const { core, errand, token } = this
    let delay: number | undefined
    try {
      if (errand.need && errand.isUnauthorized(error, result)) return this.refused(error, result)
      if (token !== undefined && result !== undefined && errand.isAccepted(result))
        core.session.accepted(token)
      if (this.epoch === core.session.epoch()) delay = errand.retryDelay(error, result, this.retries + 1)
    } catch (thrown) {
      return this.settle(thrown)
    }
    if (delay === undefined) return this.settle(error, result)
    this.retries++
    this.phase = 'between tries'
    core.session.waiting.add(this)
    this.retryTimer = core.timers.after(delay, () => this.authorise())
    this.tell('retry', error, result)
  }

  /** A 401. It ends the call, or the call goes out again with another token. */
  private refused(error: unknown, result: R | undefined): void {
    const { core, errand, token } = this
    const { session } = core
    const response = errand.asResponse(result)
    if (token === undefined) {
      return this.settle(response ? new HttpError(response, errand.label) : error)
    }
    const isCurrent = session.isCurrent(token)
    const isFinal =
      this.need === 'any' ||
      this.epoch !== session.epoch() ||
      (this.replayedAfterLogin && (isCurrent || this.replayedStale)) ||
      (isCurrent && token === this.awaited)
    if (isFinal) {
      if (this.need !== 'any') session.refusedForGood(token)
      return this.settle(new UnauthorizedError(response ?? NO_RESPONSE, errand.label, error))
    }
    // Law 2: only the current token's refusal means anything.
    if (isCurrent) session.refused(token)
    this.replaying = true
    this.phase = 'authorising'
    this.tell('replay', error, result)
    if (this.is('authorising')) this.authorise()
  }

  /** Ends it from outside, wherever it is. */
  private stop(error: unknown): void {
    if (this.is('settled')) return
    if (this.is('on the wire')) this.attempt?.abandon()
    this.settle(error)
  }

  private settle(error: unknown, result?: R): void {
    const { core, errand } = this
    this.phase = 'settled'
    core.session.waiting.delete(this)
    core.timers.cancel(this.retryTimer)
    core.timers.cancel(this.totalTimer)
    if (this.place) this.place.run = undefined
    this.listeners?.attach(undefined)
    let value: V | undefined
    let failure = error
    if (failure === undefined) {
      try {
        value = errand.finish(result as R)
      } catch (thrown) {
        failure = thrown
      }
    }
    if (failure !== undefined) stamp(failure, errand.label, this.attempts)
    this.tell(failure === undefined ? 'success' : 'fail', failure, result)
    this.done(failure, value)
  }

  private is(phase: Phase): boolean {
    return this.phase === phase
  }

  private tell(phase: RequestEvent['phase'], error?: unknown, result?: R): void {
    const { core, errand, id, begun, attempts } = this
    if (!core.events.heard()) return
    const statusCode = errand.asResponse(result)?.statusCode
    core.events.emit({
      type: 'request',
      phase,
      id,
      method: errand.label.method,
      url: errand.label.url,
      attempt: attempts,
      duration: core.timers.now() - begun,
      ...(statusCode !== undefined && { statusCode }),
      ...(error instanceof RequestError && { code: error.code }),
    })
  }
}

const NO_RESPONSE: Response = { data: undefined, statusCode: 401, header: {} }
