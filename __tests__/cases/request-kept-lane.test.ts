import { createClient, type Client, type ClientOptions } from '../../src'
import { clientOn, codesOf, deferred, HOME, makeWorld, times, watch, type Watched } from '../laws/world'
import { accepted, another, arrived, full, hold } from './request-lanes-world'

describe('the lane that is kept for a login', () => {
  test('is kept as long as nothing has shown that the token is good', async () => {
    const { fake } = makeWorld()
    const api = another(fake, 'one')
    fake.server.hold('/held')
    hold(fake, api, 15)
    await fake.clock.advance(100)
    expect(fake.network.running).toBe(9)
    fake.server.release('/held', 1)
    await fake.clock.advance(100)
    expect(fake.network.running).toBe(10)
  })

  test('is kept on the whole phone while one of two clients waits for its login', async () => {
    const { fake, api } = await full()
    const other = createClient({
      platform: fake.wx,
      baseURL: HOME,
      login: { url: '/login' },
      storage: { key: 'two' },
    })
    fake.misbehave('login', 'hang')
    const waits = watch(other.get('/next'), fake)
    await fake.clock.advance(20)
    hold(fake, api, 15)
    await fake.clock.advance(100)
    expect([fake.network.running, waits.code]).toEqual([9, 'pending'])
  })

  test.each<[string, Partial<ClientOptions>]>([
    ['an exchange', { login: { exchange: (code) => Promise.resolve(`t-${code}`) } }],
    ['a refresh', { login: { url: '/login', refresh: () => Promise.resolve('t') } }],
  ])('is always kept beside a client with %s of the app’s', async (_what, client) => {
    const { fake, api } = await full(client)
    hold(fake, api, 15)
    await fake.clock.advance(100)
    expect(fake.network.running).toBe(9)
  })

  test('is kept beside such a client that has not been used yet, and its exchange gets through', async () => {
    const { fake, api } = await full()
    const other: Client = another(fake, 'two', {
      login: {
        exchange: (code) => other.post<{ token: string }>('/login', { code }, { auth: false }),
      },
    })
    hold(fake, api, 15)
    await fake.clock.advance(100)
    const forced = watch(other.ensureLogin({ force: true }), fake)
    await fake.clock.advance(100)
    expect(forced.code).toBe('ok')
  })

  test('with a token that has expired it is kept again', async () => {
    const { fake } = makeWorld()
    const api = another(fake, 'one', {}, fake.clock.now() + 10_000)
    await accepted(fake, api)
    fake.server.hold('/held')
    fake.misbehave('login', 'hang')
    await fake.clock.advance(11_000)
    const waits = watch(api.get('/member'), fake)
    await fake.clock.advance(20)
    hold(fake, api, 15, { auth: false })
    await fake.clock.advance(100)
    expect([fake.network.running, waits.code]).toEqual([9, 'pending'])
  })

  test('a login goes through beside its client’s full share, for it is not part of it', async () => {
    const { fake, api } = makeWorld({ client: { concurrency: 1, checkSession: false } })
    fake.server.hold('/held')
    hold(fake, api, 3, { auth: false })
    await fake.clock.advance(50)
    const login = watch(api.ensureLogin(), fake)
    await fake.clock.advance(100)
    expect([login.code, arrived(fake, '/held').length]).toEqual(['ok', 1])
  })

  test('with all ten taken a login has the next one, ahead of everybody, and that wait is not its time', async () => {
    const { fake, api } = await full()
    const other = createClient({
      platform: fake.wx,
      baseURL: HOME,
      login: { url: '/login', timeout: 1000, retry: 0 },
      storage: { key: 'two' },
    })
    hold(fake, api, 10, { timeout: 60_000 })
    await fake.clock.advance(50)
    times(5, (n) => watch(api.get('/older', { n }), fake))
    const login = watch(other.ensureLogin(), fake)
    await fake.clock.advance(20_000)
    expect([login.code, arrived(fake, '/older')]).toEqual(['pending', []])
    fake.server.release('/held', 1)
    await fake.clock.advance(100)
    expect(login.code).toBe('ok')
    const paths = fake.server.requests.map(({ path }) => path)
    expect(paths.indexOf('/login')).toBe(10)
  })
})

describe('the kept lane is lent to the app’s own exchange', () => {
  const exchanging = () => {
    const { fake } = makeWorld()
    const api: Client = createClient({
      platform: fake.wx,
      baseURL: HOME,
      login: {
        exchange: (code) => api.post<{ token: string }>('/login', { code }, { auth: false }),
      },
    })
    return { fake, api }
  }

  test('its request goes through, though nine stand still and older ones wait', async () => {
    const { fake, api } = exchanging()
    fake.server.hold('/held')
    hold(fake, api, 12, { auth: false })
    await fake.clock.advance(50)
    expect(arrived(fake, '/held').length).toBe(9)
    const login = watch(api.ensureLogin(), fake)
    await fake.clock.advance(100)
    expect([login.code, arrived(fake, '/held').length]).toEqual(['ok', 9])
  })

  test('as does that of a refresh', async () => {
    const { fake } = makeWorld({ stored: 'old', isLive: false })
    fake.server.on('/refresh', () => ({ data: { token: fake.server.issue('new') } }))
    const api: Client = createClient({
      platform: fake.wx,
      baseURL: HOME,
      checkSession: false,
      login: {
        url: '/login',
        refresh: ({ token }) => api.post<{ token: string }>('/refresh', { token }, { auth: false }),
      },
    })
    fake.server.hold('/held')
    const asked = watch(api.get('/orders'), fake)
    hold(fake, api, 12, { auth: false })
    await fake.clock.advance(200)
    expect([api.session?.token, fake.calls.logins]).toEqual(['new', 0])
    fake.server.release()
    await fake.clock.runAll()
    expect(asked.code).toBe('ok')
  })

  test('it is lent to one request at a time', async () => {
    const { fake } = makeWorld()
    const api: Client = createClient({
      platform: fake.wx,
      baseURL: HOME,
      concurrency: 1,
      login: {
        exchange: () => {
          hold(fake, api, 3, { auth: false })
          return new Promise(() => undefined)
        },
      },
    })
    fake.server.hold('/held')
    watch(api.ensureLogin(), fake)
    await fake.clock.advance(100)
    // One by its share, one on the lane that is lent.
    expect(arrived(fake, '/held')).toEqual(['0', '1'])
  })

  test('no request with a token has it, such as those that go on when a check has failed', async () => {
    const { fake } = makeWorld({ stored: 'good' })
    fake.account.expireKey()
    const exchange = jest.fn(() => new Promise<string>(() => undefined))
    const api = createClient({ platform: fake.wx, baseURL: HOME, login: { exchange, timeout: false } })
    fake.server.hold('/held')
    watch(api.get('/orders'), fake)
    await fake.clock.advance(100)
    hold(fake, api, 12)
    await fake.clock.advance(100)
    expect([exchange.mock.calls.length, arrived(fake, '/held').length]).toEqual([1, 9])
  })

  test('when the login is over, it is not lent any more', async () => {
    const { fake, api } = exchanging()
    fake.server.hold('/held')
    hold(fake, api, 12, { auth: false })
    await fake.clock.advance(50)
    const login = watch(api.ensureLogin(), fake)
    await fake.clock.advance(100)
    const later = watch(api.get('/later', {}, { auth: false, throwHttpErrors: false }), fake)
    await fake.clock.advance(100)
    expect([login.code, later.code]).toEqual(['ok', 'pending'])
    fake.server.release()
    await fake.clock.runAll()
    expect(later.code).toBe('ok')
  })

  test('a login that was given up ends: the requests of the one at work may have it all the same', async () => {
    const { fake } = makeWorld()
    const [first, second] = [deferred<string>(), deferred<string>()]
    const asked: Watched[] = []
    const answers = [
      () => first.promise,
      () => {
        asked.push(
          watch(api.get('/ask', {}, { auth: false, throwHttpErrors: false }), fake),
          watch(api.get('/more', {}, { auth: false, throwHttpErrors: false }), fake),
        )
        return second.promise
      },
    ]
    const exchange = () => (answers.shift() as () => Promise<string>)()
    const { api } = clientOn(fake, { login: { code: false, exchange } })
    fake.server.hold()
    hold(fake, api, 12, { auth: false })
    watch(api.ensureLogin({ force: true }), fake)
    watch(api.ensureLogin({ data: { invitation: 'of-a-friend' } }), fake)
    await fake.clock.advance(50)
    first.resolve('unwanted')
    await fake.clock.advance(50)
    fake.server.release('/ask')
    await fake.clock.advance(50)
    fake.server.release('/more')
    await fake.clock.advance(50)
    expect(codesOf(asked)).toEqual(['ok', 'ok'])
    second.resolve(fake.server.issue())
    fake.server.release()
    await fake.clock.runAll()
  })
})
