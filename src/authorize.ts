import type { Config } from './config'
import type { Attempt, Errand, Sender } from './errand'
import { ConfigError, type FailedRequest } from './errors'
import type { Response } from './response'
import type { Need } from './session/waiter'

export interface AuthorizeOptions<T> {
  /**
   * Whether a result of `run`, or its rejection, means that the token was refused. Default: it has a
   * `statusCode`, `status` or `response.status` of 401, as those of `wx`, fetch and axios do.
   */
  isUnauthorized?: (outcome: { result?: T; error?: unknown }) => boolean
}

/** Anything that takes a token and is not `wx.request`: no lane, no retry, no time-out of ours but `totalTimeout`. */
export class FunctionErrand<T> implements Errand<T, T> {
  readonly usesLane = false
  readonly isQuiet = false
  readonly totalTimeout: number | undefined
  private readonly need: Need

  constructor(
    private readonly run: (token: string) => Promise<T> | T,
    private readonly options: AuthorizeOptions<T>,
    { tokenNeed, totalTimeout }: Config,
  ) {
    this.need = tokenNeed
    this.totalTimeout = totalTimeout
  }

  label(): FailedRequest {
    return { method: 'RUN', url: 'authorize()' }
  }

  open(): Need {
    return this.need
  }

  attempt(token: string | undefined, sender: Sender<T>): Attempt {
    return functionAttempt(() => this.run(token as string), sender)
  }

  isUnauthorized(error: unknown, result: T | undefined): boolean {
    const { isUnauthorized } = this.options
    if (isUnauthorized) return isUnauthorized(error === undefined ? { result: result as T } : { error })
    return statusOf(error === undefined ? result : error) === 401
  }

  retryDelay(): undefined {
    return undefined
  }

  asResponse(result: T): Response {
    return { data: result, statusCode: statusOf(result) || 200, header: {} }
  }

  finish(result: T): T {
    return result
  }
}

/** A function of the app's as an attempt. A throw is a rejection, and one without a reason gets one. */
export function functionAttempt<T>(
  run: () => Promise<T> | T,
  sender: Sender<T>,
  abandon = (): void => undefined,
): Attempt {
  return {
    abandon,
    start() {
      new Promise<T>((answer) => answer(run())).then(
        (value) => sender.answered(undefined, value),
        (error: unknown) =>
          sender.answered(
            error === undefined
              ? new ConfigError(
                  'was rejected without a reason: by middleware, or by the function that authorize() was given.',
                )
              : error,
          ),
      )
    },
  }
}

function statusOf(outcome: unknown): number | undefined {
  const { statusCode, status = statusCode, response } = Object(outcome) as Record<string, unknown>
  return typeof status === 'number' ? status : response ? statusOf(response) : undefined
}
