import http, { type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { NetPart } from '../../protocol'
import { Carrier } from '../../server/carrier'

describe('the carrier of requests', () => {
  let server: http.Server
  let url: string
  let received: { headers: IncomingMessage['headers']; method: string | undefined; body: string } | undefined

  beforeAll(async () => {
    server = http.createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString()
        received = { headers: request.headers, method: request.method, body }
        if (request.url === '/never') return
        response.writeHead(201, { 'Set-Cookie': ['a=1', 'b=2'], 'X-Kind': 'test' })
        response.end(`${body.length} bytes`)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })

  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  /** Everything told about one request, until it has ended. */
  function carry(
    carrier: Carrier,
    to: string,
    body = '',
    header: Record<string, string> = {},
  ): Promise<NetPart[]> {
    const parts: NetPart[] = []
    return new Promise((resolve) => {
      carrier.send('key', { method: 'POST', url: to, header }, Buffer.from(body), (part) => {
        parts.push(part)
        if (part.kind === 'end' || part.kind === 'fail') resolve(parts)
      })
    })
  }

  it('sends header fields that a browser would not, and tells cookies apart', async () => {
    const parts = await carry(new Carrier(), `${url}/x`, 'hello', {
      Cookie: 'sid=1',
      Referer: 'https://servicewechat.com/',
    })
    expect(received).toMatchObject({
      method: 'POST',
      body: 'hello',
      headers: { cookie: 'sid=1', referer: 'https://servicewechat.com/' },
    })
    expect(parts[0]).toMatchObject({
      kind: 'headers',
      statusCode: 201,
      cookies: ['a=1', 'b=2'],
      header: { 'x-kind': 'test' },
    })
    expect(parts[parts.length - 1]).toEqual({ kind: 'end', body: Buffer.from('5 bytes').toString('base64') })
  })

  it('tells how much of a large body is sent', async () => {
    const parts = await carry(new Carrier(), `${url}/x`, 'x'.repeat(40_000))
    const progress = parts.flatMap((part) => (part.kind === 'progress' ? [part.done] : []))
    expect(progress).toEqual([16_384, 32_768, 40_000])
  })

  it('finds a server that is elsewhere than the mini-program says', async () => {
    const parts = await carry(new Carrier({ 'http://127.0.0.1:3000': url }), 'http://127.0.0.1:3000/x')
    expect(parts[0]).toMatchObject({ kind: 'headers', statusCode: 201 })
  })

  it('says that nobody listens', async () => {
    expect(await carry(new Carrier(), 'http://127.0.0.1:9/x')).toEqual([{ kind: 'fail', reason: 'refused' }])
  })

  it('hangs up when the page aborts', async () => {
    const carrier = new Carrier()
    const arrived = new Promise<IncomingMessage>((resolve) => server.once('request', resolve))
    const ended = carry(carrier, `${url}/never`)
    const { socket } = await arrived
    const closed = new Promise((resolve) => socket.once('close', resolve))
    carrier.abort('key')
    await Promise.all([closed, ended])
  })
})
