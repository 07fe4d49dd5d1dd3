import type { PlainAnswer } from '../auth/answers.ts'
import type { Auth } from '../auth/auth.ts'
import type { Session } from '../auth/sessions.ts'
import type { StoredProfile } from '../stores/store.ts'
import { AuthError } from '../errors.ts'
import { Body, brokenOff } from './body.ts'
import { below, look, type SessionsOptions } from './lookup.ts'
import { overridden } from './method-override.ts'

/** What comes after the request, such as the parameters of a route in Next. */
type Handler<Who, More extends unknown[]> = (
  request: Request,
  session: Who,
  ...more: More
) => Response | Promise<Response>
type Plain<More extends unknown[]> = (request: Request, ...more: More) => Promise<Response>

export interface FetchSessions<Data, Profile extends StoredProfile = StoredProfile> {
  /**
   * Login, logout, the list of sessions; undefined: none of them. `address`: the client's, if it is known; a `Request`
   * does not tell.
   */
  routes(request: Request, address?: string): Promise<Response | undefined>
  /** A route that only comes to be run with a session: `export const GET = s.required((request, session) => …)`. */
  required<More extends unknown[]>(handler: Handler<Session<Data, Profile>, More>): Plain<More>
  /** A route for guests too. */
  optional<More extends unknown[]>(handler: Handler<Session<Data, Profile> | undefined, More>): Plain<More>
}

/** For whatever speaks `Request` and `Response`: Hono, Next, Deno, Bun. */
export function sessions<Data, Profile extends StoredProfile>(
  auth: Auth<Data, Profile>,
  options: SessionsOptions & { prefix?: string } = {},
): FetchSessions<Data, Profile> {
  const wrap =
    <More extends unknown[]>(
      kind: 'required' | 'optional',
      handler: Handler<Session<Data, Profile> | undefined, More>,
    ): Plain<More> =>
    async (request, ...more) => {
      const looked = await look(auth, kind, plainHeaders(request), [request], options)
      if (looked.refusal) return respond(looked.refusal)
      try {
        return withHeaders(await handler(request, looked.session, ...more), looked.headers)
      } catch (error) {
        if (!(error instanceof AuthError)) throw error
        return respond(auth.adapter.errorAnswer(error))
      }
    }

  return {
    async routes(request, address) {
      const path = below(options.prefix ?? '', new URL(request.url).pathname)
      if (path === undefined) return undefined
      const plain = { method: request.method, path, headers: plainHeaders(request), address }
      if (!auth.adapter.isRoute(plain)) return undefined
      try {
        const text = await readText(request)
        const made = await auth.handle({ ...plain, ...(text === undefined ? {} : { text }) })
        return made && respond(made)
      } catch (error) {
        return respond(auth.adapter.errorAnswer(error))
      }
    },
    required: <More extends unknown[]>(handler: Handler<Session<Data, Profile>, More>) =>
      wrap<More>('required', (request, session, ...more) =>
        handler(request, session as Session<Data, Profile>, ...more),
      ),
    optional: (handler) => wrap('optional', handler),
  }
}

/**
 * Phones have no PATCH: `POST` with `X-HTTP-Method-Override: PATCH` is carried on as one. A `Response`: the header says
 * something else, and that is the answer.
 */
export function methodOverride(request: Request): Request | Response {
  const given = { method: request.method, headers: plainHeaders(request) }
  const answer = overridden(given)
  if (answer) return respond(answer)
  if (given.method === request.method) return request
  const headers = new Headers(request.headers)
  headers.delete('x-http-method-override')
  return new Request(request, { method: given.method, headers })
}

const plainHeaders = (request: Request): Record<string, string> => Object.fromEntries(request.headers)

function respond({ status, headers, body }: PlainAnswer): Response {
  const type = { 'content-type': 'application/json; charset=utf-8' }
  if (body === undefined) return new Response(null, { status, headers })
  return new Response(JSON.stringify(body), { status, headers: { ...type, ...headers } })
}

/** The body as it came. Undefined: somebody read it before. */
async function readText(request: Request): Promise<string | undefined> {
  if (request.bodyUsed || request.body?.locked) return undefined
  const body = new Body()
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = request.body?.getReader()
  if (!reader) return body.text
  for (;;) {
    const { done, value } = await reader.read().catch(() => Promise.reject(brokenOff()))
    if (done) return body.text
    if (body.add(value)) continue
    await reader.cancel().catch(() => undefined)
    return body.text
  }
}

/**
 * A copy: the headers of what `fetch` or `redirect` gave cannot be changed. What opens a WebSocket (101) cannot be copied;
 * the next answer of its session says the same.
 */
function withHeaders(response: Response, headers: Record<string, string>): Response {
  const { body, status, statusText } = response
  if (Object.keys(headers).length === 0 || status < 200) return response
  const made = new Response(body, { status, statusText, headers: new Headers(response.headers) })
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'set-cookie') made.headers.append(name, value)
    else made.headers.set(name, value)
  }
  return made
}
