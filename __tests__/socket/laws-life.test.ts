import { createClient } from '../../src'
import { openSocket, type SocketOptions } from '../../src/socket'
import { altered, HOME, times } from '../laws/world'
import { thrown } from '../phone'
import { echo, listen, open, PATH, phoneWith, SOON, WS } from './world'

const HOUR = 3_600_000

describe('K7: the waits between tries double from min to max, half of each random', () => {
  test('and a fresh start after minUptime, on show, and with reconnect()', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(1)
    const { fake, api, lines } = phoneWith({ handler: (line) => line.refuse(503) })
    const { socket } = open(api, {
      minReconnectionDelay: 100,
      maxReconnectionDelay: 1000,
      closeOnHide: false,
    })
    const at = () => lines.map(({ request }) => request)
    const waits: number[] = []
    let last = 0
    for (let spent = 0; waits.length < 6; spent += 5) {
      await fake.clock.advance(5)
      if (at().length === last) continue
      last = at().length
      waits.push(spent)
    }
    const gaps = waits.slice(1).map((time, index) => Math.round((time - (waits[index] as number)) / 10) * 10)
    expect(gaps.map((gap) => gap - 10)).toEqual([100, 200, 400, 800, 1000])
    for (const fresh of [
      () => socket.reconnect(),
      () => {
        fake.app.toBackground()
        fake.app.toForeground()
      },
    ]) {
      await fake.clock.advance(500)
      fresh()
      const before = lines.length
      await fake.clock.advance(20)
      expect(lines.length).toBe(before + 1)
      await fake.clock.advance(115)
      expect(lines.length).toBe(before + 2)
    }
    jest.restoreAllMocks()
  })

  test.each([
    [4000, 4],
    [6000, 1],
  ])('a connection that lived %i ms: the next wait is of step %i', async (life, step) => {
    jest.spyOn(Math, 'random').mockReturnValue(0)
    const { fake, api, lines } = phoneWith({
      handler: (line) => (lines.length < 4 ? line.drop() : undefined),
    })
    open(api, { minReconnectionDelay: 1000 })
    while (lines.length < 4) await fake.clock.advance(10)
    await fake.clock.advance(10 + life)
    lines[3]?.drop()
    const wait = 500 * 2 ** (step - 1)
    await fake.clock.advance(wait - 10)
    expect(lines.length).toBe(4)
    await fake.clock.advance(50)
    expect(lines.length).toBe(5)
    jest.restoreAllMocks()
  })

  test('maxRetries ends it', async () => {
    const { fake, api, lines } = phoneWith({ handler: (line) => line.refuse(503) })
    const { socket, closes, errors } = open(api, { maxRetries: 2 })
    await fake.clock.runAll()
    expect([socket.state, lines.length, closes.map(({ willReconnect }) => willReconnect)]).toEqual([
      'closed',
      3,
      [true, true, false],
    ])
    expect(errors).toMatchObject([{ code: 'NETWORK', request: { method: 'CONNECT', url: WS }, attempts: 3 }])
  })

  test('what the phone refuses each time is not tried again', async () => {
    const { fake, api } = phoneWith({ fake: { domains: [HOME] } })
    const { socket, errors } = open(api)
    await fake.clock.runAll()
    expect([socket.state, errors[0]?.code, fake.calls.sockets]).toEqual(['closed', 'NETWORK', 1])
  })

  test('what is one too many only now is, with sockets that the app has opened itself', async () => {
    const { fake, api } = phoneWith()
    const own = times(5, () => fake.wx.connectSocket({ url: WS }))
    const { socket, closes } = open(api)
    await fake.clock.advance(SOON)
    expect([socket.state, closes]).toMatchObject(['waiting', [{ willReconnect: true }]])
    own[0]?.close({})
    await fake.clock.advance(5000)
    expect(socket.state).toBe('open')
  })

  test('shouldReconnect says no', async () => {
    const { fake, api, lines } = phoneWith({ handler: (line) => line.close(4000, 'kicked') })
    const { socket, log, closes } = open(api, { shouldReconnect: ({ code }) => code !== 4000 })
    await fake.clock.runAll()
    expect([socket.state, lines.length, log]).toEqual([
      'closed',
      1,
      ['=open', 'open', '=closed', 'close 4000'],
    ])
    expect(closes).toEqual([{ code: 4000, reason: 'kicked', wasOpen: true, willReconnect: false }])
  })

  test.each(['isUnauthorized', 'shouldReconnect'])(
    'a promise of %s is a mistake that is told',
    async (option) => {
      const { fake, api } = phoneWith({ handler: (line) => line.close(4000) })
      const { socket, errors } = open(api, { [option]: () => Promise.resolve(false) })
      await fake.clock.runAll()
      expect([socket.state, errors[0]?.code]).toEqual(['closed', 'CONFIG'])
    },
  )
})

describe('K8: in the background it is closed, and nothing is done', () => {
  test.each(['open', 'connecting', 'waiting', 'logging in'] as const)('hidden while %s', async (when) => {
    const { fake, api, lines } = phoneWith({
      handler: (line) => (when === 'waiting' ? line.refuse(503) : undefined),
      token: when === 'logging in' ? 'none' : 'good',
    })
    if (when === 'logging in') fake.server.hold('/login')
    const { socket, closes, log } = open(api, { heartbeat: {} })
    await fake.clock.advance(when === 'connecting' ? 8 : when === 'logging in' ? SOON : 40)
    fake.app.toBackground()
    expect([socket.state, log.at(-1)]).toEqual(['hidden', when === 'waiting' ? '=hidden' : 'close 1000'])
    await fake.clock.advance(20)
    fake.server.release()
    const { sockets } = fake.calls
    await fake.clock.advance(HOUR)
    expect([fake.calls.sockets, fake.openSockets, lines.some(({ state }) => state === 'open')]).toEqual([
      sockets,
      0,
      false,
    ])
    expect(closes.every(({ willReconnect }) => willReconnect)).toBe(true)
    fake.app.toForeground()
    await fake.clock.advance(SOON)
    expect(fake.calls.sockets).toBe(sockets + 1)
  })

  test('whatever onClose does not say, one try on show', async () => {
    const { fake, api, lines } = phoneWith()
    fake.misbehave('connectSocket', 'no-close')
    const { opens } = open(api)
    await fake.clock.advance(SOON)
    fake.app.toBackground()
    await fake.clock.advance(30)
    fake.app.toForeground()
    await fake.clock.advance(1100)
    expect([opens(), lines.length]).toEqual([2, 2])
  })

  test('one that is opened there waits for the show', async () => {
    const { fake, api, lines } = phoneWith()
    fake.app.toBackground()
    const { socket, opens } = open(api)
    socket.reconnect()
    await fake.clock.advance(HOUR)
    expect([socket.state, lines.length]).toEqual(['hidden', 0])
    fake.app.toForeground()
    await fake.clock.advance(SOON)
    expect(opens()).toBe(1)
  })

  test('with closeOnHide: false WeChat cuts it, and it is back on show', async () => {
    const { fake, api } = phoneWith()
    const { closes, opens } = open(api, { closeOnHide: false })
    await fake.clock.advance(SOON)
    fake.app.toBackground()
    expect(closes).toEqual([])
    await fake.clock.advance(6000)
    expect(closes[0]).toMatchObject({ code: 1000, reason: 'interrupted', wasOpen: true })
    fake.app.toForeground()
    await fake.clock.advance(SOON)
    expect(opens()).toBe(2)
  })
})

describe('K9: messages go out in the order of send(), each at most once', () => {
  test('what was queued goes ahead of what an open listener sends', async () => {
    const { fake, api, lines } = phoneWith()
    const { socket } = open(api)
    socket.on('open', () => socket.send('from the listener'))
    for (const text of ['a', 'b', 'c']) expect(socket.send(text)).toBe(true)
    await fake.clock.advance(SOON)
    socket.send('d')
    await fake.clock.advance(SOON)
    expect(lines[0]?.received).toEqual(['a', 'b', 'c', 'from the listener', 'd'])
  })

  test('it is kept through failed tries, and the queue has a limit', async () => {
    const { fake, api, lines } = phoneWith({
      handler: (line) => (lines.length < 3 ? line.refuse(503) : undefined),
    })
    const { socket } = open(api, { maxEnqueuedMessages: 2 })
    expect(['a', 'b', 'c'].map((text) => socket.send(text))).toEqual([true, true, false])
    await fake.clock.advance(10_000)
    expect(lines.map(({ received }) => received)).toEqual([[], [], ['a', 'b']])
  })

  test('a buffer is sent as it was', async () => {
    const { fake, api, lines } = phoneWith()
    const { socket } = open(api)
    const bytes = new Uint8Array([1, 2])
    socket.send(bytes.buffer)
    bytes[0] = 9
    await fake.clock.advance(SOON)
    expect([...new Uint8Array(lines[0]?.received[0] as ArrayBuffer)]).toEqual([1, 2])
  })

  test('what was under way when the line broke is not sent again', async () => {
    const { fake, api, lines } = phoneWith()
    const { socket } = open(api)
    await fake.clock.advance(SOON)
    lines[0]?.drop()
    socket.send('lost')
    await fake.clock.advance(10_000)
    expect(lines.flatMap(({ received }) => received)).toEqual([])
  })

  test('close() and logout() empty the queue', async () => {
    for (const how of ['close', 'logout'] as const) {
      const { fake, api, lines } = phoneWith()
      const { socket } = open(api)
      socket.send('a')
      if (how === 'close') socket.close()
      else api.logout()
      await fake.clock.runAll()
      expect([socket.send('b'), lines]).toEqual([false, []])
    }
  })

  test('a message that the phone does not take is told', async () => {
    const { fake } = phoneWith()
    const platform = altered(fake, {
      connectSocket: (options: never) => ({
        ...methodsOf(fake.wx.connectSocket(options)),
        send: ({ fail }: { fail: (failure: object) => void }) =>
          fail({ errMsg: 'sendSocketMessage:fail good' }),
      }),
    })
    const own = createClient({ platform, baseURL: HOME, login: { url: '/login' }, checkSession: false })
    const { socket, errors } = open(own)
    socket.send('a')
    await fake.clock.advance(SOON)
    expect(errors).toMatchObject([{ code: 'NETWORK', errMsg: 'sendSocketMessage:fail ***', attempts: 1 }])
  })
})

function methodsOf(task: object): object {
  return new Proxy(task, {
    ownKeys: () => ['onOpen', 'onMessage', 'onError', 'onClose', 'close'],
    getOwnPropertyDescriptor: (target, name) => ({
      value: (target as Record<string | symbol, CallableFunction>)[name]?.bind(target) as unknown,
      enumerable: true,
      configurable: true,
    }),
    get: (target, name) =>
      (target as Record<string | symbol, CallableFunction>)[name]?.bind(target) as unknown,
  })
}

describe('K11: logout() ends it', () => {
  test.each([
    ['open', SOON, 'good'],
    ['connecting', 8, 'good'],
    ['logging in', 15, 'none'],
  ] as const)('while %s', async (_state, ms, token) => {
    const { fake, api, lines } = phoneWith({ token })
    const { socket, errors, closes } = open(api)
    await fake.clock.advance(ms)
    api.logout()
    expect(socket.state).toBe('closed')
    const { length } = lines
    await fake.clock.runAll()
    expect([errors.map(({ code }) => code), closes.length, lines.length]).toEqual([['LOGGED_OUT'], 1, length])
    expect([api.session, fake.openSockets]).toEqual([undefined, 0])
  })

  test('one with a ticket too, for that is a login as well', async () => {
    const { fake, api } = phoneWith()
    fake.server.onSocket(PATH, () => undefined)
    const { socket, errors } = open(api, { auth: false })
    await fake.clock.advance(SOON)
    api.logout()
    expect([socket.state, errors[0]?.code]).toEqual(['closed', 'LOGGED_OUT'])
  })

  test('another may be opened, and logs in', async () => {
    const { fake, api } = phoneWith()
    api.logout()
    const { opens } = open(api)
    await fake.clock.advance(SOON)
    expect(opens()).toBe(1)
  })
})

describe('K12: close() is for good, and heard once', () => {
  test('with its code and reason, whatever WeChat says', async () => {
    for (const oddity of [undefined, 'no-close', 'error-only', 'late-messages'] as const) {
      const { fake, api, lines } = phoneWith()
      if (oddity) fake.misbehave('connectSocket', oddity)
      const { socket, log, closes } = open(api)
      await fake.clock.advance(SOON)
      socket.close(4001, '再见')
      socket.close()
      socket.reconnect()
      lines[0]?.send('late')
      await fake.clock.runAll()
      expect([log.slice(2), socket.send('x')]).toEqual([['=closed', 'close 4001'], false])
      expect(closes).toEqual([{ code: 4001, reason: '再见', wasOpen: true, willReconnect: false }])
      if (!oddity) expect(lines[0]?.end).toEqual({ code: 4001, reason: '再见' })
    }
  })

  test('before anything has begun', async () => {
    const { fake, api, lines } = phoneWith()
    const { socket, log } = open(api)
    socket.close()
    await fake.clock.runAll()
    expect([lines, log]).toEqual([[], ['=closed', 'close 1000']])
  })

  test.each(['state', 'open', 'message', 'close', 'error'] as const)(
    'from within a listener of %s',
    async (type) => {
      const { fake, api } = phoneWith({ handler: (line) => line.send('hi') })
      const socket = openSocket(api, { url: PATH })
      const { closes } = listen(socket)
      socket.on(type, () => socket.close())
      await fake.clock.advance(SOON)
      fake.server.connections.at(-1)?.drop()
      await fake.clock.advance(SOON)
      if (type === 'error') api.logout()
      await fake.clock.runAll()
      expect([socket.state, closes.filter(({ willReconnect }) => !willReconnect).length]).toEqual([
        'closed',
        1,
      ])
    },
  )

  test.each([
    [1001, ''],
    [2999, ''],
    [5000, ''],
    [3000.5, ''],
    ['1000' as never, ''],
    [1000, 'x'.repeat(124)],
    [1000, '长'.repeat(42)],
    [1000, 5 as never],
  ])('close(%p, %p) throws', (code, reason) => {
    const { api } = phoneWith()
    const { socket } = open(api)
    expect(thrown(() => socket.close(code, reason))).toMatchObject({ code: 'CONFIG' })
    expect(socket.state).toBe('connecting')
    socket.close(4999, '\uD800'.repeat(41))
  })
})

describe('K15: a dead line is found within interval and timeout', () => {
  const beats = { message: () => 'ping!', interval: 1000, timeout: 300 }

  test('of the last message', async () => {
    const { fake, api, lines } = phoneWith({ handler: echo })
    const { closes, opens } = open(api, { heartbeat: beats })
    await fake.clock.advance(5000)
    expect([lines[0]?.received.length, closes]).toEqual([4, []])
    fake.server.onSocket(PATH, () => undefined)
    const mute = fake.server.connections[0]
    if (mute) mute.send = () => undefined
    await fake.clock.advance(1400)
    const reason = 'heartbeat.timeout of 300 ms'
    expect(closes).toEqual([{ code: 1006, reason, wasOpen: true, willReconnect: true }])
    await fake.clock.advance(1100)
    expect(opens()).toBe(2)
  })

  test('a line on which something comes is asked nothing', async () => {
    const { fake, api, lines } = phoneWith()
    open(api, { heartbeat: beats })
    for (let spent = 0; spent < 10_000; spent += 500) {
      await fake.clock.advance(500)
      lines[0]?.send('news')
    }
    expect([lines.length, lines[0]?.received]).toEqual([1, []])
  })

  test('any message answers', async () => {
    const { fake, api, lines } = phoneWith({ handler: (line) => line.onMessage(() => line.send('whatever')) })
    const { closes } = open(api, { heartbeat: { interval: 1000, timeout: 300 } })
    await fake.clock.advance(20_000)
    expect([closes, new Set(lines[0]?.received)]).toEqual([[], new Set(['ping'])])
  })

  test.each([
    ['a promise', () => Promise.resolve('ping')],
    ['an object', () => ({ type: 'ping' })],
  ])('what cannot be sent (%s) is told to the console, and the phone is not asked to', async (_, message) => {
    const error = jest.spyOn(console, 'error').mockReturnValue()
    const { fake, api, lines } = phoneWith()
    const { errors } = open(api, { heartbeat: { ...beats, message: message as never } })
    await fake.clock.advance(1200)
    expect([errors, lines[0]?.received]).toEqual([[], []])
    expect(error.mock.calls).toMatchObject([[expect.any(String), { code: 'CONFIG' }]])
    error.mockRestore()
  })
})

describe('K16: a login that fails for now is tried again, one that cannot help is final', () => {
  test.each([
    ['LOGIN_FAILED', { statusCode: 503 }],
    ['LOGIN_TIMEOUT', { lost: true }],
  ])('%s', async (code, reply) => {
    const { fake, api } = phoneWith({ token: 'none' })
    const off = fake.server.on('/login', () => reply)
    const { log, opens, errors } = open(api)
    await fake.clock.advance(40_000)
    expect([errors[0]?.code, log.includes('=closed')]).toEqual([code, false])
    off()
    await fake.clock.advance(100_000)
    expect(opens()).toBe(1)
  })

  test.each([
    ['LOGIN_REJECTED', { statusCode: 403 }],
    ['LOGIN_BAD_RESPONSE', { data: {} }],
  ])('%s', async (code, reply) => {
    const { fake, api } = phoneWith({ token: 'none' })
    fake.server.on('/login', () => reply)
    const { socket, errors, closes } = open(api)
    await fake.clock.runAll()
    expect([socket.state, errors.map((error) => error.code)]).toEqual(['closed', [code]])
    expect(closes).toEqual([{ code: 1006, reason: '', wasOpen: false, willReconnect: false }])
  })

  test('LOGIN_BLOCKED, LOGIN_REQUIRED and SINGLE_PAGE_MODE', async () => {
    const blocked = phoneWith({ token: 'none' })
    blocked.fake.misbehave('login', 'blocked')
    const required = phoneWith({ token: 'none', client: { autoLogin: false } })
    const single = phoneWith({ token: 'none', fake: { singlePage: true } })
    const codes: unknown[] = []
    for (const { fake, api } of [blocked, required, single]) {
      const { socket, errors } = open(api)
      await fake.clock.runAll()
      codes.push(socket.state, errors[0]?.code)
    }
    expect(codes).toEqual([
      'closed',
      'LOGIN_BLOCKED',
      'closed',
      'LOGIN_REQUIRED',
      'closed',
      'SINGLE_PAGE_MODE',
    ])
  })
})

describe('bad input', () => {
  test.each<[string, unknown]>([
    ['url must be', {}],
    ['url must be', { url: 5 }],
    ['auth must be', { url: PATH, auth: 'optional' }],
    ['protocols must be', { url: PATH, protocols: 'chat' }],
    ['heartbeat.timeout must be', { url: PATH, heartbeat: { timeout: 2 ** 31 } }],
    ['heartbeat.every is no option', { url: PATH, heartbeat: { every: 5 } }],
    ['reconnect is no option', { url: PATH, reconnect: true }],
    ['takes an object', undefined],
    ['takes an object', 'wss://api.test/ws'],
  ])('%s', (words, options) => {
    const { api } = phoneWith()
    expect(() => openSocket(api, options as SocketOptions)).toThrow(words)
  })

  test('a client that is none, a platform without sockets, a listener that is none', () => {
    const { fake, api } = phoneWith()
    const platform = altered(fake, { connectSocket: undefined })
    const own = createClient({ platform, baseURL: HOME, login: { url: '/login' } })
    expect(() => openSocket({} as never, { url: PATH })).toThrow('createClient')
    expect(() => openSocket(own, { url: PATH })).toThrow('connectSocket')
    const { socket } = open(api)
    expect(() => socket.on('data' as never, () => undefined)).toThrow('open, message, close, error, state')
    expect(() => socket.send({ a: 1 } as never)).toThrow('JSON.stringify')
  })

  test('options that are undefined are left out', async () => {
    const { fake, api } = phoneWith()
    const { opens } = open(api, {
      connectionTimeout: undefined as never,
      heartbeat: { interval: undefined as never },
    })
    await fake.clock.advance(SOON)
    expect(opens()).toBe(1)
  })
})

test('a listener that throws is told to the console, and the others hear the event', async () => {
  const error = jest.spyOn(console, 'error').mockImplementation(() => undefined)
  const { fake, api } = phoneWith({ handler: (line) => line.send('hi') })
  const socket = openSocket(api, { url: PATH })
  for (const type of ['state', 'open', 'message', 'close'] as const)
    socket.on(type, () => {
      throw new Error(type)
    })
  const { log } = listen(socket)
  await fake.clock.advance(SOON)
  socket.close()
  expect([log, error.mock.calls.length]).toEqual([['=open', 'open', '< hi', '=closed', 'close 1000'], 5])
  error.mockRestore()
})

test('a listener is taken off by what on() gave', async () => {
  const { fake, api, lines } = phoneWith()
  const { socket } = open(api)
  const heard: unknown[] = []
  const hear = () => heard.push(1)
  const [off] = times(2, () => socket.on('message', hear))
  off?.()
  off?.()
  await fake.clock.advance(SOON)
  lines[0]?.send('x')
  await fake.clock.advance(SOON)
  expect(heard).toEqual([1])
})
