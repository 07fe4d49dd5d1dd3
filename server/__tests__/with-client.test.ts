import { createClient } from 'miniprogram-session'
import { createFakeClock, createFakeWeChat } from 'miniprogram-session/testing'
import { createAuth, memoryStore, type AuthOptions } from '../src/index.ts'
import { fakeProvider, SECRET } from './auth/helpers.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** A back end of this package, and phones of one user before it; all by one clock. */
function setUp(options: Partial<AuthOptions> = {}) {
  const clock = createFakeClock({ hops: 200 })
  let codes = 0
  const provider = fakeProvider()
  const auth = createAuth({
    namespace: 'tests',
    secrets: [SECRET],
    store: memoryStore(),
    apps: [provider],
    onLogin: ({ openid }) => openid,
    clock: () => clock.now(),
    ...options,
  })

  function phone() {
    const fake = createFakeWeChat({
      clock,
      codes: () => `alice-${(codes += 1)}`,
      async server({ method, path, header, data }) {
        const headers = Object.fromEntries(
          Object.entries(header).map(([name, value]) => [name.toLowerCase(), value]),
        )
        const text = typeof data === 'string' ? { text: data } : {}
        const own = await auth.handle({ method, path, headers, ...text })
        if (own) return { statusCode: own.status, header: own.headers, data: own.body }
        try {
          const session = await auth.adapter.enter(headers)
          return { data: { user: session.user }, header: auth.adapter.headersFor(session) }
        } catch (error) {
          const { status, headers: header_, body } = auth.adapter.errorAnswer(error)
          return { statusCode: status, header: header_, data: body }
        }
      },
    })
    const client = createClient({
      platform: fake.wx,
      baseURL: 'https://api.test',
      login: { url: '/login' },
      rotate: { header: 'session-token' },
    })
    const ask = async () => {
      const answer = client.get<{ user: string }>('/me').then(
        ({ user }) => user,
        (error: unknown) => (error as { code: string }).code,
      )
      await clock.advance(1000)
      return answer
    }
    return { fake, client, ask }
  }
  return { auth, clock, provider, phone }
}

test('twelve hours of use are one login', async () => {
  const { clock, provider, phone } = setUp({ lifetime: { idle: '2h', absolute: '30d' } })
  const { ask } = phone()
  for (let quarter = 0; quarter < 48; quarter += 1) {
    expect(await ask()).toBe('alice')
    await clock.advance(HOUR / 4)
  }
  expect(provider.asked).toHaveLength(1)
})

test('forty days of use are one login, since tokens rotate', async () => {
  const { auth, clock, provider, phone } = setUp()
  const { ask } = phone()
  for (let day = 0; day < 40; day += 1) {
    expect(await ask()).toBe('alice')
    await clock.advance(DAY)
  }
  expect(provider.asked).toHaveLength(1)
  expect(await auth.list('alice')).toHaveLength(1)
})

test('a storm of requests with a dead token is one login', async () => {
  const { auth, clock, provider, phone } = setUp()
  const { client, ask } = phone()
  await ask()
  await auth.revoke({ user: 'alice' })
  const [session] = await auth.list('alice')
  expect(session).toBeUndefined()
  await clock.advance(31 * DAY)
  const storm = Promise.all(Array.from({ length: 30 }, () => client.get<{ user: string }>('/me')))
  await clock.advance(5000)
  expect((await storm).every(({ user }) => user === 'alice')).toBe(true)
  expect(provider.asked).toHaveLength(2)
})

test('who is kicked out stays out, and two phones do not throw each other out for ever', async () => {
  const { clock, provider, phone } = setUp({ sessionsPerUser: 'single' })
  const [one, two] = [phone(), phone()]
  expect(await one.ask()).toBe('alice')
  await clock.advance(10_000)
  expect(await two.ask()).toBe('alice')
  for (let round = 0; round < 5; round += 1) {
    expect(await one.ask()).toBe('HTTP_STATUS')
    expect(await two.ask()).toBe('alice')
    await clock.advance(HOUR)
  }
  expect(provider.asked).toHaveLength(2)
})
