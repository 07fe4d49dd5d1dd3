import { inspectAuthorize, type Config } from '../client/config'
import { functionErrand, type Errand } from './operation'

export interface AuthorizeOptions<T> {
  /**
   * Whether a result of `run`, or its rejection, means that the token was refused. Default: it has a
   * `statusCode`, `status` or `response.status` of 401, as those of `wx`, fetch and axios do.
   */
  isUnauthorized?: (outcome: { result?: T; error?: unknown }) => boolean
}

/** Anything that takes a token and is not `wx.request`: no lane, no retry, no time-out of ours but `totalTimeout`. */
export function authorizeErrand<T>(
  run: (token: string) => Promise<T> | T,
  options: AuthorizeOptions<T> | undefined,
  { platform, tokenNeed, totalTimeout }: Config,
): Errand<T, T> {
  const { isUnauthorized } = Object(options) as AuthorizeOptions<T>
  return functionErrand((token) => run(token as string), {
    totalTimeout,
    label: () => ({ method: 'RUN', url: 'authorize()' }),
    open() {
      platform()
      inspectAuthorize(run, isUnauthorized)
      return tokenNeed
    },
    isUnauthorized: (error, result) =>
      isUnauthorized
        ? isUnauthorized(error === undefined ? { result: result as T } : { error })
        : statusOf(error === undefined ? result : error) === 401,
    asResponse: (data) => ({ data, statusCode: statusOf(data) || 200, header: {} }),
    finish: (result) => result,
  })
}

function statusOf(outcome: unknown): number | undefined {
  const { statusCode, status = statusCode, response } = Object(outcome) as Record<string, unknown>
  return typeof status === 'number' ? status : response ? statusOf(response) : undefined
}
