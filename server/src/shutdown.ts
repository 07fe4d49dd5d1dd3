import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

export interface ShutdownOptions {
  /**
   * ms in which everything is served yet though `isDraining` says no more is wanted: what a load balancer needs to see
   * that. 5000 behind one, 0 without
   */
  drainDelay?: number
  /** ms for what is in flight then; 5000 */
  patience?: number
}

export interface Shutdown {
  /** for `/readyz`: 503 from now on */
  readonly isDraining: boolean
  /** Resolves once nothing is open any more. Twice is once. */
  shutDown(): Promise<void>
}

/** ms; an empty turn takes a tenth of it */
const SHORT = 0.3

/**
 * Ends an `http.Server` without a reset for anybody. Node's own `close()` cuts idle connections, on which a phone's next
 * request may be on its way: here each connection is closed with its next answer, which says so.
 */
export function gracefulShutdown(server: HttpServer, options: ShutdownOptions = {}): Shutdown {
  const { drainDelay = 0, patience = 5000 } = options
  // An app of Express or Koa has the same methods, and would only fail when the process is to end.
  if (!((server as unknown) instanceof NetServer)) {
    throw new TypeError('gracefulShutdown takes an http.Server, such as app.listen(…) gives.')
  }
  let isDraining = false
  let running: Promise<void> | undefined
  let taken = 0
  const sockets = new Set<Socket>()

  server.on('connection', (socket: Socket) => {
    taken += 1
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
    // One that was asked before, and is answered now, as well.
    const writeHead = response.writeHead.bind(response)
    response.writeHead = ((...given: Parameters<typeof writeHead>) => {
      if (isDraining && !response.headersSent) response.setHeader('connection', 'close')
      return writeHead(...given)
    }) as typeof writeHead
  })

  /**
   * Connections that Node has not taken when it stops to listen are reset, and it takes one a turn. This resolves right behind
   * a turn in which there was none to take, and which was too short for many to have come meanwhile.
   */
  async function allAreTaken(): Promise<void> {
    // A server that more and more come to has no such turn.
    const end = performance.now() + 1000
    for (;;) {
      const [before, begun] = [taken, performance.now()]
      await new Promise((resolve) => setImmediate(resolve))
      const now = performance.now()
      if ((taken === before && now - begun < SHORT) || now > end) return
    }
  }

  async function run(): Promise<void> {
    isDraining = true
    if (drainDelay > 0) await wait(drainDelay)
    await allAreTaken()
    // net's, not http's: that closes what is idle.
    const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()))
    const controller = new AbortController()
    const late = wait(patience, undefined, { signal: controller.signal }).then(
      () => {
        server.closeAllConnections()
        // What was upgraded, such as a WebSocket, is none of http's any more.
        for (const socket of sockets) socket.destroy()
      },
      () => undefined,
    )
    // One that was upgraded before anybody listened here cannot be closed, and is no reason to wait for ever.
    await Promise.race([closed, late])
    controller.abort()
  }

  return {
    get isDraining() {
      return isDraining
    },
    shutDown: () => (running ??= run()),
  }
}

/**
 * On SIGTERM or SIGINT: shuts down, does what is `last` (`auth.close()`, the pool's end), and ends the process. A second
 * signal ends it at once.
 */
export function shutDownOnSignals(
  shutdown: Shutdown,
  last: () => Promise<void> = () => Promise.resolve(),
): void {
  const failed = (error: unknown) => {
    process.stderr.write(`The shutdown failed: ${String(error)}\n`)
    process.exit(1)
  }
  const begin = () => {
    if (shutdown.isDraining) process.exit(1)
    else
      shutdown
        .shutDown()
        .then(last)
        .then(() => process.exit(0), failed)
  }
  process.on('SIGTERM', begin)
  process.on('SIGINT', begin)
}
