import { HttpError } from '../../src'
import type { FakeReply } from '../../src/testing'
import {
  clientOn,
  codesOf,
  deferred,
  KEY,
  makeWorld,
  storedToken,
  times,
  tokensAt,
  watch,
} from '../laws/world'
import { everyWay, LEFT, slowStore, stored, tenAt, together, withRefresh } from './session-helpers'

const FAILED = expect.stringMatching(/^LOGIN_(FAILED|TIMEOUT)$/) as string
/** A minute and more: no pause after failures is longer. */
const LONG = 61_000

/** As a promise of WeChat's rejects: with what is no Error. */
function rejection(reason: object): Promise<string> {
  const refreshed = deferred<string>()
  refreshed.reject(reason)
  return refreshed.promise
}

const unanswered: [string, FakeReply, string][] = [
  ['no network', { fail: 'disconnected' }, 'OFFLINE'],
  ['a connection that breaks', { fail: 'reset' }, 'NETWORK'],
  ['silence', { lost: true }, 'TIMEOUT'],
  ['status 408', { statusCode: 408 }, 'HTTP_STATUS'],
  ['status 429', { statusCode: 429 }, 'HTTP_STATUS'],
  ['status 500', { statusCode: 500 }, 'HTTP_STATUS'],
  ['status 503', { statusCode: 503 }, 'HTTP_STATUS'],
]

describe('S2: a refresh that gets no answer costs nobody the refresh token', () => {
  test.each(unanswered)(
    '%s: the login fails with that cause, and the next one refreshes',
    async (_w, reply, code) => {
      const world = withRefresh()
      const { fake, api } = world
      const good = world.reply
      world.reply = () => reply
      const failed = watch(api.get('/orders'), fake)
      await fake.clock.runAll()
      expect([failed.code, failed.error?.cause, world.refreshes()]).toMatchObject([FAILED, { code }, 1])
      expect([failed.error?.isOffline, fake.calls.logins]).toEqual([code === 'OFFLINE', 0])
      expect([stored(fake), api.session]).toMatchObject([{ ...LEFT, expiresAt: 1 }, undefined])
      world.reply = good
      const next = watch(api.get('/orders'), fake)
      await fake.clock.runAll()
      expect([next.code, fake.calls.logins, api.session]).toMatchObject(['ok', 0, { data: LEFT.data }])
    },
  )

  test('a relaunch with the network back refreshes, and does not send the token that ended', async () => {
    const world = withRefresh()
    const good = world.reply
    world.reply = () => ({ fail: 'disconnected' })
    watch(world.api.get('/orders'), world.fake)
    await world.fake.clock.runAll()
    world.reply = good
    const next = { ...world, ...world.launch() }
    const all = tenAt(next, '/profile')
    await world.fake.clock.runAll()
    expect([together(all), world.refreshes(), world.fake.calls.logins]).toEqual(['ok', 2, 0])
    expect(new Set(tokensAt(world, '/profile'))).toEqual(new Set(['token-1']))
  })

  test.each<[string, (world: ReturnType<typeof withRefresh>) => ReturnType<typeof everyWay>]>([
    ['every way to ask', everyWay],
    ['ten at once', (world) => tenAt(world, '/orders')],
  ])('%s fails with it together, after one refresh', async (_what, ask) => {
    const world = withRefresh()
    world.reply = () => ({ fail: 'disconnected' })
    const all = ask(world)
    await world.fake.clock.runAll()
    expect([together(all), world.refreshes(), world.fake.calls.logins]).toEqual(['LOGIN_FAILED', 1, 0])
    expect(new Set(all.map(({ error }) => error)).size).toBe(1)
  })

  test.each<[string, object | undefined]>([
    ['a failure of the platform', { errMsg: 'request:fail', errno: 600_000 }],
    ['never', undefined],
  ])('an app’s own refresh that ends with %s leaves the session to the next', async (_how, reason) => {
    const first = reason ? rejection(reason) : new Promise<string>(() => undefined)
    const { fake } = makeWorld()
    fake.storage.set(KEY, LEFT)
    const refresh = jest.fn(() => Promise.resolve(fake.server.issue())).mockReturnValueOnce(first)
    const { api } = clientOn(fake, { checkSession: false, login: { url: '/login', refresh } })
    const failed = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    expect([failed.code, stored(fake), fake.calls.logins]).toMatchObject([FAILED, LEFT, 0])
    const next = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    expect([next.code, refresh.mock.calls.length, fake.calls.logins]).toEqual(['ok', 2, 0])
  })

  test('a slow store of the app’s own keeps it as well', async () => {
    const { fake } = makeWorld()
    const { box, store } = slowStore(fake, LEFT)
    const refresh = () => rejection({ errMsg: 'request:fail' })
    const { api } = clientOn(fake, {
      checkSession: false,
      storage: store,
      login: { url: '/login', refresh },
    })
    const failed = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    expect([failed.code, box.session]).toMatchObject(['LOGIN_FAILED', { ...LEFT, expiresAt: 1 }])
  })
})

describe('law 14: what a refresh that fails leads to', () => {
  test('after three 5xx in a row a code is taken', async () => {
    const world = withRefresh()
    world.reply = () => ({ statusCode: 502 })
    const outcomes: string[] = []
    while (outcomes.length < 4 && outcomes[outcomes.length - 1] !== 'ok') {
      const request = watch(world.api.get('/orders'), world.fake)
      await world.fake.clock.advance(LONG)
      outcomes.push(request.code)
      if (outcomes.length === 2) expect(world.fake.calls.logins).toBe(0)
    }
    expect(outcomes.slice(0, 2)).toEqual(['LOGIN_FAILED', 'LOGIN_FAILED'])
    expect([outcomes[outcomes.length - 1], world.refreshes(), world.fake.calls.logins]).toEqual(['ok', 3, 1])
  })

  test('a refresh that works in between begins the count anew', async () => {
    const world = withRefresh()
    const { fake, api } = world
    const good = world.reply
    for (const isDown of [true, true, false, true, true]) {
      fake.server.expire()
      world.reply = isDown ? () => ({ statusCode: 503 }) : good
      watch(api.get('/orders'), fake)
      await fake.clock.advance(LONG)
    }
    expect([world.refreshes(), fake.calls.logins]).toEqual([5, 0])
  })

  test.each<[string, FakeReply]>([
    ['no network', { fail: 'disconnected' }],
    ['status 429', { statusCode: 429 }],
  ])('%s, however often, never costs a code', async (_what, reply) => {
    const world = withRefresh()
    const good = world.reply
    world.reply = () => reply
    for (let n = 0; n < 5; n++) {
      watch(world.api.get('/orders'), world.fake)
      await world.fake.clock.advance(LONG)
    }
    world.reply = good
    const next = watch(world.api.get('/orders'), world.fake)
    await world.fake.clock.runAll()
    expect([next.code, world.fake.calls.logins]).toEqual(['ok', 0])
  })

  test.each([400, 401, 403, 404])('status %i is a refusal: a code is taken', async (statusCode) => {
    const world = withRefresh()
    world.reply = () => ({ statusCode })
    const all = tenAt(world, '/orders')
    await world.fake.clock.runAll()
    expect([together(all), world.refreshes(), world.fake.calls.logins]).toEqual(['ok', 1, 1])
    expect(storedToken(world.fake)).toBe('token-1')
  })

  test.each<[string, () => Promise<string>]>([
    ['an error of the app’s own', () => Promise.reject(new Error('the refresh token is over'))],
    [
      'a throw',
      () => {
        throw new Error('no refresh token')
      },
    ],
    [
      'an HttpError with status 401',
      () => Promise.reject(new HttpError({ statusCode: 401, data: '', header: {} })),
    ],
  ])('%s is a refusal: a code is taken', async (_what, refresh) => {
    const { fake, api } = makeWorld({
      stored: 'old',
      isLive: false,
      client: { login: { url: '/login', refresh } },
    })
    const request = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    expect([request.code, fake.calls.logins]).toEqual(['ok', 1])
  })

  test('a refresh that fails is not tried again by the same login', async () => {
    const world = withRefresh({}, { retry: 5 })
    world.reply = () => ({ statusCode: 503 })
    const request = watch(world.api.get('/orders'), world.fake)
    await world.fake.clock.runAll()
    expect([request.code, world.refreshes()]).toEqual(['LOGIN_FAILED', 1])
  })
})

describe('law 10: a refused session that can be refreshed stays in the store as ended', () => {
  test('a session that another copy has stored meanwhile is not written over', async () => {
    const world = withRefresh()
    const { fake, api } = world
    const request = watch(api.get('/orders'), fake)
    await fake.clock.advance(5)
    const theirs = { token: fake.server.issue('of-another-copy'), data: { refreshToken: 'R2' } }
    fake.storage.set(KEY, theirs)
    await fake.clock.runAll()
    expect([request.code, stored(fake)]).toMatchObject(['ok', theirs])
    expect((stored(fake) as { expiresAt?: number }).expiresAt).toBeUndefined()
    expect([world.refreshes(), fake.calls.logins]).toEqual([0, 0])
  })

  test('without a refresh it goes, as before', async () => {
    const { fake } = makeWorld()
    fake.storage.set(KEY, LEFT)
    const { api } = clientOn(fake, { checkSession: false, login: { url: '/login', retry: 0 } })
    fake.server.on('/login', () => ({ statusCode: 500 }))
    const all = times(2, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.runAll()
    expect([new Set(codesOf(all)), stored(fake)]).toEqual([new Set(['LOGIN_FAILED']), undefined])
  })
})
