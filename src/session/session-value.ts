import type { Session } from '../options'
import { tokenProblem } from './attach'

const SECRET = /^session_?key$/i

/** A session as it may be kept, or `undefined` for garbage. What is stored may come from anybody. */
export function readSession(value: unknown): Session | undefined {
  const { token, expiresAt, data } = Object(value) as Partial<Session>
  if (tokenProblem(token)) return undefined
  const session: Session = { token: token as string }
  if (typeof expiresAt === 'number' && isFinite(expiresAt)) session.expiresAt = expiresAt
  if (data !== undefined) session.data = hasSessionKey(data) ? withoutSecrets(data) : data
  return session
}

/** True for what holds the key that WeChat says must never leave a server (login guide). */
export function hasSessionKey(value: unknown): boolean {
  let found = false
  try {
    JSON.stringify(value, (key, inner: unknown) => {
      found = found || SECRET.test(key)
      return inner
    })
  } catch {
    // Not JSON, so not from a server; what has been seen of it counts.
  }
  return found
}

function withoutSecrets(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data, (key, inner: unknown) => (SECRET.test(key) ? undefined : inner)))
}
