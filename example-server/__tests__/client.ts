import type { FastifyInstance, InjectOptions } from 'fastify'
import { mintCode } from 'miniprogram-session-server/testing'
import type { Config } from '../src/config.ts'
import { startDev, type DevParts, type DevServer } from '../src/dev/server.ts'

/** A clock that stands still until told otherwise. */
export function createClock(start = Date.UTC(2026, 5, 1)) {
  let now = start
  return Object.assign(() => now, { advance: (ms: number) => void (now += ms) })
}

export type Answer = Awaited<ReturnType<Client['get']>>

/** A server under test and the few calls that nearly every test makes. */
export class Client {
  private constructor(
    readonly dev: DevServer,
    readonly clock: ReturnType<typeof createClock>,
  ) {}

  static async start(options: Partial<Config> = {}, parts: Omit<DevParts, 'clock'> = {}): Promise<Client> {
    const clock = createClock()
    return new Client(await startDev({ storeUrl: 'memory', ...options }, { clock, ...parts }), clock)
  }

  get app(): FastifyInstance {
    return this.dev.app
  }

  close(): Promise<void> {
    return this.dev.close()
  }

  async send(options: InjectOptions) {
    const { statusCode, headers, body } = await this.app.inject(options)
    const json: unknown = body === '' ? undefined : JSON.parse(body)
    return { statusCode, headers, body: json as Record<string, unknown>, text: body }
  }

  get(url: string, token?: string) {
    return this.send({ method: 'GET', url, headers: bearer(token) })
  }

  post(url: string, payload?: object, token?: string) {
    return this.send({ method: 'POST', url, headers: bearer(token), ...(payload ? { payload } : {}) })
  }

  delete(url: string, token?: string) {
    return this.send({ method: 'DELETE', url, headers: bearer(token) })
  }

  exchange(code: string) {
    return this.post('/login', { code })
  }

  async login(user: string): Promise<string> {
    const { statusCode, body } = await this.exchange(mintCode(user, this.clock()))
    if (statusCode !== 200) throw new Error(`login of ${user} answered ${String(statusCode)}`)
    return body['token'] as string
  }
}

export const bearer = (token?: string): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` }

export const errorCode = ({ body }: { body: Record<string, unknown> }): unknown =>
  (body['error'] as { code?: unknown } | undefined)?.code
