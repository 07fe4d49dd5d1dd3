import type { Sink } from '../call/sink'
import { HttpError } from '../errors'
import type { Response } from '../options/response'
import { headerOf } from '../transport/headers'
import type { HeadersReceived } from '../transport/task-events'
import { Utf8Reader } from '../transport/utf8'
import { asText } from '../transport/wire'
import { StreamError } from './errors'
import type { Format, Reader } from './readers'

export interface Head {
  statusCode: number
  header: Record<string, unknown>
}

/** Whom an answer tells. */
export interface Hearer<T> {
  item(item: T): void
  opened(head: Head): void
  /** Something went wrong between two items: the request has to end with this. */
  failed(error: unknown): void
  /** The client's own judgement of an answer, which may throw. */
  unwrap(response: Response): unknown
}

/** The bytes of one answer, which become items. */
export class Answer<T> implements Sink {
  readonly accept: string
  delivered = 0
  isAuthorized = false
  isStopped = false
  readonly reader: Reader
  private readonly utf8 = new Utf8Reader()

  constructor(
    private readonly format: Format<T>,
    readonly idleTimeout: number,
    maxLength: number,
    private readonly hearer: Hearer<T>,
  ) {
    this.accept = format.accept
    this.reader = format.createReader((item) => {
      if (!this.isStopped) hearer.item(item)
    }, maxLength)
  }

  opens({ statusCode = 200, header }: HeadersReceived): boolean {
    return statusCode > 199 && statusCode < 300 && this.format.isOfType(typeOf(header))
  }

  head({ statusCode, header }: HeadersReceived): void {
    if (statusCode) this.hearer.opened({ statusCode, header })
  }

  chunk(data: ArrayBuffer | string): void {
    try {
      this.read(data)
    } catch (error) {
      this.hearer.failed(error)
    }
  }

  /** The whole answer is there. */
  readonly finish = (response: Response): unknown => {
    const { statusCode, header, data } = response
    if (statusCode < 200 || statusCode > 299) throw new HttpError(response)
    if (!this.opens(response)) return this.refuse(response)
    // It is an answer of the app's middleware that no piece has come of.
    if (this.delivered === 0 && data) this.read(asText(data) as ArrayBuffer | string)
    this.reader.push(this.utf8.read(new Uint8Array(0), true))
    this.reader.end()
    this.hearer.opened({ statusCode, header })
    return undefined
  }

  private read(data: ArrayBuffer | string): void {
    const isText = typeof data === 'string'
    this.delivered += isText ? data.length : data.byteLength
    this.reader.push(isText ? data : this.utf8.read(new Uint8Array(data), false))
  }

  /** Most likely it is an envelope with a failure in it, which is for `unwrap` to tell. */
  private refuse(response: Response): Promise<never> {
    const { header } = response
    return Promise.resolve(this.hearer.unwrap(response)).then(() => {
      throw new StreamError(`was answered with ${typeOf(header)}, and not with ${this.accept}.`)
    })
  }
}

/** What the server says that it is, in lower case; `''` where it says nothing. */
function typeOf(header: unknown): string {
  const type = headerOf(Object(header) as Head['header'], 'content-type') || ''
  return type.replace(/;.*/, '').trim().toLowerCase()
}
