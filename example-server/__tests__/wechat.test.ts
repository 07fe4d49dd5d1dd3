import fastify, { type FastifyInstance } from 'fastify'
import type { AddressInfo } from 'node:net'
import { createSeal } from '../src/seal.ts'
import { createMemoryStore } from '../src/store/memory.ts'
import { createWeChat } from '../src/wechat/http.ts'
import { Client, createClock, errorCode } from './client.ts'

/** A stand-in for api.weixin.qq.com that answers what a test wants and remembers what it was asked. */
let weixin: FastifyInstance
let asked: { path: string; query: Record<string, string>; body: unknown }[]
let answers: Record<string, unknown>
let api: string
beforeEach(async () => {
  asked = []
  answers = {
    '/sns/jscode2session': { openid: 'alice', session_key: 'tiihtNczf5v6AKRyjwEUhQ==' },
    '/cgi-bin/stable_token': { access_token: 'T1', expires_in: 7200 },
    '/wxa/business/getuserphonenumber': {
      errcode: 0,
      phone_info: { phoneNumber: '+8613800000000', purePhoneNumber: '13800000000', countryCode: '86' },
    },
  }
  weixin = fastify()
  weixin.all('/*', (request) => {
    const path = request.url.split('?')[0] ?? ''
    asked.push({ path, query: request.query as Record<string, string>, body: request.body })
    const answer = answers[path]
    return typeof answer === 'function' ? (answer as () => unknown)() : answer
  })
  weixin.addContentTypeParser(
    'text/plain',
    { parseAs: 'string' },
    weixin.getDefaultJsonParser('error', 'error'),
  )
  await weixin.listen({ port: 0, host: '127.0.0.1' })
  api = `http://127.0.0.1:${String((weixin.server.address() as AddressInfo).port)}`
})
afterEach(() => weixin.close())

const account = () => ({ appid: 'wx1', secret: 'hush', api })
const paths = () => asked.map(({ path }) => path)

test('a code is exchanged as WeChat documents it, and the session_key stays here', async () => {
  const server = await Client.start({ account: account() })
  const answer = await server.exchange('the code')
  expect(answer.statusCode).toBe(200)
  expect(asked[0]?.query).toEqual({
    appid: 'wx1',
    secret: 'hush',
    js_code: 'the code',
    grant_type: 'authorization_code',
  })
  expect(answer.text).not.toMatch(/session_key|tiiht/)
  await server.app.close()
})

test.each([
  ['nonsense', 'nothing of JSON'],
  ['null', null],
  ['no openid', { session_key: 'x' }],
  ['numbers', { openid: 1, session_key: 2 }],
])('an answer of WeChat that is %s is a 503 and sends the code no second time', async (_, answer) => {
  answers['/sns/jscode2session'] = answer
  const server = await Client.start({ account: account() })
  const { statusCode, headers, ...rest } = await server.exchange('the code')
  expect([statusCode, errorCode(rest), headers['retry-after']]).toEqual([503, 'WECHAT_UNAVAILABLE', '1'])
  expect(asked).toHaveLength(1)
  await server.app.close()
})

test('a WeChat that cannot be reached is a 503 that does not leak the secret', async () => {
  await weixin.close()
  const server = await Client.start({ account: account() })
  const answer = await server.exchange('the code')
  expect([answer.statusCode, errorCode(answer)]).toEqual([503, 'WECHAT_UNAVAILABLE'])
  expect(answer.text).not.toContain('hush')
  await server.app.close()
})

describe('the access token', () => {
  const options = () => ({
    store: createMemoryStore(),
    seal: createSeal(Buffer.alloc(32)),
    clock: createClock(),
  })

  test('is fetched once for any number of calls and processes', async () => {
    const shared = options()
    const processes = [createWeChat(account(), shared), createWeChat(account(), shared)]
    await Promise.all([...processes, ...processes, ...processes].map((wechat) => wechat.phoneNumber('p')))
    expect(paths().filter((path) => path === '/cgi-bin/stable_token')).toHaveLength(1)
    expect(asked[0]?.body).toEqual({ grant_type: 'client_credential', appid: 'wx1', secret: 'hush' })
    expect(asked[1]).toMatchObject({ query: { access_token: 'T1' }, body: { code: 'p' } })
  })

  test('is fetched anew five minutes before it ends', async () => {
    const shared = options()
    const wechat = createWeChat(account(), shared)
    await wechat.phoneNumber('p')
    shared.clock.advance(7200_000 - 300_000 - 1)
    await wechat.phoneNumber('p')
    expect(paths().filter((path) => path === '/cgi-bin/stable_token')).toHaveLength(1)
    shared.clock.advance(1)
    await wechat.phoneNumber('p')
    expect(paths().filter((path) => path === '/cgi-bin/stable_token')).toHaveLength(2)
  })

  test('that WeChat refuses is replaced once, and no more than once', async () => {
    answers['/wxa/business/getuserphonenumber'] = { errcode: 40001, errmsg: 'invalid credential' }
    const wechat = createWeChat(account(), options())
    await expect(wechat.phoneNumber('p')).rejects.toMatchObject({ errcode: 40001 })
    expect(paths()).toEqual([
      '/cgi-bin/stable_token',
      '/wxa/business/getuserphonenumber',
      '/cgi-bin/stable_token',
      '/wxa/business/getuserphonenumber',
    ])
  })
})

describe('POST /phone', () => {
  test('exchanges the code of the button for the number', async () => {
    const server = await Client.start({ account: account() })
    const token = (await server.exchange('c')).body['token'] as string
    const { body } = await server.post('/phone', { code: 'p' }, token)
    expect(body).toEqual({ phoneNumber: '13800000000', countryCode: '86' })
    answers['/wxa/business/getuserphonenumber'] = { errcode: 40029 }
    const refused = await server.post('/phone', { code: 'p' }, token)
    expect([refused.statusCode, errorCode(refused)]).toEqual([400, 'PHONE_CODE_INVALID'])
    await server.app.close()
  })

  test('works with the stub too, once for each code', async () => {
    const server = await Client.start()
    const token = await server.login('alice')
    const phone = () => server.post('/phone', { code: 'a'.repeat(32) }, token)
    expect((await phone()).statusCode).toBe(200)
    expect(errorCode(await phone())).toBe('PHONE_CODE_INVALID')
    await server.app.close()
  })
})
