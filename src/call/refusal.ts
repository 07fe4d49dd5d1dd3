import { HttpError, UnauthorizedError } from '../errors'
import type { Response } from '../options/response'
import type { SessionKeeper } from '../session/session'
import type { Held } from '../session/state'
import type { Need, Phase } from '../session/waiters'
import type { Replays } from './replays'

/** A call whose token was refused. */
export interface Refused {
  phase: Phase
  readonly need: Need | undefined
  readonly epoch: number
  /** Whether anything had been accepted with the token when it was sent. */
  readonly wasAccepted: boolean | undefined
  readonly replays: Replays
  /** Method and path, under which a final 401 is remembered. */
  address(): string | undefined
  /** It ends with this. */
  stop(error: unknown): void
  /** It goes out again, with another token or with none. */
  replay(error: unknown, response: Response): void
  /** It waits in this phase, where a logout finds it. */
  wait(phase: Phase): void
}

/** A 401. It ends the call, or the call goes out again with another token. */
export function judgeRefusal(
  call: Refused,
  session: SessionKeeper,
  held: Held,
  error: unknown,
  response: Response,
  /** Whether the store has been looked at. */
  hasLooked = false,
): void {
  const { need, replays } = call
  if (call.phase === 'settled') return
  call.phase = 'judging'
  const isJudging = (): boolean => call.phase === 'judging'
  const isGuest = need === 'any'
  const isCurrent = session.isCurrent(held)
  const refusal = error === undefined ? new HttpError(response) : error
  const verdict = replays.judge({
    held,
    wasAccepted: call.wasAccepted === true,
    isPast: call.epoch !== session.epoch,
    isCurrent,
    wasRotated: !isCurrent && session.held !== undefined && session.held.finals === held.finals,
    isGuest,
    wasFinal: isCurrent && session.wasFinal(held, call),
  })

  /** Law 12: another copy may have logged in. */
  const lookFirst = (): void => {
    call.wait('judging')
    session.lookForAnother(held, () => {
      if (isJudging()) judgeRefusal(call, session, held, error, response, true)
    })
  }
  const end = (): void => call.stop(new UnauthorizedError(response, error))

  if (verdict === 'final here') {
    if (!hasLooked) return lookFirst()
    session.refusedForGood(held, refusal, call)
    return end()
  }
  // Nothing has been accepted with it, so it is the token that is refused, and not this address.
  if (isGuest && isCurrent && !held.isAccepted) session.refused(held, refusal)
  if (verdict === 'ended') {
    const obstacle = session.refused(held, refusal)
    if (!isJudging()) return
    if (obstacle) {
      if (!hasLooked) return lookFirst()
      // During the pause a token that serves others stays, and this one's 401 is about its address (law 6).
      if (!held.isAccepted || obstacle.code !== 'LOGIN_COOLDOWN') return call.stop(obstacle)
      session.refusedForGood(held, refusal, call)
      return end()
    }
  }
  if (!isJudging()) return
  if (verdict === 'final') return end()
  if (verdict === 'rotated') replays.rotations++
  else replays.count++
  if (verdict === 'as guest' && isCurrent) replays.without = held
  call.replay(error, response)
}
