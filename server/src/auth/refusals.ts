import { AuthError } from '../errors.ts'
import { Refused, type RefusalKind } from '../providers/provider.ts'
import { internal } from './answers.ts'

/** ms in which nobody is let through to a platform that has said "enough for now" */
export const HOLD = 60_000

export const unavailable = (message: string) => new AuthError(503, 'PLATFORM_UNAVAILABLE', message, 1)

export const tooMany = (wait: number) =>
  new AuthError(429, 'TOO_MANY_LOGINS', 'The platform limits logins; try again later.', wait)

/** The difference that matters to a client: whether a fresh code, waiting, or nothing helps. */
const TOLD: Record<RefusalKind, () => AuthError> = {
  code: () =>
    new AuthError(400, 'CODE_INVALID', 'The code is used, too old or none: send a fresh one, once.'),
  blocked: () =>
    new AuthError(403, 'LOGIN_BLOCKED', 'The platform blocks this user; trying again does not help.'),
  limit: () => tooMany(HOLD / 1000),
  'user-limit': () => tooMany(HOLD / 1000),
  busy: () => new AuthError(503, 'PLATFORM_BUSY', 'The platform is busy; try again in a moment.', 1),
  unavailable: () => unavailable('The platform gave no usable answer; try again with a fresh code.'),
  config: () => internal(),
}

/** What a client is told of it: what a platform said is for the log. */
export function toAuthError(error: unknown): AuthError {
  if (error instanceof AuthError) return error
  if (error instanceof Refused) return TOLD[error.kind]()
  return internal(error)
}
