import { BusinessError, HttpError, LoginError } from '../errors'
import { DEFAULTS } from '../options/defaults'
import type { LoginOptions, SessionInit } from '../options/session'
import type { Response } from '../options/response'
import type { Timers } from '../timers'
import { headerOf } from '../transport/headers'
import { mask } from '../transport/mask'
import { originOf } from '../transport/urls'
import { cookieIn } from './cookies'
import { isRefusal } from './login-error'
import { withoutSessionKey } from './record'
import { tokenProblem, withoutBearer } from './token'

/** What the answer to the login's own request brings. Throws a `LoginError`. */
export function readLoginAnswer(
  { token = DEFAULTS.token, expiresIn = DEFAULTS.expiresIn }: LoginOptions,
  response: Response,
  code: string,
  timers: Timers,
): SessionInit {
  const { statusCode, data: answer } = response
  if (statusCode < 200 || statusCode > 299) throw refusal(response, code)
  let found: unknown
  try {
    warnOfSessionKey(answer)
    found = typeof token === 'string' ? at(response.data, token) : tokenAt<unknown>(token, response)
    const path = typeof token === 'string' ? ` ("${token}")` : ''
    const init = toInit(found, `at login.token${path} of the login answer${codeOf(answer)}`)
    const seconds = Number(at(answer, expiresIn))
    if (init.expiresAt === undefined && seconds > 0) init.expiresAt = timers.wallClock() + seconds * 1000
    return init
  } catch (cause) {
    // `login.token` may be a function of the app's, and what an answer holds may be anything.
    if (cause instanceof BusinessError)
      throw new LoginError(
        'LOGIN_REJECTED',
        `The server refused the login: ${mask(cause.message, code)}. See error.cause.`,
        cause,
      )
    const message = cause instanceof LoginError ? cause.message : 'The login answer could not be read.'
    throw new LoginError(
      'LOGIN_BAD_RESPONSE',
      `${message} The answer is error.cause.response, without secrets.`,
      answerAsCause(response, [code, ...wordsIn(found)], typeof token === 'function' ? undefined : found),
    )
  }
}

/** The token that an answer hands out. */
export function tokenAt<T>(
  place: { cookie: string } | { header: string } | ((response: Response) => T),
  response: Response,
): T | string | undefined {
  if (typeof place === 'function') return place(response)
  return 'cookie' in place
    ? cookieIn(response, place.cookie)
    : withoutBearer(headerOf(response.header, place.header))
}

/** What `exchange`, `refresh` and the like gave: a token, or a token and what goes with it. Throws a `LoginError`. */
export function toInit(answer: unknown, place: string): SessionInit {
  const { token, expiresAt, data, origin } =
    typeof answer === 'object' && answer ? (answer as SessionInit) : { token: answer as string }
  const problem = tokenProblem(token)
  if (!problem) {
    const init: SessionInit = { token }
    // A server's own fields may have these names.
    if (Number.isFinite(expiresAt)) init.expiresAt = expiresAt as number
    if (data !== undefined) init.data = data
    if (origin !== undefined && originOf(origin)) init.origin = originOf(origin) as string
    return init
  }
  throw new LoginError(
    'LOGIN_BAD_RESPONSE',
    `The token ${place} cannot be used: ${problem}. Check it against what your server sends.`,
  )
}

export function warnOfSessionKey(answer: unknown): void {
  if (withoutSessionKey(answer) === answer) return
  console.warn(
    'miniprogram-session: a session_key must not leave your server. That in the login answer was not stored.',
  )
}

function refusal(response: Response, code: string): LoginError {
  const { statusCode, data } = response
  const status = `status ${statusCode}${codeOf(data)}`
  const cause = answerAsCause(response, [code])
  return isRefusal(statusCode)
    ? new LoginError(
        'LOGIN_REJECTED',
        `The server refused the login: ${status}. Check login.url, and the server's appid and secret; its answer is error.cause.response.`,
        cause,
      )
    : new LoginError('LOGIN_FAILED', `The login request failed: ${status}. Offer a retry.`, cause)
}

/** A token that `login.token` has found: itself, or what goes by that name. */
function wordsIn(found: unknown): string[] {
  const { token = found } = Object(found) as { token?: unknown }
  return typeof token === 'string' ? [token] : []
}

/** What a server said, without the secrets that some send back, and without its headers, which may set cookies. */
function answerAsCause(
  { statusCode, data }: Response,
  secrets: readonly string[],
  found?: unknown,
): HttpError {
  return new HttpError({ statusCode, header: {}, data: data && withoutSecrets(data, secrets, found) })
}

/** `found`: a number, or an object that was found in there, goes as a whole. */
function withoutSecrets(data: unknown, secrets: readonly string[], found: unknown): unknown {
  const isWhole = (value: unknown): boolean =>
    value === found && ((typeof value === 'object' && value !== null) || typeof value === 'number')
  try {
    const text = JSON.stringify(data, (_name, value: unknown) => (isWhole(value) ? '***' : value))
    // Names as well as values, but no other numbers: a code may be digits.
    const masked = text.replace(/"(?:\\.|[^"\\])*"/g, (quoted) => secrets.reduce(maskQuoted, quoted))
    return withoutSessionKey(JSON.parse(masked))
  } catch {
    return undefined
  }
}

/** As it stands in JSON. */
function maskQuoted(quoted: string, secret: string): string {
  return mask(quoted, JSON.stringify(secret).slice(1, -1))
}

/** What a back end says besides the status. Only numbers: anything else may be a code of wx.login's, sent back. */
function codeOf(answer: unknown): string {
  const { errcode, code = errcode } = Object(answer) as { errcode?: unknown; code?: unknown }
  return typeof code === 'number' ? ` (code ${code})` : ''
}

function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((inner, key) => (Object(inner) as Record<string, unknown>)[key], value)
}
