import { createClient } from '@redis/client'
import mysql from 'mysql2'
import { Pool } from 'pg'
import { mysqlStore } from '../../src/stores/mysql.ts'
import { postgresStore } from '../../src/stores/postgres.ts'
import { redisStore } from '../../src/stores/redis.ts'
import { SCHEMA } from '../../src/stores/sql/schema.ts'
import type { UserTable } from '../../src/stores/sql/user-table.ts'
import type { StoreFactory } from '../../src/stores/store.ts'
import type { Database } from '../databases.ts'

export interface OpenStore {
  factory: StoreFactory
  /** a statement or command of the test's own, past the store */
  run(text: string): Promise<unknown>
  close(): Promise<void>
}

type Before = () => void

const OPEN = {
  async redis(port: number, before: Before, isWatchful = false) {
    const url = `redis://127.0.0.1:${port}`
    const socket = { reconnectStrategy: 100 }
    // It has one connection, which it takes for good until told how long it may be silent.
    const client = isWatchful
      ? createClient({ url, pingInterval: 200, socket: { ...socket, socketTimeout: 1000 } })
      : createClient({ url, socket })
    client.on('error', () => undefined)
    await client.connect()
    const sendCommand = (words: string[]) => {
      before()
      return client.sendCommand(words)
    }
    return {
      factory: redisStore({ sendCommand }),
      run: (text: string) => client.sendCommand(text.split(' ')),
      close: () => {
        client.destroy()
        return Promise.resolve()
      },
    }
  },
  async mysql(port: number, before: Before) {
    const given = { host: '127.0.0.1', port, user: 'root', database: 'test', multipleStatements: true }
    const pool = mysql.createPool({ ...given, connectionLimit: 20 })
    await pool.promise().query(SCHEMA.mysql)
    pool.on('acquire', before)
    return {
      factory: mysqlStore(pool),
      withUsers: (user: UserTable) => mysqlStore(pool, { user }),
      run: (text: string) => pool.promise().query(text),
      close: () => pool.promise().end(),
    }
  },
  async postgres(port: number, before: Before) {
    const pool = new Pool({ host: '127.0.0.1', port, user: 'root', database: 'postgres', max: 20 })
    const factory = postgresStore(pool)
    await pool.query(SCHEMA.postgres)
    pool.on('acquire', before)
    return {
      factory,
      withUsers: (user: UserTable) => postgresStore(pool, { user }),
      run: (text: string) => pool.query(text),
      close: () => pool.end(),
    }
  },
}

/**
 * The app's client or pool, the tables, and the store on them. `before` hears of each statement; `isWatchful`: a client
 * that notices a connection that was lost without a word.
 */
export const openStore = (
  { kind, port }: Pick<Database, 'kind' | 'port'>,
  before: Before = () => undefined,
  isWatchful = false,
): Promise<OpenStore> => OPEN[kind](port, before, isWatchful)

/** The same of a database in SQL, whose store may read of a table of users. */
export const openSql = (
  { kind, port }: { kind: 'mysql' | 'postgres'; port: number },
  before: Before = () => undefined,
): Promise<OpenStore & { withUsers: (user: UserTable) => StoreFactory }> => OPEN[kind](port, before)
