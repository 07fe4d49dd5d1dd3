import type { Client } from '../../src'
import { failure } from '../phone'
import { altered, clientOn, codesOf, makeWorld, times, watch, type World } from '../laws/world'
import { KINDS, sendBy } from './request-helpers'

type Listener = () => void

/** An AbortController as mini-programs have it: a polyfill, of the least that one can have. */
class Controller {
  readonly listeners = new Set<Listener>()
  added = 0
  readonly signal: {
    aborted: boolean
    addEventListener: (type: string, listener: Listener) => void
    removeEventListener?: (type: string, listener: Listener) => void
  } = {
    aborted: false,
    addEventListener: (type, listener) => {
      if (type !== 'abort') return
      this.added++
      this.listeners.add(listener)
    },
  }

  constructor(removes = false) {
    if (removes) this.signal.removeEventListener = (_type, listener) => void this.listeners.delete(listener)
  }

  abort(): void {
    this.signal.aborted = true
    for (const listener of this.listeners) listener()
  }
}

const client = { checkSession: false as const, retry: { delay: () => 5000 } }

describe('R24: a signal aborts what it was given to', () => {
  const stages: [string, (world: World, signal: Controller['signal']) => Promise<unknown>][] = [
    ['is on the wire', ({ fake, api }, signal) => (fake.server.hold('/a'), api.get('/a', {}, { signal }))],
    [
      'waits for a login',
      ({ fake, api }, signal) => (
        api.logout(),
        fake.misbehave('login', 'hang'),
        api.get('/a', {}, { signal })
      ),
    ],
    [
      'waits for its next try',
      ({ fake, api }, signal) => (fake.network.failNext(), api.get('/a', {}, { signal })),
    ],
    [
      'waits for a lane',
      ({ fake, api }, signal) => (
        fake.server.hold('/held'),
        times(10, () => watch(api.get('/held'), fake)),
        api.get('/a', {}, { signal })
      ),
    ],
  ]

  test.each(stages)('a request that %s', async (_stage, bring) => {
    const world = makeWorld({ stored: 'good', client })
    const controller = new Controller()
    const ended = watch(bring(world, controller.signal), world.fake)
    await world.fake.clock.advance(100)
    expect(ended.code).toBe('pending')
    const called = world.fake.calls.requestCount
    controller.abort()
    await world.fake.clock.settle()
    expect([ended.code, world.fake.calls.requestCount]).toEqual(['ABORTED', called])
  })

  test.each(KINDS)('a %s whose signal is aborted already is not sent', async (kind) => {
    const { fake, api } = makeWorld({ stored: 'good', client })
    const controller = new Controller()
    controller.abort()
    const ended = watch(sendBy(api, kind, { signal: controller.signal }), fake)
    await fake.clock.runAll()
    expect([ended.code, fake.calls.requestCount]).toEqual(['ABORTED', 0])
  })

  test.each(KINDS)('a %s on the wire, by a real AbortController', async (kind) => {
    const { fake, api } = makeWorld({ stored: 'good', client })
    fake.server.hold('/file')
    const controller = new AbortController()
    const ended = watch(sendBy(api, kind, { signal: controller.signal }), fake)
    await fake.clock.advance(100)
    controller.abort()
    await fake.clock.settle()
    expect(ended.code).toBe('ABORTED')
  })

  test('ten requests of one page by one signal, and nobody else', async () => {
    const { fake, api } = makeWorld({ client })
    fake.server.latency('/login', 1000)
    const controller = new Controller()
    const page = times(10, (n) => watch(api.get(`/${n}`, {}, { signal: controller.signal }), fake))
    const other = watch(api.get('/other'), fake)
    await fake.clock.advance(100)
    controller.abort()
    await fake.clock.runAll()
    expect([codesOf(page), other.code, fake.calls.logins]).toEqual([times(10, () => 'ABORTED'), 'ok', 1])
  })

  test('through a clone with middleware, also while the middleware is at work', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client })
    const clone = api.extend({
      use: [
        async (request, next) => {
          await new Promise<void>((go) => void fake.clock.setTimeout(go, 500))
          return next(request)
        },
      ],
    })
    const controller = new Controller()
    const ended = watch(clone.get('/a', {}, { signal: controller.signal }), fake)
    await fake.clock.advance(100)
    controller.abort()
    await fake.clock.settle()
    expect(ended.code).toBe('ABORTED')
    await fake.clock.runAll()
    expect(fake.calls.requestCount).toBe(0)
  })

  test('task.abort() works beside it', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client })
    fake.server.hold('/a')
    const task = api.get('/a', {}, { signal: new Controller().signal })
    const ended = watch(task, fake)
    await fake.clock.advance(100)
    task.abort()
    await fake.clock.settle()
    expect(ended.code).toBe('ABORTED')
  })

  test('an abort after the end changes nothing', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client })
    const controller = new Controller()
    const ended = watch(api.get('/a', {}, { signal: controller.signal }), fake)
    await fake.clock.runAll()
    controller.abort()
    await fake.clock.runAll()
    expect(ended.code).toBe('ok')
  })

  test('fail hears of it in WeChat’s words', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client })
    fake.server.hold('/a')
    const controller = new Controller()
    const heard: unknown[] = []
    const fail = ({ errMsg }: { errMsg?: string }) => heard.push(errMsg)
    const ended = watch(api.request({ url: '/a', signal: controller.signal, fail }), fake)
    await fake.clock.advance(100)
    controller.abort()
    await fake.clock.runAll()
    expect([ended.code, heard]).toEqual(['ABORTED', ['request:fail abort']])
  })

  test.each(KINDS)('WeChat is not handed the signal of a %s', async (kind) => {
    const { fake } = makeWorld({ stored: 'good' })
    const given: object[] = []
    const original = fake.wx[kind] as (options: object) => unknown
    const call = (options: object) => (given.push(options), original(options))
    const { api } = clientOn(fake, { platform: altered(fake, { [kind]: call }), ...client })
    const ended = watch(sendBy(api, kind, { signal: new Controller().signal }), fake)
    await fake.clock.runAll()
    expect([ended.code, given.length]).toEqual(['ok', 1])
    expect(given[0]).not.toHaveProperty('signal')
  })

  test('a signal that lives as long as the app does not hold the requests that have ended', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client })
    const controller = new Controller(true)
    const all = times(5, (n) => watch(api.get(`/${n}`, {}, { signal: controller.signal }), fake))
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(times(5, () => 'ok'))
    expect(controller.added).toBeGreaterThan(0)
    expect(controller.listeners.size).toBe(0)
  })

  test('a polyfill that throws when it is let go keeps neither the answer nor the lane', async () => {
    const told = jest.spyOn(console, 'error').mockImplementation()
    const { fake, api } = makeWorld({ stored: 'good', client: { ...client, concurrency: 1 } })
    const { signal } = new Controller()
    signal.removeEventListener = () => {
      throw new Error('not implemented')
    }
    const ended = [watch(api.get('/a', {}, { signal }), fake), watch(api.get('/b'), fake)]
    await fake.clock.runAll()
    expect([codesOf(ended), told.mock.calls.length]).toEqual([['ok', 'ok'], 1])
    told.mockRestore()
  })

  test.each([true, 'abort', {}, { aborted: false }, { addEventListener: () => undefined }])(
    '%j is no signal, and CONFIG says so',
    async (signal) => {
      const { fake, api } = makeWorld({ stored: 'good', client })
      const ask = api.get as (url: string, query: object, options: object) => ReturnType<Client['get']>
      const error = await failure(fake, ask('/a', {}, { signal }))
      expect([error.code, fake.calls.requestCount]).toEqual(['CONFIG', 0])
      expect(error.message).toMatch(/signal/)
    },
  )
})
