import { createFakeAccount, createFakeClock, createFakeWeChat, type FakeWeChat } from '../../src/testing'
import { check, login } from './helpers'

async function code(fake: FakeWeChat): Promise<string> {
  const { results } = login(fake)
  await fake.clock.runAll()
  return String(results[0]?.['code'])
}

test('login answers by callbacks only, with a code', async () => {
  const fake = createFakeWeChat()
  const { calls, results } = login(fake)
  expect(calls).toEqual([])
  await fake.clock.runAll()
  expect([calls, results]).toEqual([['success', 'complete'], [{ code: 'code-1', errMsg: 'login:ok' }]])
  expect(fake.calls.logins).toBe(1)
})

test('login bears being called without options, and gives no promise', async () => {
  const fake = createFakeWeChat()
  expect(fake.wx.login()).toBeUndefined()
  await fake.clock.runAll()
  expect(fake.account.issued).toEqual(['code-1'])
})

test('codes are independent of one another, and good for one exchange each', async () => {
  const fake = createFakeWeChat()
  const [first, second] = [await code(fake), await code(fake)]
  expect(fake.account.exchange(second)).toMatchObject({ errcode: 0, openid: 'openid-1' })
  expect(fake.account.exchange(first)).toMatchObject({ errcode: 0 })
  expect(fake.account.exchange(first)).toEqual({ errcode: 40163, errmsg: 'code been used' })
  expect(fake.account.exchange(first)).toMatchObject({ errcode: 40163 })
  expect(fake.account.reused).toEqual([first])
  expect(fake.account.exchanged.get(first)).toBe(3)
})

test('a code lives for five minutes', async () => {
  const fake = createFakeWeChat()
  const [first, second] = [await code(fake), await code(fake)]
  await fake.clock.advance(299_980)
  expect(fake.account.exchange(second)).toMatchObject({ errcode: 0 })
  await fake.clock.advance(20)
  expect(fake.account.exchange(first)).toEqual({ errcode: 40029, errmsg: 'invalid code' })
})

test('a code that WeChat never gave out is invalid', () => {
  expect(createFakeWeChat().account.exchange('made-up')).toMatchObject({ errcode: 40029 })
})

test('codes may have a form of your own', async () => {
  const fake = createFakeWeChat({ codes: () => 'stub:alice' })
  expect(await code(fake)).toBe('stub:alice')
})

test('the key changes at a login, but not again within a minute', async () => {
  const fake = createFakeWeChat()
  const keys = [fake.account.sessionKey]
  for (const wait of [0, 0, 60_000]) {
    await fake.clock.advance(wait)
    await code(fake)
    keys.push(fake.account.sessionKey)
  }
  expect(keys).toEqual(['session-key-1', 'session-key-2', 'session-key-2', 'session-key-3'])
})

test('checkSession passes on a phone that has used the mini-program before, until its session expires', async () => {
  const fake = createFakeWeChat()
  const before = check(fake)
  await fake.clock.runAll()
  fake.account.expireKey()
  const expired = check(fake)
  await fake.clock.runAll()
  await code(fake)
  const after = check(fake)
  await fake.clock.runAll()
  expect([before, expired, after].map(({ calls }) => calls[0])).toEqual(['success', 'fail', 'success'])
  expect(expired.results).toEqual([{ errMsg: 'checkSession:fail session time out, need relogin' }])
  expect(fake.calls.checks).toBe(3)
})

test('checkSession passes though the key was changed behind the back of your server', async () => {
  const fake = createFakeWeChat()
  const key = fake.account.sessionKey
  fake.account.rotateKey()
  const { calls } = check(fake)
  await fake.clock.runAll()
  expect(calls[0]).toBe('success')
  expect(fake.account.sessionKey).not.toBe(key)
})

test('checkSession without callbacks gives a promise', async () => {
  const fake = createFakeWeChat()
  const passed = fake.wx.checkSession()
  await fake.clock.runAll()
  await expect(passed).resolves.toEqual({ errMsg: 'checkSession:ok' })
  fake.account.expireKey()
  const failed = expect(fake.wx.checkSession({})).rejects.toHaveProperty('errMsg')
  await fake.clock.runAll()
  await failed
})

test('login fails by its own timeout', async () => {
  const fake = createFakeWeChat({ loginLatency: 5000 })
  const { results } = login(fake, { timeout: 1000 })
  await fake.clock.advance(1000)
  expect(results).toEqual([{ errMsg: 'login:fail timeout', errno: 5 }])
})

test('offline, neither login nor check goes through', async () => {
  const fake = createFakeWeChat()
  fake.network.offline()
  const outcomes = [login(fake), check(fake)]
  await fake.clock.runAll()
  expect(outcomes.map(({ calls }) => calls[0])).toEqual(['fail', 'fail'])
})

test('opened from Moments there is no login, and its storage is another', async () => {
  const clock = createFakeClock()
  const normal = createFakeWeChat({ clock })
  normal.storage.set('a', 1)
  const fake = createFakeWeChat({ clock, singlePage: true, storage: normal.storage })
  const outcomes = [login(fake), check(fake)]
  await clock.runAll()
  expect(outcomes.map(({ calls }) => calls[0])).toEqual(['fail', 'fail'])
  expect(fake.wx.getStorageSync('a')).toBe('')
  expect(fake.wx.getApiCategory()).toBe('browseOnly')
  expect(fake.wx.getLaunchOptionsSync()).toMatchObject({ scene: 1154, apiCategory: 'browseOnly' })
  expect(normal.wx.getLaunchOptionsSync()).toMatchObject({ scene: 1001, apiCategory: 'default' })
})

test('two copies on one phone share account, storage and server', async () => {
  const clock = createFakeClock()
  const first = createFakeWeChat({ clock })
  const { storage, server } = first
  const second = createFakeWeChat({ clock, storage, server })
  first.wx.setStorageSync('a', 1)
  expect(second.wx.getStorageSync('a')).toBe(1)
  expect([await code(first), await code(second)]).toEqual(['code-1', 'code-2'])
  expect([second.server, second.account]).toEqual([first.server, first.account])
})

test('an account may be made by hand, with times and a name of its own', () => {
  const clock = createFakeClock()
  const account = createFakeAccount({ clock, openid: 'alice', codeLife: 0, rotationPeriod: 0 })
  const used = account.login()
  expect(account.exchange(used)).toMatchObject({ errcode: 40029 })
  account.login()
  expect([account.openid, account.sessionKey]).toEqual(['alice', 'session-key-3'])
})
