import { HttpError, UnauthorizedError } from '../errors'
import type { Response } from '../options/response'
import type { Held } from '../session/state'
import type { Plan } from '../transport/retry'
import type { HeadersReceived } from '../transport/task-events'
import { authorise } from './dispatch'
import { isStill, uncount, wait, type Life } from './life'
import { judgeRefusal } from './refusal'
import { tell } from './telling'

/** Of a function of the app's that has thrown. */
const NO_RESPONSE: Response = { data: undefined, statusCode: 401, header: {} }

/** What an answer, or its absence, means: a token that was refused, another try, or the end. */
export function judge<R>(call: Life<R>, error: unknown, result: R | undefined): void {
  if (call.phase !== 'sent') return
  const { operation, core, held } = call
  const { wire } = operation
  const { session } = core
  const { epoch } = session
  let response: Response | undefined
  let plan: Plan | undefined
  try {
    if (error === undefined)
      response = wire ? (result as Response | undefined) : operation.asResponse(result as R)
    if (call.need && operation.isUnauthorized(error, result)) {
      if (isStill(call, 'sent', epoch)) refused(call, error, result, response || NO_RESPONSE)
      return
    }
    if (held && response && session.isNews(held)) accept(call, held, response)
    if (wire && !call.wasHeard && call.epoch === session.epoch)
      plan = wire.plan(error, response, call.retries)
  } catch (thrown) {
    return call.stop(thrown)
  }
  // Another call's refusal may have waited for this answer.
  if (call.isCounted && isStill(call, 'sent', epoch)) uncount(call)
  // Whatever of the app's ran meanwhile may have ended it, or logged out.
  if (!isStill(call, 'sent', epoch)) return
  if (wire && error !== undefined) wire.failed(error, plan)
  if (plan) again(call, plan, error, response)
  else if (error === undefined) call.finish(result as R)
  else call.stop(error)
}

/** An answer that is no refusal. A 5xx may come from a gateway that has not looked at the token. */
function accept<R>(call: Life<R>, held: Held, response: Response): void {
  const { wire } = call.operation
  const { statusCode } = response
  if (statusCode >= 500 || (statusCode === 401 && wire && wire.ignores401)) return
  call.core.session.accepted(held, response, call)
  uncount(call)
}

/** Whether pieces of an answer with this head may be heard. Its status may not be known yet. */
export function mayOpen<R>(call: Life<R>, head: HeadersReceived): boolean {
  const { held, wasAccepted } = call
  const { wire } = call.operation
  const { statusCode } = head
  if (statusCode === undefined && held && !wasAccepted) return false
  if (!wire || !wire.mayOpen(head)) return false
  // What the head says of the token counts now, and not when the last piece is there.
  if (held && statusCode !== undefined) accept(call, held, head as Response)
  return call.phase === 'sent'
}

function refused<R>(call: Life<R>, error: unknown, result: R | undefined, response: Response): void {
  const { held, isCounted } = call
  const { session } = call.core
  if (!held) {
    // Nobody is known: a code of the app's under a good status is for its `unwrap` to tell.
    if (response.statusCode < 400) return call.finish(result as R)
    return call.stop(new HttpError(response))
  }
  if (call.wasHeard) return call.stop(new UnauthorizedError(response, error))
  if (session.isCurrent(held) && (isCounted || held.out > 0)) {
    // Another answer may bring the next token.
    call.phase = 'judging'
    session.refusals.wait(held, () => judgeRefusal(call, held, error, response))
    return uncount(call)
  }
  uncount(call)
  judgeRefusal(call, held, error, response)
}

/** Another try. */
function again<R>(call: Life<R>, plan: Plan, error: unknown, response: Response | undefined): void {
  const { core } = call
  wait(call, 'paused')
  const retry = (): void => {
    call.retryTimer = undefined
    authorise(call)
  }
  if (plan.is === 'later') {
    if (plan.counts) call.retries++
    call.retryTimer = core.timers.wait(plan.after, retry)
  } else {
    call.waitsAt = core.phone().whenShown(() => {
      if (call.phase === 'paused' && !call.retryTimer) retry()
    })
  }
  tell(call, 'retry', error, response)
}
