import type { Clock } from '../platforms/wechat'
import { createFakeAccount, type FakeAccount } from './account'
import { createApp, type AppWakeOrder, type FakeApp } from './app'
import { Calls } from './calls'
import { createFakeClock, type FakeClock } from './clock'
import { loginCalls } from './login'
import { Misbehaviours, type CallSummary, type Misbehaviour, type MisbehavingApi } from './misbehave'
import { createNetwork, type FakeFiles, type FakeNetwork } from './network'
import type { FakeRequest } from './request'
import { METHODS } from './serialize'
import type { SocketHandler } from './connection'
import { createFakeServer, type FakeServer } from './server'
import { createFakeStorage, type FakeStorage, type StorageLimit } from './storage'
import { storageCalls } from './storage-calls'
import { canFreeze, threadOf } from './thread'
import type { AbortMode, Handler } from './types'
import { createSockets } from './sockets'
import { createUi, type FakeUi } from './ui'
import type { FakeLaunchOptions, FakeWx, FakeWxName } from './wx'

/** What `createFakeWeChat` takes. All may be left out. */
export interface FakeWeChatOptions {
  /** Default: a virtual clock of its own. Give `realClock` for real time, or another fake's clock to share it. */
  clock?: Clock
  /** Who answers requests: a function, or the `server` of another fake. Default: a `FakeServer` of its own. */
  server?: Handler | FakeServer
  /** Milliseconds there and back, half of it each way. Default 10, or what the handler says (`httpTransport`: 0). */
  latency?: number | ((request: FakeRequest) => number)
  /** Milliseconds of `wx.login`. Default 10. */
  loginLatency?: number
  /** Milliseconds of `wx.checkSession`. Default 10. */
  checkLatency?: number
  /** How many requests WeChat sends at a time; the others wait, first in, first out. Default 10. */
  concurrency?: number
  /** Opened from Moments (scene 1154): no login, a storage of its own, `apiCategory` `browseOnly`. Default false. */
  singlePage?: boolean
  storageLimit?: StorageLimit
  /** Another fake's storage: two copies of the package on one phone. Not heeded with `singlePage`. */
  storage?: FakeStorage
  /** Another fake's account: codes and `session_key` shared. Default: that of the `server`, if it is a fake's. */
  account?: FakeAccount
  /** Makes login codes, for servers that expect a certain form. Default `code-1`, `code-2`, … */
  codes?: () => string
  /** Origins on the console's list, such as `https://api.test`; others fail with errno 600002. Default: all are. */
  domains?: readonly string[]
  /** The methods that `wx.request` takes. Default those of its page; some versions were seen to take PATCH too (reported). */
  methods?: readonly string[]
  /** Response header names as the back end wrote them, or lower-cased as HTTP/2 does. Default `'as-sent'`. */
  headerNames?: 'as-sent' | 'lowercase'
  /**
   * WeChat Gateway is switched on, which an app's owner can do from the console: `wx.request` succeeds with
   * `gateway.call:ok`, header names reach the back end in lower case, those beginning with `x-wx-` never. Default false.
   */
  gateway?: boolean
  /** Whether the result of an upload tells header and cookies: the page does not list them. Default false. */
  uploadHeaders?: boolean
  /**
   * Whether the JS thread is frozen 5 s after `app.toBackground()`, as on phones (operating mechanism guide). Needs a
   * fake clock. Default false.
   */
  freezesInBackground?: boolean
  /**
   * What a thread that was frozen hears first in front: `onAppShow`, or the callbacks it has missed, requests that were
   * interrupted among them. Phones promise neither. Default `'show-first'`.
   */
  wakes?: AppWakeOrder
  /** Who takes sockets. Default: the `server`, by its `onSocket` routes. */
  sockets?: SocketHandler
  /** How many sockets WeChat allows at once. Default 5 (wx.connectSocket page). */
  socketLimit?: number
  /**
   * What `onError` says of a refused handshake. Default: `exception onOpen fail code:20, msg:Invalid HTTP status.`, which does not tell
   * the status, as phones of today; DevTools says `Unexpected response code: 401`.
   */
  socketRefusal?: (status: number) => string
  /** Whether `hideLoading` and `hideToast` know `noConflict`: base library 2.22.1 and later. Default true. */
  noConflict?: boolean
  /** Whether `calls.requests` and `server.requests` are filled. Turn it off for very long runs. Default true. */
  record?: boolean
}

/** A WeChat in memory, with a back end behind it: what `createFakeWeChat` gives. */
export interface FakeWeChat<C extends Clock = FakeClock> {
  /** Give it to the SDK as `platform`, or put it in place of the global `wx`. */
  readonly wx: FakeWx
  readonly clock: C
  readonly server: FakeServer
  readonly account: FakeAccount
  readonly storage: FakeStorage
  readonly network: FakeNetwork
  readonly app: FakeApp
  /** Loading, toasts and dialogs, and what the user answers to these. */
  readonly ui: FakeUi
  /** Counters and logs of what was called. */
  readonly calls: Calls
  /** Uploads send these, downloads land here. A path that is not here uploads as a file of 1 KB. */
  readonly files: FakeFiles
  /** How many sockets there are on the phone. */
  readonly openSockets: number
  /** What `abort()` of a task does. Default `'normal'`. */
  abort: AbortMode
  /**
   * The next `times` calls of `api` (default 1, `Infinity` is fine) do something WeChat's pages do not tell of.
   * Orders are carried out in turn; `only` picks the calls they are for.
   *
   * ```ts
   * fake.misbehave('login', 'hang')
   * fake.misbehave('request', 'twice', Infinity, ({ url }) => url?.endsWith('/orders'))
   * ```
   */
  misbehave(
    api: MisbehavingApi,
    behaviour: Misbehaviour,
    times?: number,
    only?: (call: CallSummary) => boolean,
  ): void
  /** Takes back what was ordered with `misbehave`. */
  behave(api?: MisbehavingApi): void
}

/**
 * Makes a WeChat for tests: a `wx` that keeps to the documented rules, and a handle on everything behind it.
 *
 * ```ts
 * const fake = createFakeWeChat()
 * const api = createClient({ platform: fake.wx, baseURL: 'https://api.test', login: { url: '/login' } })
 * const orders = api.get('/orders')
 * await fake.clock.runAll()
 * console.log(await orders, fake.calls.logins)
 * ```
 */
export function createFakeWeChat(options?: FakeWeChatOptions & { clock?: FakeClock }): FakeWeChat
export function createFakeWeChat(options: FakeWeChatOptions): FakeWeChat<Clock>
export function createFakeWeChat(options: FakeWeChatOptions = {}): FakeWeChat<Clock> {
  const { clock = createFakeClock(), record = true, singlePage = false } = options
  const shared = typeof options.server === 'object' ? options.server : undefined
  const account =
    options.account ??
    shared?.account ??
    createFakeAccount({ clock, ...(options.codes && { codes: options.codes }) })
  const storage = (singlePage ? undefined : options.storage) ?? createFakeStorage(options.storageLimit)
  const server = shared ?? createFakeServer({ clock, account, record })
  const handler = typeof options.server === 'function' ? options.server : server.handle
  if (options.freezesInBackground && !canFreeze(clock))
    throw new Error('freezesInBackground needs a fake clock: leave out `clock`, or give createFakeClock().')
  const thread = threadOf(clock)
  const calls = new Calls()
  const misbehaviours = new Misbehaviours()
  const files: FakeFiles = new Map()

  const sockets = createSockets({
    thread,
    calls,
    misbehaviours,
    handler: options.sockets ?? server.handleSocket,
    latency: options.latency ?? handler.latency ?? 10,
    limit: options.socketLimit ?? 5,
    refusal: options.socketRefusal ?? (() => 'exception onOpen fail code:20, msg:Invalid HTTP status.'),
    domains: options.domains,
    isOffline: () => network.type === 'none',
    isSuspended: () => app.isInBackground,
  })
  const { network, interrupt, ...networkCalls } = createNetwork({
    breakSockets: sockets.breakSockets,
    thread,
    calls,
    misbehaviours,
    handler,
    files,
    record,
    domains: options.domains,
    concurrency: options.concurrency ?? 10,
    latency: options.latency ?? handler.latency ?? 10,
    lowercaseHeaders: options.headerNames === 'lowercase',
    uploadHeaders: options.uploadHeaders ?? false,
    gateway: options.gateway ?? false,
    methods: options.methods ?? METHODS,
    abortMode: () => fake.abort,
    isSuspended: () => app.isInBackground,
  })
  const { app, ...appCalls } = createApp({
    thread,
    freezes: options.freezesInBackground ?? false,
    wakes: options.wakes ?? 'show-first',
    interrupt: () => {
      interrupt()
      sockets.interruptSockets()
    },
    launchOptions,
  })
  const { ui, ...uiCalls } = createUi(thread, { noConflict: options.noConflict ?? true })

  // Moments: scene 1154, browse only (single-page mode guide).
  function launchOptions(): FakeLaunchOptions {
    return {
      path: 'pages/index/index',
      query: {},
      scene: singlePage ? 1154 : 1001,
      apiCategory: singlePage ? 'browseOnly' : 'default',
      referrerInfo: { appId: '', extraData: {} },
      forwardMaterials: [],
      hostExtraData: { host_scene: '' },
    }
  }

  const wx = {
    clock,
    ...networkCalls,
    connectSocket: sockets.connectSocket,
    ...loginCalls({
      thread,
      account,
      calls,
      misbehaviours,
      get isOffline() {
        return network.type === 'none'
      },
      isSinglePage: singlePage,
      loginLatency: options.loginLatency ?? 10,
      checkLatency: options.checkLatency ?? 10,
    }),
    ...storageCalls(storage, clock, calls),
    ...appCalls,
    ...uiCalls,
    getApiCategory: () => launchOptions().apiCategory,
    getLaunchOptionsSync: launchOptions,
  } satisfies Record<FakeWxName | 'clock', unknown>

  const fake: FakeWeChat<Clock> = {
    // The typings give fields of a real phone (profile, exception) that a fake result has no values for, and promises where
    // WeChat itself gives none.
    wx: wx as unknown as FakeWx,
    clock,
    server,
    account,
    storage,
    network,
    app,
    ui,
    calls,
    files,
    get openSockets() {
      return sockets.openSockets
    },
    abort: 'normal',
    misbehave: (api, behaviour, times = 1, only) => misbehaviours.order(api, behaviour, times, only),
    behave: (api) => misbehaviours.forget(api),
  }
  return fake
}
