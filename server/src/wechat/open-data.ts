import { createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { AuthError, badRequest } from '../errors.ts'

/**
 * A `session_key` that does not fit is nearly always one that WeChat has replaced since: by another wx.login, on another
 * device or inside the very callback that brought the data. Not a 401: the session is fine, and the same data would fail
 * again after a login.
 */
export const staleKey = (): AuthError =>
  new AuthError(
    409,
    'SESSION_KEY_STALE',
    'The session_key does not fit this data. Log in again with a fresh code, then ask the user for the data again.',
  )

/** ms; older data may be a replay */
const MAX_AGE = 10 * 60_000
const MAX_TEXT = 65_536

/** sha1(rawData + session_key), compared in constant time (signature page). */
export function isSignedWith(sessionKey: string, rawData: string, signature: string): boolean {
  const expected = createHash('sha1')
    .update(rawData + sessionKey)
    .digest()
  const given = Buffer.from(signature, 'hex')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** What `checksession` and `resetusersessionkey` want: the empty text, signed with the key. */
export const proofOf = (sessionKey: string): string =>
  createHmac('sha256', Buffer.from(sessionKey, 'base64')).update('').digest('hex')

/** AES-128-CBC with PKCS#7 (signature page); without the watermark that says whose data it is. */
export function decryptOpenData(
  given: { encryptedData: string; iv: string; sessionKey: string },
  expected: { appid: string; now: number },
): Record<string, unknown> {
  const { watermark, ...data } = open(given)
  const { appid, timestamp } = (watermark ?? {}) as { appid?: unknown; timestamp?: unknown }
  // Data of a user of somebody else's mini-program could be passed off as ours.
  if (appid !== expected.appid) throw badRequest('This data is another mini-program’s.')
  if (typeof timestamp !== 'number' || expected.now - timestamp * 1000 > MAX_AGE) {
    throw badRequest('This data is too old: ask the user for it again.')
  }
  return data
}

function open({ encryptedData, iv, sessionKey }: { encryptedData: string; iv: string; sessionKey: string }): {
  watermark?: unknown
} {
  const [key, start, sealed] = [sessionKey, iv, encryptedData].map((text) => Buffer.from(text, 'base64'))
  if (!key || !start || !sealed) throw staleKey()
  if (start.length !== 16 || sealed.length === 0 || sealed.length % 16 !== 0) {
    throw badRequest('encryptedData and iv must be as WeChat gave them.')
  }
  if (encryptedData.length > MAX_TEXT) throw badRequest(`encryptedData has more than ${MAX_TEXT} characters.`)
  try {
    const decipher = createDecipheriv('aes-128-cbc', key, start)
    const text = Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8')
    const data: unknown = JSON.parse(text)
    if (typeof data === 'object' && data !== null) return data
  } catch {
    // below: a wrong key gives no padding, or no JSON
  }
  throw staleKey()
}
