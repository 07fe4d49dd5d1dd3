import type { ClientOptions, Session, SessionStore } from '../../src'
import type { FakeClock } from '../../src/testing'
import { createClient } from '../../src'
import { KEY, knownPhone, outcome, phone, result, usual } from '../phone'
import { gained } from './sessions'

const storageErrors = (events: readonly { type: string }[]) =>
  events.filter(({ type }) => type === 'storage-error')

test('the session is stored as that very object under its key, and found there by the next launch', async () => {
  const { fake, api } = phone({ storage: { key: 'mine' } })
  await result(fake, api.ensureLogin())
  expect(fake.storage.keys()).toEqual(['mine'])
  expect(fake.storage.get('mine')).toEqual(gained('token-1'))
  const next = createClient({ ...usual(fake), storage: { key: 'mine' } })
  expect(next.session).toEqual(gained('token-1'))
})

test('storage is read once, however many requests there are', async () => {
  const { fake, api } = knownPhone()
  await result(fake, Promise.all([api.get('/a'), api.get('/b')]))
  await result(fake, api.get('/c'))
  expect(fake.storage.reads).toBe(1)
})

test.each(['', 'te\nxt', 5, [], { token: '' }, { token: 'a\r\nb' }, { tokens: 'x' }])(
  'garbage in the store counts as nothing: %j',
  async (garbage) => {
    const { fake, api, events } = phone()
    fake.storage.set(KEY, garbage)
    expect(await result(fake, api.get('/orders'))).toMatchObject({ token: 'token-1' })
    expect(storageErrors(events).length > 0).toBe(garbage !== '')
  },
)

test.each(['get', 'set', 'remove'] as const)(
  'no request fails for a store that throws on %s',
  async (operation) => {
    const { fake, api, events } = phone()
    fake.storage.fail(operation)
    expect(await result(fake, api.get('/orders'))).toMatchObject({ token: 'token-1' })
    fake.server.expire()
    expect(await result(fake, api.get('/orders'))).toMatchObject({ token: 'token-2' })
    api.logout()
    expect(api.session).toBeUndefined()
    const name = { get: 'read', set: 'write', remove: 'remove' }[operation]
    expect(storageErrors(events)[0]).toMatchObject({
      operation: name,
      message: `fail ${operation} storage error`,
    })
  },
)

test('a platform without storage keeps the session in memory', async () => {
  const { fake, api, events } = phone()
  for (const name of ['getStorageSync', 'setStorageSync', 'removeStorageSync'] as const)
    delete (fake.wx as Record<string, unknown>)[name]
  await result(fake, api.ensureLogin())
  expect(api.session).toEqual(gained('token-1'))
  expect(storageErrors(events)[0]).toMatchObject({
    message: expect.stringContaining('getStorageSync') as string,
  })
})

test('encrypted, the session is written and read by the asynchronous calls', async () => {
  const options: Partial<ClientOptions> = { storage: { encrypt: true } }
  const { fake, api } = phone(options)
  await result(fake, api.get('/orders'))
  expect(fake.wx.getStorageSync(KEY)).toBe('')
  const next = createClient({ ...usual(fake), ...options })
  expect(next.session).toBeUndefined()
  expect(await result(fake, next.get('/orders'))).toMatchObject({ token: 'token-1' })
  expect(next.session).toEqual(gained('token-1'))
  next.logout()
  await fake.clock.runAll()
  expect(fake.storage.keys()).toEqual([])
})

test.each(['throw', 'hang'] as const)('an encrypted store that does "%s" fails no request', async (mode) => {
  const { fake, api, events } = phone({ storage: { encrypt: true } })
  for (const operation of ['get', 'set', 'remove'] as const) fake.storage.fail(operation, mode)
  expect(await result(fake, api.get('/orders'))).toMatchObject({ token: 'token-1' })
  api.logout()
  await fake.clock.runAll()
  expect(new Set(storageErrors(events).map((event) => (event as { operation?: string }).operation))).toEqual(
    new Set(['read', 'write', 'remove']),
  )
})

test('a platform without encrypted storage keeps the session in memory, at once', async () => {
  const { fake, api, events } = phone({ storage: { encrypt: true } })
  delete (fake.wx as { getStorage?: unknown }).getStorage
  await result(fake, api.ensureLogin())
  expect(storageErrors(events)[0]).toMatchObject({
    operation: 'read',
    message: expect.stringContaining('getStorage') as string,
  })
})

/** A store of one's own over a plain variable. */
function ownStore(wrap: (value: unknown) => unknown = (value) => value) {
  const box: { session?: unknown } = {}
  const store: SessionStore = {
    get: () => wrap(box.session),
    set: (session) => wrap((box.session = session)),
    remove: () => wrap(delete box.session),
  }
  return { box, store }
}

test.each<[string, ((value: unknown) => unknown) | undefined]>([
  ['at once', undefined],
  ['with promises', (value) => Promise.resolve(value)],
])("a store of one's own may answer %s", async (_how, wrap) => {
  const { box, store } = ownStore(wrap)
  const { fake, api } = phone({ storage: store })
  await result(fake, api.get('/orders'))
  expect(box.session).toEqual(gained('token-1'))
  const next = createClient({ ...usual(fake), storage: store })
  expect(await result(fake, next.get('/orders'))).toMatchObject({ token: 'token-1' })
  next.logout()
  await fake.clock.runAll()
  expect(box).toEqual({})
})

test("a store of one's own that rejects, throws or is silent fails no request", async () => {
  const broken: SessionStore = {
    get: () => new Promise(() => undefined),
    set: () => Promise.reject(new Error('disk of "token-1" full')),
    remove: () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- stores throw what they like
      throw { errMsg: 'removeStorage:fail' }
    },
  }
  const { fake, api, events } = phone({ storage: broken })
  expect(await result(fake, api.get('/orders'))).toMatchObject({ token: 'token-1' })
  api.logout()
  await fake.clock.runAll()
  expect(storageErrors(events).map((event) => (event as { message?: string }).message)).toEqual(
    expect.arrayContaining(['no answer within 3000 ms', 'disk of "…" full', 'removeStorage:fail']),
  )
  expect(JSON.stringify(events)).not.toContain('token-1')
})

test('a write that is slow does not overtake the logout after it', async () => {
  const { fake, api } = phone({ storage: { encrypt: true } })
  const task = api.ensureLogin()
  await fake.clock.advance(21)
  api.logout()
  await outcome(fake, task)
  expect(fake.storage.keys()).toEqual([])
})

test('a refused token is removed, but not the newer one of another copy', async () => {
  const { fake, api } = knownPhone({ checkSession: false, login: { url: '/login', retry: 0 } })
  await result(fake, api.get('/orders'))
  fake.server.expire()
  fake.server.on('/login', () => ({ statusCode: 500 }))
  fake.storage.set(KEY, { token: 'of-another-copy' })
  await outcome(fake, api.get('/orders'))
  expect(fake.storage.get(KEY)).not.toEqual(gained('token-1'))
})

test('a store that does not remove does not lock the user out', async () => {
  const { box, store } = ownStore()
  box.session = { token: 'dead' }
  const { fake, api } = phone({ storage: { ...store, remove: () => undefined } })
  expect(await result(fake, api.get('/orders'))).toMatchObject({ token: 'token-1' })
})

test.each([undefined, null, ''])(
  'a store that says %j has nothing, and nothing is wrong with it',
  async (nothing) => {
    const storage = { get: () => nothing, set: () => undefined, remove: () => undefined }
    const { fake, api, events } = phone({ storage })
    expect(await result(fake, api.get('/orders'))).toMatchObject({ token: 'token-1' })
    expect(storageErrors(events)).toEqual([])
  },
)

test('garbage in the store is told as such', async () => {
  const { fake, api, events } = phone()
  fake.storage.set(KEY, { garbage: true })
  await result(fake, api.ensureLogin())
  expect(storageErrors(events)[0]).toMatchObject({
    operation: 'read',
    message: 'what is stored is not a session; it counts as nothing',
  })
})

test('a session that was refreshed here is not taken for that of another copy when its check fails', async () => {
  const refresh = () => Promise.resolve('refreshed')
  const { fake, api } = phone({ login: { url: '/login', refresh } }, { checkLatency: 100 })
  fake.storage.set(KEY, { token: 'old', expiresAt: 1 })
  fake.misbehave('checkSession', 'fail')
  expect(await result(fake, api.ensureLogin())).toEqual(gained('token-1'))
  expect(fake.calls.logins).toBe(1)
})

test('a session that was replaced is not adopted again, though its successor could not be stored', async () => {
  const { fake, api } = knownPhone({ checkSession: false })
  await result(fake, api.get('/a'))
  fake.storage.fail('set')
  fake.server.expiresIn = 1
  await result(fake, api.ensureLogin({ force: true }))
  await fake.clock.advance(1000)
  expect(await result(fake, api.get('/b'))).toMatchObject({ token: 'token-3' })
  expect(fake.calls.logins).toBe(2)
})

/** A store whose next operation of a kind takes so many ms. */
function slowStore(session?: Session) {
  const box: { session: unknown; clock: FakeClock | undefined } = { session, clock: undefined }
  const slow = { get: 0, set: 0, remove: 0 }
  const after = <T>(operation: keyof typeof slow, act: () => T): Promise<T> => {
    const ms = slow[operation]
    slow[operation] = 0
    return new Promise((resolve) => box.clock?.setTimeout(() => resolve(act()), ms))
  }
  const storage: SessionStore = {
    get() {
      // What it saw when it was asked.
      const seen = box.session
      return after('get', () => seen)
    },
    set: (session) => after('set', () => void (box.session = session)),
    remove: () => after('remove', () => void (box.session = undefined)),
  }
  return { box, slow, storage }
}

test('a look at the store that comes too late removes no newer session', async () => {
  const { box, slow, storage } = slowStore({ token: 'dead', id: 'a' })
  const { fake, api } = phone({ checkSession: false, storage })
  box.clock = fake.clock
  expect(api.session).toBeUndefined()
  await fake.clock.advance(1)
  slow.get = 5000
  expect(await result(fake, api.get('/orders'))).toMatchObject({ token: 'token-1' })
  expect(box.session).toEqual(gained('token-1'))
})

test('a write that comes too late does not outlive the logout after it', async () => {
  const { box, slow, storage } = slowStore()
  const { fake, api } = phone({ storage })
  box.clock = fake.clock
  slow.set = 4000
  const login = api.ensureLogin()
  await fake.clock.advance(100)
  await login
  api.logout()
  await fake.clock.runAll()
  expect(box.session).toBeUndefined()
})

test('a change that comes too late, and is the newest, is not made twice', async () => {
  const { box, slow, storage } = slowStore()
  const set = jest.spyOn(storage, 'set')
  const { fake, api } = phone({ storage })
  box.clock = fake.clock
  slow.set = 4000
  await result(fake, api.ensureLogin())
  expect(box.session).toEqual(gained('token-1'))
  expect(set).toHaveBeenCalledTimes(1)
})

test('a write that fails too late has changed nothing, and the removal after it is not made again', async () => {
  const { fake, api } = phone({ checkSession: false, storage: { encrypt: true } })
  const removals = jest.spyOn(fake.wx, 'removeStorage')
  Object.assign(fake.wx, {
    setStorage: ({ fail }: { fail: (failure: object) => void }) =>
      fake.clock.setTimeout(() => fail({ errMsg: 'setStorage:fail full' }), 5000),
  })
  await Promise.all([api.ensureLogin(), fake.clock.advance(1000)])
  api.logout()
  await fake.clock.runAll()
  expect(removals).toHaveBeenCalledTimes(1)
})
