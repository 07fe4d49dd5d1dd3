import { Call } from '../call/call'
import type { Config } from '../call/config'
import type { Core } from '../call/core'
import { asIs } from '../call/finish'
import { RequestOperation } from '../call/request'
import { createEvents } from '../events'
import { DEFAULTS } from '../options/defaults'
import type { ClientOptions } from '../options/client'
import { clockOf } from '../platforms/wechat'
import { createCheck } from '../session/check'
import { createCooldown } from '../session/cooldown'
import { createLogin, type LoginSetup } from '../session/login'
import { platformStore } from '../session/platform-store'
import { createReadNext } from '../session/rotation'
import { createSessionKeeper } from '../session/session'
import { createStore } from '../session/store'
import { ids } from '../session/waiters'
import { createTimers } from '../timers'
import { Share } from '../transport/lanes'
import { phoneOf, type Phone } from '../transport/phone'
import { retryPolicy } from '../transport/retry'
import { originOf } from '../transport/urls'
import { isChecked, loginOptions } from './config'

/** Makes the one session and the share of the phone's lanes that a client and its clones have in common. */
export function createCore(options: ClientOptions, config: Config): Core {
  const { platform, bases, traits } = config
  const timers = createTimers(() => clockOf(options.platform))
  const events = createEvents(timers.wallClock)
  const { storage = {}, checkSession = 'background', autoLogin = true } = options
  const { concurrency = DEFAULTS.concurrency } = options
  const login = loginOptions(options)
  const { url, header = {}, method = 'POST', refresh, exchange } = login
  const { timeout = DEFAULTS.loginTimeout } = login
  const store = createStore('get' in storage ? storage : platformStore(platform, storage), timers, events)
  let thePhone: Phone | undefined
  /** Logins of the app's own that are at work. */
  let lendings = 0

  /** Looked up when it is first needed: the platform may come after the client. */
  function phone(): Phone {
    return thePhone || (thePhone = phoneOf(platform()))
  }

  function share(): Share {
    if (core.lanes) return core.lanes
    const { lanes } = phone()
    if (exchange || refresh) lanes.keepers++
    return (core.lanes = new Share(lanes, concurrency, () => core.session.isLoggedIn()))
  }

  /** The login's own request. It is a call like any other, with the code where others have their token. */
  const post: LoginSetup['post'] = ({ data, code, timeout, isWanted }, done) => {
    const extras = { header, timeout: timeout < Infinity ? timeout : config.timeout, auth: false }
    const operation = new RequestOperation(
      config,
      core,
      'request',
      { url: url || '', method, data },
      extras,
      asIs,
      { code, isWanted },
    )
    const call = new Call(core, operation, core.session.epoch)
    const took = (): number => (call.sentAt === undefined ? 0 : timers.awake() - call.sentAt)
    call.start(
      (response) => done(undefined, response, took()),
      (error) => done(error, undefined, took()),
    )
  }

  /** A token may ride only from and to where it is at home; that of a login is at home wherever the login goes. */
  function isHomeOrigin(origin: string): boolean {
    try {
      return config.isHome(`${origin}/`) || config.isOwn(origin)
    } catch {
      // `baseURL` is a function of the app's that has thrown: where nothing is known, nothing is at home.
      return false
    }
  }

  function originNow(): string | undefined {
    try {
      return config.loginOrigin || originOf(bases.current())
    } catch {
      return undefined
    }
  }

  const core: Core = {
    timers,
    events,
    phone,
    lanes: undefined,
    share,
    session: createSessionKeeper({
      store,
      timers,
      events,
      check: createCheck(platform, timers, events),
      cooldown: createCooldown(platform, timers),
      runLogin: createLogin({
        options: login,
        isAutomatic: autoLogin,
        timeout: timeout === false ? Infinity : timeout,
        retry: retryPolicy(login.retry),
        platform,
        call: traits ? traits.login : 'wx.login',
        timers,
        store,
        post,
        isHidden: () => phone().isHidden,
        whenShown: (run) => void phone().whenShown(run),
        lend(isLending) {
          lendings += isLending ? 1 : -1
          // One that was given up may end while another is at work, whose requests are older than that.
          if (isLending) share().lendsAfter = ids.last
          else if (lendings === 0) share().lendsAfter = Infinity
        },
      }),
      checksInBackground: checkSession === 'background' && isChecked(options),
      isAutomatic: autoLogin,
      hasRefresh: refresh !== undefined,
      readNext: createReadNext(options.rotate, options.attach),
      home: { has: isHomeOrigin, canChange: bases.isComputed, now: originNow },
      underWay(isBeginning) {
        const { lanes } = phone()
        lanes.loginsUnderWay += isBeginning ? 1 : -1
        lanes.drain()
      },
      firstAccepted: () => phone().lanes.drain(),
    }),
  }
  return core
}

/**
 * Makes a client known to its phone, which from now on knows whether the app is in front. Two clients must not have one place for
 * the sessions of two back ends.
 */
export function moveIn(options: ClientOptions, config: Config, core: Core): void {
  const { storage = {}, baseURL, authOrigins = [] } = options
  let phone: Phone
  try {
    phone = core.phone()
    // Its login may need a lane before it has asked for any.
    core.share()
  } catch {
    // There is no platform yet: nobody else can have claimed it.
    return
  }
  if ('get' in storage || typeof baseURL === 'function') return
  const { bases, loginOrigin = [] } = config
  const origins = bases.origins().concat(
    authOrigins.map((origin) => String(originOf(origin))),
    loginOrigin,
  )
  phone.claim(storage.key || DEFAULTS.storageKey, origins)
}
