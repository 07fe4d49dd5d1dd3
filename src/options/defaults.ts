import type { Session } from './session'
import type { Response } from './response'

/** Every default in one place. Times are ms. */
export const DEFAULTS = {
  storageKey: 'miniprogram-session',
  /** WeChat sends ten requests at a time and queues the rest itself (network guide, base library 1.4.0 and later). */
  concurrency: 10,
  timeout: 30_000,
  /** What WeChat is told for an upload, a download or a stream: ours ends it earlier, when it shows no sign of life. */
  transferTimeout: 600_000,
  streamTimeout: 3_600_000,
  loginTimeout: 10_000,
  methodOverride: 'X-HTTP-Method-Override',
  retry: {
    limit: 2,
    methods: ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'],
    statusCodes: [408, 413, 429, 500, 502, 503, 504],
    /** Jitter keeps a thousand phones that lost the same server from coming back in the same instant. */
    delay(attempt: number): number {
      const full = Math.min(10_000, 300 * 2 ** (attempt - 1))
      return (full * (1 + Math.random())) / 2
    },
  },
  isUnauthorized: ({ statusCode }: Response): boolean => statusCode === 401,
  unwrap: ({ data }: Response): unknown => data,
  token: 'token' as
    string | { cookie: string } | { header: string } | ((response: Response) => string | Session),
  expiresIn: 'expiresIn',
}
