import { callSafely } from '../app-code'
import { ConfigError } from '../errors'
import type { SocketEvents } from './types'

type Listeners<T extends keyof SocketEvents> = readonly ((event: SocketEvents[T]) => void)[]

/** Who listens to a socket. What one throws is told to the console, and the others hear the event. */
export function createListeners() {
  const listeners: { [T in keyof SocketEvents]: Listeners<T> } = {
    open: [],
    message: [],
    close: [],
    error: [],
    state: [],
  }

  function tell<T extends keyof SocketEvents>(type: T, event: SocketEvents[T]): void {
    for (const listener of listeners[type]) callSafely(listener, event)
  }

  function on<T extends keyof SocketEvents>(type: T, listener: (event: SocketEvents[T]) => void): () => void {
    if (!Object.prototype.hasOwnProperty.call(listeners, type) || typeof listener !== 'function')
      throw new ConfigError(`on() takes one of ${Object.keys(listeners).join(', ')}, and a function.`)
    // Each has a wrapper of its own: one that was given twice is taken off once.
    const each = (event: SocketEvents[T]): void => listener(event)
    const all = listeners as Record<T, Listeners<T>>
    all[type] = all[type].concat(each)
    return () => {
      all[type] = all[type].filter((other) => other !== each)
    }
  }

  return { tell, on }
}
