import { HttpError, UnauthorizedError } from '../errors'
import type { Response } from '../options/response'
import type { Held } from '../session/state'
import type { Phase } from '../session/waiters'
import { authorise } from './dispatch'
import { wait, type Life } from './life'
import { Replays } from './replays'
import { tell } from './telling'

/** A 401. It ends the call, or the call goes out again with another token. */
export function judgeRefusal<R>(
  call: Life<R>,
  held: Held,
  error: unknown,
  response: Response,
  /** Whether the store has been looked at. */
  hasLooked = false,
): void {
  if (call.phase === 'settled') return
  call.phase = 'judging'
  const { session } = call.core
  const replays = call.replays || (call.replays = new Replays())
  const is = (phase: Phase): boolean => call.phase === phase
  const isGuest = call.need === 'any'
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
    wait(call, 'judging')
    session.lookForAnother(held, () => {
      if (is('judging')) judgeRefusal(call, held, error, response, true)
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
    if (!is('judging')) return
    if (obstacle) {
      if (!hasLooked) return lookFirst()
      // During the pause a token that serves others stays, and this one's 401 is about its address (law 6).
      if (!held.isAccepted || obstacle.code !== 'LOGIN_COOLDOWN') return call.stop(obstacle)
      session.refusedForGood(held, refusal, call)
      return end()
    }
  }
  if (!is('judging')) return
  if (verdict === 'final') return end()
  if (verdict === 'rotated') replays.rotations++
  else replays.count++
  if (verdict === 'as guest' && isCurrent) replays.without = held
  call.phase = 'authorising'
  tell(call, 'replay', error, response)
  if (is('authorising')) authorise(call)
}
