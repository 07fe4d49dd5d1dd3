import type fc from 'fast-check'
import { createClient, RequestError, type Client, type ClientEvent, type Session } from '../../src'
import { createFakeClock, createFakeWeChat, type FakeClock, type FakeWeChat } from '../../src/testing'
import type { Platform, PlatformRequest, PlatformResponse } from '../../src/platforms/wechat'
import { HOME, KEY } from './world'

/** How a launch begins. */
export interface Setting {
  /** `async`: a store of one's own whose answers come when the scheduler says. */
  store: 'sync' | 'async'
  copies: 1 | 2
  stored: 'nothing' | 'live' | 'dead' | 'expired' | 'brief'
  check: 'background' | 'blocking' | false
  hasCheck: boolean
  hasRefresh: boolean
  concurrency: number
}

export type CallKind =
  | 'get'
  | 'post'
  | 'verified'
  | 'optional'
  | 'open'
  | 'foreign'
  | 'upload'
  | 'limited'
  | 'forbidden'
  | 'authorize'
export type LoginMood =
  'hang' | 'fail' | 'cached' | 'throw' | 'twice' | 'both' | 'same-tick' | 'blocked' | 'empty'
export type CheckMood = 'hang' | 'fail' | 'throw' | 'same-tick' | 'fail at once' | 'twice' | 'both'
export type RequestMood =
  'hang' | 'fail' | 'twice' | 'both' | 'same-tick' | 'throw' | 'undefined-task' | 'empty'
export type ExchangeMood = 'broken' | 'refused' | 'html' | 'no token' | 'line break'
export type Deed = 'logout' | 'abort' | 'ensureLogin' | 'force' | 'get'

const TIMEOUT = 2000
const LOGIN_TIMEOUT = 1000
const ABORT_GRACE = 1000
const SHARED = ['LOGIN_FAILED', 'LOGIN_TIMEOUT', 'LOGIN_REJECTED', 'LOGIN_BAD_RESPONSE', 'LOGIN_BLOCKED']
/** What an earlier launch may have left. */
const FIRST = ['token-old', 'token-dead']
const PEACEFUL_ENDS = ['ok', 'UNAUTHORIZED', 'HTTP_STATUS', 'LOGIN_COOLDOWN']

/** A request, or whatever else settles once, as the user sees it. */
export interface CallModel {
  readonly name: string
  readonly kind: CallKind | 'ensureLogin' | 'force'
  readonly copy: Copy
  readonly epoch: number
  /** The login that was in flight when it was made. */
  readonly duringLogin: number | undefined
  sends: number
  onWire: number
  refusedWith: Set<string>
  /** The tokens of the logins that ended while it was not on the wire: it may have waited for them. */
  awaited: Set<string>
  lastRefused: string | undefined
  code: string | undefined
  error: unknown
  callbacks: number
  abort: () => void
}

type LoginOptions = Parameters<Platform['login']>[0]
type CheckOptions = Parameters<NonNullable<Platform['checkSession']>>[0]

interface Trip {
  readonly call: CallModel
  readonly token: string | undefined
  isOver: boolean
  abandonedAt: number | undefined
}

/** Everything of one run: a phone, a back end, one or two copies of the package, and what the laws say of them. */
export class World {
  readonly clock: FakeClock = createFakeClock({ hops: 12 })
  readonly fake: FakeWeChat
  readonly calls: CallModel[] = []
  readonly copies: Copy[]
  readonly story: string[] = []
  readonly broken: string[] = []
  loginMoods: LoginMood[] = []
  checkMoods: CheckMood[] = []
  exchangeMoods: ExchangeMood[] = []
  /** Deeds that a listener does the next time it hears something. */
  deeds: { hears: string; deed: Deed }[] = []
  deedsDone = 0
  /** False once anything was done that may rightly make a request fail. */
  isPeaceful = true
  stored: unknown
  isStoreWell = true
  /** Whether the gateway answers in the place of the server, which has not looked at the token then. */
  isOut = false
  /** True once it has failed: what should be gone may still be in it. */
  hasStoreFailed = false
  private lastCall = 0

  constructor(
    readonly setting: Setting,
    readonly scheduler: fc.Scheduler,
  ) {
    this.fake = createFakeWeChat({
      clock: this.clock,
      record: false,
      latency: 0,
      loginLatency: 0,
      checkLatency: 0,
      concurrency: 20,
      server: (request, wire) => this.serve(request, wire),
    })
    const session = this.firstSession()
    if (session) this.fake.storage.set(KEY, session)
    this.stored = session
    this.copies = Array.from({ length: setting.copies }, (_, n) => new Copy(this, n))
  }

  say(words: string): void {
    this.story.push(`${String(this.clock.now() - START).padStart(6)} ms  ${words}`)
  }

  violate(law: number, words: string): void {
    this.broken.push(`law ${law}: ${words}`)
    this.say(`!! law ${law}: ${words}`)
  }

  /** Answers that wait for the scheduler. */
  later<T>(label: string, value: () => T): Promise<T> {
    return this.scheduler.schedule(Promise.resolve(label), label).then(() => {
      this.say(`  … ${label}`)
      return value()
    })
  }

  make(copy: Copy, kind: CallModel['kind']): CallModel {
    const call: CallModel = {
      name: `r${++this.lastCall}`,
      kind,
      copy,
      epoch: copy.epoch,
      duringLogin: copy.isLoggingIn ? copy.logins : undefined,
      sends: 0,
      onWire: 0,
      refusedWith: new Set(),
      awaited: new Set(),
      lastRefused: undefined,
      code: undefined,
      error: undefined,
      callbacks: 0,
      abort: () => undefined,
    }
    this.calls.push(call)
    return call
  }

  callAt(url: string): CallModel | undefined {
    const name = /\/r(\d+)$/.exec(url)?.[1]
    return name === undefined ? undefined : this.calls.find((call) => call.name === `r${name}`)
  }

  private firstSession(): Session | undefined {
    const { stored } = this.setting
    if (stored === 'nothing') return undefined
    const token = stored === 'dead' ? 'token-dead' : this.fake.server.issue('token-old')
    const life = stored === 'expired' ? -1 : stored === 'brief' ? 700 : undefined
    return life === undefined ? { token } : { token, expiresAt: this.clock.now() + life }
  }

  /** The server decides when a request arrives; the scheduler, when its answer does. */
  private async serve(...[request, wire]: Parameters<FakeWeChat['server']['handle']>) {
    const isLogin = request.path === '/login'
    const mood = isLogin ? this.exchangeMoods.shift() : undefined
    const isForbidden = request.path.startsWith('/forbidden/')
    const isUnseen = this.isOut && !isLogin
    const given = isUnseen
      ? { statusCode: 503 }
      : isForbidden
        ? { statusCode: 401 }
        : await this.fake.server.handle(request, wire)
    const reply =
      mood === 'broken'
        ? { statusCode: 500 }
        : mood === 'refused'
          ? { statusCode: 403 }
          : mood === 'html'
            ? { data: '<html>' }
            : mood === 'no token'
              ? { data: { token: null } }
              : mood === 'line break'
                ? { data: { token: 'token-x\ny' } }
                : given
    const status = reply.statusCode ?? 200
    const name = isLogin ? 'the login request' : request.path.slice(1)
    return this.later(`${name} is answered ${status}${mood ? ` (${mood})` : ''}`, () => reply)
  }
}

const START = createFakeClock().now()

/** One copy of the package: its client, and the model of what it may and must do. */
export class Copy {
  readonly api: Client
  readonly clone: Client
  epoch = 0
  logins = 0
  isLoggingIn = false
  private loginEpoch = 0
  private touched = false
  private forced = 0
  private loginStep: object | undefined
  private checks = 0
  /** Of the login in flight: how often wx.login was asked, and whether its answer was the last word. */
  private asked = 0
  private isDecided = false
  private isConfirmed = false
  private hasFailedCheck = false
  /** It has logged out while the store failed: it cannot tell what is there from what should be gone. */
  private isBlind = false
  private readonly trips: Trip[] = []
  private readonly codes = new Set<string>()
  private readonly spent = new Set<string>()
  /** Tokens that this copy has got by a login, and in which epoch that was begun. */
  private readonly obtained = new Map<string, number>()
  private readonly obtainedIn = new Map<string, number>()
  private readonly refreshed = new Set<string>()
  private readonly seen = new Set<string>()
  private readonly loggedOut = new Set<string>()
  private readonly failedLogins: (string | undefined)[] = []
  private fresh: string | undefined
  private failures = 0
  private pauseEnds = 0

  constructor(
    private readonly world: World,
    private readonly index: number,
  ) {
    const { setting } = world
    this.api = createClient({
      baseURL: HOME,
      platform: this.platform(),
      concurrency: setting.concurrency,
      checkSession: setting.check,
      timeout: TIMEOUT,
      retry: { limit: 1, delay: () => 300 },
      login: {
        url: '/login',
        timeout: LOGIN_TIMEOUT,
        ...(setting.hasRefresh && { refresh: () => this.refresh() }),
      },
      ...(setting.store === 'async' && { storage: this.asyncStore() }),
      onEvent: (event) => this.hear(event),
    })
    this.clone = this.api.extend({ header: { clone: 'yes' } })
  }

  /** What is known now; asked only of a copy that has looked already, for to ask is to look. */
  get token(): string | undefined {
    const session = this.touched ? this.api.session : undefined
    if (session) this.seen.add(session.token)
    return session?.token
  }

  private get isExpired(): boolean {
    const end = this.touched ? this.api.session?.expiresAt : undefined
    return end !== undefined && end <= this.world.clock.now()
  }

  private get name(): string {
    return this.world.copies.length > 1 ? `copy ${this.index + 1}: ` : ''
  }

  private get storedSession(): Session | undefined {
    const { setting, fake, stored } = this.world
    return (setting.store === 'sync' ? fake.storage.get(KEY) : stored) as Session | undefined
  }

  private get storedToken(): string | undefined {
    return this.storedSession?.token
  }

  // ---- what users do ----

  send(kind: CallKind, viaClone: boolean): void {
    this.touched = true
    const { world } = this
    const call = world.make(this, kind)
    world.say(`${this.name}${call.name}: ${kind}${viaClone ? ' through a clone' : ''}`)
    const api = viaClone ? this.clone : this.api
    const url =
      kind === 'foreign'
        ? `https://else.test/${call.name}`
        : kind === 'forbidden'
          ? `/forbidden/${call.name}`
          : `/${call.name}`
    const complete = () => {
      call.callbacks++
    }
    const auth = kind === 'verified' || kind === 'optional' ? kind : kind !== 'open'
    if (kind === 'authorize') {
      const task = api.authorize((token) => this.run(call, token))
      call.abort = () => task.abort()
      this.follow(call, task)
    } else if (kind === 'upload') {
      const task = api.uploadFile({ url, filePath: 'f', name: 'file', complete })
      call.abort = () => task.abort()
      this.follow(call, task)
    } else {
      const method = kind === 'post' ? 'POST' : 'GET'
      const totalTimeout = kind === 'limited' ? { totalTimeout: 1500 } : {}
      const task = api.request({ url, method, auth, complete, ...totalTimeout })
      call.abort = () => task.abort()
      this.follow(call, task)
    }
  }

  ensureLogin(force: boolean): void {
    this.touched = true
    const call = this.world.make(this, force ? 'force' : 'ensureLogin')
    this.world.say(`${this.name}${call.name}: ensureLogin(${force ? '{ force: true }' : ''})`)
    if (force) this.forced++
    const ensured = this.api.ensureLogin({ force })
    this.follow(call, ensured)
  }

  logout(): void {
    this.world.say(`${this.name}logout()`)
    const isQuiet = this.world.deedsDone
    this.forget()
    this.api.logout()
    if (isQuiet === this.world.deedsDone && this.touched && this.api.session)
      this.world.violate(7, 'a session is known right after logout()')
  }

  private follow(call: CallModel, promise: Promise<unknown>): void {
    const settle = (code: string, error?: unknown) => {
      if (call.code !== undefined) this.world.violate(9, `${call.name} settled twice`)
      call.code = code
      call.error = error
      this.world.say(`  ${this.name}${call.name} ends: ${code}`)
      this.judgeEnd(call)
    }
    promise.then(
      (value) => {
        settle('ok')
        const { token } = Object(value) as { token?: string }
        // A refreshed session may still fail the check, and the login after that may adopt.
        const isOwn = token === undefined || this.obtained.has(token) || this.world.setting.hasRefresh
        if (call.kind === 'force' && !isOwn)
          this.world.violate(
            6,
            `${call.name} was to log in and came back with ${token}, which is not of a login here`,
          )
      },
      (error: unknown) => settle(error instanceof RequestError ? error.code : `?${String(error)}`, error),
    )
  }

  private judgeEnd(call: CallModel): void {
    const { world } = this
    const { code, error, name, kind } = call
    if (code === undefined || code === 'ok') return
    if (code.startsWith('?'))
      world.violate(9, `${name} rejects with something that is no RequestError: ${code}`)
    if (!(error instanceof RequestError)) return
    if (SHARED.includes(code) && !this.failedLogins.includes(code))
      world.violate(6, `${name} rejects with ${code}, and no login has failed so`)
    if (code === 'LOGIN_COOLDOWN' && kind === 'force' && !world.setting.hasRefresh)
      world.violate(6, `${name} was to log in whatever has failed, and was told to wait`)
    if (code === 'LOGIN_COOLDOWN' && !this.isPausing)
      world.violate(6, `${name} rejects with LOGIN_COOLDOWN, and no pause is due`)
    if (code === 'UNAUTHORIZED' && kind !== 'optional' && call.epoch === this.epoch && !this.isPausing) {
      const { awaited, lastRefused, refusedWith } = call
      if (refusedWith.size < 3 && lastRefused !== undefined && !awaited.has(lastRefused))
        world.violate(
          4,
          `${name} ends for a token that it had not waited for, after ${refusedWith.size} refusals`,
        )
    }
    if (code === 'HTTP_STATUS' && !['optional', 'open', 'foreign', 'authorize'].includes(kind))
      world.violate(3, `${name} ended as a plain 401: it was sent without a token`)
    // A listener that aborts on hearing of a send is quicker than the send.
    if (
      world.deedsDone === 0 &&
      !code.startsWith('LOG') &&
      kind !== 'ensureLogin' &&
      kind !== 'force' &&
      error.attempts !== call.sends
    )
      world.violate(4, `${name} says ${error.attempts} attempts, and was sent ${call.sends} times`)
    const words = `${error.message} ${JSON.stringify(error.request)}`
    if (/token-|code-/.test(words)) world.violate(13, `the error of ${name} holds a secret: ${words}`)
    if (world.isPeaceful && !PEACEFUL_ENDS.includes(code))
      world.violate(9, `${name} rejects with ${code} though nothing went wrong`)
  }

  // ---- what the client tells ----

  private hear(event: ClientEvent): void {
    const { world } = this
    const phase = 'phase' in event ? event.phase : ''
    if (/token-|code-/.test(JSON.stringify(event)))
      world.violate(13, `an event holds a secret: ${JSON.stringify(event)}`)
    if (event.type === 'login') this.hearLogin(event.phase, event.code)
    if (event.type === 'check' && (phase === 'passed' || phase === 'unanswered')) this.isConfirmed = true
    if (event.type === 'check' && phase === 'failed') this.hasFailedCheck = true
    if (event.type === 'request' && (phase === 'fail' || phase === 'success')) {
      const call = world.calls.find((one) => event.url.endsWith(`/${one.name}`))
      for (const trip of this.trips) if (trip.call === call) trip.abandonedAt = world.clock.now()
    }
    const what = `${event.type} ${phase}`.trim()
    const next = world.deeds.findIndex(({ hears }) => hears === what)
    if (next >= 0) this.misbehave(what, world.deeds.splice(next, 1)[0]?.deed)
  }

  private misbehave(what: string, deed: Deed | undefined): void {
    const { world } = this
    world.deedsDone++
    world.say(`  ${this.name}a listener hears "${what}" and does this: ${String(deed)}`)
    if (deed === 'logout') this.logout()
    else if (deed === 'abort') world.calls.find(({ code }) => code === undefined)?.abort()
    else if (deed === 'get') this.send('get', false)
    else this.ensureLogin(deed === 'force')
  }

  private hearLogin(phase: 'start' | 'success' | 'fail', code: string | undefined): void {
    const { world } = this
    world.say(`  ${this.name}login: ${phase}${code ? ` ${code}` : ''}`)
    if (phase === 'start') {
      if (this.isLoggingIn) world.violate(1, 'a login starts while another is in flight')
      if (this.isPausing && this.forced === 0) world.violate(6, 'a login starts during the pause')
      this.isLoggingIn = true
      this.loginEpoch = this.epoch
      this.logins++
      this.asked = 0
      this.isDecided = false
      return
    }
    // A listener that logs out when the new session is being stored is quicker than the news of it.
    if (this.loginEpoch !== this.epoch) return
    this.isLoggingIn = false
    this.loginStep = undefined
    this.forced = 0
    if (phase === 'fail') {
      this.failedLogins.push(code)
      this.countFailure()
      return
    }
    const { token } = this
    if (token === undefined) world.violate(11, 'a login succeeded, and no session is known')
    else if (this.obtained.has(token)) this.fresh = token
    for (const call of world.calls) if (token !== undefined && call.onWire === 0) call.awaited.add(token)
    if (token !== undefined && !this.refreshed.has(token)) this.isConfirmed = true
  }

  /** From the moment of the call on: what listeners do inside it comes after. */
  private forget(): void {
    this.epoch++
    if (!this.world.isStoreWell) this.isBlind = true
    this.isLoggingIn = false
    this.loginStep = undefined
    this.forced = 0
    this.fresh = undefined
    for (const token of this.seen) this.loggedOut.add(token)
    if (this.storedToken !== undefined) this.loggedOut.add(this.storedToken)
  }

  private countFailure(): void {
    this.failures++
    if (this.failures >= 3)
      this.pauseEnds = this.world.clock.now() + Math.min(60_000, 1000 * 2 ** (this.failures - 3))
  }

  private get isPausing(): boolean {
    return this.world.clock.now() < this.pauseEnds
  }

  // ---- what reaches WeChat ----

  private platform(): Platform {
    const { fake, setting } = this.world
    const platform = {
      ...(fake.wx as Platform),
      request: (options: PlatformRequest) => this.dispatch('request', options),
      uploadFile: (options: PlatformRequest) => this.dispatch('uploadFile', options),
      login: (options: LoginOptions) => this.wxLogin(options),
      checkSession: setting.hasCheck ? (options: CheckOptions) => this.wxCheck(options) : undefined,
    }
    return platform as Platform
  }

  private dispatch(api: 'request' | 'uploadFile', options: PlatformRequest): unknown {
    const { world } = this
    const call = world.callAt(options.url)
    if (!call) return this.exchange(options)
    const token = /^Bearer (.*)/.exec(options.header?.['Authorization'] ?? '')?.[1]
    this.judgeSend(call, token, options.url)
    const trip: Trip = { call, token, isOver: false, abandonedAt: undefined }
    this.trips.push(trip)
    call.onWire++
    const busy = this.trips.filter((one) => !one.isOver && !this.isForgotten(one)).length
    if (busy > world.setting.concurrency)
      world.violate(9, `${busy} requests on ${world.setting.concurrency} lanes`)
    const { success, fail } = options
    options.success = (result) => this.answered(trip, result, () => success?.(result))
    options.fail = (failure) => this.answered(trip, undefined, () => fail?.(failure))
    try {
      return world.fake.wx[api](options as never)
    } catch (error) {
      this.over(trip)
      throw error
    }
  }

  private isForgotten({ abandonedAt }: Trip): boolean {
    return abandonedAt !== undefined && this.world.clock.now() >= abandonedAt + ABORT_GRACE
  }

  private judgeSend(call: CallModel, token: string | undefined, url: string): void {
    const { world } = this
    call.sends++
    world.say(`  ${this.name}${call.name} goes out${token === undefined ? '' : ` with ${token}`}`)
    if (call.code !== undefined) world.violate(9, `${call.name} goes out after its end`)
    if (call.epoch !== this.epoch)
      world.violate(7, `${call.name} was made before a logout and goes out after it`)
    if (call.onWire > 0) world.violate(4, `${call.name} is on the wire twice`)
    const retries = ['post', 'upload', 'authorize'].includes(call.kind) ? 0 : 1
    if (call.sends > 1 + call.refusedWith.size + retries)
      world.violate(
        4,
        `${call.name} goes out ${call.sends} times, and was refused ${call.refusedWith.size} times`,
      )
    const needsToken = !['optional', 'open', 'foreign'].includes(call.kind)
    if (needsToken && token === undefined) world.violate(3, `${call.name} goes out without a token`)
    if (token === undefined) return
    if (!url.startsWith(`${HOME}/`) || url.includes('token-')) world.violate(13, `a token goes to ${url}`)
    if (call.kind === 'open') world.violate(13, `${call.name} takes a token that it was not to have`)
    // The news that a session could not be stored comes before the news of the login.
    if (this.isLoggingIn && this.obtainedIn.get(token) !== this.logins)
      world.violate(3, `${call.name} goes out during a login`)
    if (token !== this.token)
      world.violate(3, `${call.name} goes out with ${token}, and ${String(this.token)} is known`)
    if (this.isExpired) world.violate(3, `${call.name} goes out with a token that has expired`)
    if (call.refusedWith.has(token))
      world.violate(4, `${call.name} goes out again with a token it was refused with`)
    if (call.refusedWith.size >= 3) world.violate(4, `${call.name} goes out after three refusals`)
    const isConfirmedOnly =
      call.kind === 'verified' || (world.setting.check === 'blocking' && call.kind !== 'optional')
    // What was adopted after a failed check counts as confirmed, and so does what is refreshed from it.
    if (this.hasFailedCheck && this.isFromElsewhere(token)) this.isConfirmed = true
    if (isConfirmedOnly && !this.isConfirmed && !this.isFromElsewhere(token))
      world.violate(8, `${call.name} goes out before the session is confirmed`)
  }

  /** Neither stored by an earlier launch nor got by a login of this copy: adopted, hence confirmed. */
  private isFromElsewhere(token: string): boolean {
    return !this.obtained.has(token) && !FIRST.includes(token)
  }

  private over(trip: Trip): void {
    trip.isOver = true
    trip.call.onWire--
  }

  private answered(trip: Trip, result: PlatformResponse | undefined, pass: () => void): void {
    if (trip.isOver) {
      pass()
      return
    }
    this.over(trip)
    const { call, token } = trip
    const isHeard = trip.abandonedAt === undefined
    this.judged(call, token, isHeard ? result?.statusCode : undefined, pass)
  }

  /** Passes an answer on, and looks at what the client makes of it there and then. */
  private judged(
    call: CallModel,
    token: string | undefined,
    status: number | undefined,
    pass: () => void,
  ): void {
    const { world, logins, epoch } = this
    const isCurrent = token !== undefined && token === this.token
    const isRefusal = token !== undefined && status === 401
    const hasAnother = this.token !== undefined && !isCurrent && !this.isExpired
    if (isRefusal) {
      call.refusedWith.add(token)
      call.lastRefused = token
      if (isCurrent && this.fresh === token && call.kind !== 'optional') {
        this.fresh = undefined
        this.countFailure()
      }
    } else if (isCurrent && status !== undefined && status < 500) {
      this.fresh = undefined
      this.failures = this.pauseEnds = 0
    }
    const stored = this.storedToken
    const { deedsDone } = world
    pass()
    if (deedsDone !== world.deedsDone) return
    if (isRefusal && hasAnother && this.logins > logins)
      world.violate(2, `the 401 to ${call.name} for ${token} started a login, though there is a newer token`)
    if (isRefusal && hasAnother && this.api.session === undefined)
      world.violate(2, `the 401 to ${call.name} for ${token} took a newer token away`)
    if (call.epoch !== epoch && this.logins > logins)
      world.violate(7, `${call.name} was made before a logout, and its answer started a login`)
    if (isRefusal && isCurrent && this.api.session === undefined && this.isLeft(token))
      world.violate(10, `the refused ${token} stays in the store`)
    const isGone = stored !== undefined && this.storedToken === undefined
    if (isGone && !(isRefusal && stored === token && call.kind !== 'optional'))
      world.violate(10, `the answer to ${call.name} removed ${stored} from the store`)
  }

  /** Whether a store that does what it is told, at once, still has it. */
  private isLeft(token: string): boolean {
    const { setting, hasStoreFailed } = this.world
    return setting.store === 'sync' && !hasStoreFailed && this.storedToken === token
  }

  private async run(call: CallModel, token: string): Promise<{ statusCode: number }> {
    const { world } = this
    this.judgeSend(call, token, `${HOME}/`)
    call.onWire++
    const statusCode = world.fake.server.tokens.has(token) ? 200 : 401
    await world.later(`${call.name} is answered ${statusCode}`, () => undefined)
    call.onWire--
    if (call.code === undefined) this.judged(call, token, statusCode, () => undefined)
    return { statusCode }
  }

  private wxLogin(options: LoginOptions): void {
    const { world } = this
    const mood = world.loginMoods.shift()
    world.say(`  ${this.name}wx.login${mood ? ` (which will do this: ${mood})` : ''}`)
    if (!this.isLoggingIn) world.violate(7, 'wx.login is asked by no login that is wanted')
    if (this.loginStep) world.violate(1, 'wx.login is asked while another step of a login is in flight')
    if (++this.asked > 2) world.violate(5, `one login has asked for ${this.asked} codes`)
    if (this.isDecided)
      world.violate(6, 'wx.login is asked again by a login that has timed out or was blocked')
    if (mood === 'hang' || mood === 'blocked') this.isDecided = true
    const { storedToken: stored, token } = this
    const { expiresAt = Infinity } = this.storedSession ?? {}
    if (
      expiresAt > world.clock.now() &&
      !this.isBlind &&
      world.setting.store === 'sync' &&
      world.isStoreWell &&
      this.forced === 0 &&
      stored !== undefined &&
      stored !== token &&
      !this.seen.has(stored) &&
      !this.loggedOut.has(stored) &&
      !FIRST.includes(stored)
    )
      world.violate(12, `wx.login is asked though another copy has stored ${stored}`)
    this.isBlind = false
    const step = (this.loginStep = {})
    const ended = () => {
      if (this.loginStep === step) this.loginStep = undefined
    }
    const ask = () => {
      if (mood) world.fake.misbehave('login', mood)
      world.fake.wx.login({
        success: (result) => {
          if (result.code && !(result as { fromCache?: boolean }).fromCache) this.codes.add(result.code)
          ended()
          options.success?.(result)
        },
        fail: (failure) => {
          ended()
          options.fail?.(failure)
        },
      })
    }
    if (mood === 'hang') return
    if (mood === 'throw') this.loginStep = undefined
    if (mood === 'throw' || mood === 'same-tick') ask()
    else detach(world.later('wx.login answers', ask))
  }

  private wxCheck(options: CheckOptions): void {
    const { world } = this
    const mood = world.checkMoods.shift()
    world.say(`  ${this.name}wx.checkSession${mood ? ` (which will do this: ${mood})` : ''}`)
    if (++this.checks > 1) world.violate(8, 'wx.checkSession is asked twice in one launch')
    const ask = () => {
      if (mood === 'fail at once')
        world.fake.misbehave('checkSession', { fail: { errMsg: 'fail' }, sameTick: true })
      else if (mood) world.fake.misbehave('checkSession', mood)
      const { success, fail } = options
      world.fake.wx.checkSession({
        success: (result) => success?.(result as never),
        fail: (failure) => fail?.(failure),
      })
    }
    if (mood === 'hang') return
    if (mood === 'throw' || mood === 'same-tick' || mood === 'fail at once') ask()
    else detach(world.later('wx.checkSession answers', ask))
  }

  private exchange(options: PlatformRequest): unknown {
    const { world, epoch } = this
    const { code } = JSON.parse(options.data as string) as { code: string }
    world.say(`  ${this.name}${code} goes to the server`)
    if (!this.isLoggingIn) world.violate(7, 'a code is exchanged by no login that is wanted')
    if (this.loginStep) world.violate(1, 'a code is exchanged while another step of a login is in flight')
    if (!this.codes.has(code)) world.violate(5, `${code} was not given to this copy as a new code`)
    if (this.spent.has(code)) world.violate(5, `${code} is exchanged a second time`)
    if (JSON.stringify(options.header).includes('token-'))
      world.violate(13, 'a token goes with the login request')
    this.spent.add(code)
    this.isBlind = false
    const step = (this.loginStep = {})
    const ended = () => {
      if (this.loginStep === step) this.loginStep = undefined
    }
    const { success, fail } = options
    options.success = (result) => {
      const { token } = Object(result.data) as { token?: string }
      if (token && !this.obtained.has(token)) this.obtain(token, epoch)
      ended()
      success?.(result)
    }
    options.fail = (failure) => {
      ended()
      fail?.(failure)
    }
    try {
      return world.fake.wx.request(options)
    } catch (error) {
      ended()
      throw error
    }
  }

  private obtain(token: string, epoch: number): void {
    this.obtained.set(token, epoch)
    this.obtainedIn.set(token, this.logins)
  }

  private async refresh(): Promise<string> {
    const { world, epoch } = this
    world.say(`  ${this.name}refresh`)
    if (!this.isLoggingIn) world.violate(7, 'refresh is called by no login that is wanted')
    const works = await world.later('refresh answers', () => world.exchangeMoods.shift() === undefined)
    if (!works) throw new Error('refresh token expired')
    const token = world.fake.server.issue()
    this.refreshed.add(token)
    this.obtain(token, epoch)
    return token
  }

  /** Does what it is told at once, and answers when the scheduler says. */
  private asyncStore() {
    const { world } = this
    const answer = <T>(name: string, act: () => T) => {
      if (!world.isStoreWell)
        return world.later(`the store fails to ${name}`, () => {
          throw new Error('out of order')
        })
      const result = act()
      return world.later(`the store has answered: ${name}`, () => result)
    }
    return {
      get: () => answer('get', () => world.stored),
      set: (session: Session) => answer('set', () => void (world.stored = session)),
      remove: () => answer('remove', () => void (world.stored = undefined)),
    }
  }

  // ---- after each step, and at the end ----

  /** What holds whenever nothing is being done. */
  judge(): void {
    const { world, epoch: before } = this
    // To look at it may be to read the store, and a listener that hears of a failure may log out: after that
    // the ends have yet to come.
    const { token } = this
    if (before !== this.epoch) return
    if (token !== undefined && this.loggedOut.has(token) && world.copies.length === 1)
      world.violate(7, `${token} was logged out of, and is known again`)
    const { storedToken: stored } = this
    if (
      stored !== undefined &&
      this.loggedOut.has(stored) &&
      this.isLeft(stored) &&
      world.copies.length === 1
    )
      world.violate(7, `${stored} was logged out of, and is stored`)
    const epoch = token === undefined ? undefined : this.obtained.get(token)
    if (epoch !== undefined && epoch !== this.epoch && world.copies.length === 1)
      world.violate(7, `${String(token)} comes from a login that a logout had ended`)
    for (const call of world.calls) {
      if (call.copy !== this || call.code !== undefined) continue
      if (call.epoch !== this.epoch && call.onWire === 0)
        world.violate(7, `${call.name} is still pending after a logout, and not on the wire`)
    }
  }

  /** Everybody who came during a login that has failed was told so, with one and the same error. */
  judgeFailures(): void {
    const errors = new Set<unknown>()
    for (const { copy, code, error } of this.world.calls)
      if (copy === this && code !== undefined && SHARED.includes(code)) errors.add(error)
    if (errors.size > this.failedLogins.length)
      this.world.violate(6, `${errors.size} login errors for ${this.failedLogins.length} failed logins`)
  }
}

/** Answers come by callbacks; what becomes of the promise is no concern of ours. */
function detach(promise: Promise<unknown> | undefined): void {
  promise?.then(
    () => undefined,
    () => undefined,
  )
}
