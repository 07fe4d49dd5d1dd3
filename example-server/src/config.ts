import { randomBytes } from 'node:crypto'
import { isIP } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { WeChatAccount } from './wechat/http.ts'

export interface Config {
  host: string
  port: number
  /** `/dev` routes and sample data; never on by accident once WeChat's secret is there */
  development: boolean
  /** absent: the stub */
  account: WeChatAccount | undefined
  storeUrl: string
  /** 32 bytes that seal what the store may not show; the same for every process */
  secretKey: Buffer
  /** ms a session lives after its last use */
  sessionTtl: number
  /** ms a session lives at most */
  sessionMaxAge: number
  /** logins per minute and address */
  loginLimit: number
  /** addresses of our own proxies: what they say in `X-Forwarded-For` is believed, and nobody else's word */
  trustProxy: string
  /** ms for a whole request to arrive */
  requestTimeout: number
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

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']
const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Reads the environment (see `.env.example`) and says everything that is wrong with it at once. */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const mistakes: string[] = []
  const mistake = (text: string) => void mistakes.push(text)
  const text = (name: string): string | undefined => env[name]?.trim() || undefined

  function integer(name: string, fallback: number, min: number, max: number): number {
    const raw = text(name)
    if (raw === undefined) return fallback
    const value = Number(raw)
    if (Number.isInteger(value) && value >= min && value <= max) return value
    mistake(`${name} is "${raw}": it must be a whole number from ${min} to ${max}.`)
    return fallback
  }

  const production = env['NODE_ENV'] === 'production'
  const appid = text('WECHAT_APPID')
  const secret = text('WECHAT_SECRET')
  const storeUrl = text('STORE_URL') ?? 'memory'
  const key = text('SECRET_KEY')

  if (!appid !== !secret) {
    mistake(`${appid ? 'WECHAT_SECRET' : 'WECHAT_APPID'} is missing: set both, or neither for the stub.`)
  }
  if (production && !appid) {
    mistake('WECHAT_APPID and WECHAT_SECRET are missing: without them a stub lets anybody in as anybody.')
  }
  if (!/^(memory$|redis:\/\/|rediss:\/\/|mysql:\/\/)/.test(storeUrl)) {
    mistake('STORE_URL is not understood: use memory, redis://host:port/db or mysql://user:password@host/db.')
  }
  if (key === undefined && /^(redis|mysql)/.test(storeUrl)) {
    mistake(
      'SECRET_KEY is missing: a store that outlives the process needs it. Make one: openssl rand -hex 32',
    )
  }
  if (key !== undefined && !/^[0-9a-f]{64}$/i.test(key)) {
    mistake('SECRET_KEY must be 64 hex digits (32 bytes). Make one: openssl rand -hex 32')
  }
  const logLevel = text('LOG_LEVEL') ?? 'info'
  if (!LOG_LEVELS.includes(logLevel)) {
    mistake(`LOG_LEVEL is "${logLevel}": it must be one of ${LOG_LEVELS.join(', ')}.`)
  }

  const trustProxy = text('TRUST_PROXY') ?? ''
  const stranger = trustProxy.split(',').find((entry) => entry.trim() !== '' && !isNetwork(entry.trim()))
  if (stranger !== undefined) {
    mistake(
      `TRUST_PROXY has "${stranger.trim()}": give addresses or networks such as 10.0.0.0/8, or loopback, linklocal, uniquelocal.`,
    )
  }

  const config: Config = {
    host: text('HOST') ?? (production ? '0.0.0.0' : '127.0.0.1'),
    port: integer('PORT', 3000, 0, 65_535),
    development: env['NODE_ENV'] === 'development' || (!production && !appid),
    account: appid && secret ? { appid, secret, api: 'https://api.weixin.qq.com' } : undefined,
    storeUrl,
    secretKey: key === undefined ? randomBytes(32) : Buffer.from(key, 'hex'),
    sessionTtl: integer('SESSION_TTL_MINUTES', 120, 1, 43_200) * MINUTE,
    sessionMaxAge: integer('SESSION_MAX_AGE_HOURS', 720, 1, 8_760) * HOUR,
    loginLimit: integer('LOGIN_LIMIT', production ? 120 : 100_000, 1, 1_000_000),
    trustProxy,
    // As long as WeChat waits by default (network guide): less would cut off uploads that it still believes in.
    requestTimeout: integer('REQUEST_TIMEOUT_SECONDS', 60, 1, 600) * 1000,
    uploadDir: text('UPLOAD_DIR') ?? join(tmpdir(), 'miniprogram-session-avatars'),
    logLevel,
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  return config
}

/** `loopback`, an address, or an address with the bits of it that count. */
function isNetwork(entry: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(entry)) return true
  const [address = '', bits = '0', ...rest] = entry.split('/')
  const version = isIP(address)
  return (
    version !== 0 && rest.length === 0 && /^\d+$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)
  )
}
