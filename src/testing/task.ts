type Listener = (event: never) => void

/** Listeners of one event of a task; made when the first arrives, for most requests have none. */
class Listeners<E> {
  private listeners: ((event: E) => void)[] = []

  on(listener: (event: E) => void): void {
    this.listeners.push(listener)
  }

  /** Without a listener, all go: so it is written on each `off…` page. */
  off(listener?: Listener): void {
    this.listeners = listener === undefined ? [] : this.listeners.filter((each) => each !== listener)
  }

  emit(event: E, report: (error: unknown) => void): void {
    for (const listener of this.listeners) {
      try {
        listener(event)
      } catch (error) {
        report(error)
      }
    }
  }
}

export interface HeadersEvent {
  header: Record<string, string>
  /** Absent only by misbehaviour. */
  statusCode?: number
  cookies: string[]
}

/** An `ArrayBuffer` on phones; see the misbehaviours for the others. */
export type ChunkData = ArrayBuffer | Uint8Array | string

/** What the three network calls return: RequestTask, UploadTask and DownloadTask in one. */
export class FakeTask {
  // Each is undefined until somebody listens.
  private headers: Listeners<HeadersEvent> | undefined
  private chunks: Listeners<{ data: ChunkData }> | undefined
  private progress: Listeners<object> | undefined

  /** A listener that throws does not keep its request from ending: `report` takes what it threw. */
  constructor(
    private readonly stop: () => void,
    private readonly report: (error: unknown) => void,
  ) {}

  abort(): void {
    this.stop()
  }

  onHeadersReceived(listener: (event: HeadersEvent) => void): void {
    this.headers = this.headers ?? new Listeners()
    this.headers.on(listener)
  }

  offHeadersReceived(listener?: Listener): void {
    this.headers?.off(listener)
  }

  onChunkReceived(listener: (event: { data: ChunkData }) => void): void {
    this.chunks = this.chunks ?? new Listeners()
    this.chunks.on(listener)
  }

  offChunkReceived(listener?: Listener): void {
    this.chunks?.off(listener)
  }

  onProgressUpdate(listener: (event: object) => void): void {
    this.progress = this.progress ?? new Listeners()
    this.progress.on(listener)
  }

  offProgressUpdate(listener?: Listener): void {
    this.progress?.off(listener)
  }

  get hearsHeaders(): boolean {
    return this.headers !== undefined
  }

  emitHeaders(event: HeadersEvent): void {
    this.headers?.emit(event, this.report)
  }

  emitChunk(data: ChunkData): void {
    this.chunks?.emit({ data }, this.report)
  }

  emitProgress(event: object): void {
    this.progress?.emit(event, this.report)
  }
}
