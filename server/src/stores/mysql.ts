import { isObject } from '../auth/values.ts'
import { borrow, type Lent } from './sql/connection.ts'
import { retrying, type Database, type Result, type Row, type Value } from './sql/database.ts'
import { SqlStore } from './sql/store.ts'
import { readUserTable, type ProfileOf, type SqlStoreOptions } from './sql/user-table.ts'
import type { StoreFactory } from './store.ts'

interface MysqlConnection {
  query(
    options: { sql: string; values: unknown[] },
    done: (error: Error | null, answer: unknown) => void,
  ): unknown
  release(): void
  destroy(): void
}

interface MysqlCallbackPool {
  getConnection(done: (error: Error | null, connection: MysqlConnection) => void): unknown
}

/** A pool of mysql2, of `mysql2` or `mysql2/promise`, the app's own: no second one is made. */
export type MysqlPool = (MysqlCallbackPool & { promise: unknown }) | { pool: MysqlCallbackPool }

export type { SqlStoreOptions, UserTable } from './sql/user-table.ts'

const DEADLINE = 2000

/** MySQL 5.7 or newer, MariaDB 10.3 or newer. Its tables: `npx miniprogram-session-server schema mysql`. */
export function mysqlStore<Column extends string = string>(
  pool: MysqlPool,
  options?: SqlStoreOptions<Column>,
): StoreFactory<ProfileOf<Column>> {
  // JavaScript's users have no types, and hand in a connection or an address.
  const given: unknown = pool
  const inner: unknown = isObject(given) && 'pool' in given ? given['pool'] : given
  const isPool = isObject(inner) && 'promise' in inner && typeof inner['getConnection'] === 'function'
  const { mistakes, user } = readUserTable('mysqlStore', options)
  return {
    kind: 'mysql',
    mistakes: [...(isPool ? [] : ['mysqlStore takes a pool of mysql2: createPool(…).']), ...mistakes],
    create: (namespace, { deadline } = { deadline: DEADLINE }) =>
      new SqlStore<ProfileOf<Column>>(
        new Mysql('pool' in pool ? pool.pool : pool, deadline),
        namespace,
        user,
      ),
  }
}

class Mysql implements Database {
  readonly kind = 'mysql'

  constructor(
    private readonly pool: MysqlCallbackPool,
    readonly deadline: number,
  ) {}

  query(sql: string, values: readonly Value[]): Promise<Result> {
    // What the app's pool does to values on their way must not change ours.
    const options = { sql, values: [...values], typeCast: true, rowsAsArray: false, nestTables: false }
    return retrying(() =>
      borrow(
        this.deadline,
        () => this.take(),
        (connection) => run(connection, options),
      ),
    )
  }

  // Not its promises: those note a stack for each call, which costs as much as the look-up.
  private take(): Promise<Lent<MysqlConnection>> {
    return new Promise((resolve, reject) => {
      this.pool.getConnection((error, connection) => {
        if (error) reject(error)
        else {
          resolve({
            connection,
            release: () => connection.release(),
            destroy: () => connection.destroy(),
          })
        }
      })
    })
  }

  /** As bytes, which go out as `X'…'`: neither the connection's character set nor its quoting has a say. */
  text(value: string): Buffer {
    return Buffer.from(value, 'utf8')
  }
}

const run = (connection: MysqlConnection, options: { sql: string; values: unknown[] }): Promise<Result> =>
  new Promise((resolve, reject) => {
    connection.query(options, (error, answer) => {
      if (error) reject(error)
      else if (Array.isArray(answer)) resolve({ rows: answer as Row[], affected: 0 })
      else resolve({ rows: [], affected: (answer as { affectedRows: number }).affectedRows })
    })
  })
