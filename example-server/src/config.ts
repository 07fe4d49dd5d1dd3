import { isIP } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Config {
  host: string
  port: number
  account: { appid: string; secret: string }
  /** which app this is, and where it runs: part of every key, hash and seal */
  namespace: string
  /** the newest first */
  secrets: string[]
  storeUrl: string
  /** ms a session lives after its last use */
  sessionIdle: number
  /** ms a session lives at most; in the second half of it the client gets a new token */
  sessionMaxAge: number
  /** logins per minute and address */
  loginLimit: number
  /** addresses of our own proxies: what they say in `X-Forwarded-For` is believed, and nobody else's word */
  trustProxy: string
  /** ms for a whole request to arrive */
  requestTimeout: number
  /** ms in which `/readyz` says 503 and everything is served yet, so that a load balancer can see it */
  drainDelay: number
  /** where avatars are kept */
  uploadDir: string
  logLevel: string
}

/** Everything that is wrong with the environment, a line each. */
export class ConfigError extends Error {
  constructor(readonly mistakes: readonly string[]) {
    super(['The configuration has mistakes:', ...mistakes].join('\n  - '))
    this.name = 'ConfigError'
  }
}

type Environment = Partial<Record<string, string>>

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const MAKE_ONE = 'Make one: openssl rand -hex 32'

/**
 * Reads the environment (see `.env.example`) and says everything that is wrong with it at once, and never a value that
 * may be a secret. `defaults` stand in for what is not set: those of development are in `dev/`, and in no image.
 */
export function loadConfig(env: Environment, defaults: Environment = {}): Config {
  const mistakes: string[] = []
  const mistake = (text: string) => void mistakes.push(text)
  const text = (name: string): string => env[name]?.trim() || (defaults[name] ?? '')

  function integer(name: string, fallback: number, min: number, max: number): number {
    const raw = text(name)
    if (raw === '') return fallback
    const value = Number(raw)
    if (Number.isInteger(value) && value >= min && value <= max) return value
    mistake(`${name} must be a whole number from ${min} to ${max}.`)
    return fallback
  }

  for (const name of ['WECHAT_APPID', 'WECHAT_SECRET']) {
    if (text(name) === '') mistake(`${name} is missing: see the mini-program's settings at mp.weixin.qq.com.`)
  }
  if (!/^[a-z0-9-]{1,40}$/.test(text('NAMESPACE'))) {
    mistake(
      'NAMESPACE must be 1 to 40 of a-z, 0-9 and "-", such as shop-production: it keeps environments that share a database apart.',
    )
  }
  const secrets = text('SESSION_SECRETS').split(',')
  if (!secrets.every((secret) => /^[0-9a-f]{64}$/i.test(secret.trim()))) {
    mistake(`SESSION_SECRETS must be 64 hex digits, or several with commas, the newest first. ${MAKE_ONE}`)
  }
  const storeUrl = text('STORE_URL')
  if (storeUrl !== 'memory' && !isStore(storeUrl)) {
    mistake(
      'STORE_URL must be redis://host:port/db, mysql://user:password@host/db (the password percent-encoded), or memory, which one process forgets when it ends.',
    )
  }
  const logLevel = text('LOG_LEVEL') || 'info'
  if (!LOG_LEVELS.includes(logLevel)) mistake(`LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}.`)
  const trustProxy = text('TRUST_PROXY')
  const stranger = trustProxy.split(',').find((entry) => entry.trim() !== '' && !isNetwork(entry.trim()))
  if (stranger !== undefined) {
    mistake(
      `TRUST_PROXY has "${stranger.trim()}": give addresses or networks such as 10.0.0.0/8, or loopback, linklocal, uniquelocal.`,
    )
  }

  const config: Config = {
    host: text('HOST') || '0.0.0.0',
    port: integer('PORT', 3000, 0, 65_535),
    account: { appid: text('WECHAT_APPID'), secret: text('WECHAT_SECRET') },
    namespace: text('NAMESPACE'),
    secrets: secrets.map((secret) => secret.trim()),
    storeUrl,
    sessionIdle: integer('SESSION_IDLE_MINUTES', 7 * 24 * 60, 1, 43_200) * MINUTE,
    sessionMaxAge: integer('SESSION_MAX_AGE_HOURS', 720, 1, 8_760) * HOUR,
    loginLimit: integer('LOGIN_LIMIT', 300, 1, 1_000_000),
    trustProxy,
    // As long as WeChat waits by default (network guide): less would cut off uploads that it still believes in.
    requestTimeout: integer('REQUEST_TIMEOUT_SECONDS', 60, 1, 600) * 1000,
    drainDelay: integer('DRAIN_SECONDS', 0, 0, 60) * 1000,
    uploadDir: text('UPLOAD_DIR') || join(tmpdir(), 'miniprogram-session-avatars'),
    logLevel,
  }
  if (config.sessionIdle > config.sessionMaxAge) {
    mistake('SESSION_IDLE_MINUTES is longer than SESSION_MAX_AGE_HOURS, and would never come.')
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  return config
}

const isStore = (url: string): boolean => URL.canParse(url) && /^(rediss?|mysql):\/\/[^/]/.test(url)

/** `loopback`, an address, or an address with the bits of it that count. */
function isNetwork(entry: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(entry)) return true
  const [address = '', bits = '0', ...rest] = entry.split('/')
  const version = isIP(address)
  return (
    version !== 0 && rest.length === 0 && /^\d+$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)
  )
}
