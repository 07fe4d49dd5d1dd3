import type { Session } from '../../src'
import type { FakeReply, FakeRequest } from '../../src/testing'
import { clientOn, codesOf, makeWorld, times, watch, type World } from '../laws/world'
import { everyWay, together } from './session-helpers'

const PHONE = { phoneCode: 'of-a-phone' }
const INVITED = { invitation: 'of-a-friend' }

/** The bodies that came to `/login`. */
function bodies({ fake }: Pick<World, 'fake'>): unknown[] {
  return fake.server.requests.filter(({ path }) => path === '/login').map(({ json }) => json)
}

/** A world whose login fails for bodies that bring `field`. */
function refusing(field: string, reply: FakeReply): World {
  const world = makeWorld()
  const { server } = world.fake
  server.on('POST /login', (request: FakeRequest) => {
    const body = request.json as Record<string, unknown>
    const answer = server.exchange(String(body['code']))
    return field in body ? reply : { data: answer }
  })
  return world
}

describe('S8: ensureLogin({ data }) brings data along', () => {
  test.each([
    ['wx.login', 5],
    ['the exchange', 15],
  ])(
    'it takes the place of a login that is at %s: the data arrive, and everybody waits for it',
    async (_at, ms) => {
      const world = makeWorld()
      const { fake, api } = world
      fake.server.latency('/login', 500)
      const all = everyWay(world)
      const plain = watch(api.ensureLogin({ force: true }), fake)
      await fake.clock.advance(ms)
      const brought = watch(api.ensureLogin({ data: PHONE }), fake)
      await fake.clock.runAll()
      expect(bodies(world).filter((body) => 'phoneCode' in (body as object))).toMatchObject([
        { ...PHONE, code: expect.stringMatching(/^code-/) as string },
      ])
      expect([together(all), plain.code, brought.code]).toEqual(['ok', 'ok', 'ok'])
      expect([plain.value, api.session]).toEqual([brought.value, brought.value])
      const used = fake.server.requests.filter(({ path }) => path === '/orders')
      expect(new Set(used.map((request) => request.headerOf('Authorization')))).toEqual(
        new Set([`Bearer ${brought.value?.token ?? ''}`]),
      )
      expect(fake.server.codesReused).toEqual([])
    },
  )

  test('it takes a new code though there is a good token', async () => {
    const world = makeWorld({ stored: 'good' })
    const brought = watch(world.api.ensureLogin({ data: PHONE }), world.fake)
    await world.fake.clock.runAll()
    expect([brought.value?.token, bodies(world)]).toMatchObject(['token-1', [PHONE]])
  })

  test('it is for this login alone', async () => {
    const world = makeWorld()
    const { fake, api } = world
    watch(api.ensureLogin({ data: PHONE }), fake)
    await fake.clock.runAll()
    fake.server.expire()
    const request = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    expect([request.code, bodies(world)]).toEqual(['ok', [{ ...PHONE, code: 'code-1' }, { code: 'code-2' }]])
  })

  test('the same data joins: one code, one session', async () => {
    const world = makeWorld()
    const { fake, api } = world
    fake.server.latency('/login', 500)
    const first = watch(api.ensureLogin({ data: PHONE }), fake)
    await fake.clock.advance(100)
    const second = watch(api.extend({}).ensureLogin({ data: { ...PHONE } }), fake)
    await fake.clock.runAll()
    expect([first.code, second.code, bodies(world)]).toEqual(['ok', 'ok', [{ ...PHONE, code: 'code-1' }]])
    expect(second.value).toBe(first.value)
  })

  test('newer other data takes its place; who gave the older is told that it was not brought', async () => {
    const world = makeWorld()
    const { fake, api } = world
    fake.server.latency('/login', 500)
    const waiting = everyWay(world)
    const older = watch(api.ensureLogin({ data: PHONE }), fake)
    await fake.clock.advance(100)
    const newer = watch(api.ensureLogin({ data: INVITED }), fake)
    await fake.clock.runAll()
    expect([older.code, newer.code, together(waiting)]).toEqual(['LOGIN_FAILED', 'ok', 'ok'])
    expect(api.session).toBe(newer.value)
    expect(bodies(world).pop()).toMatchObject(INVITED)
  })

  test.each<[string, FakeReply, string]>([
    ['is refused', { statusCode: 403 }, 'LOGIN_REJECTED'],
    ['is answered with 500', { statusCode: 500 }, 'LOGIN_FAILED'],
    ['meets no network', { fail: 'disconnected' }, 'LOGIN_FAILED'],
    ['is answered without a token', { data: {} }, 'LOGIN_BAD_RESPONSE'],
  ])('if it %s, only who gave the data is rejected, and it is not sent again', async (_how, reply, code) => {
    const world = refusing('phoneCode', reply)
    const { fake, api } = world
    const all = everyWay(world)
    const plain = watch(api.ensureLogin(), fake)
    await fake.clock.advance(5)
    const brought = watch(api.ensureLogin({ data: PHONE }), fake)
    await fake.clock.runAll()
    expect([brought.code, plain.code, together(all)]).toEqual([code, 'ok', 'ok'])
    expect(bodies(world).filter((body) => 'phoneCode' in (body as object)).length).toBe(1)
  })

  test('if it fails while there is a good token, others go on with that', async () => {
    const world = refusing('phoneCode', { statusCode: 403 })
    const { fake, api } = world
    await Promise.all([api.get('/orders'), fake.clock.runAll()])
    const brought = watch(api.ensureLogin({ data: PHONE }), fake)
    const all = everyWay(world)
    await fake.clock.runAll()
    expect([brought.code, together(all), bodies(world).length]).toEqual(['LOGIN_REJECTED', 'ok', 2])
  })
})

describe('what goes to the server with a code', () => {
  test('login.data, what ensureLogin() was given over it, and the code over both', async () => {
    const { fake } = makeWorld()
    const login = { url: '/login', data: { app: 'shop', channel: 'qr', code: 'mine' } }
    const { api } = clientOn(fake, { login })
    watch(api.ensureLogin({ data: { ...PHONE, channel: 'card', code: 'theirs' } }), fake)
    await fake.clock.runAll()
    expect(bodies({ fake })).toEqual([{ app: 'shop', channel: 'card', ...PHONE, code: 'code-1' }])
  })

  test('a function makes the whole body, of the code and the data, and may take its time', async () => {
    const { fake } = makeWorld()
    const body = (code: string, { data }: { data?: unknown }) =>
      new Promise((resolve) => fake.clock.setTimeout(() => resolve({ code, with: data ?? null }), 50))
    const { api } = clientOn(fake, { login: { url: '/login', data: body } })
    const plain = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    const brought = watch(api.ensureLogin({ data: PHONE }), fake)
    await fake.clock.runAll()
    expect([...codesOf([plain, brought]), bodies({ fake })]).toEqual([
      'ok',
      'ok',
      [
        { code: 'code-1', with: null },
        { code: 'code-2', with: PHONE },
      ],
    ])
  })

  test('exchange gets the code and the data as well', async () => {
    const given: unknown[] = []
    const { fake } = makeWorld()
    const exchange = (code: string, { data }: { data?: unknown }) => {
      given.push([code, data])
      return Promise.resolve(fake.server.issue())
    }
    for (const login of [exchange, { exchange }]) {
      const { api } = clientOn(fake, { login })
      watch(api.ensureLogin({ data: INVITED }), fake)
      await fake.clock.runAll()
    }
    expect(given).toEqual(times(2, (n) => [`code-${n + 1}`, INVITED]))
  })

  test('code: false asks WeChat for none, and sends none', async () => {
    const { fake } = makeWorld()
    const login = { url: '/login', code: false as const, data: { user: 'li' } }
    fake.server.on('POST /login', () => ({ data: { token: fake.server.issue() } }))
    const world = { fake, ...clientOn(fake, { login }) }
    const all = everyWay(world)
    await fake.clock.runAll()
    watch(world.api.ensureLogin({ data: { password: 'secret' } }), fake)
    await fake.clock.runAll()
    expect([together(all), bodies(world)]).toEqual([
      'ok',
      [{ user: 'li' }, { user: 'li', password: 'secret' }],
    ])
    expect([fake.calls.logins, fake.calls.checks]).toEqual([0, 0])
  })

  test("code: false checks nothing with WeChat, unless 'verified' asks", async () => {
    const { fake } = makeWorld({ stored: 'good' })
    const exchange = () => Promise.resolve<string | Session>(fake.server.issue())
    const world = { fake, ...clientOn(fake, { login: { exchange, code: false } }) }
    const all = [...everyWay(world), watch<unknown>(world.api.ensureLogin(), fake)]
    await fake.clock.runAll()
    expect([together(all), fake.calls.checks, fake.calls.logins]).toEqual(['ok', 0, 0])
    const verified = watch(world.api.get('/orders', {}, { auth: 'verified' }), fake)
    await fake.clock.runAll()
    expect([verified.code, fake.calls.checks]).toEqual(['ok', 1])
  })
})

test('data that cannot be written as JSON is a mistake in the call, and harms no login', async () => {
  const { fake, api } = makeWorld()
  const looped: Record<string, unknown> = {}
  looped['itself'] = looped
  const request = watch(api.get('/orders'), fake)
  const brought = watch(api.ensureLogin({ data: looped }), fake)
  await fake.clock.runAll()
  expect([brought.code, request.code]).toEqual(['CONFIG', 'ok'])
  expect(brought.error?.message).toMatch(/data must be an object that can be written as JSON/)
})
