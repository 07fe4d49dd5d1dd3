import type { Client } from '../../src'
import { clientOn, codesOf, deferred, forbid, makeWorld, soon, storedToken, times } from './world'
import { tokenOf, tokensAt, watch, type World } from './world'

const GUEST = { auth: 'optional' as const }
const menu = (api: Client) => api.get('/menu', {}, GUEST)

/** A menu for everybody, at a server that answers 401 to any token it does not know. */
function withMenu(setting: Parameters<typeof makeWorld>[0] = { stored: 'dead', isLive: false }): World {
  const world = makeWorld(setting)
  const { server } = world.fake
  server.on('/menu', (request) =>
    tokenOf(request) === '' || server.isAuthorized(request) ? { data: 'tea' } : { statusCode: 401 },
  )
  return world
}

describe('law 18: a guest stays a guest', () => {
  test('a guest whose token has died gets the public data, without a login', async () => {
    const world = withMenu()
    const { fake, api } = world
    const request = await soon(fake, menu(api))
    expect([request.code, request.value, tokensAt(world, '/menu')]).toEqual(['ok', 'tea', ['dead', '']])
    expect([fake.calls.logins, fake.calls.checks]).toEqual([0, 0])
  })

  test('so does a POST', async () => {
    const world = withMenu()
    const request = await soon(world.fake, world.api.post('/menu', { n: 1 }, GUEST))
    expect([request.code, tokensAt(world, '/menu'), world.fake.calls.logins]).toEqual(['ok', ['dead', ''], 0])
  })

  test('four guests at once each go out once more, and no more', async () => {
    const world = withMenu()
    const all = times(4, () => watch(menu(world.api), world.fake))
    await world.fake.clock.runAll()
    expect(codesOf(all)).toEqual(times(4, () => 'ok'))
    expect(tokensAt(world, '/menu')).toEqual([...times(4, () => 'dead'), ...times(4, () => '')])
  })

  test('a guest goes out again with the token that has come meanwhile', async () => {
    const world = withMenu()
    const { fake, api } = world
    fake.server.latency('/menu', 500)
    const guest = watch(menu(api), fake)
    const user = await soon(fake, api.get('/orders'))
    await fake.clock.runAll()
    expect([user.code, guest.code, tokensAt(world, '/menu')]).toEqual(['ok', 'ok', ['dead', 'token-1']])
    expect(fake.calls.logins).toBe(1)
  })

  test('also with one that the app has set', async () => {
    const set = withMenu()
    set.fake.server.latency('/menu', 500)
    const first = await soon(set.fake, menu(set.api))
    set.api.setSession(set.fake.server.issue('set'))
    await set.fake.clock.runAll()
    expect([first.code, tokensAt(set, '/menu')]).toEqual(['ok', ['dead', 'set']])
  })

  test('a login that is in flight when the guest is refused is neither disturbed nor doubled', async () => {
    const world = withMenu()
    const { fake, api } = world
    fake.server.hold('/login')
    fake.server.latency('/menu', 50)
    const guest = watch(menu(api), fake)
    const user = await soon(fake, api.get('/orders'))
    fake.server.release()
    await fake.clock.runAll()
    expect([user.code, guest.code, fake.calls.logins]).toEqual(['ok', 'ok', 1])
    expect(tokensAt(world, '/menu').length).toBe(2)
  })

  test('once: what is refused again is final, as a plain 401', async () => {
    const world = withMenu()
    forbid(world.fake, '/menu')
    const request = await soon(world.fake, menu(world.api))
    expect([request.code, tokensAt(world, '/menu'), world.fake.calls.logins]).toEqual([
      'HTTP_STATUS',
      ['dead', ''],
      0,
    ])
  })

  test('once with another token, too', async () => {
    const world = withMenu()
    const { fake, api } = world
    forbid(fake, '/menu')
    fake.server.latency('/menu', 500)
    const guest = watch(menu(api), fake)
    await soon(fake, api.get('/orders'))
    await fake.clock.runAll()
    expect([guest.code, tokensAt(world, '/menu'), fake.calls.logins]).toEqual([
      'UNAUTHORIZED',
      ['dead', 'token-1'],
      1,
    ])
  })

  test('without a token there is nothing to go out again for', async () => {
    const world = withMenu({})
    forbid(world.fake, '/menu')
    const request = await soon(world.fake, menu(world.api))
    expect([request.code, tokensAt(world, '/menu')]).toEqual(['HTTP_STATUS', ['']])
  })
})

describe('law 18: whether the token counts as refused', () => {
  test('if nothing has been accepted with it in this launch it does: the next call goes without it', async () => {
    const world = withMenu()
    const { fake, api } = world
    await soon(fake, menu(api))
    await soon(fake, menu(api))
    expect([tokensAt(world, '/menu'), api.session]).toEqual([['dead', '', ''], undefined])
  })

  test('so does the next launch', async () => {
    const world = withMenu()
    const { fake } = world
    await soon(fake, menu(world.api))
    const next = clientOn(fake)
    const request = await soon(fake, menu(next.api))
    expect([request.code, tokensAt(world, '/menu')]).toEqual(['ok', ['dead', '', '']])
  })

  test('and whoever needs a session logs in, without a try of the dead token', async () => {
    const world = withMenu()
    const { fake, api } = world
    await soon(fake, menu(api))
    const orders = await soon(fake, api.get('/orders'))
    expect([orders.code, tokensAt(world, '/orders')]).toEqual(['ok', ['token-1']])
  })

  test('where there is a refresh, the guest does not ask for it, and the session stays to be refreshed', async () => {
    const refresh = jest.fn(() => Promise.resolve(world.fake.server.issue('new')))
    const world: World = withMenu({
      stored: 'dead',
      isLive: false,
      client: { login: { url: '/login', refresh }, checkSession: false },
    })
    const { fake, api } = world
    const guest = await soon(fake, menu(api))
    expect([guest.code, refresh.mock.calls.length, storedToken(fake)]).toEqual(['ok', 0, 'dead'])
    const orders = await soon(fake, api.get('/orders'))
    expect([orders.code, tokensAt(world, '/orders'), fake.calls.logins]).toEqual(['ok', ['new'], 0])
  })

  test('if something has been accepted with it, it does not: the session stays', async () => {
    const world = withMenu({ stored: 'good' })
    const { fake, api } = world
    await soon(fake, api.get('/orders'))
    fake.server.on('/menu', (request) => (tokenOf(request) === '' ? { data: 'tea' } : { statusCode: 401 }))
    const guest = await soon(fake, menu(api))
    expect([guest.code, tokensAt(world, '/menu')]).toEqual(['ok', ['good', '']])
    expect([api.session?.token, storedToken(fake), fake.calls.logins]).toEqual(['good', 'good', 0])
  })

  test('which also holds when a guest was who it was accepted from', async () => {
    const world = withMenu({ stored: 'good' })
    const { fake, api } = world
    await soon(fake, menu(api))
    forbid(fake, '/secret')
    await soon(fake, api.get('/secret', {}, GUEST))
    expect([api.session?.token, storedToken(fake)]).toEqual(['good', 'good'])
  })

  test('a token that another copy has stored meanwhile is not removed by the refusal of the old one', async () => {
    const { fake, api } = withMenu()
    const guest = watch(menu(api), fake)
    await fake.clock.advance(5)
    fake.storage.set('miniprogram-session', { token: fake.server.issue('of-another-copy') })
    await fake.clock.runAll()
    expect([guest.code, storedToken(fake), fake.calls.logins]).toEqual(['ok', 'of-another-copy', 0])
  })
})

describe('law 18: after logout()', () => {
  test('the 401 of a guest that was on the wire is final', async () => {
    const world = withMenu()
    const guest = watch(menu(world.api), world.fake)
    await world.fake.clock.advance(2)
    world.api.logout()
    await world.fake.clock.runAll()
    expect([guest.code, tokensAt(world, '/menu')]).toEqual(['UNAUTHORIZED', ['dead']])
  })

  test('also with the session of the next user: that one is not for the request of the last', async () => {
    const world = withMenu()
    const { fake, api } = world
    fake.server.latency('/menu', 500)
    const guest = await soon(fake, menu(api))
    api.logout()
    api.setSession(fake.server.issue('of-the-next-user'))
    await fake.clock.runAll()
    expect([guest.code, tokensAt(world, '/menu'), api.session?.token]).toEqual([
      'UNAUTHORIZED',
      ['dead'],
      'of-the-next-user',
    ])
  })

  test('a logout while the answer is being judged: nothing goes out after it', async () => {
    const isUnauthorized = ({ statusCode }: { statusCode: number }) => {
      if (statusCode === 401) world.api.logout()
      return statusCode === 401
    }
    const world: World = withMenu({ stored: 'dead', isLive: false, client: { isUnauthorized } })
    const guest = await soon(world.fake, menu(world.api))
    expect(guest.code).toMatch(/^(UNAUTHORIZED|LOGGED_OUT)$/)
    expect(tokensAt(world, '/menu')).toEqual(['dead'])
  })

  test('a guest whose session is still being read goes out without a token after it', async () => {
    const stored = deferred<unknown>()
    const storage = { get: () => stored.promise, set: () => undefined, remove: () => undefined }
    const world = withMenu({ client: { storage } })
    world.api.logout()
    const guest = watch(menu(world.api), world.fake)
    stored.resolve({ token: 'of-the-old-user' })
    await world.fake.clock.runAll()
    expect([guest.code, tokensAt(world, '/menu')]).toEqual(['ok', ['']])
  })
})
