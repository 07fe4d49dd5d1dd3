import { createClient, type Client, type ClientOptions } from '../../src'
import { adapted, failure, result, type Adapted } from '../adapters'

// What holds whichever adapter it is, because no platform's documents say enough to rely on less.

type Hear = Record<'success' | 'fail', (outcome?: unknown) => void>

const PHONES = adapted(['alipay', 'h5'], ['mp-alipay', 'h5', 'app'])

function clientOn({ fake, platform }: Adapted, calls: object, client: Partial<ClientOptions> = {}): Client {
  fake.server.anyPath = true
  return createClient({
    platform: platform(calls),
    baseURL: 'https://api.test',
    login: { code: false, exchange: () => Promise.resolve(fake.server.issue()) },
    retry: 0,
    ...client,
  })
}
const failing = (outcome: unknown) => (hear: Hear) => hear.fail(outcome)
const succeeding = (outcome: unknown) => (hear: Hear) => hear.success(outcome)
const open = { auth: false }

describe.each(PHONES)('%s', (name, make) => {
  let phone: Adapted
  beforeEach(() => {
    phone = make()
  })
  const failed = (outcome: unknown) =>
    failure(phone.fake, clientOn(phone, { request: failing(outcome) }).get('/a', {}, open))

  // Reported of Alipay's uploads: NervJS/taro#16860, umicro/uView#1210.
  test('a status that is a text is a status', async () => {
    const uploadFile = succeeding({ statusCode: '200', status: '200', data: '{"ok":true}' })
    const api = clientOn(phone, { uploadFile })
    const answer = await result(
      phone.fake,
      api.uploadFile({ url: '/a', filePath: 'a', name: 'a', auth: false }),
    )
    expect(answer).toMatchObject({ statusCode: 200, data: { ok: true } })
    expect(await failed({ statusCode: '404', errMsg: 'request:fail' })).toMatchObject({
      code: 'HTTP_STATUS',
      response: { statusCode: 404, header: {} },
    })
  })

  test('a failure that is its words alone is told in them', async () => {
    const error = await failed('url not in domain list')
    expect(error).toMatchObject({ code: 'NETWORK', kind: 'refused by the phone' })
    expect(error.message).toContain('url not in domain list')
    const silent = await failed(undefined)
    expect(silent).toMatchObject({ code: 'NETWORK', kind: 'network' })
    expect(silent.message).toContain('(request:fail)')
  })

  test.each([
    ['Error Domain=NSURLErrorDomain Code=-1005 "The network connection was lost."', 'NETWORK', 'network'],
    ['Error Domain=NSURLErrorDomain Code=-1009', 'OFFLINE', 'offline'],
    ['_kCFStreamErrorDomainKey=4, _kCFStreamErrorCodeKey=-2103', 'NETWORK', 'network'],
    ['java.io.InterruptedIOException', 'NETWORK', 'network'],
    ['域名解析失败', 'NETWORK', 'network'],
    ['could not resolve the domain', 'NETWORK', 'network'],
    ['url not in domain list', 'NETWORK', 'refused by the phone'],
  ])('words are taken for what they mean: %s', async (words, code, kind) => {
    expect(await failed({ errMsg: `request:fail ${words}` })).toMatchObject({ code, kind })
  })

  test.each([5, 600002, 600003])(
    '%i means what WeChat means by it where numbers are WeChat’s',
    async (number) => {
      const { code, kind } = (await failed({ errMsg: 'request:fail oh', errCode: number })) as {
        code: string
        kind?: string
      }
      const wechat = {
        5: ['TIMEOUT', undefined],
        600002: ['NETWORK', 'refused by the phone'],
        600003: ['INTERRUPTED', 'interrupted'],
      }
      expect([code, kind]).toEqual(/h5|app$/.test(name) ? wechat[number as 5] : ['NETWORK', 'network'])
    },
  )

  test('an app that is hidden, and would not say that it is shown again, does not count as hidden', async () => {
    let hide: () => void = () => undefined
    const calls = {
      onAppShow: undefined,
      onAppHide: (listener: () => void) => (hide = listener),
      request: failing({ errMsg: 'request:fail oh' }),
    }
    const api = clientOn(phone, calls)
    hide()
    expect(await failure(phone.fake, api.get('/a', {}, open))).toMatchObject({ code: 'NETWORK' })
  })

  test('a download that fails although it was answered has failed', async () => {
    const failing200 = failing({ statusCode: 200, errMsg: 'downloadFile:fail no space left' })
    const api = clientOn(phone, { downloadFile: failing200 })
    const error = await failure(phone.fake, api.downloadFile({ url: '/a', auth: false }))
    expect(error).toMatchObject({ code: 'NETWORK' })
    expect(error.message).toContain('no space left')
  })

  test('a platform without storage says so, and all else works', async () => {
    const told: string[] = []
    const none = { getStorageSync: undefined, setStorageSync: undefined, removeStorageSync: undefined }
    const api = clientOn(phone, none, {
      onEvent: (event) => {
        if (event.type === 'storage-error') told.push(event.operation)
      },
    })
    expect(await result(phone.fake, api.get('/a'))).toMatchObject({ ok: true })
    expect(told).toEqual(expect.arrayContaining(['read', 'write']))
  })

  // As Baidu's from 3.140.1 on, and what Taro lacks.
  test('a storage that gives its errors back rather than throw them is told of', async () => {
    const told: string[] = []
    const fail = () => new Error('not supported here')
    const api = clientOn(
      phone,
      { getStorageSync: fail, setStorageSync: fail },
      {
        onEvent: (event) => {
          if (event.type === 'storage-error') told.push(`${event.operation}: ${event.message}`)
        },
      },
    )
    expect(await result(phone.fake, api.get('/a'))).toMatchObject({ ok: true })
    expect(told).toEqual(expect.arrayContaining(['read: not supported here', 'write: not supported here']))
  })

  test('JSON is parsed once: a text of digits is the text it is', async () => {
    const api = clientOn(phone, {})
    phone.fake.server.on('/id', () => ({ data: '"12345678901234567890"' }))
    expect(await result(phone.fake, api.get('/id', {}, open))).toBe('12345678901234567890')
  })

  test('an answer that comes by callback and by promise is told once', async () => {
    const answer = { statusCode: 200, status: 200, header: {}, data: '{"a":1}' }
    const request = (hear: Hear) => {
      hear.success(answer)
      return Promise.resolve(answer)
    }
    const heard: unknown[] = []
    const asked = phone
      .platform({ request })
      .request({ url: 'https://api.test', success: (it) => void heard.push(it) })
    await Promise.resolve(asked)
    await Promise.resolve()
    expect(heard).toHaveLength(1)
  })

  // As where an interceptor of Taro's answers: NervJS/taro#2565.
  test.each(['request', 'uploadFile'] as const)(
    'a %s that is answered by a promise alone is answered',
    async (call) => {
      const answer = ({ dataType = 'json' }) => {
        const isText = call === 'uploadFile' || dataType === 'text'
        return Promise.resolve({ statusCode: 200, header: {}, data: isText ? '{"a":1}' : { a: 1 } })
      }
      const api = clientOn(phone, { [call]: answer })
      const asked =
        call === 'request'
          ? api.request({ url: '/a', auth: false })
          : api.uploadFile({ url: '/a', filePath: 'a', name: 'a', auth: false })
      expect(await result(phone.fake, asked)).toMatchObject({ statusCode: 200, data: { a: 1 } })
    },
  )

  test('without a time-out a call goes without one', () => {
    const sent: object[] = []
    phone
      .platform({ request: (options: object) => void sent.push(options) })
      .request({ url: 'https://api.test' })
    expect(sent).not.toMatchObject([{ timeout: expect.anything() as unknown }])
  })

  test('events that a platform answers with a promise that rejects bother nobody', async () => {
    const reject = () => Promise.reject(new Error('not supported'))
    const calls = { onAppShow: reject, onAppHide: reject, onNetworkStatusChange: reject }
    const api = clientOn(phone, calls)
    expect(await result(phone.fake, api.get('/a'))).toMatchObject({ ok: true })
    // Jest fails a test that has left a rejection to nobody by then.
    await new Promise((done) => setImmediate(done))
  })
})
