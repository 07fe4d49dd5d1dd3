import { clientOn, KEY, makeWorld, storedToken, tokensAt, watch, type World } from '../laws/world'
import { everyWay, slowStore, tenAt, together } from './session-helpers'

/** A good token whose check fails, which begins a login that takes `loginLatency` ms; the check has just failed. */
async function checkedInVain(loginLatency: number, stored: object = { token: 'good' }): Promise<World> {
  const { fake } = makeWorld({ fake: { loginLatency } })
  fake.server.issue('good')
  fake.storage.set(KEY, stored)
  const world = { fake, ...clientOn(fake) }
  fake.account.expireKey()
  const first = watch(world.api.get('/first'), fake)
  await fake.clock.advance(50)
  expect([first.code, fake.calls.checks, fake.calls.logins]).toEqual(['ok', 1, 1])
  return world
}

describe('S21: a login that only a failed check has begun closes no door', () => {
  test.each<[string, typeof everyWay]>([
    ['every way to ask', everyWay],
    ['ten at once', (world) => tenAt(world, '/orders')],
  ])('%s goes on with the good token while wx.login hangs', async (_what, ask) => {
    const world = await checkedInVain(60_000)
    const all = ask(world)
    await world.fake.clock.advance(500)
    expect([together(all), new Set(tokensAt(world, '/orders'))]).toEqual(['ok', new Set(['good'])])
    await world.fake.clock.runAll()
    expect([world.api.session?.token, storedToken(world.fake)]).toEqual(['good', 'good'])
  })

  test('requests that were made before the check failed go on as well', async () => {
    const { fake, api } = makeWorld({ stored: 'good', fake: { loginLatency: 60_000 } })
    fake.account.expireKey()
    const all = tenAt({ fake, api }, '/orders')
    await fake.clock.advance(500)
    expect([together(all), fake.calls.logins]).toEqual(['ok', 1])
  })

  test('a slow store of the app’s own makes no difference', async () => {
    const { fake } = makeWorld({ fake: { loginLatency: 60_000 } })
    const { store } = slowStore(fake, { token: fake.server.issue('good') }, 20)
    const world = { fake, ...clientOn(fake, { storage: store }) }
    fake.account.expireKey()
    const first = tenAt(world, '/a')
    await fake.clock.advance(200)
    const then = everyWay(world)
    await fake.clock.advance(500)
    expect([together(first), together(then)]).toEqual(['ok', 'ok'])
  })

  test("'verified' and ensureLogin() wait for it: they need what it brings", async () => {
    const world = await checkedInVain(2000)
    const { fake, api } = world
    const all = [
      watch<unknown>(api.get('/pay', {}, { auth: 'verified' }), fake),
      watch<unknown>(api.ensureLogin(), fake),
    ]
    await fake.clock.advance(500)
    expect(together(all)).toBe('pending')
    await fake.clock.runAll()
    expect([together(all), tokensAt(world, '/pay'), fake.calls.logins]).toEqual(['ok', ['token-1'], 1])
  })

  test('when it succeeds its token is the one that is sent from then on', async () => {
    const world = await checkedInVain(500)
    await world.fake.clock.advance(1000)
    const all = everyWay(world)
    await world.fake.clock.runAll()
    expect([together(all), new Set(tokensAt(world, '/orders'))]).toEqual(['ok', new Set(['token-1'])])
  })
})

describe('law 3: what closes the door all the same', () => {
  test('the token is refused: that request waits, and those after it', async () => {
    const world = await checkedInVain(1000)
    const { fake, api } = world
    fake.server.expire()
    const refused = watch(api.get('/refused'), fake)
    await fake.clock.advance(100)
    const later = everyWay(world)
    await fake.clock.advance(100)
    expect([refused.code, together(later)]).toEqual(['pending', 'pending'])
    await fake.clock.runAll()
    expect([refused.code, together(later), fake.calls.logins]).toEqual(['ok', 'ok', 1])
    expect(tokensAt(world, '/refused')).toEqual(['good', 'token-1'])
    expect(new Set(tokensAt(world, '/orders'))).toEqual(new Set(['token-1']))
  })

  test('the token expires', async () => {
    const soon = { token: 'good', expiresAt: makeWorld().fake.clock.now() + 200 }
    const world = await checkedInVain(1000, soon)
    await world.fake.clock.advance(300)
    const all = everyWay(world)
    await world.fake.clock.advance(100)
    expect(together(all)).toBe('pending')
    await world.fake.clock.runAll()
    expect([together(all), world.fake.calls.logins]).toEqual(['ok', 1])
    expect(new Set(tokensAt(world, '/orders'))).toEqual(new Set(['token-1']))
  })

  test('a forced login joins', async () => {
    const world = await checkedInVain(1000)
    const { fake, api } = world
    const forced = watch(api.ensureLogin({ force: true }), fake)
    const all = everyWay(world)
    await fake.clock.advance(500)
    expect([forced.code, together(all)]).toEqual(['pending', 'pending'])
    await fake.clock.runAll()
    expect([forced.code, together(all), new Set(tokensAt(world, '/orders'))]).toEqual([
      'ok',
      'ok',
      new Set(['token-1']),
    ])
  })

  test('a login for any other reason', async () => {
    const world = makeWorld({ stored: 'good', client: { checkSession: false } })
    const { fake, api } = world
    fake.server.latency('/login', 1000)
    const forced = watch(api.ensureLogin({ force: true }), fake)
    const all = tenAt(world, '/orders')
    await fake.clock.advance(500)
    expect([together(all), tokensAt(world, '/orders')]).toEqual(['pending', []])
    await fake.clock.runAll()
    expect([forced.code, together(all), new Set(tokensAt(world, '/orders'))]).toEqual([
      'ok',
      'ok',
      new Set(['token-1']),
    ])
  })
})
