import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Fault } from './plan.ts'

/** One request as it came to the proxy, whatever became of it: the book that the SDK does not keep. */
export interface Arrival {
  readonly id: string
  readonly method: string
  readonly fault: Fault
  /** Of a login. */
  readonly code: string | undefined
  /** The status that was sent back whole; nothing for one that was cut off or left waiting. */
  status: number | undefined
}

export interface Proxy {
  readonly address: string
  /** In the order in which they came. */
  readonly arrivals: readonly Arrival[]
  /** Where the server is now. */
  pointTo(address: string): void
  /** Closes the door: whoever comes is refused, whoever is inside is cut off. */
  shut(): Promise<void>
  open(): Promise<void>
}

const HTML = '<html><h1>We will be back soon</h1></html>'

/** Stands between the phones and the server, keeps a book, and does what `faultOf` says to each arrival. */
export async function startProxy(faultOf: (id: string, arrival: number) => Fault): Promise<Proxy> {
  const arrivals: Arrival[] = []
  const counts = new Map<string, number>()
  let target = ''

  const server = createServer((incoming, response) => {
    const parts: Buffer[] = []
    incoming.on('data', (part: Buffer) => parts.push(part))
    // Cut off by the phone before all of it was here: it has not arrived.
    incoming.on('error', () => undefined)
    incoming.on('end', () => arrive(incoming, Buffer.concat(parts), response))
  })
  server.keepAliveTimeout = 60_000

  function arrive(incoming: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const id = String(incoming.headers['x-chaos-id'])
    const count = (counts.get(id) ?? 0) + 1
    counts.set(id, count)
    const fault = faultOf(id, count)
    const arrival: Arrival = {
      id,
      method: incoming.method ?? '',
      fault,
      code: incoming.url === '/login' ? codeIn(body) : undefined,
      status: undefined,
    }
    arrivals.push(arrival)
    const reply = (status: number, text: string) => {
      arrival.status = status
      response.writeHead(status, { 'content-type': 'text/html' }).end(text)
    }
    if (fault === '502' || fault === '503') return reply(Number(fault), HTML)
    if (fault === 'html') return reply(200, HTML)
    if (fault === 'cut before') return void response.destroy()
    carry(incoming, body, response, arrival)
  }

  function carry(incoming: IncomingMessage, body: Buffer, response: ServerResponse, arrival: Arrival): void {
    const { fault } = arrival
    const headers = { ...incoming.headers, host: new URL(target).host }
    const forward = ask(`${target}${incoming.url ?? '/'}`, { method: arrival.method, headers, agent: false })
    // A server that is gone or goes away in the middle: the phone's connection ends with it.
    forward.on('error', () => response.destroy())
    response.on('close', () => forward.destroy())
    forward.on('response', (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('error', () => response.destroy())
      answer.on('end', () => {
        if (fault === 'silence') return
        if (!answer.complete || fault === 'cut after') {
          response.destroy()
          return
        }
        const { statusCode = 0 } = answer
        const text = Buffer.concat(parts)
        delete answer.headers['transfer-encoding']
        response.writeHead(statusCode, {
          ...answer.headers,
          connection: 'keep-alive',
          'content-length': text.length,
        })
        if (fault === 'cut half-way') {
          response.write(text.subarray(0, text.length / 2))
          setImmediate(() => response.destroy())
          return
        }
        arrival.status = statusCode
        response.end(text)
      })
    })
    forward.end(body)
  }

  const listen = (port: number) =>
    new Promise<void>((listening) => server.listen(port, '127.0.0.1', () => listening()))
  await listen(0)
  const { port } = server.address() as AddressInfo

  return {
    address: `http://127.0.0.1:${port}`,
    arrivals,
    pointTo(address) {
      target = address
    },
    async shut() {
      const closed = new Promise((done) => server.close(done))
      server.closeAllConnections()
      await closed
    },
    open: () => listen(port),
  }
}

function codeIn(body: Buffer): string {
  const { code } = JSON.parse(body.toString()) as { code: string }
  return code
}
