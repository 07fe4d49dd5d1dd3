import { callSafely } from './events'

export type TaskEvent = 'ProgressUpdate' | 'HeadersReceived' | 'ChunkReceived'

/** How far an upload or a download is. WeChat's fields, upload and download under one roof. */
export interface Progress {
  /** 0-100. */
  progress: number
  /** Bytes so far. */
  totalBytesSent?: number
  totalBytesWritten?: number
  /** Bytes in all. */
  totalBytesExpectedToSend?: number
  totalBytesExpectedToWrite?: number
}

export interface HeadersReceived {
  header: Record<string, unknown>
  cookies?: string[]
  statusCode?: number
}

export interface ChunkReceived {
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
  onProgressUpdate(listener: (progress: Progress) => void): void
  /** Without a listener: all of them. */
  offProgressUpdate(listener?: (progress: Progress) => void): void
  onHeadersReceived(listener: (headers: HeadersReceived) => void): void
  offHeadersReceived(listener?: (headers: HeadersReceived) => void): void
  /** Needs `enableChunked: true`. */
  onChunkReceived(listener: (chunk: ChunkReceived) => void): void
  offChunkReceived(listener?: (chunk: ChunkReceived) => void): void
}

export type TaskListener = (detail: never) => void

/** Where a task keeps its listeners: not a name that users meet. */
const LISTENERS = Symbol('listeners')

/** What a task's methods act upon. */
export interface Controls {
  readonly listeners: TaskListeners
  abort(): void
}

type Listening = { readonly [LISTENERS]: TaskListeners }

/** The methods of all tasks: a closure for each of them would be a third of the memory of a request. */
const on = (event: TaskEvent) =>
  function (this: Listening, listener: TaskListener): void {
    this[LISTENERS].on(event, listener)
  }
const off = (event: TaskEvent) =>
  function (this: Listening, listener?: TaskListener): void {
    this[LISTENERS].off(event, listener)
  }
const onProgressUpdate = on('ProgressUpdate')
const offProgressUpdate = off('ProgressUpdate')
const onHeadersReceived = on('HeadersReceived')
const offHeadersReceived = off('HeadersReceived')
const onChunkReceived = on('ChunkReceived')
const offChunkReceived = off('ChunkReceived')

export function createTask<T>(promise: Promise<T>, controls: Controls): Task<T> {
  const task = promise as Task<T> & { [LISTENERS]: TaskListeners }
  task[LISTENERS] = controls.listeners
  task.abort = () => controls.abort()
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

/**
 * The listeners of one task. They outlive the attempts: each attempt's platform task is attached in turn, and
 * an attempt that was given up is not heard any more.
 */
export class TaskListeners {
  private entries: readonly { event: TaskEvent; listener: TaskListener }[] = NONE
  private hooked: readonly TaskEvent[] = NONE
  private attached: PlatformTask | undefined
  /** How often the task has gone out, in all the calls that it makes behind middleware. */
  attempts = 0

  on(event: TaskEvent, listener: TaskListener): void {
    this.entries = this.entries.concat({ event, listener })
    this.hook(event)
  }

  off(event: TaskEvent, listener?: TaskListener): void {
    this.entries = this.entries.filter(
      (entry) => entry.event !== event || (listener && entry.listener !== listener),
    )
  }

  attach(task: PlatformTask | undefined): void {
    this.attached = task
    this.hooked = NONE
    for (const { event } of this.entries) this.hook(event)
  }

  private hook(event: TaskEvent): void {
    const task = this.attached
    const method = `on${event}` as const
    if (!task || this.hooked.indexOf(event) >= 0) return
    this.hooked = this.hooked.concat(event)
    const deliver = (detail: unknown): void => {
      if (this.attached !== task) return
      for (const entry of this.entries) if (entry.event === event) callSafely(entry.listener, detail as never)
    }
    // Hooked APIs may throw here, and the request is under way already.
    callSafely((hear: typeof deliver) => task[method] && task[method](hear), deliver)
  }
}

const NONE: readonly never[] = []
