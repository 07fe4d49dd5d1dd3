import { createStubWeChat, mintCode } from '../src/wechat/stub.ts'
import { WeChatError } from '../src/wechat/wechat.ts'
import { Client, createClock, errorCode } from './client.ts'

let server: Client
beforeEach(async () => {
  server = await Client.start()
})
afterEach(() => server.app.close())

describe('a code', () => {
  const invalid = expect.objectContaining({ statusCode: 400 }) as unknown

  test('works once', async () => {
    const code = mintCode('alice', server.clock())
    expect((await server.exchange(code)).statusCode).toBe(200)
    const again = await server.exchange(code)
    expect(again).toEqual(invalid)
    expect(errorCode(again)).toBe('CODE_INVALID')
  })

  test('works once even when sent twice at the same moment', async () => {
    const code = mintCode('alice', server.clock())
    const answers = await Promise.all([server.exchange(code), server.exchange(code)])
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 400])
  })

  test('works for five minutes', async () => {
    const [early, late] = [mintCode('a', server.clock()), mintCode('b', server.clock())]
    server.clock.advance(299_999)
    expect((await server.exchange(early)).statusCode).toBe(200)
    server.clock.advance(1)
    expect(errorCode(await server.exchange(late))).toBe('CODE_INVALID')
  })

  test.each(['nonsense', 'a.b.c', '..', mintCode('a', Date.UTC(2099, 1))])(
    'like %s is refused',
    async (code) => {
      const answer = await server.exchange(code)
      expect(answer).toEqual(invalid)
      expect(errorCode(answer)).toBe('CODE_INVALID')
    },
  )

  test('of DevTools without an appid works, each time, so that a newcomer gets going', async () => {
    for (let i = 0; i < 2; i++) expect((await server.exchange('the code is a mock one')).statusCode).toBe(200)
  })
})

describe("WeChat's errors tell the client what helps", () => {
  test.each([
    [40029, 400, 'CODE_INVALID', undefined],
    [40163, 400, 'CODE_INVALID', undefined],
    [40226, 403, 'LOGIN_BLOCKED', undefined],
    [45011, 429, 'TOO_MANY_LOGINS', '60'],
    [-1, 503, 'WECHAT_BUSY', '1'],
    [40013, 500, 'INTERNAL', undefined],
  ])('%i is answered with %i %s', async (errcode, status, code, retryAfter) => {
    const wechat = {
      ...createStubWeChat(),
      code2Session: () => Promise.reject(new WeChatError(errcode, 'secret detail')),
    }
    const failing = await Client.start({ wechat })
    const answer = await failing.exchange('some code')
    expect([answer.statusCode, errorCode(answer)]).toEqual([status, code])
    expect(answer.headers['retry-after']).toBe(retryAfter)
    expect(answer.text).not.toContain('secret detail')
    await failing.app.close()
  })
})

describe('the stub', () => {
  test('limits logins per user and minute', async () => {
    const clock = createClock()
    const stub = createStubWeChat({ clock, perMinute: 2 })
    const login = () => stub.code2Session(mintCode('alice', clock()))
    await login()
    await login()
    await expect(login()).rejects.toMatchObject({ errcode: 45011 })
    clock.advance(60_000)
    await expect(login()).resolves.toMatchObject({ openid: 'stub-alice' })
  })

  test('changes a session_key at a login, but not twice within a minute', async () => {
    const clock = createClock()
    const stub = createStubWeChat({ clock })
    const key = async () => (await stub.code2Session(mintCode('alice', clock()))).sessionKey
    const first = await key()
    expect(await key()).toBe(first)
    clock.advance(60_000)
    expect(await key()).not.toBe(first)
  })
})

test('logins are limited per address', async () => {
  const limited = await Client.start({ loginLimit: 2 })
  await limited.login('a')
  await limited.login('b')
  const third = await limited.exchange(mintCode('c', limited.clock()))
  expect([third.statusCode, errorCode(third)]).toEqual([429, 'TOO_MANY_REQUESTS'])
  expect(Number(third.headers['retry-after'])).toBeGreaterThan(0)
  await limited.app.close()
})

describe('X-Forwarded-For', () => {
  const statuses = async (trustProxy: string, forwarded: readonly string[], remoteAddress = '127.0.0.1') => {
    const limited = await Client.start({ loginLimit: 1, trustProxy })
    const answers = []
    for (const addresses of forwarded) {
      const payload = { code: mintCode('a', limited.clock()) }
      const headers = { 'x-forwarded-for': addresses }
      const request = { method: 'POST', url: '/login', headers, payload, remoteAddress } as const
      answers.push((await limited.send(request)).statusCode)
    }
    await limited.app.close()
    return answers
  }

  test('tells the address that our own proxies have seen, whatever the client wrote before it', async () => {
    expect(await statuses('loopback', ['1.1.1.1', '2.2.2.2'])).toEqual([200, 200])
    expect(await statuses('loopback', ['6.6.6.1, 1.1.1.1', '6.6.6.2, 1.1.1.1'])).toEqual([200, 429])
    const far = ['6.6.6.1, 1.1.1.1, 10.9.9.9', '6.6.6.2, 1.1.1.1, 10.9.9.9']
    expect(await statuses('loopback, 10.0.0.0/8', far)).toEqual([200, 429])
  })

  test('is not believed from anybody else', async () => {
    expect(await statuses('', ['1.1.1.1', '2.2.2.2'])).toEqual([200, 429])
    expect(await statuses('loopback', ['1.1.1.1', '2.2.2.2'], '5.5.5.5')).toEqual([200, 429])
  })
})

test('the server counts logins, codes and refusals', async () => {
  const token = await server.login('alice')
  await server.exchange('nonsense')
  await server.get('/me', 'dead')
  await server.get('/me', token)
  const { body } = await server.get('/dev/stats')
  expect(body).toEqual({ requests: 4, logins: 1, codes: 2, codesRefused: 1, unauthorized: 1 })
})
