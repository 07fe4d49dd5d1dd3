import type { Config } from './config'
import { createEvents, type Events } from './events'
import type { ClientOptions, SessionStore } from './options'
import { createCheck } from './session/check'
import { createCooldown } from './session/cooldown'
import { exchangeByFunction, exchangeByRequest } from './session/exchange'
import { createLogin } from './session/login'
import { createObstacle } from './session/obstacle'
import { createSessionKeeper, type SessionKeeper } from './session/session'
import { createStore, platformStore } from './session/store'
import { createTimers, type Timers } from './timers'
import { createLanes, type Lanes } from './transport/lanes'
import { clockOf } from './transport/platform'

/** What all clones of a client have in common. */
export interface Core {
  session: SessionKeeper
  lanes: Lanes
  timers: Timers
  events: Events
  nextId(): number
}

/** Makes the one session and the lanes that a client and its clones share. */
export function createCore(options: ClientOptions, { bases, header, platform }: Config): Core {
  const timers = createTimers(() => clockOf(options.platform))
  const events = createEvents(() => timers.wallClock())
  const { login, storage = {}, checkSession = 'background' } = options
  const own = storage as Partial<SessionStore>
  const { key = 'miniprogram-session', encrypt = false } = storage as { key?: string; encrypt?: boolean }
  const store = createStore(
    own.get ? (own as SessionStore) : platformStore(platform, key, encrypt),
    timers,
    events,
  )
  const byRequest = typeof login === 'object' ? login : undefined
  const setup = {
    exchange:
      typeof login === 'function'
        ? exchangeByFunction(login, timers)
        : exchangeByRequest(login, { platform, timers, bases, header }),
    refresh: byRequest?.refresh,
    timeout: byRequest?.timeout ?? 10_000,
    retry: byRequest?.retry ?? 1,
  }
  const cooldown = createCooldown(timers)
  let lastId = 0
  return {
    timers,
    events,
    lanes: createLanes(options.concurrency ?? 9),
    session: createSessionKeeper({
      store,
      timers,
      events,
      check: createCheck(platform, timers, events),
      cooldown,
      obstacle: createObstacle(platform, cooldown),
      runLogin: createLogin(setup, platform, timers, store),
      checkInBackground: checkSession === 'background',
    }),
    nextId: () => ++lastId,
  }
}
