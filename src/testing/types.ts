import type { FakeRequest } from './request'

/** A failure as `fail` receives it, without the `request:` in front of `errMsg`: the fake adds the name of the API. */
export interface Failure {
  /** Such as `'fail timeout'`. */
  errMsg: string
  /** See "Errno" in WeChat's documentation; absent before base library 2.24.0. */
  errno?: number
}

/** Failures by name; the wording is what phones report. See `failures`. */
export type FailureName =
  | 'refused'
  | 'reset'
  | 'timed-out'
  | 'dns'
  | 'unreachable'
  | 'certificate'
  | 'disconnected'
  | 'network-change'
  | 'timeout'
  | 'timeout-apple'
  | 'timeout-chinese'
  | 'timeout-devtools'
  | 'disconnected-chinese'
  | 'dns-android'
  | 'not-in-domain-list'
  | 'file-too-big'
  | 'storage-full'
  | 'interrupted'
  | 'suspended'
  | 'abort'
  | 'unknown'

/** What a back end answers. An empty object is a 200 without a body. */
export interface FakeReply {
  /** Default 200. Every status enters `success`, as on a phone (network guide). */
  statusCode?: number
  /** A string or an `ArrayBuffer` is sent as it is, `undefined` as an empty body, anything else as JSON. */
  data?: unknown
  header?: Record<string, string>
  /** `Set-Cookie` lines; `header['Set-Cookie']` is filled with them, joined by commas, as phones do. */
  cookies?: readonly string[]
  /** Milliseconds that the back end takes before it answers, on top of the latency of the wire. Default 0. */
  delay?: number
  /**
   * The body in pieces: with `enableChunked` they arrive as chunks, one per millisecond or at the times they name,
   * without it as one body at the end. Default: `data` in one piece.
   *
   * ```ts
   * { chunks: ['data: 1\n\n', { after: 5_000, data: 'data: 2\n\n' }], fail: 'reset' }
   * ```
   */
  chunks?: readonly FakeChunk[]
  /** Cuts the body, `data` that is, into chunks at these bytes: a character of several may be cut, as on phones. */
  cuts?: readonly number[]
  /** What `onProgressUpdate` hears of an upload or download while it goes on, instead of the fake's own reports. */
  progress?: readonly FakeProgress[]
  /** Fails the call instead of answering it; after its `chunks`, `cuts` and `progress` where it has any. */
  fail?: FailureName | Failure
  /**
   * Never answers, or falls silent after `chunks`, `cuts` and `progress`: the call ends by WeChat's own `timeout`
   * (default 60 000 ms), an abort, or not at all.
   */
  lost?: boolean
}

/** A piece of a body; `after` is how many ms after the one before it comes, or for the first after the head. */
export type FakeChunk =
  string | ArrayBuffer | Uint8Array | { after?: number; data: string | ArrayBuffer | Uint8Array }

/**
 * How far an upload or download has come, in bytes, `after` so many ms since the report before. An upload's first
 * counts from its arrival, and its handler must answer at once; a download's counts from the head.
 */
export interface FakeProgress {
  after: number
  done: number
  total: number
}

/** The line between a request and its back end, for transports that report while they send. */
export interface Wire {
  /** Called once when the request is aborted, times out or is interrupted before its answer came. */
  onAbort(listener: () => void): void
  /**
   * Reports bytes of an upload or a download to `onProgressUpdate`. A handler that reports within its own call is left
   * to it; otherwise the fake tells of an upload by itself, half of it and all of it.
   */
  progress(done: number, total: number): void
  /** Fires `onHeadersReceived` ahead of the reply; without it the fake fires it with the reply. */
  headers(statusCode: number, header: Record<string, string>, cookies: readonly string[]): void
  /** Fires `onChunkReceived` when the caller asked for `enableChunked`. */
  chunk(bytes: ArrayBuffer): void
}

/**
 * A back end. It may answer at once or by a promise; what it throws becomes a 500 with the message as its body.
 *
 * ```ts
 * createFakeWeChat({ server: (request) => ({ data: { path: request.path } }) })
 * ```
 */
export interface Handler {
  (request: FakeRequest, wire: Wire): FakeReply | Promise<FakeReply>
  /** Milliseconds the wire takes when `createFakeWeChat` is given no `latency`; `httpTransport` says 0. */
  readonly latency?: number
}

/** What `abort()` of a task does. WeChat documents only that it "interrupts the task", so code must bear all of these. */
export type AbortMode =
  /** `fail` with `request:fail abort`, asynchronously. What phones are seen to do. */
  | 'normal'
  /** The same, but inside the call of `abort()`. */
  | 'same-tick'
  /** The same, 500 ms later; the lane stays busy until then. */
  | 'late'
  /** Nothing is called back; the lane is free at once. */
  | 'silent'
  /** The task goes on and its answer arrives as if nothing had been said. */
  | 'ignored'
