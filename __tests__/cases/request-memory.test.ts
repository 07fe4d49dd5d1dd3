import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Client, Platform, Task } from '../../src'
import type { FakeWeChat } from '../../src/testing'
import { altered, clientOn, makeWorld } from '../laws/world'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** How many of these are still held by anybody. */
async function held(things: readonly WeakRef<object>[]): Promise<number> {
  // A reference that was looked at lives until the end of the turn.
  for (let n = 0; n < 3; n++) {
    await new Promise(setImmediate)
    collect()
  }
  return things.filter((thing) => thing.deref() !== undefined).length
}

interface Watched {
  fake: FakeWeChat
  api: Client
  answers: WeakRef<object>[]
}

/** A platform whose answers and tasks nobody holds but the client. The login's own request goes to the fake. */
function watched(status: (nth: number) => number, client: object = {}): Watched {
  const { fake } = makeWorld({ fake: { record: false } })
  const answers: WeakRef<object>[] = []
  const { request: original } = fake.wx as object as { request: (options: object) => unknown }
  const request: Platform['request'] = (options) => {
    if (options.url.endsWith('/login')) return original(options)
    const statusCode = status(answers.length)
    const data = { page: new Array<number>(1000).fill(answers.length) }
    answers.push(new WeakRef(data))
    const timer = fake.clock.setTimeout(
      () => options.success?.({ data, statusCode, header: {}, errMsg: 'request:ok' }),
      10,
    )
    return {
      abort() {
        fake.clock.clearTimeout(timer)
        fake.clock.setTimeout(() => options.fail?.({ errMsg: 'request:fail abort' }), 0)
      },
    }
  }
  return { fake, answers, ...clientOn(fake, { platform: altered(fake, { request }), ...client }) }
}

/** Sends and forgets, so that nothing but the client can hold what comes. */
async function sendAndForget(
  { fake, api }: Watched,
  send: (api: Client, n: number) => Promise<unknown>,
): Promise<void> {
  const all = Array.from({ length: 16 }, (_, n) => send(api, n).then(ignore, ignore))
  await fake.clock.runAll()
  await Promise.all(all)
}
const ignore = () => undefined

describe('R9: what a settled request held is let go', () => {
  test('the answers of 16 POSTs that waited for one login', async () => {
    const world = watched(() => 200)
    await sendAndForget(world, (api, n) => api.post('/orders', { n }))
    expect(world.answers.length).toBe(16)
    expect([await held(world.answers), world.api.session?.token]).toEqual([0, 'token-1'])
  })

  test('the bodies that they were sent with', async () => {
    const world = watched(() => 200)
    const bodies: WeakRef<object>[] = []
    await sendAndForget(world, (api) => {
      const body = new ArrayBuffer(1024)
      bodies.push(new WeakRef(body))
      return api.post('/photos', body)
    })
    expect(bodies.length).toBe(16)
    expect(await held(bodies)).toBe(0)
  })

  test('answers that were refused, tried again or thrown', async () => {
    const world = watched((nth) => [503, 500, 404, 200][nth % 4] ?? 200, { retry: { delay: () => 5 } })
    await sendAndForget(world, (api, n) => api.get(`/${n}`))
    expect(world.answers.length).toBeGreaterThan(16)
    expect(await held(world.answers)).toBe(0)
  })

  test('answers to requests that were aborted, or that a clone with middleware sent', async () => {
    const world = watched(() => 200)
    await sendAndForget(world, (api, n) => {
      const clone = api.extend({ use: [(request, next) => next(request)] })
      const task: Task<unknown> = clone.get(`/${n}`)
      if (n % 2) world.fake.clock.setTimeout(() => task.abort(), 25)
      return task
    })
    expect(world.answers.length).toBeGreaterThan(0)
    expect(await held(world.answers)).toBe(0)
  })

  test('listeners that an app put on tasks', async () => {
    const world = watched(() => 200)
    const pages: WeakRef<object>[] = []
    await sendAndForget(world, (api, n) => {
      const page = { heard: 0 }
      pages.push(new WeakRef(page))
      const task = api.request({ url: `/${n}`, success: () => page.heard++ })
      task.onHeadersReceived(() => page.heard++)
      return task
    })
    expect(await held(pages)).toBe(0)
  })

  test.each<[string, (world: Watched) => void]>([
    ['for a lane', ({ api }) => void api.get('/stuck').catch(ignore)],
    ['for the foreground', ({ fake }) => fake.app.toBackground()],
  ])('the bodies of requests that were aborted while they waited %s', async (_what, hold) => {
    const world = watched(() => 200, { concurrency: 1, checkSession: false })
    world.api.setSession('good')
    world.api.get('/stuck').catch(ignore)
    hold(world)
    const bodies: WeakRef<object>[] = []
    const send = (): void => {
      // Not copied, so that this very one is what is held.
      const body = new ArrayBuffer(8000)
      bodies.push(new WeakRef(body))
      const task = world.api.post('/orders', body)
      task.catch(ignore)
      task.abort()
    }
    for (let n = 0; n < 16; n++) send()
    expect(await held(bodies)).toBe(0)
  })
})
