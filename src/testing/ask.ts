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
  const taken = (reply: FakeReply) => {
    const mistake = mistakeIn(reply)
    if (mistake === undefined) take(reply)
    else broken(mistake)
  }
  let reply: FakeReply | Promise<FakeReply>
  try {
    reply = handler(request, wire)
  } catch (error) {
    broken(error)
    return
  }
  if (isPromise(reply)) {
    asked(undefined)
    reply.then(taken, broken)
  } else {
    asked(reply)
    taken(reply)
  }
}

function isPromise(reply: FakeReply | Promise<FakeReply>): reply is Promise<FakeReply> {
  return typeof (Object(reply) as Promise<FakeReply>).then === 'function'
}

const FIELDS: Record<keyof FakeReply, true> = {
  statusCode: true,
  data: true,
  header: true,
  cookies: true,
  delay: true,
  chunks: true,
  cuts: true,
  progress: true,
  fail: true,
  lost: true,
}

/** Tests in JavaScript have no types to tell them what a reply is. */
function mistakeIn(reply: unknown): string | undefined {
  if (typeof reply !== 'object' || reply === null || Array.isArray(reply)) {
    const given = Array.isArray(reply) ? 'a list' : reply === undefined ? 'nothing' : JSON.stringify(reply)
    return `the handler gave ${given}: answer with an object such as { data } or { statusCode: 404 }`
  }
  const unknown = Object.keys(reply).find((field) => !(field in FIELDS))
  if (unknown === undefined) return undefined
  return `a reply has no field ${unknown}. There are: ${Object.keys(FIELDS).join(', ')}. A body goes in data`
}
