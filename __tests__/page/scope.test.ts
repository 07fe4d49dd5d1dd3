import { scope, type Scope } from '../../src/page'
import { openSocket } from '../../src/socket'
import { streamText } from '../../src/stream'
import { caught, failure, knownPhone, result, usual } from '../phone'
import { clientOn, tokensAt, watch } from '../laws/world'
import { createClient, type ClientOptions } from '../../src'

function page(options: Partial<ClientOptions> = {}, latency = 10) {
  const made = knownPhone(options, { latency })
  return { ...made, page: scope(made.api), paths: () => made.fake.server.requests.map(({ path }) => path) }
}

const READS: [string, (api: Scope) => Promise<unknown>][] = [
  ['a GET', (api) => api.get('/orders')],
  ['a HEAD', (api) => api.head('/orders')],
  ['an OPTIONS', (api) => api.request({ url: '/orders', method: 'OPTIONS' })],
  ['a GET in wx style', (api) => api.request({ url: '/orders' })],
  ['a download', (api) => api.downloadFile({ url: '/invoice.pdf' })],
  ['a chunked POST', (api) => api.request({ url: '/chat', method: 'POST', enableChunked: true })],
  ['a POST that only asks', (api) => api.post('/search', {}, { context: { read: true } })],
  ['a joined GET', (api) => api.get('/orders', {}, { context: { overlap: 'join' } })],
  ['a replaced GET', (api) => api.get('/orders', {}, { context: { overlap: 'replace' } })],
]
const WRITES: [string, (api: Scope) => Promise<unknown>][] = [
  ['a POST', (api) => api.post('/orders', { title: 'tea' })],
  ['a PUT', (api) => api.put('/orders', {})],
  ['a DELETE', (api) => api.delete('/orders')],
  ['an upload', (api) => api.uploadFile({ url: '/avatar', filePath: 'a.png', name: 'file' })],
  ['a joined POST', (api) => api.post('/orders', {}, { context: { overlap: 'join' } })],
]

describe('P1: what ends with a scope', () => {
  test.each(READS)('%s under way is aborted at once, and leaves the wire', async (_, send) => {
    const { fake, page: shown } = page()
    const task = watch(send(shown), fake)
    await fake.clock.advance(1)
    expect(fake.network.running).toBe(1)
    shown.end()
    await fake.clock.advance(0)
    expect([task.code, fake.network.running]).toEqual(['ABORTED', 0])
  })

  test.each(READS)('%s after the end is rejected and not sent', async (_, send) => {
    const { fake, page: shown, paths } = page()
    shown.end()
    expect(await failure(fake, send(shown))).toMatchObject({ code: 'ABORTED', attempts: 0 })
    expect(paths()).toEqual([])
  })

  test.each(WRITES)('%s under way goes on, and one after the end is sent', async (_, send) => {
    const { fake, page: shown, paths } = page()
    const before = send(shown)
    await fake.clock.advance(1)
    shown.end()
    await result(fake, before)
    await result(fake, send(shown))
    expect(paths()).toHaveLength(2)
  })

  test.each(READS)('%s ends when a listener ends the scope as it is sent', async (_, send) => {
    const { fake, api, page: shown } = page()
    api.on((event) => {
      if (event.type === 'request' && event.phase === 'send') shown.end()
    })
    const task = watch(send(shown), fake)
    await fake.clock.advance(0)
    expect([task.code, fake.network.running]).toEqual(['ABORTED', 0])
  })

  test('a request whose unwrap is at work does not resolve any more', async () => {
    let done!: (value: unknown) => void
    const { fake, page: shown } = page({ unwrap: () => new Promise((resolve) => (done = resolve)) })
    const task = watch(shown.get('/orders'), fake)
    await fake.clock.runAll()
    shown.end()
    done('late')
    await fake.clock.runAll()
    expect(task.code).toBe('ABORTED')
  })

  test('a request that waits for the login is not sent', async () => {
    const { fake, page: shown, paths } = page()
    fake.storage.clear()
    const task = watch(shown.get('/orders'), fake)
    shown.end()
    await fake.clock.runAll()
    expect([task.code, paths().includes('/orders')]).toEqual(['ABORTED', false])
  })

  test('its own signal still aborts it', async () => {
    const { fake, page: shown } = page()
    const controller = new AbortController()
    const task = watch(shown.get('/orders', {}, { signal: controller.signal }), fake)
    await fake.clock.advance(1)
    controller.abort()
    await fake.clock.advance(0)
    expect(task.code).toBe('ABORTED')
  })

  test('callbacks hear of it in the words of WeChat', async () => {
    const { fake, page: shown } = page()
    const heard: unknown[] = []
    shown
      .request({
        url: '/orders',
        fail: ({ errMsg }) => heard.push(errMsg),
        complete: (one) => heard.push((one as Error).name),
      })
      .abort()
    await fake.clock.runAll()
    expect(heard).toEqual(['request:fail abort', 'AbortError'])
  })

  test('a stream that was opened on it ends', async () => {
    const { fake, page: shown } = page()
    const header = { 'content-type': 'text/plain' }
    fake.server.on('/poem', () => ({ header, chunks: ['one', { data: 'two', after: 1000 }] }))
    const stream = streamText(shown, { url: '/poem' })
    const reading = watch(
      stream.forEach(() => undefined),
      fake,
    )
    await fake.clock.advance(50)
    shown.end()
    await fake.clock.advance(0)
    expect([reading.code, fake.network.running]).toEqual(['ABORTED', 0])
  })

  test.each(['the scope', 'a scope within it', 'a clone of it'])(
    'a socket that is opened on %s after the end is closed, and connects to nothing',
    async (which) => {
      const { fake, page: shown } = page()
      fake.server.onSocket('/ws', () => undefined)
      const client = { 'a scope within it': scope(shown), 'a clone of it': shown.extend({}) }[which] ?? shown
      shown.end()
      const socket = openSocket(client, { url: '/ws' })
      expect([socket.state, socket.send('hello')]).toEqual(['closed', false])
      fake.app.toBackground()
      fake.app.toForeground()
      await fake.clock.runAll()
      expect([socket.state, fake.calls.sockets]).toEqual(['closed', 0])
    },
  )

  test('ending twice is ending once', () => {
    const { page: shown } = page()
    expect(shown.ended).toBe(false)
    shown.end()
    shown.end()
    expect(shown.ended).toBe(true)
  })

  test('listeners that were given to it are off, before and after', async () => {
    const { fake, api, page: shown } = page()
    const heard: string[] = []
    shown.on(() => heard.push('early'))
    const off = shown.on(() => heard.push('gone'))
    off()
    shown.end()
    shown.on(() => heard.push('late'))
    await result(fake, api.get('/orders'))
    expect(heard).toEqual([])
  })

  test('a clone is of the same scope, and a scope may be within another', async () => {
    const { fake, page: shown } = page()
    const inner = scope(shown)
    const tasks = [inner.get('/a'), shown.extend({ timeout: 5 }).get('/b')].map((task) => watch(task, fake))
    shown.end()
    await fake.clock.runAll()
    expect(tasks.map(({ code }) => code)).toEqual(['ABORTED', 'ABORTED'])
    expect(inner.ended).toBe(false)
  })

  test('session, login and logout are the client’s own', async () => {
    const { fake, api, page: shown } = page()
    shown.end()
    const session = await result(fake, shown.ensureLogin())
    expect(shown.session).toBe(session)
    expect(
      await result(
        fake,
        shown.authorize((token) => token),
      ),
    ).toBe(session.token)
    shown.setSession('another')
    expect(api.session?.token).toBe('another')
    shown.logout()
    expect(shown.session).toBeUndefined()
  })

  test('nothing of a request that has settled is kept', async () => {
    const { fake, api } = page()
    let kept = 0
    const signal = { aborted: false, addEventListener: () => kept++, removeEventListener: () => kept-- }
    const shown = scope(api)
    await result(fake, shown.get('/orders', {}, { signal }))
    await result(fake, shown.get('/orders', {}, { signal, context: { overlap: 'join' } }))
    expect(kept).toBe(0)
  })

  test('what is no client is a mistake', () => {
    expect(() => scope({} as never)).toThrow('createClient()')
  })
})

describe('P2: requests that join', () => {
  const join = { context: { overlap: 'join' as const } }

  test('a double tap is one order', async () => {
    const { fake, page: shown, paths } = page()
    fake.server.on('POST /orders', () => ({ data: { id: 7 } }))
    const taps = [shown.post('/orders', { a: 1 }, join), shown.post('/orders', { a: 1 }, join)]
    expect(await result(fake, Promise.all(taps))).toEqual([{ id: 7 }, { id: 7 }])
    expect(paths()).toEqual(['/orders'])
    await result(fake, shown.post('/orders', { a: 1 }, join))
    expect(paths()).toHaveLength(2)
  })

  test('the first tap after the launch joins too, though the session that the app has set is only then read', async () => {
    const { fake, api } = knownPhone()
    api.setSession(fake.server.issue())
    const shown = scope(clientOn(fake).api)
    await result(fake, Promise.all([shown.post('/orders', {}, join), shown.post('/orders', {}, join)]))
    expect(fake.server.requests.map(({ path }) => path)).toEqual(['/orders'])
  })

  test.each([
    ['query', (api: Scope) => [api.get('/a', { p: 1 }, join), api.get('/a', { p: 2 }, join)]],
    ['body', (api: Scope) => [api.post('/a', { p: 1 }, join), api.post('/a', { p: 2 }, join)]],
    ['bytes', (api: Scope) => [1, 2].map((n) => api.post('/a', new Uint8Array([n]).buffer, join))],
    ['method', (api: Scope) => [api.post('/a', {}, join), api.put('/a', {}, join)]],
    ['member', (api: Scope) => [api.get('/a', undefined, join), api.request({ url: '/a', ...join })]],
    [
      'file',
      (api: Scope) =>
        ['a', 'b'].map((filePath) => api.uploadFile({ url: '/a', filePath, name: 'f', ...join })),
    ],
  ] as [string, (api: Scope) => Promise<unknown>[]][])('what differs in its %s does not', async (_, send) => {
    const { fake, page: shown, paths } = page()
    await result(fake, Promise.all(send(shown)))
    expect(paths()).toHaveLength(2)
  })

  test('another base, another client of the scope, and its headers are others', async () => {
    let baseURL = 'https://api.test'
    const authOrigins = ['https://api.test', 'https://b.test', 'https://c.test']
    const { fake, page: shown } = page({ baseURL: () => baseURL, authOrigins })
    const all = [shown.get('/a', {}, join)]
    baseURL = 'https://b.test'
    all.push(shown.get('/a', {}, join), shown.extend({ baseURL: 'https://c.test' }).get('/a', {}, join))
    all.push(shown.extend({ header: { tenant: 'd' } }).get('/a', {}, join))
    await result(fake, Promise.all(all))
    const { requests } = fake.server
    expect(requests.map((request) => [request.url, request.headerOf('tenant')])).toEqual([
      ['https://api.test/a', undefined],
      ['https://b.test/a', undefined],
      ['https://c.test/a', undefined],
      ['https://b.test/a', 'd'],
    ])
  })

  test('a body is compared as it was at the call', async () => {
    const { fake, page: shown, paths } = page()
    const body = { a: 1 }
    const first = shown.post('/a', body, join)
    body.a = 2
    await result(fake, Promise.all([first, shown.post('/a', body, join)]))
    expect(paths()).toHaveLength(2)
  })

  test('an overlapKey joins what differs, but not results of another kind', async () => {
    const { fake, page: shown, paths } = page()
    const key = { context: { overlap: 'join' as const, overlapKey: 'order' } }
    fake.server.on('/a', () => ({ data: 'a' }))
    fake.server.on('/b', () => ({ data: 'b' }))
    const all = [shown.post('/a', { at: 1 }, key), shown.extend({}).get('/b', { at: 2 }, key)]
    const other = shown.request({ url: '/b', ...key })
    expect(await result(fake, Promise.all(all))).toEqual(['a', 'a'])
    expect(await result(fake, other)).toMatchObject({ statusCode: 200, data: 'b' })
    expect(paths()).toEqual(['/a', '/b'])
  })

  test('aborting one harms no other; when all have been aborted it is too', async () => {
    const { fake, page: shown } = page()
    const tasks = [1, 2, 3].map(() => shown.get('/a', {}, join))
    const ends = tasks.map((task) => watch(task, fake))
    await fake.clock.advance(1)
    tasks[0]?.abort()
    await fake.clock.advance(1)
    expect([ends.map(({ code }) => code), fake.network.running]).toEqual([
      ['ABORTED', 'pending', 'pending'],
      1,
    ])
    tasks[1]?.abort()
    tasks[2]?.abort()
    await fake.clock.advance(0)
    expect(fake.network.running).toBe(0)
    const again = watch(shown.get('/a', {}, join), fake)
    await fake.clock.runAll()
    expect([ends.map(({ code }) => code), again.code]).toEqual([['ABORTED', 'ABORTED', 'ABORTED'], 'ok'])
  })

  test('one that is aborted says how often it went out, in the words of WeChat', async () => {
    const { fake, page: shown } = page({ retry: 0 })
    const send = () => shown.uploadFile({ url: '/a', filePath: 'a', name: 'f', ...join })
    const tasks = [send(), send()]
    const ends = tasks.map((task) => watch(task, fake))
    await fake.clock.advance(1)
    tasks[1]?.abort()
    await fake.clock.runAll()
    expect(ends.map(({ code }) => code)).toEqual(['ok', 'ABORTED'])
    expect(ends[1]?.error).toMatchObject({ attempts: 1, errMsg: 'uploadFile:fail abort' })
  })

  test('each has its own totalTimeout, signal and callbacks', async () => {
    const { fake, page: shown } = page({ totalTimeout: 40 }, 100)
    const heard: unknown[] = []
    const controller = new AbortController()
    const short = watch(shown.get('/a', {}, join), fake)
    const long = watch(shown.get('/a', {}, { ...join, totalTimeout: 5000 }), fake)
    const off = watch(shown.get('/a', {}, { ...join, signal: controller.signal }), fake)
    const patient = { url: '/b', ...join, totalTimeout: 5000 }
    const called = [
      shown.request({ ...patient, success: () => heard.push(1) }),
      shown.request({ ...patient, success: () => heard.push(2), complete: () => heard.push('2') }),
    ].map((task) => watch(task, fake))
    controller.abort()
    await fake.clock.runAll()
    expect([short.code, long.code, off.code, heard]).toEqual(['TIMEOUT', 'ok', 'ABORTED', [1, 2, '2']])
    expect(called.map(({ code }) => code)).toEqual(['ok', 'ok'])
    expect(short.error).toMatchObject({ request: { method: 'GET', url: 'https://api.test/a' } })
  })

  test('all get the error', async () => {
    const { fake, page: shown } = page({ retry: 0 })
    fake.network.failNext(1, 'reset')
    const all = [shown.get('/a', {}, join), shown.get('/a', {}, join)]
    const codes = Promise.all(all.map((task) => caught(task).then(({ code }) => code)))
    expect(await result(fake, codes)).toEqual(['NETWORK', 'NETWORK'])
  })

  test('listeners of each are heard', async () => {
    const { fake, page: shown } = page()
    const heard: string[] = []
    const tasks = ['a', 'b', 'c'].map((name) => {
      const task = shown.downloadFile({ url: '/f', ...join })
      const hear = () => heard.push(name)
      task.onHeadersReceived(hear)
      if (name === 'c') task.offHeadersReceived(hear)
      return task
    })
    const [first, ...rest] = tasks
    const gone = first && watch(first, fake)
    first?.abort()
    await result(fake, Promise.all(rest))
    expect(gone?.code).toBe('ABORTED')
    expect(heard).toEqual(['b'])
  })

  test('a logout or another session parts them', async () => {
    const { fake, page: shown, api } = page({}, 100)
    const tokens = [String(shown.session?.token), fake.server.issue(), fake.server.issue()]
    const send = () => watch(shown.post('/a', {}, join), fake)
    const ends = [send(), send()]
    await fake.clock.advance(1)
    api.setSession(String(tokens[1]))
    ends.push(send(), send())
    await fake.clock.advance(1)
    api.logout()
    api.setSession(String(tokens[2]))
    ends.push(send(), send())
    await fake.clock.runAll()
    expect(ends.map(({ code }) => code)).toEqual(Array(6).fill('ok'))
    expect(tokensAt({ fake }, '/a')).toEqual(tokens)
  })

  test('a logout parts them also where nobody needs a session', async () => {
    const { fake, page: shown, paths } = page({}, 100)
    fake.server.on('/a', () => ({ data: 'ok' }))
    const send = () => watch(shown.post('/a', {}, { ...join, auth: false }), fake)
    const ends = [send()]
    await fake.clock.advance(1)
    shown.logout()
    ends.push(send())
    await fake.clock.runAll()
    expect([ends.map(({ code }) => code), paths()]).toEqual([
      ['ok', 'ok'],
      ['/a', '/a'],
    ])
  })

  test('those who wait for a login go as one after it', async () => {
    const { fake, page: shown, paths } = page()
    fake.storage.clear()
    const first = shown.post('/a', {}, join)
    await fake.clock.advance(15)
    await result(fake, Promise.all([first, shown.post('/a', {}, join)]))
    expect(paths()).toEqual(['/login', '/a'])
  })

  test('what cannot be meant is told', async () => {
    const { fake, page: shown, paths } = page()
    const fail = jest.fn()
    const wrong: [() => Promise<unknown>, string][] = [
      [() => shown.get('/a', {}, { context: { overlap: 'joim' as never } }), 'context.overlap'],
      [() => shown.request({ url: '/a', context: { overlapKey: 7 as never }, fail }), 'context.overlapKey'],
      [() => shown.get('/a', {}, { context: { read: 1 as never } }), 'context.read'],
      [() => shown.get('/a', {}, { ...join, totalTimeout: -1 }), 'totalTimeout'],
      [() => shown.get('/a', {}, { ...join, signal: 1 as never }), 'signal'],
      [() => shown.get('/a', {}, { signal: {} as never }), 'signal'],
      [() => shown.get(1 as never, {}, join), 'url'],
      [() => shown.request({ url: '/a', enableChunked: true, ...join }), 'cannot be joined'],
      [() => streamText(shown, { url: '/a', ...join }).next(), 'cannot be joined'],
    ]
    for (const [task, words] of wrong) {
      const error = await failure(fake, task())
      expect(error).toMatchObject({ code: 'CONFIG' })
      expect(error.message).toContain(words)
    }
    expect(fail).toHaveBeenCalledTimes(1)
    expect(paths()).toEqual([])
  })

  test('a getter that throws is told as the client tells it', async () => {
    const { fake, page: shown } = page()
    const bad = {
      get timeout(): number {
        throw new Error('mine')
      },
    }
    expect((await failure(fake, shown.get('/a', {}, bad))).message).toBe('mine')
    const request = Object.defineProperty({ url: '/a' }, 'method', {
      enumerable: true,
      get: () => bad.timeout,
    })
    expect((await failure(fake, shown.request(request))).message).toBe('mine')
  })
})

describe('P3: requests that replace', () => {
  const replace = { context: { overlap: 'replace' as const } }

  test('only the newest resolves, whatever the order of the answers', async () => {
    const { fake, page: shown } = page()
    fake.server.on('/search', ({ query }) => ({ data: query['q'], delay: query['q'] === 'a' ? 500 : 10 }))
    const tasks = ['a', 'ab', 'abc'].map((q) => watch(shown.get('/search', { q }, replace), fake))
    await fake.clock.runAll()
    expect(tasks.map(({ code, value }) => [code, value])).toEqual([
      ['ABORTED', undefined],
      ['ABORTED', undefined],
      ['ok', 'abc'],
    ])
  })

  test('also while the older waits for a login', async () => {
    const { fake, page: shown, paths } = page()
    fake.storage.clear()
    const first = watch(shown.get('/search', { q: 1 }, replace), fake)
    await result(fake, shown.get('/search', { q: 2 }, replace))
    expect([first.code, paths()]).toEqual(['ABORTED', ['/login', '/search']])
  })

  test('other paths, methods and keys are others, and clones of the scope the same', async () => {
    const { fake, page: shown } = page()
    const codes = (tasks: Promise<unknown>[]) => tasks.map((task) => watch(task, fake))
    const all = codes([
      shown.get('/a', {}, replace),
      shown.get('/b', {}, replace),
      shown.post('/a', {}, replace),
      shown.request({ url: '/a', ...replace }),
      shown.get('/a', {}, { context: { overlap: 'replace', overlapKey: 'k' } }),
      shown.extend({}).get('/b?x=1', {}, { context: { overlap: 'replace', overlapKey: 'k' } }),
      shown.extend({}).get('/b?x=1', {}, replace),
      scope(shown).get('/b', {}, replace),
    ])
    await fake.clock.runAll()
    expect(all.map(({ code }) => code)).toEqual([
      'ok',
      'ABORTED',
      'ok',
      'ok',
      'ABORTED',
      'ok',
      'ABORTED',
      'ok',
    ])
  })

  test('one that is made within the sending of another is the newest', async () => {
    const { fake, api, page: shown } = page()
    const inner: ReturnType<typeof watch>[] = []
    api.on((event) => {
      if (event.type === 'request' && event.phase === 'send' && inner.length === 0) {
        inner.push(watch(Promise.resolve(), fake))
        inner.push(watch(shown.get('/a', {}, replace), fake))
      }
    })
    const outer = watch(shown.get('/a', {}, replace), fake)
    await fake.clock.runAll()
    expect([outer.code, inner[1]?.code]).toEqual(['ABORTED', 'ok'])
  })
})

test('a scope works on a client without a platform', async () => {
  const { fake } = knownPhone()
  const shown = scope(createClient({ ...usual(fake), platform: undefined } as never))
  await expect(shown.get('/a', {}, { context: { overlap: 'join' } })).rejects.toMatchObject({
    code: 'CONFIG',
  })
})
