import {
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible'
import { AuthError } from '../errors.ts'
import { Breaker } from '../stores/guard.ts'
import { isRedisClient, send, type RedisClient } from '../stores/redis.ts'
import type { SessionStore } from '../stores/store.ts'
import { isUntoldProxy, networkOf } from './address.ts'
import { Events, type LimitName } from './events.ts'
import type { PlainRequest } from './handle.ts'
import type { Config } from './options.ts'
import { isObject } from './values.ts'

export interface LimitOptions {
  /** by address, if that is known; a refused code counts five. Carriers share addresses. 300 */
  loginsPerMinute?: number
  /** by user: each code of a phone number costs money. 5, and 20 */
  phonesPerMinute?: number
  phonesPerDay?: number
  /** by user. 60 */
  openDataPerMinute?: number
  /** looking at one's sessions and ending them, by user. 30 */
  sessionsPerMinute?: number
  /** counts for all processes; by default the Redis of the store, and with any other store each process for itself */
  redis?: RedisClient
}

const DEFAULTS = {
  loginsPerMinute: 300,
  phonesPerMinute: 5,
  phonesPerDay: 20,
  openDataPerMinute: 60,
  sessionsPerMinute: 30,
}

export function readLimits(given: unknown, mistakes: string[]): false | typeof DEFAULTS {
  if (given === false) return false
  if (given !== undefined && !isObject(given)) mistakes.push('limits must be an object, or false.')
  const limits = { ...DEFAULTS }
  const names = Object.keys(DEFAULTS) as (keyof typeof DEFAULTS)[]
  for (const [name, value] of Object.entries(isObject(given) ? given : {})) {
    const known = names.find((one) => one === name)
    if (name === 'redis' && value !== undefined && !isRedisClient(value))
      mistakes.push('limits.redis takes a client of node-redis or ioredis.')
    if (known && Number.isInteger(value) && Number(value) >= 1) limits[known] = Number(value)
    else if (known) mistakes.push(`limits.${known} must be a whole number from 1.`)
    else if (name !== 'redis')
      mistakes.push(`limits has an option that is not known: there are ${names.join(', ')}, redis.`)
  }
  return limits
}

type LimitsConfig = Pick<Config<unknown>, 'limits' | 'limitsRedis' | 'namespace' | 'deadline'>

/** What a refused code adds to the one that each login counts. */
const REFUSED = 4
const DAY = 86_400

/** The rest of the app has its own limits: these are for what the package itself lets somebody do. */
export class Limits {
  private readonly limiters = new Map<LimitName, RateLimiterAbstract[]>()
  private isAlone = false
  private hasWarned = false
  private breaker: Breaker | undefined

  constructor(
    { limits, limitsRedis, namespace, deadline }: LimitsConfig,
    store: SessionStore,
    private readonly events: Events,
  ) {
    if (limits === false) return
    const script = limitsRedis
      ? this.scriptOn(limitsRedis, `mps:${namespace}:n:`, deadline.store)
      : store.script?.bind(store)
    const add = (name: LimitName, points: number, duration: number) => {
      const made = this.limiters.get(name) ?? []
      this.limiters.set(name, [...made, this.create(`${name}${duration}`, points, duration, script)])
    }
    add('login', limits.loginsPerMinute, 60)
    add('phone', limits.phonesPerMinute, 60)
    add('phone', limits.phonesPerDay, DAY)
    add('openData', limits.openDataPerMinute, 60)
    add('sessions', limits.sessionsPerMinute, 60)
  }

  /** By address, where it is known whose that is: a limit that takes the whole app for one phone is worse than none. */
  async login({ address, headers }: Pick<PlainRequest, 'address' | 'headers'>): Promise<void> {
    if (this.counts(address, headers)) await this.consume('login', networkOf(address), 1)
  }

  /** Whoever tries codes out gets to the end sooner. */
  async refusedCode({ address, headers }: Pick<PlainRequest, 'address' | 'headers'>): Promise<void> {
    if (this.counts(address, headers)) {
      await this.consume('login', networkOf(address), REFUSED).catch(() => undefined)
    }
  }

  async user(name: Exclude<LimitName, 'login'>, user: string): Promise<void> {
    await this.consume(name, user, 1)
  }

  close(): void {
    this.breaker?.close()
  }

  /** On a Redis of their own. One that hangs holds up a single login, and is looked at until it is back. */
  private scriptOn(redis: RedisClient, prefix: string, deadline: number): SessionStore['script'] {
    const ping = () => send(redis, 'PING').then(() => undefined)
    // Not the store's events: sessions have nothing to do with it.
    const breaker = new Breaker(ping, { kind: 'redis', deadline, events: new Events() })
    this.breaker = breaker
    return (text, key, words) =>
      breaker.call('script', () => send(redis, 'EVAL', text, '1', `${prefix}${key}`, ...words))
  }

  private counts(address: string | undefined, headers: PlainRequest['headers']): address is string {
    if (address === undefined || !this.limiters.has('login')) return false
    if (!isUntoldProxy(address, headers)) return true
    if (!this.hasWarned) {
      this.hasWarned = true
      process.emitWarning(
        'Logins come through a proxy that the framework was not told of, so they are not limited by address. Set "trust proxy" of Express, trustProxy of Fastify, or app.proxy of Koa.',
        { code: 'MPS_PROXY' },
      )
    }
    return false
  }

  private async consume(name: LimitName, key: string, points: number): Promise<void> {
    for (const limiter of this.limiters.get(name) ?? []) {
      try {
        await limiter.consume(key, points)
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused
        this.events.emit({ type: 'limited', limit: name })
        const wait = Math.max(1, Math.ceil(refused.msBeforeNext / 1000))
        const code = name === 'login' ? 'TOO_MANY_LOGINS' : 'TOO_MANY_REQUESTS'
        throw new AuthError(429, code, 'Too many requests of this kind; try again later.', wait)
      }
    }
  }

  private create(
    keyPrefix: string,
    points: number,
    duration: number,
    script: SessionStore['script'],
  ): RateLimiterAbstract {
    const alone = new RateLimiterMemory({ keyPrefix, points, duration })
    if (!script) return alone
    const storeClient = {
      eval: async (text: string, given: { keys: string[]; arguments: string[] }): Promise<unknown> => {
        try {
          const counted = await script(text, given.keys[0] ?? '', given.arguments)
          this.isAlone = false
          return counted
        } catch (error) {
          if (!this.isAlone) this.events.emit({ type: 'limits-alone' })
          this.isAlone = true
          throw error
        }
      },
    }
    // Of its client this uses `eval` alone, as node-redis has it; while that fails this process counts for itself.
    const options = { storeClient, useRedisPackage: true, insuranceLimiter: alone }
    return new RateLimiterRedis({ ...options, keyPrefix, points, duration })
  }
}
