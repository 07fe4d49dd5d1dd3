import { createClient, type Client, type ClientOptions, type Platform } from '../../src'
import { taroPlatform } from '../../src/platforms/taro'
import { uniPlatform } from '../../src/platforms/uni'
import {
  createFakeClock,
  createFakeTaro,
  createFakeUni,
  type FakeServer,
  type FakeStorage,
  type FakeTaroOptions,
  type FakeUniOptions,
  type TaroTarget,
  type UniTarget,
} from '../../src/testing'
import { failure, result, type Timed } from '../adapters'

const HOME = 'https://api.test'
const KEY = 'miniprogram-session'

interface Fake extends Timed {
  readonly server: FakeServer
  readonly storage: FakeStorage
  readonly calls: { logins: number }
  readonly network: { offline(): void; failNext(count: number, failure?: 'timeout'): void }
  readonly files: Map<string, unknown>
}

type Options = Partial<ClientOptions>

function clientOn(platform: Platform, client: Options): Client {
  return createClient({ platform, baseURL: HOME, login: { url: '/login' }, ...client })
}

const onUni = (settings: FakeUniOptions) => (client: Options) => {
  const fake = createFakeUni({ ...settings, clock: createFakeClock() })
  fake.server.anyPath = true
  return {
    fake: fake as Fake,
    api: clientOn(uniPlatform(fake.uni), client),
    raw: fake.uni as object as Platform,
  }
}
const onTaro = (settings: FakeTaroOptions) => (client: Options) => {
  const fake = createFakeTaro({ ...settings, clock: createFakeClock() })
  fake.server.anyPath = true
  return {
    fake: fake as Fake,
    api: clientOn(taroPlatform(fake.Taro), client),
    raw: fake.Taro as object as Platform,
  }
}

const UNI: UniTarget[] = [
  ...(['mp-weixin', 'mp-alipay', 'mp-baidu', 'mp-toutiao'] as const),
  ...(['mp-kuaishou', 'mp-jd', 'mp-qq', 'h5', 'app'] as const),
]
const TARO: TaroTarget[] = ['weapp', 'alipay', 'tt', 'swan', 'kwai', 'jd', 'qq', 'h5']

type Made = (client: Options) => { fake: Fake; api: Client; raw: Platform }
const all: [string, Made][] = [
  ...UNI.map((target): [string, Made] => [`uni on ${target}`, onUni({ target })]),
  ['uni on mp-alipay, which answers refusals', onUni({ target: 'mp-alipay', refusals: 'success' })],
  ['uni on mp-baidu on iOS', onUni({ target: 'mp-baidu', system: 'ios' })],
  ['uni on mp-weixin, with an interceptor', onUni({ target: 'mp-weixin', intercepts: true })],
  ['uni on mp-alipay, with an interceptor', onUni({ target: 'mp-alipay', intercepts: true })],
  ...TARO.map((target): [string, Made] => [`Taro on ${target}`, onTaro({ target })]),
  ['Taro on alipay, which answers refusals', onTaro({ target: 'alipay', refusals: 'success' })],
  ['Taro on swan on iOS', onTaro({ target: 'swan', system: 'ios' })],
]
/** With an interceptor there is no task. */
const tellsProgress = (name: string): boolean => !name.includes('interceptor')
const hasNoLogin = (name: string): boolean => /h5|app\b/.test(name) && !/weapp/.test(name)

describe.each(all)('%s', (name, make) => {
  const exchange = (): Promise<string> => Promise.resolve(made.fake.server.issue())
  const login = { code: false as const, exchange }
  let made: ReturnType<Made>

  beforeEach(() => {
    made = make(hasNoLogin(name) ? { login } : {})
  })

  test('a dead token costs one login, and everybody comes back', async () => {
    const { fake, api } = made
    fake.storage.set(KEY, { token: 'dead' })
    fake.server.on(
      '/orders',
      fake.server.guard(() => ({ data: [{ id: 7 }] })),
    )
    const asked = Promise.all(Array.from({ length: 5 }, () => api.get('/orders')))
    expect(await result(fake, asked)).toEqual(Array(5).fill([{ id: 7 }]))
    expect(fake.calls.logins).toBe(hasNoLogin(name) ? 0 : 1)
    expect(fake.storage.get(KEY)).toMatchObject({ token: 'token-1' })
  })

  test('a header, a body, and an answer that is no JSON', async () => {
    const { fake, api } = made
    fake.server.on('/text', () => ({ data: '<html>' }))
    const asked = api.post('/text', { name: '咖啡' }, { auth: false, header: { 'X-Shop': 'a' } })
    expect(await result(fake, asked)).toBe('<html>')
    const [sent] = fake.server.requests
    expect([sent?.json, sent?.headerOf('x-shop')]).toEqual([{ name: '咖啡' }, 'a'])
  })

  test('an upload, how far it is, and a download', async () => {
    const { fake, api } = made
    const upload = api.uploadFile({ url: '/avatar', filePath: 'a.png', name: 'avatar' })
    const heard: number[] = []
    upload.onProgressUpdate(({ progress }) => heard.push(progress))
    expect(await result(fake, upload)).toMatchObject({ statusCode: 200, data: { ok: true } })
    const sent = fake.server.requests[fake.server.requests.length - 1]
    expect([sent?.upload?.name, heard[heard.length - 1]]).toEqual([
      'avatar',
      tellsProgress(name) ? 100 : undefined,
    ])
    const file = await result(fake, api.downloadFile({ url: '/file' }))
    expect(file).toMatchObject({ statusCode: 200, tempFilePath: 'wxfile://tmp_1' })
  })

  test('a network that is broken is NETWORK or OFFLINE, and what is aborted is ABORTED', async () => {
    const { fake, api } = made
    fake.network.failNext(1)
    const broken = await failure(fake, api.get('/a', {}, { auth: false, retry: 0 }))
    expect(broken.code).toMatch(/^(NETWORK|OFFLINE)$/)
    const task = api.get('/a', {}, { auth: false })
    task.abort()
    expect((await failure(fake, task)).code).toBe('ABORTED')
  })
})

test('a target that there is not is told, with those that there are', () => {
  const target = 'wechat' as never
  expect(() => createFakeTaro({ target })).toThrow(/createFakeTaro: .*wechat.*weapp, alipay, tt/)
  expect(() => createFakeUni({ target })).toThrow(/createFakeUni: .*wechat.*mp-weixin, mp-alipay/)
})

test('what an app uses besides can be put on uni and on Taro', () => {
  const chooseImage = (): void => undefined
  for (const object of [createFakeUni().uni, createFakeTaro().Taro])
    expect(Object.assign(object, { chooseImage })).toHaveProperty('chooseImage', chooseImage)
})

describe.each(all.filter(([name]) => hasNoLogin(name)))('%s', (_name, make) => {
  test('a login with a code is CONFIG at the first login, and no call of the platform’s', async () => {
    const { fake, api } = make({})
    fake.server.on('/a', () => ({ data: { ok: true } }))
    expect(await result(fake, api.get('/a', {}, { auth: false }))).toMatchObject({ ok: true })
    const error = await failure(fake, api.get('/a'))
    expect([error.code, fake.calls.logins]).toEqual(['CONFIG', 0])
    expect(error.message).toMatch(/code: false.*exchange/)
    expect(error.message).not.toMatch(/wx|WeChat/)
  })

  test('PATCH goes as it is', async () => {
    const { fake, api } = make({})
    fake.server.on('/a', () => ({}))
    await result(fake, api.patch('/a', { b: 1 }, { auth: false }))
    expect(fake.server.requests[0]?.method).toBe('PATCH')
  })
})

describe('uni or Taro itself, without the adapter', () => {
  const agree = [
    'uni on mp-weixin',
    'uni on mp-qq',
    'uni on mp-toutiao',
    'Taro on weapp',
    'Taro on qq',
    'Taro on jd',
  ]

  test.each(all.filter(([name]) => agree.includes(name)))('%s works', async (name, make) => {
    const { fake, raw } = make({})
    // Douyin's data is an object: what it makes of text is not known.
    const api = clientOn(raw, { checkSession: false })
    if (name === 'uni on mp-toutiao') {
      fake.storage.set(KEY, { token: fake.server.issue() })
      expect(await result(fake, api.get('/a'))).toMatchObject({ ok: true })
      return
    }
    fake.storage.set(KEY, { token: 'dead' })
    expect(await result(fake, api.get('/a'))).toMatchObject({ ok: true })
  })

  const differ = ['uni on mp-alipay', 'uni on mp-baidu', 'Taro on alipay', 'Taro on swan']
  test.each(all.filter(([name]) => differ.includes(name)))('%s says what to use', async (_name, make) => {
    const { fake, raw } = make({})
    const error = await failure(fake, clientOn(raw, {}).get('/a'))
    expect(error.code).toBe('CONFIG')
    expect(error.message).toMatch(/an adapter such as alipay\(my\) or uniPlatform\(uni\)/)
  })

  test.each(['uni on h5', 'Taro on h5'])('%s says what to do about the login', async (name) => {
    const { fake, raw } = (all.find(([other]) => other === name) as [string, Made])[1]({})
    const error = await failure(fake, clientOn(raw, {}).get('/a'))
    expect(error.code).toBe('LOGIN_FAILED')
  })
})

describe('what it was built for', () => {
  const env = process.env
  afterEach(() => {
    delete env['UNI_PLATFORM']
    delete env['TARO_ENV']
  })

  test('is what the compiler has written, whatever the object says', () => {
    env['UNI_PLATFORM'] = 'mp-alipay'
    env['TARO_ENV'] = 'swan'
    const { uni } = createFakeUni()
    const { Taro } = createFakeTaro()
    expect(uniPlatform(uni).traits?.name).toBe('Alipay')
    expect(taroPlatform(Taro).traits?.name).toBe('Baidu')
  })

  test('else what the object has, where it says nothing', () => {
    const on = (target: UniTarget) => uniPlatform(createFakeUni({ target, tellsTarget: false }).uni)
    expect(on('mp-alipay').traits?.name).toBe('Alipay')
    expect(on('mp-baidu').traits?.name).toBe('Baidu')
    expect(on('mp-weixin').traits).toBeUndefined()
  })

  test('of nothing at all is one error at the first call', async () => {
    for (const platform of [uniPlatform(undefined as never), taroPlatform(undefined as never)])
      await expect(clientOn(platform, {}).get('/a')).rejects.toMatchObject({ code: 'CONFIG' })
  })
})

test('where uni cannot read the storage of an old Alipay, each launch logs in, and all else works', async () => {
  const { fake, api, raw } = onUni({ target: 'mp-alipay', stored: 'APDataStorage' })({})
  fake.storage.set(KEY, { token: fake.server.issue('old') })
  expect(raw.getStorageSync?.(KEY)).toBeUndefined()
  await result(fake, Promise.all([api.get('/a'), api.get('/b')]))
  expect(fake.calls.logins).toBe(1)
  expect(fake.storage.get(KEY)).toMatchObject({ token: 'token-1' })
})

test('a check that Taro has and the platform has not says nothing of the session', async () => {
  const fake = createFakeTaro({ target: 'jd', clock: createFakeClock() })
  fake.storage.set(KEY, { token: fake.server.issue('old') })
  // So it answers for what is a name without a function (@tarojs/shared).
  const checkSession = () => Promise.reject(new TypeError('jd.checkSession is not a function'))
  const api = clientOn(taroPlatform({ ...fake.Taro, checkSession } as object as typeof fake.Taro), {})
  expect(await result(fake, api.ensureLogin())).toMatchObject({ token: 'old' })
})

// Reported: TigerHee/taro-request#4.
test('what an interceptor of Taro’s rejects with is told, though it be words alone', async () => {
  const fake = createFakeTaro({ target: 'alipay', clock: createFakeClock() })
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as apps' interceptors do
  const platform = taroPlatform({ ...fake.Taro, request: () => Promise.reject('需要鉴权') })
  const error = await failure(fake, clientOn(platform, {}).get('/a', {}, { auth: false, retry: 0 }))
  expect(error.message).toContain('需要鉴权')
})

describe('Taro on h5', () => {
  const asking = (answer: object) => {
    const fake = createFakeTaro({ target: 'h5', clock: createFakeClock() })
    const words: unknown[] = []
    const request = ({ dataType, success }: { dataType: string; success: (answer: object) => void }) => {
      words.push(dataType)
      success({ statusCode: 200, header: {}, ...answer })
    }
    const platform = taroPlatform({ ...fake.Taro, request })
    return { fake, words, api: clientOn(platform, { auth: false, autoLogin: false }) }
  }

  test.each(['text', 'string', 'other'])(
    'a body that is asked for as %s is the text it is',
    async (dataType) => {
      const { fake, words, api } = asking({ data: '{"a":1}' })
      expect(await result(fake, api.get('/a', {}, { dataType }))).toBe('{"a":1}')
      // In any other word taro-h5 gives null.
      expect(words).toEqual(['text'])
    },
  )

  // Reported: NervJS/taro#9983, #11518.
  test('a Response that Taro 3 fails with is an answer with its status', async () => {
    const fake = createFakeTaro({ target: 'h5', clock: createFakeClock() })
    const request = ({ fail }: { fail: (failure: object) => void }) =>
      fail(new Response('{}', { status: 422 }))
    const api = clientOn(taroPlatform({ ...fake.Taro, request }), { auth: false, autoLogin: false })
    expect(await failure(fake, api.get('/a'))).toMatchObject({
      code: 'HTTP_STATUS',
      response: { statusCode: 422 },
    })
  })

  test('a byte order mark is no part of the JSON after it', async () => {
    const { fake, api } = asking({ data: '\uFEFF{"a":1}' })
    expect(await result(fake, api.get('/a'))).toEqual({ a: 1 })
  })
})

test('on React Native a body is asked for as text, or it would be what fetch gives', async () => {
  const fake = createFakeTaro({ target: 'h5', clock: createFakeClock() })
  // As taro-rn reads the two options.
  const request = (options: {
    dataType?: string
    responseType?: string
    success: (answer: object) => void
  }) => {
    const { dataType = 'json', responseType } = options
    const isText = dataType !== 'json' && responseType === 'text'
    options.success({ statusCode: 200, header: {}, data: isText ? '{"a":1}' : new Map() })
  }
  const platform = taroPlatform(Object.assign({}, fake.Taro, { request, getEnv: () => 'RN' }))
  const api = clientOn(platform, { auth: false, autoLogin: false })
  expect(await result(fake, api.get('/a'))).toEqual({ a: 1 })
})

describe('Alipay behind a framework', () => {
  const both: [string, Made][] = [
    ['uni', onUni({ target: 'mp-alipay' })],
    ['Taro', onTaro({ target: 'alipay' })],
  ]

  test.each(both)('%s: a user who refuses is LOGIN_REQUIRED', async (name, make) => {
    const { fake, api } = make({})
    Object.assign(fake, { user: 'refuses' })
    const error = await failure(fake, api.get('/a'))
    expect([name, error.code, fake.calls.logins]).toEqual([name, 'LOGIN_REQUIRED', 1])
  })

  test.each(both)('%s: the fields of an upload are text', async (name, make) => {
    const { fake, api } = make({ auth: false })
    const formData = { isNew: true, count: 3 }
    await result(fake, api.uploadFile({ url: '/avatar', filePath: 'a.png', name: 'avatar', formData }))
    expect([name, fake.server.requests[0]?.upload?.formData]).toEqual([name, { isNew: 'true', count: '3' }])
  })

  test.each(both)('%s: a store that is full is told', async (name, make) => {
    const told: string[] = []
    const { fake, api } = make({ onEvent: ({ type }) => void told.push(type) })
    fake.storage.fail('set')
    await result(fake, api.ensureLogin())
    expect([name, told.includes('storage-error')]).toEqual([name, true])
  })

  test.each([13, 14] as const)('a time-out is one, though it be failure %i', async (timeouts) => {
    for (const make of [onUni({ target: 'mp-alipay', timeouts }), onTaro({ target: 'alipay', timeouts })]) {
      const { fake, api } = make({})
      fake.network.failNext(1, 'timeout')
      expect((await failure(fake, api.get('/a', {}, { auth: false, retry: 0 }))).code).toBe('TIMEOUT')
    }
  })
})
