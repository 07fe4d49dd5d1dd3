import type { FastifyRequest, FastifyServerOptions } from 'fastify'

const SECRETS = [
  'authorization',
  'cookie',
  'token',
  'code',
  'secret',
  'session_key',
  'sessionKey',
  'access_token',
]

/**
 * One JSON line for each event. Requests are logged by method and path: a query may carry a token or a code.
 * Headers and bodies are not logged at all; the redaction is for the day somebody adds them.
 */
export const loggerOptions = (level: string): FastifyServerOptions['logger'] => ({
  level,
  redact: {
    paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
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
