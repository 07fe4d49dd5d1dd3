import { createClient, type Client, type Platform } from '../../src'
import { createFakeWeChat, type FakeWeChat } from '../../src/testing'
import { failure, result } from '../adapters'

// QQ and Xiaohongshu have WeChat's shape: they are platforms as they are.

type Call = (options: Record<string, ((outcome: object) => void) | undefined>) => unknown

function clientOn(fake: FakeWeChat, platform: object): Client {
  fake.server.anyPath = true
  return createClient({
    platform: platform as Platform,
    baseURL: 'https://api.test',
    login: { url: '/login' },
  })
}

/** QQ's failures have no errno (API documents), and what is stopped in the background says "fail interrupted" (network guide). */
function qqOf({ wx }: FakeWeChat): object {
  const told =
    (call: unknown): Call =>
    (options) =>
      (call as Call)({
        ...options,
        fail: (outcome) => options['fail']?.({ errMsg: (outcome as { errMsg: string }).errMsg }),
      })
  return { ...wx, request: told(wx.request), login: told(wx.login), getApiCategory: undefined }
}

/** Xiaohongshu says errCode 0 of a success, and may give a promise where there are callbacks too (API guide). */
function xhsOf({ wx }: FakeWeChat): object {
  const promised =
    (call: unknown): Call =>
    (options) =>
      new Promise((resolve, reject) => {
        ;(call as Call)({
          ...options,
          success: (outcome) => {
            options['success']?.({ ...outcome, errCode: 0 })
            resolve(outcome)
          },
          fail: (outcome) => {
            options['fail']?.(outcome)
            reject(Object.assign(new Error('refused'), outcome))
          },
        })
      })
  return { ...wx, request: promised(wx.request), login: promised(wx.login), getApiCategory: undefined }
}

describe.each([
  ['QQ', qqOf],
  ['Xiaohongshu', xhsOf],
])('%s needs no adapter', (_name, objectOf) => {
  test('a dead token costs one login, and what fails is told', async () => {
    const fake = createFakeWeChat()
    fake.storage.set('miniprogram-session', { token: 'dead' })
    const api = clientOn(fake, objectOf(fake))
    const all = Promise.all(Array.from({ length: 20 }, () => api.get('/orders')))
    expect(await result(fake, all)).toHaveLength(20)
    expect([fake.calls.logins, fake.calls.maxParallel]).toEqual([1, 10])
    fake.network.failNext(1, 'reset')
    expect((await failure(fake, api.get('/a', {}, { retry: 0 }))).code).toBe('NETWORK')
  })

  test('what is stopped in the background goes again in front', async () => {
    const fake = createFakeWeChat()
    const api = clientOn(fake, objectOf(fake))
    await result(fake, api.ensureLogin())
    fake.server.latency('/slow', 20_000)
    const asked = api.get('/slow', {}, { timeout: 60_000 })
    fake.app.toBackground()
    await fake.clock.advance(10_000)
    fake.app.toForeground()
    expect(await result(fake, asked)).toMatchObject({ ok: true })
  })

  test('a login that succeeds with no code is tried again', async () => {
    const fake = createFakeWeChat()
    fake.misbehave('login', 'empty')
    expect(await result(fake, clientOn(fake, objectOf(fake)).get('/a'))).toMatchObject({ ok: true })
    expect(fake.calls.logins).toBe(2)
  })
})
