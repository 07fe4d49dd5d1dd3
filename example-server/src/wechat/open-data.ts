import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto'
import { ApiError, badRequest } from '../errors.ts'

/**
 * A session_key that does not fit is nearly always one that WeChat has replaced since: another wx.login, on
 * another device or inside the very callback that brought the data. Not a 401, since the session is fine and
 * the same data would fail again after a login: the client logs in (once) and asks the user for the data anew.
 */
export const staleKey = () =>
  new ApiError(
    409,
    'SESSION_KEY_STALE',
    'The session_key does not fit this data. Log in again with a fresh code, then ask for the data again; the data at hand stays unreadable.',
  )

/** Whether `rawData` comes from WeChat: sha1(rawData + session_key), compared in constant time (signature page). */
export function verifySignature(rawData: string, signature: string, sessionKey: string): void {
  const expected = createHash('sha1')
    .update(rawData + sessionKey)
    .digest()
  const given = Buffer.from(signature, 'hex')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw staleKey()
}

interface Encrypted {
  encryptedData: string
  iv: string
  sessionKey: string
}

interface Expectation {
  appid: string
  now: number
  /** ms; data older than this may be a replay */
  maxAge: number
}

/** Opens what getUserInfo, getWeRunData and the like encrypt: AES-128-CBC with PKCS#7 (signature page). */
export function decryptOpenData(encrypted: Encrypted, expectation: Expectation): Record<string, unknown> {
  const data = decrypt(encrypted)
  const { appid, timestamp } = isRecord(data['watermark']) ? data['watermark'] : {}
  // Without this, data of a user of somebody else's mini-program could be passed off as ours.
  if (appid !== expectation.appid)
    throw badRequestWith('WATERMARK_MISMATCH', 'The data is not of this appid.')
  const age = expectation.now - Number(timestamp) * 1000
  // Clocks differ: a little from the future is fine.
  if (!(age <= expectation.maxAge && age >= -expectation.maxAge)) {
    throw badRequestWith('DATA_TOO_OLD', 'The data is not recent: ask for it again.')
  }
  return data
}

function decrypt({ encryptedData, iv, sessionKey }: Encrypted): Record<string, unknown> {
  const [body, start, key] = [encryptedData, iv, sessionKey].map((part) => Buffer.from(part, 'base64'))
  if (!body || body.length === 0 || body.length % 16 !== 0)
    throw badRequest('encryptedData is not whole blocks.')
  if (start?.length !== 16) throw badRequest('iv is not 16 bytes.')
  if (key?.length !== 16) throw staleKey()
  // Bad padding, bad UTF-8 and bad JSON answer alike: to tell them apart would help to guess the plain text.
  try {
    const decipher = createDecipheriv('aes-128-cbc', key, start)
    const plain = Buffer.concat([decipher.update(body), decipher.final()])
    const data: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plain))
    if (isRecord(data)) return data
  } catch {
    // below
  }
  throw staleKey()
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const badRequestWith = (code: string, message: string) => new ApiError(400, code, message)
