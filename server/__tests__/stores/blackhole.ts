import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface Blackhole {
  port: number
  /** From now on nothing gets through, and nobody is told: as a firewall does that has forgotten a connection. */
  open(): void
  /** Whoever still knocks gets through. What was lost stays lost, and silent. */
  close(): void
  remove(): Promise<void>
}

/** A way to a database that can lose what is on it. */
export async function startBlackhole(target: number): Promise<Blackhole> {
  const sockets = new Set<Socket>()
  const knocking: (() => void)[] = []
  let isOpen = false
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => undefined)
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
    const join = () => void near.pipe(far).pipe(near)
    if (isOpen) knocking.push(join)
    else join()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    open() {
      isOpen = true
      for (const socket of sockets) socket.unpipe().resume()
    },
    close() {
      isOpen = false
      for (const join of knocking.splice(0)) join()
    },
    remove: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
