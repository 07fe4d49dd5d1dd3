import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describeOn, startDatabase, type Database } from '../databases.ts'
import { freePort } from '../free-port.ts'
import { Phone, tokenOf } from './phone.ts'
import { describeBehind, startProxy, type Proxy } from './proxies.ts'
import type { Report } from './server.ts'

interface Server {
  process: ChildProcess
  port: number
  inUse: Promise<void>
}

const RESTARTS = 3
/**
 * A restart: HAProxy looks at /readyz, and leaves a server that is about to go. nginx is told by being refused: one that connects
 * in the very moment in which a server stops to listen is lost, and it sends no POST twice.
 */
const LOST = { nginx: 1, haproxy: 0 }

describeOn('redis')('a restart', () => {
  let redis: Database
  const running: ChildProcess[] = []
  beforeAll(async () => {
    redis = await startDatabase('redis')
  })
  afterEach(() => {
    for (const one of running.splice(0)) one.kill('SIGKILL')
  })
  afterAll(() => redis.remove())

  async function startServer(port: number): Promise<Server> {
    const words = [String(redis.port), String(port)]
    const child = fork(join(__dirname, 'server.ts'), words, { execArgv: ['--import', 'tsx'] })
    running.push(child)
    const hears = (what: Report) =>
      new Promise<void>((resolve) => child.on('message', (said) => (said === what ? resolve() : undefined)))
    const inUse = hears('in use')
    await hears('ready')
    return { process: child, port, inUse }
  }

  /** Ends it by the signal, has another one in its place, and waits until that is asked. */
  async function restart({ process: old, port }: Server): Promise<Server> {
    const ended = once(old, 'exit')
    old.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
    const server = await startServer(port)
    await server.inUse
    return server
  }

  /** Uses it with each of the phones without a pause; what comes of that, and how often. */
  function load(proxy: Proxy, token: string, signal: AbortSignal): Promise<Map<string, number>> {
    const answers = new Map<string, number>()
    const count = (what: string) => answers.set(what, (answers.get(what) ?? 0) + 1)
    const use = async (n: number) => {
      const phone = new Phone(`203.0.113.${n}`, proxy)
      while (!signal.aborted) {
        for (const ask of [() => phone.me(token), () => phone.login(`alice${n}`)]) {
          await ask().then(
            ({ status }) => count(String(status)),
            (error: unknown) => count(String(error)),
          )
        }
      }
      phone.hangUp()
    }
    return Promise.all(Array.from({ length: 20 }, (_, n) => use(n))).then(() => answers)
  }

  for (const kind of ['nginx', 'haproxy'] as const) {
    describeBehind(kind)(`behind ${kind}`, () => {
      test('of one server after the other: no phone notices', async () => {
        const isOver = new AbortController()
        let servers = await Promise.all([freePort(), freePort()].map(async (port) => startServer(await port)))
        const proxy = await startProxy(
          kind,
          servers.map(({ port }) => port),
        )
        try {
          const token = tokenOf(await new Phone('203.0.113.1', proxy).login('alice'))
          const loading = load(proxy, token, isOver.signal)
          await Promise.all(servers.map(({ inUse }) => inUse))
          for (let n = 0; n < RESTARTS; n += 1) {
            const [first, second] = servers as [Server, Server]
            servers = [second, await restart(first)]
          }
          isOver.abort()
          const answers = await loading
          const { '200': good = 0, '502': lost = 0, ...others } = Object.fromEntries(answers)
          expect(others).toEqual({})
          expect(lost).toBeLessThanOrEqual(RESTARTS * LOST[kind])
          expect(good).toBeGreaterThan(1000)
        } finally {
          isOver.abort()
          await proxy.remove()
        }
      }, 90_000)
    })
  }
})
