import type { ClientEvent } from 'miniprogram-session'
import { reasonText } from '../../utils/words'

export interface Origin {
  title: string
  note: string
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
  const login = last.find((event) => event.type === 'login' && event.phase === 'success')
  if (login?.type === 'login') return { title: '本次启动登录', note: `原因：${reasonText(login.reason)}` }
  return { title: '来自本机存储', note: checkText(last) }
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
