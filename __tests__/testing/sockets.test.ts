import {
  createFakeWeChat,
  type FakeWeChat,
  type FakeWeChatOptions,
  type SocketHandler,
  type SocketMisbehaviour,
} from '../../src/testing'

const URL = 'wss://api.test/ws'
const GOING = { code: 1001, reason: 'Stream end encountered' }

interface Task {
  onOpen(listener: (event: { header: object }) => void): void
  onMessage(listener: (event: { data: string | ArrayBuffer }) => void): void
  onError(listener: (event: { errMsg: string }) => void): void
  onClose(listener: (event: { code: number; reason: string }) => void): void
  send(message: { data: unknown; success?: () => void; fail?: (failure: { errMsg: string }) => void }): void
  close(how?: { code?: number; reason?: string }): void
}

/** Connects, listens at once as the network guide says (fact 18), and notes all that is told. */
function connect(fake: FakeWeChat, options: object = {}) {
  const heard: string[] = []
  const task = fake.wx.connectSocket({
    url: URL,
    success: () => heard.push('taken'),
    fail: ({ errMsg }: { errMsg: string }) => heard.push(errMsg),
    ...options,
  }) as Task
  task.onOpen(() => heard.push('open'))
  task.onMessage(({ data }) =>
    heard.push(`< ${typeof data === 'string' ? data : Object.prototype.toString.call(data)}`),
  )
  task.onError(({ errMsg }) => heard.push(`! ${errMsg}`))
  task.onClose(({ code, reason }) => heard.push(`close ${code} ${reason}`.trim()))
  return { task, heard }
}

function phone(handler: SocketHandler = () => undefined, options: Omit<FakeWeChatOptions, 'clock'> = {}) {
  const fake = createFakeWeChat(options)
  fake.server.onSocket('/ws', handler)
  return { fake, lines: fake.server.connections, clock: fake.clock }
}

describe('connectSocket', () => {
  test('success says that the call was taken, and the open comes when the way there and back is over (17)', async () => {
    const { fake, clock } = phone()
    const { heard } = connect(fake)
    await clock.advance(5)
    expect(heard).toEqual(['taken'])
    await clock.advance(5)
    expect([heard, fake.openSockets, fake.calls.sockets]).toEqual([['taken', 'open'], 1, 1])
  })

  test('header and protocols arrive (17)', async () => {
    const { fake, lines, clock } = phone()
    connect(fake, { header: { 'X-App': 'a' }, protocols: ['chat'] })
    await clock.runAll()
    expect([lines[0]?.request.headerOf('x-app'), lines[0]?.protocols]).toEqual(['a', ['chat']])
  })

  test('same-tick: it is open within the call, and whoever listens at once is told (18)', async () => {
    const { fake, clock } = phone()
    fake.misbehave('connectSocket', 'same-tick')
    const task = fake.wx.connectSocket({ url: URL }) as Task
    let opens = 0
    task.onOpen(() => opens++)
    expect(opens).toBe(1)
    await clock.runAll()
    expect(opens).toBe(1)
  })

  test('the task has no off… and no state (19)', () => {
    const { fake } = phone()
    const { task } = connect(fake)
    expect(
      ['offOpen', 'offMessage', 'readyState', 'protocol', 'bufferedAmount'].filter((name) => name in task),
    ).toEqual([])
  })

  test.each([
    ['https://api.test/ws', 'invalid url'],
    ['wss://other.test/ws', 'domain list'],
  ])('%s fails with the words of the phone', async (url, words) => {
    const { fake, lines, clock } = phone(undefined, { domains: ['wss://api.test', 'https://api.test'] })
    const { heard } = connect(fake, { url })
    await clock.runAll()
    expect([heard.length, heard[0], lines]).toEqual([1, expect.stringContaining(words), []])
  })

  test.each([
    [undefined, 5],
    [2, 2],
  ])('at most five at once, or socketLimit: %p (20)', async (socketLimit, limit) => {
    const { fake, clock } = phone(undefined, socketLimit === undefined ? {} : { socketLimit })
    const all = Array.from({ length: limit + 1 }, () => connect(fake))
    await clock.runAll()
    expect(all.map(({ heard }) => heard.at(-1))).toEqual([
      ...Array.from({ length: limit }, () => 'open'),
      'connectSocket:fail exceed max cocurrent count',
    ])
    all[0]?.task.close()
    await clock.runAll()
    const { heard } = connect(fake)
    await clock.runAll()
    expect([heard.at(-1), fake.calls.maxSockets]).toEqual(['open', limit])
  })
})

describe('a refused handshake', () => {
  test('does not tell its status (21)', async () => {
    for (const status of [401, 403, 502]) {
      const { fake, clock } = phone((line) => line.refuse(status))
      const { heard } = connect(fake)
      await clock.runAll()
      expect(heard).toEqual([
        'taken',
        '! exception onOpen fail code:20, msg:Invalid HTTP status.',
        'close 1006',
      ])
    }
  })

  test('does where the test says so, as in DevTools (21)', async () => {
    const { fake, clock } = phone((line) => line.refuse(404), {
      socketRefusal: (status) => `Unexpected response code: ${status}`,
    })
    const { heard } = connect(fake)
    await clock.runAll()
    expect(heard[1]).toBe('! Unexpected response code: 404')
  })

  test('is what a path without a route, a handler that throws and one that rejects come to', async () => {
    for (const handler of [
      () => {
        throw new Error('broken')
      },
      () => Promise.reject(new Error('broken')),
    ]) {
      const { fake, clock } = phone(handler, { socketRefusal: String })
      const { heard } = connect(fake)
      await clock.runAll()
      expect(heard[1]).toBe('! 500')
    }
    const { fake, clock } = phone(undefined, { socketRefusal: String })
    const { heard } = connect(fake, { url: 'wss://api.test/nowhere' })
    await clock.runAll()
    expect(heard[1]).toBe('! 404')
  })

  test('with guardSocket one without a live token gets 401', async () => {
    const { fake, clock } = phone(undefined, { socketRefusal: String })
    fake.server.onSocket(
      '/ws',
      fake.server.guardSocket(() => undefined),
    )
    const token = fake.server.issue()
    const refused = connect(fake)
    const taken = connect(fake, { header: { Authorization: `Bearer ${token}` } })
    await clock.runAll()
    expect([refused.heard[1], taken.heard[1]]).toEqual(['! 401', 'open'])
  })

  test('without a network nothing arrives (22)', async () => {
    const { fake, lines, clock } = phone()
    fake.network.offline()
    const { heard } = connect(fake)
    await clock.runAll()
    expect([heard, lines]).toEqual([['taken', '! Underlying Transport Error', 'close 1006'], []])
  })
})

describe('how it ends', () => {
  test('by the phone: with its code and reason, 1000 by itself (23, 27)', async () => {
    for (const [how, end] of [
      [{}, { code: 1000, reason: '' }],
      [
        { code: 4000, reason: '再见' },
        { code: 4000, reason: '再见' },
      ],
    ] as const) {
      const { fake, lines, clock } = phone()
      const { task, heard } = connect(fake)
      await clock.advance(20)
      task.close(how)
      await clock.runAll()
      expect([heard.at(-1), lines[0]?.end]).toEqual([`close ${end.code} ${end.reason}`.trim(), end])
      expect(fake.openSockets).toBe(0)
    }
  })

  test('by the server (23)', async () => {
    const { fake, lines, clock } = phone()
    const { heard } = connect(fake)
    await clock.advance(20)
    lines[0]?.close(GOING.code, GOING.reason)
    await clock.runAll()
    expect(heard.at(-1)).toBe('close 1001 Stream end encountered')
  })

  test('by a broken line: both sides see 1006 (23)', async () => {
    const { fake, lines, clock } = phone()
    const { heard } = connect(fake)
    await clock.advance(20)
    lines[0]?.drop()
    await clock.runAll()
    expect([heard.at(-1), lines[0]?.end?.code]).toEqual(['close 1006 abnormal closure', 1006])
  })

  test('a line that the phone cuts is over at the server before the phone can dial another', async () => {
    const { fake, lines, clock } = phone()
    const { task } = connect(fake)
    await clock.runAll()
    let before: string | undefined
    task.onClose(() => {
      before = lines[0]?.state
    })
    fake.network.offline()
    await clock.runAll()
    expect(before).toBe('closed')
  })

  test('by five seconds in the background, as "interrupted" (23, 24)', async () => {
    const { fake, lines, clock } = phone()
    const { heard } = connect(fake)
    await clock.advance(20)
    fake.app.toBackground()
    await clock.advance(4900)
    expect([heard.length, fake.openSockets]).toEqual([2, 1])
    await clock.advance(200)
    fake.app.toForeground()
    await clock.advance(0)
    expect([heard.at(-1), lines[0]?.state, fake.openSockets]).toEqual(['close 1000 interrupted', 'closed', 0])
  })

  test.each<[SocketMisbehaviour, string[]]>([
    ['no-close', []],
    ['error-only', [`! ${GOING.reason}`]],
    ['close-only', [`close 1001 ${GOING.reason}`]],
  ])('%s: onError and onClose need not both come (24, 25)', async (behaviour, ending) => {
    const { fake, lines, clock } = phone()
    fake.misbehave('connectSocket', behaviour)
    const { heard } = connect(fake)
    await clock.advance(20)
    lines[0]?.close(GOING.code, GOING.reason)
    await clock.runAll()
    expect([heard.slice(2), fake.openSockets]).toEqual([ending, 0])
  })

  test.each<[SocketMisbehaviour, string[]]>([
    ['no-close', ['! no']],
    ['error-only', ['! no']],
    ['error-twice', ['! no', '! fail', 'close 1006']],
    ['close-only', ['close 1006']],
  ])('%s of a handshake that is refused (25)', async (behaviour, ending) => {
    const { fake, clock } = phone((line) => line.refuse(), { socketRefusal: () => 'no' })
    fake.misbehave('connectSocket', behaviour)
    const { heard } = connect(fake)
    await clock.runAll()
    expect(heard.slice(1)).toEqual(ending)
  })

  test('late-messages: close() has no effect, and what the server sends is still told (28)', async () => {
    const { fake, lines, clock } = phone()
    fake.misbehave('connectSocket', 'late-messages')
    const { task, heard } = connect(fake)
    await clock.advance(20)
    task.close()
    await clock.advance(20)
    lines[0]?.send('late')
    await clock.runAll()
    expect([heard.at(-1), lines[0]?.state, fake.openSockets]).toEqual(['< late', 'open', 0])
  })
})

describe('messages', () => {
  test('travel in order, both ways, text and buffers (19)', async () => {
    const { fake, lines, clock } = phone((line) => line.onMessage((data) => line.send(data)))
    const { task, heard } = connect(fake)
    await clock.advance(20)
    const bytes = new ArrayBuffer(2)
    for (const data of ['a', 'b', bytes]) task.send({ data })
    await clock.runAll()
    expect(lines[0]?.received).toEqual(['a', 'b', bytes])
    expect(heard.slice(2)).toEqual(['< a', '< b', '< [object ArrayBuffer]'])
  })

  test('before the open and after the end they fail (27)', async () => {
    const { fake, lines, clock } = phone()
    const { task } = connect(fake)
    const told: string[] = []
    const say = (data: string): void =>
      task.send({ data, success: () => told.push(data), fail: ({ errMsg }) => told.push(errMsg) })
    say('early')
    await clock.advance(20)
    say('now')
    await clock.advance(20)
    task.close()
    say('late')
    await clock.runAll()
    const refusal = expect.stringContaining('readyState is not OPEN') as string
    expect([told, lines[0]?.received]).toEqual([[refusal, 'now', refusal], ['now']])
  })

  test('that are neither text nor buffer throw (19)', async () => {
    const { fake, clock } = phone()
    const { task } = connect(fake)
    await clock.advance(20)
    expect(() => task.send({ data: { a: 1 } })).toThrow('neither a string nor an ArrayBuffer')
  })

  test('of the handshake come behind the open, with message-first one ahead of it', async () => {
    const { fake, clock } = phone((line) => line.send('hi'))
    fake.misbehave('connectSocket', 'message-first')
    const odd = connect(fake)
    const usual = connect(fake)
    await clock.runAll()
    expect([odd.heard, usual.heard].map((heard) => heard.slice(1))).toEqual([
      ['< before the open', 'open', '< hi'],
      ['open', '< hi'],
    ])
  })
})

describe('a platform that is another', () => {
  test('promise-task: a promise of a task, as Taro (29)', async () => {
    const { fake, clock } = phone()
    fake.misbehave('connectSocket', 'promise-task')
    const task = await (fake.wx.connectSocket({ url: URL }) as unknown as Promise<Task>)
    let opens = 0
    task.onOpen(() => opens++)
    await clock.runAll()
    expect(opens).toBe(1)
  })

  test('hang, throw, fail and undefined-task make no socket', async () => {
    const { fake, lines, clock } = phone()
    fake.misbehave('connectSocket', 'hang')
    const { heard } = connect(fake)
    fake.misbehave('connectSocket', 'throw')
    expect(() => connect(fake)).toThrow('connectSocket')
    fake.misbehave('connectSocket', 'undefined-task')
    expect(fake.wx.connectSocket({ url: URL })).toBeUndefined()
    fake.misbehave('connectSocket', 'fail')
    const failed = connect(fake)
    await clock.runAll()
    expect([heard, failed.heard, lines]).toEqual([['taken'], ['connectSocket:fail'], []])
  })
})
