import type { Session } from '../options'
import { tokenProblem } from './attach'

const SECRET_NAMES = ['session_key', 'sessionKey']

/** A session as it may be kept, or `undefined` for garbage. What is stored may come from anybody. */
export function readSession(value: unknown): Session | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { token, expiresAt, data } = value as Partial<Session>
  if (tokenProblem(token) !== undefined) return undefined
  const session: Session = { token: token as string }
  if (typeof expiresAt === 'number' && isFinite(expiresAt)) session.expiresAt = expiresAt
  if (data !== undefined) session.data = withoutSecrets(data)
  return session
}

/** True when a login answer holds the key that WeChat says must never leave a server (login guide). */
export function hasSessionKey(value: unknown, depth = 8): boolean {
  if (typeof value !== 'object' || value === null || depth === 0) return false
  return Object.keys(value).some(
    (key) =>
      SECRET_NAMES.indexOf(key) >= 0 || hasSessionKey((value as Record<string, unknown>)[key], depth - 1),
  )
}

function withoutSecrets(data: unknown): unknown {
  if (!hasSessionKey(data)) return data
  if (Array.isArray(data)) return data.map(withoutSecrets)
  const kept: Record<string, unknown> = {}
  for (const key of Object.keys(data as object)) {
    if (SECRET_NAMES.indexOf(key) < 0) kept[key] = withoutSecrets((data as Record<string, unknown>)[key])
  }
  return kept
}
