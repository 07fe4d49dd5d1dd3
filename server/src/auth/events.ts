import type { RefusalKind } from '../providers/provider.ts'

/** What happens inside, for logs and metrics. Never a token, a key, a secret or an openid. */
export type AuthEvent =
  | { type: 'login'; app: string; user: string; isNewSession: boolean; ms: number }
  | {
      type: 'login-refused'
      app: string
      /** what the client was told */
      code: string
      status: number
      kind?: RefusalKind
      errcode?: number | undefined
      rid?: string | undefined
      ms: number
      /** of a mistake of the app's: with its stack */
      cause?: unknown
    }
  | { type: 'lookup'; result: 'found' | 'unknown' | 'ended' | 'expired' }
  /** a mistake of the server's that was answered with 500 */
  | { type: 'internal'; cause: unknown }
  | { type: 'rotated'; app: string; user: string }
  | { type: 'ended'; user: string; count: number; why: 'logout' | 'revoked' | 'replaced' | 'blocked' }
  | { type: 'store-down'; store: string; reason: string }
  | { type: 'store-up'; store: string; ms: number; refused: number }
  /** what is not needed for an answer and did not work: it is tried again with the next request */
  | { type: 'store-failed'; store: string; operation: string; cause: unknown }

export class Events {
  private readonly listeners = new Set<(event: AuthEvent) => void>()

  on(listener: (event: AuthEvent) => void): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  /** A listener that throws is the app's mistake, and no reason to refuse anybody. */
  emit(event: AuthEvent): void {
    for (const listener of this.listeners) {
      try {
        listener(event)
      } catch (error) {
        process.emitWarning(`A listener of auth.on() threw: ${String(error)}`)
      }
    }
  }
}
