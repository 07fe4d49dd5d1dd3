import {
  createFakeAccount,
  createFakeServer,
  realClock,
  type FakeAccount,
  type FakeReply,
  type FakeRequest,
  type FakeServer,
  type Handler,
  type SocketHandler,
} from 'miniprogram-session/testing'
import { restore, save, type Saved } from './memory'
import { encryptWith } from './open-data'
import { orderRoutes } from './orders'
import { socketRoute } from './sockets'
import { streamRoutes } from './streams'
import { problem, withTroubles } from './troubles'
import { userRoutes } from './users'

export interface Backend {
  readonly account: FakeAccount
  readonly handle: Handler
  readonly handleSocket: SocketHandler
  readonly steps: () => Promise<object | undefined>
  readonly picture: () => string
}

/** What the routes share. */
export interface Parts {
  server: FakeServer
  account: FakeAccount
  saved: Saved
  /** Keeps a change, and which tokens live. */
  readonly keep: (change?: Partial<Saved>) => void
}

const unauthorized = () =>
  problem(401, 'UNAUTHORIZED', 'No session belongs to this token: log in again with a fresh code.')

/** seconds */
const LIFE = 7200

/** The contract of example-server, as far as the example goes, kept by the test kit's own server in this page. */
export function createBackend(codes: () => string): Backend {
  const account = createFakeAccount({ clock: realClock, codes })
  const server = createFakeServer({ clock: realClock, account, record: false })
  const saved = restore()
  const stats = { requests: 0, logins: 0, codes: 0, codesRefused: 0, unauthorized: 0 }
  const keep = (change: Partial<Saved> = {}): void =>
    save(Object.assign(saved, change, { tokens: [...server.tokens] }))
  const parts: Parts = { server, account, saved, keep }

  for (const token of saved.tokens) server.issue(token)
  server.refusal = unauthorized
  server.on('POST /login', (request) => exchange(request, () => ({ data: open() })))
  server.on('POST /dev/login', (request) => exchange(request, () => ({ data: withRefresh() })))
  server.on('POST /dev/refresh', ({ json }) => {
    const { refreshToken } = Object(json) as { refreshToken?: string }
    if (!saved.refreshTokens.includes(refreshToken ?? '')) return unauthorized()
    keep({ refreshTokens: saved.refreshTokens.filter((one) => one !== refreshToken) })
    return { data: withRefresh() }
  })
  server.on('GET /dev/stats', () => ({ data: { ...stats } }))
  server.on('POST /dev/expire', (request) => {
    if ((Object(request.json) as { me?: boolean }).me) return close(request)
    server.expire()
    keep()
    return { statusCode: 204 }
  })
  server.on('POST /logout', server.guard(close))
  userRoutes(parts)
  orderRoutes(parts)
  streamRoutes(server)
  socketRoute(server)

  /** A code for what it brings. */
  function exchange({ json }: FakeRequest, bring: () => FakeReply): FakeReply {
    const { code } = Object(json) as { code?: unknown }
    if (typeof code !== 'string' || !code) return problem(400, 'BAD_REQUEST', 'Send a code.')
    stats.codes++
    const answer = server.exchange(code)
    if ('errcode' in answer) {
      stats.codesRefused++
      return problem(400, 'CODE_INVALID', 'This code is used, too old, or none. Call wx.login again.')
    }
    // token-1 would come again after a restart, and a dead one would then be live.
    server.expire(answer.token)
    stats.logins++
    keep({ hasUser: true })
    return bring()
  }

  function open(): { token: string; expiresIn: number } {
    const token = server.issue(crypto.randomUUID())
    keep()
    return { token, expiresIn: LIFE }
  }

  function withRefresh() {
    const refreshToken = crypto.randomUUID()
    const session = open()
    keep({ refreshTokens: [...saved.refreshTokens, refreshToken] })
    return { ...session, refreshToken }
  }

  function close(request: FakeRequest): FakeReply {
    const token = server.readToken(request)
    if (token !== undefined) server.expire(token)
    keep()
    return { statusCode: 204 }
  }

  const handle = withTroubles((request, wire) => server.handle(request, wire))
  return {
    account,
    handle: async (request, wire) => {
      stats.requests++
      const reply = await handle(request, wire)
      if (reply.statusCode === 401) stats.unauthorized++
      return reply
    },
    handleSocket: (connection) => server.handleSocket(connection),
    steps: () => (saved.hasUser ? encryptWith(account.sessionKey, thirtyDays()) : Promise.resolve(undefined)),
    picture: () => saved.avatar,
  }
}

function thirtyDays(): object {
  const now = Math.floor(Date.now() / 1000)
  const stepInfoList = Array.from({ length: 30 }, (_, day) => ({
    timestamp: now - (29 - day) * 86_400,
    step: 2000 + Math.floor(Math.random() * 12_000),
  }))
  return { stepInfoList }
}
