import type { RequestError } from '../index'

/**
 * `connecting`: a try is under way, its login included. `waiting`: for the next try. `hidden`: the app is in the background.
 * `closed`: for good.
 */
export type SocketState = 'connecting' | 'open' | 'waiting' | 'hidden' | 'closed'

/** A connection that has ended, or a try that came to none. Names as in WHATWG's CloseEvent. */
export interface CloseEvent {
  /** 1006 where nobody gave one. */
  readonly code: number
  /** The server's, or WeChat's words, without query and token. */
  readonly reason: string
  readonly wasOpen: boolean
  /** Of a refused handshake, where the phone tells it: most do not. */
  readonly status?: number
  readonly willReconnect: boolean
}

/** What `socket.on` hears, by the name of the event. */
export interface SocketEvents {
  /** What was queued is on its way already. */
  open: { readonly header: Record<string, unknown>; readonly isReconnect: boolean }
  message: { readonly data: string | ArrayBuffer }
  /** Once for each try, whatever WeChat says; and once with `willReconnect: false`, when it has ended for good. */
  close: CloseEvent
  /** A login or a `url` that failed, a message that could not be sent, and what has ended the socket for good. */
  error: RequestError
  state: SocketState
}

/** A connection that comes back. */
export interface Socket {
  readonly state: SocketState
  /**
   * Sends, or queues until it is open. False: not taken, it is closed or the queue is full. Nothing is ever sent twice, so what was
   * under way when a connection broke may be lost.
   */
  send(data: string | ArrayBuffer): boolean
  /** For good. `code`: 1000 or 3000–4999; `reason`: at most 123 bytes. */
  close(code?: number, reason?: string): void
  /** Now, with a fresh count of tries. In the background it waits for the app to be shown. */
  reconnect(): void
  /** Gives what takes the listener off again. */
  on<T extends keyof SocketEvents>(type: T, listener: (event: SocketEvents[T]) => void): () => void
}
