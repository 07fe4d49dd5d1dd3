import { borrow } from './sql/connection.ts'
import { retrying, type Database, type Result, type Row, type Value } from './sql/database.ts'
import { SqlStore } from './sql/store.ts'
import type { StoreFactory } from './store.ts'

interface MysqlConnection {
  query(options: { sql: string; values: unknown[] }): Promise<[unknown, unknown]>
  release(): void
  destroy(): void
}

interface MysqlPromisePool {
  getConnection(): Promise<MysqlConnection>
}

/** A pool of mysql2, of `mysql2` or `mysql2/promise`, the app's own: no second one is made. */
export type MysqlPool = MysqlPromisePool | { promise(): MysqlPromisePool }

const DEADLINE = 2000

/** MySQL 5.7 or newer, MariaDB 10.3 or newer. Its tables: `npx miniprogram-session-server schema mysql`. */
export function mysqlStore(pool: MysqlPool): StoreFactory {
  // JavaScript's users have no types, and hand in a connection or an address.
  const given: unknown = pool
  const isPool =
    typeof given === 'object' && given !== null && ('promise' in given || 'getConnection' in given)
  return {
    kind: 'mysql',
    mistakes: isPool ? [] : ['mysqlStore takes a pool of mysql2: createPool(…).'],
    create: (namespace, { deadline } = { deadline: DEADLINE }) =>
      new SqlStore(new Mysql('promise' in pool ? pool.promise() : pool, deadline), namespace),
  }
}

class Mysql implements Database {
  readonly kind = 'mysql'

  constructor(
    private readonly pool: MysqlPromisePool,
    private readonly deadline: number,
  ) {}

  query(sql: string, values: readonly Value[]): Promise<Result> {
    // What the app's pool does to values on their way must not change ours.
    const options = { sql, values: [...values], typeCast: true, rowsAsArray: false, nestTables: false }
    return retrying(() =>
      borrow(
        this.deadline,
        async () => {
          const connection = await this.pool.getConnection()
          return {
            connection,
            release: () => connection.release(),
            destroy: () => connection.destroy(),
          }
        },
        async (connection) => {
          const [answer] = await connection.query(options)
          return Array.isArray(answer)
            ? { rows: answer as Row[], affected: 0 }
            : { rows: [], affected: (answer as { affectedRows: number }).affectedRows }
        },
      ),
    )
  }

  /** As bytes, which go out as `X'…'`: neither the connection's character set nor its quoting has a say. */
  text(value: string): Buffer {
    return Buffer.from(value, 'utf8')
  }
}
