import type fc from 'fast-check'
import type { SessionInit } from '../../../src'
import { createFakeClock, createFakeWeChat, type FakeClock, type FakeWeChat } from '../../../src/testing'
import type { PlatformRequest } from '../../../src/platforms/wechat'
import { KEY } from '../world'
import { BackEnd } from './back-end'
import { makeCall, type CallModel } from './call'
import { Copy } from './copy'
import { PhoneClock } from './phone'
import { StoreModel } from './store'
import {
  KEPT,
  OTHER_KEY,
  type CheckMood,
  type Deed,
  type LoginMood,
  type RefreshMood,
  type Setting,
} from './words'

const START = createFakeClock().now()

/** Everything of one run: a phone, a back end, one or two copies of the package, and what the laws say of them. */
export class World {
  readonly clock: FakeClock = createFakeClock({ hops: 12 })
  readonly phone = new PhoneClock(this.clock)
  readonly fake: FakeWeChat
  readonly backEnd = new BackEnd(this)
  readonly calls: CallModel[] = []
  /** The clients: those of two copies of the package, or two of one copy. */
  readonly copies: Copy[]
  readonly story: string[] = []
  readonly broken: string[] = []
  readonly setTokens = new Set<string>()
  loginMoods: LoginMood[] = []
  checkMoods: CheckMood[] = []
  refreshMoods: RefreshMood[] = []
  /** Deeds that a listener, or a function of the app's, does the next time it is called. */
  deeds: { hears: string; deed: Deed }[] = []
  deedsDone = 0
  /** False once anything was done that may rightly make a request fail. */
  isPeaceful = true
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
      server: (request, wire) => this.backEnd.serve(request, wire),
    })
    const store = new StoreModel(this, KEY, this.firstSession())
    this.copies = Array.from({ length: setting.copies }, (_, n) => new Copy(this, n, store))
    const [first] = this.copies
    if (first && setting.clients === 2)
      this.copies.push(new Copy(this, 1, new StoreModel(this, OTHER_KEY, undefined), first))
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

  make(copy: Copy, kind: CallModel['kind'], data?: string): CallModel {
    const call = makeCall(`r${++this.lastCall}`, kind, copy, data)
    this.calls.push(call)
    return call
  }

  callAt(url: string): CallModel | undefined {
    const name = /\/r(\d+)(?:$|\?)|\bcall=r(\d+)/.exec(url)
    const number = name?.[1] ?? name?.[2]
    return number === undefined ? undefined : this.calls.find((call) => call.name === `r${number}`)
  }

  /** Whose request reaches WeChat: two clients of one copy share a platform. */
  route(api: 'request' | 'uploadFile', options: PlatformRequest, owner: Copy): unknown {
    const call = this.callAt(options.url)
    if (call) return call.copy.wire.dispatch(api, call, options)
    const isOther = options.url.endsWith('/password')
    return ((isOther && this.copies.find(({ isSecondClient }) => isSecondClient)) || owner).steps.exchange(
      options,
    )
  }

  /** A function of the app's runs, or a listener of its hears something: it may do a deed. */
  notice(what: string, copy: Copy): void {
    const next = this.deeds.findIndex(({ hears }) => hears === what)
    if (next >= 0) copy.act(what, this.deeds.splice(next, 1)[0]?.deed)
  }

  private firstSession(): SessionInit | undefined {
    const { stored, hasRefresh } = this.setting
    if (stored === 'nothing') return undefined
    const isDead = stored === 'dead' || stored === 'ended'
    const token = isDead ? 'token-dead' : this.fake.server.issue('token-old')
    const now = this.clock.now()
    const expiresAt =
      stored === 'ended' ? 1 : stored === 'expired' ? now - 1 : stored === 'brief' ? now + 700 : undefined
    return { token, ...(expiresAt !== undefined && { expiresAt }), ...(hasRefresh && { data: KEPT }) }
  }
}
