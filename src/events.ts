import { callSafely } from './app-code'
import type { ErrorCode } from './errors'

/** Why a login began. `check-failed`: `wx.checkSession` said so. `forced`: by `ensureLogin({ force: true })`. */
export type LoginReason = 'no-session' | 'expired' | 'unauthorized' | 'check-failed' | 'forced'

interface Timed {
  /** When it happened, epoch ms. */
  at: number
}

/** A login began, or ended after `duration` ms. `code` says why it failed. */
export interface LoginEvent extends Timed {
  type: 'login'
  phase: 'start' | 'success' | 'fail'
  reason: LoginReason
  /** ms; not with `start`. */
  duration?: number
  /** With `fail`. */
  code?: ErrorCode
}

/** The launch's one `wx.checkSession`. `unanswered` (3 s) counts as passed. */
export interface CheckEvent extends Timed {
  type: 'check'
  phase: 'start' | 'passed' | 'failed' | 'unanswered'
  /** ms; not with `start`. */
  duration?: number
}

/** One step in the life of one request; all its steps share an `id`. */
export interface RequestEvent extends Timed {
  type: 'request'
  /**
   * `wait`: for a login, a check or a lane. `replay`: refused, and about to go out with another token. `retry`: failed,
   * and about to be tried again.
   */
  phase: 'wait' | 'send' | 'replay' | 'retry' | 'success' | 'fail'
  /** Grows from one request to the next. */
  id: number
  /** In capitals; `RUN` for `authorize()`. */
  method: string
  /** Without its query: queries carry secrets. */
  url: string
  /** How often it has gone out so far. */
  attempt: number
  /** ms since the request was created. */
  duration: number
  /** The status of the last answer, where there was one. */
  statusCode?: number
  /** With `fail`: why. With `retry`: what the last attempt failed with. */
  code?: ErrorCode
}

/** `logout()` was called. */
export interface LogoutEvent extends Timed {
  type: 'logout'
}

/** The store failed or held garbage. The session lives on in memory. */
export interface StorageErrorEvent extends Timed {
  type: 'storage-error'
  operation: 'read' | 'write' | 'remove'
  /** What the store said. */
  message: string
}

/** Where a session came from. `rotated`: an answer handed out the next token. `set`: by `setSession()`. */
export type SessionSource = 'stored' | 'login' | 'refresh' | 'adopted' | 'rotated' | 'set'

/** The current session has become another. Never holds its token: `client.session` does. */
export interface SessionEvent extends Timed {
  type: 'session'
  source: SessionSource
}

/** Everything a client tells its listeners, told apart by `type`. Never holds a token or a code. */
export type ClientEvent =
  LoginEvent | CheckEvent | SessionEvent | RequestEvent | LogoutEvent | StorageErrorEvent

/** Told of every event. What it throws goes to the console and harms nobody. */
export type Listener = (event: ClientEvent) => void

type Untimed<E> = E extends ClientEvent ? Omit<E, 'at'> : never

export interface Events {
  /** True while somebody listens: events nobody hears are not even made. */
  heard: boolean
  on(listener: Listener): () => void
  emit(event: Untimed<ClientEvent>): void
}

export function createEvents(now: () => number): Events {
  let listeners: { listener: Listener }[] = []
  const events: Events = {
    heard: false,
    on(listener) {
      const entry = { listener }
      listeners = [...listeners, entry]
      events.heard = true
      return () => {
        listeners = listeners.filter((other) => other !== entry)
        events.heard = listeners.length > 0
      }
    },
    emit(event) {
      const timed = event as ClientEvent
      timed.at = now()
      const [only] = listeners
      if (only && listeners.length === 1) {
        callSafely(only.listener, timed)
        return
      }
      // To each its own: one may write on it.
      for (const { listener } of listeners) callSafely(listener, Object.assign({}, timed))
    },
  }
  return events
}
