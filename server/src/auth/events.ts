import { Refused, type RefusalKind } from '../providers/provider.ts'

/**
 * What happens inside, for logs and metrics. Never a token, a key, a secret or an openid; but a `cause` is what was thrown,
 * as it is: `logTo` prints of it what cannot hold one.
 */
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
      /** of the platform, in words that hold no address */
      reason?: string
      /** of a mistake of the app's, or of a provider that threw: with its stack */
      cause?: unknown
    }
  /** one call of a platform; `errcode` if it refused, `failed` if it gave no usable answer */
  | {
      type: 'platform'
      app: string
      call: string
      ms: number
      errcode?: number
      failed?: true
      reason?: string
    }
  /** the access token that this process has of an app is good for so long; 0: the platform refused it before its end */
  | { type: 'access-token'; app: string; ms: number }
  /** one call of the store */
  | { type: 'store'; operation: string; ms: number; failed?: true }
  /** somebody was told to wait, by a limit of this server */
  | { type: 'limited'; limit: LimitName }
  /** the limits of this server count in this process alone now, for their store does not answer */
  | { type: 'limits-alone' }
  | { type: 'lookup'; result: 'found' | 'unknown' | 'ended' | 'expired' }
  /** a mistake of the server's that was answered with 500 */
  | { type: 'internal'; cause: unknown }
  | { type: 'rotated'; app: string; user: string }
  | { type: 'ended'; user: string; count: number; why: 'logout' | 'revoked' | 'replaced' | 'blocked' }
  | { type: 'store-down'; store: string; reason: string }
  | { type: 'store-up'; store: string; ms: number; refused: number }
  /** a call that does not work though the store answers: once, until it works again or fails for another reason */
  | { type: 'store-failed'; store: string; operation: string; cause: unknown }

export type LimitName = 'login' | 'phone' | 'openData' | 'sessions'

export class Events {
  private readonly listeners = new Set<(event: AuthEvent) => unknown>()

  /** Nothing is made for nobody. */
  get areHeard(): boolean {
    return this.listeners.size > 0
  }

  on(listener: (event: AuthEvent) => unknown): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  /** A listener that throws, at once or later, is the app's mistake, and no reason to refuse anybody. */
  emit(event: AuthEvent): void {
    const warn = (error: unknown) => process.emitWarning(`A listener of auth.on() threw: ${String(error)}`)
    for (const listener of this.listeners) {
      try {
        const heard = listener(event)
        if (heard instanceof Promise) heard.catch(warn)
      } catch (error) {
        warn(error)
      }
    }
  }
}

/** Tells how long a platform took, and what it came to. */
export async function timed<T>(
  events: Events,
  which: { app: string; call: string },
  work: () => Promise<T>,
): Promise<T> {
  const begun = performance.now()
  const tell = (more: { errcode?: number; failed?: true; reason?: string }) =>
    events.emit({ type: 'platform', ...which, ms: Math.round(performance.now() - begun), ...more })
  try {
    const result = await work()
    tell({})
    return result
  } catch (error) {
    const refused = error instanceof Refused ? error : undefined
    const errcode = refused?.details.errcode
    if (errcode !== undefined) tell({ errcode })
    else tell({ failed: true, ...(refused ? { reason: refused.message } : {}) })
    throw error
  }
}
