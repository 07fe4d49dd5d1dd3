import type { PlatformResponse } from '../../../src/platforms/wechat'
import { FEATURES } from '../features'
import type { CallModel } from './call'
import type { Copy } from './copy'
import type { Attempt } from './lanes'
import { ROTATED } from './words'

/** The head of a good answer whose pieces are heard as they come: it says what the answer says. */
export function judgeHead(copy: Copy, attempt: Attempt): void {
  answered(copy, attempt, { statusCode: 200 }, look(copy, attempt, 200))
}

/** What was so before an answer was passed on. */
interface Before {
  readonly token: string | undefined
  readonly isCurrent: boolean
  readonly isRefusal: boolean
  /** A newer token is known. */
  readonly hasAnother: boolean
  /** Another request with this token is still on the wire. */
  readonly isAwaited: boolean
  readonly isRemembered: boolean
  /** A 401 to the same token waits for this answer (law 20). */
  readonly holdsBack: boolean
  /** Logins that had begun because of a refusal. */
  readonly refused: number
  readonly logins: number
  readonly epoch: number
  readonly stored: string | undefined
}

/** Passes an answer on, and looks at what the client makes of it there and then. `undefined`: nobody hears it. */
export function judgeAnswer(
  copy: Copy,
  attempt: Attempt,
  result: PlatformResponse | undefined,
  pass: () => void,
): void {
  const { world } = copy
  const before = look(copy, attempt, result?.statusCode)
  if (before.isRefusal) refused(copy, attempt, before)
  const next = rotated(copy, attempt, result, before)
  const { deedsDone } = world
  const accept = () => {
    const isHeard = !attempt.call.isAborted && before.epoch === copy.epoch
    if (before.epoch !== copy.epoch) attempt.call.wasCut = true
    if (result && !before.isRefusal && isHeard) answered(copy, attempt, result, before)
  }
  // Where the app is asked first what the answer means, it may put an end to the request.
  if (FEATURES.appCode && !['plain401', 'authorize'].includes(attempt.call.kind))
    copy.wire.asking(accept, pass)
  else {
    accept()
    pass()
  }
  // Beside a login in flight nothing is taken up: that will bring a token of its own.
  if (before.isRefusal && copy.login.now && attempt.call.refusal) attempt.call.refusal.adoptable = undefined
  if (deedsDone !== world.deedsDone) return
  if (before.isRefusal) judgeRefusal(copy, attempt, before)
  if (next !== undefined) judgeRotation(copy, attempt, next, before)
  judgeAftermath(copy, attempt, before)
}

function look(copy: Copy, attempt: Attempt, status: number | undefined): Before {
  const { token: current, login, epoch, store, addresses, tokens } = copy
  const { call, token } = attempt
  const isCurrent = token !== undefined && token === current
  // What is about something else than the session, or comes after a piece was heard, is no refusal.
  const isRefusal = token !== undefined && status === 401 && call.kind !== 'plain401' && !call.stream.isOpen
  return {
    token,
    isCurrent,
    isRefusal,
    hasAnother: current !== undefined && !isCurrent && !copy.isExpired,
    isAwaited: copy.world.setting.rotate !== false && copy.wire.awaitsAnother(attempt),
    isRemembered: token !== undefined && addresses.mustKnow(addressOf(attempt), tokens.rootOf(token)),
    holdsBack:
      copy.world.setting.rotate !== false &&
      copy.world.calls.some(
        (other) =>
          other.copy === copy &&
          other.code === undefined &&
          other.onWire === 0 &&
          other.refusal?.token === token,
      ),
    refused: login.refused,
    logins: login.count,
    epoch,
    stored: store.token,
  }
}

/** Method and path: what a final 401 is remembered by. */
export function addressOf({ call }: Pick<Attempt, 'call'>): string {
  return call.kind === 'forbidden' ? 'GET /forbidden' : `${call.kind} /${call.name}`
}

function refused(copy: Copy, attempt: Attempt, { isCurrent }: Before): void {
  const { tokens, cooldown, addresses, steps } = copy
  const { call, wasAccepted } = attempt
  const token = attempt.token as string
  call.refusedWith.add(token)
  const isCounted = isCurrent && tokens.fresh === token
  call.refusal = {
    token,
    isCurrent,
    wasAccepted,
    isRemembered: addresses.mayKnow(addressOf(attempt), tokens.rootOf(token)),
    isPause: cooldown.mustBeOn,
    adoptable: steps.storedByAnother(),
  }
  if (isCurrent) tokens.refused.add(token)
  if (!isCounted) return
  tokens.fresh = undefined
  // Another answer may bring the next token, or another copy have logged in: then it may go uncounted.
  const { rotate, copies } = copy.world.setting
  cooldown.tokenRefused(rotate === false && copies === 1 && call.kind !== 'optional')
}

function answered(
  copy: Copy,
  attempt: Attempt,
  { statusCode = 500 }: PlatformResponse,
  before: Before,
): void {
  const { tokens, cooldown, addresses } = copy
  const { call, token } = attempt
  if (token === undefined || statusCode >= 500 || statusCode === 401) return
  tokens.accept(token)
  addresses.accept(addressOf(attempt))
  if (!before.isCurrent) return
  tokens.fresh = undefined
  cooldown.accepted(call.refusedWith.size > 0)
}

/** The token that this answer brings, if it is one to be taken over (law 20). */
function rotated(
  { tokens, token: current }: Copy,
  { call, token }: Attempt,
  result: PlatformResponse | undefined,
  { isCurrent }: Before,
): string | undefined {
  const isUpload = call.kind === 'upload' && result?.statusCode === 200
  const next = isUpload ? call.rotatedTo : result?.header?.[ROTATED]
  if (typeof next !== 'string' || token === undefined) return undefined
  // The head of an upload is there before its result.
  const isTaken = isUpload && current === next
  if (isCurrent || isTaken) tokens.rotate(token, next)
  return isTaken ? undefined : next
}

function judgeRotation(copy: Copy, { call }: Attempt, next: string, { isCurrent, token }: Before): void {
  const { world, token: current } = copy
  if (isCurrent && current !== next)
    world.violate(20, `the answer to ${call.name} brought ${next} after ${token}, and ${current} is known`)
  if (!isCurrent && current === next)
    world.violate(20, `${next} is taken from an answer to ${token}, which was not the current token`)
}

function judgeRefusal(copy: Copy, { call }: Attempt, before: Before): void {
  const { world, login, api, tokens } = copy
  const { name, kind } = call
  const { token, isCurrent, hasAnother, isAwaited, isRemembered, refused } = before
  // A lane that comes free may let others log in, for reasons of their own.
  const hasBegun = login.refused > refused
  if (hasAnother && hasBegun)
    world.violate(2, `the 401 to ${name} for ${token} started a login, though there is a newer token`)
  if (hasAnother && api.session === undefined)
    world.violate(2, `the 401 to ${name} for ${token} took a newer token away`)
  if (!isCurrent) return
  const isGone = api.session === undefined
  if (isGone && login.now) login.now.isDoorOpen = false
  if (isAwaited && kind !== 'optional' && (hasBegun || isGone))
    world.violate(20, `the 401 to ${name} is acted upon while another answer may bring the next token`)
  if (isRemembered && kind === 'forbidden' && !before.holdsBack && (hasBegun || isGone))
    world.violate(4, `a 401 at ${name}'s address was final before, and this one takes the token away`)
  if (isGone && kind === 'optional' && tokens.isAccepted(token as string) && !before.holdsBack)
    world.violate(
      18,
      `the 401 to ${name}, which can do without, took away ${token}, which was accepted elsewhere`,
    )
  if (isGone) judgeStored(copy, token as string)
}

/** What is in the store once a token was refused (law 10). */
function judgeStored({ world, store, hasRefresh }: Copy, token: string): void {
  if (!hasRefresh) {
    if (store.isLeft(token)) world.violate(10, `the refused ${token} stays in the store`)
    return
  }
  const { session } = store
  if (store.isLeft(token) && session?.expiresAt !== 1)
    world.violate(10, `the refused ${token} stays in the store as one that has not ended`)
}

/** It is about something else than the session, which stays. A lane that comes free may let others log in. */
function judgePlain401({ world, login, api }: Copy, { kind, name }: CallModel, before: Before): void {
  if (kind !== 'plain401' || !before.isCurrent || before.holdsBack) return
  if (login.refused > before.refused || api.session === undefined)
    world.violate(4, `the answer to ${name} is about something else, and was taken for a refusal`)
}

function judgeAftermath(copy: Copy, { call }: Attempt, before: Before): void {
  const { world, login, store, hasRefresh } = copy
  const { isRefusal, token, stored, logins, epoch } = before
  const isAskedFor = world.calls.some(
    (other) => other.copy === copy && other.code === undefined && other.epoch === copy.epoch,
  )
  if (call.epoch !== epoch && login.count > logins && !isAskedFor)
    world.violate(7, `${call.name} was made before a logout, and its answer started a login`)
  judgePlain401(copy, call, before)
  const isGone = stored !== undefined && store.token === undefined
  const mayGo = (isRefusal || before.holdsBack) && stored === token && !hasRefresh
  if (isGone && !mayGo) world.violate(10, `the answer to ${call.name} removed ${stored} from the store`)
  if (isRefusal && stored !== undefined && stored !== token && store.token !== stored)
    world.violate(10, `the 401 to ${call.name} for ${token} replaced ${stored} in the store`)
}
