import type { Platform } from '../../../src'
import type { PlatformFailure, PlatformRequest, PlatformResponse } from '../../../src/platforms/wechat'
import type { CallModel } from './call'
import type { Copy } from './copy'
import { judgeAnswer, judgeHead } from './judge-answer'
import { judgeGiven, judgeSend } from './judge-send'
import { Lanes, type Attempt } from './lanes'
import { HOMES, isSentOnce, TIMEOUT } from './words'

const EVENTS = ['onHeadersReceived', 'onChunkReceived', 'onProgressUpdate'] as const
/** What `wx.request` and `wx.uploadFile` return. */
type PlatformTask = Record<
  (typeof EVENTS)[number],
  (listener: (detail: { statusCode?: number }) => void) => void
> & { abort(): void }

/** What one client has with WeChat: its attempts under way. */
export class Wire {
  /** Something has happened after which another base URL may rightly be tried (law 17). */
  mayHaveMoved = false

  constructor(
    private readonly copy: Copy,
    neighbour?: Wire,
  ) {
    this.lanes = neighbour ? neighbour.lanes : new Lanes(copy.world)
    this.platform = neighbour ? neighbour.platform : this.makePlatform()
  }

  private asked: (() => void) | undefined
  readonly lanes: Lanes
  /** The platform of this client, and of another one on the same phone. */
  readonly platform: Platform

  private makePlatform(): Platform {
    const { copy } = this
    const { world } = copy
    const { fake, setting } = world
    const platform = {
      ...(fake.wx as Platform),
      ...ownPhone(fake.wx),
      clock: world.phone,
      request: (options: PlatformRequest) => world.route('request', options, copy),
      uploadFile: (options: PlatformRequest) => world.route('uploadFile', options, copy),
      login: (options: Parameters<Platform['login']>[0]) => copy.steps.wxLogin(options),
      checkSession:
        setting.hasCheck && 'checkSession' in fake.wx
          ? (options: Parameters<NonNullable<Platform['checkSession']>>[0]) => copy.check.wxCheck(options)
          : undefined,
    }
    return platform as Platform
  }

  /** The function behind `authorize()`. */
  async run(call: CallModel, token: string): Promise<{ statusCode: number }> {
    const { world } = this.copy
    judgeSend(this.copy, call, token, `${HOMES[0]}/`)
    const attempt = this.attempt(call, token)
    call.onWire++
    const statusCode = world.fake.server.tokens.has(token) && !world.backEnd.isLocked ? 200 : 401
    await world.later(`${call.name} is answered ${statusCode}`, () => undefined)
    call.onWire--
    if (call.code === undefined) judgeAnswer(this.copy, attempt, { statusCode }, () => undefined)
    return { statusCode }
  }

  dispatch(api: 'request' | 'uploadFile', call: CallModel, options: PlatformRequest): unknown {
    const { copy } = this
    const { world } = copy
    const token = /^Bearer (.*)/.exec(options.header?.['Authorization'] ?? '')?.[1]
    judgeSend(copy, call, token, options.url)
    judgeGiven(copy, call, options)
    const attempt = this.attempt(call, token)
    call.onWire++
    this.lanes.take(attempt)
    const { success, fail } = options
    options.success = (result) => this.answered(attempt, result, () => success?.(result))
    options.fail = (failure) => this.failed(attempt, failure, () => fail?.(failure))
    try {
      return this.overheard(
        attempt,
        world.fake.wx[api](options as never) as unknown as PlatformTask | undefined,
      )
    } catch (error) {
      this.mayHaveMoved = true
      this.over(attempt)
      throw error
    }
  }

  /** Passes an answer on. `then` runs once the app has been asked what it means. */
  asking(then: () => void, pass: () => void): void {
    const { asked } = this
    this.asked = then
    pass()
    this.asked = asked
  }

  /** The app has said what an answer means. */
  wasAsked(): void {
    const { asked } = this
    this.asked = undefined
    asked?.()
  }

  /** The call has ended: what it still has on the wire is given up. */
  abandon(call: CallModel): void {
    this.lanes.abandon(call)
  }

  /** Whether another request with this token has yet to be answered: it may bring the next one. */
  awaitsAnother(attempt: Attempt): boolean {
    return this.lanes
      .heard()
      .some(
        (one) =>
          one !== attempt && !one.isAnswered && one.token === attempt.token && one.call.code === undefined,
      )
  }

  /** Whether an attempt of this call may have taken too long (law 9). */
  mayBeLate(call: CallModel): boolean {
    const { awake, surprises } = this.copy.world.phone
    return call.attempts.some(
      (attempt) => awake - attempt.lastSign + 1000 * (surprises - attempt.surprises) >= TIMEOUT,
    )
  }

  /** A task as the client gets it: what the client hears there, the model hears first. */
  private overheard(attempt: Attempt, task: PlatformTask | undefined): PlatformTask | undefined {
    if (!task) return task
    const abort = task.abort.bind(task)
    task.abort = () => {
      // By the client itself, whose time-out this is; in answer it may get a lane back at once.
      if (this.mayBeLate(attempt.call)) this.mayHaveMoved = true
      abort()
    }
    for (const event of EVENTS) {
      // Not every platform has them all.
      const on = (task as Partial<PlatformTask>)[event]?.bind(task)
      if (!on) continue
      task[event] = (listener) =>
        on((detail) => {
          if (!attempt.isOver && attempt.abandonedAt === undefined) this.hear(attempt, detail)
          listener(detail)
        })
    }
    return task
  }

  /** A sign of life; of a chunked answer the head says already what it means for the token. */
  private hear(attempt: Attempt, { statusCode }: { statusCode?: number }): void {
    const { awake, surprises } = this.copy.world.phone
    Object.assign(attempt, { lastSign: awake, surprises })
    if (attempt.call.kind !== 'stream' || statusCode !== 200) return
    attempt.isAnswered = true
    judgeHead(this.copy, attempt)
  }

  private attempt(call: CallModel, token: string | undefined): Attempt {
    const { tokens, world } = this.copy
    const attempt: Attempt = {
      call,
      token,
      wasAccepted: token !== undefined && tokens.isAccepted(token),
      lastSign: world.phone.awake,
      surprises: world.phone.surprises,
      mayBeLent: false,
      isAnswered: false,
      isOver: false,
      abandonedAt: undefined,
    }
    call.attempts.push(attempt)
    return attempt
  }

  private over(attempt: Attempt): void {
    this.lanes.leave(attempt)
    attempt.call.onWire--
  }

  private answered(attempt: Attempt, result: PlatformResponse, pass: () => void): void {
    if (attempt.isOver) return pass()
    this.over(attempt)
    if (result.statusCode === undefined) this.mayHaveMoved = true
    judgeAnswer(this.copy, attempt, attempt.abandonedAt === undefined ? result : undefined, pass)
  }

  private failed(attempt: Attempt, { errno, errMsg = '', cause }: PlatformFailure, pass: () => void): void {
    if (attempt.isOver) return pass()
    this.over(attempt)
    const { call } = attempt
    const { isInBackground } = this.copy.world.fake.app
    const isChange = /network change/.test(errMsg)
    const isStopped = errno === 600003 || cause === 'interrupted'
    call.wasStoppedBehind = isStopped && isInBackground
    if ((call.wasStoppedBehind || isChange) && !isSentOnce(call.kind)) call.free++
    const isNoReason =
      isStopped || isChange || cause === 'offline' || /INTERNET_DISCONNECTED|abort/.test(errMsg)
    if (!isNoReason) this.mayHaveMoved = true
    judgeAnswer(this.copy, attempt, undefined, pass)
  }
}

/** What makes two adapters of one platform two copies of the package. */
function ownPhone({ traits }: Platform): Partial<Platform> {
  return traits ? { traits: { ...traits, native: {} } } : {}
}
