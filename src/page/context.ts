import { check, type Rules } from '../options/rules'

declare module 'miniprogram-session' {
  interface RequestContext {
    /**
     * For requests of one scope that are under way at a time. `'join'`: the same request is sent once, and each caller gets the answer.
     * `'replace'`: the newest aborts the older ones; a write that is replaced may have arrived.
     */
    overlap?: 'join' | 'replace'
    /** Which requests overlap. Default: those with the same method and URL; to join, with the same query and body too. */
    overlapKey?: string
    /** Whether a POST only asks, so that it may be given up with its page. */
    read?: boolean
  }
}

export interface PageContext {
  readonly overlap?: 'join' | 'replace'
  readonly overlapKey?: string
  readonly read?: boolean
}

const RULES: Rules = {
  overlap: {
    must: "'join' or 'replace'",
    holds: (value) => value === 'join' || value === 'replace',
  },
  overlapKey: { must: 'a string', holds: (value) => typeof value === 'string' },
  read: { must: 'true or false', holds: (value) => typeof value === 'boolean' },
}

/** What a request says to a scope. Throws a `ConfigError` for what cannot be meant. */
export function contextOf(given: unknown): PageContext {
  const context = Object(given) as PageContext
  check(context, RULES, 'cannot be sent: context.', false)
  return context
}
