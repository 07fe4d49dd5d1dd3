import type { RequestError } from '../index'
import { CONTEXT, either, FLAG, FUNCTION, object, one, table, TEXT, WHOLE } from '../options/rules'
import { CODES, type Language, type Messages } from './messages'

declare module 'miniprogram-session' {
  interface RequestContext {
    /** `false`: no loading is shown for it. */
    loading?: boolean | { title?: string }
    /** `false`: what it fails with is not shown. */
    failure?: boolean
  }
}

/** What `loading` takes. */
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

/** What `failures` takes. */
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

const ANY_TEXT = either(TEXT, one(''))
const LANGUAGE = one('zh', 'en')
const TITLE = table({ title: ANY_TEXT })

export const LOADING = table(TITLE, { delay: WHOLE, minDuration: WHOLE, mask: FLAG, language: LANGUAGE })
export const FAILURES = table({
  language: LANGUAGE,
  messages: either(object(table(...CODES.map((code) => ({ [code]: ANY_TEXT })))), FUNCTION),
  retry: either(one(false), FUNCTION),
})
Object.assign(CONTEXT, { loading: either(FLAG, object(TITLE)), failure: FLAG })
