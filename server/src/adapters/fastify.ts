import type {
  FastifyError,
  FastifyInstance,
  FastifyPluginAsync,
  FastifyReply,
  FastifyRequest,
  RawRequestDefaultExpression,
} from 'fastify'
import type { PlainAnswer } from '../auth/answers.ts'
import type { Auth } from '../auth/auth.ts'
import { PATHS } from '../auth/handle.ts'
import { AuthError } from '../errors.ts'
import { LIMIT, tooLarge } from './body.ts'
import { look, type SessionsOptions } from './lookup.ts'
import { overridden } from './method-override.ts'

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

declare module 'fastify' {
  interface FastifyInstance {
    /** `onRequest` of a route: whoever has no session is refused, before a body is read. Then: `auth.of(request)`. */
    sessionRequired: Hook
    /** `onRequest` of a route for guests too: `auth.maybeOf(request)`. */
    sessionOptional: Hook
  }
}

export interface FastifySessions extends FastifyPluginAsync<{ prefix?: string }> {
  /** `app.setErrorHandler(s.errors)`: answers what `refuse(…)` threw in a route, and leaves all else to Fastify. */
  readonly errors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => void
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** `await app.register(sessions(auth), { prefix: '/api' })` */
export function sessions<Data>(auth: Auth<Data>, options: SessionsOptions = {}): FastifySessions {
  const enter =
    (kind: 'required' | 'optional'): Hook =>
    async (request, reply) => {
      const looked = await look(auth, kind, request.headers, [request], options)
      if (looked.refusal) {
        send(reply, looked.refusal)
        // Fastify goes on to the route when this resolves, and to wait for the reply is no help: that resolves as soon as a
        // phone has left, while an onSend hook of the app may still hold the refusal.
        return new Promise<never>(() => undefined)
      }
      if (looked.session?.next) void reply.headers(looked.headers)
    }

  async function routes(app: FastifyInstance): Promise<void> {
    // Texts, so that what is no JSON is answered as everything else here is.
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
    app.setErrorHandler((error: FastifyError, _request, reply) => {
      send(reply, auth.adapter.errorAnswer(ofBody(error)))
    })
    for (const url of PATHS) {
      app.route({
        method: [...METHODS],
        url,
        bodyLimit: LIMIT,
        async handler(request, reply) {
          const { id = '' } = request.params as { id?: string }
          const path = url.replace(':id', id)
          const { method, headers, ip: address, body } = request
          const text = typeof body === 'string' ? { text: body } : {}
          const made = await auth.handle({ method, path, headers, address, ...text })
          if (made) send(reply, made)
          else reply.callNotFound()
          return reply
        },
      })
    }
    await Promise.resolve()
  }

  const plugin: FastifyPluginAsync<{ prefix?: string }> = async (app, { prefix = '' }) => {
    app.decorate('sessionRequired', enter('required'))
    app.decorate('sessionOptional', enter('optional'))
    await app.register(routes, { prefix })
  }
  return Object.assign(plugin, {
    // The decorators are for the app; what else is set is for the routes alone, in a scope of their own.
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: 'miniprogram-session-server',
    errors(error: unknown, _request: FastifyRequest, reply: FastifyReply) {
      if (!(error instanceof AuthError)) throw error
      send(reply, auth.adapter.errorAnswer(error))
    },
  })
}

/**
 * Phones have no PATCH: `POST` with `X-HTTP-Method-Override: PATCH` becomes it.
 * `fastify({ rewriteUrl: methodOverride() })`, for it must come before the routes are looked up.
 */
export const methodOverride =
  () =>
  (request: RawRequestDefaultExpression): string =>
    // Here nothing can be answered: this is no address, and Fastify says 400 to it.
    overridden(request) ? '/%zz' : (request.url ?? '/')

/** Of a body that is none. Anything else comes from a hook of the app's, whose own error handler gets it. */
function ofBody(error: FastifyError | AuthError): AuthError {
  if (error instanceof AuthError) return error
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return tooLarge()
  if (typeof error.code !== 'string' || !error.code.startsWith('FST_ERR_CTP_')) throw error
  return new AuthError(error.statusCode ?? 400, 'BAD_REQUEST', 'The request is malformed.')
}

function send(reply: FastifyReply, { status, headers, body }: PlainAnswer): void {
  void reply.code(status).headers(headers)
  if (body === undefined) void reply.send()
  else void reply.type('application/json; charset=utf-8').send(JSON.stringify(body))
}
