import type { IncomingHttpHeaders } from 'node:http'
import { errorAnswer, type PlainAnswer } from '../auth/answers.ts'
import { badRequest } from '../errors.ts'

const HEADER = 'x-http-method-override'
const METHODS = new Set(['PATCH', 'PUT', 'DELETE'])

/**
 * Changes the method of a POST that says it is another one, before anybody routes it. An answer: it says something else,
 * and must not be carried out as the POST that it is not.
 */
export function overridden(request: {
  method?: string | undefined
  headers: IncomingHttpHeaders
}): PlainAnswer | undefined {
  const said = request.headers[HEADER]
  if (said === undefined || request.method !== 'POST') return undefined
  const method = String(said).trim().toUpperCase()
  if (!METHODS.has(method))
    return errorAnswer(badRequest('X-HTTP-Method-Override takes PATCH, PUT or DELETE.'))
  request.method = method
  delete request.headers[HEADER]
  return undefined
}
