import { AuthError } from '../errors.ts'

/** An HTTP answer, of no framework. */
export interface PlainAnswer {
  status: number
  headers: Record<string, string>
  /** to be sent as JSON; undefined: nothing */
  body: unknown
}

/** What `answers` may put into the house's style. */
export interface Answer extends PlainAnswer {
  what: 'login' | 'logout' | 'sessions' | 'openData' | 'error'
  /** of an error: `CODE_INVALID`, `UNAUTHORIZED`, … */
  code?: string
}

/** For a user who asks now, and for nobody's cache. */
export const NO_STORE = { 'cache-control': 'no-store' }

/** Undefined: it is no error of ours, and whose it is answers it. */
export const errorAnswer = (error: unknown): Answer | undefined =>
  error instanceof AuthError ? answerOf(error) : undefined

/** Of what is no error of ours, but a mistake of the server's. */
export const internalAnswer = (cause: unknown): Answer => answerOf(internal(cause))

function answerOf(error: AuthError): Answer {
  const { status, code, message, retryAfter } = error
  return {
    what: 'error',
    code,
    status,
    headers: {
      ...NO_STORE,
      ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    },
    body: { error: { code, message } },
  }
}

/** Nothing of it is told: whoever asks can do nothing about it. */
export const internal = (cause?: unknown): AuthError =>
  new AuthError(500, 'INTERNAL', 'The server made a mistake.', undefined, { cause })
