import type { Client, Middleware } from '../../src'
import { watch, type World } from '../laws/world'
import { JSON_TYPE, NDJSON, scriptedWorld, STREAM, textOf, type Scripted } from './request-helpers'

/** Asks for a stream, and notes what is heard and when, in ms from now. */
function listen({ fake, api }: Pick<World, 'fake'> & { api: Client }, options: object = {}) {
  const begun = fake.clock.now()
  const heard: [text: string, at: number][] = []
  const task = api.request<string>({ url: STREAM, enableChunked: true, ...options })
  task.onChunkReceived(({ data }) => heard.push([textOf(data), fake.clock.now() - begun]))
  const texts = () => heard.map(([text]) => text)
  return { ended: watch(task, fake), heard, texts }
}

/** Answers: for each call its own, the last one for all that follow. */
const answering =
  (...answers: ((call: Scripted) => void)[]) =>
  (call: Scripted) =>
    (answers[call.nth] ?? answers[answers.length - 1])?.(call)

const chunksThenHead = (call: Scripted) => {
  call.at(10, () => call.chunk('A'))
  call.at(50, () => call.head(200, NDJSON))
  call.at(60, () => call.chunk('B'))
  call.at(70, () => call.succeed())
}
const noHead = (call: Scripted) => {
  call.at(10, () => call.chunk('A'))
  call.at(20, () => call.chunk('B'))
  call.at(70, () => call.succeed())
}

describe('law 16: chunks are held until it is known that they are the answer', () => {
  test('a chunk ahead of its head waits for the head, with a token that is not known to be good', async () => {
    const world = await scriptedWorld('request', chunksThenHead)
    const { ended, heard, texts } = listen(world)
    await world.fake.clock.runAll()
    expect([ended.code, texts()]).toEqual(['ok', ['A', 'B']])
    expect(heard[0]?.[1]).toBeGreaterThanOrEqual(50)
  })

  test('where no head comes at all, it waits for the end, with such a token', async () => {
    const world = await scriptedWorld('request', noHead)
    const { ended, heard, texts } = listen(world)
    await world.fake.clock.runAll()
    expect([ended.code, texts()]).toEqual(['ok', ['A', 'B']])
    expect(heard[0]?.[1]).toBeGreaterThanOrEqual(70)
  })

  test('a head without a status is no status', async () => {
    const world = await scriptedWorld('request', (call) => {
      call.at(5, () => call.head(undefined))
      noHead(call)
    })
    const { heard, texts } = listen(world)
    await world.fake.clock.runAll()
    expect(texts()).toEqual(['A', 'B'])
    expect(heard[0]?.[1]).toBeGreaterThanOrEqual(70)
  })

  test.each(['a token that was accepted', 'no token'])(
    'where no head comes, chunks are heard as they come, with %s',
    async (what) => {
      const world = await scriptedWorld('request', noHead, { accepted: true })
      const { ended, heard } = listen(world, { auth: what !== 'no token' })
      await world.fake.clock.runAll()
      expect(ended.code).toBe('ok')
      expect(heard).toEqual([
        ['A', 10],
        ['B', 20],
      ])
    },
  )

  test('after the head chunks are heard as they come, whatever is known of the token', async () => {
    const world = await scriptedWorld('request', (call) => {
      call.at(5, () => call.head(200, NDJSON))
      noHead(call)
    })
    const { heard } = listen(world)
    await world.fake.clock.runAll()
    expect(heard).toEqual([
      ['A', 10],
      ['B', 20],
    ])
  })

  test('held chunks of an answer that ends as a 401 are thrown away', async () => {
    const refusal = (call: Scripted) => {
      call.at(10, () => call.chunk('no'))
      call.at(20, () => call.succeed({ statusCode: 401 }))
    }
    const world = await scriptedWorld('request', answering(refusal, noHead))
    const { ended, texts } = listen(world)
    await world.fake.clock.runAll()
    expect([ended.code, texts(), world.fake.calls.logins]).toEqual(['ok', ['A', 'B'], 1])
  })

  test.each<[string, Middleware[]]>([
    ['a plain request', []],
    ['a request with middleware', [(request, next) => next(request)]],
  ])('once a listener has aborted %s, it hears no more of those that were held', async (_what, use) => {
    const { fake, api } = await scriptedWorld('request', noHead, { client: { use } })
    const heard: string[] = []
    const task = api.request({ url: STREAM, enableChunked: true })
    task.onChunkReceived(({ data }) => {
      heard.push(textOf(data))
      task.abort()
    })
    const ended = watch(task, fake)
    await fake.clock.runAll()
    expect([ended.code, heard]).toEqual(['ABORTED', ['A']])
  })

  test('held chunks of an attempt that fails are thrown away, and the request is tried again', async () => {
    const failing = (call: Scripted) => {
      call.at(10, () => call.chunk('half'))
      call.at(20, () => call.fail({ errMsg: 'request:fail unknown network error', errno: 600000 }))
    }
    const world = await scriptedWorld('request', answering(failing, noHead))
    const { ended, texts } = listen(world)
    await world.fake.clock.runAll()
    expect([ended.code, texts(), world.calls.length]).toEqual(['ok', ['A', 'B'], 2])
  })

  test.each([
    [500, ['HTTP_STATUS', true]],
    [404, ['HTTP_STATUS', true]],
    [302, ['ok', false]],
    [206, ['ok', false]],
  ] as const)('status %i opens a stream, or holds what comes with it to the end: %j', async (status, end) => {
    const world = await scriptedWorld('request', (call) => {
      call.at(5, () => call.head(status, NDJSON))
      call.at(10, () => call.chunk('A'))
      call.at(70, () => call.succeed({ statusCode: status }))
    })
    const { ended, heard } = listen(world, { retry: false, throwHttpErrors: true })
    await world.fake.clock.advance(60)
    expect(heard.length === 0).toBe(end[1])
    await world.fake.clock.runAll()
    expect(ended.code).toBe(end[0])
  })
})

describe('law 16: where the app says in the body what is unauthorised', () => {
  const isUnauthorized = ({ data }: { data: unknown }) => (data as { code?: number } | null)?.code === 10401
  const says = (code: number, type: Record<string, string>) => (call: Scripted) => {
    call.at(5, () => call.head(200, type))
    call.at(10, () => call.chunk('{"code":'))
    call.at(20, () => call.chunk(`${code}}`))
    call.at(70, () => call.succeed({ header: type }))
  }

  test('JSON that comes in pieces is judged when it is whole: a login, and only the second answer is heard', async () => {
    const play = answering(says(10401, JSON_TYPE), says(0, JSON_TYPE))
    const world = await scriptedWorld('request', play, { client: { isUnauthorized } })
    const { ended, texts } = listen(world)
    await world.fake.clock.runAll()
    expect([ended.code, texts().join(''), world.fake.calls.logins]).toEqual(['ok', '{"code":0}', 1])
  })

  test('lines of JSON are heard as they come', async () => {
    const world = await scriptedWorld('request', says(0, NDJSON), { client: { isUnauthorized } })
    const { heard } = listen(world)
    await world.fake.clock.runAll()
    expect(heard.map(([, at]) => at)).toEqual([10, 20])
  })

  test('JSON is heard as it comes where nobody judges the body', async () => {
    const world = await scriptedWorld('request', says(10401, JSON_TYPE))
    const { heard } = listen(world)
    await world.fake.clock.runAll()
    expect(heard.map(([, at]) => at)).toEqual([10, 20])
  })
})
