import type { NetworkApi } from './request'

/** One call of `request`, `uploadFile` or `downloadFile`. Times are those of the clock, in ms. */
export interface CallRecord {
  readonly id: number
  readonly api: NetworkApi
  readonly method: string
  readonly url: string
  readonly header: Readonly<Record<string, string>>
  readonly data: string | ArrayBuffer | undefined
  readonly calledAt: number
  /** True when it had to wait for a lane. */
  queued: boolean
  /** When it got its lane, and which (0 to 9); undefined before. */
  startedAt?: number
  lane?: number
  /** When it gave its lane back, or was given up in the queue. */
  endedAt?: number
  /** How it ended: undefined while it has not, and for one that is never called back. */
  outcome?: 'success' | 'fail'
  statusCode?: number
  errMsg?: string
}

/** What was asked of the fake. Counters always count; `requests` is filled unless `record` is false. */
export class Calls {
  /** Each network call in order. */
  requests: CallRecord[] = []
  /** How many network calls there were; counts with `record: false` too. */
  requestCount = 0
  /** Calls of `wx.login`, whatever became of them. */
  logins = 0
  /** Calls of `wx.checkSession`. */
  checks = 0
  storageReads = 0
  storageWrites = 0
  /** The most network calls that were ever on the wire at once. */
  maxParallel = 0
  /** Calls of `wx.connectSocket`, and the most sockets that there ever were at once. */
  sockets = 0
  maxSockets = 0

  /** Starts counting afresh. */
  reset(): void {
    this.requests = []
    this.requestCount = this.logins = this.checks = 0
    this.storageReads = this.storageWrites = this.maxParallel = 0
    this.sockets = this.maxSockets = 0
  }
}
