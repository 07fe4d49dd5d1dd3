import type { StoredProfile } from '../store.ts'
import { codeOf, SchemaError, type Database, type Row } from './database.ts'
import { MYSQL_USERS } from './profile-mysql.ts'
import { POSTGRES_USERS } from './profile-postgres.ts'
import type { UserNames } from './user-table.ts'

/** How a statement that looks up a session also reads of the app's table, as `u` beside `s`. */
export interface ProfileJoin {
  columns: string
  join: string
  /** Undefined: this user has no row. */
  profileOf(row: Row): StoredProfile | undefined
}

const USERS = { mysql: MYSQL_USERS, postgres: POSTGRES_USERS }

/** No such table, column, schema or database, or none below a view; or the pool's user may not read it. */
const UNREADABLE = new Set([
  'ER_NO_SUCH_TABLE',
  'ER_BAD_FIELD_ERROR',
  'ER_BAD_DB_ERROR',
  'ER_VIEW_INVALID',
  'ER_DBACCESS_DENIED_ERROR',
  'ER_TABLEACCESS_DENIED_ERROR',
  'ER_COLUMNACCESS_DENIED_ERROR',
  '42P01',
  '42703',
  '3F000',
  '42501',
])

/** Its key is of another kind or collation than it was, and cannot be compared as before. */
const CHANGED = new Set([
  'ER_CANT_AGGREGATE_2COLLATIONS',
  'ER_CANT_AGGREGATE_3COLLATIONS',
  // What mysql2 calls MariaDB's 4078, types that cannot be compared: with MySQL that number is this.
  'ER_REGEXP_MISSING_FILE',
  '42883',
  '42704',
])

export const hasChanged = (error: unknown): boolean =>
  UNREADABLE.has(codeOf(error)) || CHANGED.has(codeOf(error))

/** Asks the database what it has, once: a key of each kind is compared in its own way. */
export async function joinUsers(database: Database, user: UserNames): Promise<ProfileJoin> {
  const { quote, describe, isSame, equals } = USERS[database.kind]
  const name = user.table.join('.')
  const table = user.table.map(quote).join('.')
  const { columns, unique } = await readable(user, () => describe(database, table))
  if (columns.length === 0) throw unreadable(user)
  const has = (wanted: string) => columns.find((column) => isSame(column.name, wanted))
  const key = has(user.key)
  const missing = [user.key, ...user.columns].filter((wanted) => !has(wanted))
  if (!key || missing.length > 0) {
    throw new SchemaError(`table ${name} has no column ${missing.join(', ')}: see the store's option "user".`)
  }
  if (unique && !unique.some((column) => isSame(column, key.name))) {
    throw new SchemaError(
      `${name}.${user.key} has no unique index that finds a row, without which each request would read the whole table.`,
    )
  }
  const condition = equals(`u.${quote(user.key)}`, key)
  if (condition === undefined) {
    throw new SchemaError(
      `${name}.${user.key} is of type ${key.type}: a user's key must be an integer, a text or a UUID.`,
    )
  }
  const wanted = user.columns.map((column, index) => `u.${quote(column)} AS profile_${index}`)
  const isThere = `CASE WHEN u.${quote(user.key)} IS NULL THEN NULL ELSE 1 END AS has_profile`
  return {
    columns: [isThere, ...wanted].join(', '),
    join: `LEFT JOIN ${table} u ON ${condition}`,
    profileOf(row) {
      if (row['has_profile'] == null) return undefined
      // As entries, for a column may be called `__proto__`.
      return Object.fromEntries(user.columns.map((column, index) => [column, row[`profile_${index}`]]))
    },
  }
}

/** What cannot be read of the app's table is told in words. */
export async function readable<T>(user: UserNames, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw UNREADABLE.has(codeOf(error)) ? unreadable(user) : error
  }
}

const unreadable = ({ table }: UserNames): SchemaError =>
  new SchemaError(
    `table ${table.join('.')} is not there, or may not be read by who reads the sessions: see the store's option "user".`,
  )
