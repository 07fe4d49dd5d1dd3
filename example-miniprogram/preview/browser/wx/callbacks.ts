/** What WeChat's asynchronous functions take beside their own options. */
export interface Callbacks {
  success?: (result: object) => void
  fail?: (failure: object) => void
  complete?: (result: object) => void
}

type WxFunction<Options> = (options?: Options & Callbacks) => Promise<object> | undefined

/**
 * A function in WeChat's manner: calls back when it was given callbacks, otherwise gives a promise; results and
 * failures carry `errMsg`.
 */
export function wxFunction<Options extends object>(
  name: string,
  run: (options: Options) => unknown,
): WxFunction<Options> {
  return (options = {} as Options & Callbacks) => {
    const outcome = new Promise((resolve) => resolve(run(options))).then(
      (result) => ({ ...(result as object | undefined), errMsg: `${name}:ok` }),
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error)
        // WeChat rejects with plain objects, and code that is tested here must meet them.
        throw { errMsg: `${name}:fail ${reason}` } as unknown as Error
      },
    )
    const { success, fail, complete } = options
    if (!success && !fail && !complete) return outcome
    const report = (call: (() => void) | undefined) => {
      try {
        call?.()
      } catch (error) {
        reportError(error)
      }
    }
    const settle = (first: Callbacks['success'], result: object) => {
      report(first && (() => first(result)))
      report(complete && (() => complete(result)))
    }
    outcome.then(
      (result) => settle(success, result),
      (failure: unknown) => settle(fail, failure as object),
    )
    return undefined
  }
}
