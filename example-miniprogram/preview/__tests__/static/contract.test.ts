import { createClient, type Client, type HttpError, type RequestError } from 'miniprogram-session'
import { openSocket } from 'miniprogram-session/socket'
import { streamEvents } from 'miniprogram-session/stream'
import {
  createFakeWeChat,
  httpTransport,
  realClock,
  type FakeWeChatOptions,
} from 'miniprogram-session/testing'
import { randomBytes } from 'node:crypto'
import { wsTransport } from '../../../../__tests__/e2e/ws-transport'
import { startServer } from '../e2e/stack'
import { createBackend } from '../../static/backend/backend'

/** What the example asks of its server, asked of both: the page of files has a second one, which must not drift. */

interface Ends {
  phone: Omit<FakeWeChatOptions, 'clock'>
  baseURL: string
  stop: () => Promise<void>
}

const TEXT = expect.any(String) as string
const NUMBER = expect.any(Number) as number

const code = (): string => `contract.${Date.now().toString(36)}.${randomBytes(9).toString('base64url')}`

async function exampleServer(): Promise<Ends> {
  const { url, stop } = await startServer()
  return { phone: { server: httpTransport(), sockets: wsTransport, codes: code }, baseURL: url, stop }
}

function inPage(): Promise<Ends> {
  const { account, handle, handleSocket } = createBackend(code)
  const phone = { server: handle, sockets: handleSocket, account }
  return Promise.resolve({ phone, baseURL: 'http://127.0.0.1:3000', stop: () => Promise.resolve() })
}

describe.each([
  ['example-server', exampleServer],
  ['the server in the page', inPage],
])('%s', (_name, begin) => {
  let ends: Ends
  let api: Client
  let fake: ReturnType<typeof newPhone>

  const newPhone = () => createFakeWeChat({ clock: realClock, latency: 0, loginLatency: 0, ...ends.phone })

  beforeAll(async () => {
    ends = await begin()
  })
  afterAll(() => ends.stop())
  beforeEach(() => {
    fake = newPhone()
    api = createClient({
      platform: fake.wx,
      baseURL: ends.baseURL,
      login: { url: '/login' },
      checkSession: false,
      retry: 0,
    })
  })

  const refused = async (asked: Promise<unknown>) => {
    const error = await asked.then(
      () => undefined,
      (reason: unknown) => reason as HttpError,
    )
    const { statusCode, data } = error?.response ?? {}
    return [statusCode, (data as { error?: { code?: string } } | undefined)?.error?.code]
  }
  const stats = () => api.get<Record<string, number>>('/dev/stats', {}, { auth: false })
  const expire = () => api.post('/dev/expire', { me: true }, { auth: 'optional' })

  test('a code works once, and no other does', async () => {
    const login = (body: object) => api.post('/login', body, { auth: false })
    const { code: fresh } = await new Promise<{ code: string }>((success) => {
      fake.wx.login({ success })
    })
    expect(await login({ code: fresh })).toMatchObject({
      token: TEXT,
      expiresIn: NUMBER,
    })
    expect(await refused(login({ code: fresh }))).toEqual([400, 'CODE_INVALID'])
    expect(await refused(login({ code: '?' }))).toEqual([400, 'CODE_INVALID'])
    expect(await refused(login({}))).toEqual([400, 'BAD_REQUEST'])
  })

  test('a dead token is refused, and one login mends it, counted', async () => {
    await api.ensureLogin()
    await expire()
    const before = await stats()
    expect(await api.get('/me')).toMatchObject({ id: TEXT, nickname: TEXT })
    const after = await stats()
    const grown = Object.keys(before).filter((name) => after[name] !== before[name])
    expect(grown.sort()).toEqual(['codes', 'logins', 'requests', 'unauthorized'])
    expect(await refused(api.get('/me', {}, { auth: false }))).toEqual([401, 'UNAUTHORIZED'])
  })

  test('a logout ends the session', async () => {
    const { token } = await api.ensureLogin()
    await api.post('/logout')
    const header = { Authorization: `Bearer ${token}` }
    expect(await refused(api.get('/me', {}, { auth: false, header }))).toEqual([401, 'UNAUTHORIZED'])
  })

  test('a nickname is kept, and has a length', async () => {
    expect(await api.put('/me', { nickname: '小麦 👩🏽‍🌾' })).toMatchObject({ nickname: '小麦 👩🏽‍🌾' })
    expect(await api.get('/me')).toMatchObject({ nickname: '小麦 👩🏽‍🌾' })
    expect(await refused(api.put('/me', { nickname: '' }))).toEqual([400, 'BAD_REQUEST'])
    expect(await refused(api.put('/me', { nickname: 'x'.repeat(65) }))).toEqual([400, 'BAD_REQUEST'])
  })

  test('orders come ten a page, the newest first', async () => {
    const titles = async (page: number) =>
      (await api.get<{ items: { title: string }[]; total: number }>('/orders', { page })).items.map(
        ({ title }) => title,
      )
    const { total } = await api.get<{ total: number }>('/orders')
    const first = await titles(1)
    expect([first.length, (await titles(2)).length, await titles(9)]).toEqual([10, 10, []])
    const placed = await api.request({ url: '/orders', method: 'POST', data: { title: '茶', amount: 990 } })
    expect([placed.statusCode, placed.data]).toEqual([
      201,
      { id: TEXT, title: '茶', amount: 990, createdAt: NUMBER },
    ])
    expect((await titles(1)).slice(0, 2)).toEqual(['茶', first[0]])
    expect(await api.get('/orders')).toMatchObject({ total: total + 1, page: 1, pageSize: 10 })
    expect(await refused(api.get('/orders', { page: 0 }))).toEqual([400, 'BAD_REQUEST'])
    expect(await refused(api.post('/orders', { title: '', amount: 1 }))).toEqual([400, 'BAD_REQUEST'])
    expect(await refused(api.post('/orders', { title: '茶', amount: 1.5 }))).toEqual([400, 'BAD_REQUEST'])
  })

  test('an order is placed once for each key', async () => {
    const header = { 'Idempotency-Key': `key-${code().slice(-8)}` }
    const { total } = await api.get<{ total: number }>('/orders')
    const first = await api.post('/orders', { title: '茶', amount: 990 }, { header })
    expect(await api.post('/orders', { title: '茶', amount: 990 }, { header })).toEqual(first)
    expect(await refused(api.post('/orders', { title: '糕', amount: 990 }, { header }))).toEqual([
      422,
      'KEY_REUSED',
    ])
    const { items, ...page } = await api.get<{ items: unknown[]; total: number }>('/orders')
    expect([items[0], page.total]).toEqual([first, total + 1])
  })

  test('a phone code works once', async () => {
    const phoneCode = code()
    expect(await api.post('/phone', { code: phoneCode })).toEqual({
      phoneNumber: '13800000000',
      countryCode: '86',
    })
    expect(await refused(api.post('/phone', { code: phoneCode }))).toEqual([400, 'PHONE_CODE_INVALID'])
  })

  test('data that another key has encrypted is stale, and none is a mistake', async () => {
    const garbled = {
      encryptedData: randomBytes(64).toString('base64'),
      iv: randomBytes(16).toString('base64'),
    }
    expect(await refused(api.post('/open-data', garbled))).toEqual([409, 'SESSION_KEY_STALE'])
    expect(await refused(api.post('/open-data', {}))).toEqual([400, 'BAD_REQUEST'])
  })

  test.each([
    ['x-dev-status', '503', [503, 'DEV_TROUBLE']],
    ['x-dev-status', '429', [429, 'DEV_TROUBLE']],
  ])('%s: %s is the answer', async (name, value, expected) => {
    expect(await refused(api.get('/me', {}, { header: { [name]: value } }))).toEqual(expected)
  })

  test('with x-dev-retry-after it says when to come back', async () => {
    const header = { 'x-dev-status': '503', 'x-dev-retry-after': '2' }
    const answer = await api.request({ url: '/me', header })
    const fields = Object.entries(answer.header).map(([name, value]) => [name.toLowerCase(), value])
    expect(fields).toContainEqual(['retry-after', '2'])
  })

  test('with x-dev-envelope everything is a 200', async () => {
    const header = { 'x-dev-envelope': '1' }
    expect(await api.get('/me', {}, { header })).toMatchObject({
      code: 0,
      message: 'ok',
      data: { id: TEXT },
    })
    expect(await api.get('/me', {}, { header, auth: false })).toMatchObject({ code: 401, data: null })
  })

  test('a refresh token works once, and brings the next', async () => {
    const { code: fresh } = await new Promise<{ code: string }>((success) => {
      fake.wx.login({ success })
    })
    const post = (url: string, body: object) =>
      api.post<{ token: string; refreshToken: string }>(url, body, { auth: false })
    const { refreshToken } = await post('/dev/login', { code: fresh })
    const next = await post('/dev/refresh', { refreshToken })
    expect(next).toMatchObject({ token: TEXT, expiresIn: NUMBER })
    expect(next.refreshToken).not.toBe(refreshToken)
    expect(await refused(post('/dev/refresh', { refreshToken }))).toEqual([401, 'UNAUTHORIZED'])
  })

  const pace = { 'x-dev-pace': '0' }
  const chat = (header: Record<string, string> = {}) =>
    streamEvents(api, {
      url: '/chat',
      method: 'POST',
      data: { question: '茶怎么泡' },
      header: { ...pace, ...header },
    })
  const heard = async (stream: ReturnType<typeof chat>) => {
    const ids: string[] = []
    let text = ''
    const error = await stream
      .forEach(({ type, data, lastEventId }) => {
        if (type === 'message') text += (JSON.parse(data) as { text: string }).text
        ids.push(type === 'done' ? 'done' : lastEventId)
      })
      .catch((reason: unknown) => reason as RequestError)
    return { ids, text, code: error?.code }
  }

  test('an answer comes word by word, is cut where it is asked to be, and goes on from there', async () => {
    const whole = await heard(chat())
    expect(whole.text).toMatch(/^你问的是「茶怎么泡」。先喝杯茶 🍵[^]*你看到的只有回答。$/)
    expect(whole.ids.slice(0, 2)).toEqual(['1', '2'])
    expect(whole.ids[whole.ids.length - 1]).toBe('done')
    const part = await heard(chat({ 'x-dev-cut': '12', 'x-dev-pace': '5' }))
    expect([part.code, part.ids.length]).toEqual(['NETWORK', 12])
    const rest = await heard(chat({ 'Last-Event-ID': '12' }))
    expect(part.text + rest.text).toBe(whole.text)
    expect(await refused(api.post('/chat', { question: ' ' }))).toEqual([400, 'BAD_REQUEST'])
  })

  test('events are numbered', async () => {
    const { ids, text } = await heard(streamEvents(api, { url: '/events?count=3', header: pace }))
    expect([ids, text]).toEqual([['1', '2', '3'], '第1杯 ☕第2杯 ☕第3杯 ☕'])
  })

  test('a socket echoes, and closes with 4401 when its session has ended', async () => {
    const socket = openSocket(api, { url: '/ws', minReconnectionDelay: 1 })
    const said: unknown[] = []
    const closed = new Promise<number>((resolve) => {
      socket.on('close', ({ code: reason }) => resolve(reason))
    })
    const echoed = new Promise<void>((resolve) => {
      socket.on('message', ({ data }) => said.push(data) === 2 && resolve())
    })
    socket.on('open', () => said.length === 0 && ['ping', '茶'].map((text) => socket.send(text)))
    await echoed
    expect(said).toEqual(['pong', 'echo 茶'])
    await expire()
    socket.send('还在吗')
    expect(await closed).toBe(4401)
    socket.close()
  })
})
