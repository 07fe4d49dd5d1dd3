import { Agent, request, type IncomingHttpHeaders } from 'node:http'
import { connect, isIPv6 } from 'node:net'

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

/** Where phones go: to a server, or to a proxy that also stands behind a balancer. */
export interface Door {
  port: number
  balanced?: number
}

const isOfThisMachine = (address: string): boolean => /^(127\.|::1$)/.test(address)

/** A phone at an address, with a connection of its own that it keeps. One that is not of this machine comes by the balancer. */
export class Phone {
  private readonly agent: Agent

  constructor(
    readonly address: string,
    private readonly door: Door,
  ) {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    this.agent = isOfThisMachine(address)
      ? agent
      : Object.assign(agent, { createConnection: () => this.byBalancer() })
  }

  ask(method: string, path: string, headers: Record<string, string> = {}, body?: object): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const host = isIPv6(this.address) ? '::1' : '127.0.0.1'
      const { address: localAddress, agent } = this
      const options = { host, port: this.door.port, localAddress, agent, method, path }
      const type = body ? { 'content-type': 'application/json' } : {}
      const asking = request({ ...options, headers: { ...headers, ...type } }, (response) => {
        let text = ''
        response.on('data', (chunk: Buffer) => (text += chunk.toString()))
        response.on('error', reject)
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
        })
      })
      asking.on('error', reject)
      asking.end(body && JSON.stringify(body))
    })
  }

  login(user: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.ask('POST', '/api/login', headers, { code: `${user}-${Math.random()}` })
  }

  me(token: string): Promise<Answer> {
    return this.ask('GET', '/api/me', { authorization: `Bearer ${token}` })
  }

  private byBalancer() {
    const socket = connect(this.door.balanced ?? 0, '127.0.0.1')
    const own = isIPv6(this.address) ? 'TCP6' : 'TCP4'
    const to = isIPv6(this.address) ? '2001:db8:ffff::1' : '198.51.100.1'
    socket.write(`PROXY ${own} ${this.address} ${to} 50000 80\r\n`)
    return socket
  }

  hangUp(): void {
    this.agent.destroy()
  }
}

export const tokenOf = ({ text }: Answer): string => (JSON.parse(text) as { token: string }).token
