import type { LoginOptions } from '../../src'
import type { FakeReply } from '../../src/testing'
import { caught } from '../phone'
import { altered, clientOn, exchangesAt, makeWorld, watch, type World } from '../laws/world'
import { everyWay, tenAt, together } from './session-helpers'

/** A world whose `/login` answers with these in turn, and then as usual. */
function answering(replies: FakeReply[], login: Partial<LoginOptions> = {}): World {
  const world = makeWorld({ client: { login: { url: '/login', ...login } } })
  const { server } = world.fake
  server.on('POST /login', ({ json }) => {
    const answer = server.exchange(String((json as { code?: unknown }).code))
    return replies.shift() ?? { data: answer }
  })
  return world
}

interface Answer {
  token: string
}

/** The ms between the exchanges, one after the other. */
function pauses({ fake }: World): number[] {
  const at = fake.calls.requests.filter(({ url }) => url.endsWith('/login')).map(({ calledAt }) => calledAt)
  return at.slice(1).map((time, index) => time - (at[index] ?? 0))
}

describe('S9: a login that waits for a person', () => {
  const patient = ({ fake }: Pick<World, 'fake'>, ms: number) =>
    jest.fn<Promise<string>, [code: string]>(
      () => new Promise((resolve) => fake.clock.setTimeout(() => resolve(fake.server.issue()), ms)),
    )

  test.each([20_000, 600_000])('with timeout: false it may take %i ms', async (ms) => {
    const { fake } = makeWorld()
    const exchange = patient({ fake }, ms)
    const world = { fake, ...clientOn(fake, { login: { exchange, timeout: false } }) }
    const all = everyWay(world)
    await fake.clock.runAll()
    expect([together(all), exchange.mock.calls.map(([code]) => code)]).toEqual(['ok', ['code-1']])
  })

  test.each([['a function'], ['exchange']])('%s has 10 s by default', async (form) => {
    const { fake } = makeWorld()
    const exchange = patient({ fake }, 20_000)
    const { api } = clientOn(fake, { login: form === 'exchange' ? { exchange } : exchange })
    const login = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    expect([login.code, exchange.mock.calls.length]).toEqual(['LOGIN_TIMEOUT', 1])
  })

  test('it does not hold whoever has a totalTimeout, logs out, or aborts', async () => {
    const { fake } = makeWorld()
    const { api } = clientOn(fake, {
      login: { exchange: () => new Promise(() => undefined), timeout: false },
    })
    const timed = watch(api.get('/a', {}, { totalTimeout: 5000 }), fake)
    const aborted = api.get('/b')
    const error = caught(aborted)
    const left = watch(api.get('/c'), fake)
    await fake.clock.advance(4000)
    aborted.abort()
    await fake.clock.advance(60_000)
    expect([timed.code, (await error).code, left.code]).toEqual(['TIMEOUT', 'ABORTED', 'pending'])
    api.logout()
    await fake.clock.runAll()
    expect(left.code).toBe('LOGGED_OUT')
  })
})

describe('S17: a login that meets no network for a moment is tried again like a request', () => {
  test('an exchange without network for 400 ms costs nobody a failure', async () => {
    const world = makeWorld()
    const { fake } = world
    const back = fake.clock.now() + 400
    const { server } = fake
    server.on('POST /login', ({ json }) => {
      const answer = server.exchange(String((json as { code?: unknown }).code))
      return fake.clock.now() < back ? { fail: 'refused' } : { data: answer }
    })
    const all = tenAt(world, '/orders')
    await fake.clock.runAll()
    expect([together(all), server.codesReused, exchangesAt(world) <= 3]).toEqual(['ok', [], true])
  })

  test.each<[string, FakeReply[], number]>([
    ['a connection that breaks twice', [{ fail: 'reset' }, { fail: 'reset' }], 3],
    ['503, twice', [{ statusCode: 503 }, { statusCode: 503 }], 3],
    ['a code that is refused once', [{ statusCode: 400, data: { errcode: 40029 } }], 2],
  ])('%s: each try has a new code, and the last one serves everybody', async (_what, replies, count) => {
    const world = answering(replies)
    const all = everyWay(world)
    await world.fake.clock.runAll()
    expect([together(all), exchangesAt(world), world.fake.server.codesReused]).toEqual(['ok', count, []])
  })

  test.each<[string, FakeReply, Partial<LoginOptions>, string, number]>([
    ['503, three times', { statusCode: 503 }, {}, 'LOGIN_FAILED', 3],
    ['503 with retry: 0', { statusCode: 503 }, { retry: 0 }, 'LOGIN_FAILED', 1],
    ['503 with retry: false', { statusCode: 503 }, { retry: false }, 'LOGIN_FAILED', 1],
    ['503 with retry: { limit: 1 }', { statusCode: 503 }, { retry: { limit: 1 } }, 'LOGIN_FAILED', 2],
    ['a refused code, twice', { statusCode: 400 }, { retry: 5 }, 'LOGIN_REJECTED', 2],
    ['a refused code with retry: 0', { statusCode: 400 }, { retry: 0 }, 'LOGIN_REJECTED', 1],
    ['silence', { lost: true }, {}, 'LOGIN_TIMEOUT', 1],
  ])('%s ends it', async (_what, reply, login, code, count) => {
    const world = answering([reply, reply, reply, reply, reply, reply], login)
    const all = tenAt(world, '/orders')
    await world.fake.clock.runAll()
    expect([together(all), exchangesAt(world)]).toEqual([code, count])
  })

  test('a client whose requests are not retried retries its login all the same', async () => {
    const world = answering([{ fail: 'reset' }])
    const { api } = clientOn(world.fake, { retry: false })
    const request = watch(api.get('/orders'), world.fake)
    await world.fake.clock.runAll()
    expect([request.code, exchangesAt(world)]).toEqual(['ok', 2])
  })

  test.each<[string, (calls: jest.Mock) => LoginOptions]>([
    ['an exchange', (calls) => ({ exchange: (code) => calls(code) as Promise<string> })],
    ['a data function', (calls) => ({ url: '/login', data: (code) => calls(code) as unknown })],
  ])('%s that rejects with an error of the app’s own is not tried again', async (_what, login) => {
    const own = new Error('the user said no')
    const rejected = Promise.reject<string>(own)
    await caught(rejected)
    const calls = jest.fn(() => rejected)
    const { fake } = makeWorld()
    const { api } = clientOn(fake, { login: login(calls) })
    const failed = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    expect([failed.code, calls.mock.calls.length, fake.calls.logins]).toEqual(['LOGIN_FAILED', 1, 1])
    expect(failed.error?.cause).toBe(own)
  })

  test('an exchange of the app’s own that met no network is tried again, with a new code', async () => {
    const { fake } = makeWorld()
    const codes: string[] = []
    fake.server.on('POST /sign-in', () =>
      codes.length < 2 ? { fail: 'reset' } : { data: { token: fake.server.issue() } },
    )
    const exchange = (code: string): Promise<string> => {
      codes.push(code)
      return world.api.post<string>(
        '/sign-in',
        { code },
        { auth: false, unwrap: ({ data }) => (data as Answer).token },
      )
    }
    const world: World = { ...makeWorld(), fake, ...clientOn(fake, { login: { exchange } }) }
    const all = everyWay(world)
    await fake.clock.runAll()
    expect([together(all), codes]).toEqual(['ok', ['code-1', 'code-2']])
  })

  test('a login that was stopped in the background goes on in front, with a new code', async () => {
    const world = makeWorld()
    const { fake } = world
    fake.server.hold('/login')
    const all = everyWay(world)
    await fake.clock.advance(100)
    fake.app.toBackground()
    await fake.clock.advance(60_000)
    expect(together(all)).toBe('pending')
    fake.server.release()
    fake.app.toForeground()
    await fake.clock.runAll()
    expect([together(all), exchangesAt(world), fake.server.codesReused]).toEqual(['ok', 2, []])
  })

  test('a wx.login that throws is not called again by the same login', async () => {
    const { fake } = makeWorld()
    const login = jest.fn(() => {
      throw new Error('not to be called now')
    })
    const { api } = clientOn(fake, { platform: altered(fake, { login }) })
    const failed = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    expect([failed.code, login.mock.calls.length]).toEqual(['LOGIN_FAILED', 1])
  })
})

test('a code that comes when the time of the login is over is not exchanged, and LOGIN_TIMEOUT says why', async () => {
  const { fake } = makeWorld()
  const login = ({ success }: { success: (answer: object) => void }): void => {
    fake.clock.setTimeout(() => success({ code: `code-at-${fake.clock.now()}` }), 995)
  }
  fake.server.on('POST /login', () => ({ statusCode: 503 }))
  const { api } = clientOn(fake, {
    platform: altered(fake, { login }),
    login: { url: '/login', timeout: 1000, retry: { delay: () => 0 } },
  })
  const asked = watch(api.ensureLogin(), fake)
  await fake.clock.runAll()
  expect([asked.code, exchangesAt({ fake })]).toEqual(['LOGIN_TIMEOUT', 1])
})

describe('S18: Retry-After of a busy login is heeded', () => {
  test.each([503, 429])('status %i with 5 s: the next exchange comes after them', async (statusCode) => {
    const world = answering([{ statusCode, header: { 'Retry-After': '5' } }])
    const all = tenAt(world, '/orders')
    await world.fake.clock.runAll()
    expect([together(all), exchangesAt(world)]).toEqual(['ok', 2])
    expect(pauses(world)[0]).toBeGreaterThanOrEqual(5000)
    expect(pauses(world)[0]).toBeLessThan(6000)
  })

  test('more than the time that the login has ends it, and nobody is asked too early', async () => {
    const world = answering([{ statusCode: 503, header: { 'Retry-After': '50' } }])
    const failed = watch(world.api.get('/orders'), world.fake)
    await world.fake.clock.runAll()
    expect([failed.code, exchangesAt(world)]).toEqual(['LOGIN_FAILED', 1])
    expect(failed.error?.cause).toMatchObject({ response: { statusCode: 503 } })
  })
})

describe('S25: whether the phone was offline can be asked of every error', () => {
  test('of a login on the first launch without network', async () => {
    const world = makeWorld()
    world.fake.network.offline()
    const all = [...everyWay(world), watch<unknown>(world.api.ensureLogin(), world.fake)]
    await world.fake.clock.runAll()
    expect([together(all), new Set(all.map(({ error }) => error?.isOffline))]).toEqual([
      'LOGIN_FAILED',
      new Set([true]),
    ])
  })

  test('of an exchange, and of a plain request', async () => {
    const world = answering([{ fail: 'disconnected' }], { retry: 0 })
    const { fake, api } = world
    fake.server.on('/menu', () => ({ fail: 'disconnected' }))
    const login = watch(api.ensureLogin(), fake)
    const menu = watch(api.get('/menu', {}, { auth: false, retry: false }), fake)
    await fake.clock.runAll()
    expect([login.code, login.error?.isOffline]).toEqual(['LOGIN_FAILED', true])
    expect([menu.code, menu.error?.isOffline]).toEqual(['OFFLINE', true])
  })

  test.each<[string, FakeReply]>([
    ['a server that is down', { statusCode: 500 }],
    ['a refusal', { statusCode: 403 }],
    ['a connection that breaks', { fail: 'reset' }],
    ['an answer without a token', {}],
    ['silence', { lost: true }],
  ])('%s is not that', async (_what, reply) => {
    const world = answering([reply], { retry: 0 })
    const { fake, api } = world
    fake.server.on('/menu', () => reply)
    const login = watch(api.ensureLogin(), fake)
    const menu = watch(api.get('/menu', {}, { auth: false, retry: false, timeout: 1000 }), fake)
    await fake.clock.runAll()
    const told = [login, menu].flatMap(({ error }) => (error ? [error.isOffline] : []))
    expect([login.code, told]).toEqual([expect.stringMatching(/^LOGIN_/), told.map(() => false)])
  })
})
