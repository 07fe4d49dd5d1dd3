import express from 'express'
import fastify from 'fastify'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import * as forExpress from '../../src/adapters/express.ts'
import * as forFastify from '../../src/adapters/fastify.ts'
import * as forFetch from '../../src/adapters/fetch.ts'
import { readText } from '../../src/adapters/node.ts'
import { memoryStore, type AuthEvent, type SessionStore } from '../../src/index.ts'
import { DAY, setUp } from '../auth/helpers.ts'
import { APPS } from './apps.ts'

const INTERNAL = { error: { code: 'INTERNAL', message: 'The server made a mistake.' } }
const login = (url: string) =>
  fetch(`${url}/api/login`, {
    method: 'POST',
    body: '{"code":"alice-1"}',
    headers: { 'content-type': 'application/json' },
  })

/** The mistakes of the server that an operator would read of. */
function mistakesOf({ auth }: Pick<ReturnType<typeof setUp>, 'auth'>): AuthEvent[] {
  const heard: AuthEvent[] = []
  auth.on((event) => {
    if (event.type === 'internal') heard.push(event)
  })
  return heard
}

describe.each(Object.entries(APPS))('%s', (_, start) => {
  test.each([
    [
      'throws',
      () => {
        throw new Error('style')
      },
    ],
    ['gives nothing back', () => undefined as never],
    ['gives a promise', () => Promise.resolve({ status: 200 }) as never],
  ])('a house style that %s is a 500 in the plain style: nobody waits for an answer', async (__, answers) => {
    const given = setUp({ answers })
    const mistakes = mistakesOf(given)
    const app = await start(given.auth)
    const told = [await login(app.url), await fetch(`${app.url}/api/me`)]
    for (const answer of told) expect([answer.status, await answer.json()]).toEqual([500, INTERNAL])
    expect(mistakes).toHaveLength(2)
    await app.close()
  })

  test('a phone that goes away in the middle of its login is no mistake of the server', async () => {
    const given = setUp()
    const mistakes = mistakesOf(given)
    const app = await start(given.auth)
    const phone = connect(Number(new URL(app.url).port), '127.0.0.1')
    await once(phone, 'connect')
    const head = 'POST /api/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99'
    await new Promise((resolve) => phone.write(`${head}\r\n\r\n{`, resolve))
    expect((await fetch(`${app.url}/api/guest`)).status).toBe(200)
    phone.destroy()
    for (let others = 0; others < 3; others += 1) await fetch(`${app.url}/api/guest`)
    expect(mistakes).toEqual([])
    await app.close()
  })
})

/** A store whose answer comes when it is told to. */
function slowStore() {
  const factory = memoryStore()
  let answer: () => void = () => undefined
  const find: SessionStore['find'] = () =>
    new Promise((resolve) => {
      answer = () => resolve(undefined)
    })
  const store = { ...factory, create: (name: string) => Object.assign(factory.create(name), { find }) }
  return { store, answer: () => answer() }
}

test('Express: what a time limit of the app has answered before is left alone, and nothing breaks', async () => {
  const { store, answer } = slowStore()
  const { auth } = setUp({ store })
  const s = forExpress.sessions(auth)
  const app = express()
  const routed = jest.fn()
  app.use((_request, response, next) => {
    next()
    response.status(503).end('too slow')
  })
  app.get('/me', s.required, routed)
  const server = createServer(app as RequestListener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const broken = jest.fn()
  process.on('unhandledRejection', broken)
  const token = `mps_${'A'.repeat(43)}`
  const told = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/me`, {
    headers: { authorization: `Bearer ${token}` },
  })
  expect([told.status, await told.text()]).toEqual([503, 'too slow'])
  answer()
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', broken)
  expect([broken.mock.calls, routed.mock.calls]).toEqual([[], []])
  await new Promise((resolve) => server.close(resolve))
})

test('nobody waits for the body of a phone that had gone before anybody asked for it', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const phone = connect((server.address() as AddressInfo).port, '127.0.0.1')
  phone.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 99\r\n\r\n{')
  const [request] = (await once(server, 'request')) as [IncomingMessage]
  request.on('error', () => undefined)
  phone.destroy()
  await new Promise((resolve) => request.once('close', resolve))
  await expect(readText(request)).rejects.toMatchObject({ status: 400 })
  await new Promise((resolve) => server.close(resolve))
})

test('Fastify: what a hook of the app throws before a route is the app’s to answer', async () => {
  const app = fastify()
  app.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) =>
    reply.code(error.statusCode ?? 500).send({ mine: error.message }),
  )
  app.addHook('onRequest', (request) => {
    if (request.headers['x-often'] === undefined) return Promise.resolve()
    return Promise.reject(Object.assign(new Error('slow down'), { statusCode: 429, code: 'LIMITED' }))
  })
  const given = setUp()
  const mistakes = mistakesOf(given)
  await app.register(forFastify.sessions(given.auth), { prefix: '/api' })
  const ask = (headers: Record<string, string>, payload: string) =>
    app.inject({ method: 'POST', url: '/api/login', headers, payload })
  const limited = await ask({ 'x-often': '1' }, '{"code":"alice-1"}')
  expect([limited.statusCode, limited.json()]).toEqual([429, { mine: 'slow down' }])
  const large = await ask({}, 'x'.repeat(70_000))
  expect([large.statusCode, large.json()]).toMatchObject([413, { error: { code: 'TOO_LARGE' } }])
  expect(mistakes).toEqual([])
})

test('Fastify: a route behind a refusal never runs, also where the phone leaves before a slow onSend lets it out', async () => {
  const { auth } = setUp()
  const app = fastify()
  let letOut: () => void = () => undefined
  const held = new Promise<void>((held) => {
    app.addHook('onSend', (_request, _reply, _payload, done) => {
      letOut = done
      held()
    })
  })
  const routed = jest.fn(() => 'cancelled')
  await app.register(forFastify.sessions(auth))
  app.delete('/orders', { onRequest: app.sessionRequired }, routed)
  const phone = connect(Number(new URL(await app.listen({ port: 0 })).port), '127.0.0.1')
  const answer = new Promise((resolve) =>
    app.server.once('request', (_, response) => response.once('close', resolve)),
  )
  phone.write('DELETE /orders HTTP/1.1\r\nhost: x\r\n\r\n')
  await held
  phone.destroy()
  await answer
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  letOut()
  await app.close()
  expect(routed).not.toHaveBeenCalled()
})

describe('fetch', () => {
  const body = (pull: (stream: ReadableStreamDefaultController<Uint8Array>) => void | Promise<void>) => ({
    method: 'POST',
    body: new ReadableStream<Uint8Array>({ pull }),
    duplex: 'half' as const,
  })
  const ask = (init: RequestInit, path = '/login') => {
    const s = forFetch.sessions(setUp().auth, { prefix: '/api' })
    const request = new Request(`http://127.0.0.1/api${path}`, init)
    return { request, routes: () => s.routes(request) }
  }

  test('no more of a body is kept than a login has', async () => {
    let read = 0
    const chunk = new Uint8Array(65_536)
    const large = body((stream) => {
      read += 1
      if (read > 300) stream.close()
      else stream.enqueue(chunk)
    })
    const { routes } = ask(large)
    const answer = await routes()
    expect([answer?.status, await answer?.json()]).toMatchObject([413, { error: { code: 'TOO_LARGE' } }])
    expect(read).toBeLessThan(30)
  })

  test('a body that breaks off, or that somebody has read, is a 400 of a login', async () => {
    const broken = ask(body(() => Promise.reject(new Error('gone'))))
    expect((await broken.routes())?.status).toBe(400)
    const used = ask({ method: 'POST', body: '{"code":"alice-1"}' })
    await used.request.json()
    expect((await used.routes())?.status).toBe(400)
    const out = ask({ method: 'POST', body: '{}' }, '/logout')
    await out.request.json()
    expect((await out.routes())?.status).toBe(204)
  })

  test('an answer that cannot be made anew goes out as it is: a WebSocket opens in the second half of a session too', async () => {
    const { auth, clock, login: logIn } = setUp({ lifetime: { idle: '30d' } })
    const s = forFetch.sessions(auth)
    const token = await logIn('alice')
    clock.advance(16 * DAY)
    const opened = Object.defineProperty(new Response(null), 'status', { value: 101 })
    const headers = { authorization: `Bearer ${token}` }
    expect(await s.required(() => opened)(new Request('http://127.0.0.1/ws', { headers }))).toBe(opened)
  })
})
