import { functionAttempt } from './authorize'
import type { Attempt, Errand, Sender } from './errand'
import { ConfigError, type FailedRequest } from './errors'
import type { AnyRequest, Middleware } from './options'
import type { Finish, RequestErrand } from './request'
import type { Response } from './response'
import type { Task, TaskListeners } from './task'

/** What middleware changes is for this request alone. */
function copyOf(request: AnyRequest): AnyRequest {
  const { header, query, context } = request
  return Object.assign({}, request, {
    header: Object.assign({}, header),
    query: Object.assign({}, query),
    context: Object.assign({}, context),
  })
}

/** Sends a request that has come through all middleware. */
export type SendInside = (request: AnyRequest, listeners: TaskListeners) => Task<Response>

/**
 * The outer call of a request with middleware. It needs no session and no lane itself: the calls inside do, and
 * tell of themselves. It can be aborted and time out while middleware is at work.
 */
export class MiddlewareErrand<V> implements Errand<Response, V> {
  readonly usesLane = false
  readonly isQuiet = true
  readonly totalTimeout: number | undefined

  constructor(
    /** The same request without middleware: it knows its name and its mistakes. */
    private readonly plain: RequestErrand<unknown>,
    private readonly request: AnyRequest,
    private readonly use: readonly Middleware[],
    private readonly sendInside: SendInside,
    private readonly end: Finish<V>,
  ) {
    this.totalTimeout = plain.totalTimeout
  }

  label(): FailedRequest {
    return this.plain.label()
  }

  open(): undefined {
    this.plain.open()
  }

  attempt(_token: undefined, sender: Sender<Response>): Attempt {
    const inner: Task<Response>[] = []
    let open = true

    const run = async (index: number, request: AnyRequest): Promise<Response> => {
      const outer = this.use[index]
      if (outer) return outer(request, (changed = request) => run(index + 1, changed))
      const task = this.sendInside(request, sender.listeners)
      inner.push(task)
      // Given up while middleware was at work: nothing goes out any more.
      if (!open) task.abort()
      return task
    }
    const abandon = (): void => {
      open = false
      for (const task of inner) task.abort()
    }
    const start = async (): Promise<Response> => {
      const response = await run(0, copyOf(this.request))
      // A line of JavaScript that forgets its `return`.
      if (!(response as Response | undefined))
        throw new ConfigError('got nothing back from its middleware: return next(request).')
      return response
    }
    return functionAttempt(start, sender, abandon)
  }

  isUnauthorized(): boolean {
    return false
  }

  retryDelay(): undefined {
    return undefined
  }

  asResponse(response: Response): Response {
    return response
  }

  finish(response: Response): V {
    return this.end(response, this)
  }
}
