import { createFakeClock, createFakeWeChat, realClock, type WakeOrder } from '../../src/testing'
import { answerTo, login, send } from './helpers'

const bearer = (token: string) => ({ header: { Authorization: `Bearer ${token}` } })

describe('a phone that sleeps', () => {
  test('fires what was due when it wakes, in order, and the clock reads the time of waking', async () => {
    const clock = createFakeClock({ start: 0 })
    const fired: [string, number][] = []
    clock.setTimeout(() => fired.push(['second', clock.now()]), 2_000)
    clock.setTimeout(() => fired.push(['first', clock.now()]), 1_000)
    clock.setTimeout(() => fired.push(['not due', clock.now()]), 20_000)
    await clock.sleep(10_000)
    expect(fired).toEqual([['first', 10_000], ['second', 10_000]]) // prettier-ignore
    await clock.advance(10_000)
    expect(fired[2]).toEqual(['not due', 20_000])
  })

  test('hears an answer that came meanwhile on waking, though the back end was asked in time', async () => {
    const fake = createFakeWeChat()
    const asked = fake.clock.now() + 5
    const arrivals: number[] = []
    fake.server.on('/orders', () => {
      arrivals.push(fake.clock.outside.now())
      return {}
    })
    const { calls } = send(fake)
    const heard: boolean[] = []
    fake.clock.outside.setTimeout(() => heard.push(calls.length > 0), 59_000)
    await fake.clock.sleep(60_000)
    expect([arrivals, heard, calls]).toEqual([[asked], [false], ['success', 'complete']])
    expect(fake.calls.requests[0]?.endedAt).toBe(asked + 5)
  })

  test('hears head, chunks and success in their order', async () => {
    const fake = createFakeWeChat({ server: () => ({ chunks: ['a', { after: 30_000, data: 'b' }, 'c'] }) })
    const heard: string[] = []
    const { task, calls } = send(fake, { enableChunked: true })
    task.onHeadersReceived(() => heard.push('head'))
    task.onChunkReceived(({ data }) => heard.push(String.fromCharCode(...new Uint8Array(data))))
    // Awake in the very moment in which the second piece comes.
    await fake.clock.sleep(30_010, 'timers')
    expect(heard).toEqual(['head', 'a', 'b'])
    await fake.clock.runAll()
    expect([heard.pop(), calls]).toEqual(['c', ['success', 'complete']])
  })

  test.each<[WakeOrder | undefined, string[]]>([
    [undefined, ['early timer', 'answer', 'late timer']],
    ['in-order', ['early timer', 'answer', 'late timer']],
    ['timers', ['early timer', 'late timer', 'answer']],
    ['callbacks', ['answer', 'early timer', 'late timer']],
  ])('hears timers and answers in the order asked for: %s', async (first, order) => {
    const fake = createFakeWeChat()
    const heard: string[] = []
    fake.clock.setTimeout(() => heard.push('early timer'), 1)
    fake.clock.setTimeout(() => heard.push('late timer'), 1_000)
    fake.wx.request({ url: 'https://api.test/orders', success: () => heard.push('answer') })
    await fake.clock.sleep(60_000, first)
    expect(heard).toEqual(order)
  })

  test('an answer after waking does not overtake one that was slept through', async () => {
    const fake = createFakeWeChat({ latency: ({ path }) => (path === '/late' ? 100 : 10) })
    const heard: string[] = []
    for (const path of ['/early', '/late']) {
      fake.wx.request({ url: `https://api.test${path}`, success: () => heard.push(path) })
    }
    fake.clock.freeze()
    await fake.clock.advance(50)
    fake.clock.thaw()
    fake.clock.deliver(() => heard.push('right after'))
    expect(heard).toEqual([])
    await fake.clock.runAll()
    expect(heard).toEqual(['/early', 'right after', '/late'])
  })

  test('gets the code of its login when WeChat gave it out, which may be too old by then', async () => {
    const fake = createFakeWeChat()
    const { results } = login(fake)
    await fake.clock.sleep(300_010)
    expect(results).toMatchObject([{ code: 'code-1' }])
    expect(fake.account.exchange('code-1')).toMatchObject({ errcode: 40029 })
  })

  test('a clock that waits for a frozen thread says so, instead of waiting for ever', async () => {
    const clock = createFakeClock()
    clock.setTimeout(() => undefined, 10)
    clock.freeze()
    await expect(clock.runAll()).rejects.toThrow(
      'The thread is frozen, and 1 timers or callbacks wait for it.',
    )
    expect([clock.isFrozen, clock.pending]).toEqual([true, 1])
    clock.thaw()
    await clock.runAll()
    expect(clock.pending).toBe(0)
  })

  test('asleep in the background, it stays frozen', async () => {
    const clock = createFakeClock()
    const fired: string[] = []
    clock.setTimeout(() => fired.push('timer'), 10)
    clock.freeze()
    await clock.sleep(1_000)
    expect([clock.isFrozen, fired]).toEqual([true, []])
  })

  test('what fails while it sleeps does not leave it frozen', async () => {
    const clock = createFakeClock()
    clock.outside.setTimeout(() => {
      throw new Error('in the back end')
    }, 10)
    await expect(clock.sleep(100)).rejects.toThrow('in the back end')
    expect(clock.isFrozen).toBe(false)
  })
})

describe('a clock that is set', () => {
  test.each([3_600_000, -3_600_000])('by %i ms moves no timer', async (ms) => {
    const clock = createFakeClock({ start: 10_000_000 })
    const fired: number[] = []
    clock.setTimeout(() => fired.push(clock.now()), 1_000)
    clock.jump(ms)
    expect(clock.now()).toBe(10_000_000 + ms)
    await clock.advance(999)
    expect(fired).toEqual([])
    await clock.advance(1)
    expect(fired).toEqual([10_001_000 + ms])
  })

  test('ages neither tokens nor codes: servers have clocks of their own', async () => {
    const fake = createFakeWeChat()
    fake.server.expiresIn = 60
    const token = fake.server.issue()
    const code = fake.account.login()
    fake.clock.jump(3_600_000)
    expect(await answerTo(fake, bearer(token))).toMatchObject({ statusCode: 200 })
    expect(fake.account.exchange(code)).toMatchObject({ errcode: 0 })
    await fake.clock.advance(60_000)
    expect(await answerTo(fake, bearer(token))).toMatchObject({ statusCode: 401 })
  })
})

describe('an app in the background whose thread is frozen', () => {
  const interrupted = 'request:fail interrupted'

  test('runs no timer from 5 s on, until it is back', async () => {
    const fake = createFakeWeChat({ freezesInBackground: true })
    const fired: string[] = []
    fake.clock.setTimeout(() => fired.push('at 4 s'), 4_000)
    fake.clock.setTimeout(() => fired.push('at 6 s'), 6_000)
    fake.app.toBackground()
    await fake.clock.advance(60_000)
    expect(fired).toEqual(['at 4 s'])
    fake.app.toForeground()
    await fake.clock.advance(0)
    expect(fired).toEqual(['at 4 s', 'at 6 s'])
  })

  test.each([
    ['show-first', ['show', interrupted]],
    ['callbacks-first', [interrupted, 'show']],
  ] as const)('hears what was interrupted on its return, %s', async (wakes, order) => {
    const fake = createFakeWeChat({ freezesInBackground: true, wakes, latency: 20_000 })
    const heard: string[] = []
    fake.wx.onAppShow(() => heard.push('show'))
    fake.wx.request({ url: 'https://api.test/a', fail: ({ errMsg }) => heard.push(errMsg) })
    fake.app.toBackground()
    await fake.clock.advance(60_000)
    expect([heard, fake.network.running]).toEqual([[], 0])
    fake.app.toForeground()
    await fake.clock.advance(0)
    expect(heard).toEqual(order)
  })

  test('hears of its return at once when it has missed nothing', async () => {
    const fake = createFakeWeChat({ freezesInBackground: true, wakes: 'callbacks-first' })
    let shown = 0
    fake.wx.onAppShow(() => shown++)
    fake.app.toBackground()
    await fake.clock.advance(60_000)
    fake.app.toForeground()
    expect([shown, fake.clock.isFrozen]).toEqual([1, false])
  })

  test('back within 5 s it was never frozen', async () => {
    const fake = createFakeWeChat({ freezesInBackground: true, latency: 6_000 })
    const { calls } = send(fake)
    fake.app.toBackground()
    await fake.clock.advance(4_999)
    fake.app.toForeground()
    await fake.clock.advance(1_001)
    expect(calls).toEqual(['success', 'complete'])
  })

  test('needs a clock that can stand still', () => {
    expect(() => createFakeWeChat({ freezesInBackground: true, clock: realClock })).toThrow(
      'needs a fake clock',
    )
  })
})
