import type { ClientOptions, Session } from '../../src'
import type { FakeReply, FakeRequest } from '../../src/testing'
import { clientOn, codesOf, exchangesAt, forbid, KEY, makeWorld, phasesOf, soon, sourcesOf } from './world'
import { storedToken, times, tokenOf, tokensAt, watch, type World } from './world'

const HEADER: Partial<ClientOptions> = { rotate: { header: 'X-Next' } }

/** A phone with a token that the server accepts, and a client that takes the next one from a header. */
function rotating(client: Partial<ClientOptions> = HEADER, stored: object = { token: 'good' }): World {
  const world = makeWorld({ client: { checkSession: false, ...client } })
  world.fake.storage.set(KEY, stored)
  world.fake.server.issue('good')
  return world
}

/** From here on whoever is let in at `path` gets the next token, and the one it came with is dead. */
function rotateAt({ fake }: World, path: string, reply: (next: string) => FakeReply = inHeader): void {
  fake.server.on(
    path,
    fake.server.guard((request) => {
      fake.server.expire(fake.server.readToken(request))
      return reply(fake.server.issue())
    }),
  )
}

const inHeader = (next: string): FakeReply => ({ header: { 'X-Next': next } })

/** A server whose session is a cookie, set anew with each answer. */
function withCookie(): World {
  const world = rotating({ attach: { cookie: 'sid' }, login: { url: '/login', token: { cookie: 'sid' } } })
  world.fake.server.readToken = (request) => /sid=([^;]*)/.exec(request.headerOf('Cookie') ?? '')?.[1]
  return world
}

const cookiesAt = ({ fake }: World, path: string) =>
  fake.server.requests.filter((request) => request.path === path).map((each) => fake.server.readToken(each))

describe('law 20: a rotated token is one more of the same session', () => {
  test('six requests in a row, each with the token that the one before has brought, and no login', async () => {
    const world = rotating()
    const { fake, api } = world
    rotateAt(world, '/a')
    for (let n = 0; n < 6; n++) expect((await soon(fake, api.get('/a'))).code).toBe('ok')
    expect(tokensAt(world, '/a')).toEqual(['good', ...times(5, (n) => `token-${n + 1}`)])
    expect([fake.calls.logins, api.session?.token, storedToken(fake)]).toEqual([0, 'token-6', 'token-6'])
  })

  test('it is told as rotated, and as no login', async () => {
    const world = rotating()
    rotateAt(world, '/a')
    await soon(world.fake, world.api.get('/a'))
    expect([sourcesOf(world.events).pop(), phasesOf(world.events, 'login')]).toEqual(['rotated', []])
  })

  test('a cookie that the server sets anew is taken over without an option', async () => {
    const world = withCookie()
    const { fake, api } = world
    rotateAt(world, '/a', (next) => ({ cookies: [`sid=${next}; Path=/; HttpOnly`] }))
    for (let n = 0; n < 4; n++) expect((await soon(fake, api.get('/a'))).code).toBe('ok')
    expect([cookiesAt(world, '/a'), fake.calls.logins]).toEqual([
      ['good', 'token-1', 'token-2', 'token-3'],
      0,
    ])
  })

  test('a function finds it anywhere, as a token or as a session', async () => {
    const rotate = ({ data }: { data: unknown }) => (data as { next?: string | Session } | null)?.next
    const world = rotating({ rotate })
    const { fake, api } = world
    rotateAt(world, '/token', (next) => ({ data: { next } }))
    rotateAt(world, '/session', (token) => ({ data: { next: { token, expiresAt: 1_900_000_000_000 } } }))
    await soon(fake, api.get('/token'))
    expect(api.session?.token).toBe('token-1')
    await soon(fake, api.get('/session'))
    expect(api.session).toMatchObject({ token: 'token-2', expiresAt: 1_900_000_000_000 })
    expect(storedToken(fake)).toBe('token-2')
  })

  test('the name of the header may come in any case', async () => {
    const world = rotating({ rotate: { header: 'x-NEXT' } })
    rotateAt(world, '/a', (next) => ({ header: { 'x-next': next } }))
    await soon(world.fake, world.api.get('/a'))
    expect(world.api.session?.token).toBe('token-1')
  })

  test('clones take it over, and go on with it', async () => {
    const world = rotating()
    const { fake, api } = world
    const clone = api.extend({ timeout: 1000 })
    rotateAt(world, '/a')
    for (const one of [clone, api, clone]) await soon(fake, one.get('/a'))
    expect(tokensAt(world, '/a')).toEqual(['good', 'token-1', 'token-2'])
  })

  test('the next launch begins with it', async () => {
    const world = rotating()
    rotateAt(world, '/a')
    await soon(world.fake, world.api.get('/a'))
    const next = clientOn(world.fake, HEADER)
    expect((await soon(world.fake, next.api.get('/a'))).code).toBe('ok')
    expect([tokensAt(world, '/a'), world.fake.calls.logins]).toEqual([['good', 'token-1'], 0])
  })

  test.each(['uploadFile', 'downloadFile'] as const)('the head of an %s serves', async (kind) => {
    const world = rotating()
    const { fake, api } = world
    rotateAt(world, '/file')
    const request = await soon<unknown>(
      fake,
      kind === 'uploadFile'
        ? api.uploadFile({ url: '/file', filePath: 'f', name: 'file' })
        : api.downloadFile({ url: '/file' }),
    )
    expect([request.code, api.session?.token]).toEqual(['ok', 'token-1'])
  })

  test('a rotate that throws is told to the console, and harms nobody', async () => {
    const words = (['error', 'warn'] as const).map((name) => jest.spyOn(console, name).mockImplementation())
    const rotate = () => {
      throw new Error('of the app')
    }
    const { fake, api } = rotating({ rotate })
    const request = await soon(fake, api.get('/a'))
    expect([request.code, api.session?.token]).toEqual(['ok', 'good'])
    expect(words.some(({ mock }) => mock.calls.length > 0)).toBe(true)
    jest.restoreAllMocks()
  })
})

describe('law 20: when a token is taken', () => {
  /** The session after a request to `/a`, whose answer offers another token. */
  async function after(world: World, reply: FakeReply, options: object = {}): Promise<string | undefined> {
    world.fake.server.on('/a', () => ({ header: { 'X-Next': 'other' }, ...reply }))
    await soon(world.fake, world.api.get('/a', {}, { retry: false, ...options }))
    return world.api.session?.token
  }

  test.each([200, 204, 302, 404, 422])('an accepted answer of %i brings one', async (statusCode) => {
    expect(await after(rotating(), { statusCode })).toBe('other')
  })

  test.each([500, 503])('one of %i does not', async (statusCode) => {
    expect(await after(rotating(), { statusCode })).toBe('good')
  })

  test('a refusal does not', async () => {
    const world = rotating()
    await after(world, { statusCode: 401 })
    expect(tokensAt(world, '/a')).not.toContain('other')
  })

  test('nor a 401 that is about something else', async () => {
    expect(await after(rotating(), { statusCode: 401 }, { isUnauthorized: false })).toBe('good')
  })

  test('nor the answer to a request that carried no token', async () => {
    expect(await after(rotating(), {}, { auth: false })).not.toBe('other')
  })

  test('nor that of a server elsewhere', async () => {
    const { fake, api } = rotating()
    fake.server.on('/x', () => inHeader('other'))
    await soon(fake, api.get('https://cdn.test/x'))
    await soon(fake, api.get('/a'))
    expect(api.session?.token).toBe('good')
  })

  test('nor an answer to the token before: another has become the current one since', async () => {
    const world = rotating()
    const { fake, api } = world
    fake.server.latency('/slow', 500)
    fake.server.on('/slow', () => inHeader('late'))
    const slow = await soon(fake, api.get('/slow'))
    api.setSession(fake.server.issue('set'))
    await fake.clock.runAll()
    expect([slow.code, api.session?.token, storedToken(fake)]).toEqual(['ok', 'set', 'set'])
  })

  test('nor one that comes after logout()', async () => {
    const world = rotating()
    const { fake, api } = world
    rotateAt(world, '/a')
    const request = watch(api.get('/a'), fake)
    await fake.clock.advance(2)
    api.logout()
    await fake.clock.runAll()
    expect([request.code, api.session, fake.storage.keys()]).toEqual(['ok', undefined, []])
  })

  test('the answer that a listener logs out on brings nothing back', async () => {
    const world = rotating()
    const { fake, api } = world
    rotateAt(world, '/a')
    api.on((event) => {
      if (event.type === 'request' && event.phase === 'success') api.logout()
    })
    await soon(fake, api.get('/a'))
    expect([api.session, fake.storage.keys()]).toEqual([undefined, []])
  })

  test.each<[string, (world: World, task: { abort(): void }) => void, string | undefined]>([
    ['aborts the request: the server has taken the old one back', (_world, task) => task.abort(), 'token-1'],
    ['logs out: there is no session that it could be of', ({ api }) => api.logout(), undefined],
  ])('an answer lets it in though isUnauthorized %s', async (_what, deed, token) => {
    const current: { task?: { abort(): void } } = {}
    const world = rotating({
      ...HEADER,
      isUnauthorized: ({ statusCode }) => {
        if (statusCode === 200 && current.task) deed(world, current.task)
        return statusCode === 401
      },
    })
    const { fake, api } = world
    rotateAt(world, '/a')
    const task = api.get('/a')
    current.task = task
    const ended = await soon(fake, task)
    expect([ended.code === 'ok', api.session?.token, storedToken(fake)]).toEqual([false, token, token])
  })

  test('no header, or the same token in it, rotates nothing', async () => {
    const { fake, api, events } = rotating()
    await soon(fake, api.get('/plain'))
    fake.server.on('/same', () => inHeader('good'))
    await soon(fake, api.get('/same'))
    expect([api.session?.token, sourcesOf(events)]).toEqual(['good', expect.not.arrayContaining(['rotated'])])
  })

  test.each([undefined, null, ''])('a function that finds nothing (%j) rotates nothing', async (nothing) => {
    const { fake, api } = rotating({ rotate: (() => nothing) as never })
    expect([(await soon(fake, api.get('/a'))).code, api.session?.token]).toEqual(['ok', 'good'])
  })

  test.each([
    'sid=; Path=/',
    'sid=deleted; Max-Age=0',
    'sid=deleted; Path=/; max-age=-1',
    'sid=deleted; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
    'sid=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT; Max-Age=0',
    'other=x; Path=/',
  ])('a cookie that is being cleared, or another one, rotates nothing: %s', async (cookie) => {
    const { fake, api } = withCookie()
    fake.server.on('/a', () => ({ cookies: [cookie] }))
    expect([(await soon(fake, api.get('/a'))).code, api.session?.token]).toEqual(['ok', 'good'])
  })

  test('a cookie whose end lies in the past of a phone with a wrong clock is taken all the same', async () => {
    const { fake, api } = withCookie()
    fake.server.on('/a', () => ({ cookies: ['sid=next; Expires=Wed, 01 Jan 2025 00:00:00 GMT'] }))
    await soon(fake, api.get('/a'))
    expect(api.session?.token).toBe('next')
  })

  test.each(['a\nb', 'a\r\nX-Evil: 1', '令牌'])(
    'what could break a header is not taken (%j)',
    async (next) => {
      jest.spyOn(console, 'error').mockImplementation()
      jest.spyOn(console, 'warn').mockImplementation()
      const { fake, api } = rotating({ rotate: () => next })
      const all = [await soon(fake, api.get('/a')), await soon(fake, api.get('/b'))]
      expect([codesOf(all), api.session?.token]).toEqual([['ok', 'ok'], 'good'])
      jest.restoreAllMocks()
    },
  )

  test('the same token with another end moves its end', async () => {
    const [soonOver, later] = [1_800_000_000_000, 1_900_000_000_000]
    const rotate = () => ({ token: 'good', expiresAt: later })
    const { fake, api } = rotating({ rotate }, { token: 'good', expiresAt: soonOver })
    await soon(fake, api.get('/a'))
    expect(api.session).toMatchObject({ token: 'good', expiresAt: later })
    expect(fake.storage.get(KEY)).toMatchObject({ token: 'good', expiresAt: later })
  })
})

describe('law 20: what the next token inherits', () => {
  test('the id and the data, but not the end: that goes with the token', async () => {
    const data = { name: '李' }
    const world = rotating(HEADER, { token: 'good', expiresAt: 1_900_000_000_000, data, id: 'of-the-user' })
    rotateAt(world, '/a')
    await soon(world.fake, world.api.get('/a'))
    expect(world.api.session).toMatchObject({ token: 'token-1', data, id: 'of-the-user' })
    expect(world.api.session?.expiresAt).toBeUndefined()
    expect(world.fake.storage.get(KEY)).toMatchObject({ token: 'token-1', data, id: 'of-the-user' })
  })

  test('that the one before was accepted: a guest that is refused with it leaves the session alone', async () => {
    const world = rotating()
    const { fake, api } = world
    rotateAt(world, '/a')
    await soon(fake, api.get('/a'))
    forbid(fake, '/secret')
    await soon(fake, api.get('/secret', {}, { auth: 'optional' }))
    expect([api.session?.token, storedToken(fake)]).toEqual(['token-1', 'token-1'])
  })

  test('the addresses that are known to be forbidden', async () => {
    const world = makeWorld({ client: HEADER })
    const { fake, api } = world
    forbid(fake, '/forbidden')
    rotateAt(world, '/a')
    const codes: string[] = []
    for (let n = 0; n < 5; n++) {
      codes.push((await soon(fake, api.get('/forbidden'))).code, (await soon(fake, api.get('/a'))).code)
    }
    expect(codes).toEqual(times(10, (n) => (n % 2 ? 'ok' : 'UNAUTHORIZED')))
    expect(exchangesAt(world)).toBe(1)
  })

  test('that the app has set it: no check replaces it, in this launch or the next', async () => {
    const world = rotating({ ...HEADER, checkSession: 'background' })
    const { fake, api } = world
    api.setSession('good')
    rotateAt(world, '/a')
    await soon(fake, api.get('/a'))
    fake.account.expireKey()
    const next = clientOn(fake, HEADER)
    await soon(fake, next.api.get('/b'), 5000)
    expect([next.api.session?.token, fake.calls.logins]).toEqual(['token-1', 0])
  })
})

describe('law 20: a 401 while others are on the wire', () => {
  test('ten requests at once, of which the first brings the next token: none costs a login', async () => {
    const world = rotating()
    const { fake, api } = world
    times(10, (n) => fake.server.latency(`/${n}`, 20 * (10 - n)))
    times(10, (n) => rotateAt(world, `/${n}`))
    const all = times(10, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.runAll()
    expect([codesOf(all), fake.calls.logins]).toEqual([times(10, () => 'ok'), 0])
  })

  test('the refusal waits for the answer that brings the next token', async () => {
    const world = rotating()
    const { fake, api } = world
    rotateAt(world, '/slow')
    fake.server.latency('/slow', 1000)
    const all = [watch(api.get('/slow'), fake), watch(api.get('/quick'), fake)]
    await fake.clock.advance(500)
    expect([codesOf(all), fake.calls.logins]).toEqual([['pending', 'pending'], 0])
    await fake.clock.runAll()
    expect([codesOf(all), tokensAt(world, '/quick'), fake.calls.logins]).toEqual([
      ['ok', 'ok'],
      ['good', 'token-1'],
      0,
    ])
  })

  test('if none brings one, it is a refusal like any other: one login for all', async () => {
    const world = rotating()
    const { fake, api } = world
    fake.server.expire()
    fake.server.latency('/slow', 500)
    const all = ['/slow', '/quick', '/other'].map((path) => watch(api.get(path), fake))
    await fake.clock.runAll()
    expect([codesOf(all), fake.calls.logins]).toEqual([['ok', 'ok', 'ok'], 1])
  })

  test('requests without the token are not waited for', async () => {
    const world = rotating()
    const { fake, api } = world
    fake.server.expire()
    fake.server.hold('/open')
    const open = watch(api.get('/open', {}, { auth: false }), fake)
    const request = await soon(fake, api.get('/a'))
    expect([open.code, request.code, fake.calls.logins]).toEqual(['pending', 'ok', 1])
  })

  test.each(['aborted', 'timed out'])('one that is %s is not waited for any longer', async (how) => {
    const world = rotating()
    const { fake, api } = world
    fake.server.expire()
    fake.server.hold('/stuck')
    const task = api.get('/stuck', {}, { timeout: how === 'timed out' ? 300 : 30_000, retry: false })
    const stuck = watch(task, fake)
    const request = await soon(fake, api.get('/a'))
    expect(request.code).toBe('pending')
    if (how === 'aborted') task.abort()
    await fake.clock.advance(2000)
    expect([stuck.code, request.code, fake.calls.logins]).toEqual([
      how === 'aborted' ? 'ABORTED' : 'TIMEOUT',
      'ok',
      1,
    ])
  })

  test('one that waits there can be aborted, and a logout ends it', async () => {
    const { fake, api } = rotating()
    fake.server.expire()
    fake.server.hold('/stuck')
    const stuck = watch(api.get('/stuck'), fake)
    const task = api.get('/a')
    const all = [watch(task, fake), watch(api.get('/b'), fake)]
    await fake.clock.advance(100)
    task.abort()
    api.logout()
    fake.server.release()
    await fake.clock.runAll()
    expect(codesOf(all)[0]).toBe('ABORTED')
    expect(codesOf([...all, stuck])).not.toContain('pending')
    expect([fake.calls.logins, fake.server.requests.map((each: FakeRequest) => tokenOf(each))]).toEqual([
      0,
      ['good', 'good', 'good'],
    ])
  })

  test('what is refused after a logout, or when its token has been replaced, waits for nobody', async () => {
    const world = rotating()
    const { fake, api } = world
    fake.server.expire()
    fake.server.hold('/stuck')
    const stuck = watch(api.get('/stuck'), fake)
    const stale = watch(api.get('/stale'), fake)
    api.setSession(fake.server.issue('newer'))
    await fake.clock.advance(100)
    expect([stuck.code, stale.code, tokensAt(world, '/stale')]).toEqual(['pending', 'ok', ['good', 'newer']])

    fake.server.expire()
    const [stuckToo, refused] = ['/stuck', '/refused'].map((path) => watch(api.get(path), fake))
    api.logout()
    await fake.clock.advance(100)
    expect([stuckToo?.code, refused?.code]).toEqual(['pending', 'UNAUTHORIZED'])
  })

  test('listeners hear of the next token before they hear of what goes out with it', async () => {
    const world = rotating()
    const { fake, api, events } = world
    rotateAt(world, '/slow')
    fake.server.latency('/slow', 100)
    forbid(fake, '/refused')
    ;['/slow', '/refused'].map((path) => watch(api.get(path), fake))
    await fake.clock.runAll()
    const told = events.flatMap((event) =>
      event.type === 'session' ? [event.source] : event.type === 'request' ? [event.phase] : [],
    )
    expect(told.slice(told.indexOf('rotated'), told.indexOf('rotated') + 3)).toEqual([
      'rotated',
      'replay',
      'send',
    ])
  })

  test('a logout in answer to its replay finds the request whose failure it had waited for', async () => {
    const { fake, api } = rotating()
    forbid(fake, '/refused')
    fake.server.hold('/lost')
    api.on((event) => {
      if (event.type === 'request' && event.phase === 'replay') api.logout()
    })
    const all = ['/lost', '/refused'].map((path) => watch(api.get(path), fake))
    await fake.clock.advance(100)
    fake.network.offline()
    await fake.clock.settle()
    expect(codesOf(all)).toEqual(['LOGGED_OUT', 'LOGGED_OUT'])
  })

  test('what authorize() was refused waits as well', async () => {
    const world = rotating()
    const { fake, api } = world
    rotateAt(world, '/slow')
    fake.server.latency('/slow', 500)
    const slow = watch(api.get('/slow'), fake)
    await fake.clock.advance(300)
    const run = watch(
      api.authorize((token) => ({ status: fake.server.tokens.has(token) ? 200 : 401 })),
      fake,
    )
    await fake.clock.runAll()
    expect([slow.code, run.code, fake.calls.logins]).toEqual(['ok', 'ok', 0])
  })

  test('replays that follow a rotation are not counted among the two', async () => {
    const world = rotating()
    const { fake, api } = world
    rotateAt(world, '/tick')
    fake.server.latency('/slow', 200)
    let asked = 0
    fake.server.on('/slow', () => (++asked <= 6 ? { statusCode: 401 } : { data: 'here' }))
    const slow = watch(api.get('/slow'), fake)
    for (let n = 0; n < 6; n++) {
      await fake.clock.advance(50)
      await soon(fake, api.get('/tick'), 160)
    }
    await fake.clock.runAll()
    expect([slow.code, asked, fake.calls.logins]).toEqual(['ok', 7, 0])
  })

  test('but there are ten of them at most', async () => {
    const world = rotating()
    const { fake, api } = world
    rotateAt(world, '/tick')
    fake.server.latency('/slow', 200)
    forbid(fake, '/slow')
    const slow = watch(api.get('/slow'), fake)
    for (let n = 0; n < 30; n++) {
      await fake.clock.advance(50)
      await soon(fake, api.get('/tick'), 160)
    }
    await fake.clock.runAll()
    expect([slow.code, tokensAt(world, '/slow').length]).toEqual(['UNAUTHORIZED', 1 + 10])
  })
})
