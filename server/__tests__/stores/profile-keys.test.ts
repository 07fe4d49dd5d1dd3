import mysql from 'mysql2'
import { Pool } from 'pg'
import type { SessionStore } from '../../src/index.ts'
import { mysqlStore } from '../../src/stores/mysql.ts'
import { postgresStore } from '../../src/stores/postgres.ts'
import { NOW, opening } from '../../src/stores/suite/given.ts'
import { describeOn, startDatabase, type Database } from '../databases.ts'
import { openSql } from './open.ts'

/** A pool that keeps what was last asked of it, to ask how that is carried out. */
interface Watched {
  store: SessionStore
  run(text: string): Promise<unknown>
  /** of the last statement of the store */
  explain(): Promise<string>
  last(): string
  close(): Promise<void>
}

const USER = { table: 'users', key: 'id', columns: ['nickname'] } as const

const WATCHED = {
  mysql(port: number): Watched {
    const given = { host: '127.0.0.1', port, user: 'root', database: 'test', multipleStatements: true }
    // Names and texts of the connection come in another character set and collation than those of the tables.
    const pool = mysql.createPool({ ...given, charset: 'utf8mb4_unicode_ci' })
    let last: mysql.QueryOptions = { sql: '' }
    pool.on('connection', (connection) => {
      const ask = connection.query.bind(connection) as (...given: unknown[]) => unknown
      Object.assign(connection, {
        query(...asked: unknown[]) {
          const [options] = asked as [mysql.QueryOptions]
          if (options.sql.includes('profile_0')) last = options
          return ask(...asked)
        },
      })
    })
    const run = (text: string) => pool.promise().query(text)
    return {
      store: mysqlStore(pool, { user: USER }).create('keys'),
      run,
      async explain() {
        const [rows] = await pool.promise().query(`EXPLAIN ${last.sql}`, last.values)
        return JSON.stringify(rows)
      },
      last: () => last.sql,
      close: () => pool.promise().end(),
    }
  },
  postgres(port: number): Watched {
    const pool = new Pool({ host: '127.0.0.1', port, user: 'root', database: 'postgres' })
    let last: [string, unknown[]] = ['', []]
    pool.on('connect', (client) => {
      const ask = client.query.bind(client) as (...given: unknown[]) => unknown
      Object.assign(client, {
        query(...asked: unknown[]) {
          const [text, values] = asked as [unknown, unknown[]]
          if (typeof text === 'string' && text.includes('profile_0')) last = [text, values]
          return ask(...asked)
        },
      })
    })
    return {
      store: postgresStore(pool, { user: USER }).create('keys'),
      run: (text: string) => pool.query(text),
      async explain() {
        // Of a small table a database reads the whole by choice: here it is asked whether it could do otherwise.
        const client = await pool.connect()
        await client.query('SET enable_seqscan = off')
        const { rows } = await client.query(`EXPLAIN ${last[0]}`, last[1])
        client.release(true)
        return JSON.stringify(rows)
      },
      last: () => last[0],
      close: () => pool.end(),
    }
  },
}

/** How it is carried out where the app's table is read by an index. */
const BY_INDEX = {
  mysql: /"table":"u"[^}]*"type":"(?:const|eq_ref)"/,
  postgres: /Index (?:Only )?Scan using users_\w+ on users u/,
}

interface Key {
  /** of the column */
  type: string
  /** the user whose row it is; `nearly` are others, however much alike */
  id: string
  nearly: string[]
  before?: string
}

const BIG = '9007199254740993'
const NO_NUMBER = ['012', '12abc', ' 12', '12 ', '1.2e1', '+12', '', 'alice', '-', '99999999999999999999']
const UUID = '0193b2f0-5a6b-7c3d-8e4f-aabbccddeeff'
const NO_UUID = ['alice', '', UUID.slice(1), `${UUID}0`, `{${UUID}`]
const NEARLY_ALICE = ['Alice', 'ALICE', 'alice ', ' alice', 'alicé', 'alic', '']

const KEYS: Record<'mysql' | 'postgres', Key[]> = {
  mysql: [
    { type: 'INT', id: '12', nearly: NO_NUMBER },
    { type: 'BIGINT', id: BIG, nearly: ['9007199254740992', '9007199254740994', `0${BIG}`, `${BIG}.0`] },
    { type: 'INT(10) UNSIGNED ZEROFILL', id: '12', nearly: ['0000000012', ...NO_NUMBER] },
    { type: 'BIGINT UNSIGNED', id: '18446744073709551615', nearly: ['18446744073709551616', '-1'] },
    { type: 'BIGINT UNSIGNED', id: '0', nearly: ['alice', '', '00', '-0', '0x'] },
    { type: 'BIGINT', id: '-7', nearly: ['7', '--7', '-07'] },
    {
      type: 'VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci',
      id: 'alice',
      nearly: NEARLY_ALICE,
    },
    {
      type: 'VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
      id: '爱丽丝🍵',
      nearly: ['爱丽丝', '爱丽丝🍶'],
    },
    {
      type: 'VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci',
      id: 'alice',
      nearly: NEARLY_ALICE,
    },
    { type: 'CHAR(36) CHARACTER SET ascii COLLATE ascii_bin', id: UUID, nearly: NO_UUID },
    {
      type: 'VARCHAR(64) CHARACTER SET latin1 COLLATE latin1_swedish_ci',
      id: 'café',
      nearly: ['cafe', 'caf?', 'café🍵', 'CAFÉ'],
    },
    {
      type: 'VARCHAR(64) CHARACTER SET gbk COLLATE gbk_chinese_ci',
      id: '爱丽丝',
      nearly: ['爱丽', '爱丽丝🍵', '?'],
    },
    { type: 'VARBINARY(64)', id: 'alice', nearly: NEARLY_ALICE },
    { type: 'UUID', id: UUID, nearly: NO_UUID },
  ],
  postgres: [
    { type: 'integer', id: '12', nearly: NO_NUMBER },
    { type: 'bigint', id: BIG, nearly: ['9007199254740992', '9007199254740994', `0${BIG}`, `${BIG}.0`] },
    { type: 'bigint', id: '-7', nearly: ['7', '--7', '-07', '-0'] },
    { type: 'bigint', id: '-9223372036854775808', nearly: ['-9223372036854775809', '9223372036854775808'] },
    { type: 'bigint', id: '0', nearly: ['alice', '', '00', '-0', '0\n', '0x'] },
    { type: 'bigint', id: '9223372036854775807', nearly: ['9223372036854775808', '-9223372036854775807'] },
    { type: 'uuid', id: UUID, nearly: NO_UUID },
    { type: 'text', id: 'alice', nearly: NEARLY_ALICE },
    { type: 'varchar(64) COLLATE "en-x-icu"', id: 'alice', nearly: NEARLY_ALICE },
    { type: 'text COLLATE "C"', id: '爱丽丝🍵', nearly: ['爱丽丝', '爱丽丝🍶'] },
    { type: 'char(36)', id: UUID, nearly: NO_UUID },
    {
      type: 'text COLLATE any_case',
      id: 'alice',
      nearly: NEARLY_ALICE,
      before: `CREATE COLLATION IF NOT EXISTS any_case
        (provider = icu, locale = 'und-u-ks-level1', deterministic = false)`,
    },
    { type: 'user_id', id: 'alice', nearly: NEARLY_ALICE, before: 'CREATE DOMAIN user_id AS varchar(64)' },
  ],
}

/** A thousand others, or a database would read the whole table by choice. */
const others = (type: string): string[] => {
  const isNumber = /INT/i.test(type)
  const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
  return Array.from({ length: 1000 }, (_, n) =>
    isNumber ? String(n + 1000) : /uuid|36/i.test(type) ? uuid(n) : `u${n}`,
  )
}

for (const kind of ['mysql', 'postgres'] as const) {
  describeOn(kind)(`a key on ${kind}`, () => {
    let database: Database
    beforeAll(async () => {
      database = await startDatabase(kind)
      await (await openSql({ kind, port: database.port })).close()
    }, 60_000)
    afterAll(() => database.remove())

    test.each(KEYS[kind])(
      'of type $type finds the row of $id by its index, and that of nobody else',
      async (key) => {
        const watched = WATCHED[kind](database.port)
        const { store } = watched
        const run = (text: string) => watched.run(text)
        try {
          if (key.before !== undefined) await run(key.before)
          await run(
            `DROP TABLE IF EXISTS users; CREATE TABLE users (id ${key.type} PRIMARY KEY, nickname VARCHAR(64))`,
          )
          const rows = others(key.type).map((id) => `('${id}', 'somebody else')`)
          await run(`INSERT INTO users VALUES ('${key.id}', 'it is me'), ${rows.join(', ')}`)
          await run(kind === 'mysql' ? 'ANALYZE TABLE users' : 'ANALYZE users')
          const open = async (user: string) => {
            const { hash, ...rest } = opening({ user, account: 'account' })
            await store.open({ ...rest, hash, now: NOW })
            return hash
          }
          const profileOf = async (user: string) => {
            const found = await store.find(await open(user))
            expect(found?.user).toBe(user)
            return found?.profile
          }
          expect(await profileOf(key.id)).toEqual({ nickname: 'it is me' })
          expect(await watched.explain()).toMatch(BY_INDEX[kind])
          const many = await Promise.all(
            [...Array.from({ length: 20 }, (_, n) => `none${n}`), key.id].map(open),
          )
          const found = await Promise.all(many.map((hash) => store.find(hash)))
          expect(found.flatMap((one) => one?.profile ?? [])).toEqual([{ nickname: 'it is me' }])
          expect(watched.last()).toContain(' IN (')
          expect(await watched.explain()).toMatch(BY_INDEX[kind])
          for (const user of key.nearly) expect([user, await profileOf(user)]).toEqual([user, undefined])
        } finally {
          await watched.close()
        }
      },
    )
  })
}
