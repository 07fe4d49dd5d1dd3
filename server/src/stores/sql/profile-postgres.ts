import { textOf } from './database.ts'
import type { Users } from './described.ts'

const DESCRIBE = `SELECT a.attname AS name, c.relkind::text AS kind,
    format_type(CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END, NULL) AS type,
    quote_ident(n.nspname) || '.' || quote_ident(l.collname) AS collation,
    CASE WHEN EXISTS (
      SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid
        AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum AND i.indpred IS NULL
    ) THEN 1 END AS is_unique
  FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_collation l ON l.oid = a.attcollation
  LEFT JOIN pg_namespace n ON n.oid = l.collnamespace
  WHERE c.oid = to_regclass(?)`

export const POSTGRES_USERS: Users = {
  quote: (name) => `"${name}"`,
  async describe(database, table) {
    const { rows } = await database.query(DESCRIBE, [table])
    // Only tables, partitioned or not, have indexes that can be seen.
    const isTable = rows.some((row) => ['r', 'p'].includes(textOf(row['kind'])))
    const unique = rows.filter((row) => row['is_unique'] != null)
    return {
      columns: rows.map((row) => ({
        name: textOf(row['name']),
        type: textOf(row['type']),
        collation: row['collation'] == null ? undefined : textOf(row['collation']),
      })),
      unique: isTable ? unique.map((row) => textOf(row['name'])) : undefined,
    }
  },
  isSame: (one, other) => one === other,
  equals(key, { type, collation }) {
    // A cast that fails would fail the look-up: what is none is nobody's id. And a question mark stands for a value.
    if (['smallint', 'integer', 'bigint'].includes(type)) {
      return `${key} = CASE WHEN s.user_id !~ '^(0|-{0,1}[1-9][0-9]{0,18})$' THEN NULL
        WHEN s.user_id::numeric NOT BETWEEN -9223372036854775808 AND 9223372036854775807 THEN NULL ELSE s.user_id::bigint END`
    }
    if (type === 'uuid') {
      return `${key} = CASE WHEN s.user_id ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
        THEN s.user_id::uuid END`
    }
    const cast = TEXTS[type]
    if (cast === undefined || collation === undefined) return undefined
    // In the collation of the index; and one that takes Alice for alice means somebody else.
    return `${key} = s.user_id::${cast} COLLATE ${collation} AND ${key}::text COLLATE "C" = s.user_id`
  },
}

const TEXTS: Partial<Record<string, string>> = {
  text: 'text',
  'character varying': 'text',
  character: 'bpchar',
}
