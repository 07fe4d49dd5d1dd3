import type { Core } from '../client/core'
import type { Errand, Sender } from './operation'
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
import type { Response } from '../options/response'
import type { Need, Phase, Waiter } from '../session/waiter'
import type { Controls, TaskListeners } from './task'
import type { Timer } from '../timers'

/** Law 4: once for a token that had been replaced already, once after a login. */
const MOST_REPLAYS = 2

/** The life of one request: authorise, take a lane, send, judge; then replay, retry or settle. */
export class Call<R, V> implements Waiter, Sender<R>, Controls {
  phase: Phase = 'authorising'
  need: Need | undefined
  seated = false
  private replays = 0
  private retries = 0
  /** The token of the last attempt. */
  private token: string | undefined
  /** The token of the last login that this call waited for. */
  private awaited: string | undefined
  private retryTimer: Timer | undefined
  private totalTimer: Timer | undefined
  private hasToldOfWaiting = false
  readonly id: number
  private begun = 0
  private resolve!: (value: V) => void
  private reject!: (error: unknown) => void

  constructor(
    private readonly core: Core,
    private readonly errand: Errand<R, V>,
    /** The session's epoch when the user made the request. */
    private readonly epoch: number,
    readonly listeners: TaskListeners,
  ) {
    this.id = ++core.lastId
  }

  start(resolve: (value: V) => void, reject: (error: unknown) => void): void {
    this.resolve = resolve
    this.reject = reject
    const { events, timers } = this.core
    if (events.heard()) this.begun = timers.now()
    this.authorise()
  }

  abort(): void {
    this.stop(new AbortError())
  }

  resume(newToken?: string): void {
    if (newToken) this.awaited = newToken
    this.authorise()
  }

  fail(error: LoginError): void {
    this.stop(error)
  }

  private authorise(): void {
    const { core, errand } = this
    if (!this.open() || !this.mayGo()) return
    if (!errand.usesLane || core.lanes.take()) return this.send()
    this.wait('queued')
    core.lanes.queue(this.id, () => {
      if (this.is('queued') && this.open() && this.mayGo()) this.send()
      else this.over()
    })
    this.tellOfWaiting()
  }

  /** Asks what it needs, each time: another base URL may be one that no token goes to. */
  private open(): boolean {
    const { core, errand } = this
    this.phase = 'authorising'
    try {
      this.need = errand.open()
    } catch (error) {
      this.settle(error)
      return false
    }
    // Only now: the request makes sense.
    const ms = errand.totalTimeout
    if (ms !== undefined && !this.totalTimer)
      this.totalTimer = core.timers.after(ms, () => this.stop(new TimeoutError('totalTimeout', ms)))
    return true
  }

  /** Whether it may go out now. If not, it has ended, or the session has it and will resume it. */
  private mayGo(): boolean {
    const { session } = this.core
    if (this.epoch !== session.epoch()) this.settle(loggedOut())
    else if (this.need && !session.admit(this)) {
      if (this.is('authorising')) this.tellOfWaiting()
      return false
    }
    // Listeners were told of this and that meanwhile, and may have ended it.
    return this.is('authorising')
  }

  /** Where a logout finds it. */
  private wait(phase: Phase): void {
    this.phase = phase
    this.core.session.seat(this)
  }

  private send(): void {
    const { core, errand, need } = this
    this.phase = 'departing'
    this.token = need && core.session.token(need)
    try {
      errand.load(this.token, this)
    } catch (error) {
      this.over()
      return this.settle(error)
    }
    if (!errand.isQuiet) this.listeners.attempts++
    this.tell('send')
    // Whatever of the app's ran meanwhile may have ended it, or closed the door.
    if (!this.is('departing')) return this.over()
    this.phase = 'authorising'
    if (!this.mayGo()) return this.over()
    this.phase = 'on the wire'
    this.hasToldOfWaiting = false
    errand.start()
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
      if (this.need && errand.isUnauthorized(error, result)) return this.refused(error, result)
      // A 5xx may come from a gateway that has not looked at the token.
      if (token && error === undefined && errand.asResponse(result as R).statusCode < 500)
        session.accepted(token)
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
    const { core, errand, need, token } = this
    const { session } = core
    const response = error === undefined ? errand.asResponse(result as R) : NO_RESPONSE
    if (!token) return this.settle(new HttpError(response))
    // Law 2: only the current token's refusal means anything.
    const isCurrent = token === session.currentToken()
    const isFinal =
      need === 'any' ||
      this.epoch !== session.epoch() ||
      this.replays === MOST_REPLAYS ||
      (isCurrent && token === this.awaited)
    if (isFinal) {
      if (isCurrent && need !== 'any') session.refusedForGood()
      return this.settle(new UnauthorizedError(response, error))
    }
    const obstacle = isCurrent && session.refused()
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
    if (this.is('on the wire')) this.errand.abandon()
    this.settle(error)
  }

  private settle(error: unknown, result?: R): void {
    if (this.is('settled')) return
    const { core, errand, listeners } = this
    this.phase = 'settled'
    core.timers.cancel(this.retryTimer)
    core.timers.cancel(this.totalTimer)
    listeners.attach(undefined)
    let failure = error
    let value: V | undefined
    try {
      if (failure === undefined) value = errand.finish(result as R)
    } catch (thrown) {
      failure = thrown
    }
    if (failure === undefined) {
      this.tell('success', undefined, result)
      this.resolve(value as V)
    } else {
      stamp(failure, errand.label(), listeners.attempts)
      this.tell('fail', failure, result)
      this.reject(failure)
    }
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
