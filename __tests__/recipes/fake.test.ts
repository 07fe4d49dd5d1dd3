import type { Client } from 'miniprogram-session'
import { createClient } from 'miniprogram-session'
import { createFakeWeChat, type FakeWeChat } from 'miniprogram-session/testing'
import { read } from './pages'

// The recipes of docs/testing.md: what stands between #region and #endregion is what it shows, word for word.

const orders = [{ id: 7 }]
let fake: FakeWeChat
let api: Client

// #region fake-set-up
beforeEach(() => {
  fake = createFakeWeChat()
  Object.assign(globalThis, { wx: fake.wx })
  api = createClient({ baseURL: 'https://api.test', login: { url: '/login' } })
})
// #endregion

afterEach(() => {
  delete (globalThis as { wx?: unknown }).wx
})

// #region fake-dead-token
test('twenty requests with a dead token cost one login', async () => {
  fake.server.on(
    'GET /orders',
    fake.server.guard(() => ({ data: orders })),
  )
  fake.storage.set('miniprogram-session', { token: 'dead' })
  const all = Array.from({ length: 20 }, () => api.get('/orders'))
  await fake.clock.runAll()
  expect(await Promise.all(all)).toEqual(Array(20).fill(orders))
  expect(fake.calls.logins).toBe(1)
  expect(fake.server.codesReused).toEqual([])
})
// #endregion

// #region fake-held
test('the page shows its old orders until the new ones are there', async () => {
  fake.server.on('GET /orders', () => ({ data: orders }))
  fake.server.hold('/orders')
  const answer = api.get('/orders')
  await fake.clock.advance(5000)
  expect(fake.server.held).toBe(1)

  fake.server.release('/orders')
  await fake.clock.runAll()
  expect(await answer).toEqual(orders)
})
// #endregion

// #region fake-trouble
test('a line that is cut is tried again', async () => {
  fake.server.on('GET /orders', () => ({ data: orders }))
  fake.network.failNext(1, 'reset')
  const answer = api.get('/orders', undefined, { auth: false })
  await fake.clock.runAll()
  expect(await answer).toEqual(orders)
  expect(fake.calls.requestCount).toBe(2)
})
// #endregion

// #region fake-envelope
test('a back end that answers failures with 200', async () => {
  fake.server.loginReply = (token) => ({ data: { code: 0, data: { login_key: token } } })
  fake.server.refusal = () => ({ data: { code: 10401, msg: '请重新登录' } })
  const client = createClient({
    baseURL: 'https://api.test',
    login: { url: '/login', token: 'data.login_key' },
    isUnauthorized: ({ data }) => (data as { code?: number }).code === 10401,
    storage: { key: 'enveloped' },
  })
  const answer = client.get<{ ok: boolean }>('/me')
  await fake.clock.runAll()
  expect((await answer).ok).toBe(true)
})
// #endregion

describe.each(['docs/testing.md', 'docs/zh/testing.md'])('%s', (page) => {
  const text = read(page)
  const handles = ['server', 'network', 'app', 'storage', 'clock', 'account', 'ui', 'calls'] as const

  test.each(handles)('leaves out nothing of fake.%s', (handle) => {
    const fresh = createFakeWeChat()
    const inner = ['device', 'outside', 'deliver', 'freeze', 'thaw', 'setTimeout', 'clearTimeout', 'handle']
    const members = Object.keys(fresh[handle]).filter((name) => !inner.includes(name))
    const missing = members.filter((name) => !new RegExp(`\`(${handle}\\.)?${name}\\b`).test(text))
    expect([members.length > 0, missing]).toEqual([true, []])
  })
})
