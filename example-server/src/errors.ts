import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { AuthError } from 'miniprogram-session-server'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'

/** Not a success, in the package's own words: `code` is stable and for programs, `message` for whoever reads a log. */
export const refusal = (status: number, code: string, message: string) => new AuthError(status, code, message)

export const badRequest = (message: string) => refusal(400, 'BAD_REQUEST', message)

const CODES: Record<number, string> = {
  400: 'BAD_REQUEST',
  404: 'NOT_FOUND',
  408: 'REQUEST_TIMEOUT',
  413: 'PAYLOAD_TOO_LARGE',
  414: 'URI_TOO_LONG',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'TOO_MANY_REQUESTS',
  431: 'HEADERS_TOO_LARGE',
}

/** What a client is told about any error. Anything not meant for clients becomes a bare 500: no text, no stack. */
function publicError(error: Error | FastifyError): AuthError {
  if (error instanceof AuthError) return error
  const status = 'statusCode' in error ? (error.statusCode ?? 500) : 500
  if ('validation' in error) return badRequest(error.message)
  if (status >= 400 && status < 500) return refusal(status, CODES[status] ?? 'BAD_REQUEST', error.message)
  return refusal(500, 'INTERNAL', 'The server failed at this request; its log has the reason.')
}

export const errorBody = ({ code, message }: Pick<AuthError, 'code' | 'message'>) => ({
  error: { code, message },
})

export function answerError(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const known = publicError(error)
  if (known.status >= 500) request.log.error({ err: error }, 'request failed')
  if (known.retryAfter !== undefined) reply.header('retry-after', String(known.retryAfter))
  reply.code(known.status).send(errorBody(known))
}

/** What cannot be read as a request at all: garbage, headers without end, a body that takes for ever. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const status = BROKEN[error.code ?? ''] ?? 400
  const code = CODES[status] ?? 'BAD_REQUEST'
  const body = JSON.stringify(errorBody({ code, message: 'This is not a request that can be read.' }))
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}

const BROKEN: Record<string, number> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 }
