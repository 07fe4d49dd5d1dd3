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

/** What a task's methods act upon. */
export interface Controls {
  abort(): void
  on(event: TaskEvent, listener: TaskListener): void
  off(event: TaskEvent, listener?: TaskListener): void
}

export type TaskListener = (detail: never) => void

/** Something on its way: what it will come to, and what acts upon it. */
export interface Sent<T> {
  promise: Promise<T>
  controls: Controls
}

export function createTask<T>({ promise, controls }: Sent<T>): Task<T> {
  const task = promise as Task<T>
  task.abort = () => controls.abort()
  task.onProgressUpdate = (listener) => controls.on('ProgressUpdate', listener)
  task.offProgressUpdate = (listener) => controls.off('ProgressUpdate', listener)
  task.onHeadersReceived = (listener) => controls.on('HeadersReceived', listener)
  task.offHeadersReceived = (listener) => controls.off('HeadersReceived', listener)
  task.onChunkReceived = (listener) => controls.on('ChunkReceived', listener)
  task.offChunkReceived = (listener) => controls.off('ChunkReceived', listener)
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
  private readonly entries: { event: TaskEvent; listener: TaskListener }[] = []
  private attached: PlatformTask | undefined
  private hooked: TaskEvent[] = []

  on(event: TaskEvent, listener: TaskListener): void {
    this.entries.push({ event, listener })
    this.hook(event)
  }

  off(event: TaskEvent, listener?: TaskListener): void {
    for (let i = this.entries.length - 1; i >= 0; i--) {
      const entry = this.entries[i]
      if (entry?.event === event && (!listener || entry.listener === listener)) this.entries.splice(i, 1)
    }
  }

  attach(task: PlatformTask | undefined): void {
    this.attached = task
    this.hooked = []
    for (const { event } of this.entries) this.hook(event)
  }

  private hook(event: TaskEvent): void {
    const task = this.attached
    if (!task || this.hooked.indexOf(event) >= 0) return
    this.hooked.push(event)
    task[`on${event}`]?.((detail) => {
      if (this.attached !== task) return
      for (const entry of this.entries.slice()) {
        if (entry.event !== event) continue
        try {
          entry.listener(detail as never)
        } catch (error) {
          console.error(`miniprogram-session: an on${event} listener threw`, error)
        }
      }
    })
  }
}
