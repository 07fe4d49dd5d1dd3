import type { LoginEvent, SessionEvent } from '../../../src'
import type { Copy } from './copy'
import { isAsk, isGuest, LOGIN_TIMEOUT, STORE_TIMEOUT } from './words'

/** One login, from its start to its end. */
export interface Login {
  readonly number: number
  readonly reason: LoginEvent['reason']
  readonly epoch: number
  /** When it began, by the time that the phone was awake, and how often the clock had surprised it by then. */
  readonly begunAt: number
  readonly surprises: number
  /** How often wx.login was asked, and whether that was the last word. */
  asked: number
  isDecided: boolean
  /** A code was refused, and how many more there were. */
  refusals: number
  hasExchanged: boolean
  /** Exchanges that WeChat stopped, or that a change of network cut: they count for nothing. */
  stopped: number
  /** No further try before. */
  notBefore: number
  /** Whether the last thing that happened was an answer; `undefined` where nobody can tell. */
  wasAnswered: boolean | undefined
  refresh: 'none' | 'asked' | 'good' | 'refused' | 'unanswered'
  /** What the app kept with the session that is being refreshed. */
  kept: unknown
  /** It holds no request up: only a failed check has begun it (law 3). */
  isDoorOpen: boolean
  /** What it has brought, if anything. */
  token: string | undefined
}

/** The login of one copy: whether one is in flight, and whether it may be (laws 1, 3, 6, 7, 11 and 19). */
export class LoginModel {
  /** How many there have been. */
  count = 0
  /** How many of them because a token had been refused. */
  refused = 0
  /** The one in flight. */
  now: Login | undefined
  /** How many have asked for it by force. */
  forced = 0
  /** What `ensureLogin({ data })` wants to bring along. */
  data: string | undefined
  /** What was asked for by force during a refresh, and comes after it. */
  private next: { forced: number; data: string | undefined } | undefined
  /** What it is doing: wx.login, or the exchange. */
  step: object | undefined
  /** The success of a login is known, and its own news are still to come. */
  private isTold = false
  /** The codes of the errors with which logins have failed. */
  readonly failed: (string | undefined)[] = []
  /** Calls of `ensureLogin({ force, data })` that have not come to that yet. */
  private readonly asking: (() => void)[] = []
  private hasFailedWithData = false
  /** How many askers other data has taken the place of. */
  superseded = 0

  constructor(private readonly copy: Copy) {}

  get isInFlight(): boolean {
    return this.now !== undefined
  }

  hear({ phase, code, reason }: Pick<LoginEvent, 'phase' | 'code' | 'reason'>): void {
    const { copy } = this
    copy.world.say(`  ${copy.name}login: ${phase}${code ? ` ${code}` : ` (${reason})`}`)
    if (phase === 'start') return this.begins(reason)
    if (phase === 'success' && this.isTold) return void (this.isTold = false)
    const login = this.now
    if (!login) return
    if (phase === 'fail' && this.data !== undefined) this.hasFailedWithData = true
    this.end()
    if (phase === 'success') return this.succeeds(login)
    this.failed.push(code)
    if (code === 'LOGIN_TIMEOUT') copy.wire.mayHaveMoved = true
    copy.cooldown.loginFailed(code === 'LOGIN_TIMEOUT' ? false : login.wasAnswered)
    this.judgeFailure(login, code)
  }

  /** The news of a session that a login has brought come before the news of that login's success. */
  hearSession(source: SessionEvent['source']): void {
    const login = this.now
    if (!login || !['login', 'refresh', 'adopted'].includes(source)) return
    this.isTold = true
    this.end()
    this.succeeds(login)
  }

  /** Begins one step; what it returns says that it is over. */
  begin(): () => void {
    const step = (this.step = {})
    return () => {
      if (this.step === step) this.step = undefined
    }
  }

  /** It is over. */
  end(): void {
    const { forced = 0, data } = this.next ?? {}
    Object.assign(this, { now: undefined, step: undefined, next: undefined, forced, data })
  }

  /** Nobody wants it any more: what it still brings must not be used. */
  giveUp(): void {
    const token = this.now?.token
    if (token !== undefined) this.copy.tokens.banned.add(token)
    if (this.now) this.copy.wire.mayHaveMoved = true
    this.next = undefined
    this.end()
  }

  /**
   * `ensureLogin({ force, data })` is being called; what it returns is called after it. The call may look into the store first,
   * and what listeners do on hearing of that comes before it.
   */
  isAsking(data: string | undefined): () => void {
    const { epoch } = this.copy
    const ask = () => {
      if (!this.asking.includes(ask)) return
      this.asking.splice(this.asking.indexOf(ask), 1)
      if (epoch === this.copy.epoch) this.ask(data)
    }
    this.asking.push(ask)
    return ask
  }

  private ask(data: string | undefined): void {
    const { now, next } = this
    if (now?.refresh === 'asked') {
      if (data !== undefined && data !== next?.data) this.supersede(data)
      this.next = { forced: (next?.forced ?? 0) + 1, data: data ?? next?.data }
      return
    }
    if (data !== undefined && data !== this.data) {
      this.supersede(data)
      this.giveUp()
      this.data = data
    }
    this.forced++
    if (this.now) this.now.isDoorOpen = false
  }

  /** Whoever forced a login to which others had given data asks again when it has failed. */
  private isAskedAgain(): boolean {
    const { world } = this.copy
    return (
      this.hasFailedWithData &&
      world.calls.some(({ copy, code, kind }) => copy === this.copy && code === undefined && kind === 'force')
    )
  }

  /** Other data take the place of those that were given before. */
  private supersede(data: string): void {
    for (const call of this.copy.world.calls) {
      if (call.copy !== this.copy || call.code !== undefined) continue
      if (call.data === undefined || call.data === data) continue
      call.isSuperseded = true
      this.superseded++
    }
  }

  private begins(reason: LoginEvent['reason']): void {
    const { copy } = this
    const { world } = copy
    // It may be one that was asked for on hearing of the look into the store.
    if (reason === 'forced' && (this.forced === 0 || this.now)) this.asking[this.asking.length - 1]?.()
    // A refresh that has brought nothing gives way to what was asked for by force meanwhile.
    if (reason === 'forced' && this.now?.refresh === 'refused' && (this.next || this.isAskedAgain()))
      this.end()
    if (this.now) world.violate(1, 'a login starts while another is in flight')
    if (reason === 'forced' && this.forced === 0) this.forced = 1
    if (copy.cooldown.mustBeOn && this.forced === 0) world.violate(6, 'a login starts during the pause')
    if (reason === 'unauthorized') this.refused++
    this.now = {
      number: ++this.count,
      reason,
      epoch: copy.epoch,
      begunAt: world.phone.awake,
      surprises: world.phone.surprises,
      asked: 0,
      isDecided: false,
      refusals: 0,
      hasExchanged: false,
      stopped: 0,
      notBefore: 0,
      wasAnswered: undefined,
      refresh: 'none',
      kept: undefined,
      isDoorOpen: reason === 'check-failed' && this.forced === 0,
      token: undefined,
    }
    this.judgeBeginning(reason)
  }

  /** Nobody is logged in unasked, least of all for a guest (laws 18 and 19). */
  private judgeBeginning(reason: LoginEvent['reason']): void {
    const { copy } = this
    const { world } = copy
    const { token } = copy
    if (reason === 'check-failed' && token !== undefined && copy.tokens.isSet(token))
      world.violate(8, 'a session that the app has set is to be replaced because of a check')
    // The start is told after the look into the store: whoever asked may have ended in the same moment, or, where
    // the store is slow, long ago.
    const isSlow = world.setting.store === 'async'
    const { awake } = world.phone
    const asking = world.calls.filter(
      (call) =>
        call.copy === copy && call.epoch === copy.epoch && (isSlow || (call.endedAt ?? awake) === awake),
    )
    if (reason !== 'check-failed' && !asking.some(({ kind }) => !isGuest(kind)))
      world.violate(19, `a login starts (${reason}), and nobody has asked for one`)
    if (world.setting.autoLogin || asking.some(({ kind }) => isAsk(kind))) return
    if (!copy.hasRefresh || reason === 'no-session' || reason === 'check-failed')
      world.violate(19, `a login starts by itself (${reason}), in spite of autoLogin: false`)
  }

  private succeeds(login: Login): void {
    const { world, tokens, token, check, cooldown, api } = this.copy
    cooldown.loginSucceeded()
    if (token === undefined) {
      world.violate(11, 'a login succeeded, and no session is known')
      return
    }
    if (tokens.isOwn(token) || tokens.refreshed.has(token)) tokens.fresh = token
    if (tokens.isByCode(token)) for (const call of world.calls) if (call.onWire === 0) call.awaited.add(token)
    if (!tokens.refreshed.has(token)) check.isConfirmed = true
    if (login.refresh === 'good' && tokens.refreshed.has(token)) {
      const kept = JSON.stringify(api.session?.data)
      if (kept !== JSON.stringify(login.kept))
        world.violate(14, `the refreshed session has lost its data, and has ${kept} now`)
    }
  }

  private judgeFailure(login: Login, code: string | undefined): void {
    const { world, hasCode } = this.copy
    const { awake, surprises } = world.phone
    const since = awake - login.begunAt + 1000 * (surprises - login.surprises)
    // Sleep makes no time-out, but a surprise may cost a second (law 9).
    // Where the store is slow the look into it has cost time as well, before anybody heard of the login.
    const looked = world.setting.store === 'async' ? STORE_TIMEOUT + 1000 * login.surprises : 0
    if (code === 'LOGIN_TIMEOUT' && since < LOGIN_TIMEOUT && looked + since < 2 * LOGIN_TIMEOUT)
      world.violate(9, 'a login fails with LOGIN_TIMEOUT before its time')
    if (login.asked > 0 || !hasCode || !world.setting.autoLogin || code === 'LOGIN_TIMEOUT') return
    if (login.refresh === 'unanswered' && this.copy.refresh.mustTakeCode)
      world.violate(
        14,
        'the refresh was answered with 5xx three times, and the login has failed without a code',
      )
    if (login.refresh !== 'refused') return
    world.violate(14, 'the refresh brought nothing, and the login has failed without a code')
  }
}
