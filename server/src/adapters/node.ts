import type { IncomingMessage, ServerResponse } from 'node:http'
import type { PlainAnswer } from '../auth/answers.ts'
import { Body, brokenOff } from './body.ts'

/** The body as it came. Undefined: somebody read it before. */
export async function readText(request: IncomingMessage): Promise<string | undefined> {
  if (request.readableEnded) return undefined
  // Gone before: there is no "end", and no "close" to come.
  if (request.destroyed) throw brokenOff()
  const body = new Body()
  // Not `for await`: leaving that takes the connection down, and with it the answer.
  await new Promise<void>((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      if (!body.add(chunk)) resolve()
    })
    const gone = () => reject(brokenOff())
    request.once('end', resolve).once('error', gone).once('close', gone)
  })
  return body.text
}

/** Beside whatever headers the app has set. Nothing once they are out: a time limit of the app's has answered. */
export function setHeaders(response: ServerResponse, headers: Record<string, string>): void {
  if (response.headersSent) return
  for (const [name, value] of Object.entries(headers)) {
    // The app may set cookies too.
    if (name === 'set-cookie') response.appendHeader(name, value)
    else response.setHeader(name, value)
  }
}

export function send(response: ServerResponse, { status, headers, body }: PlainAnswer): void {
  if (response.headersSent) return
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
