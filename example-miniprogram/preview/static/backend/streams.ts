import type { FakeChunk, FakeReply, FakeRequest, FakeServer } from 'miniprogram-session/testing'
import { asked, badRequest } from './troubles'

/** ms between two words, and between two events. */
const PACE = { word: 40, event: 1000 }

interface ServerEvent {
  id?: number
  event?: string
  data: unknown
}

/** Server-sent events: see example-server/src/routes/chat.ts, whose words these are. */
export function streamRoutes(server: FakeServer): void {
  server.on(
    'POST /chat',
    server.guard((request) => {
      const { question } = Object(request.json) as { question?: unknown }
      if (typeof question !== 'string' || !question.trim() || question.length > 2000)
        return badRequest('A question has 1 to 2000 characters.')
      const pieces = answerTo(question.trim())
      const events = pieces.map((text, index): ServerEvent => ({ id: index + 1, data: { text } }))
      const done: ServerEvent = { event: 'done', data: { pieces: pieces.length } }
      return paced(request, [...events.slice(lastEventId(request)), done], PACE.word)
    }),
  )
  server.on(
    'GET /events',
    server.guard((request) => {
      const count = Number(request.query['count'] ?? 10)
      if (!Number.isInteger(count) || count < 1 || count > 10_000) return badRequest('count is 1 to 10000.')
      const all = Array.from({ length: count }, (_, index): ServerEvent => {
        const n = index + 1
        return { id: n, data: { n, text: `第${String(n)}杯 ☕` } }
      })
      return paced(request, all.slice(lastEventId(request)), PACE.event)
    }),
  )
}

function answerTo(question: string): string[] {
  const answer = [
    `你问的是「${question}」。先喝杯茶 🍵，我慢慢说。`,
    '这里没有模型，只有一台示例服务器：它把这段话一个词一个词地发出来，好让你看见流。每个词都有编号，线断了，小程序只要说出最后收到的编号，就能接着听，不重复，也不遗漏。',
    'token 失效也不要紧：服务器回 401，SDK 登录一次，再问一遍，你看到的只有回答。',
  ].join('\n\n')
  // Firefox has had it since 125; without it the words are characters.
  if (!('Segmenter' in Intl)) return Array.from(answer)
  return Array.from(
    new Intl.Segmenter('zh', { granularity: 'word' }).segment(answer),
    ({ segment }) => segment,
  )
}

function paced(request: FakeRequest, events: readonly ServerEvent[], pace: number): FakeReply {
  const after = request.headerOf('x-dev-pace') === undefined ? pace : asked(request, 'x-dev-pace', 60_000)
  const lines = events.map((event): FakeChunk => ({ after, data: lineOf(event) }))
  const header = {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
  }
  const begun: FakeChunk[] = [':\n\n']
  if (request.headerOf('x-dev-cut') === undefined) return { header, chunks: [...begun, ...lines] }
  const cut = asked(request, 'x-dev-cut', 60_000)
  return { header, chunks: [...begun, ...lines.slice(0, cut)], fail: 'reset' }
}

function lineOf({ id, event, data }: ServerEvent): string {
  const name = event === undefined ? '' : `event: ${event}\n`
  return `${id === undefined ? '' : `id: ${String(id)}\n`}${name}data: ${JSON.stringify(data)}\n\n`
}

function lastEventId(request: FakeRequest): number {
  const given = Number(request.headerOf('last-event-id'))
  return Number.isSafeInteger(given) && given > 0 ? given : 0
}
