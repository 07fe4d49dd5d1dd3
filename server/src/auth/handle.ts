import { AuthError, badRequest, unauthorized } from '../errors.ts'
import { errorAnswer, internalAnswer, NO_STORE, type Answer, type PlainAnswer } from './answers.ts'
import type { Events } from './events.ts'
import type { Login, LoginRequest } from './login.ts'
import type { Limits } from './limits.ts'
import type { Config } from './options.ts'
import type { StoredProfile } from '../stores/store.ts'
import type { PlatformRoutes } from './platform-routes.ts'
import { isObject } from './values.ts'
import { seconds, type Revocation, type Session, type Sessions } from './sessions.ts'

/** An HTTP request, of no framework. */
export interface PlainRequest {
  method: string
  /** below the prefix at which the routes are, without the query */
  path: string
  /** names in lower case, as Node has them */
  headers: Record<string, string | string[] | undefined>
  /** parsed from JSON */
  body?: unknown
  /** or as it came */
  text?: string
  /** of the client, if it is known */
  address?: string | undefined
}

/** All there are, as frameworks write them. */
export const PATHS = ['/login', '/logout', '/sessions', '/sessions/:id', '/phone', '/open-data'] as const

type Route = (request: PlainRequest, id: string) => Promise<Answer>

/** The package's own routes: framework-free, so that every adapter has the same. */
export class Handler<Data, Profile extends StoredProfile = StoredProfile> {
  private readonly routes: [string, RegExp, Route][]

  constructor(
    private readonly config: Config<Data>,
    private readonly sessions: Sessions<Data, Profile>,
    private readonly login: (request: LoginRequest) => Promise<Login>,
    private readonly revoke: (which: Revocation) => Promise<number>,
    private readonly events: Events,
    private readonly limits: Limits,
    platform: PlatformRoutes,
  ) {
    const ofSession =
      (work: (session: Session<Data, Profile>, body: Record<string, unknown>) => Promise<Answer>): Route =>
      async (request) => {
        const session = await this.sessionOf(request.headers)
        const made = await work(session, bodyOf(request))
        return { ...made, headers: { ...made.headers, ...this.headersFor(session) } }
      }
    this.routes = [
      ['POST', /^\/phone$/, ofSession((session, body) => platform.phone(session, body))],
      ['POST', /^\/open-data$/, ofSession((session, body) => platform.openData(session, body))],
      ['POST', /^\/login$/, (request) => this.logIn(request)],
      ['POST', /^\/logout$/, (request) => this.logOut(request)],
      ['GET', /^\/sessions$/, (request) => this.list(request)],
      ['DELETE', /^\/sessions$/, (request) => this.endAll(request)],
      ['DELETE', /^\/sessions\/([\w-]{1,64})$/, (request, id) => this.endOne(request, id)],
    ]
  }

  /** A method that such a path does not take is answered too; what asks which there are is the app's to answer. */
  isRoute({ method, path }: Pick<PlainRequest, 'method' | 'path'>): boolean {
    return method.toUpperCase() !== 'OPTIONS' && this.routes.some(([, pattern]) => pattern.test(path))
  }

  /** Undefined: none of the package's routes. */
  async handle(request: PlainRequest): Promise<PlainAnswer | undefined> {
    if (!this.isRoute(request)) return undefined
    const matches = this.routes.flatMap(([method, path, route]) => {
      const match = path.exec(request.path)
      return match ? [{ method, route, id: match[1] ?? '' }] : []
    })
    const method = request.method.toUpperCase()
    const found = matches.find((match) => match.method === method)
    if (!found) return this.notAllowed(matches.map((match) => match.method))
    try {
      if (request.headers['x-http-method-override'] !== undefined) {
        throw badRequest('These routes take no method override.')
      }
      return this.styled(await found.route(request, found.id))
    } catch (error) {
      return this.errorAnswer(error)
    }
  }

  /** Of any error: one that is not ours is a mistake of the server's. */
  errorAnswer(error: unknown): PlainAnswer {
    const known = errorAnswer(error)
    if (known) return this.styled(known)
    this.events.emit({ type: 'internal', cause: error })
    return this.styled(internalAnswer(error))
  }

  /** The token of a request, wherever this app has it. */
  tokenOf(headers: PlainRequest['headers']): string | undefined {
    const { from } = this.config
    if (from === 'bearer') return /^bearer +(\S+) *$/i.exec(one(headers['authorization']))?.[1]
    if ('header' in from) {
      const value = one(headers[from.header]).trim()
      return value === '' ? undefined : value
    }
    for (const pair of one(headers['cookie']).split(';')) {
      const [name, ...value] = pair.split('=')
      if (name?.trim() === from.cookie) return value.join('=').trim()
    }
    return undefined
  }

  /** What goes out with an answer to a request of this session: its next token, if it is time. */
  headersFor(session: Session<Data, Profile> | undefined): Record<string, string> {
    if (!session?.next) return {}
    const { token, expiresIn } = session.next
    return {
      ...NO_STORE,
      ...(this.cookie(token, expiresIn) ?? { 'session-token': token }),
      'session-expires-in': String(expiresIn),
    }
  }

  async sessionOf(headers: PlainRequest['headers']): Promise<Session<Data, Profile>> {
    const session = await this.sessions.authenticate(this.tokenOf(headers))
    if (!session) throw unauthorized()
    return session
  }

  private async logIn(request: PlainRequest): Promise<Answer> {
    const { code, app, data } = bodyOf(request)
    if (app !== undefined && typeof app !== 'string') throw badRequest('app must be a text.')
    const given = { app, code: code as string, data, address: request.address }
    await this.limits.login(request)
    const { token, expiresIn, idleTimeout } = await this.login(given).catch(async (error: unknown) => {
      if (error instanceof AuthError && error.code === 'CODE_INVALID') await this.limits.refusedCode(request)
      throw error
    })
    const cookie = this.cookie(token, expiresIn)
    const body = {
      ...(cookie ? {} : { token }),
      expiresIn,
      ...(idleTimeout === undefined ? {} : { idleTimeout }),
    }
    return { what: 'login', status: 200, headers: { ...NO_STORE, ...cookie }, body }
  }

  private async logOut({ headers }: Pick<PlainRequest, 'headers'>): Promise<Answer> {
    await this.sessions.logout(this.tokenOf(headers))
    return { what: 'logout', status: 204, headers: { ...NO_STORE, ...this.cookie('', 0) }, body: undefined }
  }

  /** Whose sessions they are, if they do not ask too often. */
  private async owner(headers: PlainRequest['headers']): Promise<Session<Data, Profile>> {
    const session = await this.sessionOf(headers)
    await this.limits.user('sessions', session.user)
    return session
  }

  private async list({ headers }: PlainRequest): Promise<Answer> {
    const session = await this.owner(headers)
    const items = (await this.sessions.list(session.user)).map((info) => ({
      ...info,
      current: info.id === session.id,
    }))
    return {
      what: 'sessions',
      status: 200,
      headers: { ...NO_STORE, ...this.headersFor(session) },
      body: { items },
    }
  }

  private async endAll({ headers }: PlainRequest): Promise<Answer> {
    const session = await this.owner(headers)
    // The others are told that somebody ended them; who asked is logged out.
    await this.revoke({ user: session.user, except: session.id })
    await this.sessions.logout(this.tokenOf(headers))
    return { what: 'sessions', status: 204, headers: { ...NO_STORE, ...this.cookie('', 0) }, body: undefined }
  }

  private async endOne({ headers }: PlainRequest, id: string): Promise<Answer> {
    const session = await this.owner(headers)
    if (id === session.id) return this.logOut({ headers })
    const count = await this.revoke({ user: session.user, id })
    if (count === 0) throw new AuthError(404, 'NOT_FOUND', 'There is no such session.')
    return {
      what: 'sessions',
      status: 204,
      headers: { ...NO_STORE, ...this.headersFor(session) },
      body: undefined,
    }
  }

  private notAllowed(methods: string[]): PlainAnswer {
    const answer = this.errorAnswer(
      new AuthError(405, 'METHOD_NOT_ALLOWED', `This path takes ${methods.join(', ')}.`),
    )
    return { ...answer, headers: { ...answer.headers, allow: methods.join(', ') } }
  }

  /** In the house's style. A mistake in that is the app's, and no reason to leave a phone without an answer. */
  private styled({ what, code, status, headers, body }: Answer): PlainAnswer {
    try {
      const styled: unknown = this.config.answers({
        what,
        status,
        // A copy, for what is added to it is for this answer alone.
        headers: { ...headers },
        body,
        ...(code === undefined ? {} : { code }),
      })
      if (isAnswer(styled)) return { status: styled.status, headers: styled.headers, body: styled.body }
      throw new TypeError('answers must give back an answer at once: { status, headers, body }')
    } catch (cause) {
      this.events.emit({ type: 'internal', cause })
      return internalAnswer(cause)
    }
  }

  private cookie(token: string, maxAge: number): { 'set-cookie': string } | undefined {
    const { from } = this.config
    if (typeof from === 'string' || !('cookie' in from)) return undefined
    const age = token === '' ? 0 : seconds(maxAge * 1000)
    return {
      'set-cookie': `${from.cookie}=${token}; Path=/; Max-Age=${age}; HttpOnly; Secure; SameSite=Lax`,
    }
  }
}

const isAnswer = (value: unknown): value is PlainAnswer =>
  isObject(value) && Number.isInteger(value['status']) && isObject(value['headers'])

const one = (value: string | string[] | undefined): string =>
  Array.isArray(value) ? (value[0] ?? '') : (value ?? '')

function bodyOf({ body, text }: PlainRequest): Record<string, unknown> {
  let value = body
  if (text !== undefined) {
    try {
      value = JSON.parse(text)
    } catch {
      throw badRequest('The body is no JSON.')
    }
  }
  if (isObject(value) && !Array.isArray(value)) return value
  throw badRequest('The body must be a JSON object, sent as application/json.')
}
