import { readable } from '../app-code'
import { RequestError } from '../errors'
import { mask, maskWords } from '../transport/mask'
import type { Lost } from './line'
import type { CloseEvent } from './types'

/**
 * Statuses in the words of a failure: DevTools and old phones (`Unexpected response code: 404`), SocketRocket (`Received bad response
 * code from server: 401.`), OkHttp (`Expected HTTP 101 response but was '401 Unauthorized'`). WeChat's phones of today say no more
 * than `code:20, msg:Invalid HTTP status.`, where 20 is a number of WeChat's own.
 */
const STATUS =
  /\b(?:status|response|http(?:\/[\d.]+)?)(?: code)?(?: from server| but was)?\D{0,3}([45]\d\d)\b/i
/** What has nothing to do with an answer (network tuning guide). */
const NO_ANSWER = /transport|time[rd]\b|timeout|tls|ssl/i

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
  const [, status] = (!wasOpen && STATUS.exec(words)) || []
  // A server's own words stay as they are. Before the open they are WeChat's, which quotes the URL in some.
  const told = (wasOpen ? mask : maskWords)(reason, token)
  return Object.assign(
    { code, reason: told, wasOpen, willReconnect: true },
    status && { status: Number(status) },
  )
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
