import type { Side } from './play'

export interface Words {
  play: string
  playing: string
  requests: string
  latency: string
  failures: string
  loginFails: string
  noScript: string
  sides: Record<Side, string>
  verdict: (answered: number, all: number, refused: number, codes: number, time: string) => string
  legend: Record<'waiting' | 'queued' | 'sent' | 'refused' | 'lost' | 'again' | 'failed' | 'login', string>
}

export const WORDS: Record<'en' | 'zh', Words> = {
  en: {
    play: 'Play it',
    playing: 'Under way',
    requests: 'Requests',
    latency: 'Latency, ms',
    failures: 'Answers lost, %',
    loginFails: 'The first login fails',
    noScript: 'The sliders need JavaScript; the picture is what they would show first.',
    sides: { sdk: 'miniprogram-session', interceptor: 'An interceptor with a flag and a queue' },
    verdict: (answered, all, refused, codes, time) =>
      `${answered} of ${all} answered · ${refused} × 401 · ${codes} ${codes === 1 ? 'code' : 'codes'} · ${time}`,
    legend: {
      waiting: 'waits',
      queued: 'in WeChat’s queue',
      sent: 'sent',
      refused: '401, tapers off',
      lost: 'lost, broken up',
      again: 'sent again',
      failed: 'the page gets an error',
      login: 'login',
    },
  },
  zh: {
    play: '播放',
    playing: '进行中',
    requests: '请求数',
    latency: '延迟（毫秒）',
    failures: '丢失的响应（%）',
    loginFails: '第一次登录失败',
    noScript: '拖动滑块需要 JavaScript；没有它，看到的就是初始的那张图。',
    sides: { sdk: 'miniprogram-session', interceptor: '手写的拦截器：一个标记，一个队列' },
    verdict: (answered, all, refused, codes, time) =>
      `${all} 个请求成功 ${answered} 个 · ${refused} 个 401 · 用了 ${codes} 个 code · ${time}`,
    legend: {
      waiting: '等待',
      queued: '在微信里排队',
      sent: '已发出',
      refused: '401：渐细',
      lost: '丢失：断续',
      again: '重发',
      failed: '页面收到错误',
      login: '登录',
    },
  },
}
