import { BusinessError, type Middleware, type Response } from '../../src'
import { cache, type CacheOptions, type CacheRecord } from '../../src/cache'
import type { FakeReply, FakeWeChat } from '../../src/testing'
import { clientOn, deferred, KEY, tokensAt, watch } from '../laws/world'
import { failure, knownPhone, outcome, phone, result, thrown } from '../phone'
import { cached, keyOf, makeStore, MINUTE } from './world'

describe('what is kept', () => {
  test('an answer is fresh for its ttl, and says so', async () => {
    const { fake, get } = cached()
    const first = await get()
    expect([first['cached'], first.data]).toEqual([undefined, { count: 1 }])
    expect(await get()).toMatchObject({ cached: 'fresh', data: { count: 1 }, statusCode: 200 })
    await fake.clock.advance(MINUTE)
    expect((await get()).data).toEqual({ count: 2 })
  })

  test('also the first one after a login', async () => {
    const { fake, count } = cached({}, {}, phone)
    expect([await count(), await count()]).toEqual([1, 1])
    expect(fake.calls.logins).toBe(1)
  })

  test('a request may go past it, have its own ttl, or ask anew and keep', async () => {
    const { fake, count } = cached()
    const context = (cache: unknown) => ({ context: { cache } })
    expect(await count()).toBe(1)
    expect(await count('/count', context(false))).toBe(2)
    expect(await count()).toBe(1)
    expect(await count('/count', context({ ttl: 0 }))).toBe(3)
    expect(await count()).toBe(3)
    await fake.clock.advance(100)
    expect(await count('/count', context({ ttl: 50 }))).toBe(4)
    expect(await count('/count', context(true))).toBe(4)
  })

  const PAST: [string, string, object][] = [
    ['a POST', '/count', { method: 'POST' }],
    ['a chunked answer', '/count', { enableChunked: true }],
    ['a buffer', '/count', { responseType: 'arraybuffer' }],
    ["a 'verified' one", '/count', { auth: 'verified' }],
  ]
  test.each(PAST)('not: %s', async (_, url, options) => {
    const { fake, get } = cached()
    await get(url, options)
    await get(url, options)
    expect(fake.server.requests.filter(({ path }) => path === '/count')).toHaveLength(2)
  })

  test('nor what is not 200, or what unwrap refuses at once or later', async () => {
    for (const unwrap of [refuse, (one: Response) => Promise.resolve(one).then(refuse)]) {
      const { fake, api, get } = cached({}, { unwrap })
      fake.server.on('/envelope', () => ({ data: { code: 7 } }))
      fake.server.on('/gone', () => ({ statusCode: 404 }))
      await get('/envelope')
      await get('/gone')
      expect((await failure(fake, api.get('/envelope'))).code).toBe('BUSINESS')
      expect(await get('/gone')).toMatchObject({ statusCode: 404 })
      expect(fake.server.requests).toHaveLength(4)
    }
    function refuse(): never {
      throw new BusinessError('no')
    }
  })

  test('an unwrap of a cached answer runs as for any other', async () => {
    const { fake, api } = cached({}, { unwrap: ({ data }) => (data as { count: number }).count })
    expect(await result(fake, api.get('/count'))).toBe(1)
    expect(await result(fake, api.get('/count'))).toBe(1)
  })

  test.each([
    [
      'the query, in any order',
      '/count?b=2&a=1',
      { query: { c: 3 } },
      '/count?a=1',
      { data: { c: 3, b: 2 } },
      true,
    ],
    ['an absolute URL', '/count', {}, 'https://api.test/count', {}, true],
    ['another query', '/count?a=1', {}, '/count?a=2', {}, false],
    ['an order of values', '/count?a=1&a=2', {}, '/count?a=2&a=1', {}, false],
    ['another header', '/count', { header: { 'x-a': '1' } }, '/count', { header: { 'x-a': '2' } }, false],
    ['no auth', '/public', {}, '/public', { auth: false }, false],
    ['another type', '/count', {}, '/count', { dataType: 'text' }, false],
    ['a fragment', '/count', {}, '/count#top', {}, true],
    ['a text as data', '/count', { data: 'a=1' }, '/count', { data: 'a=2' }, false],
  ])('%s', async (_, url, options, other, otherOptions, isSame) => {
    const { count } = cached()
    expect((await count(url, options)) === (await count(other, otherOptions))).toBe(isSame)
  })

  test('a clone with other headers has its own', async () => {
    const { fake, api } = cached({}, { header: { tenant: 'a' } })
    fake.server.on('/tenant', (request) => ({ data: request.headerOf('tenant') }))
    expect(await result(fake, api.get('/tenant'))).toBe('a')
    expect(await result(fake, api.extend({ header: { tenant: 'b' } }).get('/tenant'))).toBe('b')
    expect(await result(fake, api.extend({ timeout: 5000 }).get('/tenant'))).toBe('a')
    expect(fake.server.requests).toHaveLength(2)
  })

  test('vary adds what the headers of the client depend on', async () => {
    let language = 'zh'
    const { count } = cached({ vary: () => language })
    expect(await count()).toBe(1)
    language = 'en'
    expect(await count()).toBe(2)
    language = 'zh'
    expect(await count()).toBe(1)
  })

  test('P5: at most max answers; the least recently used goes first', async () => {
    const { count } = cached({ max: 2 })
    await count('/count?n=1')
    await count('/count?n=2')
    await count('/count?n=1')
    await count('/count?n=3')
    expect([await count('/count?n=1'), await count('/count?n=3'), await count('/count?n=2')]).toEqual([
      1, 3, 4,
    ])
  })

  test('each has a copy', async () => {
    const { get } = cached()
    for (let time = 0; time < 3; time++) {
      const response = await get()
      expect(response.data).toEqual({ count: 1 })
      response.data.count = 99
      response.header['x'] = 'changed'
    }
    expect((await get()).header['x']).toBeUndefined()
  })

  test('clear forgets all, some, and what is under way', async () => {
    const { fake, api, kept, count } = cached()
    await count('/count?n=1')
    await count('/count?n=2')
    kept.clear('n=1')
    expect([await count('/count?n=1'), await count('/count?n=2')]).toEqual([3, 2])
    kept.clear((url) => url === 'https://api.test/count?n=2')
    expect([await count('/count?n=1'), await count('/count?n=2')]).toEqual([3, 4])
    const early = watch(api.get('/count?n=3'), fake)
    await fake.clock.advance(1)
    kept.clear()
    expect(await count('/count?n=3')).toBe(6)
    expect([early.value, await count('/count?n=3'), await count('/count?n=2')]).toEqual([{ count: 5 }, 6, 7])
  })
})

test.each(['clear', 'logout'])(
  'a %s while unwrap takes its time ends what it has not decided on',
  async (how) => {
    const decision = deferred<unknown>()
    const { fake, api, kept, get } = cached({}, { unwrap: () => decision.promise })
    await get()
    if (how === 'clear') kept.clear()
    else api.logout()
    decision.resolve('fine')
    await fake.clock.runAll()
    expect((await get()).data).toEqual({ count: 2 })
  },
)

test('an unwrap that never ends holds nobody up', async () => {
  const { count } = cached({}, { unwrap: () => new Promise(() => undefined) })
  expect([await count(), await count()]).toEqual([1, 2])
})

describe('stale answers', () => {
  test('one is given at once, another comes behind it, one at a time, and is told if it differs', async () => {
    const told: unknown[] = []
    const { fake, api, count } = cached({
      staleWhileRevalidate: MINUTE,
      onUpdate: ({ data }, { url }) => told.push([url, data]),
    })
    await count()
    await fake.clock.advance(MINUTE)
    const both = [api.request({ url: '/count' }), api.request({ url: '/count' })]
    expect(await Promise.all(both)).toMatchObject(Array(2).fill({ cached: 'stale', data: { count: 1 } }))
    expect(told).toEqual([])
    await fake.clock.runAll()
    expect(told).toEqual([['/count', { count: 2 }]])
    expect(await count()).toBe(2)
    expect(fake.server.requests).toHaveLength(2)
  })

  test('with a ttl of 0 it is given at once too, and always renewed', async () => {
    const { fake, get, count } = cached({ ttl: 0, staleWhileRevalidate: MINUTE })
    expect(await count()).toBe(1)
    expect(await get()).toMatchObject({ cached: 'stale', data: { count: 1 } })
    expect(await get()).toMatchObject({ cached: 'stale', data: { count: 2 } })
    expect(await count('/count', { context: { cache: { ttl: 0 } } })).toBe(4)
    await fake.clock.advance(MINUTE)
    expect((await get()).data).toEqual({ count: 5 })
  })

  test('the same data are not told, nor a renewal that fails', async () => {
    const onUpdate = jest.fn()
    const { fake, get } = cached({ staleWhileRevalidate: MINUTE, onUpdate })
    fake.server.on('/same', () => ({ data: 'same' }))
    await get('/same')
    await fake.clock.advance(MINUTE)
    expect(await get('/same')).toMatchObject({ cached: 'stale' })
    expect(await get('/same')).toMatchObject({ cached: 'fresh' })
    await fake.clock.advance(MINUTE)
    fake.network.failNext()
    expect(await get('/same')).toMatchObject({ cached: 'stale' })
    expect(onUpdate).not.toHaveBeenCalled()
  })

  test.each<[string, FakeReply]>([
    ['403', { statusCode: 403 }],
    ['404', { statusCode: 404 }],
    ['410', { statusCode: 410 }],
    ['a refusal in an envelope', { data: { code: 7 } }],
  ])('one is given no more when the server has said no (%s)', async (_, reply) => {
    const unwrap = ({ data }: Response) => {
      if ((data as { code?: number }).code) throw new BusinessError('no')
      return data
    }
    const times = { staleWhileRevalidate: 10 * MINUTE, staleIfError: 10 * MINUTE }
    const { fake, api, get } = cached(times, { unwrap })
    await get()
    await fake.clock.advance(MINUTE)
    fake.server.on('/count', () => reply)
    expect(await get()).toMatchObject({ cached: 'stale' })
    expect((await failure(fake, api.get('/count'))).code).toMatch(/HTTP_STATUS|BUSINESS/)
    fake.network.offline()
    expect((await failure(fake, api.get('/count'))).code).toBe('OFFLINE')
  })

  test.each([429, 503, 304])('but goes on being given at a status %i', async (statusCode) => {
    const { fake, get } = cached({ staleWhileRevalidate: 10 * MINUTE })
    await get()
    await fake.clock.advance(MINUTE)
    fake.server.on('/count', () => ({ statusCode }))
    await get()
    expect(await get()).toMatchObject({ cached: 'stale' })
  })

  test('an answer that is lost is made good at its timeout, but not once totalTimeout has ended it all', async () => {
    const times = { staleIfError: 10 * MINUTE }
    const ends = []
    for (const limit of [{ timeout: 2000 }, { totalTimeout: 2000 }]) {
      const { fake, api, get } = cached(times, { retry: 0 })
      await get()
      await fake.clock.advance(2 * MINUTE)
      fake.server.on('/count', () => ({ lost: true }))
      ends.push(await outcome(fake, api.request({ url: '/count', ...limit })))
    }
    expect(ends).toMatchObject([{ value: { cached: 'error' } }, { error: { code: 'TIMEOUT' } }])
  })

  test('a renewal outlives the caller’s signal, and a listener that throws harms nobody', async () => {
    const error = jest.spyOn(console, 'error').mockReturnValue()
    const controller = new AbortController()
    const { fake, api, count } = cached({
      staleWhileRevalidate: MINUTE,
      onUpdate: () => {
        throw new Error('mine')
      },
    })
    await count()
    await fake.clock.advance(MINUTE)
    await api.request({ url: '/count', signal: controller.signal })
    controller.abort()
    expect(await count()).toBe(1)
    expect(await count()).toBe(2)
    expect(error).toHaveBeenCalledTimes(1)
    error.mockRestore()
  })

  test.each(['offline', 'reset', '500'])('where there is no answer (%s) an old one may do', async (why) => {
    const { fake, get } = cached({ staleIfError: MINUTE })
    await get()
    await fake.clock.advance(MINUTE)
    if (why === 'offline') fake.network.offline()
    else if (why === 'reset') fake.network.failNext(1, 'reset')
    else fake.server.on('/count', () => ({ statusCode: 500 }))
    expect(await get()).toMatchObject({ cached: 'error', data: { count: 1 } })
    await fake.clock.advance(MINUTE)
    fake.network.failNext(1, 'reset')
    const later = await get().catch((error: unknown) => error)
    expect(later).not.toHaveProperty('cached')
  })

  test('also for what was asked anew, and it says so', async () => {
    const { fake, get } = cached({ staleIfError: MINUTE })
    await get()
    fake.network.offline()
    const anew = { context: { cache: { ttl: 0 } } }
    expect(await get('/count', anew)).toMatchObject({ cached: 'error', data: { count: 1 } })
    await fake.clock.advance(MINUTE)
    const later = await get('/count', anew).catch((error: unknown) => error)
    expect(later).toMatchObject({ code: 'OFFLINE' })
  })

  test('but not for an answer that says no, nor for one who gave up', async () => {
    const { fake, api, get } = cached({ staleIfError: MINUTE })
    await get()
    await fake.clock.advance(MINUTE)
    fake.server.on('/count', () => ({ statusCode: 403 }))
    expect(await get()).toMatchObject({ statusCode: 403 })
    const task = api.get('/count')
    const end = watch(task, fake)
    task.abort()
    await fake.clock.runAll()
    expect(end.code).toBe('ABORTED')
  })

  test('a clock that was set back makes an answer old, and not eternal', async () => {
    const { fake, count } = cached()
    await count()
    fake.clock.jump(-10 * MINUTE)
    expect(await count()).toBe(2)
  })
})

describe('identical reads under way are one', () => {
  const asks = (count: number, { api, fake }: ReturnType<typeof cached>) =>
    Array.from({ length: count }, () => {
      const task = api.request<{ count: number }>({ url: '/count' })
      return { task, end: watch(task, fake) }
    })

  test('each has a copy of the answer, or the error', async () => {
    const world = cached()
    const answers = asks(3, world)
    await world.fake.clock.runAll()
    const [one, two] = answers.map(({ end }) => end.value?.data)
    expect([one, two]).toEqual([{ count: 1 }, { count: 1 }])
    expect(one).not.toBe(two)
    world.kept.clear()
    world.fake.network.failNext(1, 'reset')
    const failures = asks(3, world)
    await world.fake.clock.runAll()
    expect(failures.map(({ end }) => end.code)).toEqual(['NETWORK', 'NETWORK', 'NETWORK'])
  })

  test('what middleware makes of the first one’s answer is not in the others’', async () => {
    const unwraps: Middleware = async (request, next) => {
      const response = await next(request)
      response.data = (response.data as { list: unknown }).list
      return response
    }
    const { fake, api } = cached({}, { use: [unwraps, cache({ ttl: MINUTE })] })
    fake.server.on('/list', () => ({ data: { list: [1] } }))
    const both = Promise.all([api.get('/list'), api.get('/list')])
    expect(await result(fake, both)).toEqual([[1], [1]])
    expect(await result(fake, api.get('/list'))).toEqual([1])
  })

  test('a login that fails for all who ask is not begun anew for each of them', async () => {
    const world = cached(
      {},
      { login: { url: '/login', retry: 0, refresh: () => Promise.reject(new Error('no')) } },
    )
    await world.count()
    world.fake.server.expire()
    world.kept.clear()
    world.fake.server.on('/login', () => ({ statusCode: 400 }))
    const all = asks(5, world)
    await world.fake.clock.runAll()
    expect(all.map(({ end }) => end.code)).toEqual(Array(5).fill('LOGIN_REJECTED'))
    expect(world.fake.calls.logins).toBe(1)
  })

  test.each([
    ['after', 500, 10],
    ['before', 10, 500],
  ])(
    'what is asked anew does not join, and is what is kept, with the older answer %s it',
    async (_, older, newer) => {
      const { fake, api } = cached()
      const name = { now: 'old', delay: older }
      fake.server.on('GET /name', () => ({ data: name.now, delay: name.delay }))
      const before = watch(api.get('/name'), fake)
      await fake.clock.advance(5)
      Object.assign(name, { now: 'new', delay: newer })
      const anew = watch(api.get('/name', {}, { context: { cache: { ttl: 0 } } }), fake)
      await fake.clock.runAll()
      expect([before.value, anew.value, await api.get('/name')]).toEqual(['old', 'new', 'new'])
      expect(fake.server.requests).toHaveLength(2)
    },
  )

  test('when the first is aborted the next asks', async () => {
    const world = cached()
    const all = asks(3, world)
    await world.fake.clock.advance(1)
    all[0]?.task.abort()
    all[1]?.task.abort()
    await world.fake.clock.runAll()
    expect(all.map(({ end }) => end.code)).toEqual(['ABORTED', 'ABORTED', 'ok'])
  })
})

describe('P4: nobody is given what is another’s', () => {
  test('not after a logout, a new session or a forced login', async () => {
    const { fake, api, count } = cached()
    expect(await count()).toBe(1)
    api.logout()
    expect(await count()).toBe(2)
    api.setSession(fake.server.issue())
    expect(await count()).toBe(3)
    await result(fake, api.ensureLogin({ force: true }))
    expect(await count()).toBe(4)
    expect(await count()).toBe(4)
  })

  test('an answer that arrives after the user has switched is kept for neither', async () => {
    const { fake, api, count } = cached()
    const early = watch(api.request<{ count: number }>({ url: '/count' }), fake)
    await fake.clock.advance(2)
    api.setSession(fake.server.issue())
    await fake.clock.runAll()
    expect(early.value?.data).toEqual({ count: 1 })
    expect([await count(), await count()]).toEqual([2, 2])
  })

  test('nor when it went out before anybody was known', async () => {
    const { fake, api, count } = cached({}, {}, phone)
    const early = watch(api.request({ url: '/count' }), fake)
    await fake.clock.advance(25)
    expect(fake.server.requests).toHaveLength(2)
    api.setSession(fake.server.issue())
    await fake.clock.runAll()
    expect([early.code, await count()]).toEqual(['ok', 2])
  })

  test('who joins as another user asks anew', async () => {
    const { fake, api } = cached()
    const ask = () => watch(api.request<{ count: number }>({ url: '/count' }), fake)
    const first = ask()
    await fake.clock.advance(2)
    const token = fake.server.issue()
    api.setSession(token)
    const second = ask()
    await fake.clock.runAll()
    expect([first.value?.data, second.value?.data]).toEqual([{ count: 1 }, { count: 2 }])
    expect(tokensAt({ fake }, '/count')[1]).toBe(token)
  })

  test.each(['setSession', 'logout'])('nor waits for an answer that is another’s (%s)', async (how) => {
    const { fake, api } = cached()
    const delay = { ms: 20_000 }
    fake.server.on('/me', () => ({ data: delay.ms, delay: delay.ms }))
    watch(api.get('/me'), fake)
    await fake.clock.advance(5)
    if (how === 'logout') api.logout()
    else api.setSession(fake.server.issue())
    delay.ms = 10
    const second = watch(api.get('/me'), fake)
    await fake.clock.advance(1000)
    expect(second.value).toBe(10)
  })

  test('nor is a failure with somebody’s data told to another', async () => {
    const { fake, api } = cached()
    fake.server.on('/count', (request) => ({ statusCode: 500, data: request.headerOf('authorization') }))
    const ask = () => watch(api.get('/count'), fake)
    const ends = [ask()]
    await fake.clock.advance(2)
    api.setSession('second')
    ends.push(ask())
    await fake.clock.runAll()
    const datas = ends.map(({ error }) => (error as unknown as { response: Response }).response.data)
    expect(new Set(datas).size).toBe(2)
  })

  test('a refresh keeps it', async () => {
    const refresh = jest.fn(() => Promise.resolve('another'))
    const { fake, count } = cached({}, { login: { url: '/login', refresh } })
    await count()
    fake.server.expire()
    fake.server.issue('another')
    expect(await count('/count', { context: { cache: false } })).toBe(2)
    expect(refresh).toHaveBeenCalledTimes(1)
    expect(await count()).toBe(1)
  })

  test('what a guest was given is not given to who needs a session', async () => {
    const { fake, api } = cached({}, {}, phone)
    fake.server.on('/feed', (request) => ({
      data: fake.server.isAuthorized(request) ? 'mine' : 'a guest’s',
      delay: 50,
    }))
    const early = watch(api.get('/feed', {}, { auth: 'optional' }), fake)
    await fake.clock.advance(5)
    const joins = watch(api.get('/feed'), fake)
    await fake.clock.runAll()
    expect([early.value, joins.value]).toEqual(['a guest’s', 'mine'])
    api.logout()
    expect(await result(fake, api.get('/feed', {}, { auth: 'optional' }))).toBe('a guest’s')
    expect(await result(fake, api.get('/feed'))).toBe('mine')
  })

  test('a guest’s is a guest’s, and what needs no session is everybody’s', async () => {
    const { fake, api, count } = cached({}, {}, phone)
    fake.server.on('/guest', (request) => ({ data: { count: request.headerOf('authorization') ? 1 : 0 } }))
    expect(await count('/guest', { auth: 'optional' })).toBe(0)
    api.setSession(fake.server.issue())
    expect(await count('/guest', { auth: 'optional' })).toBe(1)
    expect(await count('/public', { auth: false })).toBe(await count('/public', { auth: false }))
  })
})

describe('a store', () => {
  test('gives the next launch its answers at once, without headers and cookies', async () => {
    const store = makeStore()
    const { fake, api, count } = cached({ store })
    await count()
    expect(store.record).toEqual({
      user: api.session?.id,
      entries: [[keyOf('https://api.test/count'), { at: expect.any(Number) as number, data: { count: 1 } }]],
    })
    const next = relaunch(fake, store, api.session)
    expect(await next.request({ url: '/count' })).toMatchObject({
      cached: 'fresh',
      data: { count: 1 },
      header: {},
    })
  })

  test('is written only where something has changed', async () => {
    const store = makeStore()
    const { fake, api, count } = cached({ store })
    await count()
    expect(store.calls).toEqual(['remove', 'set'])
    const next = relaunch(fake, store, api.session)
    expect(await result(fake, next.get('/count'))).toEqual({ count: 1 })
    await fake.clock.runAll()
    expect(store.calls).toEqual(['remove', 'set'])
  })

  test('of another user gives nothing, and is emptied by a logout', async () => {
    const store = makeStore({
      user: 'other',
      entries: [[keyOf('https://api.test/count'), { at: 0, data: 'other’s' }]],
    })
    const { fake, api, count } = cached({ store })
    expect(await count()).toBe(1)
    expect(store.record).toMatchObject({ user: api.session?.id })
    api.logout()
    await fake.clock.runAll()
    expect(store.record).toBeUndefined()
  })

  test('is not written over before it has been read, and reads go out meanwhile', async () => {
    const slow = deferred<unknown>()
    const { fake, api, kept, count } = cached({ store: undefined as never })
    const user = String(api.session?.id)
    await count()
    const old = [
      [keyOf('https://api.test/old'), { at: fake.clock.now(), data: { count: 70 } }],
      [keyOf('https://api.test/count'), { at: fake.clock.now(), data: { count: 71 } }],
    ]
    expect(kept).toBeDefined()
    const store = makeStore({ user, entries: old })
    store.get = () => slow.promise
    const keptNow = cache({ ttl: MINUTE, store })
    const next = api.extend({ use: [keptNow] })
    expect(await result(fake, next.get('/count'))).toEqual({ count: 2 })
    expect(store.calls).toEqual([])
    slow.resolve(store.record)
    await fake.clock.runAll()
    expect(await next.get('/old')).toEqual({ count: 70 })
    expect(await next.get('/count')).toEqual({ count: 2 })
    expect((store.record as CacheRecord).entries.map(([key]) => key)).toEqual([
      keyOf('https://api.test/old'),
      keyOf('https://api.test/count'),
    ])
  })

  test('that was cleared before it had been read gives nothing of what it had', async () => {
    const slow = deferred<unknown>()
    const { fake, api } = knownPhone()
    const old = [keyOf('https://api.test/old'), { at: fake.clock.now(), data: 'old' }]
    const store = makeStore({ user: api.session?.id, entries: [old] })
    store.get = () => slow.promise
    const kept = cache({ ttl: MINUTE, store })
    const next = api.extend({ use: [kept] })
    const first = watch(next.get('/new'), fake)
    kept.clear('/old')
    slow.resolve(store.record)
    await fake.clock.runAll()
    expect(first.code).toBe('ok')
    const cachedOf = async (url: string) => (await result(fake, next.request({ url })))['cached']
    expect([await cachedOf('/new'), await cachedOf('/old')]).toEqual(['fresh', undefined])
  })

  test('that is slow brings nothing back that the server has taken back meanwhile', async () => {
    const slow = deferred<unknown>()
    const { fake, api } = knownPhone()
    const old = [keyOf('https://api.test/old'), { at: fake.clock.now(), data: 'old' }]
    const store = makeStore({ user: api.session?.id, entries: [old] })
    store.get = () => slow.promise
    const next = api.extend({ use: [cache({ ttl: MINUTE, store })] })
    fake.server.on('/old', () => ({ statusCode: 404 }))
    expect((await failure(fake, next.get('/old'))).code).toBe('HTTP_STATUS')
    slow.resolve(store.record)
    await fake.clock.runAll()
    expect((await failure(fake, next.get('/old'))).code).toBe('HTTP_STATUS')
    expect(store.record).toBeUndefined()
  })

  test.each([
    ['rejects', () => Promise.reject(new Error('full'))],
    [
      'throws',
      () => {
        throw new Error('full')
      },
    ],
    ['holds garbage', () => ({ user: 1, entries: 'x' })],
    ['holds garbage in its entries', () => ({ user: 'a', entries: [['a', null]] })],
    ['is empty', () => ''],
  ])('that %s is no cache, and no harm', async (_, fail) => {
    const store = { get: fail, set: fail, remove: fail }
    const { fake, api, count } = cached({ store })
    expect([await count(), await count()]).toEqual([1, 1])
    api.logout()
    await fake.clock.runAll()
    expect(await count()).toBe(2)
  })

  test.each(['throws', 'rejects'])('that %s when it is full gives nothing that was cleared', async (how) => {
    const store = makeStore()
    const { fake, api, kept, count } = cached({ store })
    await count('/count?n=1')
    await count('/count?n=2')
    store.set = () => {
      if (how === 'rejects') return Promise.reject(new Error('full'))
      throw new Error('full')
    }
    kept.clear('n=1')
    await fake.clock.runAll()
    const next = relaunch(fake, store, api.session)
    expect(await result(fake, next.get('/count?n=1'))).toEqual({ count: 3 })
  })

  test('that is slow gets the last of many writes', async () => {
    const store = makeStore(
      undefined,
      (value) => new Promise((resolve) => setImmediate(() => resolve(value))),
    )
    const { count } = cached({ store })
    for (const n of [1, 2, 3]) await count(`/count?n=${n}`)
    for (let turn = 0; turn < 10; turn++) await new Promise((next) => setImmediate(next))
    expect((store.record as CacheRecord).entries).toHaveLength(3)
  })

  /** Another launch on the same phone. */
  function relaunch(fake: FakeWeChat, store: ReturnType<typeof makeStore>, session: unknown) {
    fake.storage.set(KEY, session)
    return clientOn(fake, { use: [cache({ ttl: MINUTE, store })] }).api
  }
})

test('what is no option is told', () => {
  const wrong: [object, string][] = [
    [{}, 'cache: ttl must be 0 or a number of ms above 0.'],
    [{ ttl: -1 }, 'ttl'],
    [{ ttl: 1, max: 0.5 }, 'max'],
    [{ ttl: 1, staleIfError: '1' }, 'staleIfError'],
    [{ ttl: 1, store: { get: () => 1 } }, 'store'],
    [{ ttl: 1, vary: 'x' }, 'vary'],
    [{ ttl: 1, tll: 2 }, 'tll'],
  ]
  for (const [options, words] of wrong) {
    const error = thrown(() => cache(options as CacheOptions))
    expect(error).toMatchObject({ code: 'CONFIG' })
    expect(error.message).toContain(words)
  }
})

test('a context that cannot be meant, and a vary that gives a promise, are told', async () => {
  const { fake, api } = cached({ vary: (() => Promise.resolve('x')) as never })
  for (const context of [{ cache: 'no' }, { cache: { ttl: '1' } }, { cache: { tll: 1 } }, {}])
    expect((await failure(fake, api.get('/count', {}, { context: context as never }))).code).toBe('CONFIG')
})

test('other middleware may stand inside or outside', async () => {
  const seen: unknown[] = []
  const outside: Middleware = async (request, next) => {
    const response = await next(request)
    seen.push(response['cached'])
    return response
  }
  const { fake, api } = cached({}, { use: [outside, cache({ ttl: 1000 }), (request, next) => next(request)] })
  await result(fake, api.get('/count'))
  await result(fake, api.get('/count'))
  expect(seen).toEqual([undefined, 'fresh'])
})
