import { createClient, type Client } from 'miniprogram-session'
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

const plain = () => createClient({ baseURL: 'https://api.example.com', login: { url: '/login' } })

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
    reply: (skey) => ({ data: { data: { skey } } }),
    read: (request) => request.headerOf('x-skey'),
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

test('a refresh token spares the code, and a dead one costs it', async () => {
  const { server } = fake
  server.loginReply = (token) => ({ data: { token, refreshToken: 'refresh-1' } })
  server.on('/refresh', ({ json }) => ({ data: { token: server.issue(), refreshToken: 'refresh-2', json } }))
  const api = recipes.refresh()
  await result(fake, api.ensureLogin())
  server.expire()
  await result(fake, api.get('/orders'))
  expect(api.session?.data).toEqual({ refreshToken: 'refresh-2' })
  expect(fake.calls.logins).toBe(1)
  server.on('/refresh', () => ({ statusCode: 400 }))
  server.expire()
  await result(fake, api.get('/orders'))
  expect(fake.calls.logins).toBe(2)
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

test('the loading hint is shown once for requests that overlap', async () => {
  const shown: string[] = []
  phone.wx = {
    ...fake.wx,
    showLoading: () => shown.push('show'),
    hideLoading: () => shown.push('hide'),
  }
  const loud = recipes.loading(plain())
  await result(fake, Promise.all([loud.get('/a'), loud.get('/b')]))
  expect(shown).toEqual(['show', 'hide'])
})

test('an upload tells how far it is, and its answer is parsed', async () => {
  fake.server.on('/avatar', () => ({ data: { avatar: '/a.png' } }))
  const progress: number[] = []
  const sent = recipes.upload(plain(), 'tmp/a.png', (percent) => void progress.push(percent))
  expect(await result(fake, sent)).toEqual({ avatar: '/a.png' })
  expect(progress[progress.length - 1]).toBe(100)
})

test.each([
  ['offline', '没有网络，请稍后再试'],
  ['online', '出错了，请重试'],
])('errors become words for the user: %s', async (state, words) => {
  const api = plain()
  await result(fake, api.ensureLogin())
  fake.server.on('/orders', () => ({ statusCode: 500 }))
  if (state === 'offline') fake.network.offline()
  const toasts: string[] = []
  await result(
    fake,
    recipes.errors(api, (text) => void toasts.push(text)),
  )
  expect(toasts).toEqual([words])
})
