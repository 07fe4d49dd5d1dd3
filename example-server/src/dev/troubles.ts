import type { FastifyInstance, FastifyRequest } from 'fastify'
import { errorBody } from '../errors.ts'

/**
 * Header fields by which a client in development asks for trouble:
 *
 * - `x-dev-delay: 300` holds the answer back for 300 ms, a 401 included: decided now, told later.
 * - `x-dev-status: 503` is the answer, before anything has been done; with `x-dev-retry-after: 2` it says when to come back.
 * - `x-dev-envelope: 1` answers 200 to everything, with `{ code, message, data }`: 0, or the status it would have been.
 */
export function devTroubles(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const status = number(request, 'x-dev-status', 599)
    if (status < 400) return done()
    const retryAfter = number(request, 'x-dev-retry-after', 60)
    if (retryAfter > 0) reply.header('retry-after', String(retryAfter))
    if (status === 401) reply.header('www-authenticate', 'Bearer')
    // Sent here and not thrown: each scope has its own words for errors.
    reply
      .code(status)
      .send(errorBody({ code: 'DEV_TROUBLE', message: 'This is the trouble that was asked for.' }))
  })

  app.addHook('onSend', (request, reply, payload, done) => {
    if (request.headers['x-dev-envelope'] === undefined || typeof payload !== 'string') done(null, payload)
    else
      done(
        null,
        enveloped(reply.statusCode, payload, () => void reply.code(200)),
      )
  })

  app.addHook('onSend', (request, _reply, _payload, done) => {
    const delay = number(request, 'x-dev-delay', 10_000)
    if (delay > 0) setTimeout(done, delay)
    else done()
  })
}

/** 0 for what is missing or no number. */
function number({ headers }: FastifyRequest, name: string, most: number): number {
  return Math.min(Number(headers[name] ?? 0) || 0, most)
}

function enveloped(status: number, payload: string, succeed: () => void): string {
  succeed()
  const data: unknown = JSON.parse(payload)
  if (status < 400) return JSON.stringify({ code: 0, message: 'ok', data })
  const { error } = data as { error: { message: string } }
  return JSON.stringify({ code: status, message: error.message, data: null })
}
