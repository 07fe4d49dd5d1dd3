import type { Task } from '../call/task'
import { authorize, type Accepted } from '../entry/authorize'
import type { Inside } from '../entry/door'
import { ConfigError, RequestError, type FailedRequest } from '../errors'
import { withoutQuery } from '../transport/urls'
import { addressOf } from './address'
import { createLine, type Hearer, type Line } from './line'
import type { Settings } from './options'
import { takeSlot } from './slots'

export interface HandshakeHearer extends Omit<Hearer, 'gone'> {
  /** There was none: no token, or no address. */
  failed(error: unknown): void
  /** A line that was let go is off the phone: another may begin. */
  free(): void
}

export type Handshakes = ReturnType<typeof createHandshakes>

/** The handshakes of one socket: each with the token of the moment, and one line at a time. */
export function createHandshakes(
  door: Inside,
  { auth, header, protocols, connectionTimeout }: Settings,
  label: FailedRequest,
  hearer: HandshakeHearer,
) {
  const { core, config } = door
  let round = 0
  let line: Line | undefined
  let task: Task<unknown> | undefined
  /** A line is on the phone still, and is waited for. */
  let isHeld = false
  let token: string | undefined
  let accept: Accepted | undefined
  /** The token that a close has told to have ended. */
  let refused: string | undefined
  /** A login was asked for because of it, and nothing has been accepted since. */
  let isRenewed = false

  function dial(address: string, given: string | undefined, accepted: Accepted | undefined): void {
    const outgoing = {
      url: address,
      method: 'GET',
      header: Object.assign({}, header),
      data: undefined as unknown,
    }
    if (given !== undefined) {
      config.attach(outgoing, given)
      // It is the app's own, and may have led it elsewhere.
      addressOf(outgoing.url, config, true)
      if (outgoing.data !== undefined)
        throw new ConfigError('cannot carry its token in a body: a handshake has none.')
    }
    token = given
    accept = accepted
    const release = takeSlot(core.phone())
    isHeld = true
    const mine = round
    const options = { url: outgoing.url, header: outgoing.header, timeout: connectionTimeout }
    line = createLine(
      config.platform(),
      core.timers,
      Object.assign(options, protocols && { protocols }),
      Object.assign({}, hearer, {
        gone() {
          release()
          isHeld = false
          if (mine !== round) hearer.free()
        },
      }),
    )
    line.dial()
  }

  return {
    get isHeld() {
      return isHeld
    },

    get token() {
      return token
    },

    /** With the address it waits for a token, and dials the moment it is given one (law 3). */
    begin(url: string): void {
      const mine = round
      try {
        const address = addressOf(url, config, auth)
        label.url = withoutQuery(address)
        if (!auth) return dial(address, undefined, undefined)
        const ended = new RequestError('UNAUTHORIZED', 'was closed as unauthorised.')
        task = authorize(
          door,
          (current, accepted) => {
            if (current === refused) {
              isRenewed = true
              // The core judges it as it does any other: by whether it is still the current one (laws 1, 2, 4, 12).
              throw ended
            }
            if (mine === round) dial(address, current, accepted)
          },
          { label, isUnauthorized: ({ error }) => error === ended },
        )
        task.then(undefined, (error: unknown) => {
          if (mine === round) hearer.failed(error)
        })
      } catch (error) {
        hearer.failed(error)
      }
    },

    /** Gives up whatever is under way; nothing more is heard of it but `free`. */
    drop(code: number, reason: string): void {
      round++
      if (task) task.abort()
      if (line) line.letGo(code, reason)
      task = line = undefined
    },

    send: (data: string | ArrayBuffer): void => {
      if (line) line.send(data)
    },

    /** The server knows the token. */
    prove(): void {
      if (!accept && !isRenewed) return
      refused = undefined
      isRenewed = false
      if (accept) accept()
      accept = undefined
    },

    /** A close says that the token has ended. False where a login has brought it for that reason: another would not help. */
    refuse(): boolean {
      if (isRenewed) return false
      refused = token
      return true
    },
  }
}
