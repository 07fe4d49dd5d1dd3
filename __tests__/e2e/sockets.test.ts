import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'
import { createClient } from '../../src'
import type { SocketOptions } from '../../src/socket'
import { createFakeWeChat, httpTransport, realClock } from '../../src/testing'
import { listen, open } from '../socket/world'
import { countFrom, phone, until, useBackend, usual } from './world'
import { wsTransport } from './ws-transport'

const backend = useBackend()
const QUICK: Partial<SocketOptions> = { minReconnectionDelay: 20, maxReconnectionDelay: 100, minUptime: 100 }

/** A phone with a socket to the example server. */
function chatting(options: Partial<SocketOptions> = {}) {
  const made = phone(backend().address)
  return { ...made, ...open(made.api, { ...QUICK, ...options }) }
}

describe('a socket to the example server', () => {
  test('logs in, sends what was queued in order, and is closed for good', async () => {
    const { fake, socket, messages } = chatting()
    socket.send('a')
    socket.send('茶 🍵')
    await until(() => messages.length === 2)
    expect(messages).toEqual(['echo a', 'echo 茶 🍵'])
    socket.close(4000, '再见')
    expect([socket.state, socket.send('c')]).toEqual(['closed', false])
    await until(() => fake.openSockets === 0)
  })

  test('buffers go and come as they are', async () => {
    const { socket, messages } = chatting()
    socket.send(new Uint8Array([0, 1, 255]).buffer)
    await until(() => messages.length === 1)
    expect([...new Uint8Array(messages[0] as ArrayBuffer)]).toEqual([0, 1, 255])
    socket.close()
  })

  test('a dead token is closed with 4401: one login, shared with ten requests', async () => {
    const { api, socket, messages, opens, closes } = chatting()
    socket.send('before')
    await until(() => messages.length === 1)
    const counts = await countFrom(backend())
    await backend().expire()
    socket.send('lost')
    const got = Promise.all(Array.from({ length: 10 }, () => api.get('/me')))
    await until(() => opens() === 2)
    await got
    socket.send('after')
    await until(() => messages.length === 2)
    expect([messages, closes.map(({ code }) => code)]).toEqual([['echo before', 'echo after'], [4401]])
    expect(await counts()).toMatchObject({ logins: 1, codes: 1, codesRefused: 0 })
    socket.close()
  })

  test('the server restarts: what was queued meanwhile arrives, with the token there is', async () => {
    const { socket, messages, opens, closes } = chatting()
    await until(() => opens() === 1)
    const counts = await countFrom(backend())
    await backend().goAway()
    await until(() => socket.state === 'waiting')
    socket.send('kept')
    await until(() => closes.length > 2)
    await backend().comeBack()
    await until(() => messages.length === 1)
    expect(messages).toEqual(['echo kept'])
    expect(await counts()).toMatchObject({ logins: 0, codes: 0 })
    socket.close()
  })

  test('closed in the background, back on show, ended by logout()', async () => {
    const { fake, api, socket, opens, errors } = chatting({ heartbeat: { interval: 20, timeout: 2000 } })
    await until(() => opens() === 1)
    fake.app.toBackground()
    expect(socket.state).toBe('hidden')
    await until(() => fake.openSockets === 0)
    fake.app.toForeground()
    await until(() => opens() === 2)
    api.logout()
    expect([socket.state, errors.map(({ code }) => code)]).toEqual(['closed', ['LOGGED_OUT']])
    await until(() => fake.openSockets === 0)
  })

  test('five are open, the sixth is refused', async () => {
    const made = phone(backend().address)
    const five = Array.from({ length: 5 }, () => open(made.api, { url: '/ws', ...QUICK }))
    await until(() => five.every(({ opens }) => opens() === 1))
    const sixth = open(made.api, { url: '/ws', ...QUICK })
    await until(() => sixth.socket.state === 'closed')
    expect(sixth.errors).toMatchObject([{ code: 'CONFIG' }])
    five.forEach(({ socket }) => socket.close())
  })
})

/** A server that refuses handshakes with a status. */
async function refusing(
  isWelcome: (request: IncomingMessage) => boolean,
  refusal?: (status: number) => string,
) {
  const lines = new Set<WebSocket>()
  const server = createServer((request, response) => {
    const isIn = request.url === '/login' || isWelcome(request)
    if (request.url === '/login') logins++
    response.writeHead(isIn ? 200 : 401, { 'content-type': 'application/json' })
    response.end(JSON.stringify(isIn ? { token: `t${logins}` } : {}))
  })
  const sockets = new WebSocketServer({ noServer: true })
  let logins = 0
  let handshakes = 0
  server.on('upgrade', (request, socket, head) => {
    handshakes++
    if (!isWelcome(request)) return void socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n')
    sockets.handleUpgrade(request, socket, head, (line) => void lines.add(line))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const fake = createFakeWeChat({
    server: httpTransport(),
    sockets: wsTransport,
    clock: realClock,
    ...(refusal && { socketRefusal: refusal }),
  })
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const api = createClient({ ...usual(fake, address), checkSession: false })
  close = async () => {
    for (const line of lines) line.terminate()
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  }
  return { api, lines, counts: () => ({ logins, handshakes }) }
}
let close: (() => Promise<void>) | undefined
afterEach(async () => {
  await close?.()
  close = undefined
})

describe('a server that refuses the handshake', () => {
  const isFresh = ({ headers }: IncomingMessage) => headers.authorization === 'Bearer t2'

  test('with a status that the phone tells: one login', async () => {
    const { api, counts } = await refusing(isFresh, (status) => `Unexpected response code: ${status}`)
    const { opens, socket } = open(api, QUICK)
    await until(() => opens() === 1)
    expect(counts()).toEqual({ logins: 2, handshakes: 2 })
    socket.close()
  })

  test('without one: verify finds out', async () => {
    const { api, counts } = await refusing(isFresh)
    const { opens, socket } = open(api, { ...QUICK, verify: () => api.get('/me') })
    await until(() => opens() === 1)
    expect(counts()).toEqual({ logins: 2, handshakes: 2 })
    socket.close()
  })

  test('every token: it ends, and costs one login more', async () => {
    const { api, counts } = await refusing(
      () => false,
      (status) => `Unexpected response code: ${status}`,
    )
    const { socket, errors } = open(api, QUICK)
    await until(() => socket.state === 'closed')
    expect([counts(), errors.map(({ code }) => code)]).toEqual([
      { logins: 2, handshakes: 2 },
      ['UNAUTHORIZED'],
    ])
  })

  test('a ticket for each connect', async () => {
    const seen: (string | undefined)[] = []
    const { api, lines } = await refusing(
      (request) => request.url !== '/nowhere' && Boolean(seen.push(request.url)),
    )
    let tickets = 0
    const { opens, socket } = open(api, {
      ...QUICK,
      auth: false,
      url: () => api.get('/ticket').then(() => `/ws?ticket=${++tickets}`),
    })
    await until(() => opens() === 1)
    for (const line of lines) line.terminate()
    await until(() => opens() === 2)
    expect(seen).toEqual(['/ticket', '/ws?ticket=1', '/ticket', '/ws?ticket=2'])
    socket.close()
  })
})

test('a line that has gone mute is found by the heartbeat', async () => {
  const { api } = await refusing(() => true)
  const { opens, closes, socket } = open(api, { ...QUICK, heartbeat: { interval: 30, timeout: 30 } })
  await until(() => opens() === 2)
  expect(closes[0]).toMatchObject({ code: 1006, reason: 'heartbeat.timeout of 30 ms' })
  socket.close()
})

test('listeners may be added by whoever shares a socket', async () => {
  const { socket, opens } = chatting()
  const other = listen(socket)
  await until(() => opens() === 1)
  expect(other.opens()).toBe(1)
  socket.close()
})
