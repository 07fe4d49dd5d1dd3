import { createClient, type Client } from '../../src'
import { createFakeWeChat, type FakeWeChat } from '../../src/testing'
import type { Platform, PlatformRequest, PlatformResponse } from '../../src/platforms/wechat'
import { failure, outcome, result, usual } from '../phone'

/** A client of cookies on a platform that tells this of each answer. */
function told(answer: (result: PlatformResponse) => PlatformResponse): {
  fake: FakeWeChat
  api: Client
} {
  const fake = createFakeWeChat()
  fake.server.loginReply = (token) => ({ cookies: ['lang=zh', `sid=${token}; HttpOnly`] })
  const request = (options: PlatformRequest) => {
    const success = (given: PlatformResponse) => options.success?.(answer(given))
    return (fake.wx as Platform).request({ ...options, success })
  }
  const platform = { ...(fake.wx as Platform), request }
  const login = { url: '/login', token: { cookie: 'sid' }, retry: 0 }
  return { fake, api: createClient({ ...usual(fake), platform, login }) }
}

const withoutList = (given: PlatformResponse): PlatformResponse => {
  const rest = { ...given }
  delete rest.cookies
  return rest
}

test.each<[string, (result: PlatformResponse) => PlatformResponse]>([
  ['without a list of cookies (before 2.10.0)', withoutList],
  ['without the header', (given) => ({ ...given, header: {} })],
])('a cookie is found in an answer %s', async (_what, answer) => {
  const { fake, api } = told(answer)
  expect(await result(fake, api.ensureLogin())).toMatchObject({ token: 'token-1' })
})

test('an answer that sets another cookie, or none, has no usable token', async () => {
  for (const cookies of [['lang=zh'], []]) {
    const { fake, api } = told((given) => ({ ...given, header: {}, cookies }))
    expect(await failure(fake, api.ensureLogin())).toMatchObject({ code: 'LOGIN_BAD_RESPONSE' })
  }
})

test('what a store hands out may throw when it is looked at: it counts as nothing', async () => {
  const fake = createFakeWeChat()
  const trap = {
    get token(): string {
      throw new Error('revoked')
    },
  }
  const storage = { get: () => trap, set: () => undefined, remove: () => undefined }
  const api = createClient({ ...usual(fake), storage })
  expect(await outcome(fake, api.get('/orders'))).toMatchObject({ value: { token: 'token-1' } })
})

test('where WeChat lists no cookies, the header has them', async () => {
  const { fake, api } = told((result) => ({
    ...result,
    cookies: null as never,
    header: { 'Set-Cookie': 'sid=abc; Path=/' },
  }))
  expect(await result(fake, api.ensureLogin())).toMatchObject({ token: 'abc' })
})
