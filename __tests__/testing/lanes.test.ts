import { createFakeWeChat, type AbortMode } from '../../src/testing'
import { send } from './helpers'

test('ten requests are on the wire at once, the rest wait in line', async () => {
  const fake = createFakeWeChat()
  for (let n = 0; n < 25; n++) send(fake, { url: `https://api.test/${n}` })
  expect([fake.network.running, fake.network.waiting]).toEqual([10, 15])
  await fake.clock.runAll()
  expect(fake.calls.maxParallel).toBe(10)
  expect(fake.server.requests.map(({ path }) => path)).toEqual(Array.from({ length: 25 }, (_, n) => `/${n}`))
  expect([fake.network.running, fake.clock.pending]).toEqual([0, 0])
})

test('uploads and downloads take lanes of the same ten', async () => {
  const fake = createFakeWeChat({ concurrency: 2 })
  fake.wx.uploadFile({ url: 'https://api.test/a', filePath: 'a', name: 'a' })
  fake.wx.downloadFile({ url: 'https://api.test/b' })
  send(fake)
  expect([fake.network.running, fake.network.waiting]).toEqual([2, 1])
  await fake.clock.runAll()
})

test('a request is logged with its lane and its times', async () => {
  const fake = createFakeWeChat({ concurrency: 1 })
  const start = fake.clock.now()
  send(fake, { header: { a: '1' } })
  send(fake)
  await fake.clock.runAll()
  expect(fake.calls.requests).toEqual([
    {
      id: 1,
      api: 'request',
      method: 'GET',
      url: 'https://api.test/orders',
      header: { a: '1', 'content-type': 'application/json' },
      data: undefined,
      calledAt: start,
      startedAt: start,
      endedAt: start + 10,
      lane: 0,
      queued: false,
      outcome: 'success',
      statusCode: 401,
    },
    expect.objectContaining({ calledAt: start, startedAt: start + 10, endedAt: start + 20, queued: true }),
  ])
})

test('the log can be turned off, and reset; counters go on', async () => {
  const fake = createFakeWeChat({ record: false })
  send(fake)
  send(fake, { url: 'not a url' })
  await fake.clock.runAll()
  expect([fake.calls.requests, fake.server.requests]).toEqual([[], []])
  expect([fake.calls.requestCount, fake.server.requestCount]).toEqual([2, 1])
  fake.calls.reset()
  expect([fake.calls.requestCount, fake.calls.maxParallel]).toEqual([0, 0])
})

test('thousands may wait, given-up ones among them', async () => {
  const fake = createFakeWeChat({ concurrency: 1 })
  const sent = Array.from({ length: 3000 }, () => send(fake))
  for (const [n, { task }] of sent.entries()) if (n % 3 === 1) task.abort()
  await fake.clock.runAll()
  expect(fake.server.requestCount).toBe(2000)
  expect(sent.filter(({ calls }) => calls.length === 2)).toHaveLength(3000)
})

test("a request without an answer ends by WeChat's own timeout, 60 s unless told otherwise", async () => {
  const fake = createFakeWeChat({ server: () => ({ lost: true }) })
  const short = send(fake, { timeout: 1000 })
  const long = send(fake)
  await fake.clock.advance(1000)
  expect(short.results).toEqual([{ errMsg: 'request:fail timeout', errno: 5 }])
  await fake.clock.advance(58_999)
  expect(long.calls).toEqual([])
  await fake.clock.advance(1)
  expect(long.calls).toEqual(['fail', 'complete'])
})

describe('abort', () => {
  const abort = { errMsg: 'request:fail abort' }
  async function aborted(mode: AbortMode, waitAfter: number) {
    const fake = createFakeWeChat()
    fake.abort = mode
    const sent = send(fake)
    await fake.clock.advance(6)
    sent.task.abort()
    sent.task.abort()
    await fake.clock.advance(waitAfter)
    const { results } = sent
    const { running } = fake.network
    await fake.clock.runAll()
    expect(fake.network.running).toBe(0)
    return { results: [...results], running }
  }

  test('fails a moment later', async () => {
    expect(await aborted('normal', 0)).toEqual({ results: [abort], running: 0 })
  })

  test('same-tick: fails inside the call', () => {
    const fake = createFakeWeChat()
    fake.abort = 'same-tick'
    const { task, results } = send(fake)
    task.abort()
    expect(results).toEqual([abort])
  })

  test('late: fails half a second later, and keeps its lane until then', async () => {
    expect(await aborted('late', 499)).toEqual({ results: [abort], running: 1 })
    expect(await aborted('late', 500)).toEqual({ results: [abort], running: 0 })
  })

  test('silent: never answers, and the lane is free', async () => {
    expect(await aborted('silent', 0)).toEqual({ results: [], running: 0 })
  })

  test('ignored: the answer comes as if nothing had been said', async () => {
    const { results } = await aborted('ignored', 4)
    expect(results).toMatchObject([{ statusCode: 401 }])
  })

  test('after the end it does nothing', async () => {
    const fake = createFakeWeChat()
    const { task, calls } = send(fake)
    await fake.clock.runAll()
    task.abort()
    await fake.clock.runAll()
    expect(calls).toEqual(['success', 'complete'])
  })

  test('before it reached the back end, it never does', async () => {
    const fake = createFakeWeChat()
    const { task } = send(fake)
    await fake.clock.advance(4)
    task.abort()
    await fake.clock.runAll()
    expect(fake.server.requestCount).toBe(0)
  })
})
