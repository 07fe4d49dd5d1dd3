import { promised, quiet } from '../app-code'
import { AbortError, ConfigError, type FailedRequest } from '../errors'
import { INSIDE } from '../inside'
import type { AnyRequest, Middleware, MiddlewareInfo, Signal } from '../options/request'
import type { Response } from '../options/response'
import type { Held } from '../session/state'
import { snapshot } from '../transport/snapshot'
import type { TaskEvent } from '../transport/task-events'
import type { Kind, Sender } from '../transport/wire'
import { runFor } from './authorize'
import type { Call } from './call'
import type { Config } from './config'
import type { Operation } from './operation'
import { checkTarget, type Finish } from './request'
import type { Task } from './task'

/** A request that has come through all middleware. */
export interface Inside {
  readonly task: Task<Response>
  readonly call: Call<Response, Response>
}

/** What entries are told beside that. */
export interface InfoInside extends MiddlewareInfo {
  /** The sessions that it went out with: one for each time it was sent, of its last attempt. */
  readonly [INSIDE]: () => readonly (Held | undefined)[]
}

/** Sends it. `root`: the call around it. */
export type SendInside = (request: AnyRequest, root: Sender['root']) => Inside

/**
 * The outer call of a request with middleware. It needs no session and no lane itself: the calls inside do, and
 * tell of themselves. It can be aborted and time out while middleware is at work.
 */
export class MiddlewareOperation<V> implements Operation<Response, V> {
  readonly role = 'outer'
  readonly wire = undefined
  readonly signal: Signal | undefined
  readonly totalTimeout: number | undefined
  private readonly inside: Inside[] = []
  private isOpen = true
  private sender!: Sender

  constructor(
    { use, totalTimeout }: Config,
    readonly api: Kind,
    private readonly request: AnyRequest,
    readonly finish: Finish<V>,
    private readonly sendInside: SendInside,
    /** What the request is called, wherever middleware has got to with it. */
    readonly label: () => FailedRequest,
    client: MiddlewareInfo['client'],
  ) {
    this.use = use
    this.info = { kind: api, client, [INSIDE]: () => this.inside.map(({ call }) => call.held) }
    this.signal = request.signal
    this.totalTimeout = request.totalTimeout === undefined ? totalTimeout : request.totalTimeout
  }

  private readonly use: readonly Middleware[]
  private readonly info: InfoInside

  open(): undefined {
    checkTarget(this.request, this.request)
  }

  load(_held: Held | undefined, sender: Sender): void {
    this.sender = sender
  }

  start(): void {
    const { sender } = this
    runFor(
      sender,
      () => this.run(0, this.request),
      (response: Response | undefined) => {
        // A line of JavaScript that forgets its `return`.
        if (response) sender.answered(undefined, response)
        else
          sender.answered(
            new ConfigError('got nothing back from its middleware: return next(request).'),
            undefined,
          )
      },
    )
  }

  listenTo(event: TaskEvent): void {
    for (const { call } of this.inside) call.listenTo(event)
  }

  abort(): void {
    this.isOpen = false
    for (const { task } of this.inside) task.abort()
  }

  isUnauthorized(): boolean {
    return false
  }

  asResponse(response: Response): Response {
    return response
  }

  private run(index: number, request: AnyRequest): Promise<Response> {
    const outer = this.use[index]
    if (outer)
      return outer(
        request,
        (changed = request) => {
          const answer = promised(() => this.run(index + 1, Object(changed) as AnyRequest))
          // Whoever keeps it and waits for something else need not handle it.
          quiet(answer)
          return answer
        },
        this.info,
      )
    // Given up while middleware was at work: nothing goes out any more.
    if (!this.isOpen) return Promise.reject(new AbortError())
    const sent = this.sendInside(taken(request), this.sender.root)
    this.inside.push(sent)
    return sent.task
  }
}

/** Law 15: what goes out is what was given to `next()`. The signal is the outer call's. */
function taken(request: AnyRequest): AnyRequest {
  const copy = Object.assign({}, request, { signal: undefined })
  for (const field of ['data', 'query', 'header', 'formData'] as const)
    if (copy[field] !== undefined) copy[field] = snapshot(copy[field]) as never
  return copy
}
