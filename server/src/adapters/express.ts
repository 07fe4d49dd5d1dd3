import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Auth } from '../auth/auth.ts'
import { AuthError } from '../errors.ts'
import { look, type SessionsOptions } from './lookup.ts'
import { overridden } from './method-override.ts'
import { readText, send, setHeaders } from './node.ts'

/** What of a request is used; `Request` of Express 4 and 5 is one. */
export interface ExpressRequest extends IncomingMessage {
  body?: unknown
  ip?: string | undefined
  /** below where the middleware is */
  path?: string
  originalUrl?: string
}

type Next = (error?: unknown) => void
export type ExpressMiddleware = (request: ExpressRequest, response: ServerResponse, next: Next) => void
export type ExpressErrorMiddleware = (
  error: unknown,
  request: ExpressRequest,
  response: ServerResponse,
  next: Next,
) => void

export interface ExpressSessions {
  /**
   * `app.use('/api', s.routes())`: login, logout, the list of sessions. Before or after `express.json()`. `pathOf` is for
   * what is mounted in another way.
   */
  routes(pathOf?: (request: ExpressRequest) => string): ExpressMiddleware
  /** Whoever has no session is refused; after it `auth.of(req)` says whose request it is. */
  required: ExpressMiddleware
  /** Guests may come: `auth.maybeOf(req)`. */
  optional: ExpressMiddleware
  /** After the app's routes, `app.use(s.errors)`: answers what `refuse(…)` threw in one of them. */
  errors: ExpressErrorMiddleware
}

/** For Express, and whatever else has its middleware. */
export function sessions<Data>(auth: Auth<Data>, options: SessionsOptions = {}): ExpressSessions {
  const enter =
    (kind: 'required' | 'optional'): ExpressMiddleware =>
    (request, response, next) => {
      const enters = look(auth, kind, request.headers, [request], options).then((looked) => {
        if (looked.refusal) send(response, looked.refusal)
        else setHeaders(response, looked.headers)
        return !looked.refusal
      })
      enters.then((mayEnter) => {
        if (mayEnter) next()
      }, next)
    }

  async function answer(request: ExpressRequest, response: ServerResponse, path: string): Promise<boolean> {
    const { method = '', headers, ip: address, body } = request
    const plain = { method, path, headers, address }
    if (!auth.adapter.isRoute(plain)) return false
    try {
      const text = body === undefined ? await readText(request) : undefined
      const made = await auth.handle({ ...plain, body, ...(text === undefined ? {} : { text }) })
      if (made) send(response, made)
      return made !== undefined
    } catch (error) {
      send(response, auth.adapter.errorAnswer(error))
      return true
    }
  }

  return {
    routes:
      (pathOf = pathBelow) =>
      (request, response, next) => {
        answer(request, response, pathOf(request)).then((isDone) => {
          if (!isDone) next()
        }, next)
      },
    required: enter('required'),
    optional: enter('optional'),
    errors(error, _request, response, next) {
      if (error instanceof AuthError && !response.headersSent) send(response, auth.adapter.errorAnswer(error))
      else next(error)
    },
  }
}

/** Phones have no PATCH: `POST` with `X-HTTP-Method-Override: PATCH` becomes it. Before all routes. */
export const methodOverride = (): ExpressMiddleware => (request, response, next) => {
  const answer = overridden(request)
  if (answer) send(response, answer)
  else next()
}

/** Express takes off where a middleware is mounted. */
const pathBelow = ({ path, url = '/' }: ExpressRequest): string => path ?? url.split('?', 1)[0] ?? '/'
