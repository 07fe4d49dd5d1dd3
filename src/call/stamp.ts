import { BusinessError, LoginError, RequestError, type FailedRequest } from '../errors'

/** Writes on an error which request it belongs to. The shared `LoginError` belongs to none. */
export function stamp(error: unknown, request: FailedRequest, attempts: number, api = 'request'): void {
  if (!(error instanceof RequestError)) return
  try {
    if (error.errMsg.startsWith('request:')) error.errMsg = api + error.errMsg.slice('request'.length)
    // One for all who wait.
    if (error instanceof LoginError) return
    error.attempts = attempts
    if (error.request) return
    error.request = request
    // A business message is the back end's, often shown to users as it is.
    if (error instanceof BusinessError) return
    const { message, stack } = error
    error.message = `${request.method} ${request.url || 'request'} ${message}`
    error.errMsg = error.errMsg.replace(message, () => error.message)
    // V8 wrote the message there when the error was made, and it is what consoles show.
    if (stack) error.stack = stack.replace(message, () => error.message)
  } catch {
    // One of the app's that is frozen or guards its fields stays as it is.
  }
}
