import * as fc from 'fast-check'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readMapping } from '../../src/check/mapping.ts'
import { formatReport } from '../../src/check/report.ts'
import { check } from '../../src/check/run.ts'
import { createAuth, memoryStore, wechat, type Auth } from '../../src/index.ts'
import { freePort } from '../free-port.ts'
import { SECRET, setUp } from './helpers.ts'
import { runs } from '../../../__tests__/runs.ts'

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** The smallest server there is around `auth.handle`. */
async function listen(auth: Auth): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const respond = async () => {
      let text = ''
      for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString()
      const { headers, method = 'GET', url: path = '/' } = request
      const answer = await auth.handle({ method, path, headers, text })
      if (answer) return answer
      try {
        const session = await auth.adapter.enter(headers)
        const more = { 'cache-control': 'no-store', ...auth.adapter.headersFor(session) }
        return { status: 200, headers: more, body: { id: session.user } }
      } catch (error) {
        return auth.adapter.errorAnswer(error)
      }
    }
    respond().then(
      ({ status, headers, body }) => {
        response.writeHead(status, { 'content-type': 'application/json', ...headers })
        response.end(body === undefined ? undefined : JSON.stringify(body))
      },
      () => response.destroy(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}

test.each(['bearer', { header: 'X-Token' }, { cookie: 'sid' }] as const)(
  'it keeps to its own protocol, with a token from %j',
  async (from) => {
    const wechatPort = await freePort()
    const auth = createAuth({
      namespace: 'tests',
      secrets: [SECRET],
      store: memoryStore(),
      apps: [wechat({ appid: 'wx1', secret: 'a secret', api: `http://127.0.0.1:${wechatPort}`, fake: true })],
      deadline: { provider: '1s' },
      token: { from },
    })
    const server = await listen(auth)
    const mapping = readMapping({ attach: from })
    const results = await check({ url: server.url, mapping, wechatPort }).finally(() => server.close())
    expect(formatReport(results)).toMatch(/26 ✓, 0 ✗, 7 –\. The protocol holds\.$/)
  },
  60_000,
)

test('sessions are listed, and ended one by one or all', async () => {
  const { auth, clock, login } = setUp()
  const tokens: string[] = []
  for (let device = 0; device < 3; device += 1) {
    tokens.push(await login('alice'))
    clock.advance(6000)
  }
  const [phone = '', tablet = '', desk = ''] = tokens
  const ask = (method: string, path: string, token: string) =>
    auth.handle({ method, path, headers: bearer(token) })
  const list = await ask('GET', '/sessions', phone)
  const items = (list?.body as { items: { id: string; current: boolean }[] }).items
  expect(items.map(({ current }) => current)).toEqual([false, false, true])
  expect((await ask('DELETE', `/sessions/${items[1]?.id ?? ''}`, phone))?.status).toBe(204)
  expect((await ask('GET', '/sessions', tablet))?.status).toBe(403)
  expect((await ask('DELETE', '/sessions/nobody', phone))?.status).toBe(404)
  expect((await ask('DELETE', '/sessions', phone))?.status).toBe(204)
  expect((await ask('GET', '/sessions', phone))?.status).toBe(401)
  expect((await ask('GET', '/sessions', desk))?.status).toBe(403)
})

test('the style of the house reaches every answer', async () => {
  const { auth } = setUp({
    answers: ({ headers, body, code, status }) => ({
      what: 'error',
      status: 200,
      headers,
      body: { code: code === undefined ? 0 : status, data: body },
    }),
  })
  const good = await auth.handle({ method: 'POST', path: '/login', headers: {}, body: { code: 'alice-1' } })
  expect(good).toMatchObject({ status: 200, body: { code: 0, data: { expiresIn: 2_592_000 } } })
  const bad = await auth.handle({ method: 'GET', path: '/sessions', headers: {} })
  expect(bad).toMatchObject({ status: 200, body: { code: 401 } })
})

test('what the style of the house adds to the headers of one answer is in no other', async () => {
  let who = 0
  const { auth, login } = setUp({
    answers: (answer) => {
      answer.headers['x-who'] ??= String((who += 1))
      return answer
    },
  })
  const names = []
  for (const user of ['alice', 'bob']) {
    const headers = bearer(await login(user))
    const answer = await auth.handle({ method: 'DELETE', path: '/sessions', headers })
    names.push(answer?.headers['x-who'])
  }
  expect(names).toEqual(['1', '2'])
})

test.each(['/logout', '/sessions', '/sessions/:id'])('%s takes the cookie back', async (path) => {
  const { auth, login } = setUp({ token: { from: { cookie: 'sid' } } })
  const token = await login('alice')
  const { id = '' } = (await auth.authenticate(token)) ?? {}
  const method = path === '/logout' ? 'POST' : 'DELETE'
  const headers = { cookie: `sid=${token}` }
  const answer = await auth.handle({ method, path: path.replace(':id', id), headers })
  expect(answer).toMatchObject({ status: 204, headers: { 'set-cookie': expect.any(String) as string } })
  expect(answer?.headers['set-cookie']).toMatch(/^sid=; Path=\/; Max-Age=0;/)
})

test('another path is not ours, and another method is told which there are', async () => {
  const { auth } = setUp()
  const ask = (method: string, path: string) => auth.handle({ method, path, headers: {} })
  expect(await ask('GET', '/orders')).toBeUndefined()
  expect(await ask('OPTIONS', '/login')).toBeUndefined()
  expect(await ask('GET', '/login')).toMatchObject({ status: 405, headers: { allow: 'POST' } })
})

test('every malformed request is a 4xx in JSON; none is a 401 but for want of a token', async () => {
  const { auth } = setUp()
  const path = fc.constantFrom('/login', '/logout', '/sessions', '/sessions/abc')
  const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'get')
  const odd = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant('Bearer '), fc.json())
  const headers = fc.dictionary(fc.constantFrom('authorization', 'cookie', 'x-http-method-override'), odd)
  const content = fc.oneof(
    fc.record({ text: fc.oneof(odd, fc.constant('{')) }),
    fc.record({ body: fc.anything() }),
    fc.record({ body: fc.record({ code: fc.anything(), app: fc.anything() }) }),
  )
  await fc.assert(
    fc.asyncProperty(method, path, headers, content, async (verb, where, given, more) => {
      const answer = await auth.handle({ method: verb, path: where, headers: given, ...more })
      if (!answer) throw new Error('a path of ours was not answered')
      const { status, body } = answer
      // A text is a code to this platform; and logging out is always good.
      if (status === 200 || status === 204) return
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(500)
      expect(body).toEqual({
        error: { code: expect.any(String) as string, message: expect.any(String) as string },
      })
      if (status === 401) expect(where).toMatch(/^\/sessions/)
    }),
    runs(10_000),
  )
}, 60_000)
