import { LoginError, type RequestError } from '../errors'
import type { LoginFunction, LoginOptions, Response, Session } from '../options'
import { within, type Timers } from '../timers'
import { headerOf } from '../transport/headers'
import type { Platform } from '../transport/platform'
import { mergeHeaders, resolveURL, seal, type Header } from '../transport/prepare'
import { Trip } from '../transport/transport'
import { withoutQuery, type Bases } from '../transport/urls'
import { tokenProblem } from './attach'
import { hasSessionKey, readSession } from './session-value'

/** Turns a code into a session, or says why not, within `ms`. Returns a function that drops the answer. */
export type Exchange = (code: string, ms: number, done: (answer: Session | LoginError) => void) => () => void

interface ExchangeDeps {
  platform: () => Platform
  timers: Timers
  bases: Bases
  header: Header
}

/** The app's own login function. */
export function exchangeByFunction(login: LoginFunction, timers: Timers): Exchange {
  return (code, ms, done) => ask(timers, ms, 'The login function', () => login(code), done)
}

/** Asks one of the app's functions for a session; used for `refresh` as well. */
export function ask(
  timers: Timers,
  ms: number,
  who: string,
  run: () => Promise<string | Session>,
  done: (answer: Session | LoginError) => void,
): () => void {
  return within<Session | LoginError>(
    timers,
    ms,
    (settle) => {
      const fail = (cause: unknown): void =>
        settle(
          cause instanceof LoginError
            ? cause
            : new LoginError('LOGIN_FAILED', `${who} failed: see error.cause.`, cause),
        )
      try {
        run().then((value) => settle(toSession(value)), fail)
      } catch (cause) {
        fail(cause)
      }
    },
    () => new LoginError('LOGIN_TIMEOUT', `${who} did not answer within ${ms} ms. Offer a retry.`),
    done,
  )
}

/** A plain request to the server. */
export function exchangeByRequest(
  login: LoginOptions,
  { platform, timers, bases, header }: ExchangeDeps,
): Exchange {
  const { url, method = 'POST', data, token = 'token', expiresIn = 'expiresIn' } = login

  function read(response: Response): Session | LoginError {
    const { statusCode, data: answer } = response
    if (statusCode < 200 || statusCode > 299) return refusal(response)
    if (hasSessionKey(answer)) {
      console.warn(
        'miniprogram-session: the login answer holds a session_key. Whoever has it can forge and decrypt user data: keep it on your server. It was not stored.',
      )
    }
    const found =
      typeof token === 'function'
        ? token(response)
        : typeof token === 'string'
          ? at(answer, token)
          : cookie(response, token.cookie)
    const session = toSession(found, typeof token === 'string' ? `at "${token}" in the answer` : undefined)
    const seconds = Number(at(answer, expiresIn))
    if (session instanceof LoginError || session.expiresAt !== undefined || !(seconds > 0)) return session
    session.expiresAt = timers.wallClock() + seconds * 1000
    return session
  }

  function refusal({ statusCode, data: answer }: Response): LoginError {
    const { errcode, code } = Object(answer) as { errcode?: unknown; code?: unknown }
    const own = [errcode, code].find((one) => typeof one === 'number')
    const status = `status ${statusCode}${own === undefined ? '' : `, code ${own}`}`
    return statusCode >= 400 && statusCode < 500 && statusCode !== 408 && statusCode !== 429
      ? new LoginError(
          'LOGIN_REJECTED',
          `The server refused the wx.login code (${status}). Check appid, secret and login.data.`,
        )
      : new LoginError('LOGIN_FAILED', `The login request failed (${status}). Offer a retry.`)
  }

  function failure(error: RequestError): LoginError {
    return error.code === 'TIMEOUT'
      ? new LoginError(
          'LOGIN_TIMEOUT',
          'The server did not answer the login request in time. Offer a retry.',
          error,
        )
      : new LoginError('LOGIN_FAILED', `The login request failed: ${error.message}`, error)
  }

  return (code, ms, done) => {
    let trip: Trip | undefined
    let open = true
    try {
      const target = resolveURL(bases, url)
      const outgoing = {
        url: target.url,
        method,
        header: mergeHeaders(header, login.header),
        data: typeof data === 'function' ? data(code) : Object.assign({}, data, { code }),
      }
      const label = { method, url: withoutQuery(target.url) }
      const options = seal({ url: '' }, outgoing, undefined, undefined)
      trip = new Trip(
        timers,
        { kind: 'request', options, timeout: ms, label, secret: code },
        (error, response) => {
          if (!open) return
          if (error?.code === 'NETWORK' && target.base !== undefined) bases.failed(target.base)
          done(response ? guarded(read, response) : failure(error as RequestError))
        },
      )
      trip.start(platform())
    } catch (cause) {
      done(
        new LoginError(
          'LOGIN_FAILED',
          `The login request could not be made: ${(cause as Error).message}`,
          cause,
        ),
      )
    }
    return () => {
      open = false
      trip?.abandon()
    }
  }
}

/** `token` may be the app's own function, and throw. */
function guarded(
  read: (response: Response) => Session | LoginError,
  response: Response,
): Session | LoginError {
  try {
    return read(response)
  } catch (cause) {
    return new LoginError(
      'LOGIN_BAD_RESPONSE',
      'login.token could not read the login answer: see error.cause.',
      cause,
    )
  }
}

function toSession(value: unknown, where = 'in the answer'): Session | LoginError {
  const token = typeof value === 'object' && value !== null ? (value as Partial<Session>).token : value
  const problem = tokenProblem(token)
  if (problem === undefined) return readSession(typeof value === 'object' ? value : { token }) as Session
  return new LoginError(
    'LOGIN_BAD_RESPONSE',
    `There is no usable token ${where}: ${problem}. Check login.token.`,
  )
}

function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (inner, key) => (Object(inner) === inner ? (inner as Record<string, unknown>)[key] : undefined),
      value,
    )
}

/** `cookies` where WeChat gives it (2.10.0); else the header, whose cookies may be joined by commas. */
function cookie(response: Response, name: string): string | undefined {
  const lines = (response.cookies ?? []).concat(headerOf(response.header, 'set-cookie') ?? [])
  const start = new RegExp(`(?:^|,\\s*)${name.replace(/[.*+?^$|]/g, '\\$&')}=([^;,\\s]*)`)
  for (const line of lines) {
    const match = start.exec(line)
    if (match) return match[1]
  }
  return undefined
}
