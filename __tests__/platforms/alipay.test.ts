import { createClient, type Client, type ClientOptions, type Platform } from '../../src'
import { alipay, type AlipayObject, type AlipayOptions } from '../../src/platforms/alipay'
import {
  createFakeAlipay,
  createFakeClock,
  createFakeWeChat,
  type FakeAlipay,
  type FakeAlipayOptions,
} from '../../src/testing'
import { failure, result } from '../adapters'

const HOME = 'https://api.test'
const KEY = 'miniprogram-session'

function phone(
  settings: FakeAlipayOptions = {},
  client: Partial<ClientOptions> = {},
  options: AlipayOptions = {},
): { fake: FakeAlipay; api: Client } {
  const fake = createFakeAlipay({ ...settings, clock: createFakeClock() })
  fake.server.anyPath = true
  const platform = alipay(fake.my, options)
  return { fake, api: createClient({ platform, baseURL: HOME, login: { url: '/login' }, ...client }) }
}

const both = <T extends string | number>(...values: T[]): T[] => values

describe.each(both('fail', 'success'))('an error status in %s', (refusals) => {
  test.each(both('old', 'new', 'both'))('a dead token costs one login, with %s names', async (names) => {
    const { fake, api } = phone({ refusals, names })
    fake.storage.set(KEY, { token: 'dead' })
    fake.server.on(
      '/orders',
      fake.server.guard(() => ({ data: [{ id: 7 }] })),
    )
    const all = Promise.all(Array.from({ length: 5 }, () => api.get('/orders')))
    expect(await result(fake, all)).toEqual(Array(5).fill([{ id: 7 }]))
    expect(fake.calls.logins).toBe(1)
    expect(fake.storage.get(KEY)).toMatchObject({ token: 'token-1' })
  })

  test('has its body and its header', async () => {
    const { fake, api } = phone({ refusals })
    fake.server.on('/sold-out', () => ({ statusCode: 409, data: { left: 0 }, header: { 'X-Shop': 'a' } }))
    const { response } = (await failure(fake, api.post('/sold-out', { id: 1 }))) as unknown as {
      response: { statusCode: number; data: unknown; header: object }
    }
    expect(response).toMatchObject({ statusCode: 409, data: { left: 0 }, header: { 'X-Shop': 'a' } })
  })

  test('a body that is no JSON is the text it is', async () => {
    const { fake, api } = phone({ refusals })
    fake.server.on('/text', () => ({ data: '<html>' }))
    fake.server.on('/broken', () => ({ statusCode: 502, data: '<html>' }))
    expect(await result(fake, api.get('/text'))).toBe('<html>')
    expect(await failure(fake, api.get('/broken', {}, { retry: 0 }))).toMatchObject({
      code: 'HTTP_STATUS',
      response: { statusCode: 502, data: '<html>' },
    })
  })
})

test('bytes come as bytes', async () => {
  const { fake, api } = phone()
  fake.server.on('/bytes', () => ({ data: new Uint8Array([1, 2]).buffer }))
  const asked = api.get<ArrayBuffer>('/bytes', {}, { responseType: 'arraybuffer' })
  expect(Array.from(new Uint8Array(await result(fake, asked)))).toEqual([1, 2])
})

test.each(both('text', 'string', 'other'))(
  'a body that is asked for as %s is the text it is',
  async (dataType) => {
    const { fake } = phone()
    const words: unknown[] = []
    const request = (options: { dataType: string }) => {
      words.push(options.dataType)
      return fake.my.request(options as never)
    }
    const api = createClient({
      platform: alipay({ ...fake.my, request }),
      baseURL: HOME,
      auth: false,
      autoLogin: false,
    })
    fake.server.on('/json', () => ({ data: { a: 1 } }))
    expect(await result(fake, api.get('/json', {}, { dataType }))).toBe('{"a":1}')
    // `my` has no other word for it.
    expect(words).toEqual(['text'])
  },
)

test('a byte order mark is no part of the JSON after it', async () => {
  const { fake } = phone()
  const request = ({ success }: { success: (answer: object) => void }) =>
    success({ status: 200, headers: {}, data: '\uFEFF{"a":1}' })
  const api = createClient({
    platform: alipay({ ...fake.my, request }),
    baseURL: HOME,
    auth: false,
    autoLogin: false,
  })
  expect(await result(fake, api.get('/a'))).toEqual({ a: 1 })
})

test.each(both(13, 14))('a time-out of the platform that is failure %i is a time-out', async (timeouts) => {
  const { fake, api } = phone({ timeouts })
  fake.network.failNext(1, 'timeout')
  expect((await failure(fake, api.get('/a', {}, { auth: false, retry: 0 }))).code).toBe('TIMEOUT')
})

test.each(both('fail', 'success'))(
  'a phone without a network, which is a %s, is offline once it has said so',
  async (offline) => {
    const { fake, api } = phone({ offline })
    fake.network.offline()
    const error = await failure(fake, api.get('/a', {}, { auth: false, retry: 0 }))
    expect(error).toMatchObject({ code: 'OFFLINE', isOffline: true })
  },
)

test.each(both('data', 'APDataStorage'))('the session is found again, whose place is %s', async (stored) => {
  const { fake, api } = phone({ stored })
  await result(fake, api.ensureLogin())
  const again = createClient({ platform: alipay(fake.my), baseURL: HOME, login: { url: '/login' } })
  await result(fake, again.get('/a'))
  expect(fake.calls.logins).toBe(1)
})

test('a store that is full says so in its result, and is told', async () => {
  const told: string[] = []
  const { fake, api } = phone(
    { storageLimit: { perKey: 5 } },
    { onEvent: ({ type }) => void told.push(type) },
  )
  await result(fake, api.ensureLogin())
  expect(told).toContain('storage-error')
})

test.each(both('refuses', 'goes back'))(
  'a user who %s is asked once, and it is LOGIN_REQUIRED',
  async (user) => {
    const { fake, api } = phone({}, {}, { scopes: 'auth_user' })
    fake.user = user
    const error = await failure(fake, api.get('/a'))
    expect(error).toMatchObject({ code: 'LOGIN_REQUIRED' })
    expect(error.message).toContain('my.getAuthCode')
    expect(fake.calls.logins).toBe(1)
    fake.user = 'agrees'
    expect(await result(fake, api.ensureLogin())).toMatchObject({ token: 'token-1' })
  },
)

test('it asks for auth_base, or what it is told to', async () => {
  for (const [options, scopes] of [
    [{}, 'auth_base'],
    [{ scopes: ['auth_user'] }, ['auth_user']],
  ] as const) {
    const { fake } = phone()
    const asked: unknown[] = []
    const my = {
      ...fake.my,
      getAuthCode: (given: { scopes: unknown }) => (
        asked.push(given.scopes),
        fake.my.getAuthCode(given as never)
      ),
    }
    const api = createClient({ platform: alipay(my, options), baseURL: HOME, login: { url: '/login' } })
    await result(fake, api.ensureLogin())
    expect(asked).toEqual([scopes])
  }
})

test('a file goes up under both names of its field, and its progress has WeChat’s', async () => {
  const { fake, api } = phone()
  const heard: object[] = []
  const task = api.uploadFile({
    url: '/avatar',
    filePath: 'a.png',
    name: 'avatar',
    formData: { size: { w: 1 } },
  })
  task.onProgressUpdate((progress) => heard.push(progress))
  expect(await result(fake, task)).toMatchObject({ statusCode: 200, data: { ok: true } })
  expect(fake.server.requests[1]?.upload).toMatchObject({ name: 'avatar', formData: { size: '{"w":1}' } })
  expect(heard[0]).toEqual({ progress: 50, totalBytesSent: 512, totalBytesExpectedToSend: 1024 })
})

// Reported: dcloudio/uni-app#667.
test('a token that rides in a cookie reaches the server, for which Alipay has to be asked', async () => {
  const { fake } = phone()
  const platform = alipay(fake.my)
  const login = { url: '/login', token: { cookie: 'sid' } }
  const api = createClient({ platform, baseURL: HOME, login, attach: { cookie: 'sid' } })
  fake.server.on('/login', () => ({ header: { 'Set-Cookie': 'sid=a1; Path=/' } }))
  fake.server.on('/a', () => ({ data: 'ok' }))
  await result(fake, api.get('/a'))
  const [sent] = fake.server.requests.filter(({ path }) => path === '/a')
  expect(sent?.headerOf('cookie')).toBe('sid=a1')
})

// Reported: lei-mu/luch-request#151.
test('the fields of an upload are text, or Alipay would cancel it', async () => {
  const { fake, api } = phone()
  const formData = { isNew: true, count: 3, name: '咖啡' }
  const task = api.uploadFile({ url: '/avatar', filePath: 'a.png', name: 'avatar', formData })
  expect(await result(fake, task)).toMatchObject({ statusCode: 200 })
  expect(fake.server.requests[1]?.upload?.formData).toEqual({ isNew: 'true', count: '3', name: '咖啡' })
})

test('a download has the path where WeChat has it, and the status 200', async () => {
  const { fake, api } = phone()
  const file = await result(fake, api.downloadFile({ url: '/file' }))
  expect(file).toMatchObject({ statusCode: 200, tempFilePath: 'wxfile://tmp_1' })
})

test('a PATCH is CONFIG, and names Alipay; with methodOverride it is a POST', async () => {
  const { fake, api } = phone()
  const error = await failure(fake, api.patch('/a', { b: 1 }))
  expect(error).toMatchObject({ code: 'CONFIG' })
  expect(error.message).toContain('Alipay')
  await result(fake, api.extend({ methodOverride: true }).patch('/a', { b: 1 }))
  const [sent] = fake.server.requests.filter(({ path }) => path === '/a')
  expect([sent?.method, sent?.headerOf('X-HTTP-Method-Override')]).toEqual(['POST', 'PATCH'])
})

test.each([
  ['nothing', undefined],
  ['a number', 5],
  ['the wx of WeChat', createFakeWeChat().wx],
  ['an old my', { request: () => undefined }],
])(
  '%s in the place of my is one error at the first call, which names the function',
  async (_what, object) => {
    const platform = alipay(object as unknown as AlipayObject)
    const api = createClient({ platform, baseURL: HOME, login: { url: '/login' } })
    await expect(api.get('/a')).rejects.toMatchObject({
      code: 'CONFIG',
      message: expect.stringMatching(/Alipay needs my\.\w+\(\)/) as string,
    })
  },
)

test('my as it is, without the adapter, is told what to use', async () => {
  const { my } = createFakeAlipay()
  const api = createClient({
    platform: my as unknown as Platform,
    baseURL: HOME,
    login: { url: '/login' },
  })
  await expect(api.get('/a')).rejects.toMatchObject({ code: 'CONFIG' })
  await expect(api.get('/a')).rejects.toThrow('alipay(my)')
})

test('two adapters of one my are one phone: ten lanes, and one owner of a key', async () => {
  const { fake, api } = phone({}, { checkSession: false })
  await result(fake, api.ensureLogin())
  const other = createClient({
    platform: alipay(fake.my),
    baseURL: HOME,
    login: { url: '/login' },
    storage: { key: 'other' },
  })
  const all = Array.from({ length: 8 }, () => [api.get('/a'), other.get('/a')]).flat()
  await result(fake, Promise.all(all))
  expect(fake.calls.maxParallel).toBeLessThanOrEqual(10)
  expect(() =>
    createClient({
      platform: alipay(fake.my),
      baseURL: 'https://elsewhere.test',
      login: { url: '/login' },
    }),
  ).toThrow(/storage\.key/)
})

test('what was stopped in the background goes again in front, without a word of WeChat', async () => {
  const { fake, api } = phone()
  await result(fake, api.ensureLogin())
  fake.server.latency('/slow', 20_000)
  const read = api.get('/slow', {}, { timeout: 60_000 })
  const write = failure(fake, api.post('/slow', {}, { timeout: 60_000 }), 30_000)
  fake.app.toBackground()
  await fake.clock.advance(20_000)
  fake.app.toForeground()
  const error = await write
  expect(error.code).toBe('INTERRUPTED')
  expect(error.message).not.toMatch(/WeChat|wx/)
  expect(await result(fake, read)).toMatchObject({ ok: true })
})

test('a scene of 1154 is no single page here', async () => {
  const { fake } = phone()
  const my = { ...fake.my, getLaunchOptionsSync: () => ({ scene: 1154 }) }
  const api = createClient({ platform: alipay(my), baseURL: HOME, login: { url: '/login' } })
  expect(await result(fake, api.ensureLogin())).toMatchObject({ token: 'token-1' })
})

test('sockets are asked for as tasks', () => {
  const asked: object[] = []
  const my = { ...createFakeAlipay().my, connectSocket: (options: object) => void asked.push(options) }
  alipay(my).connectSocket?.({ url: 'wss://api.test' })
  expect(asked).toEqual([{ url: 'wss://api.test', multiple: true }])
})
