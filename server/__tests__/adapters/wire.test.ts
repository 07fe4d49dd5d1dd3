import { readMapping } from '../../src/check/mapping.ts'
import { formatReport } from '../../src/check/report.ts'
import { check } from '../../src/check/run.ts'
import { createAuth, memoryStore, wechat, type Auth, type SessionStore } from '../../src/index.ts'
import { SECRET, setUp } from '../auth/helpers.ts'
import { freePort } from '../free-port.ts'
import { APPS, type Running } from './apps.ts'

const DAY = 86_400_000

describe.each(Object.entries(APPS))('%s', (_, start) => {
  test('keeps to the protocol, method override and all', async () => {
    const wechatPort = await freePort()
    const auth = createAuth({
      namespace: 'tests',
      secrets: [SECRET],
      store: memoryStore(),
      apps: [wechat({ appid: 'wx1', secret: 'a secret', api: `http://127.0.0.1:${wechatPort}`, fake: true })],
      deadline: { provider: '1s' },
      // The check logs in some hundred times, from one address.
      limits: false,
    })
    const app = await start(auth)
    const mapping = readMapping({
      login: { path: '/api/login' },
      protected: 'GET /api/me',
      write: { request: 'POST /api/orders', body: { title: 'tea' }, list: 'GET /api/orders' },
      forbidden: 'GET /api/admin',
      openData: { request: 'POST /api/open-data' },
      logout: 'POST /api/logout',
    })
    const results = await check({ url: app.url, mapping, wechatPort }).finally(() => app.close())
    expect(formatReport(results)).toMatch(/ ✓, 0 ✗, \d –\. The protocol holds\.$/)
    const tried = results.filter(({ outcome }) => outcome === 'passed').map(({ id }) => id)
    expect(tried).toEqual(expect.arrayContaining(['T4', 'T7', 'T8', 'S1', 'S5', 'X3']))
  }, 60_000)

  describe('for an app', () => {
    let app: Running
    let given: { auth: Auth; clock: { advance(ms: number): void }; login(user: string): Promise<string> }
    let token: string
    let isDown = false
    beforeAll(async () => {
      const factory = memoryStore()
      const store = {
        ...factory,
        create(namespace: string) {
          const inner = factory.create(namespace)
          const find = inner.find.bind(inner)
          const failing: Pick<SessionStore, 'find'> = {
            find: (hash) => (isDown ? Promise.reject(new Error('down')) : find(hash)),
          }
          return Object.assign(inner, failing)
        },
      }
      given = setUp({ store, lifetime: { idle: '30d' } })
      app = await start(given.auth)
      token = await given.login('alice')
    })
    afterAll(() => app.close())

    const ask = (path: string, init: RequestInit = {}) =>
      fetch(`${app.url}/api${path}`, {
        ...init,
        headers: {
          authorization: `Bearer ${token}`,
          ...(init.headers as Record<string, string> | undefined),
        },
      })

    test('a guest may come where guests may, and is no guest with a session', async () => {
      const guest = await ask('/guest', { headers: { authorization: '' } })
      expect([guest.status, await guest.json()]).toEqual([200, { id: null }])
      expect(await (await ask('/guest')).json()).toEqual({ id: 'alice' })
    })

    test('a store that is down is a 503 with a time to wait, for guests too, and never a 401', async () => {
      isDown = true
      const answers = await Promise.all([ask('/me'), ask('/guest'), ask('/sessions')])
      isDown = false
      for (const answer of answers) {
        expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1'])
        expect(await answer.json()).toMatchObject({ error: { code: 'STORE_UNAVAILABLE' } })
      }
      expect((await ask('/me')).status).toBe(200)
    })

    test('what a route refuses with is answered as it says', async () => {
      const answer = await ask('/admin')
      expect([answer.status, await answer.json()]).toEqual([
        403,
        { error: { code: 'FORBIDDEN', message: 'Not for you.' } },
      ])
    })

    test('the next token goes out with the app’s own answer', async () => {
      given.clock.advance(16 * DAY)
      const answer = await ask('/me')
      const next = answer.headers.get('session-token') ?? ''
      expect([answer.status, next.startsWith('mps_')]).toEqual([200, true])
      expect(answer.headers.get('session-expires-in')).toBe('2592000')
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect((await ask('/me', { headers: { authorization: `bearer ${next}` } })).status).toBe(200)
    })

    test('a path that is not ours is the app’s', async () => {
      expect((await ask('/nowhere')).status).toBe(404)
      expect((await fetch(`${app.url}/login`, { method: 'POST' })).status).toBe(404)
    })

    test('every malformed login is a 4xx, and JSON says so', async () => {
      const bodies = ['', '{', 'null', '[]', '"x"', '{"code":7}', '{"code":""}', 'x'.repeat(70_000), '\u0000']
      const types = ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'application/xml']
      for (const body of bodies) {
        for (const type of types) {
          const answer = await ask('/login', { method: 'POST', body, headers: { 'content-type': type } })
          expect([body.slice(0, 9), type, answer.status >= 400 && answer.status < 500]).toEqual([
            body.slice(0, 9),
            type,
            true,
          ])
          expect(answer.status).not.toBe(401)
          await answer.arrayBuffer()
        }
      }
    })

    test('an override that names no method is a 400, and nothing is written', async () => {
      const before = (await (await ask('/orders')).json()) as object
      for (const word of ['POST', 'GET', 'BREW', '']) {
        const headers = { 'x-http-method-override': word }
        expect((await ask('/orders', { method: 'POST', headers })).status).toBe(400)
      }
      expect(await (await ask('/orders')).json()).toEqual(before)
    })
  })
})
