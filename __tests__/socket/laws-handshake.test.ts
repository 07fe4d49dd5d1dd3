import { ConfigError } from '../../src'
import type { SocketMisbehaviour } from '../../src/testing'
import { altered, clientOn, deferred, exchangesAt, times } from '../laws/world'
import { echo, IN_WORDS, open, PATH, phoneWith, SOON, WS } from './world'

describe('K1: at most one connection of a socket lives, and what an older one tells is not heard', () => {
  test('reconnect() waits for the line it has closed', async () => {
    const { fake, api, lines, live } = phoneWith()
    const { socket, opens } = open(api)
    await fake.clock.advance(SOON)
    socket.reconnect()
    expect([socket.state, fake.openSockets, lines.length]).toEqual(['connecting', 1, 1])
    await fake.clock.advance(SOON)
    expect([opens(), live().length, fake.calls.maxSockets]).toEqual([2, 1, 1])
  })

  test('a line that close() does not end is heard no more', async () => {
    const { fake, api, lines } = phoneWith()
    fake.misbehave('connectSocket', 'late-messages')
    const { socket, messages, opens } = open(api)
    await fake.clock.advance(SOON)
    socket.reconnect()
    await fake.clock.advance(1000 + SOON)
    lines[0]?.send('from the old line')
    lines[1]?.send('from the new one')
    await fake.clock.advance(SOON)
    expect([opens(), messages]).toEqual([2, ['from the new one']])
  })

  test('one that opens after it was given up is closed', async () => {
    const { fake, api, lines } = phoneWith()
    const { socket, log } = open(api)
    await fake.clock.advance(8)
    socket.close()
    await fake.clock.runAll()
    expect([log, lines.map(({ state }) => state)]).toEqual([['=closed', 'close 1000'], ['closed']])
    expect(fake.openSockets).toBe(0)
  })
})

test('K1: nor does one that could not be closed before it was open', async () => {
  const { fake } = phoneWith()
  let opens: ((event: object) => void) | undefined
  const closes: object[] = []
  const task = {
    onOpen: (listener: (event: object) => void) => void (opens = listener),
    onMessage: () => undefined,
    onError: () => undefined,
    onClose: () => undefined,
    close(how: object) {
      closes.push(how)
      if (closes.length === 1) throw new Error('not connected')
    },
  }
  const { api } = clientOn(fake, {
    checkSession: false,
    platform: altered(fake, { connectSocket: () => task }),
  })
  const { socket, log } = open(api)
  await fake.clock.advance(8)
  socket.close(4000, 'enough')
  opens?.({})
  await fake.clock.runAll()
  expect(log).toEqual(['=closed', 'close 4000'])
  expect(closes[1]).toMatchObject({ code: 4000, reason: 'enough' })
})

describe('K2: each handshake takes the token, or the ticket, of the moment', () => {
  test('the one that a request has renewed meanwhile', async () => {
    const { fake, api, lines, tokens, logins } = phoneWith()
    open(api)
    await fake.clock.advance(6000)
    fake.server.expire()
    api.get('/orders').catch(() => undefined)
    await fake.clock.advance(SOON)
    lines[0]?.drop()
    await fake.clock.advance(1500)
    expect([tokens(), logins()]).toEqual([['good', 'token-1'], 1])
  })

  test('none starts while a login is in flight', async () => {
    const { fake, api, lines, tokens } = phoneWith({ token: 'none' })
    fake.server.hold('/login')
    open(api)
    await fake.clock.advance(5000)
    expect(lines).toEqual([])
    fake.server.release()
    await fake.clock.advance(SOON)
    expect(tokens()).toEqual(['token-1'])
  })

  test('nor while one is that began when the url was asked for', async () => {
    const { fake, api, tokens } = phoneWith()
    const url = deferred<string>()
    open(api, { url: () => url.promise })
    await fake.clock.advance(10)
    fake.server.expire()
    api.get('/orders').catch(() => undefined)
    await fake.clock.advance(12)
    url.resolve(PATH)
    await fake.clock.advance(SOON)
    expect(tokens()).toEqual(['token-1'])
  })

  test('a ticket for each connect, and no token with it', async () => {
    const { fake, api, lines, tokens } = phoneWith()
    fake.server.onSocket(PATH, () => undefined)
    let tickets = 0
    open(api, { auth: false, url: () => Promise.resolve(`${PATH}?ticket=${++tickets}`) })
    await fake.clock.advance(SOON)
    lines[0]?.drop()
    await fake.clock.advance(1500)
    expect([lines.map(({ request }) => request.query['ticket']), tokens()]).toEqual([
      ['1', '2'],
      ['', ''],
    ])
  })
})

describe('K3: a 401 starts a login only if its token is still the current one, shared with all requests', () => {
  test.each([
    ['its status is told', { socketRefusal: IN_WORDS }, (world: ReturnType<typeof phoneWith>) => world],
    [
      'it is closed with 4401',
      {},
      (world: ReturnType<typeof phoneWith>) => {
        world.fake.server.onSocket(PATH, (line) => {
          if (!world.fake.server.isAuthorized(line.request)) line.close(4401, 'who are you')
        })
        return world
      },
    ],
  ])('one login for a socket and ten requests, where %s', async (_how, fakeOptions, set) => {
    const { fake, api, tokens, logins } = set(phoneWith({ token: 'dead', fake: fakeOptions }))
    const { opens } = open(api)
    const got = Promise.all(times(10, () => api.get('/orders')))
    await fake.clock.advance(SOON * 3)
    await got
    expect([tokens().at(-1), logins(), fake.server.codesReused]).toEqual(['token-1', 1, []])
    expect(opens()).toBeGreaterThan(0)
  })

  test('a close of an old token connects again with the one there is', async () => {
    const { fake, api, lines, tokens, logins } = phoneWith()
    open(api)
    await fake.clock.advance(SOON)
    fake.server.expire()
    api.get('/orders').catch(() => undefined)
    await fake.clock.advance(SOON)
    lines[0]?.close(4401)
    await fake.clock.advance(SOON)
    expect([tokens(), logins()]).toEqual([['good', 'token-1'], 1])
  })

  test('a failed try is told although a login follows', async () => {
    const { fake, api } = phoneWith({ token: 'dead', fake: { socketRefusal: IN_WORDS } })
    const { log, closes } = open(api)
    await fake.clock.advance(SOON)
    expect(log).toEqual(['close 1006', '=open', 'open'])
    expect(closes).toEqual([
      { code: 1006, reason: IN_WORDS(401), wasOpen: false, status: 401, willReconnect: true },
    ])
  })
})

describe('K4: a refusal of unknown status starts no login by itself', () => {
  const gateway = () => {
    const world = phoneWith()
    world.fake.server.onSocket(PATH, (line) => line.refuse(502))
    return world
  }

  test.each([undefined, IN_WORDS])('a 502 of a gateway, told as %p', async (socketRefusal) => {
    const { fake, api, lines, logins } = phoneWith({ ...(socketRefusal && { fake: { socketRefusal } }) })
    fake.server.onSocket(PATH, (line) => line.refuse(502))
    const { closes } = open(api)
    await fake.clock.advance(60_000)
    expect([lines.length > 3, logins(), closes[0]?.status]).toEqual([true, 0, socketRefusal && 502])
  })

  test('numbers of WeChat are no statuses', async () => {
    const { fake, api, logins } = phoneWith({
      fake: { socketRefusal: () => 'exception onOpen fail code:401, msg:x' },
    })
    fake.server.onSocket(PATH, (line) => line.refuse(502))
    const { closes } = open(api)
    await fake.clock.advance(10_000)
    expect([logins(), closes[0]]).toEqual([0, expect.not.objectContaining({ status: 401 })])
  })

  test('verify may, and is waited for', async () => {
    const { fake, api, tokens, logins } = phoneWith({ token: 'dead' })
    const { opens } = open(api, { verify: () => api.get('/me') })
    await fake.clock.advance(1500)
    expect([tokens(), logins(), opens()]).toEqual([['dead', 'token-1'], 1, 1])
  })

  test('it is not asked where nobody has answered', async () => {
    const { fake, api } = phoneWith()
    let asked = 0
    fake.network.offline()
    open(api, { verify: () => asked++ })
    await fake.clock.advance(60_000)
    expect(asked).toBe(0)
  })

  test('one that never answers is not the end', async () => {
    const { fake, api, lines } = gateway()
    open(api, { verify: () => new Promise(() => undefined) })
    await fake.clock.advance(100_000)
    expect(lines.length).toBeGreaterThan(2)
  })

  test('one that throws or rejects is not either', async () => {
    const { fake, api, lines } = gateway()
    let asked = 0
    const verify = () => {
      if (++asked === 1) throw new Error('no')
      return Promise.reject(new Error('no'))
    }
    open(api, { verify })
    await fake.clock.advance(10_000)
    expect([lines.length > 2, asked > 1]).toEqual([true, true])
  })
})

describe('K5: 4401 to a token that a login has brought is final', () => {
  test('one login, then UNAUTHORIZED', async () => {
    const { fake, api, lines, logins } = phoneWith({ handler: (line) => line.close(4401, 'not for you') })
    const { socket, closes, errors } = open(api)
    await fake.clock.runAll()
    expect([socket.state, lines.length, logins()]).toEqual(['closed', 2, 1])
    expect(closes.map(({ willReconnect }) => willReconnect)).toEqual([true, false])
    expect(errors).toMatchObject([
      {
        code: 'UNAUTHORIZED',
        name: 'UnauthorizedError',
        request: { method: 'CONNECT', url: WS },
        attempts: 2,
      },
    ])
  })

  test('a stale one first: both chances are used', async () => {
    const { fake, api, lines, tokens, logins } = phoneWith()
    fake.server.onSocket(PATH, (line) => line.send(''))
    const { socket } = open(api)
    await fake.clock.advance(SOON)
    fake.server.expire()
    api.get('/orders').catch(() => undefined)
    await fake.clock.advance(SOON)
    fake.server.onSocket(PATH, (line) => line.close(4401))
    lines[0]?.close(4401)
    await fake.clock.runAll()
    expect([socket.state, tokens(), logins()]).toEqual(['closed', ['good', 'token-1', 'token-2'], 2])
  })

  test('a line of days does not die at its second token', async () => {
    const { fake, api, lines, logins } = phoneWith()
    const { socket, opens } = open(api)
    for (let day = 1; day <= 5; day++) {
      await fake.clock.advance(86_400_000)
      fake.server.expire()
      lines.at(-1)?.close(4401)
    }
    await fake.clock.advance(SOON)
    expect([socket.state, opens(), logins()]).toEqual(['open', 6, 5])
  })

  test('a server that greets before it refuses does not cost a login each second', async () => {
    const { fake, api, logins } = phoneWith({
      handler(line) {
        line.send('hello')
        fake.clock.setTimeout(() => line.close(4401), 20)
      },
    })
    open(api)
    await fake.clock.advance(60_000)
    expect(logins()).toBeLessThan(10)
  })
})

describe('K6: an opened handshake alone does not count as acceptance', () => {
  test.each([
    ['nothing', () => undefined, false],
    ['a message', (line: { send(data: string): void }) => line.send('hi'), true],
  ])('%s', async (_what, act, isAccepted) => {
    const { fake, api, lines, logins } = phoneWith({ token: 'none' })
    fake.server.onSocket(PATH, (line) => act(line))
    const { socket } = open(api)
    await fake.clock.advance(SOON)
    lines[0]?.close(4401)
    await fake.clock.advance(SOON)
    lines[1]?.close(4401)
    await fake.clock.advance(SOON)
    expect([socket.state !== 'closed', logins()]).toEqual([isAccepted, 2])
  })

  test('minUptime is', async () => {
    const { fake, api, lines } = phoneWith()
    const { socket } = open(api)
    for (const nth of [0, 1, 2, 3]) {
      await fake.clock.advance(5000 + SOON)
      lines[nth]?.close(4401)
    }
    await fake.clock.advance(SOON)
    expect(socket.state).toBe('open')
  })
})

describe('K10: exactly one of open or close for each try', () => {
  const ODD: SocketMisbehaviour[] = ['no-close', 'error-only', 'error-twice', 'close-only']
  test.each([...ODD, 'hang', 'throw', 'undefined-task', 'fail'] as const)('%s', async (oddity) => {
    const { fake, api } = phoneWith({ handler: (line) => line.refuse(503) })
    fake.misbehave('connectSocket', oddity)
    const { log, closes } = open(api)
    await fake.clock.advance(oddity === 'hang' ? 10_400 : 1000)
    expect(log.slice(0, 2)).toEqual(['=waiting', 'close 1006'])
    expect(log.includes('open')).toBe(false)
    expect(fake.calls.sockets - closes.length).toBeLessThanOrEqual(1)
  })

  test.each([...ODD, 'message-first', 'promise-task', 'same-tick'] as const)(
    '%s, where it opens and is lost',
    async (oddity) => {
      const { fake, api, lines } = phoneWith({ handler: echo })
      fake.misbehave('connectSocket', oddity)
      const { opens, closes } = open(api, { heartbeat: {} })
      await fake.clock.advance(SOON)
      expect([opens(), closes.length]).toEqual([1, 0])
      lines[0]?.close(1001, 'going')
      await fake.clock.advance(41_500)
      expect([opens(), closes.length, closes[0]?.wasOpen]).toEqual([2, 1, true])
    },
  )

  test('a handshake of which nothing is heard is over after connectionTimeout', async () => {
    const { fake, api } = phoneWith()
    fake.misbehave('connectSocket', 'hang')
    const { closes, opens } = open(api, { connectionTimeout: 3000 })
    await fake.clock.advance(2900)
    expect(closes).toEqual([])
    await fake.clock.advance(200)
    expect(closes).toEqual([
      { code: 1006, reason: 'connectionTimeout of 3000 ms', wasOpen: false, willReconnect: true },
    ])
    await fake.clock.advance(1500)
    expect(opens()).toBe(1)
  })

  test('a try ends within a second of its onError', async () => {
    const { fake, api } = phoneWith({ handler: (line) => line.refuse(503) })
    fake.misbehave('connectSocket', 'error-only')
    const { closes } = open(api)
    await fake.clock.advance(1020)
    expect(closes.length).toBe(1)
  })

  test('a message in the tick of the open is heard after it', async () => {
    const { fake, api } = phoneWith({ handler: (line) => line.send('hi') })
    fake.misbehave('connectSocket', 'message-first')
    const first = open(api)
    const second = open(api)
    await fake.clock.advance(SOON)
    expect(first.log).toEqual(['=open', 'open', '< before the open', '< hi'])
    expect(second.log).toEqual(['=open', 'open', '< hi'])
  })

  test('one that has opened within the call is heard by who listens afterwards', async () => {
    const { fake, api } = phoneWith()
    fake.misbehave('connectSocket', 'same-tick')
    const { log } = open(api)
    await fake.clock.advance(0)
    expect(log).toEqual(['=open', 'open'])
  })

  test('a url() that rejects, throws or never answers is a failed try', async () => {
    const { fake, api } = phoneWith()
    const urls = [
      () => Promise.reject(new Error('no ticket')),
      () => {
        throw new Error('no ticket')
      },
      () => new Promise<string>(() => undefined),
      () => PATH,
    ]
    const { log, errors } = open(api, { url: () => (urls.shift() ?? String)() })
    await fake.clock.advance(60_000)
    expect(log.filter((each) => each[0] !== '=')).toEqual([
      'close 1006',
      '! NETWORK',
      'close 1006',
      '! NETWORK',
      'close 1006',
      '! TIMEOUT',
      'open',
    ])
    expect(errors[0]?.cause).toEqual(new Error('no ticket'))
  })
})

describe('K13: at most five on a phone, over all clients', () => {
  test('the sixth is closed with CONFIG, and one that closes makes room', async () => {
    const { fake, api } = phoneWith()
    const other = clientOn(fake, { checkSession: false }).api
    const five = [...times(3, () => open(api)), ...times(2, () => open(other))]
    await fake.clock.advance(SOON)
    const sixth = open(other)
    await fake.clock.advance(SOON)
    expect([sixth.socket.state, sixth.errors]).toEqual(['closed', [expect.any(ConfigError)]])
    expect([fake.openSockets, fake.calls.sockets]).toEqual([5, 5])
    five[0]?.socket.close()
    await fake.clock.advance(SOON)
    const next = open(other)
    await fake.clock.advance(SOON)
    expect([next.opens(), fake.openSockets]).toEqual([1, 5])
  })

  test('a line of which nothing more is told is counted for a second', async () => {
    const { fake, api } = phoneWith()
    fake.misbehave('connectSocket', 'no-close')
    const [first] = times(5, () => open(api))
    await fake.clock.advance(SOON)
    first?.socket.close()
    await fake.clock.advance(900)
    const early = open(api)
    await fake.clock.advance(200)
    const late = open(api)
    await fake.clock.advance(SOON)
    expect([early.socket.state, late.socket.state]).toEqual(['closed', 'open'])
  })

  test('its own closing line is no sixth', async () => {
    const { fake, api } = phoneWith()
    const five = times(5, () => open(api))
    await fake.clock.advance(SOON)
    five[0]?.socket.reconnect()
    await fake.clock.advance(SOON)
    expect([five[0]?.opens(), fake.calls.maxSockets]).toEqual([2, 5])
  })
})

describe('K14: the token goes only where it is at home, over wss', () => {
  test.each([
    ['wss://evil.test/ws', 'no token may go to https://evil.test'],
    ['ws://api.test/ws', 'no token may go to http://api.test'],
    ['https://api.test/ws', 'is no wss URL'],
    ['wss://user@api.test/ws', 'is no wss URL'],
  ])('%s', async (url, words) => {
    const { fake, api, lines } = phoneWith()
    expect(() => open(api, { url })).toThrow(words)
    const { socket, errors } = open(api, { url: () => url })
    await fake.clock.runAll()
    expect([socket.state, lines]).toEqual(['closed', []])
    expect(errors).toMatchObject([{ code: 'CONFIG', message: expect.stringContaining(words) as string }])
  })

  test("ws to a machine of one's own, and wss to another of the authOrigins", async () => {
    const { fake, api } = phoneWith({
      client: { baseURL: 'http://192.168.0.2', authOrigins: ['http://192.168.0.2', 'https://push.test'] },
    })
    open(api)
    open(api, { url: 'wss://push.test/ws#part' })
    await fake.clock.advance(SOON)
    expect(fake.server.connections.map(({ request }) => request.url)).toEqual([
      'ws://192.168.0.2/ws',
      'wss://push.test/ws',
    ])
  })

  test('it rides as attach says', async () => {
    const { fake, api, lines } = phoneWith({ client: { attach: { query: 'key' } } })
    fake.server.onSocket(PATH, () => undefined)
    open(api, { url: `${PATH}?room=1`, header: { 'X-App': 'a' }, protocols: ['chat'] })
    await fake.clock.advance(SOON)
    expect(lines[0]?.request.query).toEqual({ room: '1', key: 'good' })
    expect([lines[0]?.request.header, lines[0]?.protocols]).toEqual([{ 'X-App': 'a' }, ['chat']])
  })

  test('attach() may not lead it away, and there is no body', async () => {
    const leads = phoneWith({ client: { attach: (request) => void (request.url = 'wss://evil.test/ws') } })
    const body = phoneWith({ client: { attach: { body: 'token' } } })
    const given = phoneWith({ client: { attach: (request) => void (request.data = { token: 1 }) } })
    for (const { fake, api, lines } of [leads, body, given]) {
      const { errors } = open(api)
      await fake.clock.runAll()
      expect([errors[0]?.code, lines]).toEqual(['CONFIG', []])
    }
  })

  test('no token is told in reasons and errors', async () => {
    const { fake, api } = phoneWith({
      client: { attach: { query: 'key' } },
      fake: { socketRefusal: () => 'cannot connect to wss://api.test/ws?key=good with good' },
    })
    fake.server.onSocket(PATH, (line) => line.refuse(500))
    const { closes, errors } = open(api, { maxRetries: 0 })
    await fake.clock.runAll()
    expect(JSON.stringify([closes, errors, errors[0]?.message])).not.toContain('good')
    expect(closes[0]?.reason).toBe('cannot connect to wss://api.test/ws with ***')
  })
})

test('the login of a socket is the one of everybody', async () => {
  const world = phoneWith({ token: 'none' })
  times(4, () => open(world.api))
  const got = world.api.get('/orders')
  await world.fake.clock.advance(SOON)
  await got
  expect([exchangesAt(world), new Set(world.tokens())]).toEqual([1, new Set(['token-1'])])
})
