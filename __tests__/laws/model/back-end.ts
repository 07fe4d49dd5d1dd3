import { FEATURES } from '../features'
import type { FakeReply, FakeRequest, FakeWeChat } from '../../../src/testing'
import { encode, PIECES } from './stream'
import { HOMES, RETRY_AFTER, ROTATED, type ExchangeMood, type StreamMood } from './words'
import type { World } from './world'

type Serve = FakeWeChat['server']['handle']
type Wire = Parameters<Serve>[1]

/** What the servers answer, and what they do wrong. They decide when a request arrives; the scheduler, when its answer does. */
export class BackEnd {
  exchangeMoods: ExchangeMood[] = []
  streamMoods: StreamMood[] = []
  /** Whether the gateway answers in the place of the server, which has not looked at the token then. */
  isOut = false
  /** Whether no token is good enough. */
  isLocked = false
  /** The hosts that cannot be reached. */
  readonly down = new Set<string>()

  constructor(private readonly world: World) {}

  async serve(request: FakeRequest, wire: Wire): Promise<FakeReply> {
    const { world } = this
    const name = request.path.slice(1)
    if (this.down.has(request.origin))
      return world.later(`${name}: ${request.origin} cannot be reached`, () => ({ fail: 'refused' as const }))
    if (request.options['enableChunked'] === true) return this.pour(request, wire)
    const isLogin = request.path === '/login' || request.path === '/password'
    const mood = isLogin ? this.exchangeMoods.shift() : undefined
    const given = isLogin ? await this.logIn(request, wire) : await this.answer(request, wire)
    const reply = mood === undefined || mood === 'cached' ? given : LOGIN_ANSWERS[mood]
    const status = reply.statusCode ?? 200
    const what = isLogin ? 'the login request' : name
    return world.later(`${what} is answered ${status}${mood ? ` (${mood})` : ''}`, () => reply)
  }

  private logIn(request: FakeRequest, wire: Wire): FakeReply | Promise<FakeReply> {
    const { server } = this.world.fake
    const hasCode = request.path === '/login' && this.world.setting.login !== 'no code'
    return hasCode ? server.handle(request, wire) : { data: { token: server.issue() } }
  }

  private async answer(request: FakeRequest, wire: Wire): Promise<FakeReply> {
    if (this.isOut) return { statusCode: 503 }
    if (this.isLocked || /^\/(forbidden|wrong)\b/.test(request.path)) return { statusCode: 401 }
    const { server } = this.world.fake
    const token = server.isAuthorized(request) ? server.readToken(request) : undefined
    const reply = await server.handle(request, wire)
    return this.world.setting.rotate &&
      token !== undefined &&
      HOMES.includes(request.origin) &&
      (FEATURES.uploadHeads || request.api !== 'uploadFile')
      ? this.rotate(request, token, reply)
      : reply
  }

  /** Hands out the next token. */
  private rotate({ url }: FakeRequest, token: string, reply: FakeReply): FakeReply {
    const { server } = this.world.fake
    const next = server.issue()
    const call = this.world.callAt(url)
    if (call) call.rotatedTo = next
    if (this.world.setting.rotate === 'dies at once') server.expire(token)
    return { ...reply, header: { ...reply.header, [ROTATED]: next } }
  }

  /** A chunked answer: a head, pieces, an end, each when the scheduler says. */
  private async pour(request: FakeRequest, wire: Wire): Promise<FakeReply> {
    const { world } = this
    const call = world.callAt(request.url)
    if (!call) return { statusCode: 404 }
    const { name, stream } = call
    const mood = this.streamMoods.shift()
    const statusCode =
      mood === 'broken' ? 503 : world.fake.server.isAuthorized(request) && !this.isLocked ? 200 : 401
    const isOpen = mood === 'no head' && call.attempts[call.attempts.length - 1]?.wasAccepted === true
    const attempt = ++stream.attempts
    if (mood !== 'no head')
      await world.later(`${name} has a head with ${statusCode}`, () => {
        wire.headers(statusCode, {}, [])
      })
    const pieces = mood === 'cut at once' ? 0 : mood === 'cut' ? PIECES - 1 : PIECES
    for (let index = 0; index < pieces; index++)
      await world.later(`${name} has piece ${index}`, () => {
        wire.chunk(encode({ status: statusCode, attempt, index, isOpen }))
      })
    if (mood === 'cut' || mood === 'cut at once')
      return world.later(`${name} is cut`, () => ({ fail: 'reset' as const }))
    return world.later(`${name} ends with ${statusCode}`, () => ({ statusCode, chunks: [] }))
  }
}

const LOGIN_ANSWERS: Record<Exclude<ExchangeMood, 'cached'>, FakeReply> = {
  broken: { statusCode: 500 },
  refused: { statusCode: 403 },
  html: { data: '<html>' },
  'no token': { data: { token: null } },
  'line break': { data: { token: 'token-x\ny' } },
  busy: { statusCode: 503, header: { 'Retry-After': String(RETRY_AFTER) } },
}
