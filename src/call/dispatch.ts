import { loggedOut, TimeoutError } from '../errors'
import type { Held } from '../session/state'
import type { Phase } from '../session/waiters'
import type { Lane } from '../transport/lanes'
import { wait, type Life } from './life'
import { tell, tellOfWaiting } from './telling'

/** How a call goes out: what it needs of the session, then a lane, then the token. `time`: as the clock was read in this turn. */
export function authorise<R>(call: Life<R>, time?: number): void {
  if (!mayGo(call)) return
  const { core, operation } = call
  if (operation.role === 'request') {
    const lane = (core.lanes || core.share()).take(call.id, call.need === undefined)
    if (lane) send(call, lane, time)
    else queue(call)
  } else if (operation.role === 'login') {
    call.phase = 'queued'
    core.phone().lanes.takeForLogin((lane) => onLane(call, lane))
  } else send(call, undefined, time)
}

function queue<R>(call: Life<R>): void {
  wait(call, 'queued')
  const entry = { id: call.id, run: (lane: Lane) => onLane(call, lane) }
  call.waitsAt = entry
  call.core.share().queue(entry, call.need === undefined)
  if (call.phase === 'queued') tellOfWaiting(call)
}

function onLane<R>(call: Life<R>, lane: Lane): void {
  call.waitsAt = undefined
  if (call.phase === 'queued' && mayGo(call)) send(call, lane)
  else call.released(lane)
}

/** Whether it may go out now. If not, it has ended, or the session has it and will resume it. */
function mayGo<R>(call: Life<R>): boolean {
  const { operation, core } = call
  const { totalTimeout: ms } = operation
  call.phase = 'authorising'
  try {
    // Each time: another base URL may be one that no token goes to.
    call.need = operation.open()
  } catch (error) {
    call.stop(error)
    return false
  }
  // Only now: a request that cannot be sent has no time to run out.
  if (ms !== undefined && !call.totalTimer)
    call.totalTimer = core.timers.deadline(ms, () => call.stop(new TimeoutError('totalTimeout', ms)))
  // Options of the app's were read and listeners were told of this and that, and may have ended it.
  if ((call.phase as Phase) !== 'authorising') return false
  if (call.epoch !== core.session.epoch) call.stop(loggedOut())
  else if (call.need && !core.session.admit(call)) {
    if ((call.phase as Phase) === 'authorising') tellOfWaiting(call)
    return false
  }
  return (call.phase as Phase) === 'authorising'
}

function send<R>(call: Life<R>, lane: Lane | undefined, time?: number): void {
  const { core, operation } = call
  const { session } = core
  const { changes } = session
  call.phase = 'departing'
  if (!load(call, lane)) return
  if (operation.role !== 'outer') call.root.attempts++
  if (core.events.heard) tell(call, 'send')
  // Whatever of the app's ran meanwhile may have ended it, begun a login, or brought another token.
  if ((call.phase as Phase) !== 'departing') return call.released(lane)
  if (session.changes !== changes && !reload(call, lane)) return
  if (call.place >= 0) session.leave(call)
  if (session.rotates && call.held && operation.role === 'request') {
    call.isCounted = true
    call.held.out++
  }
  call.phase = 'sent'
  if (call.hasToldOfWaiting) call.hasToldOfWaiting = false
  if (operation.role === 'login') call.sentAt = core.timers.awake()
  operation.start(lane, time)
}

/** Makes it ready with the token there is. */
function load<R>(call: Life<R>, lane: Lane | undefined): boolean {
  const held = choose(call)
  call.held = held
  call.wasAccepted = held && held.isAccepted
  try {
    call.operation.load(held, call)
    return true
  } catch (error) {
    call.released(lane)
    call.stop(error)
    return false
  }
}

/** What it goes out with. */
function choose<R>({ need, replays, core }: Life<R>): Held | undefined {
  const held = need === 'any' ? core.session.tokenFor(need) : need && core.session.held
  return replays && held === replays.without ? undefined : held
}

function reload<R>(call: Life<R>, lane: Lane | undefined): boolean {
  if (mayGo(call)) {
    // Nothing resumes it while it is made ready once more. What comes meanwhile this time is left to a 401.
    call.phase = 'departing'
    if (choose(call) !== call.held && !load(call, lane)) return false
    if ((call.phase as Phase) === 'departing') return true
  }
  call.released(lane)
  return false
}
