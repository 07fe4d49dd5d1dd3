import type { Middleware } from '../../src'
import { altered, clientOn, codesOf, deferred, makeWorld, soon, times, watch, type World } from './world'

/** What arrived at `path`, in order. */
function arrivedAt({ fake }: Pick<World, 'fake'>, path: string) {
  return fake.server.requests.filter((request) => request.path === path)
}

const bodiesAt = (world: Pick<World, 'fake'>, path: string) => arrivedAt(world, path).map(({ json }) => json)

const RETRY = { retry: { limit: 2, delay: () => 50 } }

describe('law 15: what was given is what is sent', () => {
  test('an order that is edited while its first sending is refused goes out again as it was placed', async () => {
    const world = makeWorld({ stored: 'dead', isLive: false })
    const { fake, api } = world
    const order = { item: 'A', extras: [{ name: 'milk' }] }
    const all = [watch(api.post('/orders', order), fake)]
    order.item = 'B'
    order.extras[0] = { name: 'sugar' }
    all.push(watch(api.post('/orders', order), fake))
    await fake.clock.runAll()
    const [a, b] = [
      { item: 'A', extras: [{ name: 'milk' }] },
      { item: 'B', extras: [{ name: 'sugar' }] },
    ]
    expect([codesOf(all), bodiesAt(world, '/orders')]).toEqual([
      ['ok', 'ok'],
      [a, b, a, b],
    ])
  })

  test('something deep inside that changes later changes nothing', async () => {
    const world = makeWorld()
    const { fake, api } = world
    const order = { lines: [{ item: { id: 1, tags: ['x'] } }] }
    const request = watch(api.post('/orders', order), fake)
    order.lines[0]?.item.tags.push('y')
    order.lines.push({ item: { id: 2, tags: [] } })
    await fake.clock.runAll()
    expect([request.code, bodiesAt(world, '/orders')]).toEqual([
      'ok',
      [{ lines: [{ item: { id: 1, tags: ['x'] } }] }],
    ])
  })

  test('params that a paging loop uses again, before the first login, ask for each page once', async () => {
    const world = makeWorld()
    const { fake, api } = world
    const params = { page: 0, tags: ['new'] }
    const all = times(3, () => {
      params.page++
      return watch(api.get('/list', params), fake)
    })
    params.tags.push('hot')
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(['ok', 'ok', 'ok'])
    expect(arrivedAt(world, '/list').map(({ queryAll }) => queryAll)).toEqual(
      times(3, (n) => [
        ['page', String(n + 1)],
        ['tags', 'new'],
      ]),
    )
  })

  test('so does the query of a POST', async () => {
    const world = makeWorld()
    const { fake, api } = world
    const query = { dry: 'yes' }
    const request = watch(api.post('/orders', { n: 1 }, { query }), fake)
    query.dry = 'no'
    await fake.clock.runAll()
    expect([request.code, arrivedAt(world, '/orders').map((each) => each.query)]).toEqual([
      'ok',
      [{ dry: 'yes' }],
    ])
  })

  test('a header that is changed after the call goes out as it was, the replay with it', async () => {
    const world = makeWorld({ stored: 'dead', isLive: false })
    const { fake, api } = world
    const header: Record<string, string> = { 'X-Step': 'one' }
    const request = watch(api.get('/a', {}, { header }), fake)
    header['X-Step'] = 'two'
    header['X-More'] = 'yes'
    await fake.clock.runAll()
    const sent = arrivedAt(world, '/a').map((each) => [each.headerOf('X-Step'), each.headerOf('X-More')])
    expect([request.code, sent]).toEqual(['ok', times(2, () => ['one', undefined])])
  })

  test('a retry sends what the first try sent', async () => {
    const world = makeWorld({ stored: 'good', client: RETRY })
    const { fake, api } = world
    fake.server.on('/profile', () => ({ statusCode: 503 }))
    const profile = { name: 'Li' }
    const request = watch(api.put('/profile', profile), fake)
    await fake.clock.advance(20)
    profile.name = 'Wang'
    await fake.clock.runAll()
    expect([request.code, bodiesAt(world, '/profile')]).toEqual([
      'HTTP_STATUS',
      times(3, () => ({ name: 'Li' })),
    ])
  })

  test('so does a request that waits for a lane', async () => {
    const world = makeWorld({ stored: 'good', client: { concurrency: 1 } })
    const { fake, api } = world
    const first = watch(api.get('/first'), fake)
    const order = { item: 'A' }
    const second = watch(api.post('/orders', order), fake)
    await fake.clock.advance(2)
    order.item = 'B'
    await fake.clock.runAll()
    expect([first.code, second.code, bodiesAt(world, '/orders')]).toEqual(['ok', 'ok', [{ item: 'A' }]])
  })

  test('so does request(), with data and query and a form', async () => {
    const world = makeWorld()
    const { fake, api } = world
    const header = { 'content-type': 'application/x-www-form-urlencoded' }
    const options = { url: '/form', method: 'POST' as const, header, data: { a: '1' }, query: { b: '2' } }
    const request = watch(api.request(options), fake)
    options.data.a = options.query.b = 'changed'
    await fake.clock.runAll()
    const sent = arrivedAt(world, '/form').map(({ form, query }) => ({ form, query }))
    expect([request.code, sent]).toEqual(['ok', [{ form: { a: '1' }, query: { b: '2' } }]])
  })

  test('what makes other JSON of itself each time goes out the same in each attempt', async () => {
    const world = makeWorld({ stored: 'dead', isLive: false })
    const { fake, api } = world
    let asked = 0
    const order = { item: 'A', toJSON: () => ({ version: ++asked }) }
    const request = watch(api.post('/orders', order), fake)
    await fake.clock.runAll()
    const [first, second] = bodiesAt(world, '/orders')
    expect([request.code, arrivedAt(world, '/orders').length]).toEqual(['ok', 2])
    expect(second).toEqual(first)
  })

  test('a buffer is not copied: it is the very one that WeChat gets', async () => {
    const { fake } = makeWorld({ stored: 'good' })
    const given: unknown[] = []
    const request = (options: never) => {
      given.push((options as { data?: unknown }).data)
      return fake.wx.request(options)
    }
    const { api } = clientOn(fake, { platform: altered(fake, { request }) })
    const picture = new ArrayBuffer(8)
    const sent = await soon(fake, api.post('/pictures', picture))
    expect([sent.code, given[0] === picture]).toEqual(['ok', true])
  })

  test('a string travels as it is', async () => {
    const world = makeWorld({ stored: 'dead', isLive: false })
    const { fake, api } = world
    const header = { 'content-type': 'text/plain' }
    const request = await soon(fake, api.post('/notes', '{ "not": touched }', { header }))
    expect([request.code, arrivedAt(world, '/notes').map(({ text }) => text)]).toEqual([
      'ok',
      times(2, () => '{ "not": touched }'),
    ])
  })

  test('the data of ensureLogin() are brought to the server as they were given', async () => {
    const world = makeWorld()
    const data = { phone: { code: 'A' } }
    const login = watch(world.api.ensureLogin({ data }), world.fake)
    data.phone = { code: 'B' }
    await world.fake.clock.runAll()
    expect([login.code, bodiesAt(world, '/login')]).toEqual([
      'ok',
      [{ phone: { code: 'A' }, code: 'code-1' }],
    ])
  })

  test('the data of setSession() stay as they were given, for all pages and in the store', async () => {
    const { fake, api } = makeWorld()
    const data = { user: { name: 'A' } }
    api.setSession({ token: 'of-the-app', data })
    data.user.name = 'B'
    await fake.clock.runAll()
    expect(api.session?.data).toEqual({ user: { name: 'A' } })
    expect(clientOn(fake).api.session?.data).toEqual({ user: { name: 'A' } })
  })

  test('a listener that changes the object on hearing of a replay changes nothing', async () => {
    const world = makeWorld({ stored: 'dead', isLive: false })
    const { fake, api } = world
    const order = { item: 'A' }
    api.on((event) => {
      if (event.type === 'request' && event.phase === 'replay') order.item = 'B'
    })
    const request = await soon(fake, api.post('/orders', order))
    expect([request.code, bodiesAt(world, '/orders')]).toEqual(['ok', times(2, () => ({ item: 'A' }))])
  })
})

describe('law 15: middleware', () => {
  /** A world whose client has this middleware, and nothing but a token that must be replaced first. */
  const behind = (middleware: Middleware) =>
    makeWorld({ stored: 'dead', isLive: false, client: { use: [middleware] } })

  test('what the app changes while middleware is still at work is not sent', async () => {
    const gate = deferred<undefined>()
    const world = behind(async (request, next) => {
      await gate.promise
      return next(request)
    })
    const { fake, api } = world
    const order = { item: 'A' }
    const query = { dry: 'yes' }
    const request = watch(api.post('/orders', order, { query }), fake)
    order.item = 'B'
    query.dry = 'no'
    gate.resolve(undefined)
    await fake.clock.runAll()
    expect([request.code, bodiesAt(world, '/orders')]).toEqual(['ok', times(2, () => ({ item: 'A' }))])
    expect(arrivedAt(world, '/orders').map((each) => each.query)).toEqual(times(2, () => ({ dry: 'yes' })))
  })

  test('what middleware changes before next() is sent, in each attempt', async () => {
    const world = behind((request, next) =>
      next({ ...request, data: { item: 'M' }, header: { 'X-By': 'middleware' } }),
    )
    const { fake, api } = world
    const request = await soon(fake, api.post('/orders', { item: 'A' }))
    const sent = arrivedAt(world, '/orders').map((each) => [each.json, each.headerOf('X-By')])
    expect([request.code, sent]).toEqual(['ok', times(2, () => [{ item: 'M' }, 'middleware'])])
  })

  test('what middleware changes in place before next() is sent as well', async () => {
    const world = behind((request, next) => {
      request.data = { item: 'M' }
      return next(request)
    })
    const { fake, api } = world
    const request = await soon(fake, api.post('/orders', { item: 'A' }))
    expect([request.code, bodiesAt(world, '/orders')]).toEqual(['ok', times(2, () => ({ item: 'M' }))])
  })

  test('what middleware changes after next() is not sent', async () => {
    const data = { item: 'M' }
    const query = { page: 1 }
    const header = { 'X-Step': 'one' }
    const world = behind((request, next) => {
      const answer = next({ ...request, data, query, header })
      data.item = 'late'
      query.page = 2
      header['X-Step'] = 'two'
      return answer
    })
    const { fake, api } = world
    const request = await soon(fake, api.post('/orders', { item: 'A' }))
    const sent = arrivedAt(world, '/orders').map((each) => [each.json, each.query, each.headerOf('X-Step')])
    expect([request.code, sent]).toEqual(['ok', times(2, () => [{ item: 'M' }, { page: '1' }, 'one'])])
  })
})
