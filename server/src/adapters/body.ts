import { AuthError, badRequest } from '../errors.ts'

/** bytes of a login; and how much more is read, and thrown away, so that the answer is heard */
export const LIMIT = 65_536
const PATIENCE = 1_048_576

export const tooLarge = (): AuthError =>
  new AuthError(413, 'TOO_LARGE', `The body has more than ${LIMIT} bytes.`)

/** Whoever sent it went away: nobody will hear this, and it is no mistake of the server's. */
export const brokenOff = (): AuthError => badRequest('The body broke off.')

/** A body as it comes in, and no more of it than a login has. */
export class Body {
  private readonly chunks: Uint8Array[] = []
  private length = 0

  /** False: no more of it is wanted. */
  add(chunk: Uint8Array): boolean {
    this.length += chunk.length
    if (this.length <= LIMIT) this.chunks.push(chunk)
    return this.length <= PATIENCE
  }

  get text(): string {
    if (this.length > LIMIT) throw tooLarge()
    return Buffer.concat(this.chunks).toString('utf8')
  }
}
