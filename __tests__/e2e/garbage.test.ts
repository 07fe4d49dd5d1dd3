import type { ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:net'
import { caught, phone, serve, whole } from './world'

type Answer = (response: ServerResponse) => void

const send =
  (body: string, status = 200, header: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(status, header).end(body)

/** A back end whose first logins go wrong in one way. */
async function badLogin(answer: Answer, times: number) {
  const codes: string[] = []
  const address = await serve((request, response) => {
    if (request.url !== '/login') return response.end('{"ok":true}')
    return whole(request, (body) => {
      codes.push((JSON.parse(body.toString()) as { code: string }).code)
      if (codes.length <= times) answer(response)
      else response.end('{"token":"good"}')
    })
  })
  return { ...phone(address), codes }
}

const BAD = 'LOGIN_BAD_RESPONSE'

describe.each<[string, Answer, string]>([
  ['an HTML page', send('<html>maintenance</html>', 200, { 'content-type': 'text/html' }), BAD],
  ['nothing', send(''), BAD],
  ['no content', send('', 204), BAD],
  ['a number', send('42'), BAD],
  ['null', send('null'), BAD],
  ['half of its JSON', send('{"token":"abc'), BAD],
  ['no token', send('{"data":{}}'), BAD],
  ['a token that is null', send('{"token":null}'), BAD],
  ['a token that is empty', send('{"token":""}'), BAD],
  ['a token that is an object', send('{"token":{"a":1}}'), BAD],
  ['a token with a line break', send(JSON.stringify({ token: 'a\r\nX-Admin: 1' })), BAD],
  ['a token in Chinese', send(JSON.stringify({ token: '令牌' })), BAD],
  ['a token of a million characters', send(JSON.stringify({ token: 'x'.repeat(1_000_000) })), BAD],
  ['a refusal', send('{"errcode":40029}', 400), 'LOGIN_REJECTED'],
  ['an error', send('oops', 500), 'LOGIN_FAILED'],
  ['a broken connection', (response) => response.destroy(), 'LOGIN_FAILED'],
])('a login answered with %s', (_name, answer, code) => {
  test('is one error for all who waited; nothing is kept, no code is used twice, the next login is fine', async () => {
    const { api, fake, codes } = await badLogin(answer, code === BAD ? 1 : 3)
    const errors = await Promise.all(Array.from({ length: 5 }, () => caught(api.get('/me'))))
    expect(errors[0]).toMatchObject({ code, name: 'LoginError' })
    expect(new Set(errors).size).toBe(1)
    expect(fake.storage.get('miniprogram-session')).toBeUndefined()
    expect(await api.get('/me')).toEqual({ ok: true })
    expect(new Set(codes).size).toBe(codes.length)
    expect(codes.length).toBe(fake.calls.logins)
  })
})

test('a login that never answers ends with its time limit, and is not tried again by itself', async () => {
  const address = await serve(() => undefined)
  const { api, fake } = phone(address, { login: { url: '/login', timeout: 150 } })
  expect(await caught(api.get('/me'))).toMatchObject({ code: 'LOGIN_TIMEOUT' })
  expect(fake.calls.logins).toBe(1)
})

describe('an answer', () => {
  /** A logged in phone and a back end that answers this to everything. */
  async function answering(answer: Answer) {
    let hits = 0
    const address = await serve((_request, response) => {
      hits++
      answer(response)
    })
    return { ...phone(address, { login: () => Promise.resolve('token') }), hits: () => hits }
  }

  test.each([
    ['half of its JSON', '{"a":[1,2', '{"a":[1,2'],
    ['a page', '<html>', '<html>'],
    ['nothing', '', ''],
    ['a bare null', 'null', null],
    ['emoji', '{"name":"小明 👨‍👩‍👧"}', { name: '小明 👨‍👩‍👧' }],
    ['two megabytes', JSON.stringify('x'.repeat(2_000_000)), 'x'.repeat(2_000_000)],
  ])('with %s is handed on as it is, like wx.request does', async (_name, body, expected) => {
    const { api } = await answering(send(body))
    expect(await api.get('/orders')).toEqual(expected)
  })

  test('with a body cut short is a network error, tried again for a GET and not for a POST', async () => {
    const { api, hits } = await answering((response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('half')
      setImmediate(() => response.destroy())
    })
    expect(await caught(api.get('/orders'))).toMatchObject({ code: 'NETWORK', attempts: 3 })
    expect(await caught(api.post('/orders'))).toMatchObject({ code: 'NETWORK', attempts: 1 })
    expect(hits()).toBe(4)
  })

  test('that never ends is a time-out, and not tried again', async () => {
    const { api, hits } = await answering((response) => response.write('{'))
    expect(await caught(api.get('/orders', undefined, { timeout: 150 }))).toMatchObject({
      code: 'TIMEOUT',
      attempts: 1,
    })
    expect(hits()).toBe(1)
  })

  test('with an error page keeps the page for whoever looks into the error', async () => {
    const { api } = await answering(send('<h1>Teapot</h1>', 418))
    expect(await caught(api.get('/orders'))).toMatchObject({
      code: 'HTTP_STATUS',
      response: { statusCode: 418, data: '<h1>Teapot</h1>' },
    })
  })
})

describe('what is not HTTP at all', () => {
  let server: Server | undefined
  afterEach(async () => new Promise((closed) => void server?.close(closed)))

  test('is a network error', async () => {
    server = createServer((socket) => socket.on('data', () => socket.end('SSH-2.0-OpenSSH_9.6\r\n')))
    const listening = server
    await new Promise<void>((done) => listening.listen(0, '127.0.0.1', done))
    const at = listening.address()
    const port = typeof at === 'object' && at ? at.port : 0
    const { api } = phone(`http://127.0.0.1:${port}`, { login: () => Promise.resolve('token') })
    expect(await caught(api.get('/orders'))).toMatchObject({ code: 'NETWORK', attempts: 3 })
  })
})

test('no error tells the token, the code or a query, whatever the server sends back', async () => {
  const address = await serve((request, response) => {
    whole(request, (body) =>
      response.writeHead(400).end(`${body.toString()} ${String(request.headers.authorization)}`),
    )
  })
  const { api } = phone(address, { login: () => Promise.resolve('very-secret-token') })
  const error = await caught(api.get('/orders', { phone: '13800000000' }))
  const { response, ...rest } = error as typeof error & { response?: unknown }
  expect(response).toBeDefined()
  expect(`${error.message} ${error.stack ?? ''} ${JSON.stringify(rest)}`).not.toMatch(/very-secret|138000/)
})
