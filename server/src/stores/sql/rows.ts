import type { StoredSession } from '../store.ts'
import { bytes, textOf, unbytes, type Database, type Row, type Value } from './database.ts'

/** In the order of `valuesOf`. `ends` is the earlier of both ends: what may be swept is found by it. */
export const SESSION_COLUMNS = [
  'ns',
  'hash',
  'id',
  'user_id',
  'app',
  'account',
  'created_at',
  'seen_at',
  'idle_ends',
  'absolute_ends',
  'ends',
  'ended',
  'next_sealed',
  'next_ends',
  'follows',
  'data',
  'pending',
] as const

/** Times are whole there. */
export const time = (ms: number): number => Math.ceil(ms)

/** `pending`: it is there, and may yet be taken away for another login's. */
export function valuesOf(
  database: Database,
  ns: Value,
  hash: string,
  session: StoredSession,
  pending: 0 | 1,
): Value[] {
  const text = (value: string | undefined): Value => (value === undefined ? null : database.text(value))
  const { idleEnds, absoluteEnds, next, follows } = session
  return [
    ns,
    bytes(hash),
    text(session.id),
    text(session.user),
    text(session.app),
    text(session.account),
    time(session.createdAt),
    time(session.seenAt),
    time(idleEnds),
    time(absoluteEnds),
    time(Math.min(idleEnds, absoluteEnds)),
    text(session.ended),
    text(next?.sealed),
    next ? time(next.absoluteEnds) : null,
    follows === undefined ? null : bytes(follows),
    text(session.data),
    pending,
  ]
}

const isThere = (value: unknown): boolean => value !== null && value !== undefined

export function sessionOf(row: Row): StoredSession {
  const { ended, next_sealed: sealed, next_ends: nextEnds, follows, data } = row
  return {
    id: textOf(row['id']),
    user: textOf(row['user_id']),
    app: textOf(row['app']),
    account: textOf(row['account']),
    createdAt: Number(row['created_at']),
    seenAt: Number(row['seen_at']),
    idleEnds: Number(row['idle_ends']),
    absoluteEnds: Number(row['absolute_ends']),
    ...(isThere(ended) ? { ended: textOf(ended) as 'replaced' | 'revoked' } : {}),
    ...(isThere(sealed) ? { next: { sealed: textOf(sealed), absoluteEnds: Number(nextEnds) } } : {}),
    ...(isThere(follows) ? { follows: unbytes(follows) } : {}),
    ...(isThere(data) ? { data: textOf(data) } : {}),
  }
}
