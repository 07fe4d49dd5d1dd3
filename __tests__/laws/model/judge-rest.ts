import type { Copy } from './copy'
import { isAsk, isGuest, SHARED } from './words'

/** What holds whenever nothing is being done. */
export function judgeRest(copy: Copy): void {
  const { world, tokens, epoch: before } = copy
  // To look at it may be to read the store, and a listener that hears of a failure may log out: after that
  // the ends have yet to come.
  const { token } = copy
  if (before !== copy.epoch) return
  if (world.setting.copies === 1) judgeLogout(copy, token)
  if (token !== undefined && tokens.banned.has(token))
    world.violate(1, `${token} is known, and came for a login that nobody wanted any more`)
  for (const call of world.calls) {
    if (call.copy !== copy || call.code !== undefined) continue
    if (call.epoch !== copy.epoch && call.onWire === 0)
      world.violate(7, `${call.name} is still pending after a logout, and not on the wire`)
  }
  if (token !== undefined && !copy.isExpired) judgeOpenDoor(copy)
  judgeErrors(copy)
}

/** A login that only a failed check has begun keeps nobody waiting whose token is good (law 3). */
function judgeOpenDoor(copy: Copy): void {
  const { world, login, wire, checks } = copy
  if (!login.now?.isDoorOpen || checks !== 'background' || world.fake.app.isInBackground) return
  const waits = world.calls.find(
    (call) =>
      call.copy === copy &&
      call.code === undefined &&
      call.sends === 0 &&
      // A clock that was set may have given a token its time back.
      call.surprises === world.phone.surprises &&
      !isAsk(call.kind) &&
      !isGuest(call.kind) &&
      call.kind !== 'verified',
  )
  if (waits && wire.lanes.hasRoom(copy))
    world.violate(3, `${waits.name} waits for a login that only a failed check has begun`)
}

function judgeLogout({ world, tokens, epoch, store }: Copy, token: string | undefined): void {
  if (token !== undefined && tokens.loggedOut.has(token))
    world.violate(7, `${token} was logged out of, and is known again`)
  const { token: stored } = store
  if (stored !== undefined && tokens.loggedOut.has(stored) && store.isLeft(stored))
    world.violate(7, `${stored} was logged out of, and is stored`)
  const begun = token === undefined ? undefined : tokens.epochOf(token)
  if (begun !== undefined && begun !== epoch)
    world.violate(7, `${String(token)} comes from a login that a logout had ended`)
}

/** Everybody who came during a login that has failed was told so, with one and the same error. */
function judgeErrors({ world, login, api }: Copy): void {
  const errors = new Set<unknown>()
  const ofData = new Set<unknown>()
  for (const { copy, code, error, data } of world.calls) {
    if (copy.api !== api || code === undefined || !SHARED.includes(code)) continue
    errors.add(error)
    if (data !== undefined) ofData.add(error)
  }
  if (errors.size > login.failed.length + login.superseded)
    world.violate(6, `${errors.size} login errors for ${login.failed.length} failed logins`)
  for (const { copy, code, error, data, name } of world.calls)
    if (copy.api === api && code !== undefined && data === undefined && ofData.has(error))
      world.violate(6, `${name} rejects with the error of a login that somebody else had given data to`)
}
