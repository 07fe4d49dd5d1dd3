import { createClient, type Client as Api } from 'miniprogram-session'
import { createFakeWeChat, httpTransport, realClock } from 'miniprogram-session/testing'
import { mintCode } from 'miniprogram-session-server/testing'
import { describeOn, startDatabase, until, type Database } from '../../server/__tests__/databases.ts'
import { startProcess, type ServerProcess } from './processes.ts'

jest.setTimeout(30_000)

const PHONES = 8
/** Requests that each phone has under way at any time. */
const AT_ONCE = 4

/** A phone with an app that never stops reading. */
function startPhone(baseURL: string, user: string) {
  const fake = createFakeWeChat({ server: httpTransport(), clock: realClock, codes: () => mintCode(user) })
  const api = createClient({
    platform: fake.wx,
    baseURL,
    login: { url: '/login' },
    // The only thing an app has to say to outlast a restart: for how long.
    retry: { limit: 400, delay: () => 50 },
  })
  const count = { answers: 0, retries: 0 }
  api.on((event) => {
    if (event.type === 'request' && event.phase === 'retry') count.retries++
  })
  let isReading = true
  const read = async () => {
    while (isReading) {
      await api.get('/me')
      count.answers++
    }
  }
  const reading = Promise.all(Array.from({ length: AT_ONCE }, read))
  return { api, fake, count, stop: () => ((isReading = false), reading) }
}

const sessionsOf = (api: Api) => api.get<{ items: unknown[] }>('/sessions')

describeOn('redis')('a server that is killed under load and started again', () => {
  let database: Database
  let server: ServerProcess
  // A life of a minute is written anew each second: sessions are being stored as the server dies.
  const start = (port = '0') =>
    startProcess({
      PORT: port,
      STORE_URL: database.url,
      SESSION_SECRETS: 'ab'.repeat(32),
      SESSION_IDLE_MINUTES: '1',
    })
  beforeAll(async () => {
    database = await startDatabase('redis')
    server = await start()
  })
  afterAll(async () => {
    server.signal('SIGKILL')
    await database.remove()
  })

  test('loses no session, and costs its clients no request and no login', async () => {
    const { address } = server
    const phones = Array.from({ length: PHONES }, (_, index) => startPhone(address, `user-${index}`))
    const answered = (atLeast: number) =>
      until(async () => {
        for (const { count } of phones) expect(count.answers).toBeGreaterThan(atLeast)
      })

    await answered(50)
    const tokens = phones.map(({ api }) => api.session?.token)
    const before = phones.map(({ count }) => count.answers)
    server.signal('SIGKILL')
    await server.ended
    server = await start(new URL(address).port)
    await answered(Math.max(...before) + 50)
    // Rejects if any request has failed for good.
    await Promise.all(phones.map(({ stop }) => stop()))

    for (const { count } of phones) expect(count.retries).toBeGreaterThanOrEqual(AT_ONCE)
    expect(phones.map(({ api }) => api.session?.token)).toEqual(tokens)
    expect(phones.map(({ fake }) => fake.calls.logins)).toEqual(Array(PHONES).fill(1))
    expect(await Promise.all(phones.map(({ api }) => sessionsOf(api)))).toEqual(
      Array(PHONES).fill({ items: [expect.objectContaining({ current: true })] }),
    )
    const stats = await fetch(`${address}/dev/stats`)
    expect(await stats.json()).toMatchObject({ logins: 0, codes: 0, unauthorized: 0 })
  })
})
