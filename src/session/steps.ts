import { ask, within } from '../app-code'
import { LoginError } from '../errors'
import type { Timers } from '../timers'

/** Of a function of the app's: the request would wait for the login that it is part of. */
const HINT = ' A request of this client in there needs auth: false.'

/** The steps of one login, in the time that it has. Once nobody wants the login nothing of them is heard. */
export class Steps {
  /** ms for what is still to come; twice a step's in all. */
  left: number

  constructor(
    private readonly timers: Timers,
    private readonly timeout: number,
    private readonly isWanted: () => boolean,
    /** A function of the app's begins or ends: it may send requests that need a lane. */
    private readonly lend: (isLending: boolean) => void,
  ) {
    this.left = 2 * timeout
  }

  /** ms for the next step. */
  get ms(): number {
    return Math.min(this.timeout, this.left)
  }

  /** Whatever `start` calls back first, and once. */
  take<T>(
    what: string,
    start: (done: (value: T) => void, failed: (error: unknown) => void) => void,
    done: (value: T) => void,
    failed: (error: unknown) => void,
    ended?: () => void,
  ): void {
    const { timers, ms } = this
    const begun = timers.awake()
    const end =
      <V>(go: (value: V) => void) =>
      (value: V): void => {
        this.left -= timers.awake() - begun
        if (ended) ended()
        if (this.isWanted()) go(value)
      }
    const late = (): LoginError =>
      new LoginError(
        'LOGIN_TIMEOUT',
        `${what} did not answer within ${ms} ms. Offer a retry, or raise login.timeout.${ended ? HINT : ''}`,
      )
    within(timers, ms, start, end(done), end(failed), late)
  }

  /** A function of the app's. */
  ask(
    what: string,
    run: () => unknown,
    done: (value: unknown) => void,
    failed: (error: unknown) => void,
  ): void {
    this.lend(true)
    this.take(
      what,
      (yes, no) => ask(run, yes, no),
      done,
      failed,
      () => this.lend(false),
    )
  }
}
