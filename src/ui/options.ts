import type { RequestError } from '../index'
import { check, type Rules } from '../options/rules'
import { CODES, type Language, type Messages } from './messages'

declare module 'miniprogram-session' {
  interface RequestContext {
    /** `false`: no loading is shown for it. */
    loading?: boolean | { title?: string }
    /** `false`: what it fails with is not shown. */
    failure?: boolean
  }
}

export interface LoadingOptions {
  /** Default `'加载中'`, in English `'Loading'`. */
  title?: string
  /** ms before it is shown: what is over sooner shows none. Default 300. */
  delay?: number
  /** ms for which it stays at least. Default 500. */
  minDuration?: number
  /** Whether taps are kept from the page. Default `false`. */
  mask?: boolean
  /** Default `'zh'`. */
  language?: Language
}

export interface FailuresOptions {
  /** Default `'zh'`. */
  language?: Language
  /** In place of those that are built in. A `BusinessError` shows its own. */
  messages?: Messages
  /**
   * Whether to ask for another try, with a dialog. Default: where there was no answer, at statuses from 500 on, and at a login that failed
   * for want of one; not for a write that may have arrived. `false`: never.
   */
  retry?: false | ((error: RequestError) => boolean)
}

const FLAG = { must: 'true or false', holds: (value: unknown) => typeof value === 'boolean' }
const TEXT = { must: 'a string', holds: (value: unknown) => typeof value === 'string' }
const TIME = {
  must: 'a number of ms',
  holds: (value: unknown) => typeof value === 'number' && value >= 0 && value < Infinity,
}
const LANGUAGE = { must: "'zh' or 'en'", holds: (value: unknown) => value === 'zh' || value === 'en' }
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null

const LOADING: Rules = { title: TEXT, delay: TIME, minDuration: TIME, mask: FLAG, language: LANGUAGE }

const FAILURES: Rules = {
  language: LANGUAGE,
  messages: {
    must: 'an object of texts by code, or a function',
    holds: (value) => isObject(value) || typeof value === 'function',
    fields: CODES.reduce<Record<string, Rules[string]>>(
      (rules, code) => Object.assign(rules, { [code]: TEXT }),
      {},
    ),
  },
  retry: { must: 'false or a function', holds: (value) => value === false || typeof value === 'function' },
}

const CONTEXT: Rules = {
  loading: {
    must: 'true, false or { title }',
    holds: (value) => typeof value === 'boolean' || isObject(value),
    fields: { title: TEXT },
  },
  failure: FLAG,
}

export function checkLoading(options: LoadingOptions): void {
  check(options, LOADING, 'loading: ', true)
}

export function checkFailures(options: FailuresOptions): void {
  check(options, FAILURES, 'failures: ', true)
}

/** What to write beside the loading of this request; nothing if there is to be none. */
export function titleOf(context: unknown, { title, language }: LoadingOptions): string | undefined {
  const { loading } = Object(context) as { loading?: boolean | { title?: string } }
  if (loading === false) return undefined
  if (loading !== undefined) checkContext(context)
  const { title: own = title } = Object(loading) as LoadingOptions
  return own === undefined ? (language === 'en' ? 'Loading' : '加载中') : own
}

export function checkContext(context: unknown): void {
  check(Object(context) as object, CONTEXT, 'cannot be sent: context.', false)
}
