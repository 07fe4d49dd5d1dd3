import { FEATURES } from '../features'

/** How a launch begins. */
export interface Setting {
  /** `async`: a store of one's own whose answers come when the scheduler says. */
  store: 'sync' | 'async'
  copies: 1 | 2
  /** Two: beside the first one there is a client of another back end, which logs in without a code. */
  clients: 1 | 2
  stored: 'nothing' | 'live' | 'dead' | 'expired' | 'brief' | 'ended'
  check: 'background' | 'blocking' | false
  hasCheck: boolean
  hasRefresh: boolean
  concurrency: number
  autoLogin: boolean
  /** What becomes of the old token when the server hands out the next one. */
  rotate: false | 'dies at once' | 'dies later'
  /** How a login is made: a request with a code, one without, or a function of the app's. */
  login: 'url' | 'no code' | 'exchange'
  bases: 1 | 2
  middleware: boolean
}

export type CallKind =
  | 'get'
  | 'post'
  | 'verified'
  | 'optional'
  | 'open'
  | 'foreign'
  | 'upload'
  | 'limited'
  | 'forbidden'
  | 'authorize'
  /** With `isUnauthorized: false`, at an address that always answers 401. */
  | 'plain401'
  /** With `enableChunked`. */
  | 'stream'
export type AskKind = 'ensureLogin' | 'force' | 'data'
export type LoginMood =
  'hang' | 'fail' | 'cached' | 'throw' | 'twice' | 'both' | 'same-tick' | 'blocked' | 'empty'
export type CheckMood = 'hang' | 'fail' | 'throw' | 'same-tick' | 'fail at once' | 'twice' | 'both' | 'cached'
export type RequestMood =
  'hang' | 'fail' | 'twice' | 'both' | 'same-tick' | 'throw' | 'undefined-task' | 'empty'
export type ExchangeMood = 'broken' | 'refused' | 'html' | 'no token' | 'line break' | 'cached' | 'busy'
export type RefreshMood =
  'session' | 'same' | 'nothing' | 'network' | 'hang' | 'too many' | 'broken' | 'refused' | 'error'
export type StreamMood = 'cut' | 'cut at once' | 'no head' | 'broken'
export type Deed = 'logout' | 'abort' | 'ensureLogin' | 'force' | 'get' | 'setSession'

export const TIMEOUT = 2000
export const TOTAL_TIMEOUT = 1500
/** Longer than the second by which a surprised clock may be wrong. */
export const LOGIN_TIMEOUT = FEATURES.clocks ? 3000 : 1000
/** A store that has not answered by then counts as failed. */
export const STORE_TIMEOUT = 3000
export const ABORT_GRACE = 1000
/** Seconds that a busy login server asks for. */
export const RETRY_AFTER = 2
export { PHONE_LANES } from '../world'
/** What an earlier launch may have left. */
export const FIRST = ['token-old', 'token-dead']
/** With these a login rejects everybody who waited for it. */
export const SHARED = [
  'LOGIN_FAILED',
  'LOGIN_TIMEOUT',
  'LOGIN_REJECTED',
  'LOGIN_BAD_RESPONSE',
  'LOGIN_BLOCKED',
]
export const HOMES = ['https://api.test', 'https://spare.test']
/** The header in which a server hands out the next token. */
export const ROTATED = 'X-Next-Token'
export const OTHER_KEY = 'other-session'
/** What the app keeps with a session that can be refreshed. */
export const KEPT = { refreshToken: 'R' }

/** Those who need no login. */
export const isGuest = (kind: string): boolean => ['optional', 'open', 'foreign'].includes(kind)
export const isAsk = (kind: string): boolean => ['ensureLogin', 'force', 'data'].includes(kind)
/** Those that are not tried again after a failure: they may have arrived. */
export const isSentOnce = (kind: string): boolean => ['post', 'upload', 'authorize'].includes(kind)

/** Answers come by callbacks; what becomes of the promise is no concern of ours. */
export function detach(promise: Promise<unknown> | undefined): void {
  promise?.then(
    () => undefined,
    () => undefined,
  )
}
