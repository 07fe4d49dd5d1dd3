import { INSIDE } from '../inside'
import type {
  ChunkReceived,
  HeadersReceived,
  Progress,
  TaskEvent,
  TaskListener,
} from '../transport/task-events'

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
  /** Called once, with the head of the answer that counts: not for one that is refused and sent again. */
  onHeadersReceived(listener: (headers: HeadersReceived) => void): void
  /** Without a listener: all of them. */
  offHeadersReceived(listener?: (headers: HeadersReceived) => void): void
  /**
   * Needs `enableChunked: true`. Only pieces of the answer that counts are heard, and once one was heard the request is not sent
   * again. What comes with a status outside 200-399 is in the answer's `data` instead.
   */
  onChunkReceived(listener: (chunk: ChunkReceived) => void): void
  /** Without a listener: all of them. */
  offChunkReceived(listener?: (chunk: ChunkReceived) => void): void
}

/** What a task's methods act upon. */
export interface Controls {
  listen(event: TaskEvent, listener: TaskListener): void
  unlisten(event: TaskEvent, listener?: TaskListener): void
  /** Without an error: with one of its own. */
  abort(error?: unknown): void
}

export interface Controlled {
  readonly [INSIDE]: Controls
}

/** The methods of all tasks: a closure for each of them would be a third of the memory of a request. */
function abort(this: Controlled): void {
  this[INSIDE].abort()
}
const on = (event: TaskEvent) =>
  function (this: Controlled, listener: TaskListener): void {
    this[INSIDE].listen(event, listener)
  }
const off = (event: TaskEvent) =>
  function (this: Controlled, listener?: TaskListener): void {
    this[INSIDE].unlisten(event, listener)
  }
const onProgressUpdate = on('ProgressUpdate')
const offProgressUpdate = off('ProgressUpdate')
const onHeadersReceived = on('HeadersReceived')
const offHeadersReceived = off('HeadersReceived')
const onChunkReceived = on('ChunkReceived')
const offChunkReceived = off('ChunkReceived')

/** Not a subclass of `Promise`: old phones have a polyfill in its place, and compilers to ES5 break it. */
export function createTask<T>(promise: Promise<T>, controls: Controls): Task<T> {
  const task = promise as Task<T> & { [INSIDE]: Controls }
  task[INSIDE] = controls
  task.abort = abort
  task.onProgressUpdate = onProgressUpdate
  task.offProgressUpdate = offProgressUpdate
  task.onHeadersReceived = onHeadersReceived
  task.offHeadersReceived = offHeadersReceived
  task.onChunkReceived = onChunkReceived
  task.offChunkReceived = offChunkReceived
  return task
}
