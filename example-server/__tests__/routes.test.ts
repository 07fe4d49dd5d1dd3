import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bearer, Client, errorCode } from './client.ts'

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(1000)])
const uploadDir = mkdtempSync(join(tmpdir(), 'example-server-avatars-'))
afterAll(() => rmSync(uploadDir, { recursive: true }))

let server: Client
let token: string
beforeEach(async () => {
  server = await Client.start({ uploadDir })
  token = await server.login('alice')
})
afterEach(() => server.close())

const upload = (bytes: Buffer, boundary = 'b') => {
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n`
  return server.send({
    method: 'POST',
    url: '/avatar',
    headers: { ...bearer(token), 'content-type': `multipart/form-data; boundary=${boundary}` },
    payload: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  })
}

test('a name outlives a new login', async () => {
  await server.send({ method: 'PUT', url: '/me', headers: bearer(token), payload: { nickname: 'Al' } })
  // Logins of one moment would get one session.
  server.clock.advance(6000)
  expect((await server.get('/me', await server.login('alice'))).body['nickname']).toBe('Al')
})

test('orders come newest first, ten a page', async () => {
  const placed = await server.post('/orders', { title: '奶茶 🧋', amount: 1800 }, token)
  expect(placed.statusCode).toBe(201)
  const { body } = await server.get('/orders?page=1', token)
  expect(body).toMatchObject({ page: 1, pageSize: 10, total: 24 })
  expect((body['items'] as unknown[])[0]).toEqual(placed.body)
  expect((await server.get('/orders?page=3', token)).body['items']).toHaveLength(4)
  expect((await server.get('/orders?page=9', token)).body['items']).toEqual([])
})

test('an order that comes twice under one key is placed once', async () => {
  const order = (key: string, payload = { title: '茶', amount: 990 }, by = token) =>
    server.send({
      method: 'POST',
      url: '/orders',
      headers: { ...bearer(by), 'idempotency-key': key },
      payload,
    })
  const [first, second] = await Promise.all([order('a'), order('a')])
  expect([first.statusCode, second.statusCode]).toEqual([201, 201])
  expect(second.body).toEqual(first.body)
  expect((await server.get('/orders', token)).body['total']).toBe(24)
  expect((await order('b')).body['id']).not.toBe(first.body['id'])
  // Whatever else comes under that key was not meant by it.
  expect(errorCode(await order('a', { title: '糕', amount: 990 }))).toBe('KEY_REUSED')
  // A key is its user's own.
  const other = await order('a', { title: '糕', amount: 990 }, await server.login('bob'))
  expect(other.statusCode).toBe(201)
  const { items } = (await server.get('/orders', token)).body as { items: object[] }
  expect(Object.keys(items[0] ?? {}).sort()).toEqual(['amount', 'createdAt', 'id', 'title'])
})

test('an avatar is kept and shown', async () => {
  const { statusCode, body } = await upload(PNG)
  expect([statusCode, body['size']]).toEqual([200, PNG.length])
  expect((await server.get('/me', token)).body['avatar']).toBe(body['avatar'])
  const picture = await server.app.inject(body['avatar'] as string)
  expect(picture.headers['content-type']).toBe('image/png')
  expect(picture.rawPayload.equals(PNG)).toBe(true)
})

test.each([
  ['over two megabytes', Buffer.concat([PNG, Buffer.alloc(2 * 1024 * 1024)]), 413, 'PAYLOAD_TOO_LARGE'],
  ['not a picture', Buffer.from('<html>'), 415, 'UNSUPPORTED_MEDIA_TYPE'],
])('an avatar that is %s is refused', async (_, bytes, status, code) => {
  const answer = await upload(bytes)
  expect([answer.statusCode, errorCode(answer)]).toEqual([status, code])
  expect((await server.get('/me', token)).body).not.toHaveProperty('avatar')
})

test('a picture of which an earlier upload left half is whole after the next one', async () => {
  const { body } = await upload(PNG)
  const file = join(uploadDir, String(body['avatar']).split('/').pop() ?? '')
  writeFileSync(file, PNG.subarray(0, 10))
  await Promise.all([upload(PNG), upload(PNG)])
  expect(readFileSync(file).equals(PNG)).toBe(true)
  expect(readdirSync(uploadDir)).toHaveLength(1)
})

test('a form that is cut short is the sender’s mistake', async () => {
  const headers = { ...bearer(token), 'content-type': 'multipart/form-data; boundary=b' }
  for (const payload of [
    '',
    '--b',
    '--b\r\nnonsense\r\n\r\nx',
    '--b\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nabc',
  ]) {
    const answer = await server.send({ method: 'POST', url: '/avatar', headers, payload })
    expect([payload, answer.statusCode]).toEqual([payload, 400])
  }
})

describe('a mistake gets a 4xx with a stable code', () => {
  const json = { 'content-type': 'application/json' }
  test.each([
    [
      'malformed JSON',
      { method: 'POST', url: '/login', headers: json, payload: '{"code":' },
      400,
      'BAD_REQUEST',
    ],
    ['a number as code', { method: 'POST', url: '/login', payload: { code: 1 } }, 400, 'BAD_REQUEST'],
    ['no code', { method: 'POST', url: '/login', payload: {} }, 400, 'BAD_REQUEST'],
    ['no body', { method: 'POST', url: '/login', headers: json }, 400, 'BAD_REQUEST'],
    [
      'bad UTF-8',
      { method: 'POST', url: '/login', headers: json, payload: Buffer.from([0x22, 0xff, 0x22]) },
      400,
      'BAD_REQUEST',
    ],
    [
      '__proto__',
      { method: 'POST', url: '/login', headers: json, payload: '{"__proto__":{}}' },
      400,
      'BAD_REQUEST',
    ],
    [
      'a form',
      { method: 'POST', url: '/login', headers: { 'content-type': 'text/xml' }, payload: '<a/>' },
      400,
      'BAD_REQUEST',
    ],
    ['100 kB', { method: 'POST', url: '/login', payload: { code: 'x'.repeat(100_000) } }, 413, 'TOO_LARGE'],
    ['an unknown path', { method: 'GET', url: '/nowhere' }, 404, 'NOT_FOUND'],
    ['a broken path', { method: 'GET', url: '/avatars/%ff' }, 400, 'BAD_REQUEST'],
    ['a path that climbs', { method: 'GET', url: '/avatars/..%2f..%2fetc%2fpasswd' }, 400, 'BAD_REQUEST'],
  ] as const)('%s', async (_, request, status, code) => {
    const answer = await server.send(request)
    expect([answer.statusCode, errorCode(answer)]).toEqual([status, code])
    expect(Object.keys(answer.body)).toEqual(['error'])
    expect(answer.text).not.toMatch(/ at .*\.(ts|js)/)
  })

  test.each(['0', '-1', 'x', '1.5', '99999999', ''])('page=%s', async (page) => {
    const answer = await server.get(`/orders?page=${page}`, token)
    expect([answer.statusCode, errorCode(answer)]).toEqual([400, 'BAD_REQUEST'])
  })
})

test.each([
  ['PUT', '/me', { nickname: 5 }],
  ['PUT', '/me', { nickname: ['a'] }],
  ['POST', '/orders', { title: 'a', amount: '5' }],
] as const)('nothing is guessed: %s %s refuses %o', async (method, url, payload) => {
  const answer = await server.send({ method, url, headers: bearer(token), payload })
  expect([answer.statusCode, errorCode(answer)]).toEqual([400, 'BAD_REQUEST'])
})

describe('over a real connection', () => {
  test.each(['announced', 'sent in pieces'])('a file of 50 MB, %s, gets a 413', async (how) => {
    const address = await server.app.listen({ port: 0, host: '127.0.0.1' })
    const head = Buffer.from(`--b\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n`)
    const body = Buffer.concat([head, PNG, Buffer.alloc(50 * 1024 * 1024), Buffer.from('\r\n--b--\r\n')])
    const response = await fetch(`${address}/avatar`, {
      method: 'POST',
      headers: { ...bearer(token), 'content-type': 'multipart/form-data; boundary=b' },
      ...(how === 'announced' ? { body } : { body: new Blob([body]).stream(), duplex: 'half' }),
    })
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({ error: { code: 'PAYLOAD_TOO_LARGE' } })
  })

  test('a body that trickles in is cut off with a 408', async () => {
    const patient = await Client.start({ requestTimeout: 200 })
    await patient.app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = patient.app.server.address() as AddressInfo
    const answer = await new Promise<string>((resolve) => {
      let text = ''
      const socket = connect({ port, host: '127.0.0.1' })
      socket.write(
        'POST /login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{"',
      )
      socket.on('data', (chunk) => (text += chunk.toString())).on('close', () => resolve(text))
    })
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    expect(answer).toContain('{"error":{"code":"REQUEST_TIMEOUT"')
    await patient.close()
  })
})
