import { ConfigError } from '../errors'
import type { RequestOptions } from '../options/request'
import { check, MILLISECONDS, REQUEST_OPTIONS, rule, type Rule } from '../options/rules'
import { isRecord } from '../transport/snapshot'

/** A request whose answer is read as it comes. */
export interface StreamOptions extends Omit<
  RequestOptions,
  'success' | 'fail' | 'complete' | 'responseType' | 'dataType' | 'enableChunked' | 'throwHttpErrors'
> {
  /** ms until the head of the answer, from dispatch. Default: the client's `timeout`. */
  timeout?: number
  /**
   * ms of silence, from the head on, after which it ends with `TIMEOUT`. Anything that arrives is a sign of life: comments and half
   * characters too. Default 30 000.
   */
  idleTimeout?: number
  /** Characters of one line, or of the data of one event; more ends it with `BAD_STREAM`. Default 1 000 000. */
  maxLength?: number
}

export const DEFAULTS = { idleTimeout: 30_000, maxLength: 1_000_000 }

const ANYTHING = rule('anything', () => true)
const NO_OPTION = rule('left out: a stream has a way of its own', () => false)

/** Those of WeChat's that go through untouched (wx.request page). */
const OF_WECHAT =
  'url method data enableProfile enableHttp2 enableQuic enableCache enableHttpDNS enableHttpDNSFallback httpDNSServiceId httpDNSTimeout forceCellularNetwork redirect useHighPerformanceMode'

const RULES: Record<string, Rule> = Object.assign({}, REQUEST_OPTIONS, {
  idleTimeout: MILLISECONDS,
  maxLength: rule('a number above 0', (value) => typeof value === 'number' && value > 0),
  unwrap: NO_OPTION,
  throwHttpErrors: NO_OPTION,
})
for (const name of OF_WECHAT.split(' ')) RULES[name] = ANYTHING

export function checkStream(options: unknown): void {
  if (!isRecord(options))
    throw new ConfigError("a stream takes an object: streamEvents(api, { url: '/chat' }).")
  check(options, RULES, 'cannot be streamed: ', true)
}
