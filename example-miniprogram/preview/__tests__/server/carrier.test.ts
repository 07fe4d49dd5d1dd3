import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { NetPart } from '../../protocol'
import { Carrier } from '../../server/carrier'

describe('the carrier of requests', () => {
  let server: http.Server
  let url: string
  /** An answer of which the first word is out. */
  let words: ServerResponse
  let received: { headers: IncomingMessage['headers']; method: string | undefined; body: string } | undefined

  beforeAll(async () => {
    server = http.createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString()
        received = { headers: request.headers, method: request.method, body }
        if (request.url === '/never') return
        if (request.url === '/words') {
          response.write('一')
          words = response
          return
        }
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

  const chunk = (text: string): NetPart => ({ kind: 'chunk', bytes: Buffer.from(text).toString('base64') })

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
    expect(parts.slice(1)).toEqual([chunk('5 bytes'), { kind: 'end' }])
  })

  it('tells how much of a large body is sent', async () => {
    const parts = await carry(new Carrier(), `${url}/x`, 'x'.repeat(40_000))
    const progress = parts.flatMap((part) => (part.kind === 'progress' ? [part.done] : []))
    expect(progress).toEqual([16_384, 32_768, 40_000])
  })

  /** Asks for words; the promise is of the first one, with everything that is told, also afterwards. */
  function listen(carrier: Carrier): Promise<{ parts: NetPart[]; ended: Promise<void> }> {
    const parts: NetPart[] = []
    return new Promise((resolve) => {
      const ended = new Promise<void>((end) => {
        carrier.send(
          'window 1',
          { method: 'GET', url: `${url}/words`, header: {} },
          Buffer.alloc(0),
          (part) => {
            parts.push(part)
            if (part.kind === 'chunk') resolve({ parts, ended })
            if (part.kind === 'end' || part.kind === 'fail') end()
          },
        )
      })
    })
  }

  it('hands on each piece of an answer as it comes', async () => {
    const { parts, ended } = await listen(new Carrier())
    expect(parts.slice(1)).toEqual([chunk('一')])
    words.end('二')
    await ended
    expect(parts.slice(2)).toEqual([chunk('二'), { kind: 'end' }])
  })

  it('says that the line was cut in the middle', async () => {
    const { parts, ended } = await listen(new Carrier())
    words.destroy()
    await ended
    expect(parts.slice(1)).toEqual([chunk('一'), { kind: 'fail', reason: 'reset' }])
  })

  it('hangs up for a window that has gone, and for no other', async () => {
    const carrier = new Carrier()
    const { ended } = await listen(carrier)
    carrier.abortAll('window 2 ')
    expect(words.destroyed).toBe(false)
    const closed = new Promise((resolve) => words.once('close', resolve))
    carrier.abortAll('window ')
    await Promise.all([closed, ended])
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
