import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { WebSocket } from 'ws'
import type { ServerMessage } from '../../protocol'
import { type Preview, startPreview } from '../../server/preview-server'

jest.setTimeout(20_000)

describe("the preview's server", () => {
  let preview: Preview
  const backEnd = http.createServer()

  beforeAll(async () => {
    await new Promise<void>((resolve) => backEnd.listen(0, '127.0.0.1', () => resolve()))
    preview = await startPreview({ root: path.join(__dirname, '../fixtures/tiny') })
  })
  afterAll(async () => {
    await preview.close()
    backEnd.close()
  })

  /** Status of a GET with these header fields, which `fetch` would not let us choose. */
  const statusOf = (pathname: string, headers: Record<string, string> = {}) =>
    new Promise<number | undefined>((resolve, reject) => {
      const request = http.get(new URL(pathname, preview.url), { headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      request.on('error', reject)
    })

  it.each(['/', '/__preview/client.js', '/__preview/program.js', '/__preview/frame.css'])(
    'serves %s',
    async (pathname) => {
      expect(await statusOf(pathname)).toBe(200)
    },
  )

  it('serves nothing outside the mini-program', async () => {
    expect(await statusOf('/..%2f..%2f..%2fpackage.json')).toBe(404)
    expect(await statusOf('/app.json')).toBe(404)
  })

  it('opens its line to its own pages only', async () => {
    const outcome = (origin: string) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(new URL('/__preview/line', preview.url), { origin })
        socket.on('message', (data: Buffer) => {
          socket.close()
          resolve((JSON.parse(data.toString()) as { type: string }).type)
        })
        socket.on('error', () => resolve('refused'))
      })
    expect(await outcome(new URL(preview.url).origin)).toBe('hello')
    expect(await outcome('https://evil.example')).toBe('refused')
  })

  it('ends what it carries for a window that is closed', async () => {
    const closed = new Promise<void>((resolve) => {
      backEnd.once('request', (_, response: http.ServerResponse) => {
        response.write('word')
        response.once('close', resolve)
      })
    })
    const socket = new WebSocket(new URL('/__preview/line', preview.url), {
      origin: new URL(preview.url).origin,
    })
    const url = `http://127.0.0.1:${(backEnd.address() as AddressInfo).port}/`
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as ServerMessage
      if (message.type === 'hello') {
        const order = encodeURIComponent(JSON.stringify({ method: 'GET', url, header: {} }))
        const address = new URL(`/__preview/net?client=${message.client}&id=1`, preview.url)
        http.request(address, { method: 'POST', headers: { 'x-order': order } }).end()
      }
      if (message.type === 'net' && message.part.kind === 'chunk') socket.close()
    })
    await closed
  })

  it('answers no other site', async () => {
    expect(await statusOf('/', { host: 'evil.example' })).toBe(403)
    expect(
      await statusOf('/__preview/picture?url=http://127.0.0.1:1', { 'sec-fetch-site': 'cross-site' }),
    ).toBe(403)
  })
})
