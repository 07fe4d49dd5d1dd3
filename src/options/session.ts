import type { Response } from './response'
import type { HeaderInit, Headers } from '../transport/headers'
import type { Method } from '../platforms/wechat'

/** Who the user is to your server. Stored as this very object. */
export interface Session<D = unknown> {
  /** What your server answered the code with; rides on every request. */
  token: string
  /** Epoch ms. After it a login comes first, without waiting for a 401. One already past on arrival is ignored. */
  expiresAt?: number
  /** Whatever the app keeps with it. A `session_key` in here is dropped: it must not leave the server. */
  data?: D
}

/** How a code becomes a session, as a request to your server. */
export interface LoginOptions {
  /** Where the code goes; relative to `baseURL` like any URL. */
  url: string
  /** Default `POST`. */
  method?: Method
  /** Default `{ code }`. An object gets `code` added; a function builds the whole body. */
  data?: Record<string, unknown> | ((code: string) => unknown)
  /** Over those of the client. Default: none. */
  header?: HeaderInit
  /**
   * Where the token is in the answer: a path such as `'data.login_key'`, or `{ cookie: 'sid' }` for
   * `Set-Cookie`, or a function. Default `'token'`. An answer without a usable one fails the login with
   * `LOGIN_BAD_RESPONSE`.
   */
  token?: string | { cookie: string } | ((response: Response) => string | Session)
  /** Path of the token's life in seconds. Default `'expiresIn'`; absent is fine. */
  expiresIn?: string
  /**
   * Tried before `wx.login`, with the session that ended. When it rejects, a code is used after all. A request of this
   * client in here needs `auth: false`: else it waits for the login that it is part of, until the time-out.
   */
  refresh?: (session: Session) => Promise<string | Session>
  /** ms for each step (`wx.login`, exchange); a whole login takes twice this at most. Default 10 000. */
  timeout?: number
  /** Further tries, each with a new code, after a failure that came back (not a time-out). Default 1. */
  retry?: number
}

/**
 * For a login that is no plain request: `wx.cloud.callFunction`, GraphQL, … A request of this client in here needs
 * `auth: false`: else it waits for the login that it is part of, until the time-out.
 *
 * ```ts
 * login: (code) => api.post<{ token: string }>('/login', { code }, { auth: false }).then(({ token }) => token)
 * ```
 */
export type LoginFunction = (code: string) => Promise<string | Session>

/** A request about to go out, for an `attach` function to write the token on. */
export interface Outgoing {
  /** Whole, `baseURL` included. */
  url: string
  /** In capitals. */
  method: string
  /** Client's and request's, joined. */
  header: Headers
  /** The body before it is serialised; the form fields of an upload. */
  data: unknown
}

/** Where the token rides. */
export type Attach =
  | 'bearer'
  | { header: string }
  | { cookie: string }
  | { query: string }
  | { body: string }
  | ((request: Outgoing, token: string) => void)

/** A store of your own. Each function may answer at once or with a promise. */
export interface SessionStore {
  /** What was set last, or nothing. It is validated: garbage counts as nothing. */
  get(): unknown
  /** Nobody waits for it: a request that needs the session has it already. */
  set(session: Session): unknown
  /** Called by `logout()`, and for a token that the server has refused. */
  remove(): unknown
}
