import type { ClientEvent } from 'miniprogram-session'
import { api } from './api'
import { SessionOrigin } from './session-origin'

/** Enough for a look back, not so much that it weighs on the phone. */
export const KEPT = 500

const events: ClientEvent[] = []
const listeners = new Set<(event: ClientEvent) => void>()

/** How the session came to be: follows every event, so that it still knows when the log has forgotten. */
export const sessionOrigin = new SessionOrigin()

/** Begins to keep what the client says. Called first thing in app.ts, so that nothing is missed. */
export function startLog(): void {
  api.on((event) => {
    sessionOrigin.add(event)
    events.push(event)
    if (events.length > KEPT) events.shift()
    for (const listener of listeners) listener(event)
  })
}

export const eventLog = {
  /** Oldest first. */
  all: (): readonly ClientEvent[] => events,

  clear(): void {
    events.length = 0
  },

  /** Hears every event from now on; returns a function that stops it. */
  on(listener: (event: ClientEvent) => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}
