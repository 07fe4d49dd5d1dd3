import { borrow } from './sql/connection.ts'
import { retrying, type Database, type Result, type Row, type Value } from './sql/database.ts'
import { SqlStore } from './sql/store.ts'
import { readUserTable, type ProfileOf, type SqlStoreOptions } from './sql/user-table.ts'
import type { StoreFactory } from './store.ts'

interface PostgresClient {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }>
  release(destroy?: boolean): void
  on(event: 'error', listener: (error: Error) => void): unknown
}

/** A pool of pg, the app's own: no second one is made. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>
  on(event: 'error', listener: (error: Error) => void): unknown
  listenerCount(event: 'error'): number
}

export type { SqlStoreOptions, UserTable } from './sql/user-table.ts'

const DEADLINE = 2000

/** PostgreSQL 11 or newer. Its tables: `npx miniprogram-session-server schema postgres`. */
export function postgresStore<Column extends string = string>(
  pool: PostgresPool,
  options?: SqlStoreOptions<Column>,
): StoreFactory<ProfileOf<Column>> {
  const given: unknown = pool
  const isPool = typeof given === 'object' && given !== null && 'connect' in given && 'listenerCount' in given
  // A server that is restarted ends idle connections, and an "error" that nobody hears ends the process.
  if (isPool && pool.listenerCount('error') === 0) pool.on('error', () => undefined)
  const { mistakes, user } = readUserTable('postgresStore', options)
  return {
    kind: 'postgres',
    mistakes: [...(isPool ? [] : ['postgresStore takes a pool of pg: new Pool(…).']), ...mistakes],
    create: (namespace, { deadline } = { deadline: DEADLINE }) =>
      new SqlStore<ProfileOf<Column>>(new Postgres(pool, deadline), namespace, user),
  }
}

class Postgres implements Database {
  readonly kind = 'postgres'
  private readonly texts = new Map<string, string>()

  constructor(
    private readonly pool: PostgresPool,
    readonly deadline: number,
  ) {}

  query(sql: string, values: readonly Value[]): Promise<Result> {
    const text = this.numbered(sql)
    return retrying(() =>
      borrow(
        this.deadline,
        async () => {
          const connection = await this.pool.connect()
          hear(connection)
          return {
            connection,
            release: () => connection.release(),
            destroy: () => connection.release(true),
          }
        },
        async (connection) => {
          const { rows, rowCount } = await connection.query(text, [...values])
          return { rows: rows as Row[], affected: rowCount ?? 0 }
        },
      ),
    )
  }

  text(value: string): string {
    return value
  }

  /** `$1`, `$2`, … for each `?`. */
  private numbered(sql: string): string {
    const known = this.texts.get(sql)
    if (known !== undefined) return known
    let count = 0
    const text = sql.replace(/\?/g, () => `$${(count += 1)}`)
    this.texts.set(sql, text)
    return text
  }
}

const heard = new WeakSet<PostgresClient>()

/** While it is lent nobody else listens: a connection that breaks then would end the process. */
function hear(connection: PostgresClient): void {
  if (heard.has(connection)) return
  heard.add(connection)
  connection.on('error', () => undefined)
}
