import type { Response } from './options/response'

/** Every code a rejection can carry. Stable: write your `switch` on these, never on messages. */
export type ErrorCode =
  | 'HTTP_STATUS'
  | 'UNAUTHORIZED'
  | 'BUSINESS'
  | 'TIMEOUT'
  | 'ABORTED'
  | 'CONFIG'
  | 'BAD_STREAM'
  | NetworkErrorCode
  | LoginErrorCode

/** The codes of a `LoginError`. */
export type LoginErrorCode =
  | 'LOGIN_FAILED'
  | 'LOGIN_TIMEOUT'
  | 'LOGIN_REJECTED'
  | 'LOGIN_BAD_RESPONSE'
  | 'LOGIN_BLOCKED'
  | 'LOGIN_COOLDOWN'
  | 'LOGIN_REQUIRED'
  | 'LOGGED_OUT'
  | 'SINGLE_PAGE_MODE'
  | 'CONFIG'

/** Codes of a `NetworkError`. */
export type NetworkErrorCode = 'NETWORK' | 'OFFLINE' | 'INTERRUPTED'

/** What a failure means for another try. */
export type FailureKind =
  /** None is made: time-outs, and whatever is no failure of the network. */
  | 'other'
  | 'network'
  /** The connection was never made, so nothing can have reached the server. */
  | 'never connected'
  | 'offline'
  /** Stopped by WeChat because the app is in the background. */
  | 'interrupted'
  /** iOS ends all tasks when the network changes (reported, with an answer of WeChat's staff). */
  | 'network change'
  /** This phone would refuse it each time: a domain that is not on the list, a file that is too big. */
  | 'refused by the phone'

/** Which request failed. The URL comes without its query: queries carry secrets. */
export interface FailedRequest {
  /** In capitals; `RUN` for `authorize()`. */
  method: string
  /** Whole, `baseURL` included, without query. */
  url: string
}

/**
 * What every rejection of a client is. `code` says what happened and never changes its meaning.
 *
 * ```ts
 * try { await api.get('/orders') }
 * catch (error) { if (error instanceof RequestError && error.code === 'OFFLINE') showOfflinePage() }
 * ```
 */
export class RequestError extends Error {
  /** The request that failed; `undefined` for the one `LoginError` that all waiters share. */
  request: FailedRequest | undefined
  /** How often the request went out, replays and retries included; 0 when it never did. */
  attempts = 0
  /** For `fail` callbacks, in WeChat's words where it has some: `request:fail abort`. Else the message. */
  errMsg: string
  /** WeChat's error number, where it has one: 5 is a time-out. */
  errno: number | undefined
  /** Of a stream alone: how many bytes of it were handed on before this. */
  declare delivered?: number

  constructor(
    /** What happened. Every error's messages may change, its code does not. */
    readonly code: ErrorCode,
    message: string,
    /** The error this one comes from, if any. */
    override readonly cause?: unknown,
  ) {
    super(message)
    this.errMsg = `request:fail ${message}`
  }

  /** True where the phone has no network, and also for a login that failed for that reason. */
  get isOffline(): boolean {
    return (
      this.code === 'OFFLINE' ||
      (this instanceof LoginError && Boolean((Object(this.cause) as Partial<RequestError>).isOffline))
    )
  }
}

/** An option or a request that cannot work, with the fix in its message. Code `CONFIG`. */
export class ConfigError extends RequestError {
  constructor(message: string, cause?: unknown) {
    super('CONFIG', message, cause)
  }
}

/** The server answered with a status outside 200-399. Code `HTTP_STATUS`; the answer is in `response`. */
export class HttpError extends RequestError {
  constructor(
    /** The whole answer, body and headers included. */
    readonly response: Response,
    message = `was answered with status ${response.statusCode}. See error.response.data for the server's reason.`,
    code: ErrorCode = 'HTTP_STATUS',
    cause?: unknown,
  ) {
    super(code, message, cause)
  }
}

/** Code `UNAUTHORIZED`: refused with a token that was fresh, or that could not be replaced. Another login would not help. */
export class UnauthorizedError extends HttpError {
  constructor(response: Response, cause?: unknown) {
    const advice = "Check attach, this user's rights, and that the server accepts the tokens it issues."
    super(response, `was refused, and no other token is to be had. ${advice}`, 'UNAUTHORIZED', cause)
  }
}

/**
 * For your `unwrap`: throw it to fail an envelope such as `{ code, msg, data }`. Code `BUSINESS`.
 *
 * ```ts
 * unwrap: ({ data }) => {
 *   if (data.code !== 0) throw new BusinessError(data.msg, data.code)
 *   return data.data
 * }
 * ```
 */
export class BusinessError extends RequestError {
  constructor(
    message: string,
    /** Your back end's own code. */
    readonly businessCode?: number | string,
    /** Anything you want to find again where it is caught. */
    readonly data?: unknown,
  ) {
    super('BUSINESS', message)
  }
}

/** No answer came. `OFFLINE`: no network. `INTERRUPTED`: WeChat cut it off in the background. Else `NETWORK`. */
export class NetworkError extends RequestError {
  constructor(
    code: NetworkErrorCode,
    /** WeChat's own words, without queries and tokens. Do not match on them: they differ by phone and language. */
    platformMessage: string,
    errno?: number,
    /** What it means for another try. */
    readonly kind: FailureKind = 'network',
  ) {
    super(
      code,
      `got no answer (${platformMessage}). ${kind === 'refused by the phone' ? FINAL : ADVICE[code]}`,
    )
    this.errMsg = platformMessage
    this.errno = errno
  }
}

const ADVICE: Record<NetworkErrorCode, string> = {
  NETWORK: 'Offer a retry; in development, check the domain list.',
  OFFLINE: 'The phone has no network: offer a retry once it is back.',
  INTERRUPTED: 'It was stopped in the background: send it again in onShow.',
}

const FINAL = 'Another try would end the same: check the domain list, the URL, and the size of the file.'

/** No answer in time. Code `TIMEOUT`. */
export class TimeoutError extends RequestError {
  constructor(option: 'timeout' | 'totalTimeout' | 'idleTimeout', ms: number) {
    super('TIMEOUT', `took longer than its ${option} of ${ms} ms. Offer a retry, or raise ${option}.`)
    this.errMsg = 'request:fail timeout'
    this.errno = 5
  }
}

/** `task.abort()` was called, or its `signal` was aborted. Code `ABORTED`. */
export class AbortError extends RequestError {
  constructor() {
    super('ABORTED', 'was aborted by abort(), its signal or its scope.')
    this.errMsg = 'request:fail abort'
  }
}

/**
 * There is no session and none could be had. One and the same object rejects everybody who waited for that
 * login, so it names no request. `cause` says why, where anybody knows: for a login that the server refused it is an
 * `HttpError` with its answer, the code blotted out and without headers.
 */
export class LoginError extends RequestError {
  constructor(
    /** What kept it from logging in. */
    override readonly code: LoginErrorCode,
    message: string,
    cause?: unknown,
  ) {
    super(code, message, cause)
  }
}

/** For whoever has not gone out when `logout()` is called (law 7). */
export function loggedOut(): LoginError {
  return new LoginError(
    'LOGGED_OUT',
    'logout() was called while this waited to go out. Send it again after a new login.',
  )
}

// Not `constructor.name`: the app's minifier renames classes, and error reports are grouped by this.
const NAMED = {
  RequestError,
  ConfigError,
  HttpError,
  UnauthorizedError,
  BusinessError,
  NetworkError,
  TimeoutError,
  AbortError,
  LoginError,
}
for (const [name, { prototype }] of Object.entries(NAMED)) prototype.name = name

export function kindOfFailure(error: unknown): FailureKind {
  return error instanceof NetworkError ? error.kind : 'other'
}

/** Whether no answer came, of the server or of a login: another try may bring one. */
export function hasNoAnswer(error: unknown): boolean {
  return (
    error instanceof NetworkError ||
    error instanceof TimeoutError ||
    (error instanceof LoginError && /FAILED|TIMEOUT/.test(error.code))
  )
}

/** The HTTP status in whatever an app's function gave or threw: as `wx`, fetch and axios have it. */
export function statusOf(outcome: unknown): number | undefined {
  const { response } = Object(outcome) as { response?: unknown }
  const status = ownStatus(outcome)
  return status === undefined ? ownStatus(response) : status
}

function ownStatus(value: unknown): number | undefined {
  const { statusCode, status = statusCode } = Object(value) as Record<string, unknown>
  return typeof status === 'number' ? status : undefined
}
