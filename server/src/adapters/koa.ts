import type { IncomingMessage } from 'node:http'
import type { PlainAnswer } from '../auth/answers.ts'
import type { Auth } from '../auth/auth.ts'
import { AuthError } from '../errors.ts'
import { below, look, type SessionsOptions } from './lookup.ts'
import { overridden } from './method-override.ts'
import { readText } from './node.ts'

/** What of a context is used; that of Koa 2 and 3 is one. */
export interface KoaContext {
  method: string
  path: string
  ip: string
  status: number
  body: unknown
  req: IncomingMessage
  /** with a `body`, where a parser has been */
  request: object
  set(name: string, value: string): void
  append(name: string, value: string): void
}

export type KoaMiddleware = (context: KoaContext, next: () => Promise<unknown>) => Promise<void>

export interface KoaSessions {
  /** `app.use(s.routes('/api'))`: login, logout, the list of sessions. Before or after a body parser. */
  routes(prefix?: string): KoaMiddleware
  /** Whoever has no session is refused; after it `auth.of(ctx)` says whose request it is. */
  required: KoaMiddleware
  /** Guests may come: `auth.maybeOf(ctx)`. */
  optional: KoaMiddleware
  /** Before the app's routes, `app.use(s.errors)`: answers what `refuse(…)` threw in one of them. */
  errors: KoaMiddleware
}

export function sessions<Data>(auth: Auth<Data>, options: SessionsOptions = {}): KoaSessions {
  const enter =
    (kind: 'required' | 'optional'): KoaMiddleware =>
    async (context, next) => {
      const looked = await look(auth, kind, context.req.headers, [context, context.req], options)
      if (looked.refusal) {
        send(context, looked.refusal)
        return
      }
      setHeaders(context, looked.headers)
      await next()
    }

  async function answer(context: KoaContext, path: string): Promise<PlainAnswer | undefined> {
    const plain = { method: context.method, path, headers: context.req.headers, address: context.ip }
    if (!auth.adapter.isRoute(plain)) return undefined
    try {
      const { body } = context.request as { body?: unknown }
      const text = body === undefined ? await readText(context.req) : undefined
      return await auth.handle({ ...plain, body, ...(text === undefined ? {} : { text }) })
    } catch (error) {
      return auth.adapter.errorAnswer(error)
    }
  }

  return {
    routes:
      (prefix = '') =>
      async (context, next) => {
        const path = below(prefix, context.path)
        const made = path === undefined ? undefined : await answer(context, path)
        if (made) send(context, made)
        else await next()
      },
    required: enter('required'),
    optional: enter('optional'),
    async errors(context, next) {
      try {
        await next()
      } catch (error) {
        if (!(error instanceof AuthError)) throw error
        send(context, auth.adapter.errorAnswer(error))
      }
    },
  }
}

/** Phones have no PATCH: `POST` with `X-HTTP-Method-Override: PATCH` becomes it. Before all routes. */
export const methodOverride = (): KoaMiddleware => async (context, next) => {
  const answer = overridden(context.req)
  if (answer) send(context, answer)
  else await next()
}

function setHeaders(context: KoaContext, headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'set-cookie') context.append(name, value)
    else context.set(name, value)
  }
}

function send(context: KoaContext, { status, headers, body }: PlainAnswer): void {
  context.body = body ?? null
  context.status = status
  setHeaders(context, headers)
  if (!context.req.complete) context.set('connection', 'close')
}
