import type { FailureCause, PlatformFailure } from './wechat'

/** What a platform hands over. */
export type Raw = Record<string, unknown>

const ERRNO = ['errno', 'errNo', 'errCode', 'errorCode', 'error', 'code']
const WORDS = ['errMsg', 'errorMessage', 'msg', 'message']

/** The first of these that is there. */
export function first(raw: Raw, names: readonly string[]): unknown {
  for (const name of names) if (raw[name] !== undefined && raw[name] !== null) return raw[name]
  return undefined
}

export function wordsOf(raw: Raw): string {
  const said = first(raw, WORDS)
  // uni says so of failures on Baidu, too (uni-mp-baidu).
  const words = said && !/:ok$/.test(said as string) ? said : first(raw, ERRNO)
  return typeof words === 'string' ? words : typeof words === 'number' ? `${words}` : ''
}

export function errnoOf(raw: Raw): number | undefined {
  const number = first(raw, ERRNO)
  return typeof number === 'number' ? number : undefined
}

/** What a platform hands over may be the words alone, or nothing. */
export function rawOf(given: unknown): Raw {
  return typeof given === 'string' ? { errMsg: given } : (Object(given) as Raw)
}

/** `NaN` where there is none. Alipay's uploads have a text (reported: NervJS/taro#16860, umicro/uView#1210). */
export function statusIn(raw: Raw): number {
  return Number(first(raw, ['statusCode', 'status']))
}

/** What the words of a failure may be read for: no address, and no name that iOS has for a kind of errors. */
export function plain(words: string): string {
  return words.replace(/https?:\S+|\w*Error ?Domain\w*/g, '')
}

/** Words that mean it on any platform. Java's InterruptedIOException is no interruption; a name that was not resolved may be next time. */
export function causeIn(words: string): FailureCause | undefined {
  if (/time ?d?[ -]?out|超时/i.test(words)) return 'timeout'
  if (/interrupted\b|in background/i.test(words)) return 'interrupted'
  return /domain|域名/i.test(words) && !/resolv|解析/i.test(words) ? 'refused by the phone' : undefined
}

/** In the core's words. */
export function failureOf(api: string, raw: Raw, cause: FailureCause | undefined): PlatformFailure {
  const words = wordsOf(raw)
  const failure: PlatformFailure = { errMsg: /:fail/.test(words) ? words : `${api}:fail ${words}`.trim() }
  const errno = errnoOf(raw)
  // The numbers of a login that the core reads are WeChat's.
  if (errno !== undefined && api !== 'login') failure.errno = errno
  if (cause) failure.cause = cause
  return failure
}
