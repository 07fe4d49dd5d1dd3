import type { ClientOptions, RequestOptions } from '../../src'
import type { FakeReply } from '../../src/testing'
import { DEFAULTS } from '../../src/options/defaults'
import { caught, failure, knownPhone, last, outcome, result } from '../phone'

/** How often a request goes out whose back end only ever answers this. */
async function tries(
  reply: FakeReply,
  options: Partial<ClientOptions> = {},
  request: Partial<RequestOptions> = {},
) {
  const { fake, api } = knownPhone({ checkSession: false, methodOverride: true, ...options })
  fake.server.on('/orders', () => reply)
  await outcome(fake, api.request({ url: '/orders', ...request }))
  return fake.calls.requestCount
}

test.each([408, 413, 429, 500, 502, 503, 504])('status %i is tried again, twice', async (statusCode) => {
  expect(await tries({ statusCode })).toBe(3)
})

test('a status that the app names is tried again, though it is no error', async () => {
  expect(await tries({ statusCode: 202 }, { retry: { limit: 2, statusCodes: [202] } })).toBe(3)
})

test.each([200, 304, 400, 403, 404, 409, 501, 505])('status %i stands', async (statusCode) => {
  expect(await tries({ statusCode })).toBe(1)
})

test.each(['refused', 'reset', 'dns', 'disconnected', 'interrupted', 'network-change'] as const)(
  'a network failure (%s) is tried again',
  async (fail) => {
    expect(await tries({ fail })).toBe(3)
  },
)

test('our own time-out is not tried again', async () => {
  expect(await tries({ lost: true })).toBe(1)
})

test.each([
  ['GET', 3],
  ['HEAD', 3],
  ['PUT', 3],
  ['DELETE', 3],
  ['OPTIONS', 3],
  ['TRACE', 3],
  ['POST', 1],
  ['PATCH', 1],
  ['CONNECT', 1],
] as const)('%s goes out %i times: what is not idempotent is not sent twice', async (method, times) => {
  expect(await tries({ statusCode: 503 }, {}, { method })).toBe(times)
  expect(await tries({ fail: 'reset' }, {}, { method })).toBe(times)
})

test.each<[string, Partial<ClientOptions>, Partial<RequestOptions>, number]>([
  [
    'client: a method in small letters, as ky has them',
    { retry: { methods: ['post'] } },
    { method: 'POST' },
    3,
  ],
  ['request: the same', {}, { method: 'POST', retry: { methods: ['get', 'post'] } }, 3],
  ['client: false', { retry: false }, {}, 1],
  ['client: 0', { retry: 0 }, {}, 1],
  ['client: 4', { retry: 4 }, {}, 5],
  ['client: a limit', { retry: { limit: 1 } }, {}, 2],
  ['client: other statuses', { retry: { statusCodes: [418] } }, {}, 1],
  ['request: 1, over the client', { retry: 4 }, { retry: 1 }, 2],
  ['request: false, over the client', { retry: 4 }, { retry: false }, 1],
  ['request: its own methods', {}, { method: 'POST', retry: { methods: ['POST'] } }, 3],
  ['request: PATCH by its own name', {}, { method: 'PATCH', retry: { methods: ['PATCH'] } }, 3],
])('retry of the %s', async (_what, options, request, times) => {
  expect(await tries({ statusCode: 503 }, options, request)).toBe(times)
})

test('a request that comes through at last is a success like any other', async () => {
  const { fake, api, events } = knownPhone()
  fake.network.failNext(2, 'reset')
  expect(await result(fake, api.get('/orders'))).toMatchObject({ ok: true })
  const phases = events.flatMap((event) =>
    event.type === 'request' ? [[event.phase, event.attempt, event.code]] : [],
  )
  expect(phases).toEqual([
    ['send', 1, undefined],
    ['retry', 1, 'NETWORK'],
    ['send', 2, undefined],
    ['retry', 2, 'NETWORK'],
    ['send', 3, undefined],
    ['success', 3, undefined],
  ])
})

test('the pause doubles from 300 ms to 10 s at most, half of it random', () => {
  const random = jest.spyOn(Math, 'random')
  random.mockReturnValue(0)
  expect([1, 2, 3, 9].map((attempt) => DEFAULTS.retry.delay(attempt))).toEqual([150, 300, 600, 5000])
  random.mockReturnValue(1)
  expect([1, 2, 3, 9].map((attempt) => DEFAULTS.retry.delay(attempt))).toEqual([300, 600, 1200, 10_000])
  random.mockRestore()
})

test('a delay function is asked with the number of the retry', async () => {
  const asked: number[] = []
  await tries({ statusCode: 503 }, { retry: { limit: 3, delay: (attempt) => asked.push(attempt) } })
  expect(asked).toEqual([1, 2, 3])
})

test('abort ends the pause between tries', async () => {
  const { fake, api } = knownPhone({ retry: { delay: () => 5000 } })
  fake.server.on('/orders', () => ({ statusCode: 503 }))
  const task = api.get('/orders')
  const end = caught(task)
  await fake.clock.advance(1000)
  task.abort()
  expect(await end).toMatchObject({ code: 'ABORTED', attempts: 1 })
  await fake.clock.runAll()
  expect(fake.calls.requestCount).toBe(1)
})

test('logout ends the pause between tries', async () => {
  const { fake, api } = knownPhone({ retry: { delay: () => 5000 } })
  fake.server.on('/orders', () => ({ statusCode: 503 }))
  const end = caught(api.get('/orders'))
  await fake.clock.advance(1000)
  api.logout()
  expect(await end).toMatchObject({ code: 'LOGGED_OUT' })
  await fake.clock.runAll()
  expect(fake.calls.requestCount).toBe(1)
})

test('totalTimeout counts the pauses too', async () => {
  const { fake, api, events } = knownPhone({ totalTimeout: 800, retry: { limit: 9, delay: () => 300 } })
  fake.server.on('/orders', () => ({ statusCode: 503 }))
  expect(await failure(fake, api.get('/orders'))).toMatchObject({ code: 'TIMEOUT', attempts: 3 })
  expect(events).toContainEqual(expect.objectContaining({ phase: 'fail', code: 'TIMEOUT', duration: 800 }))
})

describe('with a list of base URLs', () => {
  const baseURL = ['https://a.test', 'https://b.test', 'https://c.test']

  test.each(['refused', 'dns', 'unreachable', 'timed-out'] as const)(
    'a POST that found no connection (%s) goes to the next at once: nothing can have arrived',
    async (fail) => {
      const { fake, api } = knownPhone({ baseURL, checkSession: false })
      fake.network.failNext(1, fail)
      await result(fake, api.post('/orders', {}))
      expect(fake.calls.requests.map(({ url, calledAt }) => [url, calledAt - 1_767_225_600_000])).toEqual([
        ['https://a.test/orders', 0],
        ['https://b.test/orders', 10],
      ])
    },
  )

  test('a POST whose connection was reset is not sent again, but the next request goes elsewhere', async () => {
    const { fake, api } = knownPhone({ baseURL, checkSession: false })
    fake.network.failNext(1, 'reset')
    expect(await failure(fake, api.post('/orders', {}))).toMatchObject({ code: 'NETWORK', attempts: 1 })
    await result(fake, api.post('/orders', {}))
    expect(last(fake).origin).toBe('https://b.test')
  })

  test('each is tried once before the retries begin', async () => {
    const { fake, api } = knownPhone({ baseURL, checkSession: false, retry: { limit: 1, delay: () => 500 } })
    fake.network.failNext(9, 'refused')
    expect(await failure(fake, api.get('/orders'))).toMatchObject({ attempts: 4 })
    expect(fake.calls.requests.map(({ url }) => url.slice(8, 9)).join('')).toBe('abca')
  })

  test('a status is no reason to move on, nor is a phone without network', async () => {
    const { fake, api } = knownPhone({ baseURL, checkSession: false })
    fake.server.on('/orders', () => ({ statusCode: 503 }))
    await outcome(fake, api.get('/orders'))
    fake.network.failNext(1, 'disconnected')
    await outcome(fake, api.get('/me'))
    expect(new Set(fake.calls.requests.map(({ url }) => url.slice(0, 14)))).toEqual(
      new Set(['https://a.test']),
    )
  })

  test('an absolute URL has nowhere else to go', async () => {
    const { fake, api } = knownPhone({ baseURL, checkSession: false, retry: false })
    fake.network.failNext(1, 'refused')
    expect(await failure(fake, api.get('https://a.test/orders'))).toMatchObject({ attempts: 1 })
  })

  test('requests that fail together move on by one base only, and round to the first again', async () => {
    const { fake, api } = knownPhone({ baseURL, checkSession: false })
    const origins = () => fake.calls.requests.map(({ url }) => url.slice(8, 9)).join('')
    fake.network.failNext(3, 'refused')
    await result(fake, Promise.all([1, 2, 3].map((n) => api.post(`/${n}`))))
    expect(origins()).toBe('aaabbb')
    fake.network.failNext(2, 'refused')
    await result(fake, api.post('/again'))
    expect(origins()).toBe('aaabbbbca')
  })

  test('a computed base URL has no other', async () => {
    const { fake, api } = knownPhone({ baseURL: () => 'https://a.test', checkSession: false })
    fake.network.failNext(1, 'refused')
    expect(await failure(fake, api.post('/orders'))).toMatchObject({ attempts: 1 })
  })

  test('the token may go to each of them', async () => {
    const { fake, api } = knownPhone({ baseURL })
    fake.network.failNext(2, 'refused')
    await result(fake, api.get('/orders'))
    expect(last(fake)).toMatchObject({
      origin: 'https://c.test',
      header: { Authorization: 'Bearer token-1' },
    })
  })
})

/** ms between the end of the first try and the second of a GET that is answered 503 with this header. */
async function pause(header: Record<string, string>): Promise<number | undefined> {
  const { fake, api } = knownPhone({ retry: { delay: () => 500 }, checkSession: false })
  fake.server.on('/orders', () => ({ statusCode: 503, header }))
  await outcome(fake, api.get('/orders'))
  const [first, second] = fake.calls.requests
  return second && second.calledAt - Number(first?.endedAt)
}

test.each([
  ['Retry-After', '2', 2000],
  ['retry-after', '7', 7000],
  ['RETRY-AFTER', '0', 0],
  ['Retry-After', '60', 60_000],
  ['Retry-After', 'Thu, 01 Jan 2026 00:00:05 GMT', 4990],
  ['Retry-After', 'Wed, 31 Dec 2025 23:59:00 GMT', 0],
])('%s: %s is honoured', async (name, value, ms) => {
  expect(await pause({ [name]: value })).toBe(ms)
})

test.each(['61', '86400', 'Thu, 01 Jan 2026 01:00:00 GMT'])(
  'who asks for more than a minute (%s) gets no retry: the user decides',
  async (value) => {
    expect(await pause({ 'Retry-After': value })).toBeUndefined()
  },
)

test.each(['1.5', '-5', '3, 4', 'soon', '12abc', '', '1 Jan 2100 00:00:00 GMT', 'No 1/1/2100'])(
  'a Retry-After of %j is ignored',
  async (value) => {
    expect(await pause({ 'Retry-After': value })).toBe(500)
  },
)

test('a delay of its own is a minute at most', async () => {
  const { fake, api } = knownPhone({ retry: { limit: 1, delay: () => 1e308 }, checkSession: false })
  fake.network.failNext(1, 'refused')
  await result(fake, api.get('/orders'))
  const [first, second] = fake.calls.requests
  // And 10 ms for the failure to arrive.
  expect(Number(second?.calledAt) - Number(first?.calledAt)).toBe(60_010)
})
