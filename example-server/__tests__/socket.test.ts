import type { FastifyInstance } from 'fastify'
import type { AddressInfo } from 'node:net'
import { WebSocket } from 'ws'
import { mintCode } from 'miniprogram-session-server/testing'
import { startDev, type DevServer } from '../src/dev/server.ts'

let dev: DevServer
let app: FastifyInstance
let token: string
beforeEach(async () => {
  dev = await startDev({ storeUrl: 'memory' })
  app = dev.app
  await app.listen({ port: 0, host: '127.0.0.1' })
  const answer = await app.inject({ method: 'POST', url: '/login', payload: { code: mintCode('ann') } })
  token = answer.json<{ token: string }>().token
})
afterEach(() => dev.close())

/** What a socket hears, to its end. */
function connect(authorization: string | undefined) {
  const { port } = app.server.address() as AddressInfo
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, {
    headers: authorization ? { authorization } : {},
  })
  const heard: string[] = []
  socket.on('message', (data: Buffer) => heard.push(data.toString()))
  const ended = new Promise<[number, string[]]>((resolve) => {
    socket.on('close', (code) => resolve([code, heard]))
  })
  const opened = new Promise((resolve) => socket.once('open', resolve))
  const next = () => new Promise((resolve) => socket.once('message', resolve))
  return { socket, ended, opened, next }
}

test.each([undefined, 'Bearer nobody'])('it opens for %s, and closes with 4401', async (authorization) => {
  const { ended } = connect(authorization)
  expect(await ended).toEqual([4401, []])
})

test('it answers in order, and closes with 4401 when the session has ended', async () => {
  const { socket, opened, ended, next } = connect(`Bearer ${token}`)
  await opened
  socket.send('ping')
  await next()
  socket.send('茶')
  await next()
  await app.inject({ method: 'POST', url: '/dev/expire' })
  socket.send('lost')
  expect(await ended).toEqual([4401, ['pong', 'echo 茶']])
})

test('it closes with 4403 when somebody has ended the session', async () => {
  const { socket, opened, ended } = connect(`Bearer ${token}`)
  await opened
  const session = await dev.auth.authenticate(token)
  await dev.auth.revoke({ user: session?.user ?? '' })
  socket.send('ping')
  expect(await ended).toEqual([4403, []])
})

test('in development it breaks when it is told to, as a network does', async () => {
  const { socket, opened, ended } = connect(`Bearer ${token}`)
  await opened
  socket.send('dev:break')
  expect(await ended).toEqual([1006, []])
})

test('a message that is too long ends it', async () => {
  const { socket, opened, ended } = connect(`Bearer ${token}`)
  await opened
  socket.send('x'.repeat(65 * 1024))
  expect((await ended)[0]).toBe(1009)
})

test('a server that closes lets its sockets go', async () => {
  const { opened, ended } = connect(`Bearer ${token}`)
  await opened
  await app.close()
  expect([1001, 1005, 1006]).toContain((await ended)[0])
})
