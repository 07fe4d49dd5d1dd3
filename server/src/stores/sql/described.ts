import type { Database } from './database.ts'

/** What differs between databases: what they tell of a table, and how its key is compared. */
export interface Users {
  quote: (name: string) => string
  describe: (database: Database, table: string) => Promise<Described>
  /** Whether two names of columns are one. */
  isSame: (one: string, other: string) => boolean
  /**
   * `key = s.user_id`, such that an index of the key is used: all that is made of a value is made on the session's side.
   * Undefined: that cannot be, for a key of this kind.
   */
  equals: (key: string, column: DescribedColumn) => string | undefined
}

export interface Described {
  columns: DescribedColumn[]
  /** names of those that have a unique index of their own; undefined: it is a view, or cannot be told */
  unique: string[] | undefined
}

export interface DescribedColumn {
  name: string
  type: string
  collation: string | undefined
}
