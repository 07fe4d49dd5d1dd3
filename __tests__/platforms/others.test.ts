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

const phones: [string, () => { fake: Fake; api: Client }][] = [
  ['Douyin', onDouyin],
  ['Douyin, where a missing key throws', () => onDouyin({ missing: 'throws' })],
  ['Douyin, where tables have errorCode', () => onDouyin({ numbers: 'errorCode' })],
  ['Douyin, which takes text', () => onDouyin({ takesText: true })],
  ['Douyin, with the heads of games', () => onDouyin({ hasHeads: true })],
  ['Baidu on Android', onBaidu],
  ['Baidu on iOS', () => onBaidu({ system: 'ios' })],
  ['Baidu before getLoginCode', () => onBaidu({ hasLoginCode: false })],
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
    const form = { header: { 'Content-Type': 'application/x-www-form-urlencoded' } }
    await result(fake, api.patch('/a', { list: [1], name: '咖啡' }))
    await result(fake, api.post('/b', { name: 'a b' }, form))
    const [, patch, post] = fake.server.requests
    expect([patch?.method, patch?.json]).toEqual(['PATCH', { list: [1], name: '咖啡' }])
    expect(post?.form).toEqual({ name: 'a b' })
  })

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
