import { HttpError, LoginError } from '../errors'
import type { LoginFunction, LoginOptions, Session } from '../options/session'
import type { Response } from '../options/response'
import type { Timers } from '../timers'
import { headerOf } from '../transport/headers'
import { blot } from '../platforms/wechat'
import { tokenProblem } from './attach'
import { readSession, withoutSessionKey } from './record'

/** Turns a code into a session. `ms` is what it may take. */
export type Exchange = (code: string, ms: number) => PromiseLike<Session> | Session

/** By the app's own function. */
export function exchangeByFunction(login: LoginFunction): Exchange {
  return async (code) => {
    const answer = await login(code)
    warnOfSessionKey(answer)
    return toSession(answer, 'that login() gave')
  }
}

/** By a request to the server: `post` sends the code. */
export function exchangeByRequest(
  { token = 'token', expiresIn = 'expiresIn' }: LoginOptions,
  post: (code: string, ms: number) => PromiseLike<Response>,
  timers: Timers,
): Exchange {
  function read(response: Response, code: string): Session {
    const { statusCode, data: answer } = response
    if (statusCode < 200 || statusCode > 299) throw refusal(response, code)
    warnOfSessionKey(answer)
    const isPath = typeof token === 'string'
    const found = isPath
      ? at(answer, token)
      : typeof token === 'function'
        ? token(response)
        : cookie(response, token.cookie)
    const place = isPath ? ` ("${token}")` : ''
    const session = toSession(found, `at login.token${place} of the login answer${codeOf(answer)}`)
    const seconds = Number(at(answer, expiresIn))
    if (session.expiresAt === undefined && seconds > 0)
      session.expiresAt = timers.wallClock() + seconds * 1000
    return session
  }

  return async (code, ms) => {
    const response = await post(code, ms)
    try {
      return read(response, code)
    } catch (cause) {
      // `login.token` may be a function of the app's, and what an answer holds may be anything.
      if (cause instanceof LoginError) throw cause
      throw new LoginError(
        'LOGIN_BAD_RESPONSE',
        'The login answer could not be read: see error.cause.',
        cause,
      )
    }
  }
}

function warnOfSessionKey(answer: unknown): void {
  if (withoutSessionKey(answer) === answer) return
  console.warn(
    'miniprogram-session: the login answer holds a session_key. Whoever has it can forge and decrypt user data: keep it on your server. It was not stored.',
  )
}

function refusal({ statusCode, data }: Response, code: string): LoginError {
  const status = `status ${statusCode}${codeOf(data)}`
  const cause = new HttpError({ statusCode, header: {}, data: data && withoutSecrets(data, code) })
  // Busy and too many: nothing is said against the code.
  return statusCode >= 400 && statusCode < 500 && statusCode !== 408 && statusCode !== 429
    ? new LoginError(
        'LOGIN_REJECTED',
        `The server refused the wx.login code: ${status}. Check login.url, and the server's appid and secret; its answer is error.cause.response.`,
        cause,
      )
    : new LoginError('LOGIN_FAILED', `The login request failed: ${status}. Offer a retry.`, cause)
}

/** What a server said against a login: without the code, which some send back. Its headers may set cookies. */
function withoutSecrets(data: unknown, code: string): unknown {
  const text = JSON.stringify(withoutSessionKey(data))
  // Names as well as values, but no numbers: a code may be digits.
  return JSON.parse(text.replace(/"(?:\\.|[^"\\])*"/g, (quoted) => blot(quoted, code)))
}

/** What a back end says besides the status. Only numbers: anything else may be a code of wx.login's, sent back. */
function codeOf(answer: unknown): string {
  const { errcode, code = errcode } = Object(answer) as { errcode?: unknown; code?: unknown }
  return typeof code === 'number' ? ` (code ${code})` : ''
}

export function toSession(answer: unknown, origin: string): Session {
  const value = typeof answer === 'object' && answer ? (answer as Session) : { token: answer }
  const problem = tokenProblem(value.token)
  if (!problem) return readSession(value) as Session
  throw new LoginError(
    'LOGIN_BAD_RESPONSE',
    `The token ${origin} cannot be used: ${problem}. Check it against what your server sends.`,
  )
}

function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((inner, key) => (Object(inner) as Record<string, unknown>)[key], value)
}

/** `cookies` where WeChat gives it (2.10.0); else the header, whose cookies may be joined by commas. */
function cookie({ cookies, header }: Response, name: string): string | undefined {
  const lines = (cookies || []).concat(headerOf(header, 'set-cookie') || []).join(',')
  const escaped = name.replace(/[.*+?^$|]/g, '\\$&')
  // The last one counts, as in browsers: frameworks clear a cookie and set it again in one answer.
  const last = (lines.match(new RegExp(`(?:^|,)\\s*${escaped}=[^;,\\s]*`, 'g')) || []).pop()
  return last && last.slice(last.indexOf('=') + 1)
}
