import type { PlatformRequest } from '../../../src/platforms/wechat'
import { FEATURES } from '../features'
import type { CallModel } from './call'
import type { Copy } from './copy'
import { HOMES, isGuest, isSentOnce } from './words'

/** Whether this call may go out now, there, and with this token. */
export function judgeSend(copy: Copy, call: CallModel, token: string | undefined, url: string): void {
  const { world } = copy
  call.sends++
  world.say(`  ${copy.name}${call.name} goes out${token === undefined ? '' : ` with ${token}`}`)
  if (call.code !== undefined) world.violate(9, `${call.name} goes out after its end`)
  if (call.epoch !== copy.epoch)
    world.violate(7, `${call.name} was made before a logout and goes out after it`)
  if (call.stream.isOpen) world.violate(16, `${call.name} goes out again after a piece has been heard`)
  if (call.isQueued && world.fake.app.isInBackground)
    world.violate(17, `${call.name} waited for a lane, and goes out in the background`)
  judgeHowOften(copy, call)
  if (!isGuest(call.kind) && token === undefined) world.violate(3, `${call.name} goes out without a token`)
  if (token !== undefined) judgeToken(copy, call, token, url)
  const isElsewhere = call.kind !== 'foreign' && !url.startsWith(`${HOMES[0]}/`)
  if (isElsewhere && !copy.wire.mayHaveMoved)
    world.violate(17, `${call.name} goes to the spare host, and nothing was said against the first`)
}

/** What was given at the call is what is sent (law 15), and the signal stays here. */
export function judgeGiven(copy: Copy, call: CallModel, options: PlatformRequest): void {
  const { world } = copy
  const { name, kind } = call
  const { url, data, header = {} } = options
  if (options['signal'] !== undefined) world.violate(9, `the signal of ${name} is handed to WeChat`)
  if (world.setting.middleware && header['x-by'] !== 'middleware')
    world.violate(15, `${name} goes out with ${header['x-by']}, and middleware had given it "middleware"`)
  if (!FEATURES.mutation || kind === 'upload') return
  if (header['x-name'] !== name) world.violate(15, `${name} goes out with the header ${header['x-name']}`)
  if (kind === 'post' && data !== JSON.stringify({ name }))
    world.violate(15, `${name} goes out with the body ${JSON.stringify(data)}`)
  if (kind !== 'post' && !url.endsWith(`name=${name}`)) world.violate(15, `${name} goes out to ${url}`)
}

function judgeHowOften({ world }: Copy, call: CallModel): void {
  const { name, kind, sends, refusedWith, free } = call
  if (call.onWire > 0) world.violate(4, `${name} is on the wire twice`)
  const retries = isSentOnce(kind) ? 0 : 1
  const moves = kind === 'authorize' ? 0 : world.setting.bases - 1
  if (sends > 1 + refusedWith.size + retries + moves + free)
    world.violate(4, `${name} goes out ${sends} times, and was refused ${refusedWith.size} times`)
  if (kind === 'optional' && refusedWith.size > 1 && !world.setting.rotate)
    world.violate(18, `${name} goes out again after two refusals`)
}

function judgeToken(copy: Copy, call: CallModel, token: string, url: string): void {
  const { world, login, tokens } = copy
  const { name, kind, refusedWith } = call
  const isHome = HOMES.some((home) => url.startsWith(`${home}/`))
  if (!isHome || url.includes('token-')) world.violate(13, `a token goes to ${url}`)
  if (kind === 'open') world.violate(13, `${name} takes a token that it was not to have`)
  // The news that a session could not be stored comes before the news of the login.
  if (login.now && !login.now.isDoorOpen && tokens.loginOf(token) !== login.now)
    world.violate(3, `${name} goes out during a login`)
  if (token !== copy.token)
    world.violate(3, `${name} goes out with ${token}, and ${String(copy.token)} is known`)
  if (copy.isExpired) world.violate(3, `${name} goes out with a token that has expired`)
  if (tokens.banned.has(token))
    world.violate(1, `${name} goes out with ${token}, which nobody wanted any more`)
  if (refusedWith.has(token)) world.violate(4, `${name} goes out again with a token it was refused with`)
  // After a rotation, and ten of those, it is no replay that counts.
  const most = world.setting.rotate ? 13 : 3
  if (refusedWith.size >= most) world.violate(4, `${name} goes out after ${refusedWith.size} refusals`)
  judgeConfirmed(copy, call, token)
}

function judgeConfirmed(copy: Copy, { name, kind }: CallModel, token: string): void {
  const { world, tokens, check } = copy
  const isFromElsewhere = tokens.isFromElsewhere(token)
  // What was adopted after a failed check counts as confirmed, and so does what is refreshed from it.
  if (check.hasFailed && isFromElsewhere) check.isConfirmed = true
  const isConfirmedOnly = kind === 'verified' || (copy.checks === 'blocking' && kind !== 'optional')
  if (isConfirmedOnly && !check.isConfirmed && !isFromElsewhere && !tokens.isSet(token))
    world.violate(8, `${name} goes out before the session is confirmed`)
}
