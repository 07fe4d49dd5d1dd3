import { createFakeWeChat } from 'miniprogram-session/testing'

interface PageOptions {
  onLoad(this: { setData(data: object): void }): Promise<void>
}

/**
 * Opens the page of the README on a phone of its own, whose server knows one order: a fake where `wx` is, `Page` beside it, and
 * then the page. `load` imports it anew.
 */
export async function openOrders(load: () => unknown, token?: string) {
  const fake = createFakeWeChat()
  fake.server.on(
    'GET /orders',
    fake.server.guard(() => ({ data: [{ id: 7, title: '手冲咖啡' }] })),
  )
  if (token) fake.storage.set('miniprogram-session', { token })
  const pages: PageOptions[] = []
  Object.assign(globalThis, { wx: fake.wx, Page: (options: PageOptions) => pages.push(options) })
  await load()

  const data = {}
  const opened = pages[0]?.onLoad.call({ setData: (change) => Object.assign(data, change) })
  await fake.clock.runAll()
  await opened
  return { data, logins: fake.calls.logins }
}

export const SHOWN = { data: { orders: [{ id: 7, title: '手冲咖啡' }] }, logins: 1 }
