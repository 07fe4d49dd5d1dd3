import fc from 'fast-check'
import type { CloseEvent, Socket } from '../../src/socket'
import { openSocket } from '../../src/socket'
import { altered, clientOn } from '../laws/world'
import { PATH, phoneWith } from './world'
import { runs } from '../runs'

const story = fc.record({
  /** What is drawn from, round and round: whatever phone and app do is told by it. */
  numbers: fc.array(fc.nat({ max: 99 }), { minLength: 10, maxLength: 60 }),
  waits: fc.array(fc.constantFrom(0, 1, 5, 25, 400, 700, 1200, 6000, 40_000), {
    minLength: 5,
    maxLength: 25,
  }),
  token: fc.constantFrom('good' as const, 'dead' as const, 'none' as const),
  /** How often of a hundred times the phone calls back within the call. */
  withinTheCall: fc.nat({ max: 100 }),
  auth: fc.boolean(),
  url: fc.constantFrom('text', 'function', 'promise', 'function that may throw'),
})

type Told = (event?: unknown) => void
interface Line {
  isOpen: boolean
  isOver: boolean
  readonly told: { open?: Told; message?: Told; error?: Told; close?: Told }
}

interface Draw {
  /** A number below this. */
  (below: number): number
  /** Within this call, or a while later. */
  readonly soon: (run: () => void) => void
}

/** A phone whose lines do anything at any time. */
function wildPhone(draw: Draw) {
  const lines: Line[] = []
  const { soon } = draw

  function live(line: Line): void {
    line.isOpen = true
    line.told.open?.({ header: {} })
    const end = (event: object) => () => endOf(line, event)
    const fates = [
      end({ code: 4401 }),
      end({ code: 1000, reason: 'x' }),
      () => line.told.error?.({ errMsg: 'x' }),
    ]
    soon(() => line.isOver || line.told.message?.({ data: 'hi' }))
    const fate = fates[draw(9)]
    if (fate) soon(fate)
  }

  function endOf(line: Line, event: object): void {
    line.isOver = true
    line.told.close?.(event)
  }

  function connectSocket({ fail }: { fail: Told }): unknown {
    const line: Line = { isOpen: false, isOver: false, told: {} }
    const refuse = (): void => {
      if (!line.isOpen) fail({ errMsg: 'connectSocket:fail' })
    }
    const kind = draw(12)
    if (kind === 0) throw new Error('no: Unexpected response code: 401')
    if (kind < 3) soon(refuse)
    if (kind === 1) return undefined
    lines.push(line)
    const task = {
      onOpen: (told: Told) => {
        line.told.open = told
        if (kind !== 3) soon(() => line.isOver || live(line))
      },
      onMessage: (told: Told) => void (line.told.message = told),
      onError: (told: Told) => {
        line.told.error = told
        if (kind === 4) soon(() => told({ errMsg: 'Unexpected response code: 401' }))
      },
      onClose: (told: Told) => {
        line.told.close = told
        if (kind === 5) soon(() => endOf(line, { code: 1006 }))
        if (kind === 6) soon(() => endOf(line, { code: 4401 }))
      },
      send: (message: { fail: Told }) => {
        if (draw(6) === 0) soon(() => message.fail({ errMsg: 'send:fail' }))
      },
      close: () => {
        const how = draw(4)
        line.isOpen = false
        if (how === 0) throw new Error('close() is not to be called now')
        if (how !== 1) soon(() => endOf(line, { code: 1000 }))
      },
    }
    return kind === 7 ? Promise.resolve(task) : task
  }

  return { connectSocket, openLines: () => lines.filter(({ isOpen, isOver }) => isOpen && !isOver).length }
}

/** What is wrong with what was told. */
function problemsIn(log: readonly string[]): string[] {
  const turns = log.filter((each) => /^(open|close)/.test(each))
  const wrong = turns.filter((each, index) => {
    const wasOpen = turns[index - 1] === 'open'
    return each === 'open' ? wasOpen : each.startsWith('close open') !== wasOpen
  })
  const ends = turns.filter((each) => each.endsWith('for good'))
  return wrong.concat(
    ends.slice(1),
    log.slice(log.indexOf('=closed') + 1).filter((each) => !/^(!|close)/.test(each)),
  )
}

test('whatever the app does from within whatever it is told, on any phone', async () => {
  const random = jest.spyOn(Math, 'random')
  await fc.assert(
    fc.asyncProperty(story, async ({ numbers, waits, token, withinTheCall, auth, url }) => {
      const { fake } = phoneWith({ token })
      let drawn = 0
      /** Of calls within calls: a story has an end. */
      let left = 150
      const next = (): number => (numbers[drawn++ % numbers.length] as number) + ((drawn * 7) % 13)
      const draw: Draw = Object.assign((below: number) => next() % below, {
        soon(run: () => void) {
          if (draw(100) < withinTheCall && left-- > 0) run()
          else fake.clock.setTimeout(run, draw(30))
        },
      })
      random.mockImplementation(() => draw(100) / 100)
      const { connectSocket, openLines } = wildPhone(draw)
      const { api } = clientOn(fake, { checkSession: false, platform: altered(fake, { connectSocket }) })

      const log: string[] = []
      let most = 0
      const deeds: ((socket: Socket) => unknown)[] = [
        (socket) => socket.reconnect(),
        (socket) => socket.send('m'),
        (socket) => draw(5) === 0 && socket.close(),
        () => fake.app.toBackground(),
        () => fake.app.toForeground(),
        () => draw(7) === 0 && api.logout(),
        () => void api.get('/me').catch(() => undefined),
      ]
      const act = (): void => {
        most = Math.max(most, openLines())
        const deed = deeds[draw(14)]
        if (deed && left-- > 0) deed(socket)
      }
      const acting =
        <A extends unknown[], T>(give: (...given: A) => T) =>
        (...given: A): T => {
          act()
          return give(...given)
        }
      const urls = {
        text: PATH,
        function: acting(() => PATH),
        promise: acting(() => Promise.resolve(PATH)),
        'function that may throw': acting(() => {
          if (draw(5) === 0) throw new Error('no url')
          return PATH
        }),
      }
      api.on(act)
      const socket = openSocket(api, {
        auth,
        url: urls[url],
        connectionTimeout: 2000,
        heartbeat: { interval: 3000, timeout: 1000, message: acting(() => 'ping') },
        isUnauthorized: acting(({ code, status }: CloseEvent) => code === 4401 || status === 401),
        shouldReconnect: acting(() => draw(30) !== 0),
        verify: acting(() => api.get('/me')),
      })
      const told = (words: string): void => {
        log.push(words)
        act()
      }
      socket.on('state', (state) => told(`=${state}`))
      socket.on('open', () => told('open'))
      socket.on('message', () => told('message'))
      socket.on('error', () => told('!'))
      socket.on('close', ({ wasOpen, willReconnect }) =>
        told(`close ${wasOpen ? 'open' : 'try'}${willReconnect ? '' : ' for good'}`),
      )
      for (const ms of waits) {
        await fake.clock.advance(ms)
        act()
      }
      socket.close()
      fake.app.toForeground()
      await fake.clock.advance(9000)

      expect([socket.state, problemsIn(log), openLines()]).toEqual(['closed', [], 0])
      expect(log.filter((each) => each.endsWith('for good'))).toHaveLength(1)
      expect(most).toBeLessThan(2)
      // Each has given back its place among the five.
      const others = Array.from({ length: 5 }, () => openSocket(api, { url: PATH, auth: false }))
      await fake.clock.advance(0)
      expect(others.map(({ state }) => state)).not.toContain('closed')
      for (const other of others) other.close()
      await fake.clock.advance(2000)
    }),
    runs(100),
  )
  random.mockRestore()
}, 60_000)
