import type { AnyRequest } from './request'
import type { Response } from './options'
import { AbortError, TimeoutError, type FailedRequest } from './errors'
import type { Controls, Sent, TaskEvent, TaskListener } from './task'
import type { Timer, Timers } from './timers'

/**
 * Wraps the whole funnel: it runs once per logical request, whatever logins, replays and retries happen inside
 * `next`. The token is not on the request yet, so it cannot leak from here.
 *
 * `next` resolves with any answer that is not a final 401, also one with status 500: whether that throws is
 * decided afterwards, on what the outermost middleware resolves to.
 *
 * ```ts
 * const timing: Middleware = async (request, next) => {
 *   const begun = Date.now()
 *   try { return await next(request) }
 *   finally { report(request.url, Date.now() - begun) }
 * }
 * ```
 */
export type Middleware = (
  request: AnyRequest,
  next: (request?: AnyRequest) => Promise<Response>,
) => Promise<Response>

/** A request that goes through middleware: the stages inside it come and go, its task stays. */
export class Chain implements Controls {
  private inner: Controls | undefined
  private readonly listeners: { event: TaskEvent; listener: TaskListener }[] = []
  private timer: Timer | undefined
  private open = true

  constructor(
    private readonly timers: Timers,
    private readonly label: FailedRequest,
    private readonly send: (request: AnyRequest) => Sent<Response>,
    private readonly done: (error: unknown, response?: Response) => void,
  ) {}

  start(middleware: readonly Middleware[], request: AnyRequest, totalTimeout: number | undefined): void {
    if (totalTimeout !== undefined) {
      this.timer = this.timers.after(totalTimeout, () =>
        this.stop(new TimeoutError(this.label, 'totalTimeout', totalTimeout)),
      )
    }
    // A copy: what middleware changes is for this request alone.
    const copy = Object.assign({}, request, { header: Object.assign({}, request.header) })
    this.run(middleware, 0, copy).then(
      (response) => this.settle(undefined, response),
      (error: unknown) => this.settle(error),
    )
  }

  abort(): void {
    this.stop(new AbortError(this.label))
  }

  on(event: TaskEvent, listener: TaskListener): void {
    this.listeners.push({ event, listener })
    this.inner?.on(event, listener)
  }

  off(event: TaskEvent, listener?: TaskListener): void {
    for (let i = this.listeners.length - 1; i >= 0; i--) {
      const entry = this.listeners[i]
      if (entry?.event === event && (!listener || entry.listener === listener)) this.listeners.splice(i, 1)
    }
    this.inner?.off(event, listener)
  }

  private async run(
    middleware: readonly Middleware[],
    index: number,
    request: AnyRequest,
  ): Promise<Response> {
    const outer = middleware[index]
    if (outer) return outer(request, (changed = request) => this.run(middleware, index + 1, changed))
    const { promise, controls } = this.send(request)
    this.inner = controls
    for (const { event, listener } of this.listeners) controls.on(event, listener)
    // Given up while middleware was at work: nothing goes out any more.
    if (!this.open) controls.abort()
    return promise
  }

  private stop(error: unknown): void {
    if (!this.open) return
    this.inner?.abort()
    this.settle(error)
  }

  private settle(error: unknown, response?: Response): void {
    if (!this.open) return
    this.open = false
    this.timers.cancel(this.timer)
    this.done(error, response)
  }
}
