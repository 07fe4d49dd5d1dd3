import { Type } from '@sinclair/typebox'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { badRequest } from '../errors.ts'
import { lastEventId, type EventStreams, type ServerEvent } from '../event-stream.ts'

/** ms between two words, as a model has them, and between two events. */
const PACE = { word: 40, event: 1000 }

const Question = Type.Object({ question: Type.String({ minLength: 1, maxLength: 2000 }) })

/** In pieces of one or two characters, as a tokenizer has them. */
function answerTo(question: string): string[] {
  const answer = [
    `你问的是「${question}」。先喝杯茶 🍵，我慢慢说。`,
    '这里没有模型，只有一台示例服务器：它把这段话一个词一个词地发出来，好让你看见流。每个词都有编号，线断了，小程序只要说出最后收到的编号，就能接着听，不重复，也不遗漏。',
    'token 失效也不要紧：服务器回 401，SDK 登录一次，再问一遍，你看到的只有回答。',
  ].join('\n\n')
  return Array.from(
    new Intl.Segmenter('zh', { granularity: 'word' }).segment(answer),
    ({ segment }) => segment,
  )
}

/** From the event after `last`. The same question has the same answer, so whoever was cut off can have the rest. */
function* words(question: string, last: number): Generator<ServerEvent> {
  const pieces = answerTo(question)
  for (const [index, text] of pieces.entries()) if (index >= last) yield { id: index + 1, data: { text } }
  yield { event: 'done', data: { pieces: pieces.length } }
}

function* numbers(last: number, count: number): Generator<ServerEvent> {
  for (let id = last + 1; id <= count; id++) yield { id, data: { n: id, text: `第${id}杯 ☕` } }
}

/** Streams of server-sent events. What is refused is refused with a status: a body in place of a stream is hard to tell on a phone. */
export function chatRoutes(scope: FastifyInstance, streams: EventStreams): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>()

  app.post(
    '/chat',
    {
      schema: {
        summary: 'An answer, word by word, as server-sent events; Last-Event-ID asks for the rest',
        produces: ['text/event-stream'],
        body: Question,
      },
    },
    (request, reply) => {
      const question = request.body.question.trim()
      if (!question) throw badRequest('The question is empty.')
      return streams.send(request, reply, words(question, lastEventId(request)), PACE.word)
    },
  )

  app.get(
    '/events',
    {
      schema: {
        summary: 'Numbered events up to `count`, one a second, as server-sent events',
        produces: ['text/event-stream'],
        querystring: Type.Object({
          count: Type.Optional(Type.Number({ minimum: 1, maximum: 10_000, multipleOf: 1 })),
        }),
      },
    },
    (request, reply) =>
      streams.send(request, reply, numbers(lastEventId(request), request.query.count ?? 10), PACE.event),
  )
}
