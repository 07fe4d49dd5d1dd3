import { quiet as api } from '../../services/api'
import { dev } from '../../services/dev'
import { eventLog } from '../../services/event-log'
import { getWithoutSdk, killTokenWithoutSdk } from '../../services/without-sdk'
import type { Timeline } from './timeline'

type Header = Record<string, string>

/** Requests on their way. */
export interface Burst {
  answers: Promise<unknown>[]
  /** Ends the drawing of it. */
  stop: () => void
}

export interface Way {
  /** Lets the server forget the token that the next requests carry. */
  killToken(): Promise<void>
  /** Sends one request for each header, all at once, and has the timeline follow them. */
  fire(timeline: Timeline, headers: Header[]): Burst
}

export const withSdk: Way = {
  async killToken() {
    // There must be a token before it can be a dead one.
    await api.ensureLogin()
    await dev.expireToken(api)
  },

  fire(timeline, headers) {
    // Another page may have requests under way. Ours are those that speak up while we make them: the first event of a
    // request comes before the call returns.
    const own = new Set<number>()
    let isFiring = true
    const stop = eventLog.on((event) => {
      if (event.type === 'request' && isFiring) own.add(event.id)
      if (event.type !== 'request' || own.has(event.id)) timeline.add(event)
    })
    const answers = headers.map((header) => api.get('/me', {}, { header }))
    isFiring = false
    return { answers, stop }
  },
}

export const withoutSdk: Way = {
  killToken: killTokenWithoutSdk,

  fire(timeline, headers) {
    let isOn = true
    const answers = headers.map((header, id) =>
      getWithoutSdk('/me', header, (step, statusCode) => {
        if (isOn) timeline.step(id, step, Date.now(), statusCode)
      }),
    )
    return { answers, stop: () => (isOn = false) }
  },
}
