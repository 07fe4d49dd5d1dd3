import { ask } from '../app-code'
import type { Task } from '../call/task'
import { authorize } from '../entry/authorize'
import type { Inside } from '../entry/door'
import { ConfigError, RequestError, type FailedRequest } from '../errors'
import type { PlatformSocket } from '../platforms/wechat'
import type { Timer } from '../timers'
import { withoutQuery } from '../transport/urls'
import { addressOf } from './address'
import type { Settings } from './options'

/** What a close has said of a token: that it has ended, and whether a login was asked for because of it. */
interface Doubt {
  readonly token: string | undefined
  readonly refusal: Error
  isRenewed: boolean
}

/** The handshakes of one socket, each with the token of the moment, and what is known of that. */
export function createHandshakes(
  door: Inside,
  { url, auth, header, protocols, connectionTimeout }: Settings,
  label: FailedRequest,
) {
  const { core, config } = door
  const { timers } = core
  let asking: Timer | undefined
  let task: Task<void> | undefined
  let token: string | undefined
  let accept: (() => void) | undefined
  let doubt: Doubt | undefined

  function handshake(url: string): PlatformSocket {
    const outgoing = { url, method: 'GET', header: Object.assign({}, header), data: undefined as unknown }
    if (token !== undefined) {
      config.attach(outgoing, token)
      // It is the app's own, and may have led it elsewhere.
      addressOf(outgoing.url, config, true)
      if (outgoing.data !== undefined)
        throw new ConfigError('cannot carry its token in a body: a handshake has none.')
    }
    const options = { url: outgoing.url, header: outgoing.header, timeout: connectionTimeout }
    return Object.assign(options, protocols && { protocols })
  }

  /** Waits for a token, and calls `dial` the moment there is one (law 3). */
  function authorised(
    url: unknown,
    dial: (options: PlatformSocket) => void,
    failed: (error: unknown) => void,
  ): Task<void> | undefined {
    const address = addressOf(url, config, auth)
    label.url = withoutQuery(address)
    if (!auth) {
      dial(handshake(address))
      return undefined
    }
    const task = authorize(
      door,
      (current, accepted) => {
        if (doubt && current === doubt.token) {
          doubt.isRenewed = true
          // The core judges it as it does any other 401: by whether it is still the current one (laws 1, 2, 4, 12).
          throw doubt.refusal
        }
        token = current
        accept = accepted
        dial(handshake(address))
      },
      label,
    )
    task.then(undefined, failed)
    return task
  }

  return {
    /** Asks for the address, then for a token, and calls `dial`: perhaps within the call. */
    begin(dial: (options: PlatformSocket) => void, failed: (error: unknown) => void): void {
      // A `url()` that never answers must not be the end.
      const timer = timers.deadline(connectionTimeout, () =>
        failed(new RequestError('TIMEOUT', `waited for its url() longer than ${connectionTimeout} ms.`)),
      )
      const found = (given: string): void => {
        // It was stopped meanwhile, perhaps from within.
        if (timer.place < 0) return
        timers.cancel(timer)
        try {
          task = authorised(given, dial, failed)
        } catch (error) {
          failed(error)
        }
      }
      asking = timer
      ask(() => (typeof url === 'function' ? url() : url), found, failed)
    },

    stop(): void {
      const old = task
      task = undefined
      timers.cancel(asking)
      if (old) old.abort()
    },

    get token() {
      return token
    },

    /** The server knows the token. */
    prove(): void {
      if (accept) accept()
      accept = doubt = undefined
    },

    /** A close says that the token has ended. False where a login has brought it for that reason: another would not help. */
    refuse(refusal: Error): boolean {
      if (doubt && doubt.isRenewed) return false
      doubt = { token, refusal, isRenewed: false }
      return true
    },
  }
}
