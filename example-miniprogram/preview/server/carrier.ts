import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'
import type { NetPart } from '../protocol'

export interface Order {
  method: string
  url: string
  header: Record<string, string>
}

/** Bytes sent at a time, and how long each piece takes: an uplink of a phone, so that progress can be seen. */
const PIECE = 16 * 1024
const PIECE_MS = 15

/** Makes the requests of the mini-program, as the phone would: no browser rules, and progress of what is sent. */
export class Carrier {
  readonly #running = new Map<string, ClientRequest>()
  readonly #routes: Record<string, string>

  /** `routes` says where an origin really is: the example names a fixed port, tests take a free one. */
  constructor(routes: Record<string, string> = {}) {
    this.#routes = routes
  }

  /** `key` names the request for `abort`. `tell` hears of everything that happens, in order. */
  send(key: string, { method, url, header }: Order, body: Buffer, tell: (part: NetPart) => void): void {
    const address = this.resolve(url)
    const { request: open } = address.startsWith('https:') ? https : http
    const length =
      body.length > 0 || method === 'POST' || method === 'PUT'
        ? { 'content-length': String(body.length) }
        : {}
    // No agent: a connection kept from before the server was restarted would fail the first request after it.
    const request = open(address, { agent: false, method, headers: { ...header, ...length } })
    this.#running.set(key, request)
    request.on('close', () => this.#running.delete(key))
    request.on('error', (error: NodeJS.ErrnoException) => tell({ kind: 'fail', reason: reasonOf(error) }))
    request.on('response', (response) => relay(response, tell))
    upload(request, body, tell)
  }

  resolve(url: string): string {
    const { origin } = new URL(url)
    return (this.#routes[origin] ?? origin) + url.slice(origin.length)
  }

  abort(key: string): void {
    this.#running.get(key)?.destroy()
  }

  /** Whoever asked has gone: a stream would go on for nobody. */
  abortAll(prefix: string): void {
    for (const [key, request] of this.#running) if (key.startsWith(prefix)) request.destroy()
  }
}

function upload(request: ClientRequest, body: Buffer, tell: (part: NetPart) => void): void {
  if (body.length <= PIECE) {
    request.end(body)
    return
  }
  let done = 0
  const next = () => {
    if (request.destroyed) return
    const piece = body.subarray(done, done + PIECE)
    done += piece.length
    request.write(piece)
    tell({ kind: 'progress', done, total: body.length })
    if (done === body.length) request.end()
    else setTimeout(next, PIECE_MS)
  }
  next()
}

function relay(response: IncomingMessage, tell: (part: NetPart) => void): void {
  const { statusCode = 0, headers } = response
  const { 'set-cookie': cookies = [], ...rest } = headers
  const header = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : (value ?? ''),
    ]),
  )
  tell({ kind: 'headers', statusCode, header, cookies })
  response.on('data', (chunk: Buffer) => tell({ kind: 'chunk', bytes: chunk.toString('base64') }))
  response.on('end', () => tell({ kind: 'end' }))
  response.on('error', (error) => tell({ kind: 'fail', reason: reasonOf(error) }))
}

function reasonOf({ code }: NodeJS.ErrnoException): Extract<NetPart, { kind: 'fail' }>['reason'] {
  if (code === 'ECONNREFUSED') return 'refused'
  if (code === 'ECONNRESET') return 'reset'
  return code === 'ENOTFOUND' || code === 'EAI_AGAIN' ? 'dns' : 'unknown'
}
