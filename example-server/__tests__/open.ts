import mysql from 'mysql2/promise'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from '../../server/__tests__/databases.ts'
import { SCHEMA } from '../../server/src/stores/sql/schema.ts'

/** What whoever runs a database does once: the tables of the package and of this app. Redis needs none. */
export async function createTables({ kind, url }: Database): Promise<void> {
  if (kind !== 'mysql') return
  const connection = await mysql.createConnection({ uri: url, multipleStatements: true })
  await connection.query(SCHEMA.mysql)
  await connection.query(readFileSync(join(__dirname, '../schema.sql'), 'utf8'))
  await connection.end()
}
