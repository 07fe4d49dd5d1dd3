import { ConfigError, loadConfig } from '../src/config.ts'

const KEY = 'ab'.repeat(32)

function mistakes(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes
    throw error
  }
}

test('nothing has to be set for development', () => {
  expect(loadConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 3000,
    development: true,
    storeUrl: 'memory',
  })
})

test.each([
  [{ PORT: '80x' }, /^PORT is "80x".*0 to 65535/],
  [{ PORT: '-1' }, /^PORT/],
  [{ SESSION_TTL_MINUTES: '0' }, /^SESSION_TTL_MINUTES/],
  [{ WECHAT_APPID: 'wx1' }, /^WECHAT_SECRET is missing/],
  [{ WECHAT_SECRET: 'x' }, /^WECHAT_APPID is missing/],
  [{ NODE_ENV: 'production' }, /stub lets anybody in/],
  [{ STORE_URL: 'postgres://x' }, /^STORE_URL/],
  [{ STORE_URL: 'redis://x' }, /^SECRET_KEY is missing.*openssl/],
  [{ SECRET_KEY: 'short' }, /^SECRET_KEY must be 64 hex digits/],
  [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL/],
  [{ TRUST_PROXY: 'true' }, /^TRUST_PROXY.*"true".*loopback/],
  [{ TRUST_PROXY: 'loopback, 10.0.0.0/99' }, /^TRUST_PROXY.*"10.0.0.0\/99"/],
  [{ TRUST_PROXY: '10.0.0.0/8,::1/x' }, /^TRUST_PROXY.*"::1\/x"/],
])('%o is one clear message', (env, message) => {
  expect(mistakes(env)).toEqual([expect.stringMatching(message)])
})

test('all mistakes are told at once, and no secret with them', () => {
  const all = mistakes({
    PORT: 'x',
    SECRET_KEY: 'hunter2',
    STORE_URL: 'ftp://me:hunter2@host',
    LOG_LEVEL: 'y',
  })
  expect(all).toHaveLength(4)
  expect(all.join()).not.toContain('hunter2')
})

test('a real account turns development off, unless it is asked for', () => {
  const account = { WECHAT_APPID: 'wx1', WECHAT_SECRET: 'x' }
  expect(loadConfig(account).development).toBe(false)
  expect(loadConfig({ ...account, NODE_ENV: 'development' }).development).toBe(true)
  expect(loadConfig({ ...account, NODE_ENV: 'production' }).host).toBe('0.0.0.0')
})

test('a store that outlives the process takes the key from the environment', () => {
  expect(loadConfig({ STORE_URL: 'redis://x', SECRET_KEY: KEY }).secretKey.toString('hex')).toBe(KEY)
})
