import { createCipheriv, createDecipheriv, hash, hkdfSync, randomBytes } from 'node:crypto'

/** `mps_` for the scanners that look for secrets in repositories; 256 random bits. */
const TOKEN = /^mps_[A-Za-z0-9_-]{43}$/
const BLOCK = 64
const IV = 12
const TAG = 16

interface Key {
  /** HMAC's two pads, each a block that the hash begins with */
  inner: Buffer
  outer: Buffer
  seal: Buffer
  /** one byte that tells which secret sealed something */
  id: number
}

/**
 * What the secrets are for. Each key is made of a secret and the namespace: staging and production that share a database,
 * and even the secret, cannot accept each other's tokens. The first secret hashes and seals, all of them find and open.
 */
export class Secrets {
  private readonly keys: Key[]

  constructor(
    private readonly namespace: string,
    secrets: readonly string[],
  ) {
    this.keys = secrets.map((secret) => {
      const make = (use: string, length: number) =>
        Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'hex'), namespace, `mps ${use}`, length))
      const mac = Buffer.concat([make('token', 32), Buffer.alloc(BLOCK - 32)])
      return {
        inner: mac.map((byte) => byte ^ 0x36) as Buffer,
        outer: mac.map((byte) => byte ^ 0x5c) as Buffer,
        seal: make('seal', 32),
        id: make('id', 1)[0] ?? 0,
      }
    })
  }

  newToken(): string {
    return `mps_${randomBytes(32).toString('base64url')}`
  }

  /** Anything else cannot be ours, and costs no look-up. */
  isToken(text: string): boolean {
    return TOKEN.test(text)
  }

  /** Under the secret that is in force. */
  hash(token: string): string {
    return this.hashes(token).next().value ?? ''
  }

  /**
   * The newest secret's first; those before are asked about only if that is not found. HMAC-SHA-256, written out:
   * two one-shot hashes cost a third of `createHmac`.
   */
  *hashes(token: string): Generator<string, undefined> {
    for (const { inner, outer } of this.keys) {
      const first = hash('sha256', Buffer.concat([inner, Buffer.from(token)]), 'buffer')
      yield hash('sha256', Buffer.concat([outer, first]), 'base64url')
    }
  }

  /** Encrypts, bound to what it is for: it cannot be opened as anything else. */
  seal(text: string, use: string): string {
    const [key] = this.keys
    if (!key) throw new Error('there is no secret')
    const iv = randomBytes(IV)
    const cipher = createCipheriv('aes-256-gcm', key.seal, iv)
    cipher.setAAD(Buffer.from(use))
    const sealed = [cipher.update(text, 'utf8'), cipher.final()]
    return Buffer.concat([Buffer.of(key.id), iv, ...sealed, cipher.getAuthTag()]).toString('base64url')
  }

  /** Undefined for what was sealed with another secret or for something else, or was changed. */
  open(sealed: string, use: string): string | undefined {
    const bytes = Buffer.from(sealed, 'base64url')
    if (bytes.length < 1 + IV + TAG) return undefined
    for (const key of this.keys) {
      if (key.id !== bytes[0]) continue
      const decipher = createDecipheriv('aes-256-gcm', key.seal, bytes.subarray(1, 1 + IV))
      decipher.setAAD(Buffer.from(use))
      decipher.setAuthTag(bytes.subarray(-TAG))
      try {
        return decipher.update(bytes.subarray(1 + IV, -TAG), undefined, 'utf8') + decipher.final('utf8')
      } catch {
        // Another secret may have the same byte.
      }
    }
    return undefined
  }

  /** A name for an account or user that stays when secrets change, and says nothing. */
  nameOf(...parts: string[]): string {
    const text = JSON.stringify([this.namespace, ...parts])
    return hash('sha256', text, 'buffer').subarray(0, 18).toString('base64url')
  }
}
