import type { Raw } from './adapt-failures'
import type { FailureCause, Platform } from './wechat'

/** A platform's own object. */
export type Native = Readonly<Record<string, unknown>>
export type NetworkCall = 'request' | 'uploadFile' | 'downloadFile'

/** How a platform differs from WeChat. */
export interface Dialect {
  readonly name: string
  /** As apps write it: `'my'`. */
  readonly object: string
  /** The call that gives a code, and what it takes. */
  readonly login: string
  readonly loginOptions?: object
  /** Why there is none. */
  readonly noLogin?: string
  /** How many requests it runs at a time. Default 10. */
  readonly concurrency?: number
  readonly methods: readonly string[]
  /** Whether it may have other methods too: they go as they are unless there is a `methodOverride`. */
  readonly hasOthers?: boolean
  /** The methods whose body it would send as a query. */
  readonly bodiless?: readonly string[]
  /** The longest time-out that it takes, in ms. */
  readonly longest?: number
  /** Whether what is no JSON would be a failure, or lost: `send` then asks for text, which is parsed here. */
  readonly isStrict?: boolean
  /** Whether the app has this object: where it has not, WeChat's `wx` may be given by mistake, which has the same calls. */
  readonly isHere?: () => boolean
  /** Turns what WeChat would be given into what this platform takes. */
  readonly send?: (options: Raw, api: NetworkCall) => void
  /** A failure that has no status of its own, and is an answer all the same. */
  readonly answerIn?: (words: string) => Raw | undefined
  /**
   * What a failure comes from, by the platform's own numbers and words. `'network'`: of whatever, unless the words tell. Numbers of which
   * this says nothing mean nothing: those that the core knows are WeChat's.
   */
  readonly cause?: (failure: Raw, api: NetworkCall | 'login') => FailureCause | undefined
  readonly task?: (task: Raw, api: NetworkCall) => object
  /** Why a login will not go by itself, and what to do. `outcome`: a failure, or a success without a code. */
  readonly required?: (outcome: Raw, words: string) => string | undefined
  /** Failures of the check that say nothing of the session. */
  readonly noVerdict?: readonly number[]
  readonly changes?: (native: Native) => Partial<Platform> & Raw
  /** Whether its `connectSocket` gives no task: events of the one socket are the app's. */
  readonly hasOneSocket?: boolean
}
