import { setTimeout as pause } from 'node:timers/promises'
import { mintCode } from '../../server/src/testing.ts'
import {
  createClient,
  RequestError,
  type Client,
  type ClientOptions,
  type Middleware,
  type Platform,
  type Session,
} from '../../src'
import { createFakeWeChat, httpTransport, realClock } from '../../src/testing'

/** How the SDK is made; a faulty one shows that the chaos can tell. */
export type MakeClient = (options: ClientOptions) => Client

/** How a request ended, as the app saw it. */
export interface Outcome {
  data?: unknown
  /** What it was rejected with. */
  code?: string
}

type Sent = Parameters<Platform['request']>[0]

/** Longer than the server is ever away, start included. */
const RETRIES = 100
/** How often an app asks again for what the SDK has given up, and after what pause in ms. */
const ASKED_AGAIN = 300
const PAUSE = 300

/** One user's phone: the SDK on the fake WeChat, over real HTTP, watched where the two meet. */
export class Phone {
  readonly user: string
  readonly api: Client
  /** Logins that were sent, that brought a token, and that the SDK reported. */
  exchanges = 0
  goodExchanges = 0
  reported = { start: 0, success: 0, fail: 0 }
  readonly violations: string[] = []
  /** What the app asked again for, after the SDK had given up. */
  readonly askedAgain = new Map<string, number>()
  private exchanging = 0
  private readonly fake

  constructor(n: number, seed: number, address: string, make: MakeClient = createClient) {
    this.user = `chaos-${seed}-${n}`
    this.fake = createFakeWeChat({
      server: httpTransport(),
      clock: realClock,
      codes: () => mintCode(this.user),
      loginLatency: 1,
      checkLatency: 1,
      record: false,
    })
    this.api = make({
      platform: { ...(this.fake.wx as Platform), request: (options) => this.send(options) },
      baseURL: address,
      login: { url: '/login', timeout: 4000, header: { 'x-chaos-id': `login-${n}` } },
      timeout: 2500,
      retry: { limit: RETRIES, delay: (attempt) => Math.min(500, 40 * 2 ** attempt) },
      use: [this.persist],
      onEvent: (event) => {
        if (event.type === 'login') this.reported[event.phase]++
      },
    })
  }

  /** Calls of `wx.login`. */
  get codes(): number {
    return this.fake.calls.logins
  }

  /** What an app does that wants its data: asks again after a time-out, a page of HTML, a login that failed. */
  private readonly persist: Middleware = async (request, next) => {
    if (request.method === 'POST') return next()
    for (let tries = 1; ; tries++) {
      try {
        const response = await next()
        if (typeof response.data !== 'string' || tries > ASKED_AGAIN) return response
        this.count('a page of HTML')
      } catch (error) {
        if (!(error instanceof RequestError) || tries > ASKED_AGAIN) throw error
        this.count(error.code)
      }
      await pause(PAUSE)
    }
  }

  private count(why: string): void {
    this.askedAgain.set(why, (this.askedAgain.get(why) ?? 0) + 1)
  }

  /** `wx.request`, with the laws checked at its door. */
  private send(options: Sent): unknown {
    if (options.url.endsWith('/login')) return this.sendLogin(options)
    const isAuthorized = Object.keys(options.header ?? {}).some(
      (name) => name.toLowerCase() === 'authorization',
    )
    if (this.exchanging > 0 && isAuthorized)
      this.violations.push(`${this.user} sent a request into a login that was under way`)
    return this.fake.wx.request(options as object as WechatMiniprogram.RequestOption)
  }

  private sendLogin(options: Sent): unknown {
    this.exchanges++
    if (++this.exchanging > 1)
      this.violations.push(`${this.user} had ${this.exchanging} logins in flight at once`)
    let isOpen = true
    const end = (): boolean => {
      if (!isOpen) return false
      isOpen = false
      this.exchanging--
      return true
    }
    const { success, fail } = options
    const watched: Sent = {
      ...options,
      success: (result) => {
        const { token } = Object(result.data) as Partial<Session>
        if (end() && result.statusCode === 200 && typeof token === 'string') this.goodExchanges++
        success?.(result)
      },
      fail: (failure) => {
        end()
        fail?.(failure)
      },
    }
    const task = this.fake.wx.request(watched as object as WechatMiniprogram.RequestOption)
    const abort = () => {
      end()
      task.abort()
    }
    return { ...task, abort }
  }

  async settle(start: () => Promise<unknown>): Promise<Outcome> {
    try {
      return { data: await start() }
    } catch (error) {
      return { code: error instanceof RequestError ? error.code : String(error) }
    }
  }
}
