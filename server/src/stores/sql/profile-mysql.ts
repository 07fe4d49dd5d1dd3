import { codeOf, textOf, type Database, type Row } from './database.ts'
import type { Users } from './described.ts'

/** By `SHOW`, which finds a table as a statement does: how names are compared is the server's to say. */
export const MYSQL_USERS: Users = {
  quote: (name) => `\`${name}\``,
  async describe(database, table) {
    const { rows: columns } = await database.query(`SHOW FULL COLUMNS FROM ${table}`, [])
    const { rows: indexed } = await database.query(`SHOW INDEX FROM ${table}`, [])
    const names = (rows: Row[], column: string) => new Set(rows.map((row) => textOf(row[column])))
    const many = names(
      indexed.filter((row) => Number(row['Seq_in_index']) > 1),
      'Key_name',
    )
    // MariaDB keeps a whole TEXT unique by a hash, by which it looks up nothing.
    const texts = names(
      columns.filter((row) => /text\b/i.test(textOf(row['Type']))),
      'Field',
    )
    const isOfUse = (row: Row) =>
      row['Ignored'] !== 'YES' &&
      row['Visible'] !== 'NO' &&
      !(row['Index_type'] === 'HASH' && texts.has(textOf(row['Column_name'])))
    const unique = indexed.filter(
      (row) => Number(row['Non_unique']) === 0 && !many.has(textOf(row['Key_name'])) && isOfUse(row),
    )
    return {
      columns: columns.map((row) => ({
        name: textOf(row['Field']),
        type: textOf(row['Type']),
        collation: row['Collation'] == null ? undefined : textOf(row['Collation']),
      })),
      // A view has none of its own.
      unique:
        indexed.length === 0 && (await isView(database, table))
          ? undefined
          : unique.map((row) => textOf(row['Column_name'])),
    }
  },
  isSame: (one, other) => one.toLowerCase() === other.toLowerCase(),
  equals(key, { type, collation }) {
    // Compared as they are, a number and a text are both made floating-point numbers, and of `12abc` a 12. So the key must also
    // be the id letter by letter; and that holds when it has become a text meanwhile, of which nobody tells.
    const same = `CAST(${key} AS BINARY) = s.user_id`
    if (/^(tiny|small|medium|big)?int\b/i.test(type)) {
      const made = `CAST(s.user_id AS ${/unsigned/i.test(type) ? 'UNSIGNED' : 'SIGNED'})`
      // Filled up with zeros it is not what was kept.
      return `${key} = ${made} AND ${/zerofill/i.test(type) ? `CAST(${made} AS BINARY) = s.user_id` : same}`
    }
    if (/^(var)?binary\b/i.test(type)) return `${key} = s.user_id AND ${same}`
    // MariaDB's.
    if (/^uuid$/i.test(type)) return `${key} = CAST(${UTF8} AS UUID)`
    if (!/^((var)?char|\w*text)\b/i.test(type) || !/^\w+$/.test(collation ?? '')) return undefined
    // In the collation of the index; and that takes Alice for alice, who is somebody else.
    const [charset = ''] = (collation ?? '').split('_')
    const text = `CONVERT(${UTF8} USING ${charset}) COLLATE ${collation ?? ''}`
    return `${key} = ${text} AND CAST(CONVERT(${key} USING utf8mb4) AS BINARY) = s.user_id`
  },
}

/** The id, whose bytes are UTF-8. */
const UTF8 = 'CONVERT(s.user_id USING utf8mb4)'

/** `SHOW CREATE` of a view answers in other words, or needs a privilege that its readers may not have. */
async function isView(database: Database, table: string): Promise<boolean> {
  try {
    const { rows } = await database.query(`SHOW CREATE TABLE ${table}`, [])
    return rows.some((row) => 'View' in row)
  } catch (error) {
    if (codeOf(error) === 'ER_TABLEACCESS_DENIED_ERROR') return true
    throw error
  }
}
