import { Agent, request as plain } from 'node:http'
import { Agent as TlsAgent, request as tls } from 'node:https'

/** One request and what came of it, as it is shown beside a ✗. */
export interface Exchange {
  method: string
  path: string
  requestHeaders: Record<string, string>
  requestBody: string
  /** as it stands on the wire; 0: no answer */
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
  ms: number
}

export interface Message {
  method: string
  path: string
  headers?: Record<string, string>
  body?: unknown
}

/** ms: the client's login has given up by then */
const PATIENCE = 11_000

/** `fetch` would write header names its own way and hide who closed a connection; here both matter. */
export class Http {
  readonly exchanges: Exchange[] = []
  private readonly agent: Agent

  constructor(private readonly base: URL) {
    const options = { keepAlive: true, maxSockets: 64 }
    this.agent = base.protocol === 'https:' ? new TlsAgent(options) : new Agent(options)
  }

  async send(message: Message): Promise<Exchange> {
    const exchange = await this.once(message)
    // A kept connection may be closed by the other side in the very moment it is used again: that says nothing.
    if (exchange.status !== 0 || exchange.ms > 1000 || message.method !== 'GET') return exchange
    return this.once(message)
  }

  close(): void {
    this.agent.destroy()
  }

  private once({ method, path, headers = {}, body }: Message): Promise<Exchange> {
    const requestBody = body === undefined ? '' : JSON.stringify(body)
    const exchange: Exchange = {
      method,
      path,
      requestHeaders: {
        ...headers,
        ...(body === undefined
          ? {}
          : { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(requestBody)) }),
      },
      requestBody,
      status: 0,
      headers: {},
      text: '',
      ms: 0,
    }
    this.exchanges.push(exchange)
    const begun = performance.now()
    const target = new URL(this.base.pathname.replace(/\/$/, '') + path, this.base)
    return new Promise((resolve) => {
      const done = (failure?: Error) => {
        clearTimeout(timer)
        exchange.ms = Math.round(performance.now() - begun)
        if (failure) exchange.text = `(${firstOf(failure).message})`
        resolve(exchange)
      }
      const start = target.protocol === 'https:' ? tls : plain
      const request = start(target, { method, headers: exchange.requestHeaders, agent: this.agent })
      const timer = setTimeout(() => request.destroy(new Error('no answer')), PATIENCE)
      request.on('error', done)
      request.on('response', (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', done)
        response.on('end', () => {
          exchange.status = response.statusCode ?? 0
          exchange.headers = response.headers
          exchange.text = Buffer.concat(chunks).toString()
          done()
        })
      })
      request.end(requestBody)
    })
  }
}

/** A name with several addresses fails with an error for each, and no words of its own. */
const firstOf = (error: Error & { errors?: Error[] }): Error => error.errors?.[0] ?? error

/** No connection was made: a back end that hangs up is there. */
export const isUnreachable = ({ status, text }: Exchange): boolean =>
  status === 0 && /^\((connect|getaddrinfo) /.test(text)
