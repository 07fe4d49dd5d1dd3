import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'

/** An answer that is not a success: `code` is stable and for programs, `message` is for the person reading a log. */
export class ApiError extends Error {
  constructor(
    readonly statusCode: number,
    readonly code: string,
    message: string,
    /** Seconds after which trying again makes sense; sent as `Retry-After`. */
    readonly retryAfter?: number,
  ) {
    super(message)
    this.name = 'ApiError'
  }
}

export const unauthorized = () =>
  new ApiError(401, 'UNAUTHORIZED', 'No session belongs to this token: log in again with a fresh code.')

export const badRequest = (message: string) => new ApiError(400, 'BAD_REQUEST', message)

const CODES: Record<number, string> = {
  400: 'BAD_REQUEST',
  404: 'NOT_FOUND',
  408: 'REQUEST_TIMEOUT',
  413: 'PAYLOAD_TOO_LARGE',
  414: 'URI_TOO_LONG',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'TOO_MANY_REQUESTS',
  431: 'HEADERS_TOO_LARGE',
  503: 'UNAVAILABLE',
}

/** What a client is told about any error. Anything not meant for clients becomes a bare 500: no text, no stack. */
export function publicError(error: Error | FastifyError): ApiError {
  if (error instanceof ApiError) return error
  const status = 'statusCode' in error ? (error.statusCode ?? 500) : 500
  if ('validation' in error) return badRequest(error.message)
  if (status >= 400 && status < 500) {
    return new ApiError(status, CODES[status] ?? 'BAD_REQUEST', error.message)
  }
  return new ApiError(500, 'INTERNAL', 'The server failed at this request; its log has the reason.')
}

export const errorBody = ({ code, message }: ApiError) => ({ error: { code, message } })

export function answerError(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const known = publicError(error)
  if (known.statusCode >= 500) request.log.error({ err: error }, 'request failed')
  if (known.retryAfter !== undefined) reply.header('retry-after', String(known.retryAfter))
  // RFC 9110, 15.5.2: a 401 names the scheme that would be accepted.
  if (known.statusCode === 401) reply.header('www-authenticate', 'Bearer')
  reply.code(known.statusCode).send(errorBody(known))
}

/** What cannot be read as a request at all: garbage, headers without end, a body that takes for ever. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const status = BROKEN[error.code ?? ''] ?? 400
  const known = new ApiError(
    status,
    CODES[status] ?? 'BAD_REQUEST',
    'This is not a request that can be read.',
  )
  const body = JSON.stringify(errorBody(known))
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}

const BROKEN: Record<string, number> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 }
