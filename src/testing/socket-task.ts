import type { PlatformCallbacks } from '../platforms/wechat'
import { fail, succeed } from './callbacks'
import type { SocketData, SocketEnd } from './connection'

type Told = { errMsg: string }
type Listeners<E> = ((event: E) => void)[]
interface Opened {
  header: Record<string, string>
}

/** What the task asks of its socket. */
export interface SocketControls {
  readonly isOpen: boolean
  send(data: SocketData): void
  close(end: SocketEnd): void
  /** Calls back a moment later. */
  later(callback: () => void): void
}

/** What `connectSocket` returns (SocketTask page). It has no `off…`. */
export class FakeSocketTask {
  private readonly opens: Listeners<Opened> = []
  private readonly messages: Listeners<{ data: SocketData }> = []
  private readonly errors: Listeners<Told> = []
  private readonly closes: Listeners<SocketEnd> = []
  /** It is open before anybody could listen: whoever listens for it is told within the call. */
  isOpenAtOnce = false

  constructor(private readonly controls: SocketControls) {}

  onOpen(listener: (event: Opened) => void): void {
    this.opens.push(listener)
    if (this.isOpenAtOnce) listener({ header: {} })
  }

  onMessage(listener: (event: { data: SocketData }) => void): void {
    this.messages.push(listener)
  }

  onError(listener: (error: Told) => void): void {
    this.errors.push(listener)
  }

  onClose(listener: (event: SocketEnd) => void): void {
    this.closes.push(listener)
  }

  send(message: PlatformCallbacks<object> & { data: SocketData }): void {
    const { controls } = this
    if (
      typeof message.data !== 'string' &&
      !(Object.prototype.toString.call(message.data) === '[object ArrayBuffer]')
    )
      throw new TypeError('SocketTask.send:fail parameter error: data is neither a string nor an ArrayBuffer')
    if (controls.isOpen) {
      controls.send(message.data)
      return controls.later(() => succeed(message, { errMsg: 'sendSocketMessage:ok' }))
    }
    // Seen on phones and in DevTools alike (SocketTask.send, reported).
    const errMsg = 'sendSocketMessage:fail SocketTask.readyState is not OPEN'
    controls.later(() => fail(message, { errMsg }))
  }

  close(option: PlatformCallbacks<object> & { code?: number; reason?: string } = {}): void {
    const { code = 1000, reason = '' } = option
    this.controls.close({ code, reason })
    this.controls.later(() => succeed(option, { errMsg: 'closeSocket:ok' }))
  }

  emitOpen(): void {
    for (const listener of this.opens) listener({ header: {} })
  }

  emitMessage(data: SocketData): void {
    for (const listener of this.messages) listener({ data })
  }

  emitError(errMsg: string): void {
    for (const listener of this.errors) listener({ errMsg })
  }

  emitClose(end: SocketEnd): void {
    for (const listener of this.closes) listener({ ...end })
  }
}
