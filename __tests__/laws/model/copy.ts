import { createClient, type Client, type ClientEvent } from '../../../src'
import { KEY } from '../world'
import { Addresses } from './addresses'
import { follow, sender } from './ask'
import { CheckModel } from './check'
import { Cooldown } from './cooldown'
import { LoginModel } from './login'
import { LoginSteps } from './login-steps'
import { optionsOf } from './options'
import { RefreshModel } from './refresh'
import type { StoreModel } from './store'
import { Tokens } from './tokens'
import { Wire } from './wire'
import type { AskKind, CallKind, Deed } from './words'
import type { World } from './world'

/** One client: what users do with it, and the model of what it may and must do. */
export class Copy {
  readonly api: Client
  private readonly clone: Client
  readonly tokens: Tokens
  readonly check = new CheckModel(this)
  readonly login = new LoginModel(this)
  readonly steps = new LoginSteps(this)
  readonly refresh = new RefreshModel(this)
  readonly cooldown: Cooldown
  readonly addresses: Addresses
  readonly wire: Wire
  /** Grows with each logout. */
  epoch = 0
  /** How often the app has set a session. */
  sets = 0
  private isTouched = false
  /** False while it calls a function of the app's: what is asked of it then may come a little later. */
  private isIdle = true

  constructor(
    readonly world: World,
    private readonly index: number,
    readonly store: StoreModel,
    /** The client of the same copy of the package with which it shares phone and lanes. */
    private readonly neighbour?: Copy,
  ) {
    this.tokens = new Tokens(world.setTokens)
    this.cooldown = new Cooldown(world)
    this.addresses = new Addresses(world)
    this.wire = new Wire(this, neighbour?.wire)
    this.api = createClient(optionsOf(this, KEY))
    this.clone = this.api.extend({ header: { clone: 'yes' } })
  }

  get isSecondClient(): boolean {
    return this.neighbour !== undefined
  }

  get name(): string {
    if (this.world.setting.clients > 1) return `client ${this.index + 1}: `
    return this.world.setting.copies > 1 ? `copy ${this.index + 1}: ` : ''
  }

  /** Whether its logins begin with wx.login. */
  get hasCode(): boolean {
    return !this.isSecondClient && this.world.setting.login !== 'no code'
  }

  get hasRefresh(): boolean {
    return !this.isSecondClient && this.world.setting.hasRefresh
  }

  /** Whether a function of the app's takes part in its logins, and may want a lane. */
  get hasAppLogin(): boolean {
    return this.hasRefresh || (!this.isSecondClient && this.world.setting.login === 'exchange')
  }

  get checks(): 'background' | 'blocking' | false {
    const { check, autoLogin } = this.world.setting
    // Where a failed check could lead to nothing only `'verified'` asks.
    return this.isSecondClient || !(autoLogin && this.hasCode) ? false : check
  }

  /** What is known now; asked only of a copy that has looked already, for to ask is to look. */
  get token(): string | undefined {
    const session = this.isTouched ? this.api.session : undefined
    if (session) this.tokens.seen.add(session.token)
    return session?.token
  }

  get isExpired(): boolean {
    const end = this.isTouched ? this.api.session?.expiresAt : undefined
    return end !== undefined && end <= this.world.phone.now()
  }

  send(kind: CallKind, viaClone: boolean): void {
    this.isTouched = true
    // Its login knows nothing that WeChat's check could be about.
    const allowed = kind === 'verified' && this.isSecondClient ? 'get' : kind
    const call = this.world.make(this, allowed)
    this.world.say(`${this.name}${call.name}: ${allowed}${viaClone ? ' through a clone' : ''}`)
    const { task, abort } = sender(this, viaClone ? this.clone : this.api, call, allowed)
    call.abort = () => {
      call.isAborted = true
      abort()
      this.wire.abandon(call)
    }
    follow(this, call, task)
  }

  ensureLogin(kind: AskKind, data?: string): void {
    this.isTouched = true
    const options = { force: kind === 'force', ...(data !== undefined && { data: { invite: data } }) }
    const call = this.world.make(this, kind, data)
    this.world.say(`${this.name}${call.name}: ensureLogin(${JSON.stringify(options)})`)
    const asked = kind === 'ensureLogin' ? undefined : this.login.isAsking(data)
    const promise = this.api.ensureLogin(options)
    asked?.()
    follow(this, call, promise)
  }

  setSession(token: string): void {
    const { world, tokens } = this
    this.isTouched = true
    world.say(`${this.name}setSession(${token})`)
    const { deedsDone } = world
    this.login.giveUp()
    this.sets++
    tokens.set.add(token)
    tokens.fresh = undefined
    this.cooldown.reset()
    const given = this.api.setSession(token)
    if (deedsDone !== world.deedsDone) return
    if (given.token !== token || this.token !== token)
      world.violate(2, `${String(this.token)} is known right after setSession(${token})`)
    if (this.isIdle && this.store.isPrompt && this.store.token !== token)
      world.violate(10, `${String(this.store.token)} is stored right after setSession(${token})`)
  }

  logout(): void {
    const { world, store } = this
    world.say(`${this.name}logout()`)
    const { deedsDone } = world
    this.forget()
    this.api.logout()
    if (deedsDone !== world.deedsDone) return
    if (this.isTouched && this.api.session) world.violate(7, 'a session is known right after logout()')
    if (this.isIdle && store.onlyWrites && store.token !== undefined)
      world.violate(7, `${store.token} is stored right after logout(), though it could be written over`)
  }

  /** From the moment of the call on: what listeners do inside it comes after. */
  private forget(): void {
    const { tokens, store } = this
    this.epoch++
    if (!store.isWell) this.steps.isBlind = true
    this.login.giveUp()
    this.cooldown.reset()
    tokens.fresh = undefined
    for (const token of tokens.seen) tokens.loggedOut.add(token)
    const { token: stored } = store
    if (stored !== undefined) tokens.loggedOut.add(stored)
  }

  /** The app goes to the background, or to the front: what waits for a lane now waits until it is in front (law 17). */
  noteQueue(isBack: boolean): void {
    const { world, wire, login } = this
    const { concurrency } = world.setting
    const isReady = login.now === undefined && this.token !== undefined && !this.isExpired
    const isFull = wire.lanes.heard().filter(({ call }) => call.copy === this).length >= concurrency
    for (const call of world.calls) {
      if (call.copy !== this) continue
      const isWaiting =
        call.code === undefined && call.sends === 0 && ['get', 'post', 'upload'].includes(call.kind)
      call.isQueued = isBack && isReady && isFull && isWaiting && this.checks !== 'blocking'
    }
  }

  hear(event: ClientEvent): void {
    const { world } = this
    const phase = 'phase' in event ? event.phase : ''
    if (/token-|code-/.test(JSON.stringify(event)))
      world.violate(13, `an event holds a secret: ${JSON.stringify(event)}`)
    if (event.type === 'login') this.login.hear(event)
    if (event.type === 'session') this.login.hearSession(event.source)
    if (event.type === 'check') this.check.hear(phase)
    world.notice(`${event.type} ${phase}`.trim(), this)
  }

  /** What a listener, or a function of the app's, does. */
  act(what: string, deed: Deed | undefined): void {
    const { world } = this
    world.deedsDone++
    this.isIdle = false
    world.say(`  ${this.name}the app hears "${what}" and does this: ${String(deed)}`)
    if (deed === 'logout') this.logout()
    else if (deed === 'abort') world.calls.find(({ code }) => code === undefined)?.abort()
    else if (deed === 'get') this.send('get', false)
    else if (deed === 'setSession') this.setSession(world.fake.server.issue())
    else this.ensureLogin(deed === 'force' ? 'force' : 'ensureLogin')
    this.isIdle = true
  }
}
