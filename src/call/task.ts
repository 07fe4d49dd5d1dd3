import { callSafely } from '../events'

export type TaskEvent = 'ProgressUpdate' | 'HeadersReceived' | 'ChunkReceived'

/** How far an upload or a download is. WeChat's fields, upload and download under one roof. */
export interface Progress {
  /** 0-100. */
  progress: number
  /** Bytes so far, of an upload. */
  totalBytesSent?: number
  /** Bytes so far, of a download. */
  totalBytesWritten?: number
  /** Bytes in all, of an upload. */
  totalBytesExpectedToSend?: number
  /** Bytes in all, of a download. */
  totalBytesExpectedToWrite?: number
}

/** The head of an answer, before its body is there. One for each attempt. */
export interface HeadersReceived {
  header: Record<string, unknown>
  cookies?: string[]
  statusCode?: number
}

/** A piece of an answer that arrives in pieces. */
export interface ChunkReceived {
  /** Bytes as they came: a character may be cut in two. */
  data: ArrayBuffer
}

/**
 * A promise that is also WeChat's task. Its methods work in every stage: waiting for a login, queued, on the
 * wire, or being sent again.
 *
 * ```ts
 * const task = api.uploadFile({ url: '/avatar', filePath, name: 'file' })
 * task.onProgressUpdate(({ progress }) => this.setData({ progress }))
 * await task
 * ```
 */
export interface Task<T> extends Promise<T> {
  /** Rejects with `AbortError` at once, unless it has settled already. */
  abort(): void
  /** Of an upload or a download. Begins anew when it is sent again. */
  onProgressUpdate(listener: (progress: Progress) => void): void
  /** Without a listener: all of them. */
  offProgressUpdate(listener?: (progress: Progress) => void): void
  /** Called for each attempt, also for one that is answered with 401 and sent again. */
  onHeadersReceived(listener: (headers: HeadersReceived) => void): void
  /** Without a listener: all of them. */
  offHeadersReceived(listener?: (headers: HeadersReceived) => void): void
  /** Needs `enableChunked: true`. */
  onChunkReceived(listener: (chunk: ChunkReceived) => void): void
  /** Without a listener: all of them. */
  offChunkReceived(listener?: (chunk: ChunkReceived) => void): void
}

type TaskListener = (detail: never) => void

/** What a task's methods act upon. */
export interface Controls {
  readonly listeners: TaskListeners
  abort(): void
}

/** Where a task keeps it: not a name that users meet. */
const CONTROLS = Symbol('controls')
interface Controlled {
  readonly [CONTROLS]: Controls
}

/** The methods of all tasks: a closure for each of them would be a third of the memory of a request. */
function abort(this: Controlled): void {
  this[CONTROLS].abort()
}
const on = (event: TaskEvent) =>
  function (this: Controlled, listener: TaskListener): void {
    this[CONTROLS].listeners.on(event, listener)
  }
const off = (event: TaskEvent) =>
  function (this: Controlled, listener?: TaskListener): void {
    this[CONTROLS].listeners.off(event, listener)
  }
const onProgressUpdate = on('ProgressUpdate')
const offProgressUpdate = off('ProgressUpdate')
const onHeadersReceived = on('HeadersReceived')
const offHeadersReceived = off('HeadersReceived')
const onChunkReceived = on('ChunkReceived')
const offChunkReceived = off('ChunkReceived')

/** Not a subclass of `Promise`: old phones have a polyfill in its place, and compilers to ES5 break it. */
export function createTask<T>(promise: Promise<T>, controls: Controls): Task<T> {
  const task = promise as Task<T> & { [CONTROLS]: Controls }
  task[CONTROLS] = controls
  task.abort = abort
  task.onProgressUpdate = onProgressUpdate
  task.offProgressUpdate = offProgressUpdate
  task.onHeadersReceived = onHeadersReceived
  task.offHeadersReceived = offHeadersReceived
  task.onChunkReceived = onChunkReceived
  task.offChunkReceived = offChunkReceived
  return task
}

/** What `wx.request` returns, if it returns anything: hooked APIs have been seen to return `undefined`. */
export type PlatformTask = { abort?: () => void } & {
  [method in `on${TaskEvent}`]?: (listener: (detail: unknown) => void) => void
}

type Lists = { readonly [event in TaskEvent]?: readonly TaskListener[] }
const NONE: Lists = {}

/**
 * The listeners of one task. They outlive the attempts: each attempt's platform task is attached in turn, and
 * an attempt that was given up is not heard any more.
 */
export class TaskListeners {
  /** An event has a list once it was listened to, which is when the platform's task was told. */
  private lists = NONE
  private attached: PlatformTask | undefined
  /** How often the task has gone out, in all the calls that it makes behind middleware. */
  attempts = 0

  on(event: TaskEvent, listener: TaskListener): void {
    const list = this.lists[event]
    this.set(event, (list || []).concat(listener))
    if (!list) this.hook(event)
  }

  off(event: TaskEvent, listener?: TaskListener): void {
    const list = this.lists[event]
    if (list) this.set(event, listener ? list.filter((other) => other !== listener) : [])
  }

  attach(task: PlatformTask | undefined): void {
    this.attached = task
    for (const event in this.lists) this.hook(event as TaskEvent)
  }

  private set(event: TaskEvent, list: readonly TaskListener[]): void {
    this.lists = Object.assign({}, this.lists, { [event]: list })
  }

  private hook(event: TaskEvent): void {
    const task = this.attached
    const method = `on${event}` as const
    if (!task || !task[method]) return
    const deliver = (detail: unknown): void => {
      if (this.attached !== task) return
      for (const listener of this.lists[event] || []) callSafely(listener, detail as never)
    }
    // Hooked APIs may throw here, and the request is under way already.
    callSafely(() => task[method] && task[method](deliver), undefined)
  }
}
