import { mysqlStore } from 'miniprogram-session-server/mysql'
import mysql, {
  type Pool,
  type PoolConnection,
  type ResultSetHeader,
  type RowDataPacket,
} from 'mysql2/promise'
import type { OpenStore } from '../store.ts'
import { inTime } from './in-time.ts'
import { NEWCOMER, newUserId, type Tables, type User } from './tables.ts'

const CONNECTIONS = 20

/** The tables are in `schema.sql`, and the package's in what `npx miniprogram-session-server schema mysql` prints. */
export async function openMysql(url: string): Promise<OpenStore> {
  const pool = mysql.createPool({ uri: url, connectionLimit: CONNECTIONS, connectTimeout: 2000 })
  try {
    await pool.query('SELECT id, account, nickname, avatar FROM app_user WHERE 1 = 0')
    await pool.query('SELECT id, user_id, idempotency_key FROM app_order WHERE 1 = 0')
  } catch (error) {
    await pool.end()
    if ((error as { code?: string }).code !== 'ER_NO_SUCH_TABLE') throw error
    throw new Error('its tables are not there: carry out schema.sql.', { cause: error })
  }
  return { sessions: mysqlStore(pool), tables: tablesOn(pool), close: () => pool.end() }
}

interface UserRow extends RowDataPacket {
  id: string
  nickname: string
  avatar: string | null
}

interface OrderRow extends RowDataPacket {
  id: string
  title: string
  amount: number
  createdAt: number
}

function tablesOn(pool: Pool): Tables {
  const select = async <Row extends RowDataPacket>(sql: string, ...values: unknown[]): Promise<Row[]> =>
    (await run<Row[]>(pool, sql, values))[0]
  const change = (sql: string, ...values: unknown[]) => run<ResultSetHeader>(pool, sql, values)
  const ORDER = 'id, title, amount, created_at AS createdAt'
  return {
    users: {
      async idFor(account) {
        // Whoever is first gives the id.
        await change(
          'INSERT INTO app_user (id, account, nickname) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE id = id',
          ...[newUserId(), Buffer.from(account), NEWCOMER],
        )
        const [user] = await select<UserRow>(
          'SELECT id FROM app_user WHERE account = ?',
          Buffer.from(account),
        )
        return user?.id ?? ''
      },
      async get(id) {
        const [user] = await select<UserRow>('SELECT id, nickname, avatar FROM app_user WHERE id = ?', id)
        if (!user) return undefined
        const { nickname, avatar } = user
        return { id, nickname, ...(avatar === null ? {} : { avatar }) }
      },
      async update(id, given: Partial<Omit<User, 'id'>>) {
        const { nickname = null, avatar = null } = given
        const set = 'nickname = COALESCE(?, nickname), avatar = COALESCE(?, avatar)'
        await change(`UPDATE app_user SET ${set} WHERE id = ?`, nickname, avatar, id)
      },
      ids: async () => (await select<UserRow>('SELECT id FROM app_user')).map(({ id }) => id),
    },
    orders: {
      async place(user, order, key) {
        const columns = 'id, user_id, title, amount, created_at, idempotency_key'
        const { id, title, amount, createdAt } = order
        await change(
          `INSERT INTO app_order (${columns}) VALUES (?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE id = id`,
          ...[id, user, title, amount, createdAt, key === undefined ? null : Buffer.from(key)],
        )
        if (key === undefined) return order
        const [kept] = await select<OrderRow>(
          `SELECT ${ORDER} FROM app_order WHERE user_id = ? AND idempotency_key = ?`,
          ...[user, Buffer.from(key)],
        )
        return kept ?? order
      },
      async page(user, skip, limit) {
        const [counted, items] = await Promise.all([
          select<RowDataPacket>('SELECT COUNT(*) AS total FROM app_order WHERE user_id = ?', user),
          select<OrderRow>(
            `SELECT ${ORDER} FROM app_order WHERE user_id = ? ORDER BY seq DESC LIMIT ? OFFSET ?`,
            ...[user, limit, skip],
          ),
        ])
        return { total: Number(counted[0]?.['total']), items }
      },
    },
  }
}

/** One statement. A connection that gave no answer in time is not used again: a lost network says nothing. */
async function run<T extends RowDataPacket[] | ResultSetHeader>(pool: Pool, sql: string, values: unknown[]) {
  const taken: PoolConnection[] = []
  let isLate = false
  const hasGivenUp = () => isLate
  const work = async () => {
    const connection = await pool.getConnection()
    taken.push(connection)
    try {
      return await connection.query<T>(sql, values)
    } finally {
      if (hasGivenUp()) connection.destroy()
      else connection.release()
    }
  }
  return inTime(work(), () => {
    isLate = true
    for (const connection of taken) connection.destroy()
  })
}
