import { createDecipheriv, createHmac } from 'node:crypto'
import { mintCode, startFakeWeChat, type FakeWeChat } from '../src/testing.ts'
import { until } from './databases.ts'

const ACCOUNT = { appid: 'wx0123456789abcdef', secret: '0123456789abcdef' }
const MINUTE = 60_000

let fake: FakeWeChat
let now = Date.UTC(2026, 5, 1)
beforeEach(async () => {
  now = Date.UTC(2026, 5, 1)
  fake = await startFakeWeChat({ account: ACCOUNT, clock: () => now, mintOverHttp: true })
})
afterEach(() => fake.close())

type Json = Record<string, unknown>

async function ask(path: string, query: Record<string, string> = {}, body?: object) {
  const response = await fetch(
    `${fake.url}${path}?${new URLSearchParams(query).toString()}`,
    body ? { method: 'POST', body: JSON.stringify(body) } : {},
  )
  return { type: response.headers.get('content-type'), body: JSON.parse(await response.text()) as Json }
}

const exchange = async (code: string, account: Record<string, string> = ACCOUNT) =>
  (await ask('/sns/jscode2session', { ...account, js_code: code, grant_type: 'authorization_code' })).body

const accessToken = async () => {
  const { body } = await ask('/cgi-bin/stable_token', {}, { grant_type: 'client_credential', ...ACCOUNT })
  return String(body['access_token'])
}

test('a success has no errcode, and says text/plain of its JSON', async () => {
  const query = {
    ...ACCOUNT,
    js_code: fake.platform.mint('alice'),
    grant_type: 'authorization_code',
  }
  const { type, body } = await ask('/sns/jscode2session', query)
  expect(type).toBe('text/plain')
  expect(body).toEqual({ openid: 'fake-alice', session_key: expect.stringMatching(/^.{22}==$/) as string })
})

test('a code works once, for five minutes, and only if it is one', async () => {
  const code = fake.platform.mint('alice')
  expect(await exchange(code)).toHaveProperty('openid')
  expect(await exchange(code)).toMatchObject({
    errcode: 40163,
    errmsg: expect.stringContaining('rid: ') as string,
  })
  expect(await exchange('nobody')).toMatchObject({ errcode: 40029 })
  const late = fake.platform.mint('alice')
  now += 5 * MINUTE
  expect(await exchange(late)).toMatchObject({ errcode: 40029 })
})

test('a code that another process minted works once, too', async () => {
  const code = mintCode('bob', now)
  expect(await exchange(code)).toMatchObject({ openid: 'fake-bob' })
  expect(await exchange(code)).toMatchObject({ errcode: 40163 })
  expect(await exchange(mintCode('bob', now - 6 * MINUTE))).toMatchObject({ errcode: 40029 })
})

test('a process without mint() gets its codes by HTTP', async () => {
  const { body } = await ask('/fake/code', {}, { user: 'carol' })
  expect(await exchange(String(body['code']))).toMatchObject({ openid: 'fake-carol' })
})

test('a wrong appid and a wrong secret are refused, and the code is spared', async () => {
  const code = fake.platform.mint('alice')
  expect(await exchange(code, { ...ACCOUNT, appid: 'wx0' })).toMatchObject({ errcode: 40013 })
  expect(await exchange(code, { ...ACCOUNT, secret: 'no' })).toMatchObject({ errcode: 40125 })
  expect(await exchange(code)).toHaveProperty('openid')
})

test('a login renews the session_key, but not within a minute of the last time', async () => {
  const key = async () => (await exchange(fake.platform.mint('alice')))['session_key']
  const first = await key()
  now += MINUTE - 1
  expect(await key()).toBe(first)
  now += 1
  expect(await key()).not.toBe(first)
})

test('a hundred logins a minute are enough for one user', async () => {
  const answers = []
  for (let login = 0; login < 101; login += 1) answers.push(await exchange(fake.platform.mint('alice')))
  expect(answers.filter((answer) => 'openid' in answer)).toHaveLength(100)
  expect(answers.at(-1)).toMatchObject({ errcode: 45011 })
  expect(await exchange(fake.platform.mint('bob'))).toHaveProperty('openid')
})

test('stable_token gives the same one while it lives; token ends the one before', async () => {
  const first = await accessToken()
  expect(await accessToken()).toBe(first)
  const { body } = await ask('/cgi-bin/token', ACCOUNT)
  expect(body['access_token']).not.toBe(first)
  const phone = await ask('/wxa/business/getuserphonenumber', { access_token: first }, { code: 'x' })
  expect(phone.body).toMatchObject({ errcode: 40001 })
})

test('a phone code gives a number, once', async () => {
  const [token, code] = [await accessToken(), fake.platform.mint('alice')]
  const phone = () => ask('/wxa/business/getuserphonenumber', { access_token: token }, { code })
  expect((await phone()).body).toMatchObject({ errcode: 0, phone_info: { countryCode: '86' } })
  expect((await phone()).body).toMatchObject({ errcode: 40029 })
})

test('who has the session_key can have it checked, and reset', async () => {
  const token = await accessToken()
  await exchange(fake.platform.mint('alice'))
  const sign = () =>
    createHmac('sha256', Buffer.from(fake.platform.sessionKey('alice') ?? '', 'base64')).digest('hex')
  const query = () => ({ access_token: token, openid: 'fake-alice', signature: sign() })
  expect((await ask('/wxa/checksession', query())).body).toEqual({ errcode: 0, errmsg: 'ok' })
  const old = query()
  const reset = await ask('/wxa/resetusersessionkey', query())
  expect(reset.body['session_key']).toBe(fake.platform.sessionKey('alice'))
  expect((await ask('/wxa/checksession', old)).body).toMatchObject({ errcode: 87009 })
})

test("what it seals opens with the user's key, and names the appid", async () => {
  const { session_key: key } = await exchange(fake.platform.mint('alice'))
  const sealed = fake.platform.seal('alice', { step: 7 })
  const [keyBytes, iv] = [Buffer.from(String(key), 'base64'), Buffer.from(sealed.iv, 'base64')]
  const decipher = createDecipheriv('aes-128-cbc', keyBytes, iv)
  const text = decipher.update(sealed.encryptedData, 'base64', 'utf8') + decipher.final('utf8')
  expect(JSON.parse(text)).toMatchObject({ step: 7, watermark: { appid: ACCOUNT.appid } })
})

test('its troubles are those of a network: no answer, HTML, 500, half a JSON, a reset', async () => {
  const codes = {
    hang: fake.platform.mint('a', { outcome: 'hang' }),
    reset: fake.platform.mint('a', { outcome: 'reset' }),
    html: fake.platform.mint('a', { outcome: 'html' }),
    half: fake.platform.mint('a', { outcome: 'half-json' }),
    error: fake.platform.mint('a', { outcome: 'http-500' }),
  }
  const address = (code: string) =>
    `${fake.url}/sns/jscode2session?${new URLSearchParams({ ...ACCOUNT, js_code: code, grant_type: 'authorization_code' }).toString()}`
  const hanging = fetch(address(codes.hang)).then(
    () => 'answered',
    () => 'ended',
  )
  await expect(fetch(address(codes.reset))).rejects.toThrow()
  expect((await fetch(address(codes.error))).status).toBe(500)
  await expect(exchange(codes.html)).rejects.toThrow(SyntaxError)
  await expect(exchange(codes.half)).rejects.toThrow(SyntaxError)
  await fake.close()
  expect(await hanging).toBe('ended')
  fake = await startFakeWeChat()
})

test('whoever it leaves without an answer can be let go, and it goes on', async () => {
  const code = fake.platform.mint('a', { outcome: 'hang' })
  const settled = exchange(code).then(
    () => 'answered',
    () => 'let go',
  )
  const isAsked = () =>
    fake.platform.asked.has(code) ? Promise.resolve() : Promise.reject(new Error('not yet'))
  await until(isAsked)
  fake.hangUp()
  expect(await settled).toBe('let go')
  expect(await exchange(fake.platform.mint('b'))).toHaveProperty('openid')
})
