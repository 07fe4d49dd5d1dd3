import { altered, clientOn } from '../laws/world'
import { echo, IN_WORDS, open, phoneWith, SOON } from './world'

/** What users of other clients have reported, each with its address. */
describe('a refusal names its status in the words of whoever has made the handshake', () => {
  test.each([
    // SocketRocket (facebookincubator/SocketRocket#135), OkHttp (briqt/xunfei-spark4j#12), Java-WebSocket, ws (eclipse-ditto/ditto#845).
    'Received bad response code from server: 401.',
    'received bad response code from server 401',
    "Expected HTTP 101 response but was '401 Unauthorized'",
    'Invalid status code received: 401 Status line: HTTP/1.1 401 Unauthorized',
    'Unexpected server response: 401',
    // DevTools (tennessine/paho.mqtt.wxapp#6).
    "WebSocket connection to 'wss://api.test/ws?id=7' failed: Error during WebSocket handshake: Unexpected response code: 401",
  ])('%s', async (words) => {
    const { fake, api, tokens } = phoneWith({ token: 'dead', fake: { socketRefusal: () => words } })
    const { closes, socket } = open(api)
    await fake.clock.advance(SOON)
    expect([closes[0]?.status, tokens(), socket.state]).toEqual([401, ['dead', 'token-1'], 'open'])
  })

  test.each([
    'connectSocket:fail https://api.test:443/ws cannot be reached',
    'response timeout of 4000 ms',
    'Underlying Transport Error: 404',
    'errcode:401 fail',
    "WebSocket connection to 'wss://api.test/ws?status=401' failed",
  ])('and none in %s', async (words) => {
    const { fake, api, logins } = phoneWith({ token: 'dead', fake: { socketRefusal: () => words } })
    const { closes } = open(api)
    await fake.clock.advance(SOON)
    expect([closes[0]?.status, logins()]).toEqual([undefined, 0])
  })
})

test('the time-out of a try that failed does not end the connection after it (pladaria/reconnecting-websocket#50)', async () => {
  const { fake, api, lines } = phoneWith({ handler: echo })
  fake.misbehave('connectSocket', 'fail')
  const { socket, opens, closes } = open(api, { connectionTimeout: 4000 })
  await fake.clock.advance(60_000)
  expect([socket.state, opens(), closes.length, lines.length]).toEqual(['open', 1, 1, 1])
})

test('maxRetries counts connections that open and are closed at once (zimv/websocket-heartbeat-js#8)', async () => {
  const { fake, api, lines } = phoneWith({ handler: (line) => line.close(1000) })
  const { socket, errors } = open(api, { maxRetries: 3 })
  await fake.clock.advance(60_000)
  expect([socket.state, lines.length, errors.map(({ code }) => code)]).toEqual(['closed', 4, ['NETWORK']])
})

test('error and close of each failed try are one try, and not two more (vitechliu/zhuoyao_radar#15)', async () => {
  const { fake, api, lines } = phoneWith({
    fake: { socketRefusal: IN_WORDS },
    handler: (line) => line.refuse(502),
  })
  const { closes } = open(api)
  await fake.clock.advance(300_000)
  expect(closes.length).toBe(lines.length)
  // 1, 2, 4, 8, 16 s, and 30 s from then on, half of each random.
  expect(lines.length).toBeLessThan(26)
})

test('what was queued is sent by the connection that takes the place of another (cloudflare/partykit#403)', async () => {
  const { fake, api, lines } = phoneWith({ handler: echo })
  const { socket, closes, messages } = open(api)
  await fake.clock.advance(SOON)
  socket.reconnect()
  expect(closes).toHaveLength(1)
  socket.send('a')
  socket.reconnect()
  socket.send('b')
  await fake.clock.advance(SOON)
  expect([lines.at(-1)?.received, messages]).toEqual([
    ['a', 'b'],
    ['echo a', 'echo b'],
  ])
})

test('a phone that takes messages without a network is found out by the heartbeat (dcloudio/uni-app#744)', async () => {
  const { fake, api, lines } = phoneWith({ handler: () => undefined })
  const { socket, closes, states } = open(api, { heartbeat: { interval: 5000, timeout: 2000 } })
  await fake.clock.advance(SOON)
  expect(socket.send('a')).toBe(true)
  await fake.clock.advance(7000)
  expect([closes[0], states.includes('waiting'), lines[0]?.received]).toEqual([
    { code: 1006, reason: 'heartbeat.timeout of 2000 ms', wasOpen: true, willReconnect: true },
    true,
    ['a', 'ping'],
  ])
})

test('without protocols none are asked for, not even an empty list (NervJS/taro#13181)', async () => {
  const { fake } = phoneWith()
  const given: object[] = []
  const connectSocket = (options: object) => void given.push(options)
  const { api } = clientOn(fake, { checkSession: false, platform: altered(fake, { connectSocket }) })
  const sockets = [open(api), open(api, { protocols: ['v1', 'x'] })]
  await fake.clock.advance(SOON)
  expect(given.map((options) => 'protocols' in options)).toEqual([false, true])
  for (const { socket } of sockets) socket.close()
})
