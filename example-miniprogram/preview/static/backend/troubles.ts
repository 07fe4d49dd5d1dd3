import type { FakeReply, FakeRequest, Handler } from 'miniprogram-session/testing'

/** What is no success, in the words of example-server: `code` is for programs. */
export function problem(statusCode: number, code: string, message: string, retryAfter = 0): FakeReply {
  const header = {
    ...(statusCode === 401 && { 'www-authenticate': 'Bearer' }),
    ...(retryAfter > 0 && { 'retry-after': String(retryAfter) }),
  }
  return { statusCode, header, data: { error: { code, message } } }
}

export const badRequest = (message: string): FakeReply => problem(400, 'BAD_REQUEST', message)

/** The header fields by which a client asks for trouble: see example-server/src/dev/troubles.ts. */
export function withTroubles(handler: Handler): Handler {
  return async (request, wire) => {
    const status = asked(request, 'x-dev-status', 599)
    const reply =
      status >= 400
        ? problem(
            status,
            'DEV_TROUBLE',
            'This is the trouble that was asked for.',
            asked(request, 'x-dev-retry-after', 60),
          )
        : await handler(request, wire)
    const shown = request.headerOf('x-dev-envelope') === undefined ? reply : enveloped(reply)
    // Decided on arrival, told later: that is what makes stale 401s.
    return { ...shown, delay: asked(request, 'x-dev-delay', 10_000) }
  }
}

/** 0 for what is missing or no number. */
export const asked = (request: FakeRequest, name: string, most: number): number =>
  Math.min(Math.max(Number(request.headerOf(name) ?? 0) || 0, 0), most)

function enveloped(reply: FakeReply): FakeReply {
  const { statusCode = 200, data } = reply
  if (data === undefined || typeof data === 'string') return reply
  if (statusCode < 400) return { data: { code: 0, message: 'ok', data } }
  const { error } = data as { error: { message: string } }
  return { data: { code: statusCode, message: error.message, data: null } }
}
