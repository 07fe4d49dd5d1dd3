import { ConfigError, createClient, type Client, type ClientOptions, type Platform } from '../../src'
import { baidu, type BaiduObject } from '../../src/platforms/baidu'
import { douyin, type DouyinObject } from '../../src/platforms/douyin'
import { jdPlatform } from '../../src/platforms/jd'
import { kuaishou } from '../../src/platforms/kuaishou'
import {
  createFakeBaidu,
  createFakeClock,
  createFakeDouyin,
  createFakeJd,
  createFakeKuaishou,
  createFakeWeChat,
  type FakeBaiduOptions,
  type FakeDouyinOptions,
  type FakeJdOptions,
  type FakeKuaishouOptions,
  type FakeServer,
  type FakeStorage,
} from '../../src/testing'
import { openSocket } from '../../src/socket'
import { failure, result, type Timed } from '../adapters'

const HOME = 'https://api.test'
const KEY = 'miniprogram-session'

interface Fake extends Timed {
  readonly server: FakeServer
  readonly storage: FakeStorage
  readonly calls: { logins: number; maxParallel: number }
}

function clientOn(platform: Platform, client: Partial<ClientOptions> = {}): Client {
  return createClient({ platform, baseURL: HOME, login: { url: '/login' }, ...client })
}

function opened<F extends Fake>(fake: F, platform: Platform, client?: Partial<ClientOptions>) {
  fake.server.anyPath = true
  return { fake, api: clientOn(platform, client) }
}

const onDouyin = (settings: FakeDouyinOptions = {}, client?: Partial<ClientOptions>) => {
  const fake = createFakeDouyin({ ...settings, clock: createFakeClock() })
  return opened(fake, douyin(fake.tt), client)
}
const onBaidu = (settings: FakeBaiduOptions = {}, client?: Partial<ClientOptions>) => {
  const fake = createFakeBaidu({ ...settings, clock: createFakeClock() })
  return opened(fake, baidu(fake.swan), client)
}
const onKuaishou = (settings: FakeKuaishouOptions = {}, client?: Partial<ClientOptions>) => {
  const fake = createFakeKuaishou({ ...settings, clock: createFakeClock() })
  return opened(fake, kuaishou(fake.ks), client)
}
const onJd = (settings: FakeJdOptions = {}, client?: Partial<ClientOptions>) => {
  const fake = createFakeJd({ ...settings, clock: createFakeClock() })
  return opened(fake, jdPlatform(fake.jd), client)
}

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }
const JSON_BODY = { 'Content-Type': 'application/json' }

/** A request that goes on to the platform's own, and the words for its answer. */
function wordsAskedBy(native: { request: (options: never) => unknown }) {
  const words: unknown[] = []
  const request = (options: { dataType?: string }) => {
    words.push(options.dataType)
    return native.request(options as never)
  }
  return { words, request }
}

const phones: [string, () => { fake: Fake; api: Client }][] = [
  ['Douyin', onDouyin],
  ['Douyin, where a missing key throws', () => onDouyin({ missing: 'throws' })],
  ['Douyin, where tables have errorCode', () => onDouyin({ numbers: 'errorCode' })],
  ['Douyin, which takes text', () => onDouyin({ takesText: true })],
  ['Douyin, with the heads of games', () => onDouyin({ hasHeads: true })],
  ['Baidu on Android', onBaidu],
  ['Baidu on iOS', () => onBaidu({ system: 'ios' })],
  ['Baidu before getLoginCode', () => onBaidu({ hasLoginCode: false })],
  ['Baidu, which takes text', () => onBaidu({ takesText: true })],
  ['Baidu, whose storage throws', () => onBaidu({ storageErrors: 'thrown' })],
  ['Baidu, whose check has a result', () => onBaidu({ checks: 'result' })],
  ['Kuaishou', onKuaishou],
  ['Kuaishou, where every status is a success', () => onKuaishou({ refusals: 'success' })],
  ['Kuaishou, in more words', () => onKuaishou({ words: (status) => `request:fail statusCode: ${status}` })],
  ['JD', onJd],
  ['JD, without bodies', () => onJd({ tellsBody: false })],
  ['JD, which refuses a sixth call', () => onJd({ beyond: 'refused' })],
  ['JD with GET and POST alone', () => onJd({ hasFewMethods: true })],
]

describe.each(phones)('%s', (_name, make) => {
  test('ten requests with a dead token cost one login, and come back', async () => {
    const { fake, api } = make()
    fake.storage.set(KEY, { token: 'dead' })
    fake.server.on(
      '/orders',
      fake.server.guard(() => ({ data: [{ id: 7 }] })),
    )
    const all = Promise.all(Array.from({ length: 10 }, () => api.get('/orders')))
    expect(await result(fake, all)).toEqual(Array(10).fill([{ id: 7 }]))
    expect(fake.calls.logins).toBe(1)
    expect(fake.storage.get(KEY)).toMatchObject({ token: 'token-1' })
  })

  test('a first launch logs in, and the session is there at the next one', async () => {
    const { fake, api } = make()
    await result(fake, api.post('/orders', { id: 1 }))
    expect(fake.server.requests.map(({ json }) => json)).toEqual([{ code: 'code-1' }, { id: 1 }])
    expect(fake.storage.get(KEY)).toMatchObject({ token: 'token-1' })
  })

  test('a check that fails brings a login, if there is a check', async () => {
    const { fake, api } = make()
    fake.storage.set(KEY, { token: fake.server.issue('old') })
    ;(fake as unknown as { account: { expireKey(): void } }).account.expireKey()
    const { token } = await result(fake, api.ensureLogin())
    expect(token).toBe(_name.startsWith('JD') ? 'old' : 'token-1')
  })
})

describe('Douyin', () => {
  test('a guest is LOGIN_REQUIRED, is not asked twice, and no window opens; then the tap brings a login', async () => {
    const { fake, api } = onDouyin()
    fake.user = 'guest'
    const error = await failure(fake, api.get('/a'))
    expect([error.code, fake.calls.logins]).toEqual(['LOGIN_REQUIRED', 1])
    expect(error.message).toContain('tt.login')
    expect(error.message).not.toMatch(/wx|WeChat|cache/)
    fake.user = 'user'
    expect(await result(fake, api.ensureLogin())).toMatchObject({ token: 'token-1' })
  })

  test('with force the login of Douyin opens, and whoever refuses is not asked twice', async () => {
    const { fake } = onDouyin()
    const api = clientOn(douyin(fake.tt, { force: true }))
    fake.user = 'guest who refuses'
    expect(await failure(fake, api.get('/a'))).toMatchObject({ code: 'LOGIN_REQUIRED' })
    expect(fake.calls.logins).toBe(1)
    fake.user = 'guest'
    expect(await result(fake, api.get('/a'))).toMatchObject({ ok: true })
  })

  test('a session that the host’s logout took away is logged in for anew', async () => {
    const { fake, api } = onDouyin()
    await result(fake, api.ensureLogin())
    fake.logOut()
    expect(fake.storage.get(KEY)).toBeUndefined()
    const relaunched = clientOn(douyin(fake.tt))
    expect(await failure(fake, relaunched.get('/a'))).toMatchObject({ code: 'LOGIN_REQUIRED' })
  })

  test('JSON and forms go as objects, PATCH as it is', async () => {
    const { fake, api } = onDouyin()
    await result(fake, api.patch('/a', { list: [1], name: '咖啡' }))
    await result(fake, api.post('/b', { name: 'a b' }, { header: FORM }))
    const [, patch, post] = fake.server.requests
    expect([patch?.method, patch?.json]).toEqual(['PATCH', { list: [1], name: '咖啡' }])
    expect(post?.form).toEqual({ name: 'a b' })
  })

  test.each([
    ['a name that comes twice', 'a=1&a=2', FORM],
    ['a name that an object has otherwise', '__proto__=1', FORM],
    ['a percent sign that is none', 'off=100%', FORM],
    ['a number that is too long', '{"id":12345678901234567890}', JSON_BODY],
    ['a number in other digits', '{"price":1.0}', JSON_BODY],
    ['a text that begins like JSON', '{ "not": touched }', JSON_BODY],
    ['nothing', '', FORM],
  ])('a text that no object would be sent as stays: %s', async (_what, text, header) => {
    const { fake, api } = onDouyin({ takesText: true })
    fake.server.on('/a', () => ({}))
    await result(fake, api.post('/a', text, { auth: false, header }))
    expect(fake.server.requests[0]?.text).toBe(text)
  })

  test.each([
    ['sign=abc==', { sign: 'abc==' }],
    ['name=a+b&on', { name: 'a b', on: '' }],
    ['list[0]=1&list[1]=%E8%8C%B6', { 'list[0]': '1', 'list[1]': '茶' }],
    ['constructor=1', { constructor: '1' }],
  ])('a form that is text arrives as it was meant: %s', async (text, form) => {
    const { fake, api } = onDouyin()
    fake.server.on('/a', () => ({}))
    await result(fake, api.post('/a', text, { auth: false, header: FORM }))
    expect(fake.server.requests[0]?.form).toEqual(form)
  })

  test('JSON that is text arrives, its spaces aside', async () => {
    const { fake, api } = onDouyin()
    fake.server.on('/a', () => ({}))
    await result(fake, api.post('/a', '{\n  "name": "a b" }', { auth: false, header: JSON_BODY }))
    expect(fake.server.requests[0]?.json).toEqual({ name: 'a b' })
  })

  test.each(['text', 'other', 'string'])(
    'a body that is asked for as %s is the text it is',
    async (dataType) => {
      const { fake } = onDouyin()
      const sent = wordsAskedBy(fake.tt)
      fake.server.on('/json', () => ({ data: { a: 1 } }))
      const api = clientOn(douyin({ ...fake.tt, request: sent.request }))
      expect(await result(fake, api.get('/json', {}, { auth: false, dataType }))).toBe('{"a":1}')
      // `tt` has json and string.
      expect(sent.words).toEqual(['string'])
    },
  )

  test('a DELETE with a body is CONFIG, one with a query goes', async () => {
    const { fake, api } = onDouyin()
    const error = await failure(fake, api.delete('/a', undefined, { data: { id: 1 } }))
    expect(error.code).toBe('CONFIG')
    expect(error.message).toContain('Douyin')
    expect(await result(fake, api.delete('/a', { id: 1 }))).toMatchObject({ ok: true })
    expect(fake.server.requests[1]?.query).toEqual({ id: '1' })
  })

  test('what is stopped in the background goes again in front', async () => {
    const { fake, api } = onDouyin()
    await result(fake, api.ensureLogin())
    fake.server.latency('/slow', 20_000)
    const asked = api.get('/slow', {}, { timeout: 60_000 })
    fake.app.toBackground()
    await fake.clock.advance(10_000)
    fake.app.toForeground()
    expect(await result(fake, asked)).toMatchObject({ ok: true })
  })

  test('a check that fails in itself says nothing of the session', async () => {
    const { fake } = onDouyin()
    fake.storage.set(KEY, { token: fake.server.issue('old') })
    const tt = {
      ...fake.tt,
      checkSession: ({ fail }: { fail?: (failure: object) => void }) => fail?.({ errMsg: '', errNo: 113191 }),
    }
    const { token } = await result(fake, clientOn(douyin(tt)).ensureLogin())
    expect(token).toBe('old')
  })
})

describe('Baidu', () => {
  test.each([true, false])(
    'a guest is LOGIN_REQUIRED, and asked once (getLoginCode: %s)',
    async (hasLoginCode) => {
      const { fake, api } = onBaidu({ hasLoginCode })
      fake.user = 'guest'
      const error = await failure(fake, api.get('/a'))
      expect([error.code, fake.calls.logins]).toEqual(['LOGIN_REQUIRED', 1])
      expect(error.message).toContain('swan.getLoginCode')
    },
  )

  test('a login that never answers ends by our own time-out', async () => {
    const { fake, api } = onBaidu()
    fake.misbehave('login', 'hang', Infinity)
    const error = await failure(fake, api.get('/a'))
    expect(error.code).toBe('LOGIN_TIMEOUT')
    expect(error.message).toContain('swan.getLoginCode')
  })

  test('a login without a network is tried again', async () => {
    const { fake, api } = onBaidu()
    fake.misbehave('login', { fail: 'disconnected' })
    expect(await result(fake, api.get('/a'))).toMatchObject({ ok: true })
    expect(fake.calls.logins).toBe(2)
  })

  test.each(['errCode', 'errorCode'])(
    'logins without a network, told in %s, are no reason for a pause',
    async (field) => {
      const { fake } = onBaidu()
      const getLoginCode = ({ fail }: { fail: (failure: object) => void }) =>
        fail({ [field]: 10002, errMsg: '' })
      const api = clientOn(baidu({ ...fake.swan, getLoginCode } as BaiduObject), { retry: false })
      for (let tries = 0; tries < 4; tries++)
        expect(await failure(fake, api.get('/a'))).toMatchObject({ code: 'LOGIN_FAILED' })
    },
  )

  // Reported: bigmeow/axios-miniprogram-adapter#3, chameleon-team/chameleon-api#6.
  test('JSON and forms go as objects: text would be written as JSON once more', async () => {
    const { fake, api } = onBaidu()
    await result(fake, api.post('/a', { list: [1], name: '咖啡' }))
    await result(fake, api.post('/b', { name: 'a b' }, { header: FORM }))
    const [, post, form] = fake.server.requests
    expect(post?.json).toEqual({ list: [1], name: '咖啡' })
    expect(form?.form).toEqual({ name: 'a b' })
  })

  test('a refusal on iOS without its status is no refusal: an envelope says it', async () => {
    const { fake, api } = onBaidu({ system: 'ios', tellsStatus: false }, { retry: false })
    fake.storage.set(KEY, { token: 'dead' })
    expect(await failure(fake, api.get('/a'))).toMatchObject({ code: 'NETWORK' })
    const expired = {
      isUnauthorized: ({ data }: { data: unknown }) => (data as { code?: number }).code === 401,
    }
    const wrapped = onBaidu({ system: 'ios', tellsStatus: false }, expired)
    wrapped.fake.storage.set(KEY, { token: 'dead' })
    wrapped.fake.server.refusal = () => ({ data: { code: 401 } })
    expect(await result(wrapped.fake, wrapped.api.get('/a'))).toMatchObject({ ok: true })
  })

  test('an address with other characters reaches the server on iOS', async () => {
    const { fake, api } = onBaidu({ system: 'ios' })
    await result(fake, api.get('/咖啡', { q: '茶' }))
    expect(fake.server.requests[1]?.url).toBe(`${HOME}/%E5%92%96%E5%95%A1?q=%E8%8C%B6`)
  })

  test.each(['returned', 'thrown'] as const)(
    'a store that fails is told, its error %s',
    async (storageErrors) => {
      const told: string[] = []
      const { fake, api } = onBaidu(
        { storageErrors },
        {
          onEvent: (event) => {
            if (event.type === 'storage-error') told.push(event.operation)
          },
        },
      )
      fake.storage.fail('get')
      fake.storage.fail('set')
      expect(await result(fake, api.get('/a'))).toMatchObject({ ok: true })
      expect(new Set(told)).toEqual(new Set(['read', 'write']))
    },
  )

  test('it runs five at a time', async () => {
    const { fake, api } = onBaidu()
    await result(fake, Promise.all(Array.from({ length: 20 }, () => api.get('/a'))))
    expect(fake.calls.maxParallel).toBe(5)
  })
})

describe('Kuaishou', () => {
  test('a number in an address is no status', async () => {
    const { fake, api } = onKuaishou({}, { retry: false })
    fake.network.failNext(1, { errMsg: 'fail https://api.test:443/401/x500 broken' })
    expect(await failure(fake, api.get('/a', {}, { auth: false }))).toMatchObject({ code: 'NETWORK' })
  })

  test.each([
    'failed to connect to api.test/1.2.3.4 (port 443) from /10.0.2.16 (port 41234)',
    'connect to api.test, port: 443',
    'timeout of 500 ms exceeded',
    'no answer within 450ms',
    '请求 408 毫秒未返回',
    'unexpected end of stream after 512 bytes',
    'LocalDataTask <8A7F>.<412> finished with error',
  ])('a number that is no status makes no answer: %s', async (words) => {
    const { fake, api } = onKuaishou({}, { retry: false })
    fake.network.failNext(1, { errMsg: `request:fail ${words}` })
    expect((await failure(fake, api.get('/a', {}, { auth: false }))).code).toMatch(/^(NETWORK|TIMEOUT)$/)
  })

  test.each(['HTTP 404', '404', 'status=404', '服务器返回404', '404 Not Found'])(
    'a status that is in the words alone is one: %s',
    async (words) => {
      const { fake, api } = onKuaishou({}, { retry: false })
      fake.network.failNext(1, { errMsg: `request:fail ${words}` })
      expect(await failure(fake, api.get('/a', {}, { auth: false }))).toMatchObject({
        code: 'HTTP_STATUS',
        response: { statusCode: 404 },
      })
    },
  )

  test('PUT is CONFIG, and with methodOverride a POST', async () => {
    const { fake, api } = onKuaishou()
    const error = await failure(fake, api.put('/a', { b: 1 }))
    expect([error.code, /Kuaishou/.test(error.message)]).toEqual(['CONFIG', true])
    await result(fake, clientOn(kuaishou(fake.ks), { methodOverride: true }).put('/a', { b: 1 }))
    const [sent] = fake.server.requests.filter(({ path }) => path === '/a')
    expect([sent?.method, sent?.headerOf('X-HTTP-Method-Override')]).toEqual(['POST', 'PUT'])
  })

  test('a check that failed for want of a network keeps the session', async () => {
    const { fake } = onKuaishou()
    fake.storage.set(KEY, { token: fake.server.issue('old') })
    const ks = {
      ...fake.ks,
      checkSession: ({ fail }: { fail?: (failure: object) => void }) => fail?.({ code: -20001, msg: '?' }),
    }
    expect(await result(fake, clientOn(kuaishou(ks)).ensureLogin())).toMatchObject({ token: 'old' })
  })
})

describe('JD', () => {
  test('it has no checkSession, not even by name: Taro goes by the names', () => {
    expect(Object.keys(createFakeJd().jd)).not.toContain('checkSession')
  })

  test('it has the global events of one socket and no task: openSocket says that it cannot be had', () => {
    const { jd } = createFakeJd()
    const platform = jdPlatform(Object.assign({ connectSocket: () => undefined }, jd))
    const open = () => openSocket(clientOn(platform), { url: '/ws' })
    expect(open).toThrow(ConfigError)
    expect(open).toThrow('connectSocket')
  })

  // Reported: NervJS/taro#15258.
  test('a 201, which fails, is the answer it is', async () => {
    const { fake, api } = onJd()
    const failed = { statusCode: 201, data: { id: 7 }, errMsg: 'request:fail undefined' }
    const request = ({ fail }: { fail: (failure: object) => void }) => fail(failed)
    const platform = jdPlatform({ ...fake.jd, request })
    expect(await result(fake, clientOn(platform).post('/a', {}, { auth: false }))).toEqual({ id: 7 })
    expect(await result(fake, api.get('/a'))).toMatchObject({ ok: true })
  })

  test('it runs five at a time, and keeps one for a login', async () => {
    const { fake, api } = onJd({ beyond: 'refused' }, { retry: false })
    const all = Promise.all(Array.from({ length: 20 }, () => api.post('/a')))
    await result(fake, all)
    expect(fake.calls.maxParallel).toBe(5)
  })

  test.each([
    [false, 'PUT', undefined],
    [true, 'POST', 'PUT'],
  ])('with methodOverride %s a PUT goes as %s', async (isOverridden, method, header) => {
    const { fake, api } = onJd({}, isOverridden ? { methodOverride: true } : {})
    await result(fake, api.put('/a', { b: 1 }))
    const [sent] = fake.server.requests.filter(({ path }) => path === '/a')
    expect([sent?.method, sent?.headerOf('X-HTTP-Method-Override')]).toEqual([method, header])
  })
})

const adapters: [string, (object: object) => Platform, string][] = [
  ['douyin', (object) => douyin(object as DouyinObject), 'Douyin needs tt.request()'],
  ['baidu', (object) => baidu(object as BaiduObject), 'Baidu needs swan.request()'],
  ['kuaishou', (object) => kuaishou(object as DouyinObject), 'Kuaishou needs ks.request()'],
  ['jdPlatform', (object) => jdPlatform(object as DouyinObject), 'JD needs jd.request()'],
]

test.each(adapters)(
  '%s of an object that is no platform says so at the first call',
  async (_name, adapt, words) => {
    const error = await failure({ clock: createFakeClock() }, clientOn(adapt({})).get('/a'))
    expect(error.code).toBe('CONFIG')
    expect(error.message).toContain(words)
  },
)

test.each(adapters)('%s of the global wx says that it is another platform’s', async (_name, adapt) => {
  const { wx } = createFakeWeChat()
  Object.assign(globalThis, { wx })
  try {
    await expect(clientOn(adapt(wx)).get('/a')).rejects.toMatchObject({ code: 'CONFIG' })
  } finally {
    Object.assign(globalThis, { wx: undefined })
  }
})

const aliased: [string, () => object, (object: object) => Platform][] = [
  ['tt', () => createFakeDouyin().tt, (object) => douyin(object as DouyinObject)],
  ['ks', () => createFakeKuaishou().ks, (object) => kuaishou(object as DouyinObject)],
  ['jd', () => createFakeJd().jd, (object) => jdPlatform(object as DouyinObject)],
]

test.each(aliased)('%s that the app has called wx as well is still itself', (name, make, adapt) => {
  const object = make()
  Object.assign(globalThis, { wx: object, [name]: object })
  try {
    expect(() => adapt(object).traits?.verify()).not.toThrow()
  } finally {
    Object.assign(globalThis, { wx: undefined, [name]: undefined })
  }
})
