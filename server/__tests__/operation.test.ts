import { createServer, Agent, request, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { Registry } from 'prom-client'
import { logTo, refuse, Refused, type AuthEvent } from '../src/index.ts'
import { causeOf } from '../src/log.ts'
import { metrics } from '../src/prometheus.ts'
import { gracefulShutdown, shutDownOnSignals } from '../src/shutdown.ts'
import { setUp, stateOf } from './auth/helpers.ts'

test('metrics tell what became of logins and look-ups, and name no user', async () => {
  const { auth, login, provider } = setUp()
  const registry = new Registry()
  const stop = metrics(auth, registry)
  const token = await login('alice')
  await login('alice')
  await stateOf(auth, token)
  await auth.logout(token)
  provider.exchange = () => Promise.reject(new Refused('code', 'no', { errcode: 40029 }))
  await login('bob').catch(() => undefined)
  const text = await registry.metrics()
  for (const line of [
    'mps_logins_total{app="fake:wx1",result="ok"} 2',
    'mps_logins_total{app="fake:wx1",result="CODE_INVALID"} 1',
    'mps_shared_logins_total{app="fake:wx1"} 1',
    'mps_lookups_total{result="found"} 1',
    'mps_sessions_ended_total{why="logout"} 1',
    'mps_platform_errors_total{app="fake:wx1",errcode="40029"} 1',
    'mps_store_up 1',
    'mps_store_seconds_count{op="open"} 2',
  ]) {
    expect(text).toContain(line)
  }
  expect(text).not.toMatch(/alice|bob|mps_[\w-]{43}/)
  stop()
})

describe('the log', () => {
  function record() {
    const lines: [string, string, object][] = []
    const write = (level: string) => (details: object, text: string) =>
      void lines.push([level, text, details])
    return { lines, write: logTo({ info: write('info'), warn: write('warn'), error: write('error') }) }
  }

  test('has a line for each thing that an operator must know, and none for what goes well', () => {
    const { lines, write } = record()
    const events: AuthEvent[] = [
      { type: 'login', app: 'a', user: 'u', isNewSession: true, ms: 3 },
      { type: 'lookup', result: 'found' },
      { type: 'store-down', store: 'redis', reason: 'no answer in 2000 ms' },
      { type: 'store-up', store: 'redis', ms: 41_200, refused: 412 },
      {
        type: 'login-refused',
        app: 'a',
        code: 'CODE_INVALID',
        status: 400,
        errcode: 40029,
        rid: 'r-1',
        ms: 80,
      },
      {
        type: 'platform',
        app: 'a',
        call: 'stable_token',
        ms: 5000,
        failed: true,
        reason: 'no answer in 5000 ms',
      },
      { type: 'limits-alone' },
    ]
    for (const event of events) write(event)
    expect(lines.map(([level, text]) => `${level} ${text}`)).toEqual([
      'error store down: redis, no answer in 2000 ms',
      'warn store up: redis, after 41.2 s, 412 calls refused',
      'warn login refused: a, CODE_INVALID, errcode 40029',
      'warn a: stable_token failed, no answer in 5000 ms',
      'warn limits count in this process alone: their store does not answer',
    ])
    expect(lines[2]?.[2]).toMatchObject({ rid: 'r-1', ms: 80 })
  })

  test('a mistake of the app is told with its stack; words that may hold a password are not', async () => {
    const { lines, write } = record()
    const { auth, login } = setUp({ onLogin: () => Promise.reject(new TypeError('users is undefined')) })
    auth.on(write)
    await login('alice').catch(() => undefined)
    expect(JSON.stringify(lines)).toContain('users is undefined')
    expect(JSON.stringify(lines)).toContain('operation.test')
    const driver = Object.assign(new Error('connect mysql://root:hunter2@db'), { code: 'ECONNREFUSED' })
    const wrapped = new Error('the store failed', { cause: driver })
    expect(causeOf(wrapped)).toMatchObject({ cause: { code: 'ECONNREFUSED' } })
    expect(JSON.stringify(causeOf(wrapped))).not.toContain('hunter2')
    expect(JSON.stringify(causeOf(new Error('GET https://x/?secret=hunter2')))).not.toContain('hunter2')
  })

  test('why a platform gave no answer is told: an outage is found in the log alone', async () => {
    const { lines, write } = record()
    const { auth, login, provider } = setUp()
    auth.on(write)
    provider.exchange = () =>
      Promise.reject(
        new Refused('unavailable', 'WeChat gave no usable answer: TypeError ENOTFOUND getaddrinfo'),
      )
    await login('alice').catch(() => undefined)
    provider.exchange = () => {
      throw new TypeError('answer.user is undefined')
    }
    await login('alice').catch(() => undefined)
    provider.exchange = () => Promise.reject(new Error('GET https://platform/?secret=hunter2'))
    await login('alice').catch(() => undefined)
    expect(lines.map(([, text]) => text)).toEqual([
      'login refused: fake:wx1, PLATFORM_UNAVAILABLE, WeChat gave no usable answer: TypeError ENOTFOUND getaddrinfo',
      'login refused: fake:wx1, PLATFORM_UNAVAILABLE, exchange() threw',
      'login refused: fake:wx1, PLATFORM_UNAVAILABLE, exchange() threw',
    ])
    expect(lines[1]?.[2]).toMatchObject({ err: { name: 'TypeError', message: 'answer.user is undefined' } })
    expect(JSON.stringify(lines)).toContain('operation.test')
    expect(JSON.stringify(lines)).not.toContain('hunter2')
  })

  test('what the app refuses is no mistake', async () => {
    const { lines, write } = record()
    const { auth, login } = setUp({
      onLogin: () => {
        throw refuse(403, 'BANNED', 'no')
      },
    })
    auth.on(write)
    await login('alice').catch(() => undefined)
    expect(lines.map(([level, text]) => `${level} ${text}`)).toEqual(['warn login refused: fake:wx1, BANNED'])
  })
})

describe('a shutdown', () => {
  async function start(answer: (finish: () => void) => void): Promise<{ server: Server; port: number }> {
    const server = createServer((_request, response) => answer(() => response.end('ok')))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return { server, port: (server.address() as AddressInfo).port }
  }

  function ask(port: number, agent: Agent): Promise<{ status: number; connection: string | undefined }> {
    return new Promise((resolve, reject) => {
      const asked = request({ port, host: '127.0.0.1', agent }, (response) => {
        response.resume().on('end', () => {
          resolve({ status: response.statusCode ?? 0, connection: response.headers.connection })
        })
      })
      asked.on('error', reject).end()
    })
  }

  test('resets no connection that is kept alive: each gets its next answer, which closes it', async () => {
    const { server, port } = await start((finish) => finish())
    const agents = Array.from({ length: 200 }, () => new Agent({ keepAlive: true }))
    await Promise.all(agents.map((agent) => ask(port, agent)))
    const shutdown = gracefulShutdown(server)
    const done = shutdown.shutDown()
    expect(shutdown.isDraining).toBe(true)
    const answers = await Promise.all(agents.map((agent) => ask(port, agent)))
    expect(new Set(answers.map(({ status, connection }) => `${status} ${String(connection)}`))).toEqual(
      new Set(['200 close']),
    )
    await done
    await expect(ask(port, new Agent())).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    for (const agent of agents) agent.destroy()
  })

  test('whoever has connected before it is served, though not taken yet', async () => {
    const { server, port } = await start((finish) => finish())
    const shutdown = gracefulShutdown(server)
    const answers = Array.from({ length: 50 }, () => ask(port, new Agent()))
    // They connect in the next turn, in which Node takes one of them or two.
    await new Promise((resolve) => setImmediate(resolve))
    const done = shutdown.shutDown()
    const statuses = (await Promise.all(answers)).map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set([200]))
    await done
  })

  test('what is in flight is finished; what hangs is cut off in the end', async () => {
    let finish: () => void = () => undefined
    const { server, port } = await start((end) => (finish = end))
    const shutdown = gracefulShutdown(server, { patience: 300 })
    const answer = ask(port, new Agent({ keepAlive: true }))
    await once(server, 'request')
    const done = shutdown.shutDown()
    finish()
    expect(await answer).toEqual({ status: 200, connection: 'close' })
    await done
    const other = await start(() => undefined)
    const hanging = connect(other.port, '127.0.0.1')
    hanging.on('error', () => undefined)
    await once(hanging, 'connect')
    const closed = once(hanging, 'close')
    await gracefulShutdown(other.server, { patience: 50 }).shutDown()
    await closed
  })

  test.each(['before', 'after'])(
    'waits for no WebSocket longer than for the rest, opened %s it was told of the server',
    async (when) => {
      const { server, port } = await start((finish) => finish())
      server.on('upgrade', (_request, socket) => {
        socket.on('error', () => undefined)
        socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n')
      })
      const open = async () => {
        const socket = connect(port, '127.0.0.1')
        socket.on('error', () => undefined)
        socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n')
        await once(socket, 'data')
        return socket
      }
      const early = when === 'before' ? await open() : undefined
      const shutdown = gracefulShutdown(server, { patience: 50 })
      const socket = early ?? (await open())
      await shutdown.shutDown()
      socket.destroy()
    },
  )

  test('what is no server is told of at the start, and not when the process is to end', () => {
    const app: unknown = Object.assign(() => undefined, {
      prependListener: () => undefined,
      on: () => undefined,
    })
    expect(() => gracefulShutdown(app as Server)).toThrow('takes an http.Server')
  })

  test('a signal shuts down, does what is last, and ends the process; a second one ends it at once', async () => {
    const ended = jest.spyOn(process, 'exit').mockImplementation(() => undefined as never)
    const before = process.listeners('SIGTERM')
    const steps: string[] = []
    const { server } = await start((finish) => finish())
    const shutdown = gracefulShutdown(server)
    const last = new Promise<void>((resolve) => {
      shutDownOnSignals(shutdown, () => {
        steps.push('last')
        resolve()
        return Promise.resolve()
      })
    })
    const added = process.listeners('SIGTERM').filter((listener) => !before.includes(listener))
    added[0]?.('SIGTERM')
    await last
    await new Promise((resolve) => setImmediate(resolve))
    expect([steps, ended.mock.calls]).toEqual([['last'], [[0]]])
    added[0]?.('SIGTERM')
    expect(ended).toHaveBeenLastCalledWith(1)
    for (const name of ['SIGTERM', 'SIGINT'] as const) for (const one of added) process.off(name, one)
    ended.mockRestore()
  })
})
