import type { Client } from 'miniprogram-session'
import {
  createFakeWeChat,
  type FakeReply,
  type FakeRequest,
  type FakeWeChat,
} from 'miniprogram-session/testing'
import { failure, last, result } from '../phone'
import type * as QuickStart from './quick-start/api'
import * as recipes from './recipes'

const phone = globalThis as { wx?: unknown; App?: unknown; Page?: unknown }

let fake: FakeWeChat
beforeEach(() => {
  fake = createFakeWeChat()
  phone.wx = fake.wx
  phone.App = ({ onLaunch }: { onLaunch: () => void }) => onLaunch()
})
afterEach(() => {
  delete phone.wx
  delete phone.App
  delete phone.Page
})

/** The files run when they are loaded, as in an app; a page as well if it is to. */
function quickStart(page?: string): Client {
  let file: typeof QuickStart | undefined
  jest.isolateModules(() => {
    jest.requireActual('./quick-start/app')
    if (page) jest.requireActual(page)
    file = jest.requireActual<typeof QuickStart>('./quick-start/api')
  })
  if (!file) throw new Error('api.ts was not loaded')
  return file.api
}

interface BackEnd {
  make: () => Client
  loginPath?: string
  reply?: (token: string) => FakeReply
  read?: (request: FakeRequest) => string | undefined
  refusal?: FakeReply
  orders?: unknown
}

const backEnds: Record<string, BackEnd> = {
  'quick start': { make: () => quickStart() },
  'a token under another name': {
    make: recipes.namedToken,
    loginPath: '/auth/wechat',
    reply: (login_key) => ({ data: { data: { login_key, ttl: 7200 } } }),
  },
  'Set-Cookie': {
    make: recipes.cookie,
    reply: (token) => ({ cookies: [`sid=${token}; Path=/; HttpOnly`] }),
    read: (request) => /sid=(.+)/.exec(request.headerOf('cookie') ?? '')?.[1],
  },
  'a header': {
    make: recipes.header,
    reply: (skey) => ({ header: { 'X-Skey': skey } }),
    read: (request) => request.headerOf('x-skey'),
  },
  'a prefix': {
    make: recipes.prefix,
    read: (request) => /^Token (.+)/.exec(request.headerOf('authorization') ?? '')?.[1],
  },
  'the query': { make: recipes.query, read: ({ query }) => query['access_token'] },
  'the body': {
    make: recipes.body,
    read: ({ json }) => (json as { access_token?: string } | undefined)?.access_token,
  },
  'a business code under 200': {
    make: recipes.businessCode,
    reply: (token) => ({ data: { code: 0, data: { token } } }),
    refusal: { data: { code: 10401, msg: 'log in' } },
    orders: { code: 0, msg: 'ok', data: [{ id: 7 }] },
  },
  'several hosts': { make: recipes.severalHosts },
  'a signature': { make: () => recipes.signature((text) => `hmac of ${text}`) },
}

test.each(Object.entries(backEnds))('%s: five requests with a dead token, one login', async (_, backEnd) => {
  const { server } = fake
  const { reply, read, refusal, orders = [{ id: 7 }] } = backEnd
  server.loginPath = backEnd.loginPath ?? '/login'
  if (reply) server.loginReply = reply
  if (read) server.readToken = read
  if (refusal) server.refusal = () => refusal
  server.on(
    '/orders',
    server.guard(() => ({ data: orders })),
  )
  const api = backEnd.make()
  await result(fake, api.ensureLogin())
  server.expire()
  const all = Array.from({ length: 5 }, () => api.post('/orders', {}))
  expect(await result(fake, Promise.all(all))).toEqual(Array(5).fill([{ id: 7 }]))
  expect(fake.calls.logins).toBe(2)
})

test('a page asks and gets', async () => {
  fake.server.on(
    'GET /orders',
    fake.server.guard(({ query }) => ({ data: [query] })),
  )
  const setData = jest.fn()
  let opened: Promise<void> | undefined
  phone.Page = ({ onLoad }: { onLoad: () => Promise<void> }) => {
    opened = onLoad.call({ setData })
  }
  quickStart('./quick-start/pages/orders')
  if (!opened) throw new Error('the page was not loaded')
  await result(fake, opened)
  expect(setData).toHaveBeenCalledWith({ orders: [{ page: '1' }] })
  expect(fake.calls.logins).toBe(1)
})

test('a business failure has the words of the back end', async () => {
  fake.server.loginReply = (token) => ({ data: { code: 0, data: { token } } })
  fake.server.on('/pay', () => ({ data: { code: 7, msg: '余额不足' } }))
  const error = await failure(fake, recipes.businessCode().post('/pay'))
  expect(error).toMatchObject({ code: 'BUSINESS', message: '余额不足', businessCode: 7 })
})

test('a gateway that refuses the token by its status leads to the login as well', async () => {
  fake.storage.set('miniprogram-session', { token: 'dead' })
  fake.server.on(
    '/orders',
    fake.server.guard(() => ({ data: { code: 0, msg: '', data: [7] } })),
  )
  fake.server.loginReply = (token) => ({ data: { code: 0, msg: '', data: { token } } })
  expect(await result(fake, recipes.businessCode().get('/orders'))).toEqual([7])
  expect(fake.calls.logins).toBe(1)
})

test.each([['<html>502</html>'], [''], [null]])(
  'an answer that is no envelope (%p) has words for the user',
  async (data) => {
    fake.server.on('/orders', () => ({ data }))
    fake.server.loginReply = (token) => ({ data: { code: 0, msg: '', data: { token } } })
    const error = await failure(fake, recipes.businessCode().get('/orders'))
    expect(error).toMatchObject({ code: 'BUSINESS', message: '服务器繁忙' })
  },
)

test('an answer without a body is no business failure', async () => {
  fake.server.loginReply = (token) => ({ data: { code: 0, data: { token } } })
  fake.server.on('DELETE /orders', () => ({ statusCode: 204 }))
  expect(await result(fake, recipes.businessCode().delete('/orders'))).toBeUndefined()
})

test('cloud functions log in and are called again after a refusal', async () => {
  const callFunction = ({ name, data }: { name: string; data: { code?: string; token?: string } }) => {
    if (name === 'login') return Promise.resolve({ result: fake.server.exchange(String(data.code)) })
    const isLive = fake.server.tokens.has(String(data.token))
    return Promise.resolve({ result: isLive ? { status: 200, data: 'orders' } : { status: 401 } })
  }
  phone.wx = { ...fake.wx, cloud: { callFunction } }
  const { api, orders } = recipes.cloudFunction()
  await result(fake, api.ensureLogin())
  fake.server.expire()
  expect(await result(fake, orders())).toEqual({ result: { status: 200, data: 'orders' } })
  expect(fake.calls.logins).toBe(2)
})

test('cloud hosting is called without a login', async () => {
  const seen: object[] = []
  const callContainer = (options: { path: string; header: object; success: (answer: object) => void }) => {
    seen.push({ path: options.path, header: options.header })
    options.success({ statusCode: 200, data: ['order'], header: {} })
  }
  phone.wx = { ...fake.wx, cloud: { callContainer } }
  expect(await result(fake, recipes.cloudHosting().get('/orders'))).toEqual(['order'])
  expect(seen).toEqual([{ path: '/orders', header: { 'X-WX-SERVICE': 'api' } }])
  expect(fake.calls).toMatchObject({ logins: 0, storageReads: 0 })
})

test('the second host takes over when the first cannot be reached', async () => {
  const api = recipes.severalHosts()
  await result(fake, api.ensureLogin())
  fake.network.failNext(1, 'refused')
  await result(fake, api.get('/orders'))
  expect(last(fake).origin).toBe('https://api-backup.example.com')
})

test('each of two back ends sees its own token only, also after a relaunch', async () => {
  const { server } = fake
  server.loginReply = (token, { origin }) => ({ data: { token: server.issue(`${token} of ${origin}`) } })
  const ask = async () => {
    const { shop, chat } = recipes.severalBackEnds()
    await result(fake, Promise.all([shop.get('/orders'), chat.get('/messages')]))
  }
  await ask()
  phone.wx = { ...fake.wx }
  await ask()
  const carried = server.requests.filter(({ path }) => path !== '/login')
  expect(carried).toHaveLength(4)
  for (const request of carried)
    expect(request.headerOf('authorization')).toMatch(new RegExp(`of ${request.origin}$`))
  expect(fake.calls.logins).toBe(2)
})

test('every attempt is signed with a nonce of its own, the login and the replay too', async () => {
  const api = recipes.signature((text) => `hmac of ${text}`)
  await result(fake, api.ensureLogin())
  fake.server.expire()
  await result(fake, api.get('/orders'))
  const { requests } = fake.server
  const nonces = requests.map((request) => request.headerOf('x-nonce'))
  expect(requests.map(({ path }) => path)).toEqual(['/login', '/orders', '/login', '/orders'])
  expect(new Set(nonces).size).toBe(4)
  expect(last(fake).headerOf('x-sign')).toBe(
    `hmac of ${String(nonces[3])} GET https://api.example.com/orders`,
  )
})
