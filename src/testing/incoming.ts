import { joined } from './chunks'
import type { Misbehaviour } from './misbehave'
import { receivedHeader, type Reception } from './received'
import type { FakeRequest } from './request'
import type { FakeTask, HeadersEvent } from './task'
import type { Thread } from './thread'
import { decodeUtf8 } from './utf8'

/** What a task hears of its answer before that is there: head, chunks, progress. */
export class Incoming {
  private hasHead = false
  /** Held back until the first chunk. */
  private heldHead: HeadersEvent | undefined
  private readonly kept: ArrayBuffer[] = []

  constructor(
    private readonly task: FakeTask,
    private readonly request: FakeRequest,
    private readonly behaviour: Misbehaviour | undefined,
    private readonly phone: Reception,
    private readonly thread: Thread,
  ) {}

  get isChunked(): boolean {
    return this.request.api === 'request' && this.request.options['enableChunked'] === true
  }

  /** The body as far as it was kept from the chunk listeners, for `success`. */
  get keptBody(): ArrayBuffer | '' {
    return this.kept.length > 0 ? joined(this.kept) : ''
  }

  headers(statusCode: number, header: Record<string, string>, cookies: readonly string[]): void {
    if (this.hasHead || this.behaviour === 'no-head') return
    this.hasHead = true
    const received = { header: receivedHeader({ header, cookies }, this.phone), cookies: [...cookies] }
    const event = this.behaviour === 'head-without-status' ? received : { statusCode, ...received }
    if (this.behaviour === 'chunk-before-head') this.heldHead = event
    else this.thread.deliver(() => this.task.emitHeaders(event))
  }

  chunk(bytes: ArrayBuffer): void {
    if (!this.isChunked || bytes.byteLength === 0) return
    if (this.behaviour === 'no-chunks') {
      this.kept.push(bytes)
      return
    }
    const data = shaped(bytes, this.behaviour)
    this.thread.deliver(() => this.task.emitChunk(data))
    this.releaseHead()
  }

  progress(done: number, total: number): void {
    const progress = total > 0 ? Math.floor((done / total) * 100) : 100
    // The pages of the two tasks name the fields differently.
    const event =
      this.request.api === 'uploadFile'
        ? { progress, totalBytesSent: done, totalBytesExpectedToSend: total }
        : { progress, totalBytesWritten: done, totalBytesExpectedToWrite: total }
    this.thread.deliver(() => this.task.emitProgress(event))
  }

  /** A head that was to come after the first chunk comes now: there has been one, or there is none. */
  releaseHead(): void {
    const event = this.heldHead
    this.heldHead = undefined
    if (event !== undefined) this.thread.deliver(() => this.task.emitHeaders(event))
  }
}

function shaped(bytes: ArrayBuffer, behaviour: Misbehaviour | undefined): ArrayBuffer | Uint8Array | string {
  if (behaviour === 'chunk-as-string') return decodeUtf8(bytes)
  if (behaviour !== 'chunk-as-view') return bytes
  // Reading the buffer of the view instead of the view is the mistake that this is to find.
  const room = new Uint8Array(bytes.byteLength + 2)
  room.set(new Uint8Array(bytes), 1)
  return room.subarray(1, -1)
}
