import type { ClientEvent, SessionSource } from 'miniprogram-session'
import { reasonText } from '../../utils/words'

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

/** How the session that is in use came to be, as told by the events of this launch. */
export function originOf(events: readonly ClientEvent[], hasSession: boolean): Origin {
  const last = [...events].reverse()
  const turn = last.find(({ type }) => type === 'login' || type === 'logout')
  if (turn?.type === 'login' && turn.phase === 'start') {
    return { title: '正在登录', note: `原因：${reasonText(turn.reason)}` }
  }
  if (!hasSession) {
    const failed = turn?.type === 'login' && turn.phase === 'fail'
    return { title: '没有登录态', note: failed ? '登录失败，下个请求会再试' : '下个请求会自动登录' }
  }
  const session = last.find(({ type }) => type === 'session')
  const source = session?.type === 'session' ? session.source : 'stored'
  const login = last.find((event) => event.type === 'login' && event.phase === 'success')
  const isOfLogin = login?.type === 'login' && (source === 'login' || source === 'refresh')
  return {
    title: TITLES[source],
    note: isOfLogin ? `原因：${reasonText(login.reason)}` : checkText(last),
  }
}

function checkText(last: readonly ClientEvent[]): string {
  const check = last.find((event) => event.type === 'check')
  if (check?.type !== 'check') return '还没有请微信确认'
  const words = {
    start: '正在请微信确认',
    passed: '微信已确认有效',
    failed: '微信返回已失效',
    unanswered: '微信没有回应',
  }
  return words[check.phase]
}
