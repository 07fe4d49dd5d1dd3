import { NetworkError } from '../../src'
import { attempt, ok } from './attempt-world'

const ALL = ['HeadersReceived', 'ChunkReceived', 'ProgressUpdate'] as const
const head = (statusCode?: number) => ({
  header: { 'content-type': 'text/plain' },
  ...(statusCode !== undefined && { statusCode }),
})
const chunk = (text: string) => ({ data: Uint8Array.from(text, (letter) => letter.charCodeAt(0)).buffer })
const texts = (heard: readonly unknown[]) =>
  (heard as [string, { data?: ArrayBuffer }][]).map(([event, { data }]) =>
    data ? String.fromCharCode(...new Uint8Array(data)) : event,
  )

const stream = (setting: Parameters<typeof attempt>[0] = {}) =>
  attempt({ isTransfer: true, listensTo: ALL, ...setting })

test('with a good head all is heard as it comes', () => {
  const { send, hooks, heard, state } = stream()
  send()
  hooks.HeadersReceived?.(head(200))
  hooks.ChunkReceived?.(chunk('a'))
  hooks.ChunkReceived?.(chunk('b'))
  expect([texts(heard), state.pieces]).toEqual([['HeadersReceived', 'a', 'b'], 2])
})

test.each([401, 500, 404, 100])(
  'with the status %i nothing is heard, and the pieces are its data',
  (status) => {
    const { send, hooks, heard, answers, state } = stream()
    const { success } = send()
    hooks.HeadersReceived?.(head(status))
    for (const text of ['{"err', '":1}']) hooks.ChunkReceived?.(chunk(text))
    success({ statusCode: status, data: '', header: {} })
    expect([heard, state.pieces]).toEqual([[], 0])
    expect(answers[0]?.response).toMatchObject({ statusCode: status, data: { err: 1 } })
  },
)

test('what may not be opened by its head is held until it is delivered', () => {
  for (const counts of [false, true]) {
    const { send, hooks, heard } = stream({ mayOpen: () => false, counts })
    const { success } = send()
    hooks.HeadersReceived?.(head(200))
    hooks.ChunkReceived?.(chunk('a'))
    expect(heard).toEqual([])
    success({ ...ok, data: '' })
    expect(texts(heard)).toEqual(counts ? ['HeadersReceived', 'a'] : [])
  }
})

test('without a status before the pieces they are heard at once, if the sender says that they may be', () => {
  for (const may of [true, false]) {
    const { send, hooks, heard } = stream({ mayOpen: ({ statusCode }) => statusCode === undefined && may })
    send()
    hooks.HeadersReceived?.(head())
    hooks.ChunkReceived?.(chunk('a'))
    expect(texts(heard)).toEqual(may ? ['HeadersReceived', 'a'] : [])
  }
})

test('a piece cut off by the end of the network is a failure, after what was heard', () => {
  const { send, hooks, heard, answers, state } = stream()
  const { fail } = send()
  hooks.HeadersReceived?.(head(200))
  hooks.ChunkReceived?.(chunk('a'))
  fail({ errMsg: 'request:fail net::ERR_CONNECTION_RESET' })
  expect(texts(heard)).toEqual(['HeadersReceived', 'a'])
  expect(state.pieces).toBe(1)
  expect(answers[0]?.error).toBeInstanceOf(NetworkError)
})

test('after the end nothing is heard any more', () => {
  const { send, hooks, heard, made } = stream()
  send()
  made.abort()
  hooks.HeadersReceived?.(head(200))
  hooks.ChunkReceived?.(chunk('a'))
  hooks.ProgressUpdate?.({ progress: 5 })
  expect(heard).toEqual([])
})

test.each(ALL)('each sign of life (%s) gives it all its time again', async (event) => {
  const { send, hooks, answers, clock } = stream({ timeout: 1000 })
  send()
  for (let n = 0; n < 5; n++) {
    await clock.advance(900)
    hooks[event]?.({ header: {}, data: new ArrayBuffer(1), progress: 1 })
  }
  expect(answers).toEqual([])
  await clock.advance(1000)
  expect(answers[0]?.error).toMatchObject({ code: 'TIMEOUT' })
})

test('WeChat is told a time that does not end a transfer which lives', () => {
  expect(stream().send().options.timeout).toBe(600_000)
  expect(attempt({ timeout: 700 }).send().options.timeout).toBe(700)
})

test('only what somebody listens to is asked of a plain request, also one who comes later', () => {
  const { send, hooks, made, listeners, heard } = attempt({ listensTo: [] })
  send()
  expect(Object.keys(hooks)).toEqual([])
  listeners.on('HeadersReceived', (detail: unknown) => void heard.push(['HeadersReceived', detail]))
  made.listenTo('HeadersReceived')
  expect(Object.keys(hooks)).toEqual(['HeadersReceived'])
  hooks.HeadersReceived?.(head(200))
  expect(heard).toEqual([])
  made.deliver({ statusCode: 200, data: '', header: {} })
  expect(texts(heard)).toEqual(['HeadersReceived'])
})

test('the head of an answer that does not count is not heard', () => {
  const { send, hooks, heard } = attempt({ listensTo: ['HeadersReceived'] })
  const { success } = send()
  hooks.HeadersReceived?.(head(401))
  success({ ...ok, statusCode: 401 })
  expect(heard).toEqual([])
})
