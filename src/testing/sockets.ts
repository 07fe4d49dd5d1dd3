import type { PlatformCallbacks } from '../platforms/wechat'
import { fail, succeed } from './callbacks'
import type { Calls } from './calls'
import { Connection, type PhoneSide, type SocketEnd, type SocketHandler } from './connection'
import type { Misbehaviour, Misbehaviours } from './misbehave'
import { FakeRequest } from './request'
import { FakeSocketTask } from './socket-task'
import type { Thread } from './thread'

export interface SocketsOptions {
  readonly thread: Thread
  readonly calls: Calls
  readonly misbehaviours: Misbehaviours
  readonly handler: SocketHandler
  readonly latency: number | ((request: FakeRequest) => number)
  /** How many there may be at once. */
  readonly limit: number
  /** What `onError` says of a refused handshake. */
  readonly refusal: (status: number) => string
  readonly domains: readonly string[] | undefined
  readonly isOffline: () => boolean
  readonly isSuspended: () => boolean
}

type Given = PlatformCallbacks<object> & {
  url?: unknown
  header?: Record<string, string>
  protocols?: readonly string[]
  timeout?: number
}

/** WeChat's own time limit for a handshake (app.json page). */
const TIMEOUT = 60_000

/** `connectSocket`, and what happens to the sockets of a phone. */
export function createSockets(options: SocketsOptions) {
  const { thread, calls, misbehaviours, handler } = options
  const { outside } = thread
  const live = new Set<Socket>()

  const later = (callback: () => void, ms = 0) => void outside.setTimeout(() => thread.deliver(callback), ms)

  /** One socket on the phone's side. */
  class Socket implements PhoneSide {
    readonly task: FakeSocketTask
    readonly connection: Connection
    private state: 'connecting' | 'open' | 'closing' | 'closed' = 'connecting'
    private readonly way: number

    constructor(
      request: FakeRequest,
      protocols: readonly string[],
      private readonly behaviour: Misbehaviour | undefined,
    ) {
      const { latency } = options
      this.way =
        behaviour === 'same-tick' ? 0 : (typeof latency === 'number' ? latency : latency(request)) / 2
      const isOpen = () => this.state === 'open'
      this.task = new FakeSocketTask({
        get isOpen() {
          return isOpen()
        },
        send: (data) => void outside.setTimeout(() => this.connection.hear(data), this.way),
        close: (end) => this.close(end),
        later,
      })
      this.connection = new Connection(request, protocols, this)
      live.add(this)
    }

    dial(): void {
      if (this.behaviour === 'same-tick') {
        this.connection.arrive(handler)
        return
      }
      if (this.behaviour === 'hang') return
      outside.setTimeout(() => {
        if (this.state !== 'connecting') return
        // Words of the network tuning guide.
        if (options.isOffline()) this.broken('Underlying Transport Error', { code: 1006, reason: '' })
        else this.connection.arrive(handler)
      }, this.way)
    }

    opened(): void {
      if (this.behaviour === 'same-tick') {
        this.state = 'open'
        this.task.isOpenAtOnce = true
        return
      }
      if (this.behaviour === 'message-first') this.message('before the open')
      this.travel(() => {
        if (this.state !== 'connecting') return
        this.state = 'open'
        this.task.emitOpen()
      })
    }

    refused(status: number): void {
      this.travel(() => this.broken(options.refusal(status), { code: 1006, reason: '' }))
    }

    message(data: string | ArrayBuffer): void {
      this.travel(() => {
        const isHeard = this.state === 'open' || this.behaviour === 'message-first'
        if (isHeard || this.behaviour === 'late-messages') this.task.emitMessage(data)
      })
    }

    ended(end: SocketEnd): void {
      this.travel(() => this.ends(end))
    }

    /** The phone ends it, and the back end finds a broken line: before the phone's code can dial another within its `onClose`. */
    cut(end: SocketEnd): void {
      if (this.state === 'closed') return
      this.connection.over({ code: 1006, reason: '' })
      this.ends(end)
    }

    private travel(arrive: () => void): void {
      later(arrive, this.way)
    }

    private close(end: SocketEnd): void {
      if (this.state === 'closing' || this.state === 'closed') return
      this.state = 'closing'
      // After Wi-Fi off close() has no effect, and the old line lives on at the server (reported).
      if (this.behaviour === 'late-messages') return void live.delete(this)
      outside.setTimeout(() => this.connection.over(end), this.way)
      later(() => this.ends(end), this.way * 2)
    }

    /** It never came to an open. */
    private broken(errMsg: string, end: SocketEnd): void {
      if (this.state !== 'connecting') return
      if (this.behaviour !== 'close-only') this.task.emitError(errMsg)
      if (this.behaviour === 'error-twice') this.task.emitError('fail')
      this.ends(end)
    }

    private ends(end: SocketEnd): void {
      if (this.state === 'closed') return
      const wasOpen = this.state === 'open'
      this.state = 'closed'
      live.delete(this)
      if (this.behaviour === 'error-only') {
        if (wasOpen) this.task.emitError(end.reason || 'abnormal closure')
      } else if (this.behaviour !== 'no-close') this.task.emitClose(end)
    }
  }

  function connectSocket(given: Given): unknown {
    calls.sockets++
    const url = String(given.url)
    const behaviour = misbehaviours.take('connectSocket', { url })
    // Nobody could end such a socket: there is none.
    if (behaviour === 'undefined-task') return undefined
    if (behaviour === 'throw') throw new Error('connectSocket is not to be called now')
    const problem = behaviour === 'fail' ? 'fail' : problemOf(url)
    if (problem !== undefined) {
      later(() => fail(given, { errMsg: `connectSocket:${problem}` }))
      return new FakeSocketTask(nowhere)
    }
    const parts = {
      header: { ...given.header },
      data: undefined,
      upload: undefined,
      timeout: given.timeout ?? TIMEOUT,
    }
    const request = new FakeRequest(calls.sockets, 'request', 'GET', url, parts, { ...given })
    const socket = new Socket(request, given.protocols ?? [], behaviour)
    calls.maxSockets = Math.max(calls.maxSockets, live.size)
    later(() => succeed(given, { errMsg: 'connectSocket:ok' }))
    socket.dial()
    return behaviour === 'promise-task' ? Promise.resolve(socket.task) : socket.task
  }

  const nowhere = { isOpen: false, send: () => undefined, close: () => undefined, later }

  function problemOf(url: string): string | undefined {
    const origin = /^wss?:\/\/[^/?#]+/i.exec(url)?.[0]
    if (origin === undefined) return 'fail invalid url'
    if (options.domains && !options.domains.includes(origin)) return 'fail url not in domain list'
    if (options.isSuspended()) return 'fail interrupted'
    // At most five at once (wx.connectSocket page); the words are reported (netease-im/NIM_Web_Weapp_Demo#9).
    return live.size >= options.limit ? 'fail exceed max cocurrent count' : undefined
  }

  function cutAll(end: SocketEnd): void {
    for (const socket of [...live]) thread.deliver(() => socket.cut(end))
  }

  return {
    connectSocket,
    /** 5 s in the background, by the close code that was seen (reported). */
    interruptSockets: () => cutAll({ code: 1000, reason: 'interrupted' }),
    breakSockets: () => cutAll({ code: 1006, reason: 'abnormal closure' }),
    get openSockets() {
      return live.size
    },
  }
}
