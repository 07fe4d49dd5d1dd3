import type { Platform, Outcome } from '../fake-wechat/platform.ts'
import type { Exchange, Http, Message } from './http.ts'
import { at, fill, type Mapping, type Route } from './mapping.ts'

/** An answer in the protocol's own words, whatever style the back end has. */
export interface Answer {
  /** what it means: the mapping's word where all is 200 */
  status: number
  json: unknown
  /** seconds */
  retryAfter: number | undefined
  exchange: Exchange
}

export interface LoggedIn {
  user: string
  token: string
  expiresIn: unknown
  refreshToken: unknown
  answer: Answer
}

/** A check that fails says why, and shows what was sent and answered. */
export class Failed extends Error {
  constructor(
    message: string,
    readonly exchange?: Exchange,
  ) {
    super(message)
  }
}

/** What cannot be tried here: not offered, or not told of in the mapping. */
export class Absent extends Error {}

export type Credentials = { token: string; scheme?: string; name?: string } | undefined

/** The back end under test, spoken to in its own style. */
export class Backend {
  /** how often each code was sent by us */
  readonly sent = new Map<string, number>()
  readonly tokens = new Set<string>()
  private users = 0

  constructor(
    readonly http: Http,
    readonly platform: Platform,
    readonly mapping: Mapping,
  ) {}

  /** A name that no other check uses. */
  newUser(): string {
    return `u${(this.users += 1)}`
  }

  mint(user: string, outcome: Outcome = 'ok', age = 0): string {
    return this.platform.mint(user, { outcome, age })
  }

  /** Sends a code, or what stands in its place. */
  async exchange(code: unknown): Promise<Answer> {
    if (typeof code === 'string') this.sent.set(code, (this.sent.get(code) ?? 0) + 1)
    const { request, body } = this.mapping.login
    const answer = await this.send({ ...request, body: fill(body, { code }) })
    const token = at(answer.json, this.mapping.login.token)
    if (typeof token === 'string') this.tokens.add(token)
    return answer
  }

  /** A session for this user; fails if there is none. */
  async login(user: string, outcome: Outcome = 'ok'): Promise<LoggedIn> {
    const answer = await this.exchange(this.mint(user, outcome))
    if (answer.status === 429) throw new Absent('the back end limits logins: give it a higher limit for this')
    return this.loggedIn(user, answer)
  }

  loggedIn(user: string, answer: Answer): LoggedIn {
    const { exchange, json, status } = answer
    if (status !== 200 && status !== 201)
      throw new Failed(`a fresh code got ${say(status)}, not 200`, exchange)
    const token = this.tokenIn(answer)
    if (token === undefined) {
      const { token: path } = this.mapping.login
      throw new Failed(
        `there is no token at "${path}" of the answer: say "login.token" in session-check.json`,
        exchange,
      )
    }
    const { expiresIn, refreshToken } = this.mapping.login
    return { user, token, expiresIn: at(json, expiresIn), refreshToken: at(json, refreshToken), answer }
  }

  /** Asks for something that needs a session. */
  ask(credentials: Credentials | string, message: Message | Route = this.mapping.protected): Promise<Answer> {
    const given = typeof credentials === 'string' ? { token: credentials } : credentials
    const headers = { ...('headers' in message ? message.headers : {}), ...this.attach(given) }
    return this.send({ ...message, headers })
  }

  /** Who the back end says the caller is. */
  async identity(token: string): Promise<string> {
    const answer = await this.ask(token)
    if (answer.status !== 200) {
      throw new Failed(
        `a good token got ${say(answer.status)} at ${this.mapping.protected.path}`,
        answer.exchange,
      )
    }
    const identity = at(answer.json, this.mapping.identity)
    if (typeof identity === 'string' || typeof identity === 'number') return String(identity)
    throw new Absent(`the answer has no "${this.mapping.identity}": say "identity" in session-check.json`)
  }

  /** How many things of the user's the list has: its length as text tells as well as any count. */
  async written(token: string): Promise<string> {
    const { write } = this.mapping
    if (!write) throw new Absent('no "write" in session-check.json')
    const answer = await this.ask(token, write.list)
    if (answer.status !== 200)
      throw new Failed(`the list of "write" got ${say(answer.status)}`, answer.exchange)
    return answer.exchange.text
  }

  async send(message: Message): Promise<Answer> {
    const exchange = await this.http.send(message)
    const json = parse(exchange.text)
    return {
      status: this.meaning(exchange.status, json),
      json,
      retryAfter: this.wait(exchange, json),
      exchange,
    }
  }

  private tokenIn({ exchange, json }: Answer): string | undefined {
    const { attach, login } = this.mapping
    const found = at(json, login.token)
    if (typeof found === 'string' && found !== '') return found
    if (typeof attach === 'string' || !('cookie' in attach)) return undefined
    const cookies = [exchange.headers['set-cookie'] ?? []].flat()
    const own = cookies.find((cookie) => cookie.startsWith(`${attach.cookie}=`))
    const token = own?.split(';')[0]?.slice(attach.cookie.length + 1)
    if (token) this.tokens.add(token)
    return token || undefined
  }

  private attach(credentials: Credentials): Record<string, string> {
    if (!credentials) return {}
    const { token, scheme, name } = credentials
    const { attach } = this.mapping
    if (attach === 'bearer') return { [name ?? 'Authorization']: `${scheme ?? 'Bearer'} ${token}` }
    if ('header' in attach) return { [name ?? attach.header]: token }
    return { [name ?? 'Cookie']: `${attach.cookie}=${token}` }
  }

  private meaning(status: number, json: unknown): number {
    for (const [meant, body] of this.mapping.answers) {
      if (Object.entries(body).every(([path, value]) => at(json, path) === value)) return meant
    }
    return status
  }

  private wait({ headers }: Exchange, json: unknown): number | undefined {
    const { retryAfter } = this.mapping
    const raw = retryAfter === undefined ? headers['retry-after'] : at(json, retryAfter)
    return (typeof raw === 'string' && /^\d+$/.test(raw)) || typeof raw === 'number' ? Number(raw) : undefined
  }
}

export const say = (status: number): string => (status === 0 ? 'no answer' : String(status))

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
