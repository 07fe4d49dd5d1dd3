import { NetworkError, TimeoutError, type RequestError } from '../errors'
import type { FailureCause, PlatformFailure } from '../platforms/wechat'
import { maskWords } from './mask'
import { withoutQuery } from './urls'

/** By the public errno table: 600002 domain list, 600009 to 600011 URL and data, 6033xx files, 1300202 storage. */
const REFUSED = [600002, 600005, 600009, 600010, 600011, 603301, 603302, 603303, 1300202]

/**
 * errno where there is one (public errno table: 5 timeout, 600003 interrupted); its absence, or 600001 for
 * everything Chromium's network stack reports, leaves only numbers and words inside errMsg, in the phone's language.
 * Offline is -106 in Chromium's list and -1009 in Apple's; refused, not resolved, unreachable and connect timed out are
 * -102, -104, -105, -109, -118 and -137, Apple's -1003 and -1004.
 */
export function readFailure(
  failure: PlatformFailure,
  url: string,
  timeout: number,
  secret: string | undefined,
): RequestError {
  const { errno, errMsg } = failure
  const parts = String(errMsg).split(url)
  // A URL may have any words in it, and so may a token: what it means is asked of the rest.
  const plain = parts.join('')
  const kind = kindOf(failure, plain)
  if (kind === 'timeout') return new TimeoutError('timeout', timeout)
  const words = maskWords(parts.join(withoutQuery(url)), secret)
  const code = kind === 'offline' ? 'OFFLINE' : kind === 'interrupted' ? 'INTERRUPTED' : 'NETWORK'
  return new NetworkError(code, words, errno, kind)
}

/** What an adapter says of it, else what WeChat's numbers and `words` tell. */
export function kindOf({ cause, errno }: PlatformFailure, words: string): FailureCause {
  if (cause) return cause
  if (errno === 600003 || /interrupted|suspend/.test(words)) return 'interrupted'
  // Too many tasks (600007) or sockets at once is over when one of them is.
  if (
    REFUSED.indexOf(errno as number) >= 0 ||
    /domain list|parameter error|exceed(ed)? max (?!ta|co)|storage limit/.test(words)
  )
    return 'refused by the phone'
  if (/network change/.test(words)) return 'network change'
  if (errno === 5 || /:fail (the )?(request |socket )?time(d )?[ -]?out|超时|逾時/i.test(words))
    return 'timeout'
  if (/-106\b|-1009\b|INTERNET_DISCONNECTED|断开与互联网的连接|斷開|offline/.test(words)) return 'offline'
  return /[^\w/]-(102|104|105|109|118|137|1003|1004)\b|ECONNREFUSED|ENOTFOUND|Unable to resolve host/.test(
    words,
  )
    ? 'never connected'
    : 'network'
}
