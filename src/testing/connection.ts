import type { FakeRequest } from './request'

/** A message: text or bytes. */
export type SocketData = string | ArrayBuffer

/** How a socket has ended: a code of RFC 6455, and words. */
export interface SocketEnd {
  readonly code: number
  readonly reason: string
}

/**
 * A socket as the back end sees it: the handshake first. It opens when the handler has returned, or what it returned has resolved,
 * unless it was refused.
 */
export interface FakeConnection {
  /** The handshake: its path, query, header and token. */
  readonly request: FakeRequest
  readonly protocols: readonly string[]
  readonly state: 'handshake' | 'open' | 'closed'
  /** What has come from the phone, in order. */
  readonly received: readonly SocketData[]
  /** How it has ended, as the back end was told. */
  readonly end: SocketEnd | undefined
  /** Refuses the handshake. Most phones do not tell the status (see `socketRefusal`). */
  refuse(status?: number): void
  /** Before the open it goes out right behind that. */
  send(data: SocketData): void
  close(code?: number, reason?: string): void
  /** The line breaks: both sides see 1006. */
  drop(): void
  onMessage(listener: (data: SocketData) => void): void
  onClose(listener: (end: SocketEnd) => void): void
}

/** Takes sockets. */
export type SocketHandler = (connection: FakeConnection) => void | Promise<void>

/** What the phone hears of a connection. */
export interface PhoneSide {
  refused(status: number): void
  opened(): void
  message(data: SocketData): void
  ended(end: SocketEnd): void
}

/** The back end's half of one socket. What either side sends takes `travel`'s time. */
export class Connection implements FakeConnection {
  state: FakeConnection['state'] = 'handshake'
  readonly received: SocketData[] = []
  end: SocketEnd | undefined
  private readonly onMessages: ((data: SocketData) => void)[] = []
  private readonly onCloses: ((end: SocketEnd) => void)[] = []
  private early: SocketData[] = []

  constructor(
    readonly request: FakeRequest,
    readonly protocols: readonly string[],
    private readonly phone: PhoneSide,
  ) {}

  /** The handshake arrives. A handler that throws is a server that answers 500. */
  arrive(handler: SocketHandler): void {
    const broken = (): void => {
      if (this.state === 'handshake') this.refuse(500)
    }
    try {
      const answer = handler(this)
      if (answer) answer.then(() => this.accept(), broken)
      else this.accept()
    } catch {
      broken()
    }
  }

  private accept(): void {
    if (this.state !== 'handshake') return
    this.state = 'open'
    this.phone.opened()
    for (const data of this.early.splice(0)) this.phone.message(data)
  }

  refuse(status = 403): void {
    if (this.state !== 'handshake') throw new Error('refuse(): the handshake is over, close() it')
    this.over({ code: 1006, reason: '' })
    this.phone.refused(status)
  }

  send(data: SocketData): void {
    if (this.state === 'handshake') this.early.push(data)
    else if (this.state === 'open') this.phone.message(data)
  }

  close(code = 1000, reason = ''): void {
    if (this.state === 'handshake') this.accept()
    this.finish({ code, reason })
  }

  drop(): void {
    this.finish({ code: 1006, reason: 'abnormal closure' })
  }

  private finish(end: SocketEnd): void {
    if (this.state === 'closed') return
    this.over(end)
    this.phone.ended(end)
  }

  onMessage(listener: (data: SocketData) => void): void {
    this.onMessages.push(listener)
  }

  onClose(listener: (end: SocketEnd) => void): void {
    this.onCloses.push(listener)
  }

  /** A message of the phone's has arrived. */
  hear(data: SocketData): void {
    if (this.state === 'closed') return
    this.received.push(data)
    for (const listener of this.onMessages) listener(data)
  }

  /** It has ended, and the phone knows. */
  over(end: SocketEnd): void {
    if (this.state === 'closed') return
    this.state = 'closed'
    this.end = end
    for (const listener of this.onCloses) listener(end)
  }
}
