import { promised, quiet } from '../app-code'
import { AbortError, ConfigError, type FailedRequest } from '../errors'
import { INSIDE } from '../inside'
import type { AnyRequest, MiddlewareInfo } from '../options/request'
import type { Response } from '../options/response'
import type { Held } from '../session/state'
import { isAnswer } from '../transport/results'
import type { TaskEvent } from '../transport/task-events'
import type { Sender } from '../transport/sender'
import type { Kind } from '../transport/wire-options'
import { Call } from './call'
import type { Config } from './config'
import type { Core } from './core'
import { asIs, type Finish } from './finish'
import { taken } from './given'
import { failed } from './life'
import type { Operation } from './operation'
import { NOTHING } from './outgoing'
import { checkTarget, RequestOperation, type Target } from './request'

/** What ends when its request is given up: a call, or what an entry shows of one. */
export interface Part extends Pick<Call<Response, Response>, 'held' | 'listenTo' | 'abort'> {
  readonly phase?: Call<Response, Response>['phase']
  follower?: Sender | undefined
}

/** A request that has come through all middleware, or a part that an entry has added. */
interface Inside {
  readonly promise?: Promise<Response>
  readonly call: Part
}

/** What entries are told beside that: what it went out as, once for each `next()` that got through. */
export interface InfoInside extends MiddlewareInfo {
  readonly [INSIDE]: Inside[]
}

/**
 * The outer call of a request with middleware. It needs no session and no lane itself: the calls inside do, and
 * tell of themselves. It can be aborted and time out while middleware is at work.
 */
export class MiddlewareOperation<V> implements Operation<Response, V> {
  readonly role = 'outer'
  readonly wire = undefined
  readonly signal: AnyRequest['signal']
  readonly totalTimeout: number | undefined
  private readonly request: AnyRequest
  private readonly inside: Inside[] = []
  private readonly info: InfoInside
  private isOpen = true
  private sender!: Sender

  constructor(
    private readonly config: Config,
    private readonly core: Core,
    readonly api: Kind,
    private readonly target: Target,
    private readonly extras: Partial<AnyRequest>,
    readonly finish: Finish<V>,
    private readonly epoch: number,
    client: MiddlewareInfo['client'],
  ) {
    const { signal, totalTimeout = config.totalTimeout } = extras
    this.signal = signal
    this.totalTimeout = totalTimeout
    // What middleware writes into is there, also where the app gave undefined.
    const { header = {}, query = {}, context = {} } = extras
    const { url, method, data } = target
    const request: AnyRequest = { url, method, data, header, query, context }
    this.request = extras === NOTHING ? request : Object.assign({}, extras, request)
    // Not as part of the literal, which V8 makes the long way then.
    const info: MiddlewareInfo & { [INSIDE]?: Inside[] } = { kind: api, client }
    info[INSIDE] = this.inside
    this.info = info as InfoInside
  }

  /** What the request is called, wherever middleware has got to with it. */
  label(): FailedRequest {
    const { config, core, api, target, extras } = this
    return new RequestOperation(config, core, api, target, extras, asIs).labelAhead()
  }

  open(): undefined {
    checkTarget(this.target, this.extras)
  }

  load(_held: Held | undefined, sender: Sender): void {
    this.sender = sender
  }

  start(): void {
    const { sender } = this
    const answer = this.run(0, this.request)
    const inside = this.sentWith(answer)
    // It has given back what it got from `next()`: one promise less.
    if (inside && inside.call.phase !== 'settled') {
      inside.call.follower = sender
      return
    }
    answer.then(
      // A line of JavaScript that forgets its `return`, or gives the data alone, as interceptors of others do.
      (response: Response | undefined) =>
        isAnswer(response)
          ? sender.answered(undefined, response)
          : failed(
              sender,
              new ConfigError(
                'got no response back from its middleware: return next(request), or one like it.',
              ),
            ),
      (error: unknown) => failed(sender, error),
    )
  }

  listenTo(event: TaskEvent): void {
    for (const { call } of this.inside) call.listenTo(event)
  }

  abort(): void {
    this.isOpen = false
    for (const { call } of this.inside) {
      call.follower = undefined
      call.abort()
    }
  }

  isUnauthorized(): boolean {
    return false
  }

  asResponse(response: Response): Response {
    return response
  }

  private sentWith(answer: Promise<Response>): Inside | undefined {
    for (const inside of this.inside) if (inside.promise === answer) return inside
    return undefined
  }

  /** What the middleware at this place, and all further in, make of it. */
  private run(index: number, request: AnyRequest): Promise<Response> {
    const outer = this.config.use[index]
    return promised(() =>
      outer
        ? outer(
            request,
            (changed = request) => {
              const answer = this.run(index + 1, Object(changed) as AnyRequest)
              // What went out sees to that itself.
              if (!this.sentWith(answer)) quiet(answer)
              return answer
            },
            this.info,
          )
        : this.send(taken(request) as AnyRequest),
    )
  }

  private send(request: AnyRequest): Promise<Response> {
    // Given up while middleware was at work: nothing goes out any more.
    if (!this.isOpen) throw new AbortError()
    const { config, core, api, epoch, sender } = this
    const operation = new RequestOperation(config, core, api, request, request, asIs)
    // The outer call heeds its own.
    if (operation.signal === this.signal) operation.signal = undefined
    const call = new Call<Response, Response>(core, operation, epoch, sender.root)
    let resolve!: (response: Response) => void
    let reject!: (error: Error) => void
    const promise = new Promise<Response>((fulfil, refuse) => {
      resolve = fulfil
      reject = refuse
    })
    this.inside.push({ promise, call })
    call.start(resolve, (error) => {
      // Whoever keeps it and waits for something else need not handle it.
      quiet(promise)
      // It may be anything: it is the app's.
      reject(error as Error)
    })
    return promise
  }
}
