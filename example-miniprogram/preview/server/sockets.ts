import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import type { SocketHead } from '../protocol'

interface Order {
  url: string
  header: Record<string, string>
  protocols: string[]
}

/** What `ws` says where there was no close frame, and where it had no code. */
const BROKEN = 1006
const NO_CODE = 1005

/** Makes the sockets of the mini-program, as the phone would: with its header fields, and told with which status one was refused. */
export class Sockets {
  readonly #server = new WebSocketServer({ noServer: true })
  readonly #resolve: (url: string) => string

  /** `resolve` says where an address really is. */
  constructor(resolve: (url: string) => string) {
    this.#resolve = resolve
  }

  join(request: IncomingMessage, socket: Duplex, head: Buffer, order: string): void {
    const { url, header, protocols } = JSON.parse(order) as Order
    const address = this.#resolve(url.replace(/^ws/, 'http')).replace(/^http/, 'ws')
    this.#server.handleUpgrade(request, socket, head, (phone) => {
      relay(phone, new WebSocket(address, protocols, { headers: header }))
    })
  }

  close(): void {
    for (const phone of this.#server.clients) phone.terminate()
    this.#server.close()
  }
}

/** One line of two: what either side says, and how it ends. */
function relay(phone: WebSocket, server: WebSocket): void {
  const tell = (head: SocketHead) => phone.send(JSON.stringify(head))
  server.on('open', () => tell({}))
  server.on('unexpected-response', (_request, { statusCode = 0 }) => {
    tell({ status: statusCode })
    phone.close(1000)
  })
  server.on('message', (data: Buffer, isBinary) => phone.send(data, { binary: isBinary }))
  server.on('close', (code, reason) => end(phone, code, reason))
  server.on('error', () => phone.terminate())
  phone.on('message', (data: Buffer, isBinary) => server.send(data, { binary: isBinary }))
  phone.on('close', (code, reason) => end(server, code === NO_CODE ? BROKEN : code, reason))
}

function end(other: WebSocket, code: number, reason: Buffer): void {
  if (code === BROKEN || code === 1001) other.terminate()
  else if (code === NO_CODE) other.close()
  else other.close(code, reason)
}
