import { RequestError } from '../index'

/**
 * An answer that cannot be read as the stream it should be: a line that is no JSON (the reason is its `cause`), a line or an event
 * longer than `maxLength`, or an answer that is no stream at all. Code `BAD_STREAM`.
 */
export class StreamError extends RequestError {
  constructor(message: string, cause?: unknown) {
    super('BAD_STREAM', message, cause)
  }
}

// Not `constructor.name`: the app's minifier renames classes, and error reports are grouped by this.
StreamError.prototype.name = 'StreamError'
