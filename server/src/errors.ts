/** Everything that is wrong with the options, a line each. Values are never told: some of them are secrets. */
export class ConfigError extends Error {
  constructor(readonly mistakes: readonly string[]) {
    super(['The options of createAuth have mistakes:', ...mistakes].join('\n  - '))
    this.name = 'ConfigError'
  }
}

/** What a client is told: a status, a code for programs, a text for people. */
export class AuthError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** seconds after which another try may help */
    readonly retryAfter?: number,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'AuthError'
  }
}

/** Thrown in `onLogin` it keeps somebody out: `throw refuse(403, 'BANNED', 'This account is closed.')`. */
export function refuse(status: number, code: string, message: string, retryAfter?: number): AuthError {
  if (!(Number.isInteger(status) && status >= 400 && status <= 599) || status === 401) {
    throw new RangeError(
      'refuse() takes a status from 400 to 599, and not 401: a client would log in again, for ever.',
    )
  }
  return new AuthError(status, code, message, retryAfter)
}

/**
 * Somebody ended this session, and a login by itself must not mend that: with a 401 two phones would throw each other
 * out for ever.
 */
export class Ended extends AuthError {
  constructor(readonly why: 'replaced' | 'revoked') {
    super(
      403,
      why === 'replaced' ? 'SESSION_REPLACED' : 'SESSION_REVOKED',
      why === 'replaced'
        ? 'This account was logged in elsewhere. Log in again to use it here.'
        : 'This session was ended. Log in again to go on.',
    )
    this.name = 'Ended'
  }
}

/** The store cannot be asked now: 503, and never a 401, which would make every phone log in. */
export class StoreUnavailable extends AuthError {
  constructor(options?: ErrorOptions) {
    super(
      503,
      'STORE_UNAVAILABLE',
      'The server cannot look up sessions now; try again in a moment.',
      1,
      options,
    )
    this.name = 'StoreUnavailable'
  }
}

export const badRequest = (message: string): AuthError => new AuthError(400, 'BAD_REQUEST', message)

export const unauthorized = (): AuthError => new AuthError(401, 'UNAUTHORIZED', 'Log in first.')
