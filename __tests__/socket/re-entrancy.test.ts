import { openSocket, type Socket, type SocketEvents } from '../../src/socket'
import { altered, clientOn, deferred, times } from '../laws/world'
import { echo, IN_WORDS, listen, open, PATH, phoneWith, SOON } from './world'

type Type = keyof SocketEvents
const TYPES: Type[] = ['state', 'open', 'message', 'close', 'error']
const greet = { handler: (line: { send(data: string): void }) => line.send('hi') }

/** An open socket that is lost and back, then refused for good: every event is told. */
async function fullLife(world: ReturnType<typeof phoneWith>): Promise<void> {
  const { fake, lines } = world
  await fake.clock.advance(SOON)
  lines.at(-1)?.drop()
  await fake.clock.advance(2000)
  fake.server.on('/login', () => ({ statusCode: 403 }))
  fake.server.expire()
  lines.at(-1)?.close(4401)
  await fake.clock.advance(SOON)
}

/** Opens and closes take turns, and after the end there is nothing. */
function problemsIn(log: readonly string[]): string[] {
  const events = log.filter((each) => /^(open|close)/.test(each))
  const doubled = events.filter((each, index) => each === 'open' && events[index - 1] === 'open')
  return doubled.concat(log.slice(log.indexOf('=closed') + 1).filter((each) => each.startsWith('=')))
}

describe('from within a listener', () => {
  test.each(TYPES)('of %s everybody hears all in order, whatever another one does', async (type) => {
    for (const deed of ['close', 'reconnect', 'logout'] as const) {
      const world = phoneWith(greet)
      const socket = openSocket(world.api, { url: PATH })
      let isDone = false
      socket.on(type, () => {
        if (isDone) return
        isDone = true
        if (deed === 'logout') world.api.logout()
        else socket[deed]()
      })
      const { log, closes } = listen(socket)
      const early = [...log]
      await fullLife(world)
      socket.close()
      await world.fake.clock.runAll()
      expect([early, isDone, problemsIn(log)]).toEqual([[], true, []])
      expect(closes.filter(({ willReconnect }) => !willReconnect)).toHaveLength(1)
      expect(log.at(-1)).toMatch(/^(close|!)/)
      expect(world.fake.openSockets).toBe(0)
    }
  })

  test('who closes it in the open is heard after the open by those behind', async () => {
    const { fake, api } = phoneWith()
    const socket = openSocket(api, { url: PATH })
    socket.on('open', () => socket.close())
    const { log } = listen(socket)
    await fake.clock.advance(SOON)
    expect(log).toEqual(['=open', 'open', '=closed', 'close 1000'])
  })

  test.each(TYPES)('of %s a message is sent, or waits for the next connection', async (type) => {
    const world = phoneWith(greet)
    const socket = openSocket(world.api, { url: PATH })
    const sent: string[] = []
    socket.on(type, () => {
      const text = `${type} ${sent.length}`
      if (socket.send(text)) sent.push(text)
    })
    await fullLife(world)
    socket.close()
    await world.fake.clock.runAll()
    const received = world.lines.flatMap((line) => line.received)
    expect(sent.length).toBeGreaterThan(type === 'error' ? -1 : 0)
    expect(sent.filter((text) => received.includes(text))).toEqual(received)
  })

  test('reconnect() in each close does not go round in circles', async () => {
    const { fake, api, lines } = phoneWith({ handler: (line) => line.refuse(503) })
    const socket = openSocket(api, { url: PATH })
    socket.on('close', () => socket.reconnect())
    await fake.clock.advance(1000)
    // One after the other: each takes its way there and back.
    expect(lines.length).toBeLessThan(120)
    socket.close()
    await fake.clock.runAll()
    expect(fake.openSockets).toBe(0)
  })
})

test('who opens another in the close of a logout has it, and not each that follows', async () => {
  const { fake, api } = phoneWith()
  const sockets: Socket[] = []
  const reopen = (): void => {
    const socket = openSocket(api, { url: PATH })
    sockets.push(socket)
    socket.on('close', ({ willReconnect }) => {
      if (!willReconnect && sockets.length < 9) reopen()
    })
  }
  reopen()
  await fake.clock.advance(SOON)
  api.logout()
  await fake.clock.advance(SOON)
  expect([sockets.map(({ state }) => state), fake.calls.logins]).toEqual([['closed', 'open'], 1])
})

describe('from within a function of the app', () => {
  test.each(['at once', 'later'])('url() that closes it %s: no login, no line, no timer', async (when) => {
    const { fake, api, lines, logins } = phoneWith({ token: 'none' })
    const later = deferred<string>()
    const { socket, log } = open(api, {
      url: () => {
        socket.close()
        return when === 'later' ? later.promise : PATH
      },
    })
    await fake.clock.advance(0)
    later.resolve(PATH)
    await fake.clock.advance(1100)
    expect([log, lines, logins(), fake.clock.pending]).toEqual([['=closed', 'close 1000'], [], 0, 0])
  })

  test.each(['isUnauthorized', 'shouldReconnect', 'verify'] as const)('%s that closes it', async (option) => {
    const { fake, api, lines } = phoneWith({ handler: (line) => line.refuse(502) })
    const { socket, closes } = open(api, {
      [option]: () => {
        socket.close()
        return false
      },
    })
    await fake.clock.advance(60_000)
    expect([socket.state, lines.length, closes.at(-1)?.willReconnect]).toEqual(['closed', 1, false])
    expect(closes.filter(({ willReconnect }) => !willReconnect)).toHaveLength(1)
  })

  test('a heartbeat that closes it', async () => {
    const { fake, api, lines } = phoneWith()
    const { socket, closes, errors } = open(api, {
      heartbeat: {
        interval: 1000,
        message: () => {
          socket.close()
          return 'ping'
        },
      },
    })
    await fake.clock.advance(60_000)
    expect([closes.length, errors, lines[0]?.received]).toEqual([1, [], []])
  })

  test('what it throws may be anything', async () => {
    const { fake, api } = phoneWith({ handler: (line) => line.close(4000) })
    const { socket, errors } = open(api, {
      shouldReconnect: () => {
        throw Object.create(null)
      },
    })
    await fake.clock.runAll()
    expect([socket.state, errors[0]?.code]).toEqual(['closed', 'NETWORK'])
  })
})

describe('from within an event of the client: its handshake was given up', () => {
  /** Does something the first time that it is told so. */
  function whenGivenUp(api: ReturnType<typeof phoneWith>['api'], deed: () => void): () => boolean {
    let isDone = false
    api.on((event) => {
      if (isDone || event.type !== 'request' || event.method !== 'CONNECT' || event.phase !== 'fail') return
      isDone = true
      deed()
    })
    return () => isDone
  }

  test.each(['hide', 'reconnect', 'close'] as const)('by %s, who closes it has it closed', async (how) => {
    const { fake, api, lines } = phoneWith({ token: 'none' })
    fake.server.on('/login', () => ({ delay: 60_000 }))
    const { socket, log, closes } = open(api)
    const isDone = whenGivenUp(api, () => socket.close())
    await fake.clock.advance(50)
    if (how === 'hide') fake.app.toBackground()
    else socket[how]()
    await fake.clock.advance(SOON)
    expect([isDone(), socket.state, lines]).toEqual([true, 'closed', []])
    expect(log.slice(log.indexOf('=closed'))).toEqual(['=closed', 'close 1000'])
    expect(closes.at(-1)?.willReconnect).toBe(false)
  })

  test('who connects anew has one connection', async () => {
    const { fake, api, lines, live } = phoneWith({ token: 'none' })
    const { socket, opens } = open(api)
    const isDone = whenGivenUp(api, () => socket.reconnect())
    await fake.clock.advance(12)
    socket.reconnect()
    await fake.clock.advance(SOON)
    expect([isDone(), socket.state, opens(), lines.length, live().length]).toEqual([true, 'open', 1, 1, 1])
    socket.close()
    await fake.clock.advance(SOON)
    expect(fake.openSockets).toBe(0)
  })
})

describe('nothing is left', () => {
  test.each(['connecting', 'open', 'waiting', 'logging in', 'hidden'])(
    'by one that is closed while %s',
    async (when) => {
      const { fake, api } = phoneWith({
        token: when === 'logging in' ? 'none' : 'good',
        handler: (line) => (when === 'waiting' ? line.refuse(503) : echo(line)),
      })
      const { socket } = open(api, { heartbeat: {}, verify: () => new Promise(() => undefined) })
      await fake.clock.advance(when === 'connecting' ? 8 : when === 'logging in' ? 15 : SOON)
      if (when === 'hidden') fake.app.toBackground()
      socket.close()
      // The alarm of all timers rings at most a second later, that of the phone's background after five.
      await fake.clock.advance(6000)
      expect([fake.clock.pending, fake.openSockets, api.session?.token]).toEqual([
        0,
        0,
        when === 'logging in' ? 'token-1' : 'good',
      ])
    },
  )

  test('of one of two sockets, and the other is as it was', async () => {
    const { fake, api, lines } = phoneWith({ handler: echo })
    const [first, second] = times(2, () => open(api, { heartbeat: {} }))
    await fake.clock.advance(SOON)
    first?.socket.close(4000, 'enough')
    second?.socket.send('still here')
    await fake.clock.advance(SOON)
    expect([second?.socket.state, second?.messages, second?.closes]).toEqual([
      'open',
      ['echo still here'],
      [],
    ])
    expect(lines[0]?.end).toEqual({ code: 4000, reason: 'enough' })
  })

  test('of the errors of a line that is over', async () => {
    const { fake } = phoneWith()
    const fails: ((failure: object) => void)[] = []
    const { socket, log } = open(handMade(fake, { send: ({ fail }: never) => void fails.push(fail) }).api)
    socket.send('a')
    await fake.clock.advance(SOON)
    socket.close()
    const before = [...log]
    fails.forEach((fail) => fail({ errMsg: 'sendSocketMessage:fail closed' }))
    expect([fails.length, log]).toEqual([1, before])
  })
})

/** A client on a phone whose socket tasks are these, open at once. */
function handMade(fake: ReturnType<typeof phoneWith>['fake'], members: object) {
  const told: { [name: string]: (event?: unknown) => void } = {}
  const listenTo = (name: string) => (listener: (event?: unknown) => void) => void (told[name] = listener)
  const task = {
    onOpen: (listener: (event?: unknown) => void) => listener({ header: {} }),
    onMessage: listenTo('message'),
    onError: listenTo('error'),
    onClose: listenTo('close'),
    send: () => undefined,
    close: () => undefined,
    ...members,
  }
  const { api } = clientOn(fake, {
    checkSession: false,
    platform: altered(fake, { connectSocket: () => task }),
  })
  return { api, told }
}

describe('a phone that is not as its pages say', () => {
  test.each(['onOpen', 'onMessage', 'onError', 'onClose'])(
    'a task without %s is a failed try',
    async (name) => {
      const { fake } = phoneWith()
      for (const wrap of [(task: unknown) => task, (task: unknown) => Promise.resolve(task)]) {
        let closed = 0
        const never = (): void => undefined
        const task = {
          onOpen: never,
          onMessage: never,
          onError: never,
          onClose: never,
          close: () => closed++,
        }
        const { api } = clientOn(fake, {
          checkSession: false,
          platform: altered(fake, { connectSocket: () => wrap({ ...task, [name]: undefined }) }),
        })
        const { log, socket } = open(api)
        await fake.clock.advance(SOON)
        expect(log).toEqual(['=waiting', 'close 1006'])
        // It may be on the phone, and would count.
        expect(closed > 0).toBe(name !== 'onOpen')
        socket.close()
      }
    },
  )

  test.each(['send', 'close'])('a task without %s harms nobody', async (name) => {
    const { fake } = phoneWith()
    const { api } = handMade(fake, { [name]: undefined })
    const { socket, errors, opens, closes } = open(api)
    await fake.clock.advance(SOON)
    socket.send('a')
    socket.reconnect()
    await fake.clock.advance(1000 + SOON)
    socket.close()
    await fake.clock.runAll()
    expect([opens(), closes.length, errors.length]).toEqual([2, 2, name === 'send' ? 1 : 0])
  })

  test.each([undefined, null, {}, { code: 'x', reason: null }, { reason: {} }])(
    'onClose(%j)',
    async (event) => {
      const { fake } = phoneWith()
      const { api, told } = handMade(fake, {})
      const { closes } = open(api)
      await fake.clock.advance(SOON)
      told['close']?.(event)
      expect(closes).toMatchObject([{ wasOpen: true, reason: expect.any(String) as string }])
    },
  )

  test.each([undefined, null, {}, { errMsg: null }, { errMsg: 5 }])('onError(%j)', async (failure) => {
    const { fake } = phoneWith()
    const { api, told } = handMade(fake, {})
    const { closes } = open(api)
    await fake.clock.advance(SOON)
    told['error']?.(failure)
    await fake.clock.advance(1000)
    expect(closes).toMatchObject([{ code: 1006, wasOpen: true, reason: expect.any(String) as string }])
  })

  test('onMessage(undefined)', async () => {
    const { fake } = phoneWith()
    const { api, told } = handMade(fake, {})
    const { messages } = open(api)
    await fake.clock.advance(SOON)
    told['message']?.(undefined)
    expect(messages).toEqual([undefined])
  })

  test('an open in spite of an error: it is open, and the next error counts', async () => {
    const { fake } = phoneWith()
    let opens: (() => void) | undefined
    const { api, told } = handMade(fake, { onOpen: (listener: () => void) => void (opens = listener) })
    const heard = open(api)
    await fake.clock.advance(SOON)
    told['error']?.({ errMsg: 'for now' })
    opens?.()
    await fake.clock.advance(2000)
    expect(heard.log).toEqual(['=open', 'open'])
    told['error']?.({ errMsg: 'for ever' })
    await fake.clock.advance(600)
    expect(heard.closes).toMatchObject([{ reason: 'for ever', wasOpen: true }])
  })

  test('its words about an open line are told without the query of the URL', async () => {
    const { fake } = phoneWith()
    const { api, told } = handMade(fake, {})
    const { closes, errors } = open(api, { auth: false, url: `${PATH}?ticket=t-1`, maxRetries: 0 })
    await fake.clock.advance(SOON)
    told['error']?.({ errMsg: 'wss://api.test/ws?ticket=t-1 has failed' })
    await fake.clock.advance(1000)
    expect(closes.map(({ reason }) => reason)).toEqual(['wss://api.test/ws has failed'])
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringContaining('wss://api.test/ws has failed, close code 1006'),
    ])
  })

  test('one that cannot close what is gone troubles nobody (mqttjs/MQTT.js#1112)', async () => {
    const { fake } = phoneWith()
    const failure = { errMsg: 'closeSocket:fail WebSocket is not connected' }
    const close = ({ fail }: { fail?: (told: object) => void }): Promise<never> => {
      if (fail) fail(failure)
      return Promise.reject(Object.assign(new Error(failure.errMsg), failure))
    }
    const unhandled: unknown[] = []
    const note = (error: unknown): void => void unhandled.push(error)
    process.on('unhandledRejection', note)
    const { socket, errors, closes } = open(handMade(fake, { close }).api)
    await fake.clock.advance(SOON)
    socket.close()
    await fake.clock.advance(2000)
    await new Promise(setImmediate)
    process.off('unhandledRejection', note)
    expect([unhandled, errors, closes.length]).toEqual([[], [], 1])
  })

  test('a hide that is told twice', async () => {
    const { fake } = phoneWith()
    let hide: (() => void) | undefined
    const { api } = clientOn(fake, {
      checkSession: false,
      platform: altered(fake, { onAppHide: (listener: () => void) => void (hide = listener) }),
    })
    const { log } = open(api)
    await fake.clock.advance(SOON)
    hide?.()
    hide?.()
    expect(log).toEqual(['=open', 'open', '=hidden', 'close 1000'])
  })

  test('fail, onError and onClose of one try are one close', async () => {
    const { fake } = phoneWith({ fake: { socketRefusal: IN_WORDS } })
    const told: Record<string, (event: object) => void> = {}
    const listenTo = (name: string) => (listener: (event: object) => void) => void (told[name] = listener)
    const { api } = clientOn(fake, {
      checkSession: false,
      platform: altered(fake, {
        connectSocket: ({ fail }: { fail: (failure: object) => void }) => {
          told['fail'] = fail
          return {
            onOpen: listenTo('open'),
            onMessage: listenTo('message'),
            onError: listenTo('error'),
            onClose: listenTo('close'),
            close: () => undefined,
          }
        },
      }),
    })
    const { closes } = open(api)
    await fake.clock.advance(SOON)
    const { error, fail, close } = told
    error?.({ errMsg: 'no' })
    fail?.({ errMsg: 'connectSocket:fail' })
    close?.({ code: 1006, reason: 'gone' })
    error?.({ errMsg: 'no' })
    await fake.clock.advance(900)
    expect(closes.map(({ reason }) => reason)).toEqual(['no'])
  })
})
