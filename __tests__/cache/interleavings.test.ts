import type { Middleware, Response } from '../../src'
import { cache, type CacheRecord } from '../../src/cache'
import { deferred, watch } from '../laws/world'
import { knownPhone, outcome, phone, result } from '../phone'
import { cached, keyOf, makeStore, MINUTE } from './world'

/** A store whose record of `keys` is still being read. */
function slowStore(keys: string[], max = 100) {
  const slow = deferred<unknown>()
  const { fake, api } = knownPhone()
  const at = fake.clock.now()
  const entries = keys.map((key) => [keyOf(`https://api.test${key}`), { at, data: `old ${key}` }])
  const store = makeStore({ user: api.session?.id, entries })
  const { record } = store
  store.get = () => slow.promise
  const next = api.extend({ use: [cache({ ttl: MINUTE, store, max })] })
  const cachedOf = async (url: string) => (await result(fake, next.request({ url })))['cached']
  return { fake, store, cachedOf, open: () => slow.resolve(record) }
}

describe('a logout ends what is under way, and nobody joins it', () => {
  test('while it waits for its login', async () => {
    const { fake, api } = cached({}, {}, phone)
    const first = watch(api.get('/count'), fake)
    await fake.clock.advance(5)
    api.logout()
    const second = watch(api.get('/count'), fake)
    await fake.clock.runAll()
    expect([first.code, second.code]).toEqual(['LOGGED_OUT', 'ok'])
  })

  test('while it waits for another try', async () => {
    const { fake, api } = cached({}, { retry: { limit: 2, delay: () => 5000 } })
    let tries = 0
    fake.server.on('/flaky', () => (tries++ ? { data: 'fine' } : { statusCode: 503 }))
    const first = watch(api.get('/flaky', {}, { auth: false }), fake)
    await fake.clock.advance(1000)
    api.logout()
    const second = watch(api.get('/flaky', {}, { auth: false }), fake)
    await fake.clock.runAll()
    expect([first.code, second.code]).toEqual(['LOGGED_OUT', 'ok'])
  })

  test('while middleware holds it up', async () => {
    const gate = deferred<undefined>()
    let isFirst = true
    const waits: Middleware = async (request, next) => {
      const holds = isFirst
      isFirst = false
      if (holds) await gate.promise
      return next(request)
    }
    const { fake, api } = cached({}, { use: [cache({ ttl: MINUTE }), waits] })
    watch(api.get('/count'), fake)
    await fake.clock.advance(5)
    api.logout()
    api.setSession(fake.server.issue())
    const second = watch(api.get('/count'), fake)
    await fake.clock.advance(1000)
    expect(second.code).toBe('ok')
    gate.resolve(undefined)
    await fake.clock.runAll()
  })

  test.each(['logout', 'LOGGED_OUT'] as const)('by whoever hears of it (%s)', async (news) => {
    const { fake, api } = cached({}, {}, phone)
    let second: ReturnType<typeof watch> | undefined
    api.on((event) => {
      if ([event.type, 'code' in event && event.code].includes(news) && !second)
        second = watch(api.get('/count'), fake)
    })
    watch(api.get('/count'), fake)
    await fake.clock.advance(5)
    api.logout()
    await fake.clock.runAll()
    expect(second?.code).toBe('ok')
  })

  test('also where middleware answers itself', async () => {
    let who = 'first'
    const { fake, api } = knownPhone()
    const own: Middleware = async () => {
      const mine = who
      await new Promise((resolve) => setImmediate(resolve))
      return { data: mine, statusCode: 200, header: {} }
    }
    const next = api.extend({ use: [cache({ ttl: MINUTE }), own] })
    const first = outcome(fake, next.get('/me'))
    next.logout()
    who = 'second'
    next.setSession(fake.server.issue())
    const second = await next.get('/me')
    await first
    expect([second, await next.get('/me')]).toEqual(['second', 'second'])
  })

  test('what a guest was given is forgotten as well', async () => {
    const { api, count } = cached({}, {}, phone)
    expect(await count('/public', { auth: false })).toBe(1)
    api.logout()
    expect(await count('/public', { auth: false })).toBe(2)
  })
})

test.each([{}, { cache: { ttl: 0 } }])(
  'a failure is not made good by what another user was given meanwhile (context %j)',
  async (context) => {
    const { fake, api, get } = cached({ staleIfError: 10 * MINUTE })
    let reply: object = { data: 'first' }
    fake.server.on('/me', () => reply)
    await get('/me')
    await fake.clock.advance(2 * MINUTE)
    reply = { statusCode: 500, delay: 5000 }
    const first = watch(api.request({ url: '/me' }), fake)
    await fake.clock.advance(100)
    api.setSession(fake.server.issue())
    reply = { data: 'second' }
    const second = watch(api.request({ url: '/me', context }), fake)
    await fake.clock.advance(1000)
    await fake.clock.runAll()
    expect(second.value).toMatchObject({ data: 'second' })
    expect(first.value).toMatchObject({ statusCode: 500 })
  },
)

test('a renewal that is judged for ever keeps no other from being made', async () => {
  let hangs = false
  const unwrap = ({ data }: Response) => (hangs ? new Promise(() => undefined) : data)
  const { fake, get } = cached({ staleWhileRevalidate: 100 * MINUTE }, { unwrap })
  await get()
  await fake.clock.advance(MINUTE)
  hangs = true
  expect((await get())['cached']).toBe('stale')
  await fake.clock.runAll()
  hangs = false
  await get()
  await fake.clock.runAll()
  expect((await get()).data).toEqual({ count: 3 })
})

test('an answer is as old as its arrival, however long unwrap takes', async () => {
  const decision = deferred<unknown>()
  const { fake, get } = cached({}, { unwrap: () => decision.promise })
  await get()
  await fake.clock.advance(50_000)
  decision.resolve('fine')
  await fake.clock.advance(20_000)
  expect((await get()).data).toEqual({ count: 2 })
})

describe('what a slow store has', () => {
  test('takes no more room than there is, and what is newer counts once', async () => {
    const { fake, cachedOf, open } = slowStore(['/a', '/b'], 2)
    expect(await cachedOf('/b')).toBeUndefined()
    open()
    await fake.clock.runAll()
    expect(await cachedOf('/a')).toBe('fresh')
  })

  test('was used before what has come meanwhile', async () => {
    const { fake, store, cachedOf, open } = slowStore(['/a', '/b'])
    await cachedOf('/a')
    open()
    await fake.clock.runAll()
    expect((store.record as CacheRecord).entries.map(([key]) => key)).toEqual([
      keyOf('https://api.test/b'),
      keyOf('https://api.test/a'),
    ])
  })

  test('finds no room where nothing is to be kept', async () => {
    const { fake, cachedOf, open } = slowStore(['/a'], 0)
    await cachedOf('/b')
    open()
    await fake.clock.runAll()
    expect(await cachedOf('/a')).toBeUndefined()
  })
})

describe('a record', () => {
  test('that throws when it is read is garbage, and is written over', async () => {
    const store = makeStore()
    store.get = () => ({
      get user(): never {
        throw new Error('garbage')
      },
    })
    const { fake, api } = cached({ store })
    expect(await result(fake, api.get('/count'))).toEqual({ count: 1 })
    expect(store.record).toMatchObject({ user: api.session?.id })
  })

  test('that throws is written over also where nothing is to be kept', async () => {
    const store = makeStore()
    store.get = () => ({
      get user(): never {
        throw new Error('garbage')
      },
    })
    const { fake, api } = cached({ store })
    fake.network.failNext()
    await outcome(fake, api.get('/count'))
    expect(store.calls).toEqual(['remove'])
  })

  test('of nobody is no guest’s', async () => {
    const { fake, api } = phone()
    const key = `https://api.test/p\n${JSON.stringify([{}, undefined, false, 'false', undefined, undefined])}`
    const entries = [[key, { at: fake.clock.now(), data: 'old' }]]
    const next = api.extend({ use: [cache({ ttl: MINUTE, store: makeStore({ entries }) })] })
    expect((await result(fake, next.request({ url: '/p', auth: false })))['cached']).toBeUndefined()
  })

  test('is not wanted after a clear() before the first request', async () => {
    const { fake, api } = knownPhone()
    const entries = [[keyOf('https://api.test/a'), { at: fake.clock.now(), data: 'old' }]]
    const store = makeStore({ user: api.session?.id, entries })
    const kept = cache({ ttl: MINUTE, store })
    kept.clear()
    const next = api.extend({ use: [kept] })
    expect((await result(fake, next.request({ url: '/a' })))['cached']).toBeUndefined()
    expect((store.record as CacheRecord).entries).toHaveLength(1)
  })
})

test.each<[string, (byte: number) => unknown]>([
  ['a buffer', (byte) => new Uint8Array([byte]).buffer],
  ['a view', (byte) => new DataView(new Uint8Array([byte]).buffer)],
  ['bytes', (byte) => new Uint8Array([byte])],
])('a GET with %s goes past the cache', async (_, make) => {
  const { count } = cached()
  const counts = [await count('/count', { data: make(1) }), await count('/count', { data: make(1) })]
  expect(counts).toEqual([1, 2])
})

test.each([
  ['/count?b=1&a=2\u2028', '/count?a=2&b=1\u2028'],
  ['/count?a=1\u2028&a=2\u2028', '/count?a=2\u2028&a=1\u2028'],
])('a line separator is a character of a query like any other (%j)', async (one, other) => {
  const { count } = cached()
  expect(await count(one)).not.toBe(await count(other))
})

test('clear() asks for the URL alone', async () => {
  const { kept, count } = cached()
  const header = { 'X-Trace': 'orders' }
  await count('/count?n=1', { header })
  kept.clear('orders')
  expect(await count('/count?n=1', { header })).toBe(1)
  kept.clear((url) => url === 'https://api.test/count?n=1')
  expect(await count('/count?n=1', { header })).toBe(2)
})

test('who has joined is told of another user’s answer no more than of any other', async () => {
  const { fake, api } = cached()
  fake.server.on('/me', (request) => ({ data: request.headerOf('authorization'), delay: 100 }))
  const both = [watch(api.get('/me'), fake), watch(api.get('/me'), fake)]
  await fake.clock.advance(5)
  const token = fake.server.issue()
  api.setSession(token)
  await fake.clock.runAll()
  expect(both.map(({ value }) => value === `Bearer ${token}`)).toEqual([false, true])
})
