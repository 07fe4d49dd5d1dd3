import { RequestError, type Client } from 'miniprogram-session'
import { streamEvents } from 'miniprogram-session/stream'
import type { FakeChunk, realClock } from 'miniprogram-session/testing'
import type { Scene } from '../laws/picture'
import { RETRY, Stage } from '../laws/stage'

export type Trouble = 'dead-token' | 'cut'
export const TROUBLES: readonly Trouble[] = ['dead-token', 'cut']

export interface Chat {
  /** What the page shows of the answer. */
  answer: string
  scene: Scene
  isOver: boolean
}

export interface ChatPlay {
  look(): Chat
  over: Promise<void>
  stage: Stage
}

/** ms between two pieces, bytes in each: characters are cut, as on phones. */
const PAUSE = 40
const PIECE = 31

/** Asks for an answer that comes in pieces: with a token that the server has forgotten, or over a line that breaks in the middle. */
export function beginChat(trouble: Trouble, words: readonly string[], clock?: typeof realClock): ChatPlay {
  const stage = new Stage({ token: trouble === 'cut' ? 'live' : 'dead', ...(clock && { clock }) })
  serve(stage, trouble, words)
  const chat = { answer: '', isOver: false }
  const over = ask(stage, (text) => (chat.answer += text)).then(() => {
    chat.isOver = true
  })
  return { stage, over, look: () => ({ ...chat, scene: stage.look() }) }
}

function serve({ fake: { server } }: Stage, trouble: Trouble, words: readonly string[]): void {
  let isWhole = trouble !== 'cut'
  server.refusal = () => ({ statusCode: 401, chunks: ['data: {"error":"who are you?"}\n\n'] })
  server.on(
    'POST /chat',
    server.guard((request) => {
      const from = Number(request.headerOf('Last-Event-ID') ?? 0)
      const events = words.map((text, index) => `id: ${index + 1}\ndata: ${JSON.stringify({ text })}\n\n`)
      const pieces = cut(events.slice(from).join(''))
      const reply = { header: { 'Content-Type': 'text/event-stream' } }
      if (isWhole) return { ...reply, chunks: pieces }
      isWhole = true
      return { ...reply, chunks: pieces.slice(0, pieces.length / 2), fail: 'reset' }
    }),
  )
}

function cut(text: string): FakeChunk[] {
  const bytes = new TextEncoder().encode(text)
  const count = Math.ceil(bytes.length / PIECE)
  return Array.from({ length: count }, (_, index) => ({
    after: PAUSE,
    data: bytes.slice(index * PIECE, (index + 1) * PIECE),
  }))
}

/** As the recipe has it: what came before the line broke stays, and the server is asked for the rest. */
async function ask(stage: Stage, show: (text: string) => void): Promise<void> {
  let last = ''
  for (let tries = 0; tries < 3; tries++) {
    const end = await attempt(stage, last, (text) => {
      stage.hear()
      show(text)
    })
    if (end.error === undefined) return
    last = end.lastEventId
    await new Promise<void>((resolve) => {
      stage.at(RETRY.delay(), resolve)
    })
  }
}

function attempt(
  stage: Stage,
  last: string,
  show: (text: string) => void,
): Promise<{ error?: unknown; lastEventId: string }> {
  return new Promise((resolve) => {
    const run = (api: Client, { header }: { header: Record<string, string> }) => {
      const stream = streamEvents(api, {
        url: '/chat',
        method: 'POST',
        data: { question: '?' },
        header: { ...header, ...(last && { 'Last-Event-ID': last }) },
      })
      const whole = stream.forEach(({ data }) => show((JSON.parse(data) as { text: string }).text))
      whole.then(
        () => resolve({ lastEventId: stream.lastEventId }),
        (error: unknown) =>
          resolve({
            error: error instanceof RequestError ? error.code : error,
            lastEventId: stream.lastEventId,
          }),
      )
      return whole
    }
    stage.ask(last ? `/chat from ${last}` : 'POST /chat', run)
  })
}
