import { createFakeWeChat, type FakeWeChat, type Handler } from '../../src/testing'
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

describe('paths that no route covers', () => {
  const at = (path: string) => ({ url: `https://api.test${path}` })
  const served = () => {
    const fake = createFakeWeChat()
    fake.server.on('GET /orders', () => ({ data: [] }))
    return fake
  }

  test('answer 404 once a route is defined, whatever the token, and say what is missing', async () => {
    const fake = served()
    const answer = await answerTo(fake, { ...at('/order'), ...bearer(fake.server.issue()) })
    expect(answer).toMatchObject({ statusCode: 404, data: { ok: false } })
    expect((answer?.['data'] as Outcome)['error']).toContain('no route for GET /order')
    expect(await answerTo(fake, { ...at('/orders'), method: 'POST' })).toMatchObject({ statusCode: 404 })
    expect(await answerTo(fake, at('/orders'))).toMatchObject({ statusCode: 200 })
  })

  test('leave the login where it was', async () => {
    const fake = served()
    expect(await exchange(fake, { code: await code(fake) })).toMatchObject({ statusCode: 200 })
  })

  test('answer as ever where only the login has a route of its own', async () => {
    const fake = createFakeWeChat()
    fake.server.on('POST /login', () => ({ statusCode: 500 }))
    expect([fake.server.anyPath, await answerTo(fake)]).toMatchObject([true, { statusCode: 401 }])
  })

  test('answer as the test says, before or after its routes', async () => {
    const [before, after] = [createFakeWeChat(), served()]
    before.server.anyPath = true
    before.server.on('/orders', () => ({}))
    after.server.anyPath = true
    expect(await answerTo(before, at('/menu'))).toMatchObject({ statusCode: 401 })
    expect(await answerTo(after, at('/menu'))).toMatchObject({ statusCode: 401 })
    const strict = createFakeWeChat()
    strict.server.anyPath = false
    expect(await answerTo(strict, at('/menu'))).toMatchObject({ statusCode: 404 })
  })
})

describe('a server that rotates its tokens', () => {
  const bySid = (token: string) => ({ header: { Cookie: `a=1; sid=${token}` } })

  test('hands out the next one in a header, and the old one dies', async () => {
    const fake = createFakeWeChat()
    fake.server.rotate = { header: 'X-Token' }
    const [first, second] = [
      await answerTo(fake, bearer(fake.server.issue())),
      await answerTo(fake, bearer('token-1')),
    ]
    expect([first, second]).toMatchObject([
      { header: { 'X-Token': 'token-2' } },
      { statusCode: 401, header: {} },
    ])
    expect([...fake.server.tokens]).toEqual(['token-2'])
  })

  test('hands it out beside what a route answers, at once or by a promise', async () => {
    const fake = createFakeWeChat()
    fake.server.rotate = { header: 'X-Token' }
    const reply = { statusCode: 404, header: { 'X-Trace': '1' } }
    fake.server.on('/a', () => reply)
    fake.server.on('/b', () => Promise.resolve(reply))
    const token = fake.server.issue()
    const answer = await answerTo(fake, { url: 'https://api.test/a', ...bearer(token) })
    expect(answer).toMatchObject({ statusCode: 404, header: { 'X-Trace': '1', 'X-Token': 'token-2' } })
    expect(await answerTo(fake, { url: 'https://api.test/b', ...bearer('token-2') })).toMatchObject({
      header: { 'X-Trace': '1', 'X-Token': 'token-3' },
    })
  })

  test('may let the old one live for a while', async () => {
    const fake = createFakeWeChat()
    fake.server.rotate = { header: 'X-Token', graceMs: 5_000 }
    const token = fake.server.issue()
    await answerTo(fake, bearer(token))
    await fake.clock.advance(4_000)
    expect(await answerTo(fake, bearer(token))).toMatchObject({ statusCode: 200 })
    await fake.clock.advance(1_000)
    expect(await answerTo(fake, bearer(token))).toMatchObject({ statusCode: 401 })
  })

  test('may do it all by a cookie, the login included', async () => {
    const fake = createFakeWeChat()
    fake.server.rotate = { cookie: 'sid' }
    const login = await exchange(fake, { code: await code(fake) })
    expect(login?.['cookies']).toEqual(['sid=token-1; Path=/; HttpOnly'])
    expect(await answerTo(fake, bySid('token-1'))).toMatchObject({
      statusCode: 200,
      cookies: ['sid=token-2; Path=/; HttpOnly'],
    })
    expect(await answerTo(fake, bySid('token-1'))).toMatchObject({ statusCode: 401, cookies: [] })
    expect(await answerTo(fake, { header: { Cookie: 'other=token-2' } })).toMatchObject({ statusCode: 401 })
    expect(await answerTo(fake)).toMatchObject({ statusCode: 401 })
  })

  test('hands out nothing with a refusal', async () => {
    const fake = createFakeWeChat()
    fake.server.rotate = { header: 'X-Token' }
    fake.server.refuseAll = true
    const token = fake.server.issue()
    expect(await answerTo(fake, bearer(token))).toMatchObject({ statusCode: 401, header: {} })
    expect([...fake.server.tokens]).toEqual([token])
  })
})

test('with one session for each user, a login ends the ones before', async () => {
  const fake = createFakeWeChat()
  fake.server.oneSession = true
  await exchange(fake, { code: await code(fake) })
  await exchange(fake, { code: await code(fake) })
  expect(await answerTo(fake, bearer('token-1'))).toMatchObject({ statusCode: 401 })
  expect(await answerTo(fake, bearer('token-2'))).toMatchObject({ statusCode: 200 })
})

test.each([
  ['a field that a reply has not', () => ({ status: 404 }), /no field status.*statusCode/],
  ['no reply at all', () => undefined, /gave nothing.*\{ data \}/],
  ['the data itself', () => [{ id: 1 }], /gave a list.*\{ data \}/],
  ['a promise of no reply', () => Promise.resolve('ok'), /gave "ok".*\{ data \}/],
])('a handler that answers with %s is told so in a 500', async (_what, handler, words) => {
  const fake = createFakeWeChat()
  fake.server.on('/orders', handler as unknown as Handler)
  expect(await answerTo(fake)).toMatchObject({
    statusCode: 500,
    data: { error: expect.stringMatching(words) as string },
  })
})

test.each([
  'orders',
  'GET orders',
  'get /orders',
  'https://api.test/orders',
  '/orders?page=1',
  ' /orders',
  '',
])('a route that no request could ever meet is refused: %j', (route) => {
  const { server } = createFakeWeChat()
  expect(() => server.on(route, () => ({}))).toThrow(/^server\.on\(.*'GET \/orders'/)
})
