import type { Attempt, Errand, Outcome } from './errand'
import type { FailedRequest } from './errors'
import type { Response } from './options'
import type { Need } from './session/session'

export interface AuthorizeOptions<T> {
  /**
   * Whether a result of `run`, or its rejection, means that the token was refused. Default: it has a
   * `statusCode`, `status` or `response.status` of 401, as those of `wx`, fetch and axios do.
   */
  isUnauthorized?: (outcome: { result?: T; error?: unknown }) => boolean
}

/** Anything that takes a token and is not `wx.request`: no lane, no retry, no time-out of ours. */
export class AuthorizeErrand<T> implements Errand<{ value: T }, T> {
  readonly label: FailedRequest = { method: 'RUN', url: 'authorize()' }
  readonly usesLane = false
  readonly totalTimeout = undefined

  constructor(
    private readonly run: (token: string) => Promise<T> | T,
    private readonly options: AuthorizeOptions<T>,
    readonly need: Need,
  ) {}

  send(token: string | undefined, done: Outcome<{ value: T }>): Attempt {
    const fail = (error: unknown): void =>
      done(error ?? new Error('authorize: run rejected without a reason'))
    try {
      Promise.resolve(this.run(token as string)).then((value) => done(undefined, { value }), fail)
    } catch (error) {
      fail(error)
    }
    return { abandon: () => undefined }
  }

  isUnauthorized(error: unknown, result: { value: T } | undefined): boolean {
    const { isUnauthorized } = this.options
    if (isUnauthorized) return isUnauthorized(result ? { result: result.value } : { error })
    return statusOf(result ? result.value : error) === 401
  }

  isAccepted(): boolean {
    return true
  }

  retryDelay(): undefined {
    return undefined
  }

  asResponse(result: { value: T } | undefined): Response | undefined {
    if (!result) return undefined
    const { value } = result
    return { data: value, statusCode: Number(statusOf(value) ?? 200), header: {} }
  }

  finish({ value }: { value: T }): T {
    return value
  }
}

function statusOf(outcome: unknown): unknown {
  const { statusCode, status, response } = Object(outcome) as Record<string, unknown>
  return statusCode ?? status ?? (response ? statusOf(response) : undefined)
}
