import { ConfigError, type ClientOptions } from '../../src'
import { createFakeWeChat, type FakeWeChat } from '../../src/testing'
import { thrown } from '../phone'
import {
  altered,
  clientOn,
  codesOf,
  HOME,
  KEY,
  makeWorld,
  times,
  tokenOf,
  watch,
  type World,
} from '../laws/world'
import { slowStore, stored, tenAt, together } from './session-helpers'

const TEST = 'https://test.example'
const SHOP = 'https://shop.example'
const PAY = 'https://pay.example'

/** A launch of the mini-program: a copy of its own on the same phone. */
function launch(fake: FakeWeChat, client: Partial<ClientOptions>): World {
  return { fake, ...clientOn(fake, { platform: altered(fake, {}), checkSession: false, ...client }) }
}

/** An earlier launch has logged in at this origin; `token-1` lies in the store. */
async function loggedInAt(baseURL: string, client: Partial<ClientOptions> = {}): Promise<FakeWeChat> {
  const fake = createFakeWeChat()
  await Promise.all([launch(fake, { baseURL, ...client }).api.ensureLogin(), fake.clock.runAll()])
  expect(stored(fake)).toMatchObject({ token: 'token-1' })
  return fake
}

/** The tokens that went to this origin, the login's requests aside. */
function tokensTo(fake: FakeWeChat, origin: string): string[] {
  return fake.server.requests
    .filter((request) => request.origin === origin && request.path !== '/login')
    .map(tokenOf)
}

async function ask({ fake, api }: World, url: string, auth?: 'optional'): Promise<string> {
  const request = watch(api.get(url, {}, { retry: false, ...(auth && { auth }) }), fake)
  await fake.clock.runAll()
  return request.code
}

describe('S12: two clients for two back ends', () => {
  const at = (baseURL: ClientOptions['baseURL'], more: Partial<ClientOptions> = {}) =>
    ({ baseURL, ...more }) as Partial<ClientOptions>

  test.each<[string, Partial<ClientOptions>, Partial<ClientOptions>]>([
    ['with the default key', at(SHOP), at(PAY)],
    ['with the same key', at(SHOP, { storage: { key: 'mine' } }), at(PAY, { storage: { key: 'mine' } })],
    ['with lists that have none in common', at([SHOP, TEST]), at([PAY, 'https://pay2.example'])],
  ])('%s: the second is a ConfigError that says to give it a key', (_what, one, two) => {
    const fake = createFakeWeChat()
    clientOn(fake, one)
    const error = thrown(() => clientOn(fake, two))
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.message).toContain('key')
  })

  test.each<[string, Partial<ClientOptions>, Partial<ClientOptions>]>([
    ['with keys of their own', at(SHOP), at(PAY, { storage: { key: 'pay' } })],
    ['for one and the same back end', at(SHOP), at(`${SHOP}/v2`)],
    ['with lists that have one in common', at([SHOP, PAY]), at([TEST, PAY])],
    ['with authOrigins that have one in common', at(SHOP), at(PAY, { authOrigins: [SHOP, PAY] })],
    ['one of which computes its base', at(SHOP), at(() => PAY)],
    ['one of which has no origin', at(SHOP), at('', { login: () => Promise.resolve('good') })],
  ])('%s: both are fine', (_what, one, two) => {
    const fake = createFakeWeChat()
    clientOn(fake, one)
    expect(() => clientOn(fake, two)).not.toThrow()
  })

  test('on two platform objects both are fine', () => {
    const fake = createFakeWeChat()
    clientOn(fake, at(SHOP))
    expect(() => clientOn(fake, at(PAY, { platform: altered(fake, {}) }))).not.toThrow()
  })

  test('with keys of their own neither sends the other’s token', async () => {
    const fake = createFakeWeChat()
    const shop = { fake, ...clientOn(fake, at(SHOP)) }
    const pay = { fake, ...clientOn(fake, at(PAY, { storage: { key: 'pay' } })) }
    const all = [...tenAt(shop, '/a'), ...tenAt(pay, '/b')]
    await fake.clock.runAll()
    const [one, two] = [new Set(tokensTo(fake, SHOP)), new Set(tokensTo(fake, PAY))]
    expect([together(all), one.size, two.size]).toEqual(['ok', 1, 1])
    expect(one).not.toEqual(two)
  })
})

describe('S13: the token of another origin is not taken up', () => {
  test('the base URL is switched between launches: a login, and the old token goes nowhere', async () => {
    const fake = await loggedInAt(TEST)
    const world = launch(fake, { baseURL: SHOP })
    expect(world.api.session).toBeUndefined()
    const all = tenAt(world, '/orders')
    await fake.clock.runAll()
    expect([together(all), fake.calls.logins]).toEqual(['ok', 2])
    expect(new Set(tokensTo(fake, SHOP))).toEqual(new Set(['token-2']))
    expect(stored(fake)).toMatchObject({ token: 'token-2', origin: SHOP })
  })

  test('nor is it removed: back at its own origin it serves', async () => {
    const fake = await loggedInAt(TEST)
    fake.server.on('/menu', () => ({ data: 1 }))
    fake.server.anyPath = true
    expect(await ask(launch(fake, { baseURL: SHOP }), '/menu', 'optional')).toBe('ok')
    expect(stored(fake)).toMatchObject({ token: 'token-1', origin: TEST })
    expect(await ask(launch(fake, { baseURL: TEST }), '/orders')).toBe('ok')
    expect([tokensTo(fake, SHOP), tokensTo(fake, TEST), fake.calls.logins]).toEqual([[''], ['token-1'], 1])
  })

  test('a slow store of the app’s own is told the origin, and asked for it', async () => {
    const fake = createFakeWeChat()
    const { box, store } = slowStore(fake)
    const first = launch(fake, { baseURL: TEST, storage: store })
    expect(await ask(first, '/orders')).toBe('ok')
    expect(box.session).toMatchObject({ token: 'token-1', origin: TEST })
    expect(await ask(launch(fake, { baseURL: SHOP, storage: store }), '/orders')).toBe('ok')
    expect([tokensTo(fake, SHOP), fake.calls.logins]).toEqual([['token-2'], 2])
  })

  test('a record of the first edition has no origin: it is taken up', async () => {
    const fake = createFakeWeChat()
    fake.storage.set(KEY, { token: fake.server.issue('good') })
    expect(await ask(launch(fake, { baseURL: SHOP }), '/orders')).toBe('ok')
    expect([tokensTo(fake, SHOP), fake.calls.logins]).toEqual([['good'], 0])
  })

  test('an origin that authOrigins names is home', async () => {
    const fake = await loggedInAt(TEST)
    expect(await ask(launch(fake, { baseURL: SHOP, authOrigins: [TEST, SHOP] }), '/orders')).toBe('ok')
    expect([tokensTo(fake, SHOP), fake.calls.logins]).toEqual([['token-1'], 1])
  })

  test('another copy’s token of another origin is not adopted', async () => {
    const fake = createFakeWeChat()
    fake.storage.set(KEY, { token: 'dead', origin: SHOP })
    const world = launch(fake, { baseURL: SHOP })
    expect(world.api.session?.token).toBe('dead')
    fake.storage.set(KEY, { token: fake.server.issue('of-the-test'), origin: TEST })
    expect([await ask(world, '/orders'), tokensTo(fake, SHOP)]).toEqual(['ok', ['dead', 'token-1']])
  })

  test('of a list of bases the one in force when the token came is its origin; both are home', async () => {
    const fake = createFakeWeChat()
    const refused = { fail: { errMsg: 'fail errcode:-102 net::ERR_CONNECTION_REFUSED', errno: 600_001 } }
    fake.misbehave('request', refused, Infinity, ({ url }) => url?.startsWith(SHOP) === true)
    const world = launch(fake, { baseURL: [SHOP, PAY] })
    fake.server.on('/menu', () => ({ data: 1 }))
    fake.server.anyPath = true
    watch(world.api.get('/menu', {}, { auth: false }), fake)
    await fake.clock.runAll()
    expect(await ask(world, '/orders')).toBe('ok')
    expect(stored(fake)).toMatchObject({ token: 'token-1', origin: PAY })
    fake.behave()
    expect(await ask(launch(fake, { baseURL: [SHOP, PAY] }), '/orders')).toBe('ok')
    expect([tokensTo(fake, SHOP), fake.calls.logins]).toEqual([['token-1'], 1])
  })

  test('a computed base that moves: the token of the one before counts as none, and a login follows', async () => {
    const fake = createFakeWeChat()
    let base = TEST
    const world = launch(fake, { baseURL: () => base })
    expect(await ask(world, '/orders')).toBe('ok')
    base = SHOP
    const all = tenAt(world, '/orders')
    await fake.clock.runAll()
    expect([together(all), fake.calls.logins]).toEqual(['ok', 2])
    expect(new Set(tokensTo(fake, SHOP))).toEqual(new Set(['token-2']))
  })

  test('without a base URL it is that of login.url; without either there is none', async () => {
    const fake = await loggedInAt('', { login: { url: `${PAY}/login` } })
    expect(stored(fake)).toMatchObject({ origin: PAY })
    const other = createFakeWeChat()
    const login = () => Promise.resolve(other.server.issue())
    await Promise.all([launch(other, { baseURL: '', login }).api.ensureLogin(), other.clock.runAll()])
    expect((stored(other) as { origin?: string }).origin).toBeUndefined()
  })

  test('extend({ baseURL }) to an origin that is not home is a ConfigError, unless authOrigins is given too', () => {
    const { api } = launch(createFakeWeChat(), { baseURL: SHOP })
    expect(thrown(() => api.extend({ baseURL: PAY }))).toBeInstanceOf(ConfigError)
    expect(() => api.extend({ baseURL: `${SHOP}/v2` })).not.toThrow()
    expect(() => api.extend({ baseURL: PAY, authOrigins: [SHOP, PAY] })).not.toThrow()
  })
})

describe('S14: an app moves to this package, with a plain token under the key', () => {
  test.each([['good'], ['Bearer good']])('"%s" is the token', async (text) => {
    const fake = createFakeWeChat()
    fake.server.issue('good')
    fake.storage.set('my-token', text)
    const world = launch(fake, { baseURL: SHOP, storage: { key: 'my-token' } })
    const all = tenAt(world, '/orders')
    await fake.clock.runAll()
    expect([together(all), new Set(tokensTo(fake, SHOP)), fake.calls.logins]).toEqual([
      'ok',
      new Set(['good']),
      0,
    ])
  })

  test('a dead one is replaced by a session, which the next launch finds', async () => {
    const fake = createFakeWeChat()
    fake.storage.set(KEY, 'dead')
    expect(await ask(launch(fake, { baseURL: SHOP }), '/orders')).toBe('ok')
    expect([stored(fake), tokensTo(fake, SHOP)]).toMatchObject([{ token: 'token-1' }, ['dead', 'token-1']])
    expect(await ask(launch(fake, { baseURL: SHOP }), '/orders')).toBe('ok')
    expect(fake.calls.logins).toBe(1)
  })

  test('a store of the app’s own may hold one as well', async () => {
    const fake = createFakeWeChat()
    const { store } = slowStore(fake, fake.server.issue('good'))
    expect(await ask(launch(fake, { baseURL: SHOP, storage: store }), '/orders')).toBe('ok')
    expect(fake.calls.logins).toBe(0)
  })

  test.each(['', 'a\r\nX-Evil: 1', 5, true, []])('%j is none', async (garbage) => {
    const fake = createFakeWeChat()
    fake.storage.set(KEY, garbage)
    expect(await ask(launch(fake, { baseURL: SHOP }), '/orders')).toBe('ok')
    expect(tokensTo(fake, SHOP)).toEqual(['token-1'])
  })
})

test.each(times(30, (nth) => nth))(
  'a baseURL() that throws once, at its call %i, leaves nobody waiting',
  async (nth) => {
    const { fake } = makeWorld({ stored: nth % 2 ? 'good' : 'dead', isLive: nth % 2 === 1 })
    fake.storage.set(KEY, { token: nth % 2 ? 'good' : 'dead', origin: HOME })
    let calls = 0
    const baseURL = () => {
      if (calls++ === nth) throw new Error('there is no App yet')
      return HOME
    }
    const { api } = clientOn(fake, { baseURL })
    const all = [
      watch<unknown>(api.get('/orders'), fake),
      watch<unknown>(api.ensureLogin(), fake),
      watch<unknown>(api.get('/a', {}, { auth: 'verified' }), fake),
      watch<unknown>(api.get('/b', {}, { auth: 'optional' }), fake),
    ]
    await fake.clock.advance(5)
    all.push(watch<unknown>(api.ensureLogin({ force: true }), fake))
    await fake.clock.runAll()
    expect(codesOf(all)).not.toContain('pending')
    const thereafter = [watch<unknown>(api.get('/orders'), fake), watch<unknown>(api.get('/orders'), fake)]
    await fake.clock.runAll()
    expect(codesOf(thereafter)).toContain('ok')
  },
)
