import { callSafely, ignore, isThenable } from '../app-code'
import { AbortError, type LoginError } from '../errors'
import type { Signal } from '../options/request'
import type { Response } from '../options/response'
import type { Held } from '../session/state'
import { ids, type Need, type Phase } from '../session/waiters'
import type { Timer } from '../timers'
import type { Lane } from '../transport/lanes'
import {
  TaskListeners,
  type HeadersReceived,
  type Hearing,
  type TaskEvent,
  type TaskListener,
} from '../transport/task-events'
import type { Sender } from '../transport/sender'
import { judge, mayOpen } from './answer'
import type { Core } from './core'
import { authorise } from './dispatch'
import { failed, isStill, uncount, wait, type Life } from './life'
import type { Operation } from './operation'
import { Replays } from './replays'
import { stamp } from './stamp'
import type { Controls } from './task'
import { tell } from './telling'

/** A signal is the app's own, and may throw. */
function stopHearing({ signal, onAbort }: { signal: Signal; onAbort: () => void }): void {
  if (signal.removeEventListener) signal.removeEventListener('abort', onAbort)
}

/** The life of one request: authorise, take a lane, send, judge; then replay, retry or settle. How it begins and how it ends. */
export class Call<R, V> implements Life<R>, Controls {
  phase: Phase = 'authorising'
  need: Need | undefined
  place = -1
  readonly id: number
  listeners: Hearing | undefined
  /** How often it has gone out. */
  attempts = 0
  retries = 0
  replays: Replays | undefined
  sentAt: number | undefined
  held: Held | undefined
  wasAccepted: boolean | undefined
  isCounted: boolean | undefined
  wasHeard: boolean | undefined
  retryTimer: Timer | undefined
  totalTimer: Timer | undefined
  waitsAt: { run: unknown } | undefined
  hasToldOfWaiting: boolean | undefined
  begun: number | undefined
  /** Whose answer its outcome is: a call around it. */
  follower: Sender<V> | undefined
  private onAbort: (() => void) | undefined
  private resolve!: (value: V) => void
  private reject!: (error: unknown) => void

  constructor(
    readonly core: Core,
    readonly operation: Operation<R, V>,
    readonly epoch: number,
    /** The one around its middleware, if it is in one. */
    private readonly outer?: Sender['root'],
  ) {
    this.id = ++ids.last
  }

  start(resolve: (value: V) => void, reject: (error: unknown) => void): void {
    this.resolve = resolve
    this.reject = reject
    const { signal, role } = this.operation
    // What is around middleware tells nobody how long it took.
    if (role !== 'outer') this.begun = this.core.timers.now()
    if (signal) this.heed(signal)
    if (this.phase === 'authorising') authorise(this, this.begun)
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
    if (this.phase === 'sent') this.operation.listenTo(event)
  }

  resume(gained?: Held): void {
    if (gained) (this.replays || (this.replays = new Replays())).awaited = gained
    authorise(this)
  }

  fail(error: LoginError): void {
    this.stop(error)
  }

  answered(error: unknown, result: R | undefined): void {
    judge(this, error, result)
  }

  released(lane: Lane | undefined): void {
    const { core } = this
    if (lane) (core.lanes || core.share()).release(lane)
  }

  /** The call that the user knows. */
  get root(): Sender['root'] {
    return this.outer || this
  }

  heard(): void {
    this.wasHeard = true
  }

  mayOpen(head: HeadersReceived): boolean {
    return mayOpen(this, head)
  }

  /** Whether an answer that is accepted is one to a replay. */
  get isReplay(): boolean {
    return this.replays !== undefined && this.replays.count > 0
  }

  address(): string | undefined {
    const { wire } = this.operation
    return wire && wire.address()
  }

  finish(result: R): void {
    const { operation, core } = this
    const { epoch } = core.session
    let value: V | PromiseLike<V>
    let isLater: boolean
    this.phase = 'finishing'
    try {
      const { wire } = operation
      if (wire && this.root.listeners) {
        wire.deliver(result as unknown as Response)
        if (!isStill(this, 'finishing', epoch)) return
      }
      value = operation.finish(result)
      isLater = isThenable(value)
    } catch (thrown) {
      return this.stop(thrown)
    }
    if ((this.phase as Phase) !== 'finishing' || core.session.epoch !== epoch)
      return void isStill(this, 'finishing', epoch)
    if (!isLater) return this.succeed(value as V, result)
    wait(this, 'finishing')
    Promise.resolve(value).then(
      (value) => this.succeed(value, result),
      (error: unknown) => this.stop(error),
    )
  }

  private succeed(value: V, result: R): void {
    const { resolve } = this
    if (!this.end()) return
    if (this.core.events.heard) tell(this, 'success', undefined, this.operation.asResponse(result))
    resolve(value)
    if (this.follower) this.follower.answered(undefined, value)
  }

  stop(error: unknown): void {
    const { operation, reject } = this
    if (this.phase === 'sent') operation.abort()
    if (!this.end()) return
    stamp(error, operation.label(), this.root.attempts, operation.api)
    tell(this, 'fail', error)
    reject(error)
    if (this.follower) failed(this.follower, error)
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
    if (this.listeners) this.listeners = undefined
    // Its promise has the call: an engine that counts references would leave both to its collector.
    this.resolve = this.reject = ignore
    if (this.isCounted) uncount(this)
    return true
  }
}
