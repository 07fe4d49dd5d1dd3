import Keyv, { type KeyvStoreAdapter } from 'keyv'
import mysql, { type Pool, type RowDataPacket } from 'mysql2/promise'
import { createHash } from 'node:crypto'
import { createLocalLock } from './lock.ts'
import { json, keyvTable, orUnavailable, unavailable, type Store } from './store.ts'

const TABLE = 'miniprogram_session'
const LOCK_SECONDS = 5

/** MySQL or MariaDB, for those who have one anyway. */
export async function createMysqlStore(uri: string): Promise<Store> {
  const options = { uri, charset: 'utf8mb4', connectTimeout: 5000 }
  const pool = mysql.createPool({ ...options, connectionLimit: 10 })
  // Locks have connections of their own: from the same pool, ten requests that hold a lock each would wait
  // for an eleventh connection to do their work with.
  const locks = mysql.createPool({ ...options, connectionLimit: 5 })
  const close = async () => {
    clearInterval(sweeper)
    await Promise.all([pool.end(), locks.end()])
  }
  const sweeper = setInterval(() => {
    pool.execute(`DELETE FROM ${TABLE} WHERE expires < ? LIMIT 5000`, [Date.now()]).catch(() => undefined)
  }, 60_000).unref()
  try {
    await prepare(pool)
  } catch (error) {
    await close()
    throw error
  }
  const local = createLocalLock()

  return {
    kind: 'mysql',
    table<T>(name: string) {
      return keyvTable(new Keyv<T>({ store: adapter(pool), namespace: name, throwOnErrors: true, ...json }))
    },
    exclusive: (name, work) =>
      local(name, async () => {
        const connection = await orUnavailable(locks.getConnection())
        // GET_LOCK takes 64 characters. MySQL frees the lock when the connection of a dead process ends.
        const id = createHash('sha256').update(name).digest('hex')
        try {
          const [rows] = await connection.query<RowDataPacket[]>('SELECT GET_LOCK(?, ?) AS taken', [
            id,
            LOCK_SECONDS,
          ])
          if (rows[0]?.['taken'] !== 1) throw new Error(`no lock on ${name}`)
        } catch (error) {
          connection.destroy()
          throw unavailable(error)
        }
        try {
          return await work()
        } finally {
          // A connection that may still hold a lock must not go back to the pool.
          await connection.query('SELECT RELEASE_LOCK(?)', [id]).then(
            () => connection.release(),
            () => connection.destroy(),
          )
        }
      }),
    async ping() {
      await orUnavailable(pool.query('SELECT 1'))
    },
    close,
  }
}

/**
 * Makes the table, or checks the one that is there: "utf8" of MySQL holds three bytes a character, so names
 * with emoji would be refused or cut off, on a user's phone and not in a test.
 */
async function prepare(pool: Pool): Promise<void> {
  await pool.query(
    `CREATE TABLE IF NOT EXISTS ${TABLE} (
      id VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin PRIMARY KEY,
      value MEDIUMTEXT CHARACTER SET utf8mb4 NOT NULL,
      expires BIGINT NULL,
      INDEX (expires)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`,
  )
  const [rows] = await pool.query<RowDataPacket[]>(
    `SELECT CHARACTER_SET_NAME AS charset FROM information_schema.COLUMNS
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND COLUMN_NAME = 'value'`,
    [TABLE],
  )
  const charset: unknown = rows[0]?.['charset']
  if (charset !== 'utf8mb4') {
    throw new Error(
      `The MySQL table ${TABLE} keeps its values in ${String(charset)}, which loses emoji. Convert it: ` +
        `ALTER TABLE ${TABLE} MODIFY value MEDIUMTEXT CHARACTER SET utf8mb4 NOT NULL;`,
    )
  }
}

/**
 * What Keyv needs of a store. Our own instead of @keyv/mysql, which keeps values in TEXT (64 KB) of whatever
 * character set the database defaults to, never deletes what has expired unless it may switch on the event
 * scheduler, and shares one pool between all stores of a process.
 */
function adapter(pool: Pool): KeyvStoreAdapter {
  const store: KeyvStoreAdapter = {
    opts: { dialect: 'mysql' },
    async get<Value>(id: string) {
      const [rows] = await pool.execute<RowDataPacket[]>(`SELECT value FROM ${TABLE} WHERE id = ?`, [id])
      return rows[0]?.['value'] as Value | undefined
    },
    async set(id, value: string, ttl) {
      await pool.execute(
        `INSERT INTO ${TABLE} (id, value, expires) VALUES (?, ?, ?)
         ON DUPLICATE KEY UPDATE value = VALUES(value), expires = VALUES(expires)`,
        [id, value, ttl === undefined ? null : Date.now() + ttl],
      )
    },
    async delete(id) {
      await pool.execute(`DELETE FROM ${TABLE} WHERE id = ?`, [id])
      return true
    },
    async clear() {
      await pool.execute(`DELETE FROM ${TABLE} WHERE id LIKE ?`, [`${store.namespace ?? ''}:%`])
    },
    on: () => store,
  }
  return store
}
