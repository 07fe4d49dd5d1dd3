import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { mintCode } from 'miniprogram-session-server/testing'
import { bearer, Client } from './client.ts'
import { describeOn, startDatabase, until, type Database } from '../../server/__tests__/databases.ts'
import { post, startProcess, type ServerProcess } from './processes.ts'

jest.setTimeout(30_000)

const run = promisify(execFile)
const CLIENT_TYPES = join(__dirname, '../tools/client-types.ts')
const SERVER_API = join(__dirname, '../../example-miniprogram/typings/server-api.d.ts')

describe('every answer', () => {
  test('has a request id of its own and the headers of a careful server', async () => {
    const server = await Client.start()
    const [one, two] = [await server.get('/healthz'), await server.get('/nowhere')]
    expect(one.headers['x-request-id']).not.toBe(two.headers['x-request-id'])
    for (const { headers } of [one, two]) {
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
    }
    await server.close()
  })
})

test('health and readiness answer without a session', async () => {
  const server = await Client.start()
  for (const url of ['/healthz', '/readyz']) expect((await server.get(url)).body).toEqual({ status: 'ok' })
  await server.close()
})

test('the OpenAPI document has every route, and says which of them need the token', async () => {
  const server = await Client.start()
  const { body } = await server.get('/openapi.json')
  const paths = body['paths'] as Record<string, Record<string, { security?: unknown }>>
  expect(Object.keys(paths).sort()).toEqual(
    [
      '/avatar',
      '/avatars/{name}',
      '/chat',
      '/events',
      '/healthz',
      '/login',
      '/logout',
      '/me',
      '/open-data',
      '/orders',
      '/phone',
    ].concat('/readyz', '/sessions', '/sessions/{id}'),
  )
  expect(paths['/me']?.['get']?.security).toEqual([{ bearer: [] }])
  expect(paths['/login']?.['post']?.security).toBeUndefined()
  await server.close()
})

test('the types its client was built with are those of the document (npm run client-types)', async () => {
  const { stdout } = await run(process.execPath, ['--import', 'tsx', CLIENT_TYPES, '--print'])
  expect(readFileSync(SERVER_API, 'utf8')).toBe(stdout)
})

describe('as a process', () => {
  test('it finishes what is in flight after SIGTERM, then ends', async () => {
    const server = await startProcess()
    const slow = fetch(`${server.address}/healthz`, { headers: { 'x-dev-delay': '700' } })
    // An answer to a later request says that the slow one has arrived.
    await fetch(`${server.address}/dev/stats`)
    server.signal('SIGTERM')
    expect((await slow).status).toBe(200)
    expect(await server.ended).toBe(0)
  })

  test('a request on a connection that was idle at that moment is answered, and told to take another one', async () => {
    const server = await startProcess()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const ask = () =>
      new Promise<string>((resolve, reject) => {
        get(`${server.address}/healthz`, { agent }, (response) => {
          const { statusCode, headers } = response.on('end', () =>
            resolve(`${String(statusCode)} ${String(headers.connection)}`),
          )
          response.resume()
        }).on('error', reject)
      })
    expect(await ask()).toBe('200 keep-alive')
    server.signal('SIGTERM')
    // A new connection is refused, which is safe to try again elsewhere.
    await until(() => expect(fetch(`${server.address}/healthz`)).rejects.toThrow('fetch failed'))
    expect(await ask()).toBe('200 close')
    expect(await server.ended).toBe(0)
  })

  test('behind a load balancer it first says that it will end, and serves on', async () => {
    const server = await startProcess({ DRAIN_SECONDS: '1' })
    const statusOf = async (path: string) => (await fetch(`${server.address}${path}`)).status
    server.signal('SIGTERM')
    await until(async () => expect(await statusOf('/readyz')).toBe(503))
    expect(await statusOf('/healthz')).toBe(200)
    expect(await server.ended).toBe(0)
  })

  test('a stream without an end of its own does not hold it up', async () => {
    const server = await startProcess()
    const { token } = await post(server, '/login', { code: mintCode('alice') })
    const stream = await fetch(`${server.address}/events?count=10000`, { headers: bearer(token as string) })
    server.signal('SIGTERM')
    expect(await stream.text()).toMatch(/^:\n\n/)
    expect(await server.ended).toBe(0)
  })

  test('its log has no token, no code and no query', async () => {
    const server = await startProcess({ LOG_LEVEL: 'trace' })
    const code = mintCode('alice')
    const { token } = await post(server, '/login', { code })
    await fetch(`${server.address}/orders?page=1&secret=hunter2`, { headers: bearer(token as string) })
    await post(server, '/login', { code })
    server.signal('SIGTERM')
    await server.ended
    expect(server.output()).toContain('"path":"/orders"')
    for (const secret of [code, token as string, 'hunter2']) expect(server.output()).not.toContain(secret)
  })

  test('says in one line that its port is taken, or its address none of this machine', async () => {
    const occupant = createServer().listen(0, '127.0.0.1')
    await once(occupant, 'listening')
    const port = String((occupant.address() as AddressInfo).port)
    const reasonOf = (env: NodeJS.ProcessEnv) =>
      startProcess({ LOG_LEVEL: 'silent', ...env }).then(
        () => 'it started',
        (error: unknown) => (error as Error).message.trim(),
      )
    const [taken, strange] = [await reasonOf({ PORT: port }), await reasonOf({ HOST: '203.0.113.7' })]
    occupant.close()
    const lastLine = (text: string) => text.split('\n').at(-1)
    for (const reason of [taken, strange]) expect(reason).toMatch(/^the server ended with 1: /)
    expect(lastLine(taken)).toMatch(
      new RegExp(`Port ${port} is taken: stop what uses it, or set PORT to another one.$`),
    )
    expect(lastLine(strange)).toMatch(
      /HOST is "203.0.113.7", which is no address of this machine: 127.0.0.1 and 0.0.0.0 always are.$/,
    )
  })

  test('with a wrong configuration it ends at once and lists the mistakes', async () => {
    const start = startProcess({ PORT: 'x', LOG_LEVEL: 'y' })
    await expect(start).rejects.toThrow(
      /ended with 1: The configuration has mistakes:\n {2}- LOG_LEVEL.*\n {2}- PORT/,
    )
  })
})

describeOn('redis')('two processes on one redis', () => {
  let database: Database
  let servers: [ServerProcess, ServerProcess]
  let env: NodeJS.ProcessEnv
  beforeAll(async () => {
    database = await startDatabase('redis')
    env = { STORE_URL: database.url, SESSION_SECRETS: 'ab'.repeat(32) }
    servers = await Promise.all([startProcess(env), startProcess(env)])
  })
  afterAll(async () => {
    for (const server of servers) server.signal('SIGKILL')
    await database.remove()
  })

  test('logins of one user that reach both at once get one session', async () => {
    const logins = Array.from({ length: 20 }, (_, i) =>
      post(i % 2 ? servers[0] : servers[1], '/login', { code: mintCode('alice') }),
    )
    const tokens = (await Promise.all(logins)).map(({ token }) => token)
    expect(tokens[0]).toEqual(expect.stringMatching(/^mps_[\w-]{43}$/))
    expect(new Set(tokens).size).toBe(1)
  })

  test("serve one user's requests alternately", async () => {
    const { token } = await post(servers[0], '/login', { code: mintCode('bob') })
    for (let i = 0; i < 10; i++) {
      const { address } = i % 2 ? servers[0] : servers[1]
      expect((await fetch(`${address}/me`, { headers: bearer(token as string) })).status).toBe(200)
    }
    await fetch(`${servers[0].address}/logout`, { method: 'POST', headers: bearer(token as string) })
    expect((await fetch(`${servers[1].address}/me`, { headers: bearer(token as string) })).status).toBe(401)
  })
})
