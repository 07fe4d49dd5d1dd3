import type { FakeRequest } from './request'
import type { FakeReply, Handler, Wire } from './types'

/**
 * Asks a back end and hands its reply to `take`; what it throws becomes a 500. `asked` comes before any reply is taken,
 * with what is known of it then.
 */
export function ask(
  handler: Handler,
  request: FakeRequest,
  wire: Wire,
  take: (reply: FakeReply) => void,
  asked: (reply: FakeReply | undefined) => void,
): void {
  const broken = (error: unknown) => take({ statusCode: 500, data: { error: String(error) } })
  let reply: FakeReply | Promise<FakeReply>
  try {
    reply = handler(request, wire)
  } catch (error) {
    broken(error)
    return
  }
  if ('then' in reply) {
    asked(undefined)
    reply.then(take, broken)
  } else {
    asked(reply)
    take(reply)
  }
}
