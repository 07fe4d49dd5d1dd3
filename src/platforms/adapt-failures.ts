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

/** Some platforms fail where there was an answer. A code of their own may stand in the place of a status, and is below 100. */
export function isAnswer(raw: Raw): boolean {
  const status = first(raw, ['statusCode', 'status'])
  return typeof status === 'number' && status >= 100 && status <= 599
}

/** Words that mean it on any platform, outside of addresses. */
export function causeIn(given: string): FailureCause | undefined {
  const words = given.replace(/https?:\S+/g, '')
  if (/time ?d?[ -]?out|超时/i.test(words)) return 'timeout'
  if (/interrupted|in background/i.test(words)) return 'interrupted'
  return /domain|域名/i.test(words) ? 'refused by the phone' : undefined
}

/** In the core's words. */
export function failureOf(api: string, raw: Raw, cause: FailureCause | undefined): PlatformFailure {
  const words = wordsOf(raw)
  const failure: PlatformFailure = { errMsg: /:fail/.test(words) ? words : `${api}:fail ${words}` }
  const errno = errnoOf(raw)
  // The numbers of a login that the core reads are WeChat's.
  if (errno !== undefined && api !== 'login') failure.errno = errno
  if (cause) failure.cause = cause
  return failure
}

/** Baidu's calls give an error back rather than throw it, from 3.140.1 on (storage pages). */
export function withoutError(value: unknown): unknown {
  if (value instanceof Error) throw value
  return value
}

/** Alipay's say in their result that they have failed (my typings). */
export function done(result: unknown): void {
  const { success } = Object(withoutError(result)) as Raw
  if (success === false) throw new Error(wordsOf(result as Raw))
}
