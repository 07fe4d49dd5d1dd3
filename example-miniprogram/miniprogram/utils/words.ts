import type { ClientEvent, LoginReason, SessionSource } from 'miniprogram-session'
import { shortDuration } from './time'

/** One event in words: for a line of a list. */
export interface Line {
  /** Colour of its dot. */
  tone: 'plain' | 'good' | 'bad' | 'login'
  text: string
  note: string
}

const REASONS: Record<LoginReason, string> = {
  'no-session': '本机还没有登录态',
  expired: '登录态已到期',
  unauthorized: 'token 被拒绝（401）',
  'check-failed': 'session_key 已失效',
  forced: '手动要求',
}

const SOURCES: Record<SessionSource, string> = {
  stored: '本机存储',
  login: '登录',
  refresh: '刷新',
  adopted: '另一个副本',
  rotated: '服务器换发',
  set: '页面设置',
}

export function reasonText(reason: LoginReason): string {
  return REASONS[reason]
}

export function lineOf(event: ClientEvent): Line {
  switch (event.type) {
    case 'login':
      return loginLine(event)
    case 'session':
      return { tone: 'login', text: '登录态更换', note: SOURCES[event.source] }
    case 'check':
      return checkLine(event)
    case 'request':
      return requestLine(event)
    case 'logout':
      return { tone: 'bad', text: '退出登录', note: '本机登录态已清除' }
    case 'storage-error':
      return { tone: 'bad', text: `存储出错：${event.operation}`, note: event.message }
  }
}

function loginLine({ phase, reason, duration = 0, code }: Extract<ClientEvent, { type: 'login' }>): Line {
  if (phase === 'start') return { tone: 'login', text: '开始登录', note: reasonText(reason) }
  if (phase === 'success') return { tone: 'login', text: '登录成功', note: shortDuration(duration) }
  return { tone: 'bad', text: '登录失败', note: code ?? '' }
}

function checkLine({ phase, duration = 0 }: Extract<ClientEvent, { type: 'check' }>): Line {
  const words = { start: '询问微信', passed: '有效', failed: '已失效', unanswered: '没有回应' }[phase]
  return {
    tone: phase === 'failed' ? 'bad' : 'plain',
    text: `checkSession ${words}`,
    note: phase === 'start' ? '' : shortDuration(duration),
  }
}

function requestLine(event: Extract<ClientEvent, { type: 'request' }>): Line {
  const { phase, method, url, attempt, duration, statusCode, code } = event
  const name = `${method} ${pathOf(url)}`
  switch (phase) {
    case 'wait':
      return { tone: 'plain', text: name, note: '等待' }
    case 'send':
      return { tone: 'plain', text: name, note: attempt > 1 ? `第 ${attempt} 次发出` : '发出' }
    case 'replay':
      return { tone: 'bad', text: name, note: `${statusCode ?? 401}，将重发` }
    case 'retry':
      return { tone: 'bad', text: name, note: `${code ?? statusCode ?? ''}，将重试` }
    case 'success':
      return { tone: 'good', text: name, note: `${statusCode ?? ''} · ${shortDuration(duration)}` }
    case 'fail':
      return { tone: 'bad', text: name, note: `${code ?? ''} · ${shortDuration(duration)}` }
  }
}

/** `/orders` of `http://127.0.0.1:3000/orders`. */
export function pathOf(url: string): string {
  return url.replace(/^https?:\/\/[^/]*/, '') || '/'
}
