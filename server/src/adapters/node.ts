import type { IncomingMessage, ServerResponse } from 'node:http'
import type { PlainAnswer } from '../auth/answers.ts'
import { AuthError } from '../errors.ts'

/** bytes of a login; and how much more is read, and thrown away, so that the answer is heard */
const LIMIT = 65_536
const PATIENCE = 1_048_576

/** The body as it came. Undefined: somebody read it before. */
export async function readText(request: IncomingMessage): Promise<string | undefined> {
  if (request.readableEnded) return undefined
  const chunks: Buffer[] = []
  let length = 0
  // Not `for await`: leaving that takes the connection down, and with it the answer.
  await new Promise<void>((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= LIMIT) chunks.push(chunk)
      else if (length > PATIENCE) resolve()
    })
    request.once('end', resolve).once('error', reject)
    request.once('close', () => reject(new Error('The client went away.')))
  })
  if (length > LIMIT) throw new AuthError(413, 'TOO_LARGE', `The body has more than ${LIMIT} bytes.`)
  return Buffer.concat(chunks).toString('utf8')
}

/** Beside whatever headers the app has set. */
export function setHeaders(response: ServerResponse, headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers)) {
    // The app may set cookies too.
    if (name === 'set-cookie') response.appendHeader(name, value)
    else response.setHeader(name, value)
  }
}

export function send(response: ServerResponse, { status, headers, body }: PlainAnswer): void {
  response.statusCode = status
  setHeaders(response, headers)
  // What was not read of the request would be taken for the next one.
  if (!response.req.complete) response.setHeader('connection', 'close')
  if (body === undefined) {
    response.end()
    return
  }
  response.setHeader('content-type', 'application/json; charset=utf-8')
  response.end(JSON.stringify(body))
}
