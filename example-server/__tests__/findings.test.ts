import { build } from 'esbuild'
import { mintCode } from 'miniprogram-session-server/testing'
import { join } from 'node:path'
import {
  describeOn,
  startDatabase,
  until,
  type Database,
  type DatabaseKind,
} from '../../server/__tests__/databases.ts'
import { bearer, Client, errorCode } from './client.ts'
import { createTables } from './open.ts'
import { post, startProcess, type ServerProcess } from './processes.ts'

// What an earlier version of this server got wrong, and many a back end does.

jest.setTimeout(60_000)

const SECRET = 'ab'.repeat(32)
/** Everything that the server wants to know in production. */
const PRODUCTION = {
  NODE_ENV: 'production',
  WECHAT_APPID: 'wx1',
  WECHAT_SECRET: 'hunter2',
  NAMESPACE: 'shop-production',
  SESSION_SECRETS: SECRET,
  STORE_URL: 'memory',
}

for (const kind of ['redis', 'mysql'] satisfies DatabaseKind[]) {
  describeOn(kind)(`a ${kind} that hangs`, () => {
    let database: Database
    let server: ServerProcess
    beforeAll(async () => {
      database = await startDatabase(kind)
      await createTables(database)
      server = await startProcess({ STORE_URL: database.url, SESSION_SECRETS: SECRET })
    })
    afterAll(async () => {
      database.signal('SIGCONT')
      server.signal('SIGKILL')
      await database.remove()
    })

    test('is a 503 after two seconds, then at once, never a 401, and its return is noticed', async () => {
      const { token } = await post(server, '/login', { code: mintCode('alice') })
      const ask = async (path: string) => {
        const begun = performance.now()
        const answer = await fetch(`${server.address}${path}`, { headers: bearer(token as string) })
        const { status, headers } = answer
        await answer.text()
        return { status, retryAfter: headers.get('retry-after'), ms: performance.now() - begun }
      }
      expect((await ask('/orders')).status).toBe(200)
      database.signal('SIGSTOP')
      const first = await Promise.all([ask('/me'), ask('/orders'), ask('/readyz'), ask('/sessions')])
      expect(first.map(({ status }) => status)).toEqual([503, 503, 503, 503])
      expect(first[0].retryAfter).toBe('1')
      for (const { ms } of first) expect(ms).toBeLessThan(4500)
      const later = await Promise.all(Array.from({ length: 50 }, () => ask('/me')))
      expect(new Set(later.map(({ status }) => status))).toEqual(new Set([503]))
      for (const { ms } of later) expect(ms).toBeLessThan(1000)
      expect((await ask('/healthz')).status).toBe(200)
      database.signal('SIGCONT')
      await until(async () => expect((await ask('/me')).status).toBe(200))
      expect(server.output()).toContain('store down')
    })
  })
}

describe('the fake WeChat and /dev', () => {
  test.each(['developmnet', 'development', 'test', ''])(
    'open by no NODE_ENV: with "%s" the server is what it is',
    async (NODE_ENV) => {
      const server = await startProcess({ ...PRODUCTION, NODE_ENV }, 'main.ts')
      for (const path of ['/dev/stats', '/dev/expire', '/dev/login']) {
        expect((await fetch(`${server.address}${path}`)).status).toBe(404)
      }
      expect((await post(server, '/dev/expire', {}))['error']).toMatchObject({ code: 'NOT_FOUND' })
      server.signal('SIGKILL')
    },
  )

  test('are in nothing that the server for production is made of', async () => {
    const { metafile } = await build({
      entryPoints: [join(__dirname, '../src/main.ts')],
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      metafile: true,
      write: false,
    })
    const files = Object.keys(metafile.inputs)
    expect(files).toContain('example-server/src/app.ts')
    expect(files.filter((file) => /src\/dev\/|fake-wechat/.test(file))).toEqual([])
  })

  test('do not stand in for an account that is missing', async () => {
    const start = startProcess({ ...PRODUCTION, NODE_ENV: 'development', WECHAT_SECRET: '' }, 'main.ts')
    await expect(start).rejects.toThrow(/ended with 1: [^]*WECHAT_SECRET is missing/)
  })
})

describeOn('redis')('staging and production on one Redis, with one secret', () => {
  let database: Database
  beforeAll(async () => {
    database = await startDatabase('redis')
  })
  afterAll(() => database.remove())

  test('know nothing of each other’s tokens', async () => {
    const start = (NAMESPACE: string) =>
      startProcess({ STORE_URL: database.url, SESSION_SECRETS: SECRET, NAMESPACE })
    const [staging, production] = await Promise.all([start('shop-staging'), start('shop-production')])
    const { token } = await post(staging, '/login', { code: mintCode('alice') })
    const statusAt = async ({ address }: ServerProcess) =>
      (await fetch(`${address}/me`, { headers: bearer(token as string) })).status
    expect([await statusAt(staging), await statusAt(production)]).toEqual([200, 401])
  })
})

describe('the limit of logins', () => {
  const statuses = async (trustProxy: string, forwarded: readonly string[], remoteAddress = '10.0.0.9') => {
    const server = await Client.start({ loginLimit: 2, trustProxy })
    const answers = []
    for (const addresses of forwarded) {
      const payload = { code: mintCode('a', server.clock()) }
      const headers = { 'x-forwarded-for': addresses }
      const request = { method: 'POST', url: '/login', headers, payload, remoteAddress } as const
      answers.push((await server.send(request)).statusCode)
    }
    await server.close()
    return answers
  }
  const phones = Array.from({ length: 150 }, (_, n) => `1.2.3.${n}`)

  test('takes no proxy for one phone: neither one that it was told of nor one that it was not', async () => {
    expect(new Set(await statuses('10.0.0.0/8', phones))).toEqual(new Set([200]))
    expect(new Set(await statuses('', phones))).toEqual(new Set([200]))
  })

  test('is each phone’s own behind a proxy that is trusted, whatever a phone writes before it', async () => {
    expect(
      await statuses('10.0.0.0/8', ['6.6.6.1, 1.1.1.1', '6.6.6.2, 1.1.1.1', '6.6.6.3, 1.1.1.1']),
    ).toEqual([200, 200, 429])
  })

  test('believes nobody else', async () => {
    expect(await statuses('10.0.0.0/8', ['1.1.1.1', '2.2.2.2', '3.3.3.3'], '5.5.5.5')).toEqual([
      200, 200, 429,
    ])
  })
})

describe('expiresIn', () => {
  const DAY = 86_400_000
  let server: Client
  let token: string
  beforeEach(async () => {
    server = await Client.start()
    const { body } = await server.exchange(mintCode('alice', server.clock()))
    expect(body).toMatchObject({ expiresIn: (30 * DAY) / 1000, idleTimeout: (7 * DAY) / 1000 })
    token = String(body['token'])
  })
  afterEach(() => server.close())
  const use = async () => (await server.get('/me', token)).statusCode

  test('is when a token ends however much it is used', async () => {
    for (let day = 5; day < 30; day += 5) {
      server.clock.advance(5 * DAY)
      expect([day, await use()]).toEqual([day, 200])
    }
    server.clock.advance(5 * DAY - 1)
    expect(await use()).toBe(200)
    server.clock.advance(1)
    expect(await use()).toBe(401)
  })

  test('is moved by the next token, which is offered in time: whoever comes by logs in once', async () => {
    for (let day = 5; day < 100; day += 5) {
      server.clock.advance(5 * DAY)
      const { statusCode, headers } = await server.get('/me', token)
      expect([day, statusCode]).toEqual([day, 200])
      if (headers['session-token'] !== undefined) token = String(headers['session-token'])
    }
  })
})

describe('an order', () => {
  let server: Client
  let token: string
  beforeEach(async () => {
    server = await Client.start()
    token = await server.login('alice')
  })
  afterEach(() => server.close())
  const place = (more: Record<string, string>) =>
    server.send({
      method: 'POST',
      url: '/orders',
      headers: { ...bearer(token), ...more },
      payload: { title: '茶', amount: 990 },
    })
  const total = async () => (await server.get('/orders', token)).body['total']

  test.each([
    ['PATCH', 404],
    ['PUT', 404],
    ['BREW', 400],
  ])('is not made by a POST that says it is a %s', async (method, status) => {
    const before = await total()
    expect((await place({ 'x-http-method-override': method })).statusCode).toBe(status)
    expect(await total()).toBe(before)
  })

  test('that is sent again with its Idempotency-Key is one', async () => {
    const before = Number(await total())
    const [one, two] = [await place({ 'idempotency-key': 'k-1' }), await place({ 'idempotency-key': 'k-1' })]
    expect([one.statusCode, two.statusCode, two.body]).toEqual([201, 201, one.body])
    await place({ 'idempotency-key': 'k-2' })
    expect(await total()).toBe(before + 2)
    expect(errorCode(await place({ 'idempotency-key': 'k'.repeat(65) }))).toBe('BAD_REQUEST')
  })
})

describe('what a start prints', () => {
  const said = (env: NodeJS.ProcessEnv) =>
    startProcess({ ...PRODUCTION, LOG_LEVEL: 'trace', ...env }, 'main.ts').then(
      (server) => {
        server.signal('SIGKILL')
        return server.output()
      },
      (error: unknown) => (error as Error).message,
    )

  test.each([
    'mysql://shop:hunter2@127.0.0.1:1/shop',
    'redis://shop:hunter2@127.0.0.1:1/0',
    'redis://shop:hunter2@127.0.0.1:port/0',
    'redis://shop:hunter2@[/0',
    'mysql://shop:hunter2#@db/shop',
    'mysql://shop:hunter2@db:99999/shop',
    'mysql:shop:hunter2@db',
    'postgres://shop:hunter2@db/shop',
    'shop:hunter2@db',
    'hunter2',
  ])('of %s is no password', async (STORE_URL) => {
    const text = await said({ STORE_URL })
    expect(text).toMatch(/ended with 1: /)
    expect(text).toMatch(
      /STORE_URL must be|The store at \w+:\/\/127\.0\.0\.1:1 cannot be used: .*ECONNREFUSED/,
    )
    expect(text).not.toContain('hunter2')
  })

  test('says that sessions are in memory, and only if that was written out', async () => {
    expect(await said({})).toContain('Sessions are kept in memory')
    expect(await said({ STORE_URL: '' })).toMatch(/ended with 1: [^]*STORE_URL must be/)
  })

  test('is none of the other secrets either', async () => {
    for (const name of ['SESSION_SECRETS', 'NAMESPACE', 'PORT']) {
      const text = await said({ [name]: 'hunter2 !' })
      expect(text).toContain(name)
      expect(text).not.toContain('hunter2')
    }
  })
})
