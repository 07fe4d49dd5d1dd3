import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto'

/** SHA-256 as hex. Hex, because a case-insensitive MySQL collation would take two base64 keys for one. */
export const sha256 = (text: string): string => hash('sha256', text)

/** Encrypts small secrets for the store, so that a copy of the store alone gives nothing away. */
export interface Seal {
  close(secret: string, context: string): string
  /** `undefined` when it was sealed with another key, for another context, or changed since. */
  open(sealed: string, context: string): string | undefined
}

/**
 * AES-256-GCM. The `context` (say, whose secret it is) is authenticated with it: somebody who can write to
 * the store cannot move one user's secret to another user's record.
 */
export function createSeal(key: Buffer): Seal {
  return {
    close(secret, context) {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context))
      const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64')
    },
    open(sealed, context) {
      try {
        const bytes = Buffer.from(sealed, 'base64')
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
        decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(12, 28))
        return decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8')
      } catch {
        return undefined
      }
    },
  }
}
