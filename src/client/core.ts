import type { Config } from './config'
import type { Errand } from '../call/operation'
import { createEvents, type Events } from '../events'
import type { ClientOptions } from '../options/client'
import type { LoginOptions } from '../options/session'
import { asIs, RequestErrand } from '../call/request'
import type { Response } from '../options/response'
import { createCheck } from '../session/check'
import { exchangeByFunction, exchangeByRequest } from '../session/exchange'
import { createLogin } from '../session/login'
import { createPause } from '../session/cooldown'
import { createSessionKeeper, type SessionKeeper } from '../session/session'
import { createStore, platformStore } from '../session/store'
import { createTimers, type Timers } from '../timers'
import { createLanes, type Lanes } from '../transport/lanes'
import { clockOf } from '../platforms/wechat'

/** What all clones of a client have in common. */
export interface Core {
  readonly session: SessionKeeper
  readonly lanes: Lanes
  readonly timers: Timers
  readonly events: Events
  /** Of the last that was sent or waited. */
  lastId: number
}

/** Makes the one session and the lanes that a client and its clones share. `send` sends the login's own request. */
export function createCore(
  options: ClientOptions,
  config: Config,
  send: (core: Core, errand: Errand<Response, Response>) => PromiseLike<Response>,
): Core {
  const { platform } = config
  const timers = createTimers(() => clockOf(options.platform))
  const events = createEvents(timers.wallClock)
  const { login, storage = {}, checkSession = 'background', concurrency = 9 } = options
  const ownStore = 'get' in storage ? storage : platformStore(platform, storage)
  const store = createStore(ownStore, timers, events)
  const {
    url,
    method = 'POST',
    header = {},
    data,
    refresh,
    timeout = 10_000,
    retry = 1,
  } = login as LoginOptions

  /** The login's own request. It is a call like any other, with the code where others have their token. */
  async function post(code: string, timeout: number): Promise<Response> {
    const body = typeof data === 'function' ? data(code) : Object.assign({}, data, { code })
    const errand = new RequestErrand(
      config,
      timers,
      'request',
      { url, method, data: body },
      { header, timeout, auth: false },
      asIs,
      code,
    )
    return send(core, errand)
  }

  const exchange =
    typeof login === 'function' ? exchangeByFunction(login) : exchangeByRequest(login, post, timers)
  const core: Core = {
    timers,
    events,
    lastId: 0,
    lanes: createLanes(concurrency),
    session: createSessionKeeper({
      store,
      timers,
      events,
      check: createCheck(platform, timers, events),
      pause: createPause(platform, timers),
      runLogin: createLogin({ exchange, refresh, timeout, retry }, platform, timers, store),
      checkInBackground: checkSession === 'background',
    }),
  }
  return core
}
