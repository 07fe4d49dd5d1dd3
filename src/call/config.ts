import type { Auth, Middleware } from '../options/request'
import type { Response } from '../options/response'
import type { Platform, PlatformTraits } from '../platforms/wechat'
import type { AttachToken } from '../session/attach'
import type { Need } from '../session/waiters'
import type { Bases } from '../transport/bases'
import type { HeaderInit } from '../transport/headers'
import type { RetryPolicy } from '../transport/retry'

/** The options of one client as its calls use them, checked and filled in. */
export interface Config {
  readonly bases: Bases
  readonly attach: AttachToken
  /** Absent where a status of 401 decides. */
  readonly isUnauthorized: ((response: Response) => boolean) | undefined
  readonly unwrap: (response: Response) => unknown
  readonly auth: Auth
  /** What `auth: true` needs of the session. */
  readonly tokenNeed: Need
  readonly header: HeaderInit | (() => HeaderInit) | undefined
  readonly timeout: number
  readonly totalTimeout: number | undefined
  readonly retry: RetryPolicy
  readonly methodOverride: string | undefined
  readonly throwHttpErrors: boolean | undefined
  readonly use: readonly Middleware[]
  /** The origin of a `login.url` that is absolute. */
  readonly loginOrigin: string | undefined
  /** Whether the app has said itself where tokens may go. */
  readonly hasOrigins: boolean
  /** Whether this is the origin of a base URL or of the login. */
  readonly isOwn: (origin: string) => boolean
  /** Whether a token may go to this URL: to the `authOrigins`, by default those of `baseURL` and `login.url`. */
  readonly isHome: (url: string) => boolean
  readonly platform: () => Platform
  /** What the platform has of its own, if it is not like WeChat. */
  readonly traits: PlatformTraits | undefined
}
