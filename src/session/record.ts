import type { Session } from '../options/session'
import { tokenProblem } from './attach'

/** The key that WeChat says must never leave a server (login guide). */
const SECRET = /^session_?key$/i

/** A session as it may be kept, or `undefined` for garbage. What is stored may come from anybody. */
export function readSession(value: unknown): Session | undefined {
  try {
    const { token, expiresAt, data } = Object(value) as Partial<Session>
    if (tokenProblem(token)) return undefined
    const session: Session = { token: token as string }
    if (typeof expiresAt === 'number' && isFinite(expiresAt)) session.expiresAt = expiresAt
    if (data !== undefined) session.data = withoutSessionKey(data)
    return session
  } catch {
    // A store of the app's may hand out anything, objects that throw when they are read included.
    return undefined
  }
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
