import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { ServerMessage } from '../protocol'

/** The windows that look at the preview, each at the end of one event stream. */
export class EventStream {
  readonly #windows = new Map<string, ServerResponse>()

  /** Takes a window in and gives it its name. */
  join(response: ServerResponse): string {
    const client = randomUUID()
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    this.#windows.set(client, response)
    response.on('close', () => this.#windows.delete(client))
    this.tell(client, { type: 'hello', client })
    return client
  }

  tell(client: string, message: ServerMessage): void {
    this.#windows.get(client)?.write(`data: ${JSON.stringify(message)}\n\n`)
  }

  tellAll(message: ServerMessage): void {
    for (const client of this.#windows.keys()) this.tell(client, message)
  }

  close(): void {
    for (const response of this.#windows.values()) response.end()
  }
}
