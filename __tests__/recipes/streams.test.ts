import { createClient, type Client, type RequestError } from 'miniprogram-session'
import { createFakeWeChat, type FakeWeChat } from 'miniprogram-session/testing'
import { failure, result } from '../phone'
import * as recipes from './streams'

const globals = globalThis as { wx?: unknown; Page?: unknown }
let fake: FakeWeChat
let api: Client
beforeEach(() => {
  fake = createFakeWeChat()
  globals.wx = fake.wx
  api = createClient({ baseURL: 'https://api.example.com', login: { url: '/login' } })
})
afterEach(() => {
  delete globals.wx
  delete globals.Page
})

const sse = (...texts: string[]) =>
  texts.map((text, index) => `id: ${index + 1}\ndata: ${JSON.stringify({ text })}\n\n`).join('')

test('text, events and lines of JSON', async () => {
  fake.server.on('/poem', () => ({ chunks: ['床前', '明月光'] }))
  fake.server.on('/news', () => ({ chunks: ['data: 一\n\ndata: 二\n\n'] }))
  fake.server.on('/orders/export', () => ({ chunks: ['{"id":1}\n{"id"', ':2}'] }))
  const shown: unknown[] = []
  const note = (item: unknown) => void shown.push(item)
  await result(fake, recipes.three(api, note, note))
  expect(shown).toEqual(['床前', '明月光', '一', '二', { id: 1 }, { id: 2 }])
})

interface ChatPage {
  data: { answer: string; isAnswering: boolean }
  ask(event: object): Promise<void>
  onUnload(): void
  stop(): void
  setData(data: object): void
}

function openPage(): ChatPage {
  let page!: ChatPage
  globals.Page = (options: ChatPage) => {
    page = Object.assign(options, { setData: (data: object) => void Object.assign(page.data, data) })
  }
  recipes.chatPage(api)
  return page
}
const question = (text: string) => ({ detail: { value: { question: text } } })

// #region page-test
test('the answer grows word by word, whatever is cut, and a dead token is not seen', async () => {
  const page = openPage()
  fake.storage.set('miniprogram-session', { token: 'dead' })
  const body = 'data: {"text":"你好"}\n\ndata: {"text":"🐼"}\n\n'
  fake.server.on(
    'POST /chat',
    fake.server.guard(() => ({ data: body, cuts: [3, 17, 30, 41] })),
  )
  const asked = page.ask(question('你好吗'))
  await fake.clock.runAll()
  await asked
  expect(page.data).toEqual({ answer: '你好🐼', isAnswering: false })
})
// #endregion

test('a cut is told, and what came stays on the page', async () => {
  const page = openPage()
  fake.server.on('POST /chat', () => ({ chunks: [sse('你好')], fail: 'reset' }))
  await result(fake, page.ask(question('你好吗')))
  expect(page.data).toEqual({ answer: '你好', isAnswering: false })
  expect(fake.ui.log.map(({ title }) => title)).toEqual(['回答中断了'])
})

test('stop, another question, and leaving the page end the one before without a word', async () => {
  const page = openPage()
  const chunks = [sse('一'), { after: 1000, data: sse('二') }, { after: 60_000, data: sse('三') }]
  fake.server.on('POST /chat', () => ({ chunks }))
  const first = page.ask(question('甲'))
  await fake.clock.advance(500)
  const second = page.ask(question('乙'))
  await fake.clock.advance(1500)
  expect(page.data).toEqual({ answer: '一二', isAnswering: true })
  page.onUnload()
  await fake.clock.runAll()
  await Promise.all([first, second])
  expect([page.data.isAnswering, fake.ui.log]).toEqual([false, []])
})

describe('asking for the rest', () => {
  test('each part goes on where the one before was cut', async () => {
    const timers = { setTimeout: globalThis.setTimeout }
    const asked: (string | undefined)[] = []
    fake.server.on('/chat', (request) => {
      const last = request.headerOf('last-event-id')
      asked.push(last)
      const from = Number(last ?? 0)
      const events = ['一', '二', '三'].map((text, index) => `id: ${index + 1}\nretry: 1\ndata: ${text}\n\n`)
      const rest = events.slice(from, from + 1)
      return { chunks: rest, ...(from < 2 && { fail: 'reset' as const }) }
    })
    // The pause is the app's own, and of the global clock.
    globalThis.setTimeout = ((run: () => void, ms: number) => fake.clock.setTimeout(run, ms)) as never
    const shown: string[] = []
    try {
      await result(
        fake,
        recipes.theRest(api, { url: '/chat', method: 'POST' }, ({ data }) => void shown.push(data)),
      )
    } finally {
      globalThis.setTimeout = timers.setTimeout
    }
    expect([shown, asked]).toEqual([
      ['一', '二', '三'],
      [undefined, '1', '2'],
    ])
  })

  test('what no other try mends is told at once', async () => {
    fake.server.on('/chat', () => ({ statusCode: 403, data: {} }))
    const error: RequestError = await failure(
      fake,
      recipes.theRest(api, { url: '/chat' }, () => undefined),
    )
    expect([error.code, fake.server.requests.filter(({ path }) => path === '/chat').length]).toEqual([
      'HTTP_STATUS',
      1,
    ])
  })
})
