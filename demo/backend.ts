import type { FastifyInstance } from 'fastify'
import type { AddressInfo } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDev } from '../example-server/src/dev/server.ts'
import type { Stats } from '../example-server/src/dev/stats.ts'
import { openStore } from '../example-server/src/store.ts'
import { startFakeWeChat } from '../server/src/testing.ts'

/** The example server on a port of its own, where it can be sent away and brought back. */
export interface Backend {
  /** `http://127.0.0.1:<port>`, the same after each return. */
  readonly address: string
  /** The server's own counts since the start, absences included; what this object asks of it is left out. */
  stats(): Promise<Stats>
  /** Kills every session. */
  expire(): Promise<void>
  /** Cuts all connections, those with a request on them too. The sessions stay in the store. */
  goAway(): Promise<void>
  comeBack(): Promise<void>
  close(): Promise<void>
}

export async function startBackend(): Promise<Backend> {
  const uploadDir = await mkdtemp(join(tmpdir(), 'miniprogram-session-'))
  const store = await openStore('memory')
  const fake = await startFakeWeChat()
  const secrets = ['07'.repeat(32)]
  const build = async () => (await startDev({ uploadDir, secrets, namespace: 'demo' }, { store, fake })).app
  const before: Stats = { requests: 0, logins: 0, codes: 0, codesRefused: 0, unauthorized: 0 }
  let asked = 0
  let isUp = true
  const cleanUp = async () => {
    await fake.close()
    await store.close()
    await rm(uploadDir, { recursive: true, force: true })
  }
  let app: FastifyInstance
  try {
    app = await build()
    await app.listen({ port: 0, host: '127.0.0.1' })
  } catch (error) {
    await cleanUp()
    throw error
  }
  const { port } = app.server.address() as AddressInfo

  async function ask(method: 'GET' | 'POST', url: string): Promise<string> {
    const answer = await app.inject({ method, url })
    asked++
    return answer.body
  }

  async function stats(): Promise<Stats> {
    const now = isUp ? (JSON.parse(await ask('GET', '/dev/stats')) as Stats) : undefined
    const total = { ...before }
    if (now) for (const name of Object.keys(total) as (keyof Stats)[]) total[name] += now[name]
    // The question that has just been asked was not counted in its own answer.
    return { ...total, requests: total.requests - (now ? asked - 1 : 0) }
  }

  return {
    address: `http://127.0.0.1:${port}`,
    stats,
    async expire() {
      await ask('POST', '/dev/expire')
    },
    async goAway() {
      app.server.close()
      app.server.closeAllConnections()
      // After the cut: now nothing is counted any more.
      Object.assign(before, await stats())
      isUp = false
      asked = 0
      await app.close()
    },
    async comeBack() {
      app = await build()
      await app.listen({ port, host: '127.0.0.1' })
      isUp = true
    },
    async close() {
      app.server.closeAllConnections()
      await app.close()
      await cleanUp()
    },
  }
}
