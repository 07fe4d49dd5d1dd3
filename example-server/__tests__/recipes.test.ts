import { createClient, type ClientOptions } from 'miniprogram-session'
import { createFakeWeChat, realClock } from 'miniprogram-session/testing'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildBusinessCodeServer } from '../recipes/business-code.ts'
import { createCloudFunction, type CloudAnswer, type CloudEvent } from '../recipes/cloud-function.ts'
import { buildCookieServer } from '../recipes/set-cookie.ts'
import { createSeal } from '../src/seal.ts'
import { Sessions } from '../src/sessions.ts'
import { createMemoryStore } from '../src/store/memory.ts'
import { createStubWeChat, mintCode } from '../src/wechat/stub.ts'
import { WeChatError, type WeChat } from '../src/wechat/wechat.ts'
import { Client, createClock, errorCode } from './client.ts'

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

/** `wx.cloud` for one function and a user whom WeChat knows, or does not. */
const cloudOf = (OPENID?: string) => {
  const main = createCloudFunction({ getWXContext: () => (OPENID === undefined ? {} : { OPENID }) })
  interface Call {
    data: CloudEvent
    success: (answer: { result: CloudAnswer }) => void
  }
  return { callFunction: ({ data, success }: Call) => success({ result: main(data) }) }
}

test('the client calls a cloud function as it calls a server, and never logs in', async () => {
  const fake = createFakeWeChat({ clock: realClock })
  const base = 'https://cloud'
  const clientOf = (cloud: ReturnType<typeof cloudOf>) => {
    const platform: ClientOptions['platform'] = {
      login: (options) => fake.wx.login(options),
      request: ({ url, success }) =>
        cloud.callFunction({
          data: { path: url.slice(base.length) },
          success: ({ result }) => success?.({ statusCode: result.status, data: result.data, header: {} }),
        }),
    }
    const login = () => Promise.reject(new Error('WeChat carries the identity'))
    return createClient({ platform, baseURL: base, authOrigins: [], login })
  }
  const api = clientOf(cloudOf('alice'))
  expect(await api.get('/me')).toEqual({ openid: 'alice' })
  await expect(api.get('/nowhere')).rejects.toMatchObject({
    code: 'HTTP_STATUS',
    response: { statusCode: 404 },
  })
  await expect(clientOf(cloudOf()).get('/me')).rejects.toMatchObject({ response: { statusCode: 401 } })
  expect(fake.calls.logins).toBe(0)
})

describe('the contract as HTTP is what the server does', () => {
  const text = readFileSync(join(__dirname, '../recipes/contract.http'), 'utf8')
  const answers = text.split(/^### /m).flatMap((section) => {
    const [request = '', ...rest] = section.split(/^# HTTP.1.1 /m)
    return rest.map((answer) => ({
      request,
      title: /^(POST|GET) \S+/m.exec(request)?.[0],
      status: Number(answer.slice(0, 3)),
      code: /"code": "(\w+)"/.exec(answer)?.[1],
      retryAfter: /Retry-After: (\d+)/.exec(answer)?.[1],
    }))
  })
  const refusals: Record<string, number> = { used: 40163, blocked: 40226, busy: -1 }
  const moody: WeChat = {
    ...wechat,
    async code2Session(code) {
      const errcode = refusals[code]
      if (errcode !== undefined) throw new WeChatError(errcode, '')
      return wechat.code2Session(code)
    },
  }
  const codes: Record<number, string> = { 400: 'used', 403: 'blocked', 503: 'busy' }

  test.each(answers)('$status to $title', async ({ request, status, code, retryAfter }) => {
    const server = await Client.start({ clock, wechat: moody })
    const filled = request
      .replace('0a3Xyz...', codes[status] ?? mintCode('alice', clock()))
      .replace('kq3...', status === 200 ? await server.login('bob') : 'kq3...')
    const [, method, url = '', head = '', payload] =
      /^(POST|GET) (\S+) HTTP.1\.1\n((?:[\w-]+: .*\n)*)\n({.*})?/m.exec(filled) ?? []
    const headers: Record<string, string> = {}
    for (const [, name = '', value = ''] of head.matchAll(/(.*): (.*)/g)) headers[name] = value
    const body = payload === undefined ? {} : { payload }
    const answer = await server.send({ method: method as 'GET', url, headers, ...body })
    expect(answer.statusCode).toBe(status)
    if (code !== undefined) expect(errorCode(answer)).toBe(code)
    if (retryAfter !== undefined) expect(answer.headers['retry-after']).toBe(retryAfter)
    await server.app.close()
  })
})
