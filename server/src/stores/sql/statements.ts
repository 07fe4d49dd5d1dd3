import type { Database } from './database.ts'
import { SESSION_COLUMNS } from './rows.ts'

/**
 * Every statement there is. What stands in the way of one text for all databases is how an insert gives way to a row
 * that is there, and how a delete is kept small.
 */
export function statementsFor(kind: Database['kind']) {
  const otherwise = (key: string): string =>
    kind === 'mysql' ? 'ON DUPLICATE KEY UPDATE' : `ON CONFLICT (${key}) DO UPDATE SET`
  const columns = SESSION_COLUMNS.join(', ')
  return {
    insertSession: `INSERT INTO mps_session (${columns}) VALUES (${SESSION_COLUMNS.map(() => '?').join(', ')})`,
    // The row is locked while this is carried out: of all that come at once, the first one's hash stays. MySQL gives
    // each column its value in this order, and `recent_until` is read until the last.
    claim: `INSERT INTO mps_account
      (ns, user_id, account, openid, session_key, recent_hash, recent_sealed, recent_until)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?) ${otherwise('ns, user_id, account')}
      openid = ?,
      session_key = COALESCE(?, mps_account.session_key),
      recent_hash = CASE WHEN mps_account.recent_until > ? THEN mps_account.recent_hash ELSE ? END,
      recent_sealed = CASE WHEN mps_account.recent_until > ? THEN mps_account.recent_sealed ELSE ? END,
      recent_until = CASE WHEN mps_account.recent_until > ? THEN mps_account.recent_until ELSE ? END`,
    // All that decides what this login comes to. Its own session is among the rows though somebody ended it already.
    judge: `SELECT s.hash, s.id, s.seq, s.created_at, s.absolute_ends, s.pending,
        a.recent_hash, a.recent_sealed, b.reason, b.until_ms
      FROM mps_session s
      LEFT JOIN mps_account a ON a.ns = s.ns AND a.user_id = s.user_id AND a.account = ?
      LEFT JOIN mps_block b ON b.ns = s.ns AND b.user_id = s.user_id
      WHERE s.ns = ? AND s.user_id = ?
        AND (s.hash = ? OR (s.ended IS NULL AND s.idle_ends > ? AND s.absolute_ends > ?))`,
    find: (count: number) => `SELECT ${READ_COLUMNS} FROM mps_session WHERE ns = ? AND hash ${oneOf(count)}`,
    findWith: (also: { columns: string; join: string }, count: number) =>
      `SELECT ${SESSION_READ}, ${also.columns} FROM mps_session s ${also.join}
      WHERE s.ns = ? AND s.hash ${oneOf(count)}`,
    remove: 'DELETE FROM mps_session WHERE ns = ? AND hash = ?',
    confirm: 'UPDATE mps_session SET pending = 0 WHERE ns = ? AND hash = ?',
    touch: `UPDATE mps_session SET pending = 0, seen_at = ?, idle_ends = ?, ends = LEAST(absolute_ends, ?)
      WHERE ns = ? AND hash = ? AND seen_at = ? AND ended IS NULL`,
    follow: `UPDATE mps_session SET next_sealed = ?, next_ends = ?
      WHERE ns = ? AND hash = ? AND ended IS NULL AND next_sealed IS NULL`,
    retire: `UPDATE mps_session SET follows = CASE WHEN hash = ? THEN NULL ELSE follows END,
        absolute_ends = CASE WHEN hash = ? THEN LEAST(absolute_ends, ?) ELSE absolute_ends END,
        ends = CASE WHEN hash = ? THEN LEAST(ends, ?) ELSE ends END
      WHERE ns = ? AND hash IN (?, ?)`,
    list: `SELECT ${columns} FROM mps_session WHERE ns = ? AND user_id = ?`,
    forget: (accounts: number) =>
      `UPDATE mps_account SET recent_until = 0 WHERE ns = ? AND user_id = ? AND account IN (${marks(accounts)})`,
    drop: (ids: number) => `DELETE FROM mps_session WHERE ns = ? AND user_id = ? AND id IN (${marks(ids)})`,
    finish: (ids: number) =>
      `UPDATE mps_session SET ended = ? WHERE ns = ? AND user_id = ? AND ended IS NULL AND id IN (${marks(ids)})`,
    account: 'SELECT openid, session_key FROM mps_account WHERE ns = ? AND user_id = ? AND account = ?',
    keepKey: 'UPDATE mps_account SET session_key = ? WHERE ns = ? AND user_id = ? AND account = ?',
    block: `INSERT INTO mps_block (ns, user_id, reason, until_ms) VALUES (?, ?, ?, ?)
      ${otherwise('ns, user_id')} reason = ?, until_ms = ?`,
    unblock: 'DELETE FROM mps_block WHERE ns = ? AND user_id = ?',
    get: 'SELECT value FROM mps_shared WHERE ns = ? AND name = ? AND until_ms > ?',
    put: `INSERT INTO mps_shared (ns, name, value, until_ms) VALUES (?, ?, ?, ?)
      ${otherwise('ns, name')} value = ?, until_ms = ?`,
    lease: `INSERT INTO mps_shared (ns, name, value, until_ms) VALUES (?, ?, ?, ?)
      ${otherwise('ns, name')}
      value = CASE WHEN mps_shared.until_ms > ? THEN mps_shared.value ELSE ? END,
      until_ms = CASE WHEN mps_shared.until_ms > ? THEN mps_shared.until_ms ELSE ? END`,
    sweep:
      kind === 'mysql'
        ? 'DELETE FROM mps_session WHERE ns = ? AND ends < ? LIMIT 1000'
        : `DELETE FROM mps_session WHERE (ns, hash) IN
            (SELECT ns, hash FROM mps_session WHERE ns = ? AND ends < ? LIMIT 1000)`,
  }
}

/** What a look-up is about: each column costs. */
const READ = SESSION_COLUMNS.filter((name) => !['ns', 'ends', 'pending'].includes(name))
const READ_COLUMNS = READ.join(', ')
const SESSION_READ = READ.map((name) => `s.${name}`).join(', ')

const marks = (count: number): string => Array.from({ length: count }, () => '?').join(', ')

const oneOf = (count: number): string => (count === 1 ? '= ?' : `IN (${marks(count)})`)
