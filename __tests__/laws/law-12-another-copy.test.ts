import {
  altered,
  clientOn,
  codesOf,
  deferred,
  KEY,
  makeWorld,
  phasesOf,
  soon,
  sourcesOf,
  storedToken,
} from './world'
import { times, tokensAt, watch } from './world'

/** Two copies of the package on one phone, both with the token that an earlier launch has left. */
function twoCopies(stored?: string, isLive = false) {
  const world = makeWorld({ ...(stored !== undefined && { stored }), isLive })
  const other = clientOn(world.fake)
  return { ...world, other: other.api, otherEvents: other.events }
}

describe('law 12: another copy may have logged in', () => {
  test('two copies one after the other use one code', async () => {
    const { fake, api, other } = twoCopies()
    const first = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    const second = watch(other.get('/b'), fake)
    await fake.clock.runAll()
    expect([first.code, second.code, fake.calls.logins]).toEqual(['ok', 'ok', 1])
  })

  test('a copy whose token is refused adopts what the other has stored', async () => {
    const world = twoCopies('dead')
    const { fake, api, other } = world
    expect(other.session?.token).toBe('dead')
    const first = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    const second = watch(other.get('/b'), fake)
    await fake.clock.runAll()
    expect([first.code, second.code, fake.calls.logins]).toEqual(['ok', 'ok', 1])
    expect(tokensAt(world, '/b')).toEqual(['dead', 'token-1'])
  })

  test('an adoption is not announced as a login', async () => {
    const { fake, api, other, otherEvents } = twoCopies('dead')
    expect(other.session?.token).toBe('dead')
    await Promise.all([api.get('/a'), fake.clock.runAll()])
    await Promise.all([other.get('/b'), fake.clock.runAll()])
    expect(phasesOf(otherEvents, 'login')).toEqual([])
  })

  test('nor is what a slow store was still being read for when the app set a session', async () => {
    const world = makeWorld({
      client: {
        storage: {
          get: () => Promise.resolve({ token: 'of-an-earlier-launch' }),
          set: () => Promise.reject(new Error('full')),
          remove: () => undefined,
        },
      },
    })
    const { fake, api } = world
    const request = watch(api.get('/a'), fake)
    api.setSession('dead')
    await fake.clock.runAll()
    expect([request.code, tokensAt(world, '/a'), fake.calls.logins]).toEqual(['ok', ['dead', 'token-1'], 1])
  })

  test('the token that was just refused is not adopted again', async () => {
    const world = makeWorld({ stored: 'dead', isLive: false })
    world.fake.storage.fail('remove')
    const request = watch(world.api.get('/a'), world.fake)
    await world.fake.clock.runAll()
    expect([request.code, world.fake.calls.logins, tokensAt(world, '/a')]).toEqual([
      'ok',
      1,
      ['dead', 'token-1'],
    ])
  })

  test('the refused token is not adopted after a store that failed for a while works again', async () => {
    const world = makeWorld({ stored: 'dead', isLive: false, client: { login: { url: '/login', retry: 0 } } })
    const { fake, api } = world
    expect(api.session?.token).toBe('dead')
    for (const operation of ['get', 'remove'] as const) fake.storage.fail(operation)
    fake.misbehave('login', 'fail')
    const first = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    fake.storage.repair()
    const second = watch(api.get('/b'), fake)
    await fake.clock.runAll()
    expect([first.code, second.code, tokensAt(world, '/b')]).toEqual(['LOGIN_FAILED', 'ok', ['token-1']])
  })

  test('a stored token that has expired is not adopted', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false })
    expect(api.session?.token).toBe('dead')
    fake.storage.set('miniprogram-session', { token: 'over', expiresAt: fake.clock.now() - 1 })
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, fake.calls.logins]).toEqual(['ok', 1])
  })

  test('garbage of another copy is not adopted', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false })
    expect(api.session?.token).toBe('dead')
    fake.storage.set('miniprogram-session', { token: 'bad\ntoken' })
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, storedToken(fake)]).toEqual(['ok', 'token-1'])
  })

  test('a refusal of the old token does not remove the new one that the other copy has stored', async () => {
    const world = twoCopies('dead')
    const { fake, api, other } = world
    fake.server.latency('/slow', 1000)
    const slow = watch(other.get('/slow'), fake)
    const quick = watch(api.get('/quick'), fake)
    await fake.clock.advance(900)
    expect([quick.code, storedToken(fake)]).toEqual(['ok', 'token-1'])
    await fake.clock.runAll()
    expect([slow.code, storedToken(fake), fake.calls.logins]).toEqual(['ok', 'token-1', 1])
  })

  test('a retry within a login looks in the store again', async () => {
    const { fake, api } = makeWorld()
    fake.misbehave('login', 'fail')
    const login = watch(api.ensureLogin(), fake)
    await fake.clock.advance(5)
    fake.storage.set('miniprogram-session', { token: fake.server.issue('of-another-copy') })
    await fake.clock.runAll()
    expect([login.value?.token, fake.calls.logins]).toEqual(['of-another-copy', 1])
  })

  test('a failed check adopts what another copy has stored since', async () => {
    const { fake, api } = makeWorld({ stored: 'old', client: { checkSession: 'blocking' } })
    expect(api.session?.token).toBe('old')
    fake.account.expireKey()
    const request = watch(api.get('/a'), fake)
    fake.storage.set('miniprogram-session', { token: fake.server.issue('of-another-copy') })
    await fake.clock.runAll()
    expect([request.code, api.session?.token, fake.calls.logins]).toEqual(['ok', 'of-another-copy', 0])
  })

  test('an expired session gives way to what another copy has stored', async () => {
    const { fake, api } = makeWorld()
    fake.storage.set('miniprogram-session', { token: 'brief', expiresAt: fake.clock.now() + 1000 })
    expect(api.session?.token).toBe('brief')
    await fake.clock.advance(2000)
    fake.storage.set('miniprogram-session', { token: fake.server.issue('of-another-copy') })
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, fake.calls.logins]).toEqual(['ok', 0])
  })

  test('an adopted token is kept in the store as it is', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false })
    expect(api.session?.token).toBe('dead')
    const session = { token: fake.server.issue('theirs'), data: { name: '李' }, note: 'of a newer version' }
    fake.storage.set('miniprogram-session', session)
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, fake.storage.get('miniprogram-session')]).toEqual(['ok', session])
  })

  test('a dead token adopted from another copy is replaced by a login, three sends in all', async () => {
    const world = makeWorld({ stored: 'dead', isLive: false })
    const { fake, api } = world
    expect(api.session?.token).toBe('dead')
    fake.storage.set('miniprogram-session', { token: 'dead-too' })
    const all = times(4, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.runAll()
    expect([new Set(codesOf(all)), fake.calls.logins]).toEqual([new Set(['ok']), 1])
    for (let n = 0; n < 4; n++) expect(tokensAt(world, `/${n}`)).toEqual(['dead', 'dead-too', 'token-1'])
  })

  test('an encrypted store is shared between copies as well', async () => {
    const { fake } = makeWorld()
    const storage = { encrypt: true }
    const [one, two] = [clientOn(fake, { storage }), clientOn(fake, { storage })]
    const first = watch(one.api.get('/a'), fake)
    await fake.clock.runAll()
    const second = watch(two.api.get('/b'), fake)
    await fake.clock.runAll()
    expect([first.code, second.code, fake.calls.logins]).toEqual(['ok', 'ok', 1])
  })

  test('a copy with an encrypted store does not remove the token that another has written meanwhile', async () => {
    const { fake } = makeWorld()
    const storage = { encrypt: true }
    const [one, two] = [clientOn(fake, { storage }), clientOn(fake, { storage })]
    await Promise.all([one.api.get('/a'), fake.clock.advance(100)])
    await Promise.all([two.api.get('/b'), fake.clock.advance(100)])
    fake.server.expire()
    fake.server.hold('/c')
    const refused = watch(one.api.get('/c'), fake)
    await fake.clock.advance(10)
    const forced = watch(two.api.ensureLogin({ force: true }), fake)
    // The other copy's new token is written 0 to 2 ms after this one's refusal has begun to look.
    await fake.clock.advance(21)
    fake.server.release()
    await fake.clock.runAll()
    expect([forced.code, refused.code, fake.calls.logins]).toEqual(['ok', 'ok', 2])
    const third = clientOn(fake, { storage })
    await Promise.all([third.api.get('/d'), fake.clock.runAll()])
    expect([fake.calls.logins, third.api.session?.token]).toEqual([2, forced.value?.token])
  })

  test('two copies that start at the same time both get through', async () => {
    const { fake, api, other } = twoCopies()
    const all = [
      ...times(3, (n) => watch(api.get(`/a${n}`), fake)),
      ...times(3, (n) => watch(other.get(`/b${n}`), fake)),
    ]
    await fake.clock.runAll()
    expect(new Set(codesOf(all))).toEqual(new Set(['ok']))
    expect(fake.calls.logins).toBeLessThanOrEqual(2)
    expect(fake.server.codesReused).toEqual([])
  })

  test('a logout in one copy does not make the other one fail', async () => {
    const { fake, api, other } = twoCopies('good', true)
    expect(other.session?.token).toBe('good')
    api.logout()
    const request = watch(other.get('/a'), fake)
    await fake.clock.runAll()
    expect(request.code).toBe('ok')
  })

  test('after its own logout a copy may adopt what another has stored since', async () => {
    const { fake, api, other } = twoCopies()
    await Promise.all([api.get('/a'), fake.clock.runAll()])
    api.logout()
    await Promise.all([other.get('/b'), fake.clock.runAll()])
    const request = watch(api.get('/c'), fake)
    await fake.clock.runAll()
    expect([request.code, fake.calls.logins, api.session?.token]).toEqual(['ok', 2, other.session?.token])
  })

  test('a removal that failed does not hide what another copy stores later', async () => {
    const { fake, api, other } = twoCopies('dead')
    expect(other.session?.token).toBe('dead')
    fake.storage.fail('remove', 'throw', 1)
    other.logout()
    const first = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    const second = watch(other.get('/b'), fake)
    await fake.clock.runAll()
    expect([first.code, second.code, fake.calls.logins]).toEqual(['ok', 'ok', 1])
  })

  test('a login that a logout has ended looks in the store no more, and so hides nothing', async () => {
    const { fake, api } = makeWorld({ stored: 'dead', isLive: false })
    const login = { url: '/login', refresh: () => new Promise<string>(() => undefined), timeout: 1000 }
    const { api: other } = clientOn(fake, { login })
    const ended = watch(other.get('/a'), fake)
    await fake.clock.advance(100)
    other.logout()
    const first = watch(api.get('/b'), fake)
    await fake.clock.advance(5000)
    const second = watch(other.get('/c'), fake)
    await fake.clock.runAll()
    expect(codesOf([ended, first, second])).toEqual(['LOGGED_OUT', 'ok', 'ok'])
    expect(fake.calls.logins).toBe(1)
  })

  test('a forced login that fails does not hide from the next one what another copy has stored', async () => {
    const { fake, api } = makeWorld()
    fake.server.on('/down', () => ({ statusCode: 500 }))
    const { api: other } = clientOn(fake, { login: { url: '/down', retry: 0 } })
    const first = watch(api.get('/a'), fake)
    await fake.clock.advance(5)
    const forced = watch(other.ensureLogin({ force: true }), fake)
    await fake.clock.runAll()
    expect([codesOf([first, forced]), fake.calls.logins]).toEqual([['ok', 'LOGIN_FAILED'], 2])
    const second = watch(other.get('/b'), fake)
    await fake.clock.runAll()
    expect([second.code, fake.calls.logins, other.session?.token]).toEqual(['ok', 2, api.session?.token])
  })

  test('nor does one that fails after it has seen it there', async () => {
    const { fake, api } = makeWorld()
    fake.server.on('/down', () => ({ statusCode: 500 }))
    const { api: other } = clientOn(fake, { login: { url: '/down', retry: 0 } })
    expect(other.session).toBeUndefined()
    const first = await soon(fake, api.get('/a'))
    const forced = await soon(fake, other.ensureLogin({ force: true }))
    expect(codesOf([first, forced])).toEqual(['ok', 'LOGIN_FAILED'])
    const second = await soon(fake, other.get('/b'))
    expect([second.code, fake.calls.logins, other.session?.token]).toEqual(['ok', 2, api.session?.token])
  })

  test('copies with keys of their own know nothing of each other', async () => {
    const { fake, api } = makeWorld()
    const other = clientOn(fake, { storage: { key: 'of-a-plugin' }, platform: altered(fake, {}) })
    await Promise.all([api.get('/a'), other.api.get('/b'), fake.clock.runAll()])
    expect([fake.calls.logins, fake.storage.keys().sort()]).toEqual([
      2,
      ['miniprogram-session', 'of-a-plugin'],
    ])
  })
})

describe('law 12: the store is read once more', () => {
  test('before a refresh: a session that another copy has stored makes it unnecessary', async () => {
    const refresh = jest.fn(() => Promise.resolve('refreshed'))
    const world = makeWorld({ stored: 'dead', isLive: false, client: { login: { url: '/login', refresh } } })
    const { fake, api } = world
    const request = await soon(fake, api.get('/a'), 2)
    fake.storage.set(KEY, { token: fake.server.issue('of-another-copy') })
    await fake.clock.runAll()
    expect([request.code, tokensAt(world, '/a')]).toEqual(['ok', ['dead', 'of-another-copy']])
    expect([refresh.mock.calls.length, fake.calls.logins]).toEqual([0, 0])
  })

  test('before a code that is to follow a refused refresh', async () => {
    const answer = deferred<string>()
    const login = { url: '/login', refresh: () => answer.promise }
    const world = makeWorld({ stored: 'dead', isLive: false, client: { login } })
    const { fake, api } = world
    const request = await soon(fake, api.get('/a'))
    fake.storage.set(KEY, { token: fake.server.issue('of-another-copy') })
    answer.reject({ statusCode: 400 })
    await fake.clock.advance(100)
    expect([request.code, tokensAt(world, '/a')]).toEqual(['ok', ['dead', 'of-another-copy']])
    expect(fake.calls.logins).toBe(0)
  })

  test('before the pause after failed logins refuses a request', async () => {
    const client = { login: { url: '/login', retry: 0 }, checkSession: false as const }
    const world = makeWorld({ stored: 'good', client })
    const { fake, api } = world
    fake.server.on('/login', () => ({ statusCode: 500 }))
    for (let n = 0; n < 3; n++)
      expect((await soon(fake, api.ensureLogin({ force: true }))).code).toBe('LOGIN_FAILED')
    fake.server.expire()
    fake.storage.set(KEY, { token: fake.server.issue('of-another-copy') })
    const request = await soon(fake, api.get('/a'))
    expect([request.code, tokensAt(world, '/a')]).toEqual(['ok', ['good', 'of-another-copy']])
  })

  test('before a final 401: the server keeps one session for each user, and another copy has it', async () => {
    const world = makeWorld()
    const { fake, api } = world
    const off = fake.server.on('/a', () => {
      off()
      fake.server.expire()
      fake.storage.set(KEY, { token: fake.server.issue('of-another-copy') })
      return { statusCode: 401 }
    })
    const request = await soon(fake, api.get('/a'))
    expect([request.code, tokensAt(world, '/a')]).toEqual(['ok', ['token-1', 'of-another-copy']])
    expect([fake.calls.logins, api.session?.token, storedToken(fake)]).toEqual([
      1,
      'of-another-copy',
      'of-another-copy',
    ])
  })

  test('twenty requests that another copy’s login has locked out all go on with its token', async () => {
    const { fake, api } = makeWorld()
    const other = clientOn(fake)
    await soon(fake, api.get('/warm'))
    fake.server.expire()
    await soon(fake, other.api.ensureLogin({ force: true }))
    const { logins } = fake.calls
    const all = times(20, (n) => watch(api.get(`/${n}`), fake))
    await fake.clock.runAll()
    expect([new Set(codesOf(all)), fake.calls.logins]).toEqual([new Set(['ok']), logins])
  })

  test('a store that is slow with it holds the final 401 up, and nothing else', async () => {
    let look: () => unknown = () => undefined
    const storage = { get: () => look(), set: () => undefined, remove: () => undefined }
    const world = makeWorld({ client: { storage } })
    const { fake, api } = world
    const answer = deferred<unknown>()
    fake.server.on('/a', () => {
      look = () => answer.promise
      return { statusCode: 401 }
    })
    const request = watch(api.get('/a'), fake)
    await fake.clock.advance(1000)
    const other = await soon(fake, api.get('/b'))
    expect([request.code, other.code]).toEqual(['pending', 'ok'])
    answer.resolve(undefined)
    await fake.clock.advance(100)
    expect([request.code, fake.calls.logins]).toEqual(['UNAUTHORIZED', 1])
  })

  test('a logout during that look ends the request: nothing is sent with what is found', async () => {
    let look: () => unknown = () => undefined
    const storage = { get: () => look(), set: () => undefined, remove: () => undefined }
    const world = makeWorld({ client: { storage } })
    const { fake, api } = world
    const answer = deferred<unknown>()
    fake.server.on('/a', () => {
      look = () => answer.promise
      return { statusCode: 401 }
    })
    const request = watch(api.get('/a'), fake)
    await fake.clock.advance(1000)
    api.logout()
    answer.resolve({ token: 'of-another-copy' })
    await fake.clock.runAll()
    expect(request.code).toMatch(/^(UNAUTHORIZED|LOGGED_OUT)$/)
    expect([tokensAt(world, '/a'), api.session]).toEqual([['token-1'], undefined])
  })

  test('before LOGIN_REQUIRED: where nobody may log in, what another copy has stored serves', async () => {
    const world = makeWorld({ client: { autoLogin: false } })
    const { fake, api } = world
    const none = await soon(fake, api.get('/a'))
    fake.storage.set(KEY, { token: fake.server.issue('of-another-copy') })
    const some = await soon(fake, api.get('/a'))
    expect([none.code, some.code, tokensAt(world, '/a')]).toEqual([
      'LOGIN_REQUIRED',
      'ok',
      ['of-another-copy'],
    ])
    expect(fake.calls.logins).toBe(0)
  })

  test('also after a refusal', async () => {
    const world = makeWorld({ stored: 'dead', isLive: false, client: { autoLogin: false } })
    const { fake, api } = world
    const request = await soon(fake, api.get('/a'), 2)
    fake.storage.set(KEY, { token: fake.server.issue('of-another-copy') })
    await fake.clock.advance(100)
    expect([request.code, tokensAt(world, '/a')]).toEqual(['ok', ['dead', 'of-another-copy']])
  })

  test('what is found is told as adopted', async () => {
    const { fake, api, events } = makeWorld({ stored: 'dead', isLive: false })
    const request = await soon(fake, api.get('/a'), 2)
    fake.storage.set(KEY, { token: fake.server.issue('of-another-copy') })
    await fake.clock.advance(100)
    expect([request.code, sourcesOf(events)]).toEqual(['ok', ['stored', 'adopted']])
  })
})
