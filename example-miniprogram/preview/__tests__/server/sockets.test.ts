import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { Sockets } from '../../server/sockets'

const backEnd = http.createServer()
const accepted = new WebSocketServer({ noServer: true })
const preview = http.createServer()
const portOf = (server: http.Server) => (server.address() as AddressInfo).port
/** The mini-program names a port, and the server is at another. */
const sockets = new Sockets((url) => url.replace(':3000', `:${portOf(backEnd)}`))

beforeAll(async () => {
  backEnd.on('upgrade', (request, socket, head) => {
    if (request.headers.authorization !== 'Bearer live') {
      socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n')
      return
    }
    accepted.handleUpgrade(request, socket, head, (line) => {
      line.on('message', (data: Buffer, isBinary) => {
        if (data.toString() === 'close') line.close(4401, 'no live session')
        else if (data.toString() === 'break') line.terminate()
        else line.send(data, { binary: isBinary })
      })
    })
  })
  preview.on('upgrade', (request, socket, head) => {
    const order = new URL(request.url ?? '', 'http://preview').searchParams.get('order') ?? ''
    sockets.join(request, socket, head, order)
  })
  await Promise.all(
    [backEnd, preview].map((server) => new Promise<void>((done) => server.listen(0, '127.0.0.1', done))),
  )
})
afterAll(async () => {
  sockets.close()
  accepted.close()
  for (const line of accepted.clients) line.terminate()
  await Promise.all([backEnd, preview].map((server) => new Promise((done) => server.close(done))))
})

/** What a page of the preview hears, to its end. */
async function open(authorization: string, url = 'ws://127.0.0.1:3000/ws') {
  const order = encodeURIComponent(JSON.stringify({ url, header: { authorization }, protocols: ['chat'] }))
  const line = new WebSocket(`ws://127.0.0.1:${portOf(preview)}/?order=${order}`)
  const heard: string[] = []
  const ended = new Promise<[number, string]>((done) =>
    line.on('close', (code, reason) => done([code, reason.toString()])),
  )
  const next = () =>
    new Promise<void>((done) =>
      line.once('message', (data: Buffer) => {
        heard.push(data.toString())
        done()
      }),
    )
  await Promise.race([next(), ended])
  return { line, heard, ended, next }
}

test('a handshake carries the header of the mini-program, and both sides hear each other', async () => {
  const { line, heard, next } = await open('Bearer live')
  line.send('茶')
  await next()
  line.send(new Uint8Array([104, 105]))
  await next()
  expect(heard).toEqual(['{}', '茶', 'hi'])
  line.close()
})

test('a refusal is told with its status', async () => {
  const { heard, ended } = await open('Bearer dead')
  expect([heard, (await ended)[0]]).toEqual([['{"status":401}'], 1000])
})

test.each([
  ['close', [4401, 'no live session']],
  ['break', [1006, '']],
] as const)('an end comes through as it is: %s', async (how, end) => {
  const { line, ended } = await open('Bearer live')
  line.send(how)
  expect(await ended).toEqual(end)
})

test('the server hears how the phone has ended it', async () => {
  const end = async (how: (line: WebSocket) => void) => {
    const { line } = await open('Bearer live')
    const [server] = Array.from(accepted.clients).slice(-1)
    return await new Promise<[number, string]>((done) => {
      server?.on('close', (code, reason) => done([code, reason.toString()]))
      how(line)
    })
  }
  expect(await end((line) => line.close(3001, 'bye'))).toEqual([3001, 'bye'])
  expect(await end((line) => line.close())).toEqual([1006, ''])
})

test('a server that is not there is a line that breaks', async () => {
  const { heard, ended } = await open('Bearer live', 'ws://127.0.0.1:1/ws')
  expect([heard, (await ended)[0]]).toEqual([[], 1006])
})
