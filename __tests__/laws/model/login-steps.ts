import type { LoginContext, Platform } from '../../../src'
import type { PlatformFailure, PlatformRequest } from '../../../src/platforms/wechat'
import type { Copy } from './copy'
import type { Login } from './login'
import { detach, RETRY_AFTER } from './words'

type LoginOptions = Parameters<Platform['login']>[0]

/** What a login does: asks for a code, and exchanges it (laws 1, 5, 6, 7, 12, 13, 14 and 19). */
export class LoginSteps {
  private readonly codes = new Set<string>()
  private readonly spent = new Set<string>()
  /** Which data brought it. */
  readonly broughtBy = new Map<string, string | undefined>()
  /** It has logged out while the store failed: it cannot tell what is there from what should be gone. */
  isBlind = false

  constructor(private readonly copy: Copy) {}

  wxLogin(options: LoginOptions): void {
    const { world, login, name, hasCode } = this.copy
    const mood = world.loginMoods.shift()
    world.say(`  ${name}wx.login${mood ? ` (which will do this: ${mood})` : ''}`)
    this.judgeStep('wx.login is asked')
    if (!hasCode) world.violate(5, 'wx.login is asked, and the login has no use for a code')
    if (login.now) this.judgeTry(login.now)
    if (mood === 'hang' || mood === 'blocked' || mood === 'throw') if (login.now) login.now.isDecided = true
    const other = this.adoptable()
    if (other !== undefined) world.violate(12, `wx.login is asked though another copy has stored ${other}`)
    this.isBlind = false
    const mine = login.now
    const ended = login.begin()
    const isAnswer = (wasAnswered: boolean | undefined) => {
      if (mine) mine.wasAnswered = wasAnswered
      ended()
    }
    if (mine) mine.wasAnswered = undefined
    const ask = () => {
      if (mood) world.fake.misbehave('login', mood)
      world.fake.wx.login({
        success: (result) => {
          const isOld = (result as { fromCache?: boolean }).fromCache
          if (result.code && !isOld) this.codes.add(result.code)
          isAnswer(result.code && !isOld ? undefined : isOld ? false : undefined)
          options.success?.(result)
        },
        fail: (failure) => {
          isAnswer(mood === 'blocked' ? true : undefined)
          options.fail?.(failure)
        },
      })
    }
    if (mood === 'hang') return
    if (mood === 'throw') login.step = undefined
    if (mood === 'throw' || mood === 'same-tick') ask()
    else detach(world.later('wx.login answers', ask))
  }

  /** A login's own request. */
  exchange(options: PlatformRequest): unknown {
    const { copy } = this
    const { world, epoch, login } = copy
    const body = JSON.parse(options.data as string) as { code?: string; invite?: string }
    this.judgeExchange(body.code, body.invite)
    if (JSON.stringify(options.header).includes('token-'))
      world.violate(13, 'a token goes with the login request')
    const mine = login.now
    const ended = login.begin()
    const { lanes } = copy.wire
    const attempt = lanes.takeForLogin()
    const isOver = () => {
      lanes.leaveForLogin(attempt)
      ended()
    }
    const { success, fail } = options
    let isFirst = true
    options.success = (result) => {
      const { data, statusCode = 0, header } = result
      const { token } = Object(data) as { token?: string }
      const isCached = (result as { fromCache?: boolean }).fromCache === true
      if (statusCode === 0) copy.wire.mayHaveMoved = true
      if (token) this.arrived(token, mine, epoch, body.invite, isCached)
      // WeChat may call back twice.
      if (mine && isFirst) this.answered(mine, isCached ? 0 : statusCode, isCached ? undefined : header)
      isFirst = false
      isOver()
      success?.(result)
    }
    options.fail = (failure) => {
      if (mine) this.unanswered(mine, failure)
      isOver()
      fail?.(failure)
    }
    try {
      const task = world.fake.wx.request(options) as { abort(): void } | undefined
      if (!task) return task
      const abort = task.abort.bind(task)
      task.abort = () => {
        attempt.abandonedAt = world.phone.elapsed
        abort()
      }
      return task
    } catch (error) {
      copy.wire.mayHaveMoved = true
      isOver()
      throw error
    }
  }

  /** `login.exchange`: a function of the app's. */
  async exchangeByApp(code: string, context: LoginContext | undefined): Promise<string> {
    const { world, epoch, login } = this.copy
    const invite = context?.data?.['invite'] as string | undefined
    this.judgeExchange(code, invite)
    const mine = login.now
    const ended = login.begin()
    const mood = world.backEnd.exchangeMoods.shift()
    return world.later(`the app's exchange answers${mood ? ` (${mood})` : ''}`, () => {
      ended()
      if (mine) Object.assign(mine, { isDecided: true, wasAnswered: undefined })
      const answer = mood ? undefined : world.fake.server.exchange(code)
      if (!answer || !('token' in answer)) throw new Error('the app cannot log in')
      this.arrived(answer.token, mine, epoch, invite, false)
      return answer.token
    })
  }

  /** What another copy has stored, where a login is to take it up in place of a code. */
  adoptable(): string | undefined {
    if (this.isBlind || this.copy.login.forced > 0) return undefined
    return this.storedByAnother()
  }

  /** A session in the store that this copy has never had to do with. */
  storedByAnother(): string | undefined {
    const { world, tokens, token, store } = this.copy
    const { session: stored, isPrompt } = store
    if (!stored || !isPrompt || this.isBlind) return undefined
    const { token: other, expiresAt = Infinity } = stored
    return expiresAt > world.phone.now() && other !== token && !tokens.isKnown(other) ? other : undefined
  }

  private arrived(
    token: string,
    login: Login | undefined,
    epoch: number,
    data: string | undefined,
    isOld: boolean,
  ): void {
    const { tokens } = this.copy
    // WeChat may call back twice.
    if (this.broughtBy.has(token)) return
    const isWanted = login !== undefined && this.copy.login.now === login
    this.broughtBy.set(token, data)
    if (login && !tokens.isOwn(token)) tokens.obtain(token, login, epoch)
    if (login && isWanted) login.token = token
    if (!isWanted || isOld) tokens.banned.add(token)
  }

  private answered(login: Login, statusCode: number, header: Record<string, unknown> | undefined): void {
    login.wasAnswered = statusCode > 0
    const isRefusal = statusCode >= 400 && statusCode < 500 && statusCode !== 408 && statusCode !== 429
    if (isRefusal) login.refusals++
    if (header?.['Retry-After'] !== undefined)
      login.notBefore = this.copy.world.phone.elapsed + RETRY_AFTER * 1000
  }

  private unanswered(login: Login, { errno, errMsg = '' }: PlatformFailure): void {
    login.wasAnswered = false
    if (errno === 600003 || /network change/.test(errMsg)) login.stopped++
    this.copy.wire.mayHaveMoved = true
  }

  private judgeStep(what: string): void {
    const { world, login } = this.copy
    if (!login.now) world.violate(7, `${what} by no login that is wanted`)
    if (login.step) world.violate(1, `${what} while another step of a login is in flight`)
    if (world.setting.autoLogin) return
    const isAsked = world.calls.some(
      ({ copy, code, kind }) =>
        copy === this.copy && code === undefined && ['ensureLogin', 'force', 'data'].includes(kind),
    )
    if (!isAsked) world.violate(19, `${what} though nobody has called ensureLogin()`)
  }

  /** Whether this login may have one more code. */
  private judgeTry(now: Login): void {
    const { world, login, refresh } = this.copy
    // A code that was refused gets one more try beside the retries.
    const most = 3 + Math.min(1, now.refusals) + now.stopped
    if (++now.asked > most) world.violate(5, `one login has asked for ${now.asked} codes`)
    if (now.isDecided) world.violate(6, 'wx.login is asked again by a login that has had its last word')
    if (now.refusals > 1) world.violate(6, 'wx.login is asked again after two codes were refused')
    if (world.phone.elapsed < now.notBefore)
      world.violate(6, 'wx.login is asked again before the time that the server has told')
    if (login.data !== undefined && now.hasExchanged && now.stopped === 0)
      world.violate(5, 'a login with data is tried again, and its exchange had been sent')
    if (!refresh.mayTakeCode()) world.violate(14, 'a code is taken after a refresh that was not answered')
  }

  private judgeExchange(code: string | undefined, invite: string | undefined): void {
    const { copy } = this
    const { world, login, hasCode } = copy
    world.say(`  ${copy.name}${hasCode ? String(code) : 'a login without a code'} goes to the server`)
    this.judgeStep('a code is exchanged')
    if (invite !== login.data)
      world.violate(1, `a login brings ${String(invite)} along, and was to bring ${String(login.data)}`)
    if (login.now) login.now.hasExchanged = true
    this.isBlind = false
    if (!hasCode && code !== undefined) world.violate(5, 'a code comes from nowhere')
    if (!hasCode || code === undefined) return
    if (!this.codes.has(code)) world.violate(5, `${code} was not given to this copy as a new code`)
    if (this.spent.has(code)) world.violate(5, `${code} is exchanged a second time`)
    this.spent.add(code)
  }
}
