import { createClient } from '@redis/client'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createAuth } from '../../src/index.ts'
import { fakeProvider, SECRET } from '../auth/helpers.ts'
import { redisStore } from '../../src/stores/redis.ts'
import { storeSuite } from '../../src/stores/suite.ts'
import { freePort } from '../free-port.ts'

const isInstalled = spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0
if (!isInstalled && process.env['CI'])
  throw new Error('redis-server is not installed (apt-get install redis-server)')
if (!isInstalled)
  process.stderr.write('\n*** SKIPPED: every test on Redis: apt-get install redis-server ***\n\n')

;(isInstalled ? describe : describe.skip)('on Redis', () => {
  let server: ChildProcess
  const clients: { close(): Promise<void> }[] = []
  let client: { sendCommand(words: string[]): Promise<unknown> }
  beforeAll(async () => {
    const port = await freePort()
    const words = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
    server = spawn('redis-server', words, { stdio: 'ignore', cwd: '/tmp' })
    process.once('exit', () => server.kill('SIGKILL'))
    const made = createClient({ url: `redis://127.0.0.1:${port}` })
    made.on('error', () => undefined)
    await made.connect()
    clients.push(made)
    client = made
  })
  afterAll(async () => {
    for (const made of clients) await made.close()
    server.kill('SIGKILL')
  })

  storeSuite(test, (namespace) => redisStore(client).create(namespace))

  test('a server that has forgotten its scripts is told them again', async () => {
    const store = redisStore(client).create('suite')
    await client.sendCommand(['SCRIPT', 'FLUSH'])
    expect(await store.list('nobody')).toEqual([])
  })

  test('while Redis is frozen everybody gets a 503 and nobody a 401, and then all is as before', async () => {
    const auth = createAuth({
      namespace: 'frozen',
      secrets: [SECRET],
      store: redisStore(client),
      apps: [fakeProvider()],
      deadline: { store: 300 },
    })
    const { token } = await auth.login({ code: 'alice-1' })
    const up = new Promise((resolve) =>
      auth.on(({ type }) => {
        if (type === 'store-up') resolve(type)
      }),
    )
    server.kill('SIGSTOP')
    const answers = Array.from({ length: 5 }, () => auth.authenticate(token))
    const frozen = await Promise.allSettled(answers)
    expect(
      frozen.map((answer) => answer.status === 'rejected' && (answer.reason as { status: number }).status),
    ).toEqual(Array(5).fill(503))
    const begun = performance.now()
    await expect(auth.login({ code: 'alice-2' })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    expect(performance.now() - begun).toBeLessThan(250)
    server.kill('SIGCONT')
    await up
    expect(await auth.authenticate(token)).toMatchObject({ app: 'fake:wx1' })
    await auth.close()
  })
})
