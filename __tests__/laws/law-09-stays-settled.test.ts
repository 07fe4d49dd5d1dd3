import type { Client, ClientOptions, Task } from '../../src'
import { clientOn, deferred, makeWorld, soon, tokensAt, watch } from './world'

const HOUR = 3_600_000

type Deed = () => void

/** Where a function of the app runs: options with which it does the deed there. */
const places: [string, (deed: Deed) => Partial<ClientOptions>][] = [
  ['isUnauthorized', (deed) => ({ isUnauthorized: ({ statusCode }) => (deed(), statusCode === 401) })],
  [
    'attach',
    (deed) => ({
      attach({ header }, token) {
        deed()
        header['Authorization'] = `Bearer ${token}`
      },
    }),
  ],
  ['a header function', (deed) => ({ header: () => (deed(), {}) })],
  ['retry.delay', (deed) => ({ retry: { limit: 2, delay: () => (deed(), 10) } })],
  ['a retry.delay of no time', (deed) => ({ retry: { limit: 2, delay: () => (deed(), 0) } })],
  ['unwrap', (deed) => ({ unwrap: ({ data }) => (deed(), data) })],
  [
    'an unwrap that is still at work',
    (deed) => ({ unwrap: ({ data }) => Promise.resolve().then(() => (deed(), data)) }),
  ],
  ...(['send', 'replay', 'retry'] as const).map((phase): [string, (deed: Deed) => Partial<ClientOptions>] => [
    `a listener to '${phase}'`,
    (deed) => ({
      onEvent: (event) => (event.type === 'request' && event.phase === phase ? deed() : undefined),
    }),
  ]),
]

/** A request that is refused, then answered 503, then served; the deed is done once, as soon as its task is known. */
async function run(
  place: (deed: Deed) => Partial<ClientOptions>,
  deed: (api: Client, task: Task<unknown>) => void,
) {
  const current: { task?: Task<unknown> } = {}
  let sentBefore = -1
  const { fake } = makeWorld({ stored: 'good' })
  const sent = () => fake.calls.requests.filter(({ url }) => url.endsWith('/a')).length
  const client = place(() => {
    if (!current.task || sentBefore >= 0) return
    sentBefore = sent()
    deed(api, current.task)
  })
  const { api } = clientOn(fake, {
    retry: { limit: 2, delay: () => 10 },
    checkSession: false,
    ...client,
  })
  const ends = [
    () => (fake.server.expire(), { statusCode: 401 }),
    () => ({ statusCode: 503 }),
    () => ({ data: 'here' }),
  ]
  fake.server.on('/a', () => ends.shift()?.() ?? { statusCode: 500 })
  await soon(fake, api.get('/warm'))
  current.task = api.get('/a')
  const watched = watch(current.task, fake)
  await fake.clock.runAll()
  return { watched, sentBefore, sentAfter: sent() - sentBefore, api }
}

describe('law 9: what has settled stays settled', () => {
  test.each(places)(
    '%s may abort the request: it rejects, and nothing of it goes out after',
    async (_where, place) => {
      const { watched, sentBefore, sentAfter } = await run(place, (_api, task) => task.abort())
      expect([watched.code, sentBefore > 0, sentAfter]).toEqual(['ABORTED', true, 0])
    },
  )

  test.each(places)('%s may log out: nothing of the request goes out after', async (_where, place) => {
    const { watched, sentBefore, sentAfter, api } = await run(place, (client) => client.logout())
    expect([watched.code === 'pending', sentBefore > 0, sentAfter]).toEqual([false, true, 0])
    expect(api.session).toBeUndefined()
  })

  test('aborted while an unwrap waits for something that comes, it does not resolve', async () => {
    const gate = deferred<string>()
    const { fake, api } = makeWorld({ stored: 'good', client: { unwrap: () => gate.promise } })
    const task = api.get('/a')
    const request = await soon(fake, task)
    expect(request.code).toBe('pending')
    task.abort()
    await fake.clock.settle()
    expect(request.code).toBe('ABORTED')
    gate.resolve('late')
    await fake.clock.runAll()
    expect([request.code, request.value]).toEqual(['ABORTED', undefined])
  })

  test.each([
    ['at once', (deed: Deed) => (deed(), 'late')],
    ['after a while', (deed: Deed) => Promise.resolve().then(() => (deed(), 'late'))],
  ])('an unwrap that logs out %s does not resolve', async (_when, unwrap) => {
    const { fake, api } = makeWorld({
      stored: 'good',
      client: { unwrap: (): unknown => unwrap(() => api.logout()) },
    })
    const request = await soon(fake, api.get('/a'))
    expect([request.code, request.value]).toEqual(['LOGGED_OUT', undefined])
  })

  test('a totalTimeout ends a request whose unwrap never comes back', async () => {
    const unwrap = () => new Promise(() => undefined)
    const { fake, api } = makeWorld({ stored: 'good', client: { unwrap, totalTimeout: 2000 } })
    const request = await soon(fake, api.get('/a'), 3000)
    expect(request.code).toBe('TIMEOUT')
  })

  test('a base URL function that aborts the request on its second attempt', async () => {
    const current: { task?: Task<unknown> } = {}
    const { fake } = makeWorld({ stored: 'dead', isLive: false })
    const baseURL = () => {
      if (tokensAt({ fake }, '/a').length > 0) current.task?.abort()
      return 'https://api.test'
    }
    const { api } = clientOn(fake, { baseURL })
    current.task = api.get('/a')
    const request = await soon(fake, current.task)
    expect([request.code, tokensAt({ fake }, '/a')]).toEqual(['ABORTED', ['dead']])
  })
})

describe('law 9: a phone that sleeps, and clocks that jump', () => {
  const ORDERS = ['in-order', 'timers', 'callbacks'] as const

  test.each(ORDERS)(
    'what was answered in the phone’s sleep has its answer when it wakes (%s)',
    async (first) => {
      const { fake, api } = makeWorld({ stored: 'good' })
      fake.server.latency('/a', 1000)
      const request = await soon(fake, api.get('/a'))
      await fake.clock.sleep(HOUR, first)
      await fake.clock.advance(100)
      expect([request.code, tokensAt({ fake }, '/a').length]).toEqual(['ok', 1])
    },
  )

  test.each(ORDERS)('a totalTimeout does not run in its sleep either (%s)', async (first) => {
    const { fake, api } = makeWorld({ stored: 'good', client: { totalTimeout: 20_000 } })
    fake.server.latency('/a', 1000)
    const request = await soon(fake, api.get('/a'))
    await fake.clock.sleep(HOUR, first)
    await fake.clock.advance(100)
    expect(request.code).toBe('ok')
  })

  test.each(ORDERS)('nor does the time of a login (%s)', async (first) => {
    const { fake, api } = makeWorld()
    fake.server.latency('/login', 1000)
    const request = await soon(fake, api.get('/a'))
    await fake.clock.sleep(HOUR, first)
    await fake.clock.advance(100)
    expect([request.code, fake.calls.logins]).toEqual(['ok', 1])
  })

  test('what gets no answer is held to its time-out from then on', async () => {
    const { fake, api } = makeWorld({ stored: 'good' })
    fake.misbehave('request', 'hang')
    const request = await soon(fake, api.get('/a'), 10_000)
    await fake.clock.sleep(HOUR)
    await fake.clock.advance(61_000)
    expect(request.code).toBe('TIMEOUT')
  })

  test('a wait does run: what was to be tried again meanwhile goes out at once', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { retry: { limit: 1, delay: () => 50_000 } } })
    const off = fake.server.on('/a', () => ({ statusCode: 503 }))
    const request = await soon(fake, api.get('/a'), 10_000)
    off()
    await fake.clock.sleep(HOUR)
    await fake.clock.advance(100)
    expect(request.code).toBe('ok')
  })

  test('a clock that is set ahead by an hour times nothing out', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { retry: false, checkSession: false } })
    fake.server.hold()
    const brief = watch(api.get('/brief', {}, { timeout: 500 }), fake)
    const request = await soon(fake, api.get('/a'))
    fake.clock.jump(HOUR)
    await fake.clock.advance(10_000)
    fake.server.release('/a')
    fake.server.release()
    await fake.clock.advance(100)
    expect(request.code).toBe('ok')
    await fake.clock.advance(10_000)
    expect(brief.code).not.toBe('pending')
  })

  test('a clock that is set back by an hour makes nobody wait an hour more', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { checkSession: false } })
    fake.misbehave('request', 'hang')
    const request = await soon(fake, api.get('/a'))
    fake.clock.jump(-HOUR)
    await fake.clock.advance(61_000)
    expect(request.code).toBe('TIMEOUT')
  })
})
