import { createClient } from 'miniprogram-session'
import { createFakeWeChat, type FakeWeChat } from 'miniprogram-session/testing'
import { failure, last, result } from '../phone'
import * as recipes from './logins'

const phone = globalThis as { wx?: unknown }

let fake: FakeWeChat
beforeEach(() => {
  fake = createFakeWeChat()
  phone.wx = fake.wx
})
afterEach(() => {
  delete phone.wx
})

const plain = () => createClient({ baseURL: 'https://api.example.com', login: { url: '/login' } })

function guarded(path: string): void {
  fake.server.on(
    path,
    fake.server.guard(() => ({ data: path })),
  )
}

test('a refresh token spares the code, and a dead one costs it', async () => {
  const { server } = fake
  guarded('/orders')
  server.loginReply = (token) => ({ data: { token, refreshToken: 'refresh-1' } })
  server.on('/refresh', () => ({ data: { token: server.issue(), refreshToken: 'refresh-2' } }))
  const api = recipes.refresh()
  await result(fake, api.ensureLogin())
  server.expire()
  await result(fake, api.get('/orders'))
  expect(api.session?.data).toEqual({ refreshToken: 'refresh-2' })
  expect(fake.calls.logins).toBe(1)
  server.on('/refresh', () => ({ statusCode: 400 }))
  server.expire()
  await result(fake, api.get('/orders'))
  expect(fake.calls.logins).toBe(2)
})

test('a refresh that meets no network keeps the refresh token for later', async () => {
  const { server } = fake
  guarded('/orders')
  server.loginReply = (token) => ({ data: { token, refreshToken: 'refresh-1' } })
  const api = recipes.refresh()
  await result(fake, api.ensureLogin())
  server.expire()
  server.on('/refresh', () => ({ fail: 'disconnected' }))
  expect(await failure(fake, api.get('/orders'))).toMatchObject({ code: 'LOGIN_FAILED', isOffline: true })
  server.on('/refresh', ({ json }) => ({ data: { ...(json as object), token: server.issue() } }))
  expect(await result(fake, api.get('/orders'))).toBe('/orders')
  expect(fake.calls.logins).toBe(1)
})

test('a server that hands out the next token with each answer costs one login in all', async () => {
  fake.server.rotate = { header: 'Authorization' }
  const api = recipes.rotation()
  for (let n = 0; n < 5; n++) await result(fake, api.get('/orders'))
  expect(fake.calls.logins).toBe(1)
})

test("the phone number's code reaches the login, whatever session there was", async () => {
  const api = plain()
  await result(fake, api.ensureLogin())
  await result(fake, recipes.phoneWithCode(api)({ detail: { code: 'phone-code' } }))
  expect(last(fake).json).toMatchObject({ phoneCode: 'phone-code' })
  expect(fake.server.codes.size).toBe(2)
})

test('a user who refuses to give the number is left alone', async () => {
  await result(fake, recipes.phoneWithCode(plain())({ detail: {} }))
  expect(fake.calls.logins).toBe(0)
})

test('a session by SMS is the one that requests go on with', async () => {
  fake.server.on('/login/sms', () => ({ data: { token: fake.server.issue('by-sms') } }))
  guarded('/orders')
  const api = plain()
  await result(fake, recipes.phoneBySms(api, '13800000000', '1234'))
  expect(await result(fake, api.get('/orders'))).toBe('/orders')
  expect(last(fake).headerOf('authorization')).toBe('Bearer by-sms')
  expect(fake.calls.logins).toBe(0)
})

test('nobody is logged in before they agree: the login page opens instead', async () => {
  const pages: string[] = []
  phone.wx = { ...fake.wx, navigateTo: ({ url }: { url: string }) => void pages.push(url) }
  guarded('/orders')
  const { orders, agree } = recipes.loginPage()
  await result(fake, orders())
  expect(pages).toEqual(['/pages/login/index'])
  expect(fake.calls).toMatchObject({ logins: 0, requests: [] })
  await result(fake, agree())
  expect(await result(fake, orders())).toBe('/orders')
})

test('a guest reads without a login, with a dead token too, and orders with one', async () => {
  guarded('/orders')
  fake.server.on('/news', (request) =>
    request.headerOf('authorization') && !fake.server.isAuthorized(request)
      ? { statusCode: 401 }
      : { data: fake.server.isAuthorized(request) ? 'for you' : 'for all' },
  )
  fake.storage.set('miniprogram-session', { token: 'dead' })
  const { news, order } = recipes.guests()
  expect(await result(fake, news())).toBe('for all')
  expect(fake.calls.logins).toBe(0)
  await result(fake, order('咖啡'))
  expect(await result(fake, news())).toBe('for you')
})
