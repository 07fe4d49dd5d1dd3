import { check, type Rules } from '../options/rules'

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
