import type { FakeReply } from './types'

/** As a handler gives it: at once, or later. */
export type Reply = FakeReply | Promise<FakeReply>

export function withDelay(reply: Reply, ms: number): Reply {
  return withReply(reply, (quick) => ({ ...quick, delay: (quick.delay ?? 0) + ms }))
}

export function withReply(reply: Reply, change: (reply: FakeReply) => FakeReply): Reply {
  return 'then' in reply ? reply.then(change) : change(reply)
}
