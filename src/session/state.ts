import type { LoginReason, SessionSource } from '../events'
import type { Session } from '../options/session'
import type { Finals } from './finals'

/** The session there is, and what this launch knows of it. */
export interface Held {
  session: Session
  readonly source: SessionSource
  /** By `setSession()`, in this launch or an earlier one: no check replaces it. */
  readonly isSet: boolean
  /** Whether a login with a code has brought it in this launch. */
  readonly isByCode: boolean
  /** Whether anything has been accepted with it in this launch. */
  isAccepted: boolean
  /** Whether a refusal of it counts for the cool-down: it came from a login of this launch, and it counts once. */
  countsRefusal: boolean
  /** False once a refresh of it has been answered, or it was gained by one and never accepted. */
  mayRefresh: boolean
  /** How many attempts with it are on the wire. Counted where servers rotate tokens. */
  out: number
  /** Where its 401 was final, and when that was first so. All tokens of one login have it in common. */
  readonly finals: Finals
}

/** What this launch knows of the session. */
export type Knowledge =
  | { readonly is: 'unread' | 'reading' }
  /** `ended`: what there was until it was refused; `refusal`: with what. */
  | { readonly is: 'none'; readonly ended?: Held; readonly refusal?: unknown }
  | { readonly is: 'known'; readonly held: Held }

/** A login in flight. There is never more than one. */
export interface Login {
  readonly reason: LoginReason
  /** Asked for in so many words: it takes a code, adopts nothing, and nobody passes it. */
  isForced: boolean
  /** Asked for by `ensureLogin()`: also where requests start none. */
  isAsked: boolean
  /** What `ensureLogin({ data })` gave, and the same as JSON. */
  readonly data?: Record<string, unknown> | undefined
  readonly dataKey?: string | undefined
  begun: number
  /** Whether listeners have heard of it. */
  isAnnounced: boolean
  /** `login.refresh` is at work: what it uses up must not be lost. */
  isRefreshing: boolean
  /** A forced one that comes after this refresh. */
  next?: Login | undefined
}

/** What requests look at each time is in fields. */
export interface SessionState {
  /** Grows with each logout: who was created in an earlier epoch starts no login and sends nothing more. */
  epoch: number
  /** Grows with everything that admission depends on, but for the time. */
  changes: number
  known: Knowledge
  /** What is known, if anything is. */
  held: Held | undefined
  login: Login | undefined
}

export function createState(): SessionState {
  return { epoch: 0, changes: 0, known: { is: 'unread' }, held: undefined, login: undefined }
}

export function learn(state: SessionState, known: Knowledge): void {
  state.changes++
  state.known = known
  state.held = known.is === 'known' ? known.held : undefined
}

export function setLogin(state: SessionState, login: Login | undefined): void {
  state.changes++
  state.login = login
}
