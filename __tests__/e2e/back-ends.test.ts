import type { FastifyInstance } from 'fastify'
import type { IncomingMessage } from 'node:http'
import { buildBusinessCodeServer } from '../../example-server/recipes/business-code.ts'
import { buildCookieServer, type RecipeServer } from '../../example-server/recipes/set-cookie.ts'
import { memoryStore, wechat, type AuthOptions } from '../../server/src/index.ts'
import { startFakeWeChat, type FakeWeChat } from '../../server/src/testing.ts'
import { BusinessError, type ClientOptions, type Response } from '../../src'
import { caught, phone, serve, whole } from './world'

interface Running {
  address: string
  /** Kills every session. */
  expire: () => Promise<void>
  /** How many codes arrived, and how many were refused. */
  codes: { sent: number; refused: number }
}

interface Envelope {
  code: number
  msg: string
  data: unknown
}

const apps: FastifyInstance[] = []
const fakes: FakeWeChat[] = []
afterEach(async () => {
  for (const fake of fakes.splice(0)) await fake.close()
  for (const app of apps.splice(0)) {
    app.server.closeAllConnections()
    await app.close()
  }
})

/** One of the example server's recipes, on a socket. */
const recipe = (build: (options: AuthOptions) => Promise<RecipeServer>) => async (): Promise<Running> => {
  const fake = await startFakeWeChat()
  fakes.push(fake)
  const store = memoryStore()
  const codes = { sent: 0, refused: 0 }
  const users = new Set<string>()
  const { app, auth } = await build({
    namespace: 'recipes',
    secrets: ['ab'.repeat(32)],
    store,
    apps: [wechat({ appid: 'wx1', secret: 'a secret', api: fake.url, fake: true })],
  })
  auth.on((event) => {
    if (event.type === 'login') users.add(event.user)
    if (event.type !== 'platform') return
    codes.sent++
    if (event.errcode !== undefined || event.failed) codes.refused++
  })
  apps.push(app)
  return {
    address: await app.listen({ port: 0, host: '127.0.0.1' }),
    async expire() {
      for (const user of users) await store.create('recipes').end({ user }, 'gone', Date.now())
    },
    codes,
  }
}

interface HandMade {
  loginBody: (token: string) => unknown
  readToken: (request: IncomingMessage, body: Record<string, unknown>) => unknown
  refuse?: { status: number; body: unknown }
}

/** A back end as people write them: a token under some name, sent back in some place. */
const handMade =
  ({ loginBody, readToken, refuse = { status: 401, body: {} } }: HandMade) =>
  async (): Promise<Running> => {
    const used = new Set<unknown>()
    const codes = { sent: 0, refused: 0 }
    let live: string | undefined
    const address = await serve((request, response) => {
      whole(request, (bytes) => {
        const body = bytes.length > 0 ? (JSON.parse(bytes.toString()) as Record<string, unknown>) : {}
        const send = (status: number, data: unknown) =>
          response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(data))
        if (request.url === '/login') {
          codes.sent++
          if (used.has(body['code'])) codes.refused++
          used.add(body['code'])
          live = `token-${codes.sent}`
          return send(200, loginBody(live))
        }
        const isIn = live !== undefined && readToken(request, body) === live
        return isIn ? send(200, { code: 0, msg: 'ok', data: 'me' }) : send(refuse.status, refuse.body)
      })
    })
    return {
      address,
      codes,
      expire() {
        live = undefined
        return Promise.resolve()
      },
    }
  }

const queryOf = ({ url = '' }: IncomingMessage) => new URLSearchParams(url.split('?')[1])

const businessCode = recipe(buildBusinessCodeServer)
const sessionidHeader = handMade({
  loginBody: (sessionid) => ({ sessionid }),
  readToken: ({ headers }) => headers['sessionid'],
})

const businessOptions: Partial<ClientOptions> = {
  login: { url: '/login', token: 'data.token', expiresIn: 'data.expiresIn' },
  attach: { header: 'x-token' },
  isUnauthorized: ({ data }: Response) => (data as Envelope).code === 10401,
  unwrap({ data }: Response) {
    const { code, msg, data: inner } = data as Envelope
    if (code !== 0) throw new BusinessError(msg, code)
    return inner
  },
}

const backEnds: Record<string, { start: () => Promise<Running>; options: Partial<ClientOptions> }> = {
  'Set-Cookie and Cookie': {
    start: recipe(buildCookieServer),
    options: { login: { url: '/login', token: { cookie: 'sid' } }, attach: { cookie: 'sid' } },
  },
  '200 with a business code': { start: businessCode, options: businessOptions },
  'a sessionid header': {
    start: sessionidHeader,
    options: { login: { url: '/login', token: 'sessionid' }, attach: { header: 'sessionid' } },
  },
  'an skey deep in the answer': {
    start: handMade({
      loginBody: (skey) => ({ code: 0, data: { skey } }),
      readToken: ({ headers }) => headers['x-skey'],
    }),
    options: { login: { url: '/login', token: 'data.skey' }, attach: { header: 'X-Skey' } },
  },
  'a token in the query': {
    start: handMade({
      loginBody: (token) => ({ token }),
      readToken: (request) => queryOf(request).get('access_token'),
    }),
    options: { attach: { query: 'access_token' } },
  },
  'a token in the body': {
    start: handMade({ loginBody: (token) => ({ token }), readToken: (_request, body) => body['token'] }),
    options: { attach: { body: 'token' } },
  },
  'a 403 for a dead token': {
    start: handMade({
      loginBody: (token) => ({ token }),
      readToken: ({ headers }) => headers.authorization?.slice('Bearer '.length),
      refuse: { status: 403, body: { error: 'expired' } },
    }),
    options: { isUnauthorized: ({ statusCode }) => statusCode === 403 },
  },
}

describe.each(Object.entries(backEnds))('with %s', (name, { start, options }) => {
  // A body carries nothing in a GET, and the recipes know no POST.
  const ask = name === 'a token in the body' ? 'post' : 'get'

  test('twenty first requests cost one code; twenty with a dead session cost one more', async () => {
    const { address, codes, expire } = await start()
    const { api } = phone(address, options)
    const all = () => Promise.all(Array.from({ length: 20 }, () => api[ask]('/me', { page: 1 })))
    expect(await all()).toHaveLength(20)
    expect(codes).toEqual({ sent: 1, refused: 0 })
    await expire()
    const answers = await all()
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(codes).toEqual({ sent: 2, refused: 0 })
  })
})

test('the cookie of a login comes back among the cookies that were there already', async () => {
  let cookie: string | undefined
  const address = await serve((request, response) => {
    if (request.url === '/login') {
      response.setHeader('Set-Cookie', [
        'lang=zh; Expires=Wed, 21 Oct 2099 07:28:00 GMT',
        'sid=abc; HttpOnly',
      ])
    } else {
      cookie = request.headers.cookie
    }
    response.end('{}')
  })
  const { api } = phone(address, {
    login: { url: '/login', token: { cookie: 'sid' } },
    attach: { cookie: 'sid' },
  })
  await api.get('/me', undefined, { header: { Cookie: 'theme=dark' } })
  expect(cookie).toBe('theme=dark; sid=abc')
})

test('a business failure is an error with its own words', async () => {
  const { address } = await businessCode()
  const { api } = phone(address, {
    ...businessOptions,
    isUnauthorized: () => false,
    attach: { header: 'x-nobody-reads-this' },
  })
  expect(await caught(api.get('/me'))).toMatchObject({
    code: 'BUSINESS',
    businessCode: 10401,
    message: 'Log in first.',
  })
})

test('a login that is a function may speak to any back end', async () => {
  const { address, codes } = await sessionidHeader()
  const { api } = phone(address, {
    attach: { header: 'sessionid' },
    async login(code) {
      const answer = await fetch(`${address}/login`, { method: 'POST', body: JSON.stringify({ code }) })
      const { sessionid } = (await answer.json()) as { sessionid: string }
      return { token: sessionid, data: { member: true } }
    },
  })
  await Promise.all([api.get('/me'), api.get('/me')])
  expect([codes.sent, api.session?.data]).toEqual([1, { member: true }])
})
