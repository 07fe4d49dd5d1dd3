import { statusOf, type LoginError } from '../errors'
import type { LoginOptions, SessionInit } from '../options/session'
import { toInit } from './exchange'
import { asLoginError, hadNoAnswer } from './login-error'
import type { Held } from './state'
import type { Steps } from './steps'

/** Refreshes in a row that a server answers with 5xx before a code is taken all the same. */
const TOLERATED_5XX = 2

export interface RefreshListener {
  brought(init: SessionInit): void
  /** `hadAnswer`: the server was busy, rather than silent. */
  unanswered(error: LoginError, hadAnswer: boolean): void
  /** It was answered with no, which is so once and for all for this session. */
  refused(cause: unknown): void
}

/** Makes what refreshes a session that has ended (law 14). */
export function createRefresh(refresh: NonNullable<LoginOptions['refresh']>) {
  let answers5xx = 0

  return (steps: Steps, ended: Held, wasRefused: () => boolean, to: RefreshListener): void => {
    const refuse = (cause?: unknown): void => {
      answers5xx = 0
      ended.mayRefresh = false
      to.refused(cause)
    }
    steps.ask(
      'login.refresh',
      () => refresh(ended.session),
      (answer) => {
        let init: SessionInit | undefined
        try {
          init = toInit(answer, 'that login.refresh gave')
        } catch {
          // It brought nothing.
        }
        if (!init || (wasRefused() && init.token === ended.session.token)) return refuse()
        answers5xx = 0
        to.brought(init)
      },
      (cause) => {
        const status = statusOf(cause)
        answers5xx = status !== undefined && status >= 500 ? answers5xx + 1 : 0
        if (hadNoAnswer(cause) && answers5xx <= TOLERATED_5XX)
          to.unanswered(asLoginError('login.refresh', cause), status !== undefined)
        else refuse(cause)
      },
    )
  }
}
