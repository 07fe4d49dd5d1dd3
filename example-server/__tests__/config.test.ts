import { ConfigError, loadConfig } from '../src/config.ts'

const KEY = 'ab'.repeat(32)
const GOOD = {
  WECHAT_APPID: 'wx1',
  WECHAT_SECRET: 'x',
  NAMESPACE: 'shop-production',
  SESSION_SECRETS: KEY,
  STORE_URL: 'redis://x',
}

function mistakes(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes
    throw error
  }
}

test('what must be set, must be set: nothing stands in for it', () => {
  expect(mistakes({})).toEqual([
    expect.stringMatching(/^WECHAT_APPID is missing/),
    expect.stringMatching(/^WECHAT_SECRET is missing/),
    expect.stringMatching(/^NAMESPACE must be/),
    expect.stringMatching(/^SESSION_SECRETS must be/),
    expect.stringMatching(/^STORE_URL must be/),
  ])
  expect(loadConfig(GOOD)).toMatchObject({ host: '0.0.0.0', port: 3000, drainDelay: 0, loginLimit: 300 })
})

test.each([
  [{ PORT: '80x' }, /^PORT must be a whole number from 0 to 65535/],
  [{ PORT: '-1' }, /^PORT/],
  [{ SESSION_IDLE_MINUTES: '0' }, /^SESSION_IDLE_MINUTES/],
  [{ SESSION_MAX_AGE_HOURS: '1' }, /^SESSION_IDLE_MINUTES is longer/],
  [{ NAMESPACE: 'Shop' }, /^NAMESPACE/],
  [{ STORE_URL: 'postgres://x' }, /^STORE_URL/],
  [{ STORE_URL: 'redis://' }, /^STORE_URL/],
  [{ SESSION_SECRETS: 'short' }, /^SESSION_SECRETS must be 64 hex digits.*openssl/],
  [{ SESSION_SECRETS: `${KEY},` }, /^SESSION_SECRETS/],
  [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL/],
  [{ TRUST_PROXY: 'true' }, /^TRUST_PROXY.*"true".*loopback/],
  [{ TRUST_PROXY: 'loopback, 10.0.0.0/99' }, /^TRUST_PROXY.*"10.0.0.0\/99"/],
  [{ TRUST_PROXY: '10.0.0.0/8,::1/x' }, /^TRUST_PROXY.*"::1\/x"/],
])('%o is one clear message', (env, message) => {
  expect(mistakes({ ...GOOD, ...env })).toEqual([expect.stringMatching(message)])
})

test('a new secret stands before the old one', () => {
  expect(loadConfig({ ...GOOD, SESSION_SECRETS: `${'cd'.repeat(32)}, ${KEY}` }).secrets).toEqual([
    'cd'.repeat(32),
    KEY,
  ])
})
