import type { LoginError } from '../errors'
import type { Session } from '../options/session'
import type { SessionKeeper } from './session'
import type { Login } from './state'
import { ids, type Need, type Phase, type Waiter } from './waiters'

/** An `ensureLogin()` that waits. */
export class Asker implements Waiter {
  phase: Phase = 'authorising'
  readonly id = ++ids.last
  readonly isAsker = true
  place = -1
  login: Login | undefined

  constructor(
    private readonly session: SessionKeeper,
    readonly need: Need,
    readonly gaveData: boolean,
    private readonly resolve: (session: Session) => void,
    private readonly reject: (error: LoginError) => void,
  ) {}

  resume(): void {
    if (this.session.admit(this)) this.done(this.session.current() as Session)
  }

  done(session: Session): void {
    this.end()
    this.resolve(session)
  }

  fail(error: LoginError): void {
    this.end()
    this.reject(error)
  }

  private end(): void {
    this.phase = 'settled'
    this.session.leave(this)
  }
}
