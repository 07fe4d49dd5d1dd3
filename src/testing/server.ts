import type { Clock } from '../platforms/wechat'
import type { FakeAccount } from './account'
import type { FakeRequest } from './request'
import { withDelay, withReply, type Reply } from './reply'
import { handOut, tokenOf, type Rotation } from './rotation'
import { checkRoute, unknownRoute } from './route'
import { createSocketRoutes, type SocketRoutes } from './socket-routes'
import { threadOf } from './thread'
import type { FakeReply, Handler, Wire } from './types'

/**
 * The back end of the tests, in memory. Without any set-up it speaks:
 *
 * - `POST /login` with `{ code }`: 200 `{ token }`, or 400 `{ errcode, errmsg }` for a code that is used or unknown;
 * - anything else: 200 `{ ok: true, path, token }` with a live bearer token, 401 without.
 *
 * Once a route has been defined with `on`, other than the login's, the paths without one answer 404: a mistyped URL
 * is to fail. See `anyPath`.
 *
 * Whether a token is live is decided when the request arrives, not when the answer does.
 */
export interface FakeServer extends SocketRoutes {
  /** The back end as a function, for a handler of your own to fall back on. */
  readonly handle: Handler
  /** Whose codes it exchanges. A fake that is given this server has this account, too, unless it is given one. */
  readonly account: FakeAccount
  /** Tokens that are live now. */
  readonly tokens: ReadonlySet<string>
  /** How often each code was exchanged. */
  readonly codes: ReadonlyMap<string, number>
  /** Codes that came more than once: there must be none. */
  readonly codesReused: readonly string[]
  /** Each request in the order of arrival, unless the fake was made with `record: false`. */
  readonly requests: FakeRequest[]
  /** How many requests arrived. */
  readonly requestCount: number
  /** Where a code is exchanged. Default `/login`. */
  loginPath: string
  /** Seconds a token lives, told in the login's answer as `expiresIn`. Default: for ever, and not told. */
  expiresIn: number | undefined
  /** Answers 401 to everything but the login. Default false. */
  refuseAll: boolean
  /**
   * Whether paths that no route covers are answered with `{ ok, path, token }`, or with 401; else with 404. By default
   * true until the first `on` that is not about the login.
   */
  anyPath: boolean
  /** Each login kills the tokens there were: one session for each user. Default false. */
  oneSession: boolean
  /**
   * Each answer to a request with a live token, whatever its status, hands out the next one in this header or cookie. The
   * old one dies when the request arrives, or `graceMs` later. A cookie is set by the login, too, and is read where there
   * is no bearer token.
   */
  rotate: Rotation | undefined
  /** Finds the token of a request. Default: `Authorization: Bearer …`, then the cookie of `rotate`. */
  readToken: (request: FakeRequest) => string | undefined
  /** What the login answers with a new token, when a back end of another shape is wanted. */
  loginReply: (token: string, request: FakeRequest) => FakeReply
  /** What a request without a live token gets. Default 401 `{ ok: false, error: 'unauthorized' }`. */
  refusal: (request: FakeRequest) => FakeReply
  /** Makes a live token, `token-1` and so on, or makes yours one. */
  issue(token?: string): string
  /** Kills one token, or all. */
  expire(token?: string): void
  /** Whether the request carries a live token. */
  isAuthorized(request: FakeRequest): boolean
  /** Exchanges a code as `/login` does, for routes of your own: the new token, or what WeChat says against the code. */
  exchange(code: string): { token: string } | { errcode: number; errmsg: string }
  /**
   * Answers `route`, `'/orders'` or `'GET /orders'`, with `handler`, which sees every request to it. Put
   * `server.guard` around it for a 401 to requests without a live token. Returns what takes it away again.
   *
   * ```ts
   * fake.server.on('GET /orders', fake.server.guard(() => ({ data: [{ id: 1 }] })))
   * ```
   */
  on(route: string, handler: Handler): () => void
  guard(handler: Handler): Handler
  /** Milliseconds that `path` takes to answer, on top of the wire. */
  latency(path: string, ms: number): void
  /**
   * Keeps the answers to `path` back, all paths without one, until `release`. They are decided on arrival all the
   * same: a 401 for a token that was dead then stays a 401.
   */
  hold(path?: string): void
  /** Lets the answers go: of `path`, or all; the `count` oldest, which goes on holding the others, or all. */
  release(path?: string, count?: number): void
  /** How many answers are being held. */
  readonly held: number
}

/** What `createFakeServer` takes. */
export interface FakeServerOptions {
  clock: Clock
  account: FakeAccount
  /** Default true. */
  record?: boolean
}

interface HeldAnswer {
  readonly path: string
  readonly go: () => void
}

export function createFakeServer({ clock, account, record = true }: FakeServerOptions): FakeServer {
  const tokens = new Set<string>()
  const deaths = new Map<string, number>()
  const routes = new Map<string, Handler>()
  const latencies = new Map<string, number>()
  const requests: FakeRequest[] = []
  const holds = new Set<string>()
  const holdsAll = '*'
  let held: HeldAnswer[] = []
  let issuedTokens = 0
  let requestCount = 0
  /** Undefined until a test has said it, or implied it with a route. */
  let anyPath: boolean | undefined
  // A server has a clock of its own: the phone's may be wrong.
  const { outside } = threadOf(clock)

  const handle: Handler = (request, wire) => {
    requestCount++
    if (record) requests.push(request)
    const { path } = request
    const rotation = path === server.loginPath || server.refuseAll ? undefined : server.rotate
    const used = rotation && server.isAuthorized(request) ? server.readToken(request) : undefined
    const answer = dispatch(request, path, wire)
    const reply = rotation && used !== undefined ? rotated(answer, used, rotation) : answer
    const slow = latencies.size > 0 ? latencies.get(path) : undefined
    const delayed = slow === undefined ? reply : withDelay(reply, slow)
    if (!holds.has(path) && !holds.has(holdsAll)) return delayed
    return new Promise((resolve) => void held.push({ path, go: () => resolve(delayed) }))
  }

  function dispatch(request: FakeRequest, path: string, wire: Wire): Reply {
    if (server.refuseAll && path !== server.loginPath) return server.refusal(request)
    const route = routes.size > 0 ? (routes.get(`${request.method} ${path}`) ?? routes.get(path)) : undefined
    if (route) return route(request, wire)
    if (path === server.loginPath && request.method === 'POST') return login(request)
    if (anyPath === false) return unknownRoute(request)
    return server.isAuthorized(request)
      ? { data: { ok: true, path, token: server.readToken(request) } }
      : server.refusal(request)
  }

  function login(request: FakeRequest): FakeReply {
    const body = request.json
    const code = typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : ''
    const answer = server.exchange(code)
    return 'token' in answer ? server.loginReply(answer.token, request) : { statusCode: 400, data: answer }
  }

  function rotated(reply: Reply, used: string, rotation: Rotation): Reply {
    const token = server.issue()
    const { graceMs = 0 } = rotation
    if (graceMs > 0) deaths.set(used, Math.min(outside.now() + graceMs, deaths.get(used) ?? Infinity))
    else server.expire(used)
    return withReply(reply, (told) => handOut(token, told, rotation))
  }

  const server: FakeServer = {
    handle,
    account,
    tokens,
    requests,
    codes: account.exchanged,
    codesReused: account.reused,
    get requestCount() {
      return requestCount
    },
    get held() {
      return held.length
    },
    loginPath: '/login',
    expiresIn: undefined,
    refuseAll: false,
    get anyPath() {
      return anyPath !== false
    },
    set anyPath(isAny) {
      anyPath = isAny
    },
    oneSession: false,
    rotate: undefined,
    readToken: (request) => tokenOf(request, server.rotate),
    loginReply(token) {
      const data = server.expiresIn === undefined ? { token } : { token, expiresIn: server.expiresIn }
      return server.rotate?.cookie === undefined ? { data } : handOut(token, { data }, server.rotate)
    },
    refusal: () => ({ statusCode: 401, data: { ok: false, error: 'unauthorized' } }),
    issue(token = `token-${++issuedTokens}`) {
      tokens.add(token)
      if (server.expiresIn === undefined) deaths.delete(token)
      else deaths.set(token, outside.now() + server.expiresIn * 1000)
      return token
    },
    expire(token) {
      if (token === undefined) tokens.clear()
      else tokens.delete(token)
    },
    isAuthorized(request) {
      const token = server.readToken(request)
      if (token === undefined || !tokens.has(token)) return false
      if (outside.now() < (deaths.get(token) ?? Infinity)) return true
      tokens.delete(token)
      return false
    },
    exchange(code) {
      const answer = account.exchange(code)
      if (answer.errcode !== 0) return answer
      if (server.oneSession) server.expire()
      return { token: server.issue() }
    },
    on(route, handler) {
      checkRoute(route)
      if (route.split(' ').pop() !== server.loginPath) anyPath = anyPath ?? false
      routes.set(route, handler)
      return () => {
        if (routes.get(route) === handler) routes.delete(route)
      }
    },
    guard: (handler) => (request, wire) =>
      server.isAuthorized(request) ? handler(request, wire) : server.refusal(request),
    ...createSocketRoutes(record, (request) => server.isAuthorized(request)),
    latency: (path, ms) => void latencies.set(path, ms),
    hold: (path = holdsAll) => void holds.add(path),
    release(path, count) {
      if (count === undefined) {
        if (path === undefined) holds.clear()
        else holds.delete(path)
      }
      let left = count ?? Infinity
      const kept: HeldAnswer[] = []
      const released: HeldAnswer[] = []
      for (const answer of held) {
        const goes = left > 0 && (path === undefined || answer.path === path)
        if (goes) left--
        ;(goes ? released : kept).push(answer)
      }
      held = kept
      for (const answer of released) answer.go()
    },
  }
  return server
}
