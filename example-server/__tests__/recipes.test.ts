import { buildBusinessCodeServer } from '../recipes/business-code.ts'
import { createCloudFunction } from '../recipes/cloud-function.ts'
import { buildCookieServer } from '../recipes/set-cookie.ts'
import { createSeal } from '../src/seal.ts'
import { Sessions } from '../src/sessions.ts'
import { createMemoryStore } from '../src/store/memory.ts'
import { createStubWeChat, mintCode } from '../src/wechat/stub.ts'
import { createClock } from './client.ts'

const HOUR = 3_600_000
const clock = createClock()
const wechat = createStubWeChat({ clock })
const sessions = new Sessions({
  store: createMemoryStore(),
  seal: createSeal(Buffer.alloc(32)),
  clock,
  ttl: 2 * HOUR,
  maxAge: 720 * HOUR,
  reuseWindow: 5000,
})
const code = () => ({ code: mintCode('alice', clock()) })

test('Set-Cookie: the cookie of the login opens the door', async () => {
  const app = buildCookieServer(wechat, sessions)
  const { headers } = await app.inject({ method: 'POST', url: '/login', payload: code() })
  const [pair] = String(headers['set-cookie']).split(';')
  const me = (cookie?: string) => app.inject({ url: '/me', headers: cookie === undefined ? {} : { cookie } })
  expect((await me(`other=1; ${pair}`)).json()).toEqual({ openid: 'stub-alice' })
  expect((await me()).statusCode).toBe(401)
})

test('200 with a business code: 10401 asks for a login, 0 is success', async () => {
  const app = buildBusinessCodeServer(wechat, sessions)
  const login = await app.inject({ method: 'POST', url: '/login', payload: code() })
  const { data } = login.json<{ data: { token: string } }>()
  const me = await app.inject({ url: '/me', headers: { 'x-token': data.token } })
  expect(me.json()).toEqual({ code: 0, msg: 'ok', data: { openid: 'stub-alice' } })
  const nobody = await app.inject('/me')
  expect([nobody.statusCode, nobody.json<{ code: number }>().code]).toEqual([200, 10401])
})

test('a cloud function knows its caller without a token, and believes only WeChat', () => {
  const main = createCloudFunction({ getWXContext: () => ({ OPENID: 'alice' }) })
  expect(main({ path: '/me' })).toEqual({ status: 200, data: { openid: 'alice' } })
  expect(createCloudFunction({ getWXContext: () => ({}) })({ path: '/me' })).toEqual({ status: 401 })
})
