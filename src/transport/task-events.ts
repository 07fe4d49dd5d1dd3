import { callSafely } from '../app-code'

export type TaskEvent = 'ProgressUpdate' | 'HeadersReceived' | 'ChunkReceived'

export const TASK_EVENTS: readonly TaskEvent[] = ['ProgressUpdate', 'HeadersReceived', 'ChunkReceived']

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

/** The head of an answer, before its body is there. Only that of the answer that counts is heard. */
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

/** What `wx.request` returns, if it returns anything: hooked APIs have been seen to return `undefined`. */
export type PlatformTask = { abort?: () => void } & {
  [method in `on${TaskEvent}`]?: (listener: (detail: unknown) => void) => void
}

export type TaskListener = (detail: never) => void

/** Who hears the events of one task. */
export interface Hearing {
  /** Whether anybody wants this one. */
  has(event: TaskEvent): boolean
  on(event: TaskEvent, listener: TaskListener): void
  /** Without a listener: all of them. */
  off(event: TaskEvent, listener?: TaskListener): void
  tell(event: TaskEvent, detail: unknown): void
}

/** The listeners of one task. They outlive its attempts. */
export class TaskListeners implements Hearing {
  private lists: { readonly [event in TaskEvent]?: readonly TaskListener[] } = {}

  has(event: TaskEvent): boolean {
    return Boolean(this.lists[event])
  }

  on(event: TaskEvent, listener: TaskListener): void {
    this.set(event, (this.lists[event] || []).concat(listener))
  }

  off(event: TaskEvent, listener?: TaskListener): void {
    const list = this.lists[event]
    if (list) this.set(event, listener ? list.filter((other) => other !== listener) : [])
  }

  tell(event: TaskEvent, detail: unknown): void {
    for (const listener of this.lists[event] || []) callSafely(listener, detail as never)
  }

  private set(event: TaskEvent, list: readonly TaskListener[]): void {
    this.lists = Object.assign({}, this.lists, { [event]: list })
  }
}
