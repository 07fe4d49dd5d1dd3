import { functionErrand, type Errand } from './operation'
import { AbortError, ConfigError } from '../errors'
import type { AnyRequest, Middleware } from '../options/client'
import type { Finish, RequestErrand } from './request'
import type { Response } from '../options/response'
import type { Task, TaskListeners } from './task'

/** Sends a request that has come through all middleware. */
export type SendInside = (request: AnyRequest, listeners: TaskListeners) => Task<Response>

/**
 * The outer call of a request with middleware. It needs no session and no lane itself: the calls inside do, and
 * tell of themselves. It can be aborted and time out while middleware is at work.
 */
export function middlewareErrand<V>(
  /** The same request without middleware: it knows its name and its mistakes. */
  plain: RequestErrand<V>,
  request: AnyRequest,
  use: readonly Middleware[],
  finish: Finish<V>,
  sendInside: SendInside,
): Errand<Response, V> {
  const inner: Task<Response>[] = []
  let open = true

  return functionErrand(
    async (_token, { listeners }) => {
      const run = async (index: number, request: AnyRequest): Promise<Response> => {
        const outer = use[index]
        if (outer) return outer(request, (changed = request) => run(index + 1, Object(changed) as AnyRequest))
        // Given up while middleware was at work: nothing goes out any more.
        if (!open) throw new AbortError()
        const task = sendInside(request, listeners)
        inner.push(task)
        return task
      }
      const response = await run(0, copyOf(request))
      // A line of JavaScript that forgets its `return`.
      if (!(response as Response | undefined))
        throw new ConfigError('got nothing back from its middleware: return next(request).')
      return response
    },
    {
      isQuiet: true,
      totalTimeout: plain.totalTimeout,
      label: () => plain.label(),
      open() {
        plain.open()
        return undefined
      },
      asResponse: (response) => response,
      finish,
      abandon() {
        open = false
        for (const task of inner) task.abort()
      },
    },
  )
}

/** What middleware changes is for this request alone. */
function copyOf(request: AnyRequest): AnyRequest {
  const { header, query, context } = request
  return Object.assign({}, request, {
    header: Object.assign({}, header),
    query: Object.assign({}, query),
    context: Object.assign({}, context),
  })
}
