/// <reference lib="es2018.asynciterable" />

/**
 * An answer as it comes. It is sent at once; iterate it once, by `for await` or by `forEach`.
 *
 * ```ts
 * for await (const text of streamText(api, { url: '/poem' })) this.setData({ poem: (poem += text) })
 * ```
 */
export interface Stream<T> {
  /** The next item; those that have come before it was asked for wait. Rejects once, with what ended the stream. */
  next(): Promise<IteratorResult<T, undefined>>
  /** Ends the request, as `break` does. */
  return(): Promise<IteratorResult<T, undefined>>
  /** For `for await`. A second one rejects with `CONFIG`, and leaves the first alone. */
  [Symbol.asyncIterator](): this
  /**
   * Calls back within WeChat's own chunk event, without a promise for each item. Resolves at the end, rejects as the stream does; what
   * the listener throws ends the stream, and is what this rejects with.
   */
  forEach(listener: (item: T) => void): Promise<void>
  /** Resolves with the head, once a status of 2xx is there; rejects as the stream does. Need not be handled. */
  readonly opened: Promise<{ statusCode: number; header: Record<string, unknown> }>
  /**
   * Of the last event that was whole, to ask for the rest in a `Last-Event-ID` header; `''` before the first. What `abort()` drops counts:
   * each event has its own.
   */
  readonly lastEventId: string
  /** ms that the server's `retry:` asks for before another try. */
  readonly retry: number | undefined
  /** Rejects what waits with `ABORTED`; items not yet taken are dropped. */
  abort(): void
}
