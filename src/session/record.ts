import { isRecord, snapshot } from '../transport/snapshot'
import type { Session, SessionInit } from '../options/session'
import { tokenProblem } from './token'

/** The key that WeChat says must never leave a server (login guide). */
const SECRET = /^session_?key$/i

/** What lies in the store: a session, and whether the app has set it. */
export interface SessionRecord extends Session {
  readonly set?: true
}

/** The end of a session that was refused and can be refreshed: its time is over, and what it holds is kept. */
export const ENDED = 1

/** What may be missing in a session that arrives, and is known otherwise. */
export interface Inherited {
  readonly id?: string
  readonly origin?: string | undefined
  readonly data?: unknown
}

/** A session as it is handed out: frozen, so that no page changes it for the others. The token must have been checked. */
export function makeSession(
  { token, expiresAt, data, origin }: SessionInit,
  inherited: Inherited = {},
): Session {
  const session: { -readonly [field in keyof Session]: Session[field] } = {
    token,
    id: inherited.id || randomId(),
  }
  if (expiresAt !== undefined) session.expiresAt = expiresAt
  const kept = data === undefined ? inherited.data : withoutSessionKey(snapshot(data))
  // What could not be copied is the app's own.
  if (kept !== data) freeze(kept)
  if (kept !== undefined) session.data = kept
  const from = origin || inherited.origin
  if (from) session.origin = from
  return Object.freeze(session)
}

/** What was read from a store. */
export interface Stored {
  readonly session: Session
  /** By `setSession()`. */
  readonly isSet: boolean
}

/** What was stored, or `undefined` for garbage: it may come from anybody. A plain string is a token, unless it is JSON. */
export function readRecord(value: unknown): Stored | undefined {
  try {
    const read: unknown = typeof value === 'string' && /^[{"]/.test(value) ? JSON.parse(value) : value
    const given = (typeof read === 'string' ? { token: read } : Object(read)) as Partial<SessionRecord>
    const { token, expiresAt, data, origin, id, set } = given
    if (
      tokenProblem(token) ||
      !isText(origin) ||
      !isText(id) ||
      (expiresAt !== undefined && !Number.isFinite(expiresAt)) ||
      typeof data === 'function'
    )
      return undefined
    const session = makeSession({ token, expiresAt, data, origin } as SessionInit, {
      id: id || idOf(token as string),
    })
    return { session, isSet: set === true }
  } catch {
    // A store of the app's may hand out anything, objects that throw when they are read included.
    return undefined
  }
}

/** If it is there. */
function isText(value: unknown): boolean {
  return value === undefined || typeof value === 'string'
}

/** The same value, unless there is a session_key in it: then a copy without. */
export function withoutSessionKey(value: unknown): unknown {
  let found = false as boolean
  try {
    const copy = JSON.stringify(value, (key, inner: unknown) => {
      if (!SECRET.test(key)) return inner
      found = true
      return undefined
    })
    return found ? JSON.parse(copy) : value
  } catch {
    // Not JSON, so not from a server, and not to be copied.
    return found ? undefined : value
  }
}

/** Of a token that was stored without one: the same at each launch. */
function idOf(token: string): string {
  return token
    .split('')
    .reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) >>> 0, 7)
    .toString(36)
}

function freeze(value: unknown): void {
  if (!isRecord(value) && !Array.isArray(value)) return
  Object.values(Object.freeze(value)).forEach(freeze)
}

/** Nobody has to guess it: it tells sessions apart, it does not prove anything. */
function randomId(): string {
  return Math.random().toString(36).slice(2)
}
