import type { Session } from '../../src'
import { HOME } from '../phone'

const id = expect.any(String) as string

/** A session that a login has brought, and nothing in it but this. */
export function gained(token: string, more: Partial<Session> = {}): Session {
  return { token, id, origin: HOME, ...more }
}

/** A session that lay in the store without an origin, as the first edition wrote it, and nothing in it but this. */
export function found(token: string): Session {
  return { token, id }
}
