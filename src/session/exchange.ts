import { LoginError, type RequestError } from '../errors'
import type { LoginFunction, LoginOptions, Session } from '../options'
import type { Response } from '../response'
import { TaskListeners } from '../task'
import { limit, type Timers } from '../timers'
import { headerOf, mergeHeaders, type HeaderInit } from '../transport/headers'
import type { Platform } from '../transport/platform'
import { baseOf, resolveURL, serialize } from '../transport/prepare'
import { Trip } from '../transport/transport'
import { withoutQuery, type Bases } from '../transport/urls'
import { tokenProblem } from './attach'
import { hasSessionKey, readSession } from './session-value'

/** Turns a code into a session within `ms`. Rejects with a `LoginError`. */
export type Exchange = (code: string, ms: number) => Promise<Session>

export interface ExchangeDeps {
  platform: () => Platform
  timers: Timers
  bases: Bases
  header: HeaderInit | (() => HeaderInit) | undefined
}

/** By the app's own function. */
export function exchangeByFunction(login: LoginFunction, timers: Timers): Exchange {
  return (code, ms) => {
    const late = (): LoginError =>
      new LoginError('LOGIN_TIMEOUT', `The login function took longer than ${ms} ms. Offer a retry.`)
    return limit(timers, ms, () => login(code), late)
      .then(warnAndRead)
      .catch(fail)
  }
}

function warnAndRead(answer: unknown): Session {
  warnOfSessionKey(answer)
  return toSession(answer)
}

function warnOfSessionKey(answer: unknown): void {
  if (!hasSessionKey(answer)) return
  console.warn(
    'miniprogram-session: the login answer holds a session_key. Whoever has it can forge and decrypt user data: keep it on your server. It was not stored.',
  )
}

/** By a request to the server. */
export function exchangeByRequest(
  login: LoginOptions,
  { platform, timers, bases, header }: ExchangeDeps,
): Exchange {
  const { url, method = 'POST', data, token = 'token', expiresIn = 'expiresIn' } = login

  function post(code: string, ms: number): Promise<Response> {
    return new Promise((resolve, reject) => {
      const base = baseOf(url, bases)
      const target = resolveURL(url, base)
      const options = {
        url: target,
        method,
        header: mergeHeaders(header, login.header),
        data: typeof data === 'function' ? data(code) : Object.assign({}, data, { code }),
        timeout: ms,
        success: undefined,
        fail: undefined,
        complete: undefined,
      }
      serialize(options)
      const errand = { label: () => ({ method, url: withoutQuery(target) }) }
      const sender = {
        listeners: new TaskListeners(),
        over: () => undefined,
        answered(error: RequestError | undefined, response?: Response) {
          if (error) reject(error)
          else resolve(response as Response)
          bases.failed(base, error)
        },
      }
      new Trip(platform(), timers, 'request', options, errand, code, sender).start()
    })
  }

  function read(response: Response): Session {
    const { statusCode, data: answer } = response
    if (statusCode < 200 || statusCode > 299) throw refusal(statusCode, answer)
    warnOfSessionKey(answer)
    const byPath = typeof token === 'string'
    const found = byPath
      ? at(answer, token)
      : typeof token === 'function'
        ? token(response)
        : cookie(response, token.cookie)
    const session = toSession(found, byPath ? ` at "${token}"` : '')
    const seconds = Number(at(answer, expiresIn))
    if (session.expiresAt === undefined && seconds > 0)
      session.expiresAt = timers.wallClock() + seconds * 1000
    return session
  }

  return (code, ms) => post(code, ms).catch(fail).then(guarded(read))
}

function refusal(statusCode: number, answer: unknown): LoginError {
  const { errcode, code = errcode } = Object(answer) as { errcode?: unknown; code?: unknown }
  const status = `status ${statusCode}${typeof code === 'number' ? `, code ${code}` : ''}`
  // Busy and too many: nothing is said against the code.
  const isRefusal = statusCode >= 400 && statusCode < 500 && statusCode !== 408 && statusCode !== 429
  return isRefusal
    ? new LoginError(
        'LOGIN_REJECTED',
        `The server refused the wx.login code (${status}). Check its appid and secret.`,
      )
    : new LoginError('LOGIN_FAILED', `The login request failed (${status}). Offer a retry.`)
}

/** Whatever fails on the way, whoever waits gets a `LoginError`. */
function fail(cause: unknown): never {
  if (cause instanceof LoginError) throw cause
  const { code, message } = Object(cause) as RequestError
  if (code === 'TIMEOUT') {
    throw new LoginError(
      'LOGIN_TIMEOUT',
      'The server did not answer the login request in time. Offer a retry.',
      cause,
    )
  }
  throw new LoginError('LOGIN_FAILED', `The login failed: ${message || String(cause)}`, cause)
}

/** `login.token` may be a function of the app's, and what an answer holds may be anything. */
function guarded<A>(read: (answer: A) => Session): (answer: A) => Session {
  return (answer) => {
    try {
      return read(answer)
    } catch (cause) {
      if (cause instanceof LoginError) throw cause
      throw new LoginError(
        'LOGIN_BAD_RESPONSE',
        'The login answer could not be read: see error.cause.',
        cause,
      )
    }
  }
}

export function toSession(answer: unknown, where = ''): Session {
  const value = typeof answer === 'object' && answer ? (answer as Session) : { token: answer }
  const problem = tokenProblem(value.token)
  if (!problem) return readSession(value) as Session
  throw new LoginError(
    'LOGIN_BAD_RESPONSE',
    `The login answer has no usable token${where}: ${problem}. Check login.token.`,
  )
}

function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((inner, key) => (inner ? (inner as Record<string, unknown>)[key] : undefined), value)
}

/** `cookies` where WeChat gives it (2.10.0); else the header, whose cookies may be joined by commas. */
function cookie({ cookies = [], header }: Response, name: string): string | undefined {
  const lines = cookies.concat(headerOf(header, 'set-cookie') || []).join(',')
  const escaped = name.replace(/[.*+?^$|]/g, '\\$&')
  // The last one counts, as in browsers: frameworks clear a cookie and set it again in one answer.
  const last = (lines.match(new RegExp(`(?:^|,)\\s*${escaped}=[^;,\\s]*`, 'g')) || []).pop()
  return last && last.slice(last.indexOf('=') + 1)
}
