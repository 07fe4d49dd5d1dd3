import { atOnce, ignore, promised } from '../app-code'
import { statusOf } from '../errors'
import { checkAuthorize } from '../options/rules'
import type { Held } from '../session/state'
import type { Need } from '../session/waiters'
import type { Sender } from '../transport/sender'
import type { Config } from './config'
import { failed } from './life'
import type { Operation } from './operation'

/** What `client.authorize` takes beside what it is to run. */
export interface AuthorizeOptions<T> {
  /**
   * Whether a result of `run`, or its rejection, means that the token was refused. Default: it has a
   * `statusCode`, `status` or `response.status` of 401, as those of `wx`, fetch and axios do.
   */
  isUnauthorized?: (outcome: { result?: T; error?: unknown }) => boolean
}

/** Anything that takes a token and is not `wx.request`: no lane, no retry, no time-out of ours but `totalTimeout`. */
export function authorizeOperation<T>(
  run: (token: string) => Promise<T> | T,
  options: AuthorizeOptions<T> | undefined,
  { platform, tokenNeed, totalTimeout }: Config,
): Operation<T, T> {
  const { isUnauthorized } = Object(options) as AuthorizeOptions<T>
  let token: string
  let sender: Sender<T>
  return {
    role: 'function',
    api: 'request',
    signal: undefined,
    wire: undefined,
    totalTimeout,
    label: () => ({ method: 'RUN', url: 'authorize()' }),
    open(): Need {
      platform()
      checkAuthorize(run, isUnauthorized)
      return tokenNeed
    },
    load(held: Held | undefined, to) {
      token = (held && held.session.token) || ''
      sender = to
    },
    // Its answer never comes within the call, which has not given anything to its caller yet.
    start: () =>
      void promised(() => run(token)).then(
        (result) => sender.answered(undefined, result),
        (error: unknown) => failed(sender, error),
      ),
    abort: ignore,
    listenTo: ignore,
    isUnauthorized: (error, result) =>
      isUnauthorized
        ? atOnce(isUnauthorized(error === undefined ? { result: result as T } : { error }), 'isUnauthorized')
        : statusOf(error === undefined ? result : error) === 401,
    asResponse: (data) => ({ data, statusCode: statusOf(data) || 200, header: {} }),
    finish: (result) => result,
  }
}
