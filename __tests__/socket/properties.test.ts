import fc from 'fast-check'
import type { CloseEvent, Socket } from '../../src/socket'
import { openSocket } from '../../src/socket'
import type { FakeConnection, SocketMisbehaviour } from '../../src/testing'
import { IN_WORDS, PATH, phoneWith } from './world'
import { runs } from '../runs'

type Oddity = SocketMisbehaviour | 'hang' | 'throw' | 'undefined-task' | 'promise-task' | 'same-tick' | 'fail'
type Deed =
  | { do: 'send'; at: number }
  | { do: 'wait'; ms: number }
  | { do: 'odd'; oddity: Oddity }
  | { do: 'close line'; code: number }
  | { do: 'refuse'; status: number | undefined }
  | { do: 'end'; at: number }
  | { do: 'again'; at: number }
  | { do: 'drop' | 'greet' | 'expire' | 'hide' | 'show' | 'offline' | 'online' | 'ask' | 'logout' }

const ODDITIES: Oddity[] = [
  'no-close',
  'error-only',
  'error-twice',
  'close-only',
  'late-messages',
  'message-first',
  'hang',
  'throw',
  'undefined-task',
  'promise-task',
  'same-tick',
  'fail',
]
const at = fc.nat({ max: 2 })
const deeds = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('send' as const), at }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(0, 3, 8, 25, 700, 6000, 40_000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('odd' as const), oddity: fc.constantFrom(...ODDITIES) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('close line' as const),
      code: fc.constantFrom(1000, 1001, 4000, 4401),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('refuse' as const),
      status: fc.constantFrom(undefined, 401, 502),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('end' as const, 'again' as const), at }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'drop',
        'greet',
        'expire',
        'hide',
        'show',
        'offline',
        'online',
        'ask',
        'logout' as const,
      ),
    }),
  },
)
interface Story {
  deeds: Deed[]
  sockets: number
  token: 'good' | 'dead' | 'none'
  isTold: boolean
  logsOut: boolean
}
const stories: fc.Arbitrary<Story> = fc.record({
  deeds: fc.array(deeds, { minLength: 1, maxLength: 30 }),
  sockets: fc.integer({ min: 1, max: 3 }),
  token: fc.constantFrom('good' as const, 'dead' as const, 'none' as const),
  isTold: fc.boolean(),
  logsOut: fc.boolean(),
})

/** The line that is waited for is cut by the phone, and the next one is open within the call. */
const DIALLED_WITHIN_A_CLOSE: Story = {
  deeds: [
    { do: 'wait', ms: 25 },
    { do: 'again', at: 0 },
    { do: 'odd', oddity: 'same-tick' },
    { do: 'offline' },
  ],
  sockets: 1,
  token: 'good',
  isTold: false,
  logsOut: false,
}

const answerPings = (line: FakeConnection): void =>
  line.onMessage((text) => {
    if (text === 'ping') line.send('pong')
  })

/** What one socket has told. */
interface Told {
  socket: Socket
  log: ('open' | CloseEvent)[]
  sent: string[]
  afterEnd: number
}

test('any server, any phone: the laws of sockets hold', async () => {
  await fc.assert(
    fc.asyncProperty(stories, async ({ deeds, sockets, token, isTold, logsOut }) => {
      const world = phoneWith({ token, ...(isTold && { fake: { socketRefusal: IN_WORDS } }) })
      const { fake, api } = world
      const { server } = fake
      const immortal = new Set<FakeConnection>()
      const problems: string[] = []
      let refusal: number | undefined
      let deaths = token === 'good' ? 0 : 1
      /** Where the next line will not be ended by its phone. */
      const late = new Set<string>()
      for (let nth = 0; nth < sockets; nth++)
        server.onSocket(`${PATH}${nth}`, (line) => {
          if (late.delete(line.request.url)) immortal.add(line)
          // K1: the one before it is over.
          const others = server.connections.filter(
            (other) => other !== line && other.state === 'open' && other.request.path === line.request.path,
          )
          if (others.some((other) => !immortal.has(other))) problems.push(`K1: two lines of ${nth}`)
          if (refusal !== undefined) {
            if (refusal === 401) deaths++
            return line.refuse(refusal)
          }
          if (server.isAuthorized(line.request)) answerPings(line)
          else line.refuse(401)
        })

      const all: Told[] = Array.from({ length: sockets }, (_, nth) => {
        const told: Told = {
          socket: openSocket(api, {
            url: `${PATH}${nth}`,
            heartbeat: {},
            ...(!isTold && { verify: () => api.get('/me') }),
          }),
          log: [],
          sent: [],
          afterEnd: 0,
        }
        const { socket } = told
        const hasEnded = () => told.log.some((each) => each !== 'open' && !each.willReconnect)
        const count = () => {
          if (hasEnded()) told.afterEnd++
        }
        socket.on('open', () => {
          count()
          told.log.push('open')
        })
        socket.on('message', count)
        socket.on('close', (event) => {
          count()
          told.log.push(event)
        })
        return told
      })

      const lines = () => server.connections.filter(({ state }) => state === 'open')
      const pick = (index: number) => all[index % all.length] as Told
      const act = async (deed: Deed): Promise<void> => {
        switch (deed.do) {
          case 'send': {
            const { socket, sent } = pick(deed.at)
            const text = `${deed.at % all.length}:${sent.length}`
            if (socket.send(text)) sent.push(text)
            return
          }
          case 'wait':
            return fake.clock.advance(deed.ms)
          case 'odd':
            fake.misbehave('connectSocket', deed.oddity, 1, ({ url = '' }) => {
              if (deed.oddity === 'late-messages') late.add(url)
              return true
            })
            break
          case 'close line':
            if (deed.code === 4401) deaths += lines().length
            lines().forEach((line) => line.close(deed.code))
            break
          case 'refuse':
            refusal = deed.status
            return
          case 'end':
            pick(deed.at).socket.close()
            break
          case 'again':
            pick(deed.at).socket.reconnect()
            break
          case 'drop':
            lines().forEach((line) => line.drop())
            break
          case 'greet':
            lines().forEach((line) => line.send('hi'))
            break
          case 'expire':
            deaths++
            server.expire()
            break
          case 'hide':
            fake.app.toBackground()
            break
          case 'show':
            fake.app.toForeground()
            break
          case 'offline':
            fake.network.offline()
            break
          case 'online':
            fake.network.online()
            break
          case 'ask':
            api.get('/orders').catch(() => undefined)
            return
          case 'logout':
            deaths++
            api.logout()
            break
        }
      }
      const isHidden = () => fake.app.isInBackground
      for (const deed of deeds) {
        const wasHidden = isHidden()
        const before = fake.calls.sockets
        await act(deed)
        await fake.clock.advance(0)
        // K8: nothing is tried in the background.
        if (wasHidden && isHidden() && fake.calls.sockets !== before) problems.push('K8: tried while hidden')
      }

      // All is well again.
      refusal = undefined
      fake.behave()
      fake.network.online()
      fake.app.toForeground()
      await fake.clock.advance(400_000)
      if (logsOut) api.logout()
      else {
        // What has not ended is open.
        for (const { socket } of all)
          if (!/open|closed/.test(socket.state)) problems.push(`it is ${socket.state}`)
        all.forEach(({ socket }) => socket.close())
      }
      await fake.clock.runAll()

      for (const { log, sent, afterEnd } of all) {
        // K10, K12: open and close take turns, and the last one is the end.
        let isOpen = false
        for (const each of log) {
          if (each === 'open') {
            if (isOpen) problems.push('K10: two opens')
            isOpen = true
          } else {
            if (each.wasOpen !== isOpen) problems.push('K10: a close that is of no try')
            isOpen = false
          }
        }
        const ends = log.filter((each) => each !== 'open' && !each.willReconnect)
        if (ends.length !== 1 || ends[0] !== log.at(-1) || afterEnd)
          problems.push('K12: it has not ended once')
        // K9: in order, none twice.
        const nth = all.findIndex((one) => one.sent === sent)
        const received = server.connections
          .filter(({ request }) => request.path === `${PATH}${nth}`)
          .flatMap((line) => line.received)
          .filter((text) => text !== 'ping')
          .map((text) => sent.indexOf(text as string))
        if (received.some((place, index) => place < 0 || place <= (received[index - 1] ?? -1)))
          problems.push(`K9: ${received.join(' ')}`)
      }
      // K3: no login but for a token that has died; law 5.
      if (world.logins() > deaths + 1) problems.push(`K3: ${world.logins()} logins for ${deaths} deaths`)
      if (server.codesReused.length) problems.push('law 5: a code was used twice')
      // K1, K13: all is given back.
      if (fake.openSockets || fake.calls.maxSockets > 5) problems.push(`K13: ${fake.openSockets} are left`)
      expect(problems).toEqual([])
    }),
    { ...runs(200), examples: [[DIALLED_WITHIN_A_CLOSE]] },
  )
}, 120_000)
