import type { SessionStore } from '../../src'
import {
  clientOn,
  codesOf,
  deferred,
  makeWorld,
  phasesOf,
  storedToken,
  times,
  tokensAt,
  watch,
  type World,
} from './world'

/** What the client said about its store. */
function complaints({ events }: Pick<World, 'events'>): string[] {
  return events.flatMap((event) => (event.type === 'storage-error' ? [event.operation] : []))
}

describe('law 11: storage may fail', () => {
  test.each([
    ['synchronous', { encrypt: false }],
    ['encrypted', { encrypt: true }],
  ])('a %s store that cannot be read counts as empty, and says so', async (_kind, storage) => {
    const world = makeWorld({ stored: 'good', client: { storage } })
    world.fake.storage.fail('get')
    const all = times(3, (n) => watch(world.api.get(`/${n}`), world.fake))
    await world.fake.clock.runAll()
    expect([codesOf(all), world.fake.calls.logins]).toEqual([['ok', 'ok', 'ok'], 1])
    expect(complaints(world)).toContain('read')
  })

  test.each([
    ['synchronous', { encrypt: false }],
    ['encrypted', { encrypt: true }],
  ])(
    'a %s store that cannot be written leaves the session in memory, and says so',
    async (_kind, storage) => {
      const world = makeWorld({ client: { storage } })
      world.fake.storage.fail('set')
      const first = watch(world.api.get('/a'), world.fake)
      await world.fake.clock.runAll()
      const second = watch(world.api.get('/b'), world.fake)
      await world.fake.clock.runAll()
      expect([first.code, second.code, world.fake.calls.logins, complaints(world)]).toEqual([
        'ok',
        'ok',
        1,
        ['write'],
      ])
    },
  )

  test.each([
    ['synchronous', { encrypt: false }],
    ['encrypted', { encrypt: true }],
  ])(
    'a %s store from which nothing can be removed does not bring a dead token back',
    async (_kind, storage) => {
      const world = makeWorld({ client: { storage } })
      const { fake, api } = world
      await Promise.all([api.get('/a'), fake.clock.runAll()])
      fake.storage.fail('remove')
      fake.storage.fail('set')
      fake.server.expire()
      const all = times(3, (n) => watch(api.get(`/${n}`), fake))
      await fake.clock.runAll()
      expect([codesOf(all), fake.calls.logins]).toEqual([['ok', 'ok', 'ok'], 2])
    },
  )

  test('a full storage is told of, and nothing else happens', async () => {
    const world = makeWorld({ fake: { storageLimit: { total: 10 } } })
    const request = watch(world.api.get('/a'), world.fake)
    await world.fake.clock.runAll()
    expect([request.code, complaints(world), world.api.session?.token]).toEqual(['ok', ['write'], 'token-1'])
  })

  test.each(['get', 'set', 'remove'] as const)(
    'an encrypted store whose %s hangs holds up nothing for more than its 3 s',
    async (operation) => {
      const world = makeWorld({ client: { storage: { encrypt: true } } })
      const { fake, api } = world
      fake.storage.fail(operation, 'hang')
      const first = watch(api.get('/a'), fake)
      await fake.clock.advance(7000)
      fake.server.expire()
      const second = watch(api.get('/b'), fake)
      await fake.clock.advance(7000)
      expect([first.code, second.code]).toEqual(['ok', 'ok'])
      await fake.clock.runAll()
      expect(fake.clock.pending).toBe(0)
    },
  )

  test.each([
    ['an empty string', ''],
    ['a string that cannot be a token', 'a\nb'],
    ['a number', 7],
    ['null', null],
    ['a list', ['token']],
    ['an empty object', {}],
    ['a token that is a number', { token: 7 }],
    ['an empty token', { token: '' }],
    ['a token with a line break', { token: 'a\r\nX-Evil: 1' }],
    ['a token of another alphabet', { token: '令牌' }],
    ['a huge token', { token: 'x'.repeat(100_000) }],
  ])('%s in the store counts as nothing', async (_what, value) => {
    const { fake, api } = makeWorld()
    fake.storage.set('miniprogram-session', value)
    expect(api.session).toBeUndefined()
    const request = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, fake.calls.logins, storedToken(fake)]).toEqual(['ok', 1, 'token-1'])
  })

  test.each([
    ['expiresAt', 'soon'],
    ['expiresAt', NaN],
    ['origin', 5],
    ['id', {}],
  ])('a stored session with a wrong %s counts as nothing, and is not removed', async (field, value) => {
    const world = makeWorld()
    const { fake, api } = world
    const record = { token: fake.server.issue('good'), [field]: value }
    fake.storage.set('miniprogram-session', record)
    watch(api.get('/a', {}, { auth: 'optional' }), fake)
    await fake.clock.runAll()
    expect([tokensAt(world, '/a'), storedToken(fake)]).toEqual([[''], 'good'])
  })

  test('what a broken device reads back as garbage is told of and counts as nothing', async () => {
    const world = makeWorld({ stored: 'good' })
    world.fake.storage.fail('get', 'garbage')
    const request = watch(world.api.get('/a'), world.fake)
    await world.fake.clock.runAll()
    expect([request.code, complaints(world).includes('read')]).toEqual(['ok', true])
  })

  test('an empty store is nothing to complain about', async () => {
    const world = makeWorld()
    const encrypted = clientOn(world.fake, { storage: { key: 'other', encrypt: true } })
    await Promise.all([world.api.get('/a'), encrypted.api.get('/b'), world.fake.clock.runAll()])
    expect([complaints(world), complaints(encrypted)]).toEqual([[], []])
  })

  const boom = () => {
    throw new Error('out of order')
  }
  const all = (act: () => unknown) => ({ get: act, set: act, remove: act })
  /** A thenable of somebody else's making. */
  const thenable = (then: (resolve: (value?: unknown) => void, reject: () => void) => void) => ({ then })
  const stores: [string, SessionStore][] = [
    ['throws', all(boom)],
    ['rejects', all(() => Promise.reject(new Error('no')))],
    ['rejects without a reason', all(() => thenable((_resolve, reject) => reject()))],
    ['hangs', all(() => new Promise(() => undefined))],
    ['answers nonsense', all(() => 42)],
    [
      'answers twice',
      all(() =>
        thenable((resolve) => {
          resolve(null)
          resolve({ token: 'late' })
        }),
      ),
    ],
  ]

  test.each(stores)('a store of one’s own that %s costs no request', async (_how, storage) => {
    const { fake, api } = makeWorld({ client: { storage } })
    const first = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    fake.server.expire()
    const second = watch(api.get('/b'), fake)
    await fake.clock.runAll()
    api.logout()
    const third = watch(api.get('/c'), fake)
    await fake.clock.runAll()
    expect([first.code, second.code, third.code, fake.calls.logins]).toEqual(['ok', 'ok', 'ok', 3])
  })

  test('a hanging store does not stretch a login beyond twice its time-out', async () => {
    const never = () => new Promise<never>(() => undefined)
    const storage = { get: never, set: never, remove: never }
    const { fake, api } = makeWorld({ client: { storage, login: { url: '/login', timeout: 500 } } })
    watch(api.get('/warm'), fake)
    await fake.clock.runAll()
    fake.misbehave('login', 'hang', Infinity)
    const begun = fake.clock.now()
    const login = watch(api.ensureLogin({ force: true }), fake)
    await fake.clock.runAll()
    expect(login.code).toBe('LOGIN_TIMEOUT')
    expect((login.at ?? Infinity) - begun).toBeLessThanOrEqual(1000)
  })

  test('a write that is slow and a removal keep their order', async () => {
    const done: string[] = []
    const write = deferred<undefined>()
    const storage = {
      get: () => undefined,
      set: () => write.promise.then(() => done.push('set')),
      remove: () => done.push('remove'),
    }
    const { fake, api } = makeWorld({ client: { storage } })
    await Promise.all([api.ensureLogin(), fake.clock.advance(100)])
    api.logout()
    await fake.clock.advance(100)
    write.resolve(undefined)
    await fake.clock.runAll()
    expect(done).toEqual(['set', 'remove'])
  })

  test('nobody waits for a write', async () => {
    const storage = { get: () => undefined, set: () => new Promise(() => undefined), remove: () => undefined }
    const { fake, api } = makeWorld({ client: { storage } })
    const request = watch(api.get('/a'), fake)
    await fake.clock.advance(50)
    expect(request.code).toBe('ok')
  })

  test('a plain request reads storage once per launch, and a warm one never', async () => {
    const { fake, api } = makeWorld({ stored: 'good' })
    await Promise.all([api.get('/a'), fake.clock.runAll()])
    expect(fake.calls.storageReads).toBe(1)
    const { storageWrites } = fake.calls
    for (let n = 0; n < 10; n++) await Promise.all([api.get('/a'), fake.clock.advance(50)])
    expect([fake.calls.storageReads, fake.calls.storageWrites]).toEqual([1, storageWrites])
  })

  test('no request fails for a store that breaks in every way at every step', async () => {
    const world = makeWorld({ stored: 'good' })
    const { fake, api } = world
    const outcomes: string[] = []
    for (const [operation, mode] of [
      ['get', 'throw'],
      ['set', 'throw'],
      ['remove', 'throw'],
      ['get', 'garbage'],
    ] as const) {
      fake.storage.fail(operation, mode)
      fake.server.expire()
      const request = watch(api.get('/a'), fake)
      await fake.clock.advance(1000)
      outcomes.push(request.code)
    }
    expect([outcomes, phasesOf(world.events, 'login').includes('fail')]).toEqual([
      times(4, () => 'ok'),
      false,
    ])
  })
})
