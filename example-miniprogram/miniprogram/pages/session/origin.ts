import type { ClientEvent } from 'miniprogram-session'
import { reasonText } from '../../utils/words'

/** How the session that is in use came to be, as told by the events of this launch. */
export function originOf(events: readonly ClientEvent[]): { title: string; note: string } {
  for (let at = events.length - 1; at >= 0; at--) {
    const event = events[at]
    if (event?.type === 'logout') return { title: '没有会话', note: '下一个请求会自动登录' }
    if (event?.type === 'login' && event.phase === 'success') {
      return { title: '本次启动登录', note: `原因：${reasonText(event.reason)}` }
    }
  }
  const check = [...events].reverse().find((event) => event.type === 'check')
  const words = {
    start: '正在请微信确认',
    passed: '微信已确认有效',
    failed: '微信说已失效',
    unanswered: '微信没有回应',
  }
  return { title: '来自本机存储', note: check ? words[check.phase] : '还没有请微信确认' }
}
