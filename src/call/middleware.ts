import { promised, quiet } from '../app-code'
import { AbortError, ConfigError, type FailedRequest } from '../errors'
import { INSIDE } from '../inside'
import type { AnyRequest, MiddlewareInfo } from '../options/request'
import type { Response } from '../options/response'
import type { Held } from '../session/state'
import { isAnswer } from '../transport/results'
import { hasFields } from '../transport/snapshot'
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
import type { Streamed } from './sink'

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
  /** The same, whatever middleware makes of it. */
  private readonly given: AnyRequest
  private readonly info: InfoInside
  private readonly inside: Inside[] = []
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
    this.request = filled(target, extras)
    this.given = filled(target, extras, this.request)
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
        : this.send(request),
    )
  }

  /** Nearly always middleware changes nothing: then there is nothing to copy and to check anew. */
  private isAsGiven(request: AnyRequest): boolean {
    const { given, extras } = this
    const { url, method, data } = given
    if (request.url !== url || request.method !== method || request.data !== data || typeof data === 'object')
      return false
    for (const name in request) {
      const value = request[name]
      if (value !== given[name]) return false
      // An object of the app's may be another by now, and what is made for middleware may have been filled.
      if (typeof value === 'object' && name !== 'signal' && (extras[name] !== undefined || hasFields(value)))
        return false
    }
    // Nor taken away.
    for (const name in extras) if (!(name in request)) return false
    return true
  }

  private send(request: AnyRequest): Promise<Response> {
    // Given up while middleware was at work: nothing goes out any more.
    if (!this.isOpen) throw new AbortError()
    const { config, core, api, epoch, sender, target, extras, signal } = this
    const isAsGiven = this.isAsGiven(request)
    const options = isAsGiven ? extras : taken(request)
    const all = isAsGiven ? target : (options as AnyRequest)
    const operation = new RequestOperation(config, core, api, all, options, asIs)
    // The outer call heeds its own.
    if (operation.signal === signal) operation.signal = undefined
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

/** What middleware writes into is there, also where the app gave undefined; a second one has the very same. */
function filled(
  { url, method, data }: Target,
  extras: Partial<AnyRequest> & Streamed,
  { header = {}, query = {}, context = {} }: Partial<AnyRequest> = extras,
): AnyRequest {
  const request: AnyRequest & Streamed = { url, method, data, header, query, context }
  if (extras === NOTHING) return request
  for (const name in extras) if (!(name in request)) request[name] = extras[name]
  // A name that no loop meets.
  if (extras[INSIDE]) request[INSIDE] = extras[INSIDE]
  return request
}
