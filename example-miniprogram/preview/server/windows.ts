import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { ServerMessage } from '../protocol'

/**
 * The windows that look at the preview, each on a socket of its own. Not on an event stream: of those a browser keeps six to
 * one host, all tabs together, and the seventh tab would wait for ever.
 */
export class Windows {
  readonly #sockets = new Map<string, WebSocket>()
  readonly #server = new WebSocketServer({ noServer: true })
  readonly #onLeft: (client: string) => void

  /** `onLeft` hears the name of each window that goes: closed, reloaded, cut off. */
  constructor(onLeft: (client: string) => void) {
    this.#onLeft = onLeft
  }

  /** Takes a window in, gives it a name, and tells it the first news. */
  join(request: IncomingMessage, socket: Duplex, head: Buffer, news: ServerMessage): void {
    this.#server.handleUpgrade(request, socket, head, (opened) => {
      const client = randomUUID()
      this.#sockets.set(client, opened)
      opened.on('close', () => {
        this.#sockets.delete(client)
        this.#onLeft(client)
      })
      this.tell(client, { type: 'hello', client })
      this.tell(client, news)
    })
  }

  tell(client: string, message: ServerMessage): void {
    this.#sockets.get(client)?.send(JSON.stringify(message))
  }

  tellAll(message: ServerMessage): void {
    for (const client of this.#sockets.keys()) this.tell(client, message)
  }

  close(): void {
    for (const socket of this.#sockets.values()) socket.terminate()
    this.#server.close()
  }
}
