import type { HeaderInit, Headers } from '../transport/headers'
import type { Method } from '../platforms/wechat'
import type { RetryOptions } from './request'
import type { Response } from './response'

/** Who the user is to your server. One frozen object for each session: whoever asks gets the same. */
export interface Session<D = unknown> {
  /** What your server answered the code with; rides on every request. */
  readonly token: string
  /** Epoch ms. After it a login comes first, without waiting for a 401. One already past on arrival is ignored. */
  readonly expiresAt?: number
  /** Whatever the app keeps with it. A `session_key` in here is dropped: it must not leave the server. */
  readonly data?: D
  /** Where the token came from, such as `https://api.example.com`: it goes nowhere if that is no longer home. */
  readonly origin?: string
  /** Tells one user's session from another's. Made here, kept by refresh and rotation, never sent. */
  readonly id: string
}

/** What a login, a refresh or `setSession()` may bring: a token, or a token and what goes with it. */
export interface SessionInit<D = unknown> {
  token: string
  expiresAt?: number
  data?: D
  /** Default: the origin of the base URL in force. */
  origin?: string
}

/** What a login is told beside the code. */
export interface LoginContext {
  /** What `ensureLogin({ data })` was given. */
  data?: Record<string, unknown> | undefined
}

/** How a code becomes a session: by a request to your server (`url`), or by a function of yours (`exchange`). */
export interface LoginOptions {
  /** Where the code goes; relative to `baseURL` like any URL. */
  url?: string
  /**
   * Instead of `url`, for a login that is no plain request: `wx.cloud.callFunction`, GraphQL, a login page. A request of this
   * client in here needs `auth: false`: else it waits for the login that it is part of, until the time-out.
   *
   * ```ts
   * login: { exchange: (code) => loginPage.open(code), timeout: false }
   * ```
   */
  exchange?: LoginFunction
  /** `false`: `wx.login` is not called. `data` or `exchange` then bring what identifies the user. Default: it is. */
  code?: boolean
  /** Default `POST`. */
  method?: Method
  /**
   * Default `{ code }`. An object gets `code` and what `ensureLogin({ data })` was given added; a function builds the whole
   * body, and may be async.
   */
  data?: Record<string, unknown> | ((code: string, context: LoginContext) => unknown)
  /** Over those of the client. Default: none. */
  header?: HeaderInit
  /**
   * Where the token is in the answer: a path such as `'data.login_key'`, `{ cookie: 'sid' }` for `Set-Cookie`, `{ header:
   * 'X-Auth-Token' }` (any case; a leading `Bearer ` is taken off), or a function. Default `'token'`. An answer without a usable
   * one fails the login with `LOGIN_BAD_RESPONSE`; a `BusinessError` that a function throws is the server's refusal, `LOGIN_REJECTED`
   * with it as `cause`.
   */
  token?: string | { cookie: string } | { header: string } | ((response: Response) => string | SessionInit)
  /** Path of the token's life in seconds. Default `'expiresIn'`; absent is fine. */
  expiresIn?: string
  /**
   * Tried before `wx.login`, with the session that ended; `data` that it does not give stays. It is answered once for each
   * session: if it brings nothing, the refused token again, or fails with an answer, a code is used. Without an answer, or with
   * 408, 429 or 5xx, the login fails and the session stays, to be refreshed later. A request of this client in here needs
   * `auth: false`.
   *
   * ```ts
   * refresh: ({ data }) => api.post('/refresh', { refreshToken: data.refreshToken }, { auth: false })
   * ```
   */
  refresh?: (session: Session) => Promise<string | SessionInit | undefined>
  /**
   * ms for each step (`wx.login`, exchange), not counted while it waits for a lane or in the background; a whole login takes
   * twice this at most. Default 10 000. `false`: none, for a login that waits for a person.
   */
  timeout?: number | false
  /**
   * As a request's, each try with a new code: network errors and 408/413/429/5xx, not time-outs; a code that was refused gets one
   * more try. Default 2, whatever the client's.
   */
  retry?: number | RetryOptions | false
}

/** As `login`, it is short for `{ exchange }`. */
export type LoginFunction = (code: string, context: LoginContext) => Promise<string | SessionInit>

/** Where the next token is, on a server that hands one out in an ordinary answer. */
export type Rotate =
  { header: string } | { cookie: string } | ((response: Response) => string | SessionInit | undefined)

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

/** Where the token rides. A function writes it on `request`; what it returns is not used, but it must not be async. */
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
