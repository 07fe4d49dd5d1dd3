import { ConfigError, createClient, type ClientEvent, type ClientOptions } from '../../src'
import { createFakeWeChat } from '../../src/testing'
import { inspect } from 'node:util'
import { clientOn, codesOf, HOME, makeWorld, times, tokensAt, tokenOf, watch, type World } from './world'

const SECRET = 'sEcReT-tOkEn'

/** Where a secret shows in what left the client other than on the wire: errors, events, the console. */
function leaks(
  secret: string,
  world: Pick<World, 'events'>,
  errors: unknown[],
  log: jest.SpyInstance[],
): string[] {
  const all = [...world.events, ...errors, ...log.flatMap(({ mock }) => mock.calls as unknown[])]
  const text = inspect(all, { depth: 12, showHidden: true, maxStringLength: null, maxArrayLength: null })
  return text.split('\n').filter((line) => line.includes(secret))
}

const everyWord = () =>
  (['log', 'warn', 'error', 'info', 'debug'] as const).map((name) =>
    jest.spyOn(console, name).mockImplementation(() => undefined),
  )

describe('law 13: the token stays home', () => {
  afterEach(() => jest.restoreAllMocks())

  test.each([
    'https://other.test/a',
    'https://api.test.evil.test/a',
    'https://api.test@evil.test/a',
    'https://api.test:8443/a',
    'http://api.test/a',
    'https://evil.test/https://api.test/a',
    'https://api.test\\@evil.test/a',
    'https://xapi.test/a',
    'https://evil.test?https://api.test',
    'https://evil.test#https://api.test',
  ])('a request to %s goes out without the token', async (url) => {
    const { fake, api } = makeWorld({ stored: 'good' })
    const request = watch(api.request({ url, retry: false }), fake)
    await fake.clock.runAll()
    expect(request.code).not.toBe('pending')
    expect(fake.calls.requests.map(({ header }) => header['Authorization'])).toEqual(
      fake.calls.requests.map(() => undefined),
    )
  })

  test.each(['/a', 'a', '//a', 'https://api.test/a', 'HTTPS://API.TEST/a', 'https://api.test:443/a'])(
    'a request to %s is at home',
    async (url) => {
      const { fake, api } = makeWorld({ stored: 'good' })
      const request = watch(api.request({ url }), fake)
      await fake.clock.runAll()
      expect([request.code, fake.server.requests.map(tokenOf)]).toEqual(['ok', ['good']])
    },
  )

  test('authOrigins says where the token may go, and nowhere else', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { authOrigins: ['https://files.test'] } })
    fake.server.on('/a', (request) => ({ data: tokenOf(request) }))
    const all = ['https://files.test/a', 'https://api.test/a', 'https://cdn.test/a'].map((url) =>
      watch(api.get(url), fake),
    )
    await fake.clock.runAll()
    expect(all.map(({ value }) => value)).toEqual(['good', '', ''])
  })

  test('the origin of login.url is home too', async () => {
    const { fake, api } = makeWorld({ client: { login: { url: 'https://id.test/login' } } })
    const request = watch(api.get('https://id.test/me'), fake)
    await fake.clock.runAll()
    expect([request.code, tokensAt({ fake }, '/me')]).toEqual(['ok', ['token-1']])
  })

  test('authorize hands the token to the app’s own function and to no one else', async () => {
    const world = makeWorld({ stored: SECRET })
    const log = everyWord()
    const failed = watch(
      world.api.authorize(() => Promise.reject(new Error('of the app'))),
      world.fake,
    )
    await world.fake.clock.runAll()
    expect(leaks(SECRET, world, [failed.error], log)).toEqual([])
  })

  test.each([
    'http://api.example.com',
    'http://8.8.8.8',
    'http://localhost.evil.test',
    'http://10.0.0.1.evil.test',
    'ftp://a',
    'nonsense',
  ])('a baseURL of %s is a ConfigError', (baseURL) => {
    const { fake } = makeWorld()
    const create = () => createClient({ platform: fake.wx, baseURL, login: { url: '/login' } })
    expect(create).toThrow(ConfigError)
    expect(() =>
      createClient({ platform: fake.wx, baseURL: [HOME, baseURL], login: { url: '/login' } }),
    ).toThrow(ConfigError)
    expect(() =>
      createClient({ platform: fake.wx, baseURL: HOME, authOrigins: [baseURL], login: { url: '/login' } }),
    ).toThrow(ConfigError)
  })

  test.each([
    'http://localhost:3000',
    'http://127.0.0.1:8080',
    'http://192.168.1.20',
    'http://10.1.2.3',
    'http://172.16.0.1',
    'https://api.example.com',
  ])('a baseURL of %s is fine', (baseURL) => {
    const { wx: platform } = createFakeWeChat()
    expect(() => createClient({ platform, baseURL, login: { url: '/login' } })).not.toThrow()
  })

  test('a baseURL function that turns to http rejects the request before anything is sent', async () => {
    let base = HOME
    const { fake, api } = makeWorld({ stored: 'good', client: { baseURL: () => base } })
    base = 'http://api.test'
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, fake.calls.requestCount]).toEqual(['CONFIG', 0])
  })

  const attachments: [string, NonNullable<ClientOptions['attach']>][] = [
    ['bearer', 'bearer'],
    ['header', { header: 'skey' }],
    ['cookie', { cookie: 'sid' }],
    ['body', { body: 'token' }],
    ['query', { query: 'token' }],
  ]

  test.each(attachments)(
    'with the token in the %s, no event, error or log of any failure holds it',
    async (_where, attach) => {
      const log = everyWord()
      const world = makeWorld({ stored: SECRET, client: { attach, retry: { limit: 1, delay: () => 5 } } })
      const { fake, api } = world
      const quoting = (path: string) => ({
        fail: {
          errMsg: `fail url not in domain list: https://api.test${path}?token=${SECRET} Bearer ${SECRET}`,
        },
      })
      fake.misbehave('request', quoting('/a'), 2)
      const all = times(5, (n) => watch(api.post(`/${n}?q=${SECRET}`, { n }), fake))
      fake.server.refuseAll = true
      await fake.clock.runAll()
      expect(codesOf(all)).not.toContain('pending')
      expect(
        leaks(
          SECRET,
          world,
          all.map(({ error }) => error),
          log,
        ),
      ).toEqual([])
    },
  )

  test.each(attachments.filter(([where]) => where !== 'query'))(
    'with the token in the %s, no URL holds it',
    async (_where, attach) => {
      const { fake, api } = makeWorld({ stored: SECRET, client: { attach } })
      watch(api.post('/a', { n: 1 }), fake)
      await fake.clock.runAll()
      expect(fake.calls.requests.map(({ url }) => url).join()).not.toContain(SECRET)
    },
  )

  test('queries are in no error and no event, also when the URL itself is the mistake', async () => {
    const world = makeWorld({ stored: 'good' })
    const log = everyWord()
    const urls = [
      `ftp://api.test/a?key=${SECRET}`,
      `https://api.test/b?key=${SECRET}`,
      `javascript:x?${SECRET}`,
    ]
    world.fake.server.on('/b', () => ({ statusCode: 500 }))
    const all = urls.map((url) => watch(world.api.get(url, {}, { retry: false }), world.fake))
    await world.fake.clock.runAll()
    expect(codesOf(all)).toEqual(['CONFIG', 'HTTP_STATUS', 'CONFIG'])
    expect(
      leaks(
        SECRET,
        world,
        all.map(({ error }) => error),
        log,
      ),
    ).toEqual([])
  })

  test.each([
    ['quotes it', (token: string) => `cannot store {"token":"${token}"}`],
    ['says it plainly', (token: string) => `quota exceeded while storing ${token} (1 MB)`],
  ])('a store whose error %s does not get the token into an event', async (_how, message) => {
    const log = everyWord()
    const complain = (session: { token: string }) => {
      throw new Error(message(session.token))
    }
    const storage = { get: () => undefined, set: complain, remove: () => complain({ token: SECRET }) }
    const { fake } = makeWorld()
    const world = clientOn(fake, { storage: storage as never, login: () => Promise.resolve(SECRET) })
    watch(world.api.ensureLogin(), fake)
    await fake.clock.runAll()
    world.api.logout()
    await fake.clock.runAll()
    expect(world.events.map(({ type }: ClientEvent) => type)).toContain('storage-error')
    expect(leaks(SECRET, world, [], log)).toEqual([])
  })

  test('no code is in an event, an error or a log of a login that fails', async () => {
    const log = everyWord()
    const world = makeWorld({ fake: { codes: () => 'sEcReT-cOdE' } })
    world.fake.misbehave('request', {
      fail: { errMsg: 'fail https://api.test/login?code=sEcReT-cOdE sEcReT-cOdE' },
    })
    const login = watch(world.api.ensureLogin(), world.fake)
    await world.fake.clock.runAll()
    expect(login.code).toBe('LOGIN_FAILED')
    expect(leaks('sEcReT-cOdE', world, [login.error], log)).toEqual([])
  })

  test('no query that WeChat quotes shows in an error: it may hold any secret', async () => {
    const world = makeWorld({ stored: 'good', client: { retry: false } })
    const { fake, api } = world
    const errMsg = `request:fail redirect to https://sso.test/in?ticket=${SECRET} is not in domain list`
    fake.misbehave('request', { fail: { errMsg } })
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect(request.error?.message).toContain('https://sso.test/in')
    expect(leaks(SECRET, world, [request.error], [])).toEqual([])
  })

  test.each([400, 500])('a login answered %i with its own code does not show it', async (statusCode) => {
    const world = makeWorld({ client: { login: { url: '/login', retry: 0 } } })
    const { fake, api } = world
    fake.server.on('/login', ({ data }) => ({ statusCode, data: { msg: 'no such code', sent: data } }))
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    const { cause } = request.error as { cause?: { response?: { data?: { msg?: string } } } }
    expect(cause?.response?.data?.msg).toBe('no such code')
    expect(leaks('code-1', world, [request.error], [])).toEqual([])
  })

  test('a token in a bad login answer is in no error', async () => {
    const log = everyWord()
    const world = makeWorld({ client: { login: { url: '/login', retry: 0 } } })
    world.fake.server.loginReply = () => ({ data: { token: `${SECRET}\n` } })
    const login = watch(world.api.ensureLogin(), world.fake)
    await world.fake.clock.runAll()
    expect(login.code).toBe('LOGIN_BAD_RESPONSE')
    expect(leaks(SECRET, world, [login.error], log)).toEqual([])
  })

  test.each(['a\r\nX: 1', 'a\nb', 'a\0b', ' a', 'a ', 'ключ', '令牌', '\u2028'])(
    'a token that could break a header is refused (%j)',
    async (token) => {
      const { fake, api } = makeWorld({ client: { login: () => Promise.resolve(token) } })
      const login = watch(api.ensureLogin(), fake)
      await fake.clock.runAll()
      expect([login.code, api.session, fake.storage.keys()]).toEqual(['LOGIN_BAD_RESPONSE', undefined, []])
    },
  )

  test('a header of the app that holds a line break is refused before anything is sent', async () => {
    const { fake, api } = makeWorld({ stored: 'good' })
    const request = watch(api.get('/a', {}, { header: { 'X-Name': 'a\r\nAuthorization: other' } }), fake)
    await fake.clock.runAll()
    expect([request.code, fake.calls.requestCount]).toEqual(['CONFIG', 0])
  })

  test('a cookie token with a semicolon is refused', async () => {
    const { fake, api } = makeWorld({ stored: 'a;b', client: { attach: { cookie: 'sid' } } })
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, fake.calls.requestCount]).toEqual(['CONFIG', 0])
  })

  test('a session_key in a login answer is warned of, and never stored, however deep it lies', async () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined)
    const data = { user: { name: 'Li', keys: [{ session_key: SECRET, sessionKey: SECRET, id: 1 }] } }
    const token = ({ data: answer }: { data: unknown }) => ({ token: 'a-token', data: answer })
    const { fake, api } = makeWorld({ client: { login: { url: '/login', token } } })
    fake.server.loginReply = () => ({ data })
    const login = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    expect([login.code, warn.mock.calls.length]).toEqual(['ok', 1])
    expect(String(warn.mock.calls[0])).toContain('session_key')
    expect(api.session?.data).toEqual({ user: { name: 'Li', keys: [{ id: 1 }] } })
    expect(JSON.stringify([fake.storage.get('miniprogram-session'), warn.mock.calls])).not.toContain(SECRET)
  })

  test('a session_key nine levels down is not stored either', async () => {
    jest.spyOn(console, 'warn').mockImplementation(() => undefined)
    const bury = (depth: number): object =>
      depth === 0 ? { session_key: SECRET } : { inner: bury(depth - 1) }
    const { fake, api } = makeWorld({
      client: { login: () => Promise.resolve({ token: 'a-token', data: bury(9) }) },
    })
    watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    expect(JSON.stringify(fake.storage.get('miniprogram-session'))).not.toContain(SECRET)
  })

  test('a session_key is no token: login.token that points at it is refused', () => {
    for (const token of ['session_key', 'data.session_key', 'sessionKey']) {
      expect(() => makeWorld({ client: { login: { url: '/login', token } } })).toThrow(/login\.token/)
    }
  })

  test('a session_key that an earlier version has stored is not handed on', () => {
    const { fake } = makeWorld()
    fake.storage.set('miniprogram-session', { token: 'good', data: { session_key: SECRET, name: 'Li' } })
    const { session } = clientOn(fake).api
    expect([session?.token, session?.data]).toEqual(['good', { name: 'Li' }])
  })

  test('the token never goes with the login request', async () => {
    const { fake, api } = makeWorld({ stored: SECRET })
    watch(api.ensureLogin({ force: true }), fake)
    await fake.clock.runAll()
    expect(JSON.stringify(fake.calls.requests)).not.toContain(SECRET)
  })

  test('a request that fails over to a base outside authOrigins goes there without a token, and its 401 is a plain one', async () => {
    const { fake, api } = makeWorld({
      stored: 'good',
      client: { baseURL: ['https://one.test', 'https://two.test'], authOrigins: ['https://one.test'] },
    })
    const refused = { fail: { errMsg: 'fail errcode:-102 net::ERR_CONNECTION_REFUSED' } }
    fake.misbehave('request', refused, Infinity, ({ url }) => url?.startsWith('https://one.test') === true)
    const request = watch(api.get('/a', {}, { retry: false }), fake)
    await fake.clock.runAll()
    const sent = fake.server.requests.map(({ origin, header }) => [origin, header['Authorization']])
    expect([request.code, sent]).toEqual(['HTTP_STATUS', [['https://two.test', undefined]]])
    expect([api.session?.token, fake.calls.logins]).toEqual(['good', 0])
  })

  test('a code that a login function quotes in its error is not in the words of ours', async () => {
    const { fake, api } = makeWorld({
      client: {
        login: (code) => Promise.reject(new Error(`url not in domain list: https://api.test/${code}`)),
      },
    })
    const login = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    expect(login.error?.message).toMatch(/domain list: https:\/\/api\.test\/\*\*\*/)
  })

  test('a computed base URL that has moved away is no home any more', async () => {
    let base = 'https://a.test'
    const world = makeWorld({
      stored: 'good',
      client: { baseURL: () => base, login: () => Promise.reject(new Error()) },
    })
    const { fake, api } = world
    fake.server.on('/menu', () => ({}))
    watch(api.get('https://a.test/menu'), fake)
    await fake.clock.runAll()
    base = 'https://b.test'
    watch(api.get('https://a.test/menu'), fake)
    await fake.clock.runAll()
    expect(fake.server.requests.map(tokenOf)).toEqual(['good', ''])
  })
})
