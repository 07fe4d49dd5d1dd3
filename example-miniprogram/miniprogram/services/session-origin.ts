import type { CheckEvent, ClientEvent, LoginEvent, LoginReason, SessionSource } from 'miniprogram-session'
import { reasonText } from '../utils/words'

export interface Origin {
  title: string
  note: string
}

const TITLES: Record<SessionSource, string> = {
  stored: '来自本机存储',
  login: '本次启动登录',
  refresh: '由刷新得来',
  adopted: '来自另一个副本',
  rotated: '服务器换发',
  set: '由页面设置',
}

const CHECKS: Record<CheckEvent['phase'], string> = {
  start: '正在请微信确认',
  passed: '微信已确认有效',
  failed: '微信返回已失效',
  unanswered: '微信没有回应',
}

/** How the session that is in use came to be, as told by the events since the launch, one after the other. */
export class SessionOrigin {
  #source: SessionSource = 'stored'
  /** Why there was a login, if the session is of one. */
  #reason: LoginReason | undefined
  #loginUnderWay: { reason: LoginReason; brought?: SessionSource } | undefined
  #hasFailed = false
  #check: CheckEvent['phase'] | undefined

  add(event: ClientEvent): void {
    if (event.type === 'login') this.#login(event)
    if (event.type === 'check') this.#check = event.phase
    if (event.type === 'session') {
      this.#source = event.source
      this.#reason = undefined
      if (this.#loginUnderWay) this.#loginUnderWay.brought = event.source
    }
    if (event.type === 'logout') {
      this.#loginUnderWay = undefined
      this.#hasFailed = false
    }
  }

  #login({ phase, reason }: LoginEvent): void {
    if (phase === 'start') {
      this.#loginUnderWay = { reason }
      return
    }
    this.#hasFailed = phase === 'fail'
    if (phase === 'success') {
      this.#source = this.#loginUnderWay?.brought ?? 'login'
      this.#reason = this.#source === 'adopted' ? undefined : reason
    }
    this.#loginUnderWay = undefined
  }

  describe(hasSession: boolean): Origin {
    if (this.#loginUnderWay) {
      return { title: '正在登录', note: `原因：${reasonText(this.#loginUnderWay.reason)}` }
    }
    if (!hasSession) {
      return {
        title: '没有登录态',
        note: this.#hasFailed ? '登录失败，下个请求会再试' : '下个请求会自动登录',
      }
    }
    const check = this.#check === undefined ? '还没有请微信确认' : CHECKS[this.#check]
    return {
      title: TITLES[this.#source],
      note: this.#reason === undefined ? check : `原因：${reasonText(this.#reason)}`,
    }
  }
}
