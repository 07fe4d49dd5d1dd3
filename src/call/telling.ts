import { HttpError, RequestError } from '../errors'
import type { RequestEvent } from '../events'
import type { Response } from '../options/response'
import type { Life } from './life'

/** Tells listeners of a step. The login's own request and what is around middleware are told of by others. */
export function tell<R>(
  { core, operation, root, id, begun = 0 }: Life<R>,
  phase: RequestEvent['phase'],
  error?: unknown,
  response?: Response,
): void {
  if (!core.events.heard || operation.role === 'login' || operation.role === 'outer') return
  const { method, url } = operation.label()
  const event: Omit<RequestEvent, 'at'> = {
    type: 'request',
    phase,
    id,
    method,
    url,
    attempt: root.attempts,
    duration: core.timers.now() - begun,
  }
  if (response) event.statusCode = response.statusCode
  else if (error instanceof HttpError) event.statusCode = error.response.statusCode
  if (error instanceof RequestError) event.code = error.code
  core.events.emit(event)
}

/** Once for each attempt, whatever it waits for. */
export function tellOfWaiting<R>(call: Life<R>): void {
  if (call.hasToldOfWaiting) return
  call.hasToldOfWaiting = true
  tell(call, 'wait')
}
