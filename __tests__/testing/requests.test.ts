import type { Platform } from '../../src/transport/platform'
import { createFakeWeChat, type FakeWeChat } from '../../src/testing'

/** The result that `wx.request` ends with, whichever way. */
function send(fake: FakeWeChat, options: Partial<WechatMiniprogram.RequestOption> = {}): unknown[] {
  const results: unknown[] = []
  fake.wx.request({ url: 'https://api.test/orders', ...options, complete: (result) => results.push(result) })
  return results
}

test('the fake wx is a platform for the SDK', () => {
  const platform: Platform = createFakeWeChat().wx
  expect(platform.clock).toBeDefined()
})

test('a request without a token is refused with 401 in success, ten milliseconds later', async () => {
  const fake = createFakeWeChat()
  const results = send(fake)
  await fake.clock.advance(9)
  expect(results).toEqual([])
  await fake.clock.advance(1)
  expect(results).toEqual([
    {
      statusCode: 401,
      data: { ok: false, error: 'unauthorized' },
      header: {},
      cookies: [],
      errMsg: 'request:ok',
    },
  ])
})

test('a code buys a token, once', async () => {
  const fake = createFakeWeChat()
  let code = ''
  fake.wx.login({ success: (result) => (code = result.code) })
  await fake.clock.runAll()
  const [first] = await both(fake, code)
  expect(first).toMatchObject({ statusCode: 200, data: { token: 'token-1' } })
  const [second] = await both(fake, code)
  expect(second).toMatchObject({ statusCode: 400, data: { errcode: 40163 } })
  expect(fake.server.codesReused).toEqual([code])

  async function both(phone: FakeWeChat, js_code: string) {
    const results = send(phone, { url: 'https://api.test/login', method: 'POST', data: { code: js_code } })
    await phone.clock.runAll()
    return results
  }
})

test('ten requests are on the wire at once, the rest wait in line', async () => {
  const fake = createFakeWeChat()
  for (let n = 0; n < 25; n++) send(fake, { url: `https://api.test/${n}` })
  expect(fake.network.running).toBe(10)
  expect(fake.network.waiting).toBe(15)
  await fake.clock.runAll()
  expect(fake.calls.maxParallel).toBe(10)
  expect(fake.server.requests.map(({ path }) => path)).toEqual(Array.from({ length: 25 }, (_, n) => `/${n}`))
  expect(fake.clock.pending).toBe(0)
})
