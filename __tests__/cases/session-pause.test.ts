import { RequestError } from '../../src'
import type { FakeReply } from '../../src/testing'
import { clientOn, exchangesAt, makeWorld, times, watch, type World } from '../laws/world'
import { everyWay, tenAt, together } from './session-helpers'

const ONCE = { checkSession: false as const, login: { url: '/login', retry: 0 } }
/** Long enough for a login and a request, short enough for the shortest pause. */
const SOON = 100

/** Lets so many logins be answered with this, one after the other, and the next ones as usual. */
async function logIns({ fake, api }: World, count: number, reply: FakeReply): Promise<string[]> {
  const off = fake.server.on('/login', () => reply)
  const codes: string[] = []
  for (let n = 0; n < count; n++) {
    const login = watch(api.ensureLogin({ force: true }), fake)
    await fake.clock.advance(reply.lost ? 11_000 : SOON)
    codes.push(login.code)
  }
  off()
  return codes
}

async function ask({ fake, api }: World, url: string): Promise<string> {
  const request = watch(api.get(url), fake)
  await fake.clock.advance(SOON)
  return request.code
}

describe('S15: a missing network and time-outs bring no pause', () => {
  test('eleven tries without network, then it is back: the next request logs in', async () => {
    const world = makeWorld()
    const { fake, api } = world
    fake.network.offline()
    for (let n = 0; n < 11; n++) {
      const request = watch(api.get('/orders'), fake)
      await fake.clock.advance(5000)
      expect(request.code).toBe('LOGIN_FAILED')
    }
    fake.network.online()
    const all = [...everyWay(world), ...tenAt(world, '/orders')]
    await fake.clock.advance(1000)
    expect(together(all)).toBe('ok')
  })

  test.each<[string, FakeReply]>([
    ['exchanges without network', { fail: 'disconnected' }],
    ['exchanges whose connection breaks', { fail: 'reset' }],
    ['exchanges that time out', { lost: true }],
  ])('%s, eleven times: the next request logs in', async (_what, reply) => {
    const world = makeWorld({ client: ONCE })
    const codes = await logIns(world, 11, reply)
    expect(codes).toEqual(times(11, () => expect.stringMatching(/^LOGIN_(FAILED|TIMEOUT)$/) as string))
    expect(await ask(world, '/orders')).toBe('ok')
  })

  test('a wx.login that hangs, five times: the next request logs in', async () => {
    const world = makeWorld({ client: ONCE })
    world.fake.misbehave('login', 'hang', 5)
    for (let n = 0; n < 5; n++) {
      const request = watch(world.api.get('/orders'), world.fake)
      await world.fake.clock.advance(11_000)
      expect(request.code).toBe('LOGIN_TIMEOUT')
    }
    expect(await ask(world, '/orders')).toBe('ok')
  })
})

describe('law 6: three failures that a server or WeChat answered bring a pause', () => {
  test.each<[string, FakeReply]>([
    ['500', { statusCode: 500 }],
    ['a refusal', { statusCode: 403 }],
    ['an answer without a token', { data: {} }],
  ])('%s: the pause tells the last failure as its cause', async (_what, reply) => {
    const world = makeWorld({ client: ONCE })
    const codes = await logIns(world, 3, reply)
    const refused = watch(world.api.get('/orders'), world.fake)
    await world.fake.clock.advance(SOON)
    const { code, error } = refused
    expect([code, error?.cause]).toMatchObject(['LOGIN_COOLDOWN', expect.any(RequestError)])
    expect([codes.includes((error?.cause as RequestError).code), error?.isOffline]).toEqual([true, false])
    await world.fake.clock.advance(1000)
    expect(await ask(world, '/orders')).toBe('ok')
  })

  test('a wx.login that fails three times brings it too', async () => {
    const world = makeWorld({ client: ONCE })
    world.fake.misbehave('login', 'fail', 3)
    const codes: string[] = []
    for (let n = 0; n < 4; n++) codes.push(await ask(world, '/orders'))
    expect(codes).toEqual([...times(3, () => 'LOGIN_FAILED'), 'LOGIN_COOLDOWN'])
  })

  test.each<[string, (world: World) => void]>([
    ['logout()', ({ api }) => api.logout()],
    ['setSession()', ({ fake, api }) => void api.setSession(fake.server.issue('mine'))],
  ])('%s ends it, and its count', async (_what, end) => {
    const world = makeWorld({ client: ONCE })
    await logIns(world, 6, { statusCode: 500 })
    expect(await ask(world, '/orders')).toBe('LOGIN_COOLDOWN')
    end(world)
    expect(await ask(world, '/orders')).toBe('ok')
    await logIns(world, 2, { statusCode: 500 })
    world.fake.server.expire()
    expect(await ask(world, '/orders')).toBe('ok')
  })
})

/** Every address under `/forbidden` is. */
function withForbidden(): World {
  const world = makeWorld({ stored: 'good', client: ONCE })
  for (let n = 0; n < 9; n++) world.fake.server.on(`/forbidden/${n}`, () => ({ statusCode: 401 }))
  return world
}

describe('law 6: fresh tokens that are refused are a count of their own', () => {
  test('three of them bring a pause, though other requests succeed all the time', async () => {
    const world = withForbidden()
    for (let n = 0; n < 3; n++) {
      expect([await ask(world, `/forbidden/${n}`), await ask(world, '/orders')]).toEqual([
        'UNAUTHORIZED',
        'ok',
      ])
    }
    expect(exchangesAt(world)).toBe(3)
    expect([await ask(world, '/forbidden/3'), exchangesAt(world)]).toEqual(['UNAUTHORIZED', 3])
    expect([together(await healthy(world)), exchangesAt(world)]).toEqual(['ok', 3])
  })

  async function healthy(world: World): Promise<ReturnType<typeof everyWay>> {
    const all = everyWay(world)
    await world.fake.clock.advance(SOON)
    return all
  }

  test('together with failed logins they make three', async () => {
    const world = withForbidden()
    for (let n = 0; n < 2; n++) await ask(world, `/forbidden/${n}`)
    await logIns(world, 1, { statusCode: 500 })
    expect(await ask(world, '/orders')).toBe('ok')
    const count = exchangesAt(world)
    expect([await ask(world, '/forbidden/2'), exchangesAt(world)]).toEqual(['UNAUTHORIZED', count])
  })

  test.each<[string, (world: World) => unknown]>([
    ['an accepted replay', ({ fake }) => fake.server.expire()],
    ['logout()', ({ api }) => api.logout()],
    ['setSession()', ({ fake, api }) => api.setSession(fake.server.issue('mine'))],
  ])('%s clears it', async (_what, clear) => {
    const world = withForbidden()
    for (let n = 0; n < 2; n++) await ask(world, `/forbidden/${n}`)
    clear(world)
    expect(await ask(world, '/orders')).toBe('ok')
    for (const n of [2, 3]) await ask(world, `/forbidden/${n}`)
    const count = exchangesAt(world)
    // Two since then: no pause yet, so a third may log in.
    await ask(world, '/forbidden/4')
    expect(exchangesAt(world)).toBe(count + 1)
  })
})

describe('S16: a forced login that fails harms nobody who has a good token', () => {
  test.each<[string, FakeReply]>([
    ['is answered with 500', { statusCode: 500 }],
    ['is refused', { statusCode: 403 }],
    ['meets no network', { fail: 'disconnected' }],
    ['times out', { lost: true }],
  ])('%s: it is rejected, the others go out with that token', async (_how, reply) => {
    const world = makeWorld({ stored: 'good', client: ONCE })
    const { fake, api } = world
    fake.server.on('/login', () => ({ ...reply, delay: 300 }))
    const forced = watch(api.ensureLogin({ force: true }), fake)
    await fake.clock.advance(50)
    const all = [...everyWay(world), ...tenAt(world, '/orders')]
    await fake.clock.advance(100)
    expect(together(all)).toBe('pending')
    await fake.clock.runAll()
    expect([forced.code, together(all)]).toEqual([expect.stringMatching(/^LOGIN_/), 'ok'])
    expect(api.session?.token).toBe('good')
  })

  test('a token that expires while they wait is of no use to them: they share the failure', async () => {
    const { fake } = makeWorld()
    const expiresAt = fake.clock.now() + 200
    fake.storage.set('miniprogram-session', { token: fake.server.issue('good'), expiresAt })
    const world = { fake, ...clientOn(fake, ONCE) }
    fake.server.on('/login', () => ({ statusCode: 500, delay: 300 }))
    const forced = watch(world.api.ensureLogin({ force: true }), fake)
    const all = everyWay(world)
    await fake.clock.runAll()
    expect([forced.code, together(all)]).toEqual(['LOGIN_FAILED', 'LOGIN_FAILED'])
    expect(new Set([forced, ...all].map(({ error }) => error)).size).toBe(1)
  })
})
