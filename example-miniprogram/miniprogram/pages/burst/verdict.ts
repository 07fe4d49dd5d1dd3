import type { Failure } from '../../utils/failure'
import type { Timeline } from './timeline'

/** What is said above the timeline. */
export interface Verdict {
  tone: '' | 'good' | 'bad'
  text: string
  note: string
}

export const READY: Verdict = {
  tone: '',
  text: '看它们怎样共用一次登录',
  note: '按下「发出请求」：每一行是一个请求',
}

export const PREPARING: Verdict = { tone: '', text: '准备中', note: '先登录，再让服务器忘记这个 token' }

/** While the burst is on. */
export function progressOf({ counts, isLoggingIn }: Timeline, isWithoutSdk = false): Verdict {
  if (isWithoutSdk && counts.refused > 0) {
    return { tone: '', text: 'token 被拒绝，各自登录', note: '每个 401 都自己取 code、登录、重发' }
  }
  if (isLoggingIn) return { tone: '', text: 'token 被拒绝，正在登录', note: '只有一次登录，其余的请求都等它' }
  if (counts.refused > 0) return { tone: '', text: '登录完成，继续', note: '被拒绝的请求用新 token 重发' }
  return { tone: '', text: '已发出', note: '最多 10 个同时在路上，其余排队' }
}

/** When it is over; `codes` is the server's own count, if it could be asked. */
export function verdictOf(
  { counts: { total, failed, refused, logins } }: Timeline,
  codes: number | undefined,
  failure: Failure | undefined,
  isWithoutSdk = false,
): Verdict {
  if (failed > 0 || codes === undefined) {
    const text = failed > 0 ? `${failed} 个请求失败` : '无法获取服务器的统计'
    return { tone: 'bad', text, note: failure ? `${failure.title}，${failure.advice}` : '再试一次' }
  }
  if (isWithoutSdk && refused > 0) {
    return {
      tone: 'bad',
      text: `${refused} 个 401，${logins} 次登录`,
      note: `用掉 ${codes} 个 code。用 SDK 只要 1 个`,
    }
  }
  if (codes > Math.max(logins, 1)) {
    return {
      tone: 'bad',
      text: '有人另外登录了',
      note: `服务器收到 ${codes} 个 code，这里登录了 ${logins} 次`,
    }
  }
  if (refused === 0) return { tone: 'good', text: '没有 401，不用登录', note: `${total} 个请求全部成功` }
  const note =
    refused > 1
      ? `各自登录要用 ${refused} 个 code，这里只用了 ${codes} 个`
      : `用了 ${codes} 个 code，然后重发`
  return { tone: 'good', text: `${refused} 个 401，${logins} 次登录`, note }
}

/** When it could not even begin. */
export function refusalOf({ title, advice }: Failure): Verdict {
  return { tone: 'bad', text: title, note: advice }
}
