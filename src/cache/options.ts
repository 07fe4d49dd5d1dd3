import {
  CONTEXT,
  either,
  FLAG,
  FUNCTION,
  MILLISECONDS,
  object,
  one,
  STORE,
  table,
  WHOLE,
} from '../options/rules'
import type { AnyRequest, Response } from '../index'

declare module 'miniprogram-session' {
  interface RequestContext {
    /**
     * `false`: past the cache. `{ ttl }`: fresh for so many ms. `{ ttl: 0 }`: asks anew, whatever is under way, and keeps the answer.
     */
    cache?: boolean | { ttl?: number }
  }
}

/** Where a cache outlives the launch. Each may answer at once or with a promise; one that fails counts as empty. */
export interface CacheStore {
  /** What was set last. Anything else counts as nothing. */
  get(): unknown
  /** JSON: `user` is the `id` of a session, never a token. */
  set(record: CacheRecord): unknown
  remove(): unknown
}

/** What a store keeps: the answers of one user. */
export interface CacheRecord {
  readonly user: string
  /** The least recently used first. */
  readonly entries: readonly (readonly [key: string, entry: { at: number; data: unknown }])[]
}

/** What `cache` takes. */
export interface CacheOptions {
  /** ms for which an answer is fresh. */
  ttl: number
  /** ms after `ttl` in which the old answer is given at once, and a new one fetched behind it. Default 0. */
  staleWhileRevalidate?: number
  /**
   * ms after `ttl` in which the old answer is given where there is none to be had, also to what is asked anew. Not when `totalTimeout` is
   * over, which ends the request with its middleware. Default 0.
   */
  staleIfError?: number
  /** Answers that are kept. The least recently used goes first. Default 100. */
  max?: number
  /** Default: the cache ends with the launch. */
  store?: CacheStore
  /** What else the answer depends on: a language or a tenant that a `header` function of the client's sends. */
  vary?: (request: AnyRequest) => string
  /** Hears of each answer that has come behind a stale one and is not the same. */
  onUpdate?: (response: Response, request: AnyRequest) => void
}

const TIME = either(one(0), MILLISECONDS)

export const RULES = table({
  ttl: TIME,
  staleWhileRevalidate: TIME,
  staleIfError: TIME,
  max: WHOLE,
  store: STORE,
  vary: FUNCTION,
  onUpdate: FUNCTION,
})
CONTEXT['cache'] = either(FLAG, object(table({ ttl: TIME })))
