import { inspect } from 'node:util'
import { ConfigError, createClient, type ClientOptions, type Session } from '../../src'
import { clientOn, HOME, KEY, makeWorld, NO_RETRY, soon, sourcesOf, storedToken, tokenOf } from './world'
import { tokensAt, watch } from './world'

const STAGING = 'https://staging.test'

/** The origin in the record that is stored. */
const originIn = ({ storage }: ReturnType<typeof makeWorld>['fake']): string | undefined =>
  (storage.get(KEY) as Session | undefined)?.origin

describe('law 13: whose token it is', () => {
  test.each<[string, string | undefined, Partial<ClientOptions>]>([
    ['of the base URL', HOME, {}],
    [
      'of the base URL, without its path',
      HOME,
      { baseURL: `${HOME}/v1`, login: () => Promise.resolve('a-token') },
    ],
    ['of the first of a list', HOME, { baseURL: [HOME, 'https://backup.test'] }],
    ['that a function gives', STAGING, { baseURL: () => STAGING }],
    ['of login.url, if that is absolute', 'https://id.test', { login: { url: 'https://id.test/login' } }],
    ['of nobody, if there is neither', undefined, { baseURL: '', login: () => Promise.resolve('a-token') }],
  ])('the record remembers the origin %s', async (_which, origin, client) => {
    const { fake, api } = makeWorld({ client })
    const login = await soon(fake, api.ensureLogin())
    expect([login.code, login.value?.origin, originIn(fake)]).toEqual(['ok', origin, origin])
  })

  test('it is the one in force when the session arrived', async () => {
    let base = STAGING
    const { fake, api } = makeWorld({ client: { baseURL: () => base } })
    await soon(fake, api.ensureLogin())
    base = HOME
    const forced = await soon(fake, api.ensureLogin({ force: true }))
    expect([forced.value?.origin, originIn(fake)]).toEqual([HOME, HOME])
  })

  test('a session that the app sets gets it too', async () => {
    const { fake, api } = makeWorld()
    api.setSession('set')
    await fake.clock.settle()
    expect([api.session?.origin, originIn(fake)]).toEqual([HOME, HOME])
  })

  test('a session of a foreign origin cannot be set', () => {
    const { fake, api } = makeWorld()
    const foreign: Partial<Session> = { token: 'set', origin: 'https://evil.test' }
    expect(() => api.setSession(foreign as Session)).toThrow(ConfigError)
    expect([api.session, fake.storage.keys()]).toEqual([undefined, []])
  })

  test('nor can what cannot be a token', () => {
    const { fake, api } = makeWorld()
    for (const token of ['', 'a\nb', '令牌', undefined, 7]) {
      expect(() => api.setSession(token as string)).toThrow(ConfigError)
    }
    expect([api.session, fake.storage.keys()]).toEqual([undefined, []])
  })

  test('a record without an origin, of an earlier version, is taken up', async () => {
    const world = makeWorld({ stored: 'good' })
    const request = await soon(world.fake, world.api.get('/a'))
    expect([request.code, tokensAt(world, '/a')]).toEqual(['ok', ['good']])
  })

  test('a record of home is taken up', async () => {
    const world = makeWorld()
    world.fake.storage.set(KEY, { token: world.fake.server.issue('good'), origin: HOME })
    const request = await soon(world.fake, world.api.get('/a'))
    expect([request.code, tokensAt(world, '/a')]).toEqual(['ok', ['good']])
  })

  test('one of elsewhere is not: the test server’s token does not go to production', async () => {
    const world = makeWorld()
    const { fake, api } = world
    fake.storage.set(KEY, { token: fake.server.issue('of-staging'), origin: STAGING })
    expect(api.session).toBeUndefined()
    const request = await soon(fake, api.get('/a'))
    expect([request.code, tokensAt(world, '/a')]).toEqual(['ok', ['token-1']])
    expect(JSON.stringify(fake.calls.requests)).not.toContain('of-staging')
  })

  test('nor is it removed, while there is none to take its place', async () => {
    const { fake, api } = makeWorld({ client: NO_RETRY })
    fake.storage.set(KEY, { token: 'of-staging', origin: STAGING })
    fake.misbehave('login', 'fail')
    const request = await soon(fake, api.get('/a'))
    expect([request.code, storedToken(fake)]).toEqual(['LOGIN_FAILED', 'of-staging'])
  })

  test('nor adopted in place of one that was refused', async () => {
    const world = makeWorld({ stored: 'dead', isLive: false })
    const { fake, api } = world
    const request = await soon(fake, api.get('/a'), 2)
    fake.storage.set(KEY, { token: fake.server.issue('of-staging'), origin: STAGING })
    await fake.clock.advance(100)
    expect([request.code, tokensAt(world, '/a')]).toEqual(['ok', ['dead', 'token-1']])
  })

  test('authOrigins says which are home', async () => {
    const world = makeWorld({ client: { authOrigins: [HOME, STAGING] } })
    const { fake, api } = world
    fake.storage.set(KEY, { token: fake.server.issue('of-staging'), origin: STAGING })
    const request = await soon(fake, api.get('/a'))
    expect([request.code, tokensAt(world, '/a')]).toEqual(['ok', ['of-staging']])
  })

  test('a session whose origin is no longer home counts as none, and a login follows', async () => {
    let base = STAGING
    const world = makeWorld({ client: { baseURL: () => base } })
    const { fake, api } = world
    await soon(fake, api.get('/a'))
    base = HOME
    expect(api.session).toBeUndefined()
    const request = await soon(fake, api.get('/a'))
    expect([request.code, tokensAt(world, '/a')]).toEqual(['ok', ['token-1', 'token-2']])
    expect(fake.server.requests.map(({ url }) => url)).toEqual([
      `${STAGING}/login`,
      `${STAGING}/a`,
      `${HOME}/login`,
      `${HOME}/a`,
    ])
  })

  test('that is asked at each attempt: a retry after the move does not go out with the old token', async () => {
    let base = STAGING
    const { fake, api } = makeWorld({
      client: { baseURL: () => base, retry: { limit: 1, delay: () => 1000 } },
    })
    const off = fake.server.on('/a', () => ({ statusCode: 503 }))
    const request = await soon(fake, api.get('/a'))
    off()
    base = HOME
    const before = fake.server.requests.length
    await fake.clock.advance(5000)
    expect([request.code === 'pending', before]).toEqual([false, 2])
    expect(fake.server.requests.slice(before).map(tokenOf)).not.toContain('token-1')
  })
})

describe('law 13: clones', () => {
  test('a clone with a base URL that is not home is a mistake', () => {
    const { api } = makeWorld()
    expect(() => api.extend({ baseURL: 'https://other.test' })).toThrow(ConfigError)
  })

  test('unless it says where its tokens may go', async () => {
    const world = makeWorld({ stored: 'good' })
    const { fake, api } = world
    const clone = api.extend({ baseURL: 'https://other.test', authOrigins: [HOME, 'https://other.test'] })
    const request = await soon(fake, clone.get('/a'))
    expect([request.code, tokensAt(world, '/a')]).toEqual(['ok', ['good']])
  })

  test('one that stays home is none', async () => {
    const world = makeWorld({ stored: 'good' })
    const request = await soon(world.fake, world.api.extend({ baseURL: `${HOME}/v2` }).get('/a'))
    expect([request.code, tokensAt(world, '/v2/a')]).toEqual(['ok', ['good']])
  })
})

test('law 13: no news of a session holds its token, wherever it came from', async () => {
  const { fake, api, events } = makeWorld({ client: { rotate: { header: 'X-Next' } } })
  api.setSession(fake.server.issue('SECRET-set'))
  fake.server.on('/a', () => ({ header: { 'X-Next': fake.server.issue('SECRET-rotated') } }))
  await soon(fake, api.get('/a'))
  fake.server.loginReply = () => ({ data: { token: 'SECRET-login' } })
  await soon(fake, api.ensureLogin({ force: true }))
  expect(sourcesOf(events)).toEqual(['set', 'rotated', 'login'])
  expect(inspect(events, { depth: 12, showHidden: true })).not.toContain('SECRET')
})

test('law 13: a token does not leave for a place that only its record calls home', async () => {
  const { fake } = makeWorld()
  fake.storage.set(KEY, { token: 'good', origin: 'https://evil.test' })
  const { api } = clientOn(fake)
  watch(api.get('https://evil.test/a', {}, { retry: false }), fake)
  await fake.clock.runAll()
  expect(JSON.stringify(fake.calls.requests)).not.toContain('good')
})

test('law 13: a second client on the same phone and key must have an origin in common with the first', () => {
  const { fake } = makeWorld()
  const second = (baseURL: string, storage: object) => () =>
    createClient({ platform: fake.wx, baseURL, login: { url: '/login' }, storage })
  expect(second('https://other.test', {})).toThrow(/key/)
  expect(second('https://other.test', { key: 'of-the-other' })).not.toThrow()
  expect(second(`${HOME}/v2`, {})).not.toThrow()
})
