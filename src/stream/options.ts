import type { RequestOptions } from '../options/request'
import { check, REQUEST_OPTIONS, table, type Rule } from '../options/rules'

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

export const IDLE_TIMEOUT = 30_000
export const MAX_LENGTH = 1_000_000

/** Those of WeChat's that go through untouched (wx.request page); `enableChunked` is ours. */
const OF_WECHAT = /^(url|method|data|redirect|(enable(?!Chunked)|http|force|use)[A-Z]\w*)$/

const AMOUNT = { must: 'a number above 0', holds: (value: unknown) => typeof value === 'number' && value > 0 }
const RULES: Record<string, Rule> = table(REQUEST_OPTIONS, { idleTimeout: AMOUNT, maxLength: AMOUNT })
// It has a way of its own with answers; and the last three are other libraries' names.
for (const name of 'unwrap throwHttpErrors success fail complete headers params body'.split(' '))
  delete RULES[name]

export function checkStream(options: StreamOptions): void {
  const ours: Record<string, unknown> = {}
  for (const name in options) if (!OF_WECHAT.test(name)) ours[name] = options[name as keyof StreamOptions]
  // Of a URL alone, as verbs take it, the client says what is missing.
  if (typeof options === 'object') check(ours, RULES, 'stream: ', true)
}
