import type { Block } from '../store.ts'
import { textOf, unbytes, type Row } from './database.ts'

// What a login comes to, by the rows of the statement `judge`.

export const isPending = (row: Row): boolean => Number(row['pending']) !== 0

export function blockOf([row]: Row[], now: number): Block | undefined {
  if (row?.['reason'] == null) return undefined
  const until = row['until_ms'] == null ? undefined : Number(row['until_ms'])
  if (until !== undefined && until <= now) return undefined
  return { reason: textOf(row['reason']), ...(until === undefined ? {} : { until }) }
}

/** The row of another login, if that has the account and is alive. */
export const recentOf = (rows: Row[], hash: string): Row | undefined =>
  rows.find((row) => {
    const other = unbytes(row['hash'])
    return other !== hash && other === unbytes(row['recent_hash'])
  })

/**
 * Ids of those that must go: the last so many stay. For a single one that is in the order in which the database took them:
 * whoever looks comes to the same, and of two at once exactly one is left.
 */
export function tooMany(rows: Row[], hash: string, limit: number | 'single'): string[] {
  const first = new Map<string, number>()
  for (const row of rows) {
    if (isPending(row) && unbytes(row['hash']) !== hash) continue
    const id = textOf(row['id'])
    const at = Number(limit === 'single' ? row['seq'] : row['created_at'])
    first.set(id, Math.min(at, first.get(id) ?? Infinity))
  }
  const oldestFirst = [...first].sort(([a, at], [b, other]) => at - other || (a < b ? -1 : 1))
  const left = limit === 'single' ? 1 : limit
  return oldestFirst.slice(0, Math.max(0, oldestFirst.length - left)).map(([id]) => id)
}
