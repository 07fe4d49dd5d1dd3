import { createFakeWeChat, type FakeWeChat } from 'miniprogram-session/testing'
import { type Opened, openPage } from './page'

interface OrdersPage {
  data: { state: string; rows: { title: string }[]; loadingMore: boolean }
  onLoad(): void
  onUnload(): void
  onPullDownRefresh(): void
  loadMore(): void
  retry(): void
  place(): void
}

const globals = globalThis as { wx?: unknown }
let fake: FakeWeChat
let page: Opened<OrdersPage>
/** ms that the server takes. */
let delay = 0

const order = (id: string) => ({ id, title: `茶 ${id}`, amount: 100, createdAt: 0 })

beforeEach(() => {
  delay = 0
  fake = createFakeWeChat()
  fake.storage.set('miniprogram-session', { token: fake.server.issue() })
  globals.wx = { ...fake.wx, stopPullDownRefresh: () => undefined }
  fake.server.on('GET /orders', ({ query }) => ({
    delay,
    data: { items: [order(`of page ${query['page']}`)], page: Number(query['page']), total: 2 },
  }))
  fake.server.on('POST /orders', () => ({ delay, statusCode: 201, data: order('new') }))
  jest.isolateModules(() => {
    page = openPage<OrdersPage>(() => jest.requireActual('../../../miniprogram/pages/orders/index'))
  })
})
afterEach(() => delete globals.wx)

async function loaded(): Promise<void> {
  page.onLoad()
  await fake.clock.runAll()
  expect(page.data).toMatchObject({ state: 'ready', rows: [{ title: '茶 of page 1' }] })
}
const shown = () => fake.ui.log.map(({ kind, title }) => [kind, title])

test('a list that loads is grey, and has no second hint', async () => {
  delay = 5000
  await loaded()
  expect(shown()).toEqual([])
})

test('an order that takes its time has one hint, whose place the word of success takes, in full', async () => {
  await loaded()
  delay = 400
  page.place()
  await fake.clock.runAll()
  expect(shown()).toEqual([
    ['loading', '加载中'],
    ['toast', '下单成功'],
  ])
  const [, toast] = fake.ui.log
  expect((toast?.until ?? 0) - (toast?.from ?? 0)).toBe(1500)
})

test('two taps are one order, and one row', async () => {
  await loaded()
  page.place()
  page.place()
  await fake.clock.runAll()
  expect(fake.server.requests.filter(({ method }) => method === 'POST')).toHaveLength(1)
  expect(page.data.rows).toHaveLength(2)
})

test('a list that cannot be had is asked about; no is a page that says so, and its button works', async () => {
  fake.network.offline()
  page.onLoad()
  await fake.clock.runAll()
  expect(fake.ui.modals).toMatchObject([{ content: '网络未连接，请打开网络后再试', confirmText: '重试' }])
  expect(page.data.state).toBe('loading')
  fake.ui.modals[0]?.cancel()
  await fake.clock.runAll()
  expect(page.data.state).toBe('error')
  fake.network.online()
  page.retry()
  await fake.clock.runAll()
  expect([page.data.state, shown()]).toEqual(['ready', []])
})

test('yes is a list that is there', async () => {
  fake.network.offline()
  page.onLoad()
  await fake.clock.runAll()
  fake.network.online()
  fake.ui.modals[0]?.confirm()
  await fake.clock.runAll()
  expect([page.data.state, fake.ui.modals.length]).toEqual(['ready', 0])
})

test.each([
  ['a refresh', () => page.onPullDownRefresh()],
  ['the next page', () => page.loadMore()],
])('%s that fails leaves what is here', async (_, load) => {
  await loaded()
  fake.network.offline()
  load()
  await fake.clock.runAll()
  fake.ui.modals[0]?.cancel()
  await fake.clock.runAll()
  expect(page.data).toMatchObject({ state: 'ready', rows: [{ title: '茶 of page 1' }], loadingMore: false })
})

test('an order that may have arrived is told and not asked about: it may be placed twice', async () => {
  await loaded()
  fake.server.on('POST /orders', () => ({ statusCode: 500 }))
  page.place()
  await fake.clock.runAll()
  expect([shown(), fake.ui.modals.length]).toEqual([[['toast', '出了点问题，请稍后再试']], 0])
})

test('a page that is left says nothing', async () => {
  delay = 1000
  page.onLoad()
  await fake.clock.advance(500)
  page.onUnload()
  fake.network.offline()
  await fake.clock.runAll()
  expect([fake.ui.calls, page.data.state]).toEqual([[], 'loading'])
})
