import type { Client, ClientOptions, SessionStore, Task } from '../../src'
import { codesOf, makeWorld, times, watch } from '../laws/world'
import { sendBy } from './request-helpers'

/** What an app function does from inside a request. */
interface Deed {
  /** How the request ends. */
  code: string
  run: (task: Task<unknown> | undefined, api: Client) => void
}
const DEEDS: [string, Deed][] = [
  ['aborts its request', { code: 'ABORTED', run: (task) => task?.abort() }],
  ['logs out', { code: 'LOGGED_OUT', run: (_task, api) => api.logout() }],
]

/** A request that is sent, and tried again once; `inside` runs the deed the first time it is called. */
interface Scene {
  client: (inside: () => void) => Partial<ClientOptions>
  /** How often it has gone out when the deed is done. */
  sent: number
}

const SCENES: [string, Scene][] = [
  [
    'retry.delay',
    {
      client: (inside) => ({ retry: { delay: () => (inside(), 10) } }),
      sent: 1,
    },
  ],
  [
    'a listener that hears of a retry',
    {
      client: (inside) => ({ onEvent: (event) => 'phase' in event && event.phase === 'retry' && inside() }),
      sent: 1,
    },
  ],
  ['the header function', { client: (inside) => ({ header: () => (inside(), {}) }), sent: 0 }],
  ['the attach function', { client: (inside) => ({ attach: () => inside() }), sent: 0 }],
  [
    'a listener that hears that it is sent',
    {
      client: (inside) => ({ onEvent: (event) => 'phase' in event && event.phase === 'send' && inside() }),
      sent: 0,
    },
  ],
  [
    'middleware before next()',
    {
      client: (inside) => ({
        use: [
          async (request, next) => {
            await Promise.resolve()
            inside()
            return next(request)
          },
        ],
      }),
      sent: 0,
    },
  ],
]

/** Runs a scene; the deed is done once, when the task is in the app's hands. */
async function play({ client }: Scene, deed: Deed) {
  const hands: { task?: Task<unknown> } = {}
  let isDone = false
  const inside = (): void => {
    if (isDone || !hands.task) return
    isDone = true
    deed.run(hands.task, api)
  }
  const { fake, api } = makeWorld({
    client: { checkSession: false, storage: slowStore(), ...client(inside) },
  })
  fake.server.issue('good')
  fake.server.on('/orders', () => ({ statusCode: 503 }))
  hands.task = api.get('/orders')
  const ended = watch(hands.task, fake)
  await fake.clock.runAll()
  return { ended, isDone, sent: fake.server.requests.filter(({ path }) => path === '/orders').length }
}

/** One that is read later: whatever runs inside a request runs after the call has returned. */
function slowStore(): SessionStore {
  return {
    get: () => Promise.resolve({ token: 'good' }),
    set: () => undefined,
    remove: () => undefined,
  }
}

describe('R8: whatever of the app’s runs inside a request may end it, and it is over', () => {
  for (const [where, scene] of SCENES) {
    test.each(DEEDS)(`${where} %s: nothing goes out after that`, async (_what, deed) => {
      const { ended, isDone, sent } = await play(scene, deed)
      expect([isDone, ended.code, sent]).toEqual([true, deed.code, scene.sent])
    })
  }

  test('isUnauthorized that aborts: no login, no replay, no answer', async () => {
    const { fake, api } = makeWorld({
      stored: 'good',
      client: { checkSession: false, isUnauthorized: () => (task.abort(), true) },
    })
    const task: Task<unknown> = api.get('/orders')
    const ended = watch(task, fake)
    await fake.clock.runAll()
    expect([ended.code, fake.calls.requestCount, fake.calls.logins]).toEqual(['ABORTED', 1, 0])
  })

  test('isUnauthorized that aborts and says no: it does not resolve', async () => {
    const { fake, api } = makeWorld({
      stored: 'good',
      client: { checkSession: false, isUnauthorized: () => (task.abort(), false) },
    })
    const task: Task<unknown> = api.get('/orders')
    const ended = watch(task, fake)
    await fake.clock.runAll()
    expect([ended.code, fake.calls.requestCount]).toEqual(['ABORTED', 1])
  })

  test('isUnauthorized that logs out: its 401 starts no login', async () => {
    const { fake, api } = makeWorld({
      stored: 'good',
      client: { checkSession: false, isUnauthorized: () => (api.logout(), true) },
    })
    const ended = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    expect(ended.code).not.toMatch(/^(ok|pending)$/)
    expect([fake.calls.requestCount, fake.calls.logins]).toEqual([1, 0])
  })

  test('isUnauthorized of authorize() that aborts: the function does not run again', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { checkSession: false } })
    let runs = 0
    const task: Task<unknown> = api.authorize(() => ++runs, {
      isUnauthorized: () => (task.abort(), true),
    })
    const ended = watch(task, fake)
    await fake.clock.runAll()
    expect([ended.code, runs, fake.calls.logins]).toEqual(['ABORTED', 1, 0])
  })

  test.each(['uploadFile', 'downloadFile'] as const)('retry.delay of %s that aborts', async (kind) => {
    const { fake, api } = makeWorld({ stored: 'good', client: { checkSession: false } })
    fake.server.on('/file', () => ({ statusCode: 503 }))
    const retry = { methods: ['GET', 'POST'], delay: () => (task.abort(), 10) }
    const task = sendBy(api, kind, { retry })
    const ended = watch(task, fake)
    await fake.clock.runAll()
    expect([ended.code, fake.calls.requestCount]).toEqual(['ABORTED', 1])
  })

  test('one of ten that ends itself ends nobody else', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { checkSession: false } })
    let answers = 0
    fake.server.on('/orders', () => ({ statusCode: ++answers <= 10 ? 503 : 200 }))
    const tasks: Task<unknown>[] = []
    const all = times(10, (n) => {
      const retry = { delay: () => (n === 4 && tasks[n]?.abort(), 10) }
      tasks[n] = api.get('/orders', {}, { retry })
      return watch(tasks[n], fake)
    })
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(times(10, (n) => (n === 4 ? 'ABORTED' : 'ok')))
  })

  test('a getter of the body that logs out: the request is the old user’s, and is not sent', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { checkSession: false } })
    const data = {
      get item() {
        api.logout()
        return 'A'
      },
    }
    const ended = watch(api.post('/orders', data), fake)
    await fake.clock.runAll()
    expect([ended.code, fake.calls.requestCount, fake.calls.logins]).toEqual(['LOGGED_OUT', 0, 0])
  })

  test.each<[string, (api: Client, options: object) => Task<unknown>]>([
    ['a verb', (api, options) => api.get('/orders', {}, options)],
    ['delete', (api, options) => api.delete('/orders', {}, options)],
    [
      'request',
      (api, options) =>
        api.request(Object.defineProperties({ url: '/orders' }, Object.getOwnPropertyDescriptors(options))),
    ],
  ])(
    'options of %s that throw when they are read reject with that, and nothing is sent',
    async (_how, ask) => {
      const { fake, api } = makeWorld({ stored: 'good', client: { checkSession: false } })
      const thrown = new Error('not ready')
      const options = Object.defineProperty({}, 'query', {
        enumerable: true,
        get() {
          throw thrown
        },
      })
      const task = ask(api, options)
      task.abort()
      const ended = watch(task, fake)
      await fake.clock.runAll()
      expect([ended.error, fake.calls.requestCount]).toEqual([thrown, 0])
    },
  )
})
