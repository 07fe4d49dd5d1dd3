import { createAuth, memoryStore, wechat, type StoreFactory } from '../../src/index.ts'
import { startFakeWeChat, type FakeWeChat } from '../../src/testing.ts'
import { createClock, DAY, SECRET } from '../auth/helpers.ts'
import { describeOn, startDatabase, type DatabaseKind } from '../databases.ts'
import { openStore, type OpenStore } from './open.ts'

const APP_SECRET = 'a secret of the app'
const TABLES = ['mps_session', 'mps_account', 'mps_block', 'mps_shared']

let fake: FakeWeChat
const clock = createClock(Date.now())
beforeAll(async () => {
  fake = await startFakeWeChat({ clock })
})
afterAll(() => fake.close())

/** A session is opened, asks for a phone number, and rotates. What was secret of all that. */
async function live(store: StoreFactory): Promise<string[]> {
  const auth = createAuth({
    namespace: 'tests',
    secrets: [SECRET],
    store,
    apps: [wechat({ appid: 'wx1', secret: APP_SECRET, api: fake.url, fake: true })],
    clock,
  })
  const codes = [fake.platform.mint('alice'), fake.platform.mint('alice')] as const
  const { token } = await auth.login({ code: codes[0] })
  const { phoneNumber } = await auth.app().phone(codes[1])
  for (let day = 0; day < 16; day += 1) {
    clock.advance(DAY)
    await auth.authenticate(token)
  }
  const next = (await auth.authenticate(token))?.next?.token ?? ''
  const access = await auth.app().accessToken()
  const sessionKey = fake.platform.sessionKey('alice') ?? ''
  const secrets = [...codes, token, next, access, sessionKey, phoneNumber, APP_SECRET, SECRET]
  expect(Math.min(...secrets.map(({ length }) => length))).toBeGreaterThan(8)
  return secrets
}

/** Every text and all bytes that are anywhere in it, one after the other. */
function bytesOf(value: unknown): Buffer {
  if (Buffer.isBuffer(value)) return value
  if (typeof value !== 'object' || value === null) return Buffer.from(String(value))
  const inner: unknown[] =
    value instanceof Map || value instanceof Set || Array.isArray(value) ? [...value] : Object.values(value)
  return Buffer.concat(inner.map(bytesOf))
}

/** As it is, and in whatever way bytes are written. */
function isIn(copy: Buffer, secret: string): boolean {
  const random = secret.replace(/^mps_/, '')
  return [Buffer.from(random), Buffer.from(random, 'base64'), Buffer.from(random, 'hex')]
    .filter(({ length }) => length >= 8)
    .flatMap((raw) => [raw, ...(['hex', 'base64', 'base64url'] as const).map((as) => raw.toString(as))])
    .some((form) => copy.includes(form))
}

const secretsIn = (copy: Buffer, secrets: string[]): string[] => {
  // Or nothing would be found because nothing is looked at.
  expect(isIn(copy, fake.platform.openid('alice'))).toBe(true)
  return secrets.filter((secret) => isIn(copy, secret))
}

/** All that is in the database, past the store. */
async function copyOf(kind: DatabaseKind, opened: OpenStore): Promise<Buffer> {
  if (kind !== 'redis')
    return bytesOf(await opened.run(TABLES.map((table) => `SELECT * FROM ${table}`).join(';')))
  const keys = (await opened.run('KEYS *')) as string[]
  const reads = keys.flatMap((key) => [`GET ${key}`, `HGETALL ${key}`, `ZRANGE ${key} 0 -1`])
  return bytesOf([keys, await Promise.all(reads.map((read) => opened.run(read).catch(() => '')))])
}

for (const kind of ['redis', 'mysql', 'postgres'] satisfies DatabaseKind[]) {
  describeOn(kind)(`a copy of ${kind}`, () => {
    test('has no token, code, session_key, phone number or secret in it', async () => {
      const database = await startDatabase(kind)
      const opened = await openStore(database)
      const secrets = await live(opened.factory)
      expect(secretsIn(await copyOf(kind, opened), secrets)).toEqual([])
      await opened.close()
      await database.remove()
    }, 60_000)
  })
}

test('the memory of a store has no token, code, session_key, phone number or secret in it', async () => {
  const factory = memoryStore()
  const secrets = await live(factory)
  const { sessions, accounts, values } = factory.create('tests') as unknown as Record<string, unknown>
  expect(secretsIn(bytesOf([sessions, accounts, values]), secrets)).toEqual([])
})
