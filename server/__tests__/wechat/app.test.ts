import { createAuth, memoryStore, wechat, type Auth, type AuthEvent, type Session } from '../../src/index.ts'
import { startFakeWeChat, type FakeWeChat } from '../../src/testing.ts'
import { createClock, SECRET } from '../auth/helpers.ts'

const HOUR = 3_600_000

describe('with WeChat', () => {
  let fake: FakeWeChat
  let auth: Auth
  let session: Session
  let token: string
  let events: AuthEvent[]
  let clock: ReturnType<typeof createClock>

  beforeEach(async () => {
    clock = createClock(Date.now())
    fake = await startFakeWeChat({ clock })
    const provider = wechat({ appid: 'wx1', secret: 'a secret', api: fake.url, fake: true })
    const given = { namespace: 'tests', secrets: [SECRET], apps: [provider], clock }
    auth = createAuth({ ...given, store: memoryStore(), onLogin: ({ openid }) => openid })
    events = []
    auth.on((event) => events.push(event))
    token = (await auth.login({ code: fake.platform.mint('alice') })).token
    session = (await auth.authenticate(token)) as Session
  })
  afterEach(async () => {
    await auth.close()
    await fake.close()
  })

  const calls = (name: string) =>
    events.filter((event) => event.type === 'platform' && event.call === name).length
  const post = (path: string, body: object) =>
    auth.handle({ method: 'POST', path, headers: { authorization: `Bearer ${token}` }, body })

  test('a phone code becomes a number, once', async () => {
    const code = fake.platform.mint('alice')
    expect(await post('/phone', { code })).toMatchObject({
      status: 200,
      body: { phoneNumber: '13800000000', countryCode: '86' },
    })
    expect(await post('/phone', { code })).toMatchObject({
      status: 400,
      body: { error: { code: 'PHONE_CODE_INVALID' } },
    })
    expect(await post('/phone', { code: 7 })).toMatchObject({ status: 400 })
  })

  test('fifty calls at once ask for one access token; it is renewed before its end and nobody waits', async () => {
    const tokens = await Promise.all(Array.from({ length: 50 }, () => auth.app().accessToken()))
    expect([new Set(tokens).size, calls('stable_token')]).toEqual([1, 1])
    clock.advance(2 * HOUR - 4 * 60_000)
    expect(await auth.app().accessToken()).toBe(tokens[0])
    clock.advance(5 * 60_000)
    expect(await auth.app().accessToken()).not.toBe(tokens[0])
  })

  test('a token that WeChat refuses is replaced, and the call made again', async () => {
    const before = await auth.app().accessToken()
    fake.platform.endAccessTokens()
    const phone = await auth.app().phone(fake.platform.mint('alice'))
    expect(phone.purePhoneNumber).toBe('13800000000')
    expect(await auth.app().accessToken()).not.toBe(before)
  })

  test('who hears of events is told how long the token is good, by whoever has it, and that one was refused', async () => {
    const told = (all: AuthEvent[]) => all.flatMap((event) => (event.type === 'access-token' ? [event] : []))
    const app = 'wechat:fake:wx1'
    await auth.app().accessToken()
    await auth.app().accessToken()
    expect(told(events)).toEqual([{ type: 'access-token', app, ms: 2 * HOUR }])
    clock.advance(HOUR)
    fake.platform.endAccessTokens()
    await auth.app().phone(fake.platform.mint('alice'))
    expect(told(events).map(({ ms }) => ms)).toEqual([2 * HOUR, 0, 2 * HOUR])
    expect(JSON.stringify(told(events))).not.toContain(await auth.app().accessToken())
  })

  test('another process finds the token in the store, sealed', async () => {
    const store = memoryStore()
    const provider = () => wechat({ appid: 'wx1', secret: 'a secret', api: fake.url, fake: true })
    const make = () => createAuth({ namespace: 'two', secrets: [SECRET], store, apps: [provider()], clock })
    const [one, two] = [make(), make()]
    const made = await one.app().accessToken()
    const asked: AuthEvent[] = []
    two.on((event) => event.type === 'platform' && asked.push(event))
    expect(await two.app('wx1').accessToken()).toBe(made)
    expect(asked).toEqual([])
    clock.advance(HOUR)
    const three = make()
    three.on((event) => event.type === 'access-token' && asked.push(event))
    await three.app().accessToken()
    expect(asked).toMatchObject([{ ms: HOUR }])
    const kept = await store.create('two').shared.get('access-token wechat:fake:wx1', clock())
    expect(kept).toBeDefined()
    expect(kept).not.toContain(made)
  })

  test('data that the key opens is told; with another key it is 409, of another app 400', async () => {
    const { encryptedData, iv, rawData, signature } = fake.platform.seal('alice', { steps: 7 })
    expect(await post('/open-data', { encryptedData, iv })).toMatchObject({
      status: 200,
      body: { data: { steps: 7 } },
    })
    expect(JSON.stringify(await post('/open-data', { encryptedData, iv }))).not.toContain('watermark')
    expect(await post('/open-data', { rawData, signature })).toMatchObject({ body: { data: { steps: 7 } } })
    expect(await auth.app().verify(session, rawData, 'ab'.repeat(20))).toBe(false)
    fake.platform.rotateKey('alice')
    const other = fake.platform.seal('alice', { steps: 8 })
    const stale = { status: 409, body: { error: { code: 'SESSION_KEY_STALE' } } }
    expect(await post('/open-data', { encryptedData: other.encryptedData, iv: other.iv })).toMatchObject(
      stale,
    )
    expect(await post('/open-data', { rawData: other.rawData, signature: other.signature })).toMatchObject(
      stale,
    )
    for (const body of [{}, { encryptedData: 'x', iv: 'y' }, { encryptedData: 7, iv: [] }, { rawData: {} }]) {
      expect((await post('/open-data', body))?.status).toBe(400)
    }
    clock.advance(11 * 60_000)
    const { token: again } = await auth.login({ code: fake.platform.mint('alice') })
    const fresh = (await auth.authenticate(again)) as Session
    await expect(auth.app().decrypt(fresh, encryptedData, iv)).rejects.toMatchObject({ status: 409 })
  })

  test('a key is checked, and reset at most once an hour', async () => {
    const app = auth.app()
    expect(await app.checkSessionKey(session)).toBe(true)
    const before = fake.platform.sessionKey('alice')
    await app.resetSessionKey(session)
    expect(fake.platform.sessionKey('alice')).not.toBe(before)
    expect(await app.checkSessionKey(session)).toBe(true)
    await expect(app.resetSessionKey(session)).rejects.toMatchObject({ status: 429 })
    fake.platform.rotateKey('alice')
    expect(await app.checkSessionKey(session)).toBe(false)
    expect(await app.openid(session)).toBe('fake-alice')
  })

  test('a reset with a key that was replaced is a 409 as elsewhere, and does not count: after a login it works', async () => {
    const app = auth.app()
    fake.platform.rotateKey('alice')
    await expect(app.resetSessionKey(session)).rejects.toMatchObject({ code: 'SESSION_KEY_STALE' })
    clock.advance(60_000)
    await auth.login({ code: fake.platform.mint('alice') })
    await app.resetSessionKey(session)
    expect(await app.checkSessionKey(session)).toBe(true)
    clock.advance(59 * 60_000)
    await expect(app.resetSessionKey(session)).rejects.toMatchObject({ status: 429 })
    clock.advance(60_000)
    await app.resetSessionKey(session)
  })

  test('of two resets at once one is carried out', async () => {
    const app = auth.app()
    const settled = await Promise.allSettled([app.resetSessionKey(session), app.resetSessionKey(session)])
    expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await app.checkSessionKey(session)).toBe(true)
  })
})

test('eight calls while WeChat hangs are eight answers after one deadline, and the next ones come at once', async () => {
  const provider = wechat({ appid: 'wx1', secret: 's', api: 'http://127.0.0.1:9', fake: true })
  let asked = 0
  const hang = jest.spyOn(globalThis, 'fetch').mockImplementation(() => {
    asked += 1
    return new Promise(() => undefined)
  })
  const given = { namespace: 'tests', secrets: [SECRET], store: memoryStore(), apps: [provider] }
  const auth = createAuth({ ...given, deadline: { provider: 200 } })
  const begun = performance.now()
  const eight = await Promise.allSettled(Array.from({ length: 8 }, () => auth.app().call('/any', {})))
  const took = performance.now() - begun
  expect(eight.map((one) => one.status === 'rejected' && (one.reason as { code: string }).code)).toEqual(
    Array(8).fill('PLATFORM_UNAVAILABLE'),
  )
  expect(took).toBeGreaterThanOrEqual(199)
  expect(took).toBeLessThan(400)
  const later = performance.now()
  await expect(auth.app().accessToken()).rejects.toMatchObject({ status: 503 })
  expect(performance.now() - later).toBeLessThan(100)
  expect(asked).toBe(1)
  hang.mockRestore()
  await auth.close()
})
