import { ignore } from '../app-code'
import type { Sink } from '../call/sink'
import { ConfigError, HttpError, type Response } from '../index'
import { headerOf } from '../transport/headers'
import type { ChunkReceived, HeadersReceived } from '../transport/task-events'
import { Utf8Reader } from '../transport/utf8'
import { StreamError } from './errors'
import type { Format, Reader } from './readers'

export interface Head {
  statusCode: number
  header: Record<string, unknown>
}

/** The bytes of one answer, which become items. */
export interface Answer extends Sink {
  readonly reader: Reader
  /** Bytes that were handed on. */
  delivered: number
  /** Whether its attempt carries a token. */
  isAuthorized: boolean
}

/** Whom an answer tells. */
interface Hearer<T> {
  readonly item: (item: T) => void
  readonly opened: (head: Head) => void
  /** The request has to end with this. */
  readonly failed: (error: unknown) => void
  /** The client's own judgement of an answer, which may throw. */
  readonly unwrap: (response: Response) => unknown
}

export function createAnswer<T>(
  { accept, isOfType, createReader }: Format<T>,
  idleTimeout: number,
  maxLength: number,
  hearer: Hearer<T>,
): Answer {
  const utf8 = new Utf8Reader()
  const reader = createReader((item) => {
    if (!answer.isStopped) hearer.item(item)
  }, maxLength)

  function read(data: ArrayBuffer | string): void {
    const isText = typeof data === 'string'
    answer.delivered += isText ? data.length : data.byteLength
    reader.push(isText ? utf8.unmarked(data) : utf8.read(new Uint8Array(data), false))
  }

  const answer: Answer = {
    listeners: {
      has: () => true,
      on: ignore,
      off: ignore,
      tell(event, detail) {
        const { statusCode, header, data } = detail as HeadersReceived & ChunkReceived
        if (event === 'ChunkReceived') {
          try {
            read(data)
          } catch (error) {
            hearer.failed(error)
          }
        } else if (statusCode) hearer.opened({ statusCode, header })
      },
    },
    idleTimeout,
    reader,
    delivered: 0,
    isAuthorized: false,
    isStopped: false,

    begin(isAuthorized) {
      if (answer.delivered)
        throw new ConfigError('has been streamed in part: middleware must not send it again.')
      answer.isAuthorized = isAuthorized
    },

    opens: ({ statusCode = 200, header }) => isGood(statusCode) && isOfType(typeOf(header)),

    finish(response) {
      const { statusCode, header, data } = response
      if (!isGood(statusCode)) throw new HttpError(response)
      const type = typeOf(header)
      if (!isOfType(type))
        // Most likely it is an envelope with a failure in it, which is for `unwrap` to tell.
        return Promise.resolve(hearer.unwrap(response)).then(() => {
          throw new StreamError(`was answered with ${type}, and not with ${accept}.`)
        })
      // It is an answer of the app's middleware, or of a platform that reads JSON whatever it is told.
      if (!answer.delivered && data) read(isBytesOrText(data) ? data : JSON.stringify(data))
      reader.push(utf8.read(new Uint8Array(0), true))
      reader.end()
      hearer.opened({ statusCode, header })
      return undefined
    },
  }

  return answer
}

function isBytesOrText(data: unknown): data is ArrayBuffer | string {
  return typeof data === 'string' || (data as Partial<ArrayBuffer>).byteLength !== undefined
}

function isGood(statusCode: number): boolean {
  return statusCode > 199 && statusCode < 300
}

/** What the server says that it is, in lower case; `''` where it says nothing. */
function typeOf(header: Head['header'] | undefined): string {
  const type = headerOf(header, 'content-type') || ''
  return type.replace(/;.*/, '').trim().toLowerCase()
}
