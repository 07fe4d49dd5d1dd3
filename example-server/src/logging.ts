import type { FastifyRequest, FastifyServerOptions } from 'fastify'

const SECRETS = ['token', 'secret', 'session_key', 'sessionKey', 'access_token', 'body', 'headers']

/**
 * One JSON line for each event. Requests are logged by method and path: a query may carry a token or a code.
 * Headers and bodies are not logged at all; the redaction is for the day somebody adds them.
 */
export const loggerOptions = (level: string): FastifyServerOptions['logger'] => ({
  level,
  redact: {
    // Few and by name: they are looked for in every line, and a wildcard searches each of them.
    paths: [...SECRETS, 'req.headers', 'req.body'],
    censor: '[redacted]',
  },
  serializers: {
    req: (request: FastifyRequest) => ({
      method: request.method,
      path: request.url.split('?')[0],
      address: request.ip,
    }),
  },
})
