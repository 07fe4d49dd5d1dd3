import { createClient, type ClientOptions } from 'miniprogram-session'
import { createFakeWeChat, realClock } from 'miniprogram-session/testing'
import { memoryStore, wechat, type AuthOptions } from 'miniprogram-session-server'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readMapping } from '../../server/src/check/mapping.ts'
import { formatReport } from '../../server/src/check/report.ts'
import { check } from '../../server/src/check/run.ts'
import { freePort } from '../../server/__tests__/free-port.ts'
import { buildBusinessCodeServer } from '../recipes/business-code.ts'
import { createCloudFunction, type CloudAnswer, type CloudEvent } from '../recipes/cloud-function.ts'
import { buildCookieServer } from '../recipes/set-cookie.ts'

const RECIPES = { 'set-cookie': buildCookieServer, 'business-code': buildBusinessCodeServer }

test.each(Object.entries(RECIPES))(
  '%s keeps to the protocol, in its own words',
  async (name, build) => {
    const wechatPort = await freePort()
    const options: AuthOptions = {
      namespace: 'recipes',
      secrets: ['ab'.repeat(32)],
      store: memoryStore(),
      apps: [wechat({ appid: 'wx1', secret: 'a secret', api: `http://127.0.0.1:${wechatPort}`, fake: true })],
      deadline: { provider: '1s' },
      limits: false,
    }
    const { app } = await build(options)
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    const file = join(__dirname, `../recipes/${name}.json`)
    const mapping = readMapping(JSON.parse(readFileSync(file, 'utf8')))
    const results = await check({ url, mapping, wechatPort }).finally(() => app.close())
    expect(formatReport(results)).toMatch(/ ✓, 0 ✗, \d+ –\. The protocol holds\.$/)
    const tried = results.filter(({ outcome }) => outcome === 'passed').map(({ id }) => id)
    expect(tried).toEqual(expect.arrayContaining(['L1', 'L2', 'L5', 'L14', 'T1', 'T2', 'S1']))
  },
  60_000,
)

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
