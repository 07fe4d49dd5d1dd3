import type { AddressInfo } from 'node:net'
import { bearer, Client, errorCode } from './client.ts'

let server: Client
let token: string
beforeEach(async () => {
  server = await Client.start({})
  token = await server.login('alice')
})
afterEach(() => server.close())

const FAST = { 'x-dev-pace': '0' }
const ask = (headers: Record<string, string> = {}, payload: object = { question: '茶' }) =>
  server.app.inject({
    method: 'POST',
    url: '/chat',
    headers: { ...bearer(token), ...FAST, ...headers },
    payload,
  })
const textsOf = (body: string) =>
  Array.from(
    body.matchAll(/^data: (.*)$/gm),
    ([, data]) => (JSON.parse(data ?? '') as { text?: string }).text ?? '',
  )

test('an answer comes as events that no proxy collects, and its end is told', async () => {
  const { statusCode, headers, body } = await ask()
  expect([statusCode, headers['content-type'], headers['x-accel-buffering']]).toEqual([
    200,
    'text/event-stream; charset=utf-8',
    'no',
  ])
  expect(textsOf(body).join('')).toContain('你问的是「茶」')
  expect(body).toMatch(/^:\n\nid: 1\ndata: [^]*\n\nevent: done\ndata: \{"pieces":\d+\}\n\n$/)
})

test('whoever was cut off gets the rest, and nothing of it twice', async () => {
  const whole = textsOf((await ask()).body)
  const rest = textsOf((await ask({ 'last-event-id': '5' })).body)
  expect(rest).toEqual(whole.slice(5))
})

test.each([
  [{ authorization: 'Bearer dead' }, undefined, 401, 'UNAUTHORIZED'],
  [{}, { question: '' }, 400, 'BAD_REQUEST'],
  [{}, { question: '  ' }, 400, 'BAD_REQUEST'],
  [{}, {}, 400, 'BAD_REQUEST'],
])('it is refused with a status: %j %j', async (headers, payload, status, code) => {
  const answer = await ask(headers, payload)
  expect([answer.statusCode, errorCode({ body: answer.json() })]).toEqual([status, code])
})

test('events are numbered, and go on after the last one', async () => {
  const { body } = await server.app.inject({
    url: '/events?count=5',
    headers: { ...bearer(token), ...FAST, 'last-event-id': '3' },
  })
  expect(Array.from(body.matchAll(/^id: (\d+)$/gm), ([, id]) => id)).toEqual(['4', '5'])
})

test('a shutdown ends a stream that has no end of its own', async () => {
  await server.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = server.app.server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}/events?count=10000`, { headers: bearer(token) })
  await server.close()
  expect(await response.text()).toBe(':\n\n')
})
