import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { writeFile, mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createFakeWeChat,
  httpTransport,
  realClock,
  type Fetch,
  type HttpTransportOptions,
} from '../../src/testing'
import { recorder, type Outcome } from './helpers'

let server: Server | undefined

/** Serves on a free port of this machine; gives its address. */
async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener)
  await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

afterEach(async () => {
  const running = server
  server = undefined
  if (!running?.listening) return
  running.closeAllConnections()
  await new Promise((closed) => running.close(closed))
})

/** Hands over the body of a request once it is there. */
function whole(incoming: IncomingMessage, then: (body: string) => void): void {
  let body = ''
  incoming.on('data', (part) => (body += String(part)))
  incoming.on('end', () => then(body))
}

const phone = (options?: HttpTransportOptions) =>
  createFakeWeChat({ server: httpTransport(options), clock: realClock })

type Options = Partial<WechatMiniprogram.RequestOption>

function request(url: string, options: Options = {}, fake = phone()): Promise<Outcome> {
  return new Promise((resolve) => {
    fake.wx.request({ url, ...options, complete: (result) => resolve(result as unknown as Outcome) })
  })
}

function upload(url: string, filePath: string, fake = phone(), header = {}) {
  const progress: unknown[] = []
  const done = new Promise<Outcome>((resolve) => {
    const complete = (result: object) => resolve(result as Outcome)
    fake.wx
      .uploadFile({ url, filePath, name: 'avatar', formData: { user: 'x' }, header, complete })
      .onProgressUpdate((event) => progress.push(event.progress))
  })
  return { done, progress }
}

test('a request travels with method, header and body, and comes back with status, header and cookies', async () => {
  const url = await serve((incoming, response) => {
    whole(incoming, (body) => {
      response.setHeader('Set-Cookie', ['a=1', 'b=2'])
      response.writeHead(201, { 'X-Trace': 't' })
      response.end(JSON.stringify({ method: incoming.method, body, auth: incoming.headers.authorization }))
    })
  })
  const answer = await request(url, { method: 'POST', data: { n: 1 }, header: { Authorization: 'Bearer t' } })
  expect(answer).toMatchObject({
    statusCode: 201,
    data: { method: 'POST', body: '{"n":1}', auth: 'Bearer t' },
    cookies: ['a=1', 'b=2'],
    header: { 'x-trace': 't', 'Set-Cookie': 'a=1,b=2' },
    errMsg: 'request:ok',
  })
})

test('a GET with a body is sent without it', async () => {
  const url = await serve((incoming, response) => whole(incoming, (body) => response.end(`[${body}]`)))
  expect(await request(url, { data: 'text', dataType: 'text' })).toMatchObject({ data: '[]' })
})

test('redirects are followed, unless they are to be seen', async () => {
  const url = await serve((incoming, response) => {
    if (incoming.url === '/new') response.end('"here"')
    else response.writeHead(302, { Location: '/new' }).end()
  })
  expect(await request(url)).toMatchObject({ statusCode: 200, data: 'here' })
  expect(await request(url, { redirect: 'manual' })).toMatchObject({
    statusCode: 302,
    header: { location: '/new' },
  })
})

test('ten requests are on the wire at once, as with any back end', async () => {
  let open = 0
  let most = 0
  let arrived = 0
  const held: (() => void)[] = []
  const url = await serve((_incoming, response) => {
    arrived++
    most = Math.max(most, ++open)
    held.push(() => {
      open--
      response.end()
    })
    // Nobody is answered before the wire is full, so that the number does not hang on the machine's speed.
    if (open === 10 || arrived > 10) for (const answer of held.splice(0)) answer()
  })
  const fake = phone()
  await Promise.all(Array.from({ length: 15 }, () => request(url, {}, fake)))
  expect([most, fake.calls.maxParallel]).toEqual([10, 10])
})

test('an abort closes the connection', async () => {
  let closed: (() => void) | undefined
  const gone = new Promise<void>((resolve) => (closed = resolve))
  let arrived: (() => void) | undefined
  const there = new Promise<void>((resolve) => (arrived = resolve))
  const url = await serve((incoming) => {
    incoming.on('close', () => closed?.())
    arrived?.()
  })
  const fake = phone()
  const { callbacks, results } = recorder()
  const ended = new Promise((resolve) => (callbacks.complete = resolve))
  const task = fake.wx.request({ url, ...callbacks })
  await there
  task.abort()
  await Promise.all([gone, ended])
  expect(results).toEqual([{ errMsg: 'request:fail abort' }])
})

test('pieces of a chunked answer arrive as they come', async () => {
  const url = await serve((_incoming, response) => {
    response.write('one')
    setTimeout(() => response.end('two'), 20)
  })
  const fake = phone()
  const pieces: string[] = []
  const answer = await new Promise<Outcome>((resolve) => {
    const complete = (result: object) => resolve(result as Outcome)
    const task = fake.wx.request({ url, enableChunked: true, complete })
    task.onHeadersReceived(({ statusCode }) => pieces.push(String(statusCode)))
    task.onChunkReceived(({ data }) => pieces.push(new TextDecoder().decode(data)))
  })
  expect([pieces, answer['data']]).toEqual([['200', 'one', 'two'], ''])
})

test('an upload is a real multipart form, of a file that the test provides', async () => {
  const url = await serve((incoming, response) => {
    whole(incoming, (body) => response.end(JSON.stringify([incoming.headers['content-type'], body])))
  })
  const fake = phone()
  fake.files.set('wxfile://photo.jpg', 'pixels')
  const { done, progress } = upload(url, 'wxfile://photo.jpg', fake, { 'Content-Type': 'nonsense', a: '1' })
  const [type, body] = JSON.parse(String((await done)['data'])) as [string, string]
  expect(type).toMatch(/^multipart\/form-data; boundary=/)
  expect(body).toMatch(
    /name="user"\r\n\r\nx\r\n[^]*name="avatar"; filename="photo.jpg"[^]*\r\n\r\npixels\r\n/,
  )
  expect(progress).toEqual([50, 100])
})

test('an upload reads its file from the disk, or from where it is told', async () => {
  const url = await serve((incoming, response) => whole(incoming, (body) => response.end(body)))
  const folder = await mkdtemp(join(tmpdir(), 'upload-'))
  await writeFile(join(folder, 'a.txt'), 'from the disk')
  expect((await upload(url, join(folder, 'a.txt')).done)['data']).toContain('from the disk')
  await rm(folder, { recursive: true })
  const fake = phone({ readFile: (path) => Promise.resolve(`content of ${path}`) })
  expect((await upload(url, 'anything', fake).done)['data']).toContain('content of anything')
})

test('an upload of a file that is not there fails', async () => {
  expect(await upload('http://127.0.0.1:1/', '/not/there').done).toEqual({
    errMsg: 'uploadFile:fail file not found',
  })
})

test('a download is written to a temporary file', async () => {
  const url = await serve((_incoming, response) => response.end('content'))
  const fake = phone()
  const answer = await new Promise<Outcome>((resolve) => {
    fake.wx.downloadFile({ url, complete: (result) => resolve(result as unknown as Outcome) })
  })
  const file = fake.files.get(String(answer['tempFilePath']))
  expect(new TextDecoder().decode(file as ArrayBuffer)).toBe('content')
})

test('a refused connection fails in the words of a phone', async () => {
  const url = await serve(() => undefined)
  await new Promise((closed) => server?.close(closed))
  expect(await request(url)).toEqual({
    errMsg: 'request:fail errcode:-102 cronet_error_code:-102 error_msg:net::ERR_CONNECTION_REFUSED',
    errno: 600001,
  })
})

test('a connection that breaks is a reset', async () => {
  const url = await serve((incoming) => incoming.socket.destroy())
  expect((await request(url))['errMsg']).toContain('net::ERR_CONNECTION_RESET')
})

test.each([
  [new TypeError('fetch failed', { cause: { code: 'ENOTFOUND' } }), 'net::ERR_NAME_NOT_RESOLVED'],
  [Object.assign(new Error(), { code: 'ETIMEDOUT' }), 'net::ERR_CONNECTION_TIMED_OUT'],
  [
    new TypeError('fetch failed', { cause: { code: 7, cause: { code: 'CERT_HAS_EXPIRED' } } }),
    'net::ERR_CERT_AUTHORITY_INVALID',
  ],
  [Object.assign(new Error(), { code: 'EHOSTUNREACH' }), 'net::ERR_ADDRESS_UNREACHABLE'],
  [new TypeError('fetch failed', { cause: 'a string' }), 'request:fail unknown network error'],
  [new TypeError('no cause'), 'request:fail unknown network error'],
])('a fetch that fails with %p is told as %s', async (error, message) => {
  const fetch: Fetch = () => Promise.reject(error)
  expect((await request('http://x.test', {}, phone({ fetch })))['errMsg']).toContain(message)
})

test('a fetch of an older browser tells no cookies and no stream', async () => {
  const fetch: Fetch = () =>
    Promise.resolve({
      status: 200,
      headers: { forEach: (each) => each('1', 'a') },
      body: null,
      arrayBuffer: () => Promise.resolve(new ArrayBuffer(0)),
    })
  const answer = await request('http://x.test', { enableChunked: true }, phone({ fetch }))
  expect(answer).toMatchObject({ header: { a: '1' }, cookies: [] })
})

test('without Node there is no disk to read from', async () => {
  const builtins = Object.getOwnPropertyDescriptor(process, 'getBuiltinModule') ?? {}
  Reflect.deleteProperty(process, 'getBuiltinModule')
  const answer = await upload('http://127.0.0.1:1/', '/etc/hosts').done
  Object.defineProperty(process, 'getBuiltinModule', builtins)
  expect(answer['errMsg']).toBe('uploadFile:fail file not found')
})
