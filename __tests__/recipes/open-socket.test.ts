import { createClient, type Client } from 'miniprogram-session'
import { createFakeWeChat, type FakeWeChat } from 'miniprogram-session/testing'
import * as recipes from './open-socket'

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

test('the first one: what is said before the open arrives', async () => {
  fake.server.onSocket('/ws', (line) => line.onMessage((data) => line.send(data)))
  const shown: unknown[] = []
  const socket = recipes.first(api, (message) => shown.push(message))
  await fake.clock.advance(100)
  expect(shown).toEqual([{ type: 'hello' }])
  socket.close()
})

interface LivePage {
  data: { messages: string[]; state: string }
  onLoad(query: { room: string }): void
  say(event: object): void
  onUnload(): void
}

function openPage(): LivePage {
  let page!: LivePage
  globals.Page = (options: LivePage) => {
    page = Object.assign(options, { setData: (data: object) => void Object.assign(page.data, data) })
  }
  recipes.livePage(api)
  page.onLoad({ room: '1' })
  return page
}

// #region socket-page-test
test('the page talks on when its token dies and when it has been hidden', async () => {
  const echo = fake.server.guardSocket((line) =>
    line.onMessage((text) => line.send(`echo ${text as string}`)),
  )
  fake.server.onSocket('/ws', echo)
  const page = openPage()
  page.say({ detail: { value: { text: '你好' } } })
  await fake.clock.advance(100)

  fake.server.expire()
  fake.server.connections[0]?.close(4401)
  await fake.clock.advance(10)
  page.say({ detail: { value: { text: '还在吗' } } })
  await fake.clock.advance(100)

  fake.app.toBackground()
  expect(page.data.state).toBe('hidden')
  fake.app.toForeground()
  await fake.clock.advance(100)
  expect(page.data).toEqual({ state: 'open', messages: ['echo 你好', 'echo 还在吗'] })

  page.onUnload()
  await fake.clock.advance(100)
  expect(fake.openSockets).toBe(0)
})
// #endregion

test('what ends it for good is told, a logout is not', async () => {
  fake.server.onSocket('/ws', (line) => line.close(4401))
  openPage()
  await fake.clock.runAll()
  expect(fake.ui.log).toMatchObject([{ title: '连接已断开' }])
  fake.server.onSocket('/ws', () => undefined)
  const { data } = openPage()
  await fake.clock.advance(100)
  api.logout()
  await fake.clock.runAll()
  expect([data.state, fake.ui.log.length]).toEqual(['closed', 1])
})

test('a ticket for each connect', async () => {
  let tickets = 0
  fake.server.on(
    'POST /ws-tickets',
    fake.server.guard(() => ({ data: { ticket: `t${++tickets}` } })),
  )
  fake.server.onSocket('/ws', () => undefined)
  const socket = recipes.ticket(api)
  await fake.clock.advance(100)
  fake.server.connections[0]?.drop()
  await fake.clock.advance(2000)
  expect(fake.server.connections.map(({ request }) => request.query['ticket'])).toEqual(['t1', 't2'])
  socket.close()
})

test('verify finds out that it was the token', async () => {
  fake.storage.set('miniprogram-session', { token: 'dead' })
  fake.server.on(
    '/me',
    fake.server.guard(() => ({ data: {} })),
  )
  fake.server.onSocket(
    '/ws',
    fake.server.guardSocket(() => undefined),
  )
  const socket = recipes.verified(api)
  await fake.clock.advance(2000)
  expect([socket.state, fake.calls.logins]).toEqual(['open', 1])
  socket.close()
})

test('back as soon as the network is, and not when the next try is due', async () => {
  fake.server.onSocket('/ws', () => undefined)
  const socket = recipes.verified(api)
  recipes.networked(socket)
  await fake.clock.advance(100)
  fake.network.offline()
  await fake.clock.advance(60_000)
  fake.network.online('4g')
  await fake.clock.advance(100)
  expect([socket.state, fake.openSockets]).toEqual(['open', 1])
  const lines = fake.server.connections.length
  fake.network.online('wifi')
  await fake.clock.advance(100)
  expect([socket.state, fake.server.connections.length]).toEqual(['open', lines])
  socket.close()
})
