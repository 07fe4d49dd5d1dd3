import { readable } from '../app-code'
import { RequestError } from '../errors'
import { mask, maskWords } from '../transport/mask'
import type { Lost } from './line'
import type { CloseEvent } from './types'

/**
 * Statuses in the words of a failure, as DevTools and old phones have them (`Unexpected response code: 404`). Phones of today say no
 * more than `code:20, msg:Invalid HTTP status.`, where 20 is a number of WeChat's own.
 */
const STATUS = /\b(?:status|response|http(?:\/[\d.]+)?)(?: code)?\D{0,3}([45]\d\d)\b/i
/** What has nothing to do with an answer (network tuning guide). */
const NO_ANSWER = /transport|time[rd]\b|timeout|tls|ssl/i

function statusIn(words: string): number | undefined {
  const found = STATUS.exec(words)
  return found ? Number(found[1]) : undefined
}

/** Whether somebody may have answered, with a status that is not told. */
export function mayBeRefusal(words: string): boolean {
  return words.trim() !== '' && !NO_ANSWER.test(words)
}

/** What is told of a connection that was lost, or of a try that came to none. */
export function closeOf(
  { code, reason, words }: Lost,
  wasOpen: boolean,
  token: string | undefined,
): CloseEvent {
  const event = { code, reason: mask(reason, token), wasOpen, willReconnect: true }
  if (wasOpen) return event
  const status = statusIn(words)
  // WeChat quotes the URL in some.
  return Object.assign(event, { reason: maskWords(reason, token) }, status && { status })
}

/** What an app's function threw, or the core. */
export function toldAs(error: unknown): RequestError {
  if (error instanceof RequestError) return error
  const cause = readable(error)
  const words = String((Object(cause) as { message?: unknown }).message || cause)
  return new RequestError('NETWORK', `could not be connected: ${words}`, cause)
}

/** That no other try can mend. */
export function isFinal({ code }: RequestError): boolean {
  return /^(UNAUTHORIZED|CONFIG|LOGGED_OUT|SINGLE_PAGE_MODE|LOGIN_(REJECTED|BLOCKED|REQUIRED|BAD_RESPONSE))$/.test(
    code,
  )
}
