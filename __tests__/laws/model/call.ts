import type { Copy } from './copy'
import type { Attempt } from './lanes'
import { Stream } from './stream'
import type { AskKind, CallKind } from './words'

/** The last 401 that a call was given, and what was known when. */
export interface Refusal {
  readonly token: string
  readonly isCurrent: boolean
  /** The token had been accepted when this attempt was sent. */
  readonly wasAccepted: boolean
  /** An earlier 401 at this address was final, and is remembered. */
  readonly isRemembered: boolean
  /** No login could begin then. */
  readonly isPause: boolean
  /** What another copy had stored before this answer came: it is to be taken up in place of giving up. */
  adoptable: string | undefined
}

/** A request, or whatever else settles once, as the user sees it. */
export interface CallModel {
  readonly name: string
  readonly kind: CallKind | AskKind
  readonly copy: Copy
  readonly epoch: number
  /** When it was made, by the time that the phone was awake, and how often the clock had surprised it by then. */
  readonly madeAt: number
  readonly surprises: number
  /** How many logins there had been, and how often a session was set. */
  readonly logins: number
  readonly sets: number
  /** Of `ensureLogin({ data })`. */
  readonly data: string | undefined
  readonly stream: Stream
  /** Other data has taken its place. */
  isSuperseded: boolean
  isAborted: boolean
  /** A function of the app's that was asked about its answer has logged out. */
  wasCut: boolean
  /** It waited for a lane when the app went to the background. */
  isQueued: boolean
  readonly attempts: Attempt[]
  sends: number
  onWire: number
  /** Attempts that do not count: WeChat stopped them, or the network changed. */
  free: number
  wasStoppedBehind: boolean
  refusedWith: Set<string>
  /** The tokens of the logins that ended while it was not on the wire: it may have waited for them. */
  awaited: Set<string>
  refusal: Refusal | undefined
  /** The token that the server has handed out in its last answer. */
  rotatedTo: string | undefined
  code: string | undefined
  error: unknown
  endedAt: number | undefined
  callbacks: number
  abort: () => void
}

export function makeCall(name: string, kind: CallModel['kind'], copy: Copy, data?: string): CallModel {
  const { phone } = copy.world
  return {
    name,
    kind,
    copy,
    data,
    epoch: copy.epoch,
    madeAt: phone.awake,
    surprises: phone.surprises,
    logins: copy.login.count,
    sets: copy.sets,
    stream: new Stream(),
    isSuperseded: false,
    isAborted: false,
    wasCut: false,
    isQueued: false,
    attempts: [],
    sends: 0,
    onWire: 0,
    free: 0,
    wasStoppedBehind: false,
    refusedWith: new Set(),
    awaited: new Set(),
    refusal: undefined,
    rotatedTo: undefined,
    code: undefined,
    error: undefined,
    endedAt: undefined,
    callbacks: 0,
    abort: () => undefined,
  }
}
