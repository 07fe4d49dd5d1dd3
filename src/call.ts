import type { Core } from './core'
import type { Attempt, Errand, Sender } from './errand'
import {
  AbortError,
  HttpError,
  RequestError,
  stamp,
  TimeoutError,
  UnauthorizedError,
  type LoginError,
} from './errors'
import type { RequestEvent } from './events'
import type { Response } from './response'
import { loggedOut } from './session/session'
import type { Need, Waiter } from './session/waiter'
import type { Controls, TaskListeners } from './task'
import { cancel, type Timer } from './timers'
import type { Place } from './transport/lanes'

/** Whatever a call waited for, it asks the session again before it sends: the door may have closed (law 3). */
type Phase = 'authorising' | 'queued' | 'on the wire' | 'between tries' | 'settled'

/** Law 4: once for a token that had been replaced already, once after a login. */
const MOST_REPLAYS = 2

/** The life of one request: authorise, take a lane, send, judge; then replay, retry or settle. */
export class Call<R, V> implements Waiter, Sender<R>, Controls {
  need: Need | undefined
  place: number | undefined
  private phase: Phase = 'authorising'
  private replays = 0
  private retries = 0
  /** The token of the last attempt. */
  private token: string | undefined
  /** The token of the last login that this call waited for. */
  private awaited: string | undefined
  private attempt: Attempt | undefined
  private queued: Place | undefined
  private retryTimer: Timer | undefined
  private totalTimer: Timer | undefined
  private hasToldOfWaiting = false
  private id = 0
  private begun = 0

  constructor(
    private readonly core: Core,
    private readonly errand: Errand<R, V>,
    /** The session's epoch when the user made the request. */
    private readonly epoch: number,
    readonly listeners: TaskListeners,
    private readonly resolve: (value: V) => void,
    private readonly reject: (error: unknown) => void,
  ) {}

  start(): void {
    const { core, errand } = this
    const { totalTimeout } = errand
    if (core.events.heard()) this.begun = core.timers.now()
    if (totalTimeout !== undefined) {
      this.totalTimer = core.timers.after(totalTimeout, () =>
        this.stop(new TimeoutError(errand.label(), 'totalTimeout', totalTimeout)),
      )
    }
    this.authorise()
  }

  abort(): void {
    this.stop(new AbortError(this.errand.label()))
  }

  waitsForSession(): boolean {
    return this.phase === 'authorising'
  }

  resume(newToken?: string): void {
    if (newToken !== undefined) this.awaited = newToken
    this.authorise()
  }

  fail(error: LoginError): void {
    this.stop(error)
  }

  private authorise(): void {
    const { core, errand } = this
    this.phase = 'authorising'
    try {
      // Asked each time: another base URL may be one that no token goes to.
      this.need = errand.open()
    } catch (error) {
      return this.settle(error)
    }
    if (!this.mayGo()) return
    if (!errand.usesLane || core.lanes.take()) return this.send()
    this.wait('queued')
    this.queued = core.lanes.queue(() => {
      this.phase = 'authorising'
      if (this.mayGo()) this.send()
      else this.over()
    })
    this.tellOfWaiting()
  }

  /** Whether it may go out now. If not, it has ended, or the session has it and will resume it. */
  private mayGo(): boolean {
    const { session } = this.core
    if (this.epoch !== session.epoch()) {
      this.settle(loggedOut())
      return false
    }
    const admitted = !this.need || session.admit(this)
    if (!admitted && this.is('authorising')) this.tellOfWaiting()
    // Listeners were told of this and that meanwhile, and may have ended it.
    return admitted && this.is('authorising')
  }

  /** Where a logout finds it. */
  private wait(phase: Phase): void {
    this.phase = phase
    this.core.session.waiting.enter(this)
  }

  private send(): void {
    const { core, errand, need } = this
    this.token = need && core.session.token(need)
    try {
      this.attempt = errand.attempt(this.token, this)
    } catch (error) {
      this.over()
      return this.settle(error)
    }
    this.listeners.attempts += errand.isQuiet ? 0 : 1
    if (core.events.heard()) {
      this.tell('send')
      // A listener may have ended it, or closed the door.
      if (!this.is('authorising') || !this.mayGo()) return this.over()
    }
    core.session.waiting.leave(this)
    this.phase = 'on the wire'
    this.hasToldOfWaiting = false
    this.attempt.start()
  }

  over(): void {
    if (this.errand.usesLane) this.core.lanes.free()
  }

  answered(error: unknown, result?: R): void {
    if (!this.is('on the wire')) return
    const { core, errand, token } = this
    const { session } = core
    let delay: number | undefined
    try {
      const response = error === undefined ? errand.asResponse(result as R) : undefined
      if (this.need && errand.isUnauthorized(error, result)) return this.refused(error, result)
      // A 5xx may come from a gateway that has not looked at the token.
      if (token !== undefined && response && response.statusCode < 500) session.accepted(token)
      if (this.epoch === session.epoch()) delay = errand.retryDelay(error, result, this.retries + 1)
    } catch (thrown) {
      return this.settle(thrown)
    }
    if (delay === undefined) return this.settle(error, result)
    this.retries++
    this.wait('between tries')
    this.retryTimer = core.timers.after(delay, () => this.authorise())
    this.tell('retry', error, result)
  }

  /** A 401. It ends the call, or the call goes out again with another token. */
  private refused(error: unknown, result: R | undefined): void {
    const { errand, token, need } = this
    const response = error === undefined ? errand.asResponse(result as R) : NO_RESPONSE
    const { session } = this.core
    if (token === undefined)
      return this.settle(error === undefined ? new HttpError(response, errand.label()) : error)
    const isCurrent = session.isCurrent(token)
    const isFinal =
      need === 'any' ||
      this.epoch !== session.epoch() ||
      this.replays === MOST_REPLAYS ||
      (isCurrent && token === this.awaited)
    if (isFinal) {
      if (need !== 'any') session.refusedForGood(token)
      return this.settle(new UnauthorizedError(response, errand.label(), error))
    }
    // Law 2: only the current token's refusal means anything.
    const obstacle = isCurrent && session.refused(token)
    // The store may have failed at it, and a listener have ended this.
    if (!this.is('on the wire')) return
    if (obstacle) return this.settle(obstacle)
    this.replays++
    this.phase = 'authorising'
    this.tell('replay', error, result)
    if (this.is('authorising')) this.authorise()
  }

  /** Ends it from outside, wherever it is. */
  private stop(error: unknown): void {
    if (this.is('settled')) return
    if (this.is('on the wire') && this.attempt) this.attempt.abandon()
    this.settle(error)
  }

  private settle(error: unknown, result?: R): void {
    const { core, errand } = this
    this.phase = 'settled'
    core.session.waiting.leave(this)
    cancel(this.retryTimer)
    cancel(this.totalTimer)
    if (this.queued) this.queued.run = undefined
    this.listeners.attach(undefined)
    let failure = error
    let value: V | undefined
    try {
      if (failure === undefined) value = errand.finish(result as R)
    } catch (thrown) {
      failure = thrown
    }
    if (failure !== undefined) stamp(failure, errand, this.listeners.attempts)
    this.tell(failure === undefined ? 'success' : 'fail', failure, result)
    if (failure === undefined) this.resolve(value as V)
    else this.reject(failure)
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

  private tell(phase: RequestEvent['phase'], error?: unknown, result?: R): void {
    const { core, errand } = this
    if (errand.isQuiet || !core.events.heard()) return
    if (!this.id) this.id = core.nextId()
    core.events.emit({
      type: 'request',
      phase,
      id: this.id,
      ...errand.label(),
      attempt: this.listeners.attempts,
      duration: core.timers.now() - this.begun,
      ...(result !== undefined && { statusCode: errand.asResponse(result).statusCode }),
      ...(error instanceof RequestError && { code: error.code }),
    })
  }
}

const NO_RESPONSE: Response = { data: undefined, statusCode: 401, header: {} }
