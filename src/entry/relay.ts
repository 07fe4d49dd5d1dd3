import { callSafely } from '../app-code'
import { stamp } from '../call/stamp'
import { createTask, type Controls } from '../call/task'
import { AbortError, type Signal, type Task } from '../index'
import { INSIDE } from '../inside'
import { checkRequest } from '../options/rules'
import type { TaskEvent, TaskListener } from '../transport/task-events'
import { stopHearing } from './signals'
import type { Label, Options } from './wrap'

type Callback = (result: unknown) => void
interface Heard {
  readonly event: TaskEvent
  readonly listener: TaskListener
  /** A listener of its own, for the same one may listen to several. */
  readonly own: TaskListener
}

/**
 * What one caller holds where a request is sent several times, or together with those of others: a task with its own callbacks,
 * listeners, signal and `abort()`, over the tasks of the client.
 */
export class Relay implements Controls {
  readonly task: Task<unknown>
  isSettled = false
  private inner: Task<unknown> | undefined
  private heard: Heard[] = []
  private fulfil!: (value: unknown) => void
  private refuse!: (error: unknown) => void
  private readonly signal: Signal | undefined
  private readonly onAbort = (): void => this.abort()

  constructor(
    options: Options,
    private readonly label: Label,
    /** It has settled, by its caller's wish or not; and if it has failed, with this. */
    private readonly left: (error?: unknown) => void,
  ) {
    const promise = new Promise<unknown>((resolve, reject) => {
      this.fulfil = resolve
      this.refuse = reject
    })
    this.task = createTask(promise, this)
    const { success, fail, complete, signal } = options as Record<string, Callback | undefined>
    if (success || fail || complete) {
      const told = (callback: Callback | undefined) => (result: unknown) => {
        callSafely(callback, result)
        callSafely(complete, result)
      }
      // Whoever is called back need not handle the promise as well.
      promise.then(told(success), told(fail))
    }
    try {
      checkRequest(options)
      this.signal = signal as Signal | undefined
      if (!this.signal) return
      if (this.signal.aborted) this.abort()
      else this.signal.addEventListener('abort', this.onAbort)
    } catch (mistake) {
      this.abort(mistake)
    }
  }

  /** The options with which the client sends it: what is the caller's own stays here. */
  static sent(options: Options): Options {
    return Object.assign({}, options, {
      success: undefined,
      fail: undefined,
      complete: undefined,
      signal: undefined,
    })
  }

  /** How often it has gone out. */
  get attempts(): number {
    return this.inner ? controlsOf(this.inner).attempts : 0
  }

  /** From now on it is about this one. */
  follow(inner: Task<unknown>): void {
    this.inner = inner
    for (const { event, own } of this.heard) controlsOf(inner).listen(event, own)
  }

  listen(event: TaskEvent, listener: TaskListener): void {
    const own = (detail: never): void => listener(detail)
    this.heard.push({ event, listener, own })
    if (this.inner) controlsOf(this.inner).listen(event, own)
  }

  unlisten(event?: TaskEvent, listener?: TaskListener): void {
    this.heard = this.heard.filter((one) => {
      if ((event && one.event !== event) || (listener && one.listener !== listener)) return true
      if (this.inner) controlsOf(this.inner).unlisten(one.event, one.own)
      return false
    })
  }

  abort(error: unknown = new AbortError()): void {
    const { api, method, url } = this.label
    stamp(error, { method, url }, this.attempts, api)
    this.reject(error)
  }

  resolve(value: unknown): void {
    if (this.end()) this.fulfil(value)
  }

  reject(error: unknown): void {
    if (this.end(error)) this.refuse(error)
  }

  private end(error?: unknown): boolean {
    if (this.isSettled) return false
    this.isSettled = true
    if (this.signal) callSafely((signal) => stopHearing(signal, this.onAbort), this.signal)
    this.unlisten()
    this.left(error)
    return true
  }
}

/** A call's, or another relay's. */
function controlsOf(task: Task<unknown>): Controls & { readonly attempts: number } {
  return (task as object as { readonly [INSIDE]: Controls & { readonly attempts: number } })[INSIDE]
}
