import { RequestError } from '../../../src'
import type { CallModel } from './call'
import type { Copy } from './copy'
import { addressOf } from './judge-answer'
import { isAsk, isGuest, isSentOnce, SHARED, TOTAL_TIMEOUT } from './words'

const PEACEFUL_ENDS = ['ok', 'UNAUTHORIZED', 'HTTP_STATUS', 'LOGIN_COOLDOWN', 'LOGIN_REQUIRED']

/** Whether a call may end in this way. */
export function judgeEnd(copy: Copy, call: CallModel): void {
  const { world } = copy
  const { code, error, name, kind, stream } = call
  if (code === undefined) return
  if (code === 'ok') {
    if (call.wasCut) world.violate(9, `${name} resolves, and isUnauthorized had logged out`)
    if (kind === 'stream' && stream.isOpen && !stream.isWhole)
      world.violate(16, `${name} succeeds after ${stream.heard.length} pieces`)
    return
  }
  if (code.startsWith('?'))
    world.violate(9, `${name} rejects with something that is no RequestError: ${code}`)
  if (!(error instanceof RequestError)) return
  judgeLoginError(copy, call, code)
  if (code === 'UNAUTHORIZED') judgeUnauthorized(copy, call)
  if (code === 'TIMEOUT') judgeTimeout(copy, call)
  if (code === 'HTTP_STATUS' && !isGuest(kind) && kind !== 'authorize')
    world.violate(3, `${name} ended as a plain 401: it was sent without a token`)
  if (code === 'INTERRUPTED') judgeInterrupted(copy, call)
  judgeWords(copy, call, error)
  const isExpected = PEACEFUL_ENDS.includes(code) || call.isSuperseded
  if (world.isPeaceful && !isExpected)
    world.violate(9, `${name} rejects with ${code} though nothing went wrong`)
}

/** What WeChat stopped in the background goes again in front, if it may; not what was made before a logout (law 17). */
function judgeInterrupted(copy: Copy, { name, kind, epoch, wasStoppedBehind, stream }: CallModel): void {
  if (epoch === copy.epoch && wasStoppedBehind && !isSentOnce(kind) && !stream.isOpen)
    copy.world.violate(
      17,
      `${name} rejects because it was stopped in the background, and may be sent again in front`,
    )
}

/** What `ensureLogin()` resolves to. */
export function judgeSession(copy: Copy, call: CallModel, value: unknown): void {
  const { world, tokens, steps, sets } = copy
  const { name, kind, data } = call
  const { token } = Object(value) as { token?: string }
  if (token === undefined || !isAsk(kind) || kind === 'ensureLogin') return
  // Whoever waits goes on with a session that the app has set.
  const isSet = call.sets !== sets && tokens.isSet(token)
  // A refreshed session may still fail the check, and the login after that may adopt.
  const isOwn = tokens.isByCode(token) || isSet
  if (!isOwn)
    world.violate(6, `${name} was to log in and came back with ${token}, which is not of a login here`)
  const brought = steps.broughtBy.get(tokens.rootOf(token))
  if (data !== undefined && !isSet && brought !== data)
    world.violate(1, `${name} was to bring ${data} along, and came back from a login that brought ${brought}`)
  if (call.isSuperseded && !isSet) world.violate(1, `${name} resolves, and other data had taken its place`)
}

/** Whoever has a usable token goes on with it, whatever has become of a login. */
function judgeNeed(copy: Copy, { name, kind, surprises }: CallModel, code: string): void {
  const { world, checks } = copy
  // A clock that was set may have given a token its time back, and listeners may have set a session since.
  const isContent = kind !== 'verified' && checks !== 'blocking' && surprises === world.phone.surprises
  if (isContent && world.deedsDone === 0 && copy.token !== undefined && !copy.isExpired)
    world.violate(6, `${name} rejects with ${code}, and has ${copy.token} to go on with`)
}

function judgeLoginError(copy: Copy, call: CallModel, code: string): void {
  const { world, login, cooldown, steps } = copy
  const { name, kind, refusal } = call
  const isReplaced = call.isSuperseded && code === 'LOGIN_FAILED'
  if (SHARED.includes(code) && !login.failed.includes(code) && !isReplaced)
    world.violate(6, `${name} rejects with ${code}, and no login has failed so`)
  if (SHARED.includes(code) && !isAsk(kind)) judgeNeed(copy, call, code)
  if (code === 'LOGIN_COOLDOWN') {
    if (isAsk(kind) && kind !== 'ensureLogin')
      world.violate(6, `${name} was to log in whatever has failed, and was told to wait`)
    if (!cooldown.mayBeOn) world.violate(6, `${name} rejects with LOGIN_COOLDOWN, and no pause is due`)
    if (refusal?.isPause && refusal.isCurrent && refusal.wasAccepted)
      world.violate(6, `${name} rejects with LOGIN_COOLDOWN for a token that was accepted elsewhere`)
  }
  if (code !== 'LOGIN_REQUIRED') return
  if (world.setting.autoLogin) world.violate(19, `${name} asks for a login that comes by itself`)
  if (isAsk(kind)) world.violate(19, `${name} is to log in, and is told that a login is required`)
  const other = steps.storedByAnother()
  if (other !== undefined && other === refusal?.adoptable)
    world.violate(12, `${name} rejects with LOGIN_REQUIRED though another copy has stored ${other}`)
}

/** A 401 that ended the call: whether it was final (laws 4, 12 and 18). */
function judgeUnauthorized(copy: Copy, call: CallModel): void {
  const { world, cooldown, tokens, addresses, steps } = copy
  const { name, kind, refusal, refusedWith, stream } = call
  if (kind === 'plain401')
    world.violate(4, `${name} rejects with UNAUTHORIZED, and had said what a 401 means`)
  if (!refusal || stream.isOpen || call.epoch !== copy.epoch) return
  if (kind === 'optional') {
    if (refusedWith.size < 2)
      world.violate(18, `${name} ends with the refusal of a token, and can do without one`)
    return
  }
  const { token } = refusal
  // Judged at the answer, or once others have been: one of those may have been final.
  const isRemembered = refusal.isRemembered || addresses.mayKnow(addressOf({ call }), tokens.rootOf(token))
  const isAwaited = call.awaited.has(token) && !refusal.wasAccepted
  if (!isRemembered && refusal.isCurrent && kind !== 'authorize') {
    const isSure = isAwaited && refusedWith.size < 3 && !cooldown.mayBeOn
    addresses.remember(addressOf({ call }), tokens.rootOf(token), isSure)
  }
  if (refusedWith.size >= 3 || cooldown.mayBeOn) return
  if (!isAwaited && !isRemembered)
    world.violate(
      4,
      `${name} ends for a token that it had not waited for, after ${refusedWith.size} refusals`,
    )
  const other = steps.storedByAnother()
  if (other !== undefined && other === refusal.adoptable)
    world.violate(12, `${name} is refused for good though another copy has stored ${other}`)
}

/** Neither sleep nor a clock that is set makes a time-out (law 9). A surprise may cost a second. */
function judgeTimeout(copy: Copy, call: CallModel): void {
  const { world, wire } = copy
  const { awake, surprises } = world.phone
  wire.mayHaveMoved = true
  const sinceMade = awake - call.madeAt + 1000 * (surprises - call.surprises)
  const isOverdue = call.kind === 'limited' && sinceMade >= TOTAL_TIMEOUT
  if (!isOverdue && !wire.mayBeLate(call)) world.violate(9, `${call.name} times out before its time`)
}

function judgeWords({ world }: Copy, { name, kind, sends }: CallModel, error: RequestError): void {
  // A listener that aborts on hearing of a send is quicker than the send.
  const isComparable = world.deedsDone === 0 && !error.code.startsWith('LOG') && !isAsk(kind)
  if (isComparable && error.attempts !== sends)
    world.violate(4, `${name} says ${error.attempts} attempts, and was sent ${sends} times`)
  const words = `${error.message} ${JSON.stringify(error.request)}`
  if (/token-|code-/.test(words)) world.violate(13, `the error of ${name} holds a secret: ${words}`)
}
