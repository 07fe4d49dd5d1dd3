import type { Raw } from './adapt-failures'
import type { FailureCause } from './wechat'

/**
 * By the tables of the my.request, my.downloadFile and my.getAuthCode pages. A time-out may be dressed as an answer that cannot be
 * parsed, with its own words in the place of the body (support pages).
 */
export function alipayCause({ error, data }: Raw, api: string): FailureCause | undefined {
  if (api === 'login') return error === 12 ? 'network' : undefined
  if (error === 13) return api === 'downloadFile' ? 'hopeless' : 'timeout'
  if (error === 14 && /超时|timeout/.test(String(data))) return 'timeout'
  if (error === 2 || error === 4 || error === 11 || error === 15) return 'hopeless'
  return error === undefined ? undefined : 'network'
}

/** 11: the user has refused; 3: no answer, as after the back key (my.getAuthCode page). */
export function alipayRefusal(call: string, error: unknown): string | undefined {
  return error === 11 || error === 3
    ? `The user did not agree in ${call} (${error}). Ask again on a tap: ensureLogin() there.`
    : undefined
}
