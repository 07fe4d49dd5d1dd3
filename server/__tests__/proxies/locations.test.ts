import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { WebSocket, WebSocketServer } from 'ws'
import { describeBehind, startProxy, type Proxy } from './proxies.ts'

const DOCS = join(__dirname, '../../../docs')

/** What a page of the docs says of nginx, for its path or another one. */
function location(page: string, path: string): string {
  const [, text = ''] = /^```nginx\n(location [^]*?)^```/m.exec(readFileSync(join(DOCS, page), 'utf8')) ?? []
  expect(text).toContain('proxy_pass http://app;')
  return text.replace(/^location \S+/, `location ${path}`)
}

/** Sends an event, and the next one when it is told to. */
class Stream {
  readonly server: Server
  next: () => void = () => undefined

  constructor(headers: Record<string, string>) {
    this.server = createServer((_request: IncomingMessage, response: ServerResponse) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', ...headers })
      response.write('data: 1\n\n')
      this.next = () => response.end('data: 2\n\n')
    })
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    return (this.server.address() as AddressInfo).port
  }
}

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

/** All that came, an item for each time that something did; the next event is sent for when the first has come. */
async function read(proxy: Proxy, path: string, stream: Stream): Promise<string[]> {
  const asked = get({ port: proxy.port, host: '127.0.0.1', path })
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  const pieces: string[] = []
  response.on('data', (chunk: Buffer) => {
    pieces.push(chunk.toString())
    stream.next()
  })
  await once(response, 'end')
  return pieces
}

/** As it comes to mind: HTTP/1.0 to the server, whose answer has no chunks then and waits for a full buffer. */
const BARE = 'location /chat { proxy_pass http://app; }'

const EVENTS = ['data: 1\n\n', 'data: 2\n\n']

describeBehind('nginx')('nginx, as the docs say', () => {
  let proxy: Proxy
  const closed: Server[] = []
  afterEach(async () => {
    await proxy.remove()
    await Promise.all(closed.splice(0).map(close))
  })

  test.each(['streams.md', 'zh/streams.md'])(
    'hands on each event when it comes, by the block of %s',
    async (page) => {
      const stream = new Stream({})
      closed.push(stream.server)
      proxy = await startProxy('nginx', [await stream.listen()], location(page, '/chat'))
      expect(await read(proxy, '/chat', stream)).toEqual(EVENTS)
    },
  )

  test('or by the header alone', async () => {
    const stream = new Stream({ 'x-accel-buffering': 'no' })
    closed.push(stream.server)
    proxy = await startProxy('nginx', [await stream.listen()], BARE)
    expect(await read(proxy, '/chat', stream)).toEqual(EVENTS)
  })

  test.each(['sockets.md', 'zh/sockets.md'])('lets a WebSocket through, by the block of %s', async (page) => {
    const server = createServer((_request, response) => response.writeHead(404).end())
    closed.push(server)
    const sockets = new WebSocketServer({ server })
    sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(data)))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    proxy = await startProxy('nginx', [port], location(page, '/ws'))
    const socket = new WebSocket(`ws://127.0.0.1:${proxy.port}/ws`)
    await once(socket, 'open')
    socket.send('ping')
    const [answer] = (await once(socket, 'message')) as [Buffer]
    expect(answer.toString()).toBe('ping')
    socket.terminate()
    sockets.close()
  })
})
