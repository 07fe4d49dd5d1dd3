import {
  createFakeWeChat,
  type FakeReply,
  type FakeRequest,
  type FakeWeChat,
  type FakeWeChatOptions,
} from 'miniprogram-session/testing'
import { type Opened, openPage } from './page'

interface Turn {
  question: string
  answer: string
  state: string
  told?: { title: string; advice: string; detail: string } | null
}

interface ChatPage {
  data: { turns: Turn[]; question: string; isAnswering: boolean; cutsNext: boolean; top: number }
  onShow(): void
  onHide(): void
  onUnload(): void
  type(event: object): void
  send(): void
  suggest(event: object): void
  goOn(event: object): void
  stop(): void
  cutNext(): void
  killToken(): void
  scrolled(event: object): void
  follow(): void
}

const globals = globalThis as { wx?: unknown }
let fake: FakeWeChat
let page: Opened<ChatPage>

function open(settings: Pick<FakeWeChatOptions, 'freezesInBackground' | 'wakes'> = {}): void {
  fake = createFakeWeChat(settings)
  fake.storage.set('miniprogram-session', { token: fake.server.issue() })
  globals.wx = fake.wx
  // The example's client belongs to the phone that it was made on.
  jest.isolateModules(() => {
    page = openPage<ChatPage>(() => jest.requireActual('../../../miniprogram/pages/chat/index'))
  })
  page.onShow()
}
beforeEach(() => open())
afterEach(() => delete globals.wx)

const WORDS = ['先', '喝', '杯', '茶 🍵']
const DONE = 'event: done\ndata: {"pieces":4}\n\n'
const eventOf = (text: string, index: number) => `id: ${index + 1}\ndata: ${JSON.stringify({ text })}\n\n`
const lastOf = (request: FakeRequest) => request.headerOf('last-event-id')

/** Answers as the example's server: from the word after the last one. `unless` says what else becomes of a request. */
function answers(
  unless: (request: FakeRequest, rest: string[]) => FakeReply | undefined = () => undefined,
): void {
  fake.server.on(
    'POST /chat',
    fake.server.guard((request) => {
      const rest = WORDS.map(eventOf).slice(Number(lastOf(request) ?? 0))
      return unless(request, rest) ?? { chunks: [...rest, DONE] }
    }),
  )
}
const asked = () => fake.server.requests.filter(({ path }) => path === '/chat')
const ask = (question = '茶') => {
  page.type({ detail: { value: question } })
  page.send()
}
const goOn = (id = 0) => page.goOn({ currentTarget: { dataset: { id } } })
const turn = (at = 0) => page.data.turns[at]

describe('a question', () => {
  test('is answered, whatever the bytes are cut by', async () => {
    const body = [...WORDS.map(eventOf), DONE].join('')
    answers(() => ({ data: body, cuts: Array.from({ length: 60 }, (_, index) => index * 3 + 1) }))
    ask()
    expect(page.data).toMatchObject({ question: '', isAnswering: true })
    expect(turn()).toMatchObject({ question: '茶', state: 'waiting' })
    await fake.clock.runAll()
    expect(turn()).toMatchObject({ answer: '先喝杯茶 🍵', state: 'done', told: null })
    expect([page.data.isAnswering, asked()[0]?.json]).toEqual([false, { question: '茶' }])
  })

  test('may be one of those that are offered', async () => {
    answers()
    page.suggest({ currentTarget: { dataset: { question: '断线了怎么办' } } })
    await fake.clock.runAll()
    expect(turn()).toMatchObject({ question: '断线了怎么办', state: 'done' })
  })

  test('is not sent when there is none, nor while another is being answered', async () => {
    answers()
    ask('  ')
    ask('甲')
    ask('乙')
    goOn()
    await fake.clock.runAll()
    expect(asked().map(({ json }) => json)).toEqual([{ question: '甲' }])
  })

  test('with a dead token is answered after one login, and the refusal is never on the page', async () => {
    fake.storage.set('miniprogram-session', { token: 'dead' })
    answers()
    const seen: string[] = []
    page.watch(() => seen.push(turn()?.answer ?? ''))
    ask()
    await fake.clock.runAll()
    expect(asked()).toHaveLength(2)
    expect(fake.calls.logins).toBe(1)
    expect(turn()).toMatchObject({ answer: '先喝杯茶 🍵', state: 'done' })
    for (const text of seen) expect('先喝杯茶 🍵'.startsWith(text)).toBe(true)
  })
})

describe('drawing', () => {
  test('one is under way at a time, and takes all that has come meanwhile', async () => {
    answers((_, rest) => ({ chunks: rest.map((data) => ({ after: 10, data })), lost: true }))
    ask()
    // A round trip of 10 ms, then a word every 10 ms.
    await fake.clock.advance(25)
    expect(turn()?.answer).toBe('先')
    const drawn = page.hold()
    await fake.clock.advance(10)
    const busy = page.draws
    await fake.clock.advance(100)
    expect([page.draws, turn()?.answer]).toEqual([busy, '先喝'])
    drawn()
    expect(turn()?.answer).toBe('先喝杯茶 🍵')
  })

  test('the end is on the page though the phone has not told of the drawing before it', async () => {
    answers()
    ask()
    page.hold()
    await fake.clock.runAll()
    expect(turn()).toMatchObject({ answer: '先喝杯茶 🍵', state: 'done' })
  })

  test('that is told of late, while the next answer is under way, writes nothing into the one before', async () => {
    answers((request, rest) => {
      const isFirst = (request.json as { question: string }).question === '甲'
      return { chunks: isFirst ? rest.slice(0, 2) : rest.slice(2) }
    })
    ask('甲')
    const drawn = page.hold()
    await fake.clock.runAll()
    ask('乙')
    await fake.clock.advance(12)
    drawn()
    await fake.clock.runAll()
    expect(page.data.turns.map(({ answer }) => answer)).toEqual(['先喝', '杯茶 🍵'])
  })

  test('keeps the latest words in sight, until the user scrolls back, and again at the end of the page', async () => {
    answers((_, rest) => ({ chunks: rest.map((data) => ({ after: 100, data })), lost: true }))
    const scrolled = (scrollTop: number, scrollHeight: number) =>
      page.scrolled({ detail: { scrollTop, scrollHeight } })
    ask()
    await fake.clock.advance(150)
    scrolled(500, 1000)
    // A note that goes makes the page shorter: that is nobody's hand.
    scrolled(450, 900)
    let { top } = page.data
    await fake.clock.advance(100)
    expect(page.data.top).toBeGreaterThan(top)
    scrolled(300, 900)
    ;({ top } = page.data)
    await fake.clock.advance(100)
    expect([page.data.top, turn()?.answer]).toEqual([top, '先喝杯'])
    page.follow()
    await fake.clock.advance(100)
    expect(page.data.top).toBeGreaterThan(top)
  })
})

describe('an answer that does not end well', () => {
  test('is stopped by its user: what was said stays, and the rest can be had', async () => {
    answers((request, rest) =>
      lastOf(request) ? undefined : { chunks: rest.map((data) => ({ after: 1000, data })) },
    )
    ask()
    await fake.clock.advance(2500)
    page.stop()
    await fake.clock.advance(0)
    expect(turn()).toMatchObject({ answer: '先喝', state: 'stopped', told: { title: '已停止' } })
    expect(page.data.isAnswering).toBe(false)
    goOn()
    await fake.clock.runAll()
    expect(turn()).toMatchObject({ answer: '先喝杯茶 🍵', state: 'done', told: null })
  })

  test('is cut: what was said stays, and what is asked for is what comes after it', async () => {
    let cuts = 2
    answers((_, rest) => (cuts-- > 0 ? { chunks: rest.slice(0, 1), fail: 'reset' } : undefined))
    ask()
    await fake.clock.runAll()
    expect(turn()).toMatchObject({
      answer: '先',
      state: 'broken',
      told: { title: '回答中断了', advice: '已经说的都在，可以接着说', detail: 'NETWORK 600001' },
    })
    goOn()
    await fake.clock.runAll()
    expect(turn()).toMatchObject({ answer: '先喝', state: 'broken' })
    goOn()
    await fake.clock.runAll()
    expect(turn()).toMatchObject({ answer: '先喝杯茶 🍵', state: 'done', told: null })
    expect(asked().map(lastOf)).toEqual([undefined, '1', '2'])
  })

  test('ends before it is whole, and without an error: a server that shuts down', async () => {
    answers((request, rest) => (lastOf(request) ? undefined : { chunks: rest.slice(0, 3) }))
    ask()
    await fake.clock.runAll()
    expect(turn()).toMatchObject({ answer: '先喝杯', state: 'broken', told: { title: '回答中断了' } })
    goOn()
    await fake.clock.runAll()
    expect(turn()).toMatchObject({ answer: '先喝杯茶 🍵', state: 'done' })
  })

  test.each<[string, FakeReply, string, string]>([
    ['no network', { fail: 'disconnected' }, '没有网络', 'OFFLINE 600001'],
    ['no server', { fail: 'refused' }, '连不上服务器', 'NETWORK 600001'],
    ['a server in trouble', { statusCode: 500, data: { error: 'x' } }, '服务器出错了', 'HTTP_STATUS 500'],
    ['silence', { chunks: [':\n\n'], lost: true }, '服务器太久没有回应', 'TIMEOUT'],
    [
      'no stream',
      { data: '<html>', header: { 'content-type': 'text/html' } },
      '回答读不下去了',
      'BAD_STREAM',
    ],
  ])(
    'without a word, for %s: it is said, and asked once more from the start',
    async (_, reply, title, detail) => {
      let isMended = false
      answers(() => (isMended ? undefined : reply))
      ask()
      await fake.clock.runAll()
      expect(turn()).toMatchObject({ answer: '', state: 'broken', told: { title, detail } })
      isMended = true
      goOn()
      await fake.clock.runAll()
      expect(turn()).toMatchObject({ answer: '先喝杯茶 🍵', state: 'done', told: null })
      expect(lastOf(asked()[asked().length - 1] as FakeRequest)).toBeUndefined()
    },
  )

  test('stays as it is while the next one is asked for, and can still be continued', async () => {
    answers((request, rest) => {
      const isFirst = (request.json as { question: string }).question === '甲' && !lastOf(request)
      return isFirst ? { chunks: rest.slice(0, 1), fail: 'reset' } : undefined
    })
    ask('甲')
    await fake.clock.runAll()
    ask('乙')
    await fake.clock.runAll()
    expect(page.data.turns.map(({ answer, state }) => [answer, state])).toEqual([
      ['先', 'broken'],
      ['先喝杯茶 🍵', 'done'],
    ])
    goOn(0)
    await fake.clock.runAll()
    expect(page.data.turns.map(({ state }) => state)).toEqual(['done', 'done'])
  })
})

describe('the page', () => {
  test('ends the request when it is left', async () => {
    answers((_, rest) => ({ chunks: rest.map((data) => ({ after: 1000, data })) }))
    ask()
    await fake.clock.advance(1500)
    page.onUnload()
    await fake.clock.advance(0)
    expect(fake.calls.requests.map(({ errMsg }) => errMsg)).toEqual(['request:fail abort'])
    expect(fake.ui.log).toEqual([])
  })

  test.each(['show-first', 'callbacks-first'] as const)(
    'asks for the rest by itself, once, when it was in the background for too long: %s',
    async (wakes) => {
      open({ freezesInBackground: true, wakes })
      answers((request, rest) =>
        lastOf(request) ? { fail: 'interrupted' } : { chunks: rest.map((data) => ({ after: 2000, data })) },
      )
      ask()
      await fake.clock.advance(3000)
      fake.app.toBackground()
      page.onHide()
      await fake.clock.advance(60_000)
      fake.app.toForeground()
      page.onShow()
      await fake.clock.runAll()
      expect(asked().map(lastOf)).toEqual([undefined, '3'])
      expect(turn()).toMatchObject({ answer: '先喝杯', state: 'broken', told: { title: '请求被系统中断' } })
      answers()
      page.onHide()
      page.onShow()
      await fake.clock.runAll()
      expect(turn()).toMatchObject({ answer: '先喝杯茶 🍵', state: 'done' })
    },
  )

  test('cuts the next answer, and only that, when it is told to', async () => {
    answers()
    page.cutNext()
    page.cutNext()
    page.cutNext()
    expect(page.data.cutsNext).toBe(true)
    for (const question of ['甲', '乙']) {
      ask(question)
      await fake.clock.runAll()
    }
    expect(asked().map((request) => request.headerOf('x-dev-cut'))).toEqual(['12', undefined])
    expect(page.data.cutsNext).toBe(false)
  })

  test('has the server forget the token, and says how that went', async () => {
    fake.server.on('POST /dev/expire', () => ({ statusCode: 204 }))
    const told = async () => {
      page.killToken()
      await fake.clock.runAll()
      return fake.ui.log.map(({ title }) => title).pop()
    }
    expect(await told()).toBe('token 已失效，问点什么试试')
    fake.network.offline()
    expect(await told()).toBe('网络未连接，请打开网络后再试')
  })
})
