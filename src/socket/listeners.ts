import { callSafely } from '../app-code'
import { ConfigError } from '../errors'
import type { SocketEvents } from './types'

const TYPES = ['open', 'message', 'close', 'error', 'state']

type Listener = (event: never) => void

/** Who listens to a socket. Everybody hears all in order, also what comes of what a listener does. */
export function createListeners() {
  let listeners: readonly { readonly type: string; readonly listener: Listener }[] = []
  const untold: (() => void)[] = []
  let isTelling = false

  /** Is told with the next `tell()`: what belongs together is noted before a listener can do something about a part of it. */
  function note<T extends keyof SocketEvents>(type: T, event: SocketEvents[T]): void {
    untold.push(() => {
      for (const each of listeners) if (each.type === type) callSafely(each.listener, event as never)
    })
  }

  function tell(): void {
    if (isTelling) return
    isTelling = true
    for (let next = untold.shift(); next; next = untold.shift()) next()
    isTelling = false
  }

  function on<T extends keyof SocketEvents>(type: T, listener: (event: SocketEvents[T]) => void): () => void {
    if (TYPES.indexOf(type) < 0 || typeof listener !== 'function')
      throw new ConfigError(`on() takes one of ${TYPES.join(', ')}, and a function.`)
    const entry = { type, listener: listener as Listener }
    listeners = listeners.concat(entry)
    return () => {
      listeners = listeners.filter((other) => other !== entry)
    }
  }

  return { note, tell, on }
}
