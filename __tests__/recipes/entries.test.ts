import { createClient } from 'miniprogram-session'
import { createFakeWeChat, type FakeWeChat } from 'miniprogram-session/testing'
import { watch } from '../laws/world'
import { result } from '../phone'
import * as entries from './entries'

const phone = globalThis as { wx?: unknown }
let fake: FakeWeChat
beforeEach(() => {
  fake = createFakeWeChat({ latency: 0 })
  phone.wx = fake.wx
})
afterEach(() => {
  delete phone.wx
})

const client = () => createClient({ baseURL: 'https://api.example.com', login: { url: '/login' }, retry: 0 })

interface Shown {
  onLoad?(): void
  onInput(tap: { detail: { value: string } }): Promise<void>
  onBuy(): Promise<void>
  onUnload(): void
  setData(data: object): void
}

interface List extends Pick<Shown, 'onUnload' | 'setData'> {
  data: { orders: object[] }
  onLoad(): Promise<void>
  onReachBottom(): Promise<void>
  onPullDownRefresh(): Promise<void>
}

describe.each(['pageBefore', 'pageAfter'] as const)('%s', (name) => {
  test('shows the newest answer, orders once, and stays quiet when it is gone', async () => {
    fake.server.on('/search', ({ query }) => ({ data: query['q'], delay: query['q'] === 'a' ? 900 : 10 }))
    fake.server.on('POST /orders', () => ({ delay: 100 }))
    let page: Shown | undefined
    entries[name](client(), (made) => (page = made as Shown))
    if (!page) throw new Error('no page was made')
    const setData = jest.fn()
    page.setData = setData
    page.onLoad?.()
    const shown = page
    const input = (value: string) => shown.onInput({ detail: { value } }).catch(() => undefined)
    const all = [input('a'), input('ab'), shown.onBuy(), shown.onBuy()]
    await fake.clock.runAll()
    await Promise.all(all)
    expect(setData.mock.calls).toEqual([[{ found: 'ab' }]])
    expect(fake.server.requests.filter(({ path }) => path === '/orders')).toHaveLength(1)
    const last = input('abc')
    page.onUnload()
    await fake.clock.runAll()
    await last
    expect(setData).toHaveBeenCalledTimes(1)
  })
})

test('a list that grows shows each page once, and begins anew when it is pulled down', async () => {
  fake.server.on('/orders', ({ query }) => {
    const page = Number(query['page'])
    return { data: { items: [{ page }], hasMore: page < 3 }, delay: page === 2 ? 900 : 10 }
  })
  let page: List | undefined
  entries.paging(client(), (made) => (page = made as List))
  if (!page) throw new Error('no page was made')
  const list = page
  list.setData = (data) => Object.assign(list.data, data)
  const stopPullDownRefresh = jest.fn()
  Object.assign(fake.wx, { stopPullDownRefresh })
  const shown = async (...begun: Promise<void>[]) => {
    await fake.clock.runAll()
    await Promise.all(begun)
    return list.data.orders
  }

  expect(await shown(list.onLoad())).toEqual([{ page: 1 }])
  expect(await shown(list.onReachBottom(), list.onReachBottom())).toEqual([{ page: 1 }, { page: 2 }])
  expect(await shown(list.onReachBottom())).toEqual([{ page: 1 }, { page: 2 }, { page: 3 }])
  fake.calls.reset()
  await shown(list.onReachBottom())
  expect(fake.calls.requestCount).toBe(0)

  expect(await shown(list.onPullDownRefresh())).toEqual([{ page: 1 }])
  expect(await shown(list.onReachBottom(), list.onPullDownRefresh())).toEqual([{ page: 1 }])
  expect(stopPullDownRefresh).toHaveBeenCalledTimes(2)
  const late = list.onReachBottom()
  list.onUnload()
  expect(await shown(late)).toEqual([{ page: 1 }])
})

test('the cache by hand shows one user what was another’s, and the entry does not', async () => {
  fake.server.on(
    '/profile',
    fake.server.guard((request) => ({ data: request.headerOf('authorization') })),
  )
  const api = client()
  const byHand = entries.cacheBefore(api)
  const first = await result(fake, byHand())
  api.logout()
  expect(await result(fake, byHand())).toBe(first)

  const { profile, rename } = entries.cacheAfter()
  const mine = await result(fake, profile())
  expect(await profile()).toBe(mine)
  expect(fake.storage.get('cache')).toMatchObject({ entries: [[expect.any(String), { data: mine }]] })
  const sent = fake.server.requests.length
  await result(fake, rename('Ann'))
  await result(fake, profile())
  expect(fake.server.requests.length).toBe(sent + 2)
})

test('the loading by hand hides the toast that it has just shown, and the entry does not', async () => {
  const refuse = () => fake.server.on('/orders', () => ({ statusCode: 403, delay: 400 }))
  refuse()
  const byHand = watch(entries.uiBefore(client())(), fake)
  await fake.clock.runAll()
  expect([byHand.code, seen()]).toEqual(['HTTP_STATUS', 0])
  const { orders, quietly } = entries.uiAfter()
  const shown = watch(orders(), fake)
  await fake.clock.runAll()
  expect([shown.code, seen()]).toEqual(['HTTP_STATUS', 1])
  fake.server.on('/badge', () => ({ statusCode: 403, delay: 400 }))
  const quiet = watch(quietly(), fake)
  await fake.clock.runAll()
  expect([quiet.code, seen()]).toEqual(['HTTP_STATUS', 1])

  /** Toasts that somebody can have read. */
  function seen(): number {
    return fake.ui.log.filter(({ kind, from, until }) => kind === 'toast' && Number(until) - from > 500)
      .length
  }
})
