import { createFakeWeChat, type FakeWeChat } from '../../src/testing'
import { answerTo, login, send, type Outcome } from './helpers'

const bearer = (token: string) => ({ header: { Authorization: `Bearer ${token}` } })

async function exchange(
  fake: FakeWeChat,
  data: Record<string, unknown> | string,
): Promise<Outcome | undefined> {
  return answerTo(fake, { url: 'https://api.test/login', method: 'POST', data })
}

async function code(fake: FakeWeChat): Promise<string> {
  const { results } = login(fake)
  await fake.clock.runAll()
  return String(results[0]?.['code'])
}

test('a code buys a token, once, and the second try is remembered', async () => {
  const fake = createFakeWeChat()
  const used = await code(fake)
  expect(await exchange(fake, { code: used })).toMatchObject({ statusCode: 200, data: { token: 'token-1' } })
  expect(await exchange(fake, { code: used })).toMatchObject({ statusCode: 400, data: { errcode: 40163 } })
  expect([[...fake.server.codes], fake.server.codesReused]).toEqual([[[used, 2]], [used]])
})

test('a login without a code is refused as WeChat refuses it', async () => {
  const fake = createFakeWeChat()
  expect(await exchange(fake, {})).toMatchObject({ statusCode: 400, data: { errcode: 40029 } })
  expect(await exchange(fake, 'no json')).toMatchObject({ statusCode: 400 })
})

test('a live token is welcome everywhere, until it is expired', async () => {
  const { ...fake } = createFakeWeChat()
  const [first, second] = [fake.server.issue(), fake.server.issue('mine')]
  expect(await answerTo(fake, bearer(first))).toMatchObject({
    statusCode: 200,
    data: { ok: true, path: '/orders', token: first },
  })
  fake.server.expire(first)
  expect(await answerTo(fake, bearer(first))).toMatchObject({ statusCode: 401 })
  expect(await answerTo(fake, bearer(second))).toMatchObject({ statusCode: 200 })
  fake.server.expire()
  expect([await answerTo(fake, bearer(second)), fake.server.tokens.size]).toMatchObject([
    { statusCode: 401 },
    0,
  ])
})

test('tokens with a life end with it, and the login tells how long that is', async () => {
  const fake = createFakeWeChat()
  fake.server.expiresIn = 60
  const answer = await exchange(fake, { code: await code(fake) })
  expect(answer?.['data']).toEqual({ token: 'token-1', expiresIn: 60 })
  expect(await answerTo(fake, bearer('token-1'))).toMatchObject({ statusCode: 200 })
  await fake.clock.advance(60_000)
  expect(await answerTo(fake, bearer('token-1'))).toMatchObject({ statusCode: 401 })
})

test('refuseAll refuses everything but the login', async () => {
  const fake = createFakeWeChat()
  fake.server.refuseAll = true
  fake.server.on('/orders', () => ({}))
  expect(await answerTo(fake, bearer(fake.server.issue()))).toMatchObject({ statusCode: 401 })
  expect(await exchange(fake, { code: await code(fake) })).toMatchObject({ statusCode: 200 })
})

test('routes may be answered by a handler, with or without the check of the token', async () => {
  const { ...fake } = createFakeWeChat()
  const { server } = fake
  server.on('/orders', () => ({ data: 'any method' }))
  const off = server.on('GET /orders', server.guard(() => ({ data: [1] }))) // prettier-ignore
  expect(await answerTo(fake)).toMatchObject({ statusCode: 401 })
  expect(await answerTo(fake, bearer(server.issue()))).toMatchObject({ data: [1] })
  expect(await answerTo(fake, { method: 'POST' })).toMatchObject({ data: 'any method' })
  off()
  off()
  expect(await answerTo(fake)).toMatchObject({ data: 'any method' })
})

test('a back end of another shape: token in a query, 200 with a business code, a login under another name', async () => {
  const fake = createFakeWeChat()
  const { server } = fake
  server.loginPath = '/session'
  server.readToken = (request) => request.query['t']
  server.refusal = () => ({ data: { code: 401 } })
  server.loginReply = (token) => ({ data: { data: { key: token } } })
  const session = {
    url: 'https://api.test/session',
    method: 'POST' as const,
    data: { code: await code(fake) },
  }
  expect(await answerTo(fake, session)).toMatchObject({ data: { data: { key: 'token-1' } } })
  expect(await answerTo(fake, { url: 'https://api.test/a?t=token-1' })).toMatchObject({ data: { ok: true } })
  expect(await answerTo(fake, { url: 'https://api.test/a?t=x' })).toMatchObject({ data: { code: 401 } })
})

test('a 401 is decided when the request arrives, though it be delivered after the next login', async () => {
  const fake = createFakeWeChat()
  fake.server.hold('/orders')
  const stale = send(fake, bearer('token-1'))
  await fake.clock.advance(100)
  expect([stale.calls, fake.server.held]).toEqual([[], 1])
  fake.server.issue('token-1')
  fake.server.release('/orders')
  await fake.clock.advance(5)
  expect(stale.results).toMatchObject([{ statusCode: 401 }])
  expect(await answerTo(fake, bearer('token-1'))).toMatchObject({ statusCode: 200 })
})

test('held answers may be let go one by one, while the others and new ones wait', async () => {
  const fake = createFakeWeChat()
  fake.server.hold()
  const sent = ['/a', '/b', '/a'].map((path) => send(fake, { url: `https://api.test${path}` }))
  await fake.clock.advance(10)
  fake.server.release('/a', 1)
  await fake.clock.advance(10)
  const late = send(fake)
  await fake.clock.advance(10)
  expect([...sent, late].map(({ calls }) => calls.length)).toEqual([2, 0, 0, 0])
  expect(fake.server.held).toBe(3)
  fake.server.release()
  await fake.clock.runAll()
  expect([...sent, late].map(({ calls }) => calls.length)).toEqual([2, 2, 2, 2])
})

test('a path may be slow, whether its handler answers at once or by a promise', async () => {
  const fake = createFakeWeChat()
  fake.server.on('/b', () => Promise.resolve({ delay: 50 }))
  fake.server.latency('/a', 100)
  fake.server.latency('/b', 50)
  const sent = ['/a', '/b', '/c'].map((path) => send(fake, { url: `https://api.test${path}` }))
  await fake.clock.advance(109)
  expect(sent.map(({ calls }) => calls.length)).toEqual([0, 0, 2])
  await fake.clock.advance(1)
  expect(sent.map(({ calls }) => calls.length)).toEqual([2, 2, 2])
})

test('requests are logged in the order of their arrival', async () => {
  const fake = createFakeWeChat()
  await answerTo(fake)
  expect(fake.server.requests).toMatchObject([{ method: 'GET', url: 'https://api.test/orders' }])
  expect(fake.server.requestCount).toBe(1)
})
