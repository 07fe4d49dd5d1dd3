import { createFakeWeChat, type FakeWeChat, type SocketHandler } from 'miniprogram-session/testing'
import { type Opened, openPage } from './page'

interface LivePage {
  data: {
    state: string
    words: string
    action: string
    opens: number
    lines: { text: string; state: string }[]
  }
  onLoad(): void
  onUnload(): void
  type(event: object): void
  say(): void
  sayAgain(event: object): void
  again(): void
}

const globals = globalThis as { wx?: unknown }
let fake: FakeWeChat
let page: Opened<LivePage>

/** As the example's server: who has no live session is let in, and sent away with 4401. */
const echo: SocketHandler = (line) => {
  const isKnown = () => fake.server.isAuthorized(line.request)
  if (!isKnown()) line.close(4401)
  line.onMessage((text) => {
    if (isKnown()) line.send(`echo ${text as string}`)
    else line.close(4401)
  })
}

beforeEach(async () => {
  fake = createFakeWeChat()
  fake.storage.set('miniprogram-session', { token: fake.server.issue() })
  globals.wx = fake.wx
  fake.server.onSocket('/ws', echo)
  jest.isolateModules(() => {
    page = openPage<LivePage>(() => jest.requireActual('../../../miniprogram/pages/live/index'))
  })
  page.onLoad()
  expect(page.data.words).toBe('连接中')
  await fake.clock.advance(100)
  expect(page.data).toMatchObject({ state: 'open', words: '已连接', opens: 1 })
})
afterEach(() => delete globals.wx)

const say = (text: string) => {
  page.type({ detail: { value: text } })
  page.say()
}
const marks = () => page.data.lines.map(({ text, state }) => [text, state])
const connection = () => fake.server.connections[fake.server.connections.length - 1]

test('what is said has arrived when the server has said it back, one after the other', async () => {
  say('茶')
  say('  ')
  say('茶')
  expect(marks()).toEqual([
    ['茶', 'sent'],
    ['茶', 'sent'],
  ])
  await fake.clock.advance(100)
  expect(marks()).toEqual([
    ['茶', 'arrived'],
    ['茶', 'arrived'],
  ])
})

test('a line that is cut: what was under way is lost, what is said meanwhile waits, and a tap does not wait', async () => {
  say('有人吗')
  fake.network.offline()
  await fake.clock.advance(10)
  expect(page.data).toMatchObject({ state: 'waiting', words: '连接断开，稍后自动重连', action: '立即重连' })
  say('还在吗')
  fake.network.online()
  page.again()
  await fake.clock.advance(100)
  expect(page.data.state).toBe('open')
  expect(marks()).toEqual([
    ['有人吗', 'lost'],
    ['还在吗', 'arrived'],
  ])
})

test('a dead token: one login, and what it was sent with can be sent again', async () => {
  fake.server.expire()
  say('还认得我吗')
  await fake.clock.advance(100)
  expect([page.data.opens, marks(), fake.calls.logins]).toEqual([2, [['还认得我吗', 'lost']], 1])
  page.sayAgain({ currentTarget: { dataset: { id: 0 } } })
  await fake.clock.advance(100)
  expect(marks()).toEqual([['还认得我吗', 'arrived']])
  // Only what was lost goes again.
  page.sayAgain({ currentTarget: { dataset: { id: 0 } } })
  await fake.clock.advance(100)
  expect(connection()?.received).toEqual(['还认得我吗'])
})

test('in the background it is closed, and says so until it is back', async () => {
  fake.app.toBackground()
  expect(page.data).toMatchObject({ state: 'hidden', words: '已在后台断开，回来后重连' })
  fake.app.toForeground()
  await fake.clock.advance(100)
  expect(page.data).toMatchObject({ state: 'open', opens: 2 })
})

test('one that no other token mends has ended, and is begun anew with a tap', async () => {
  fake.server.onSocket('/ws', (line) => line.close(4401))
  connection()?.close(4401)
  await fake.clock.advance(100)
  expect(page.data).toMatchObject({ state: 'closed', words: '连接已结束', action: '重新连接' })
  say('不会送达')
  expect(marks()).toEqual([['不会送达', 'lost']])
  fake.server.onSocket('/ws', echo)
  page.again()
  await fake.clock.advance(100)
  expect(page.data.state).toBe('open')
})

test('a page that is left holds no line', async () => {
  page.onUnload()
  await fake.clock.advance(100)
  expect(fake.openSockets).toBe(0)
})
