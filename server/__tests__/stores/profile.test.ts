import mysql from 'mysql2'
import { Pool } from 'pg'
import { createAuth, memoryStore, type Auth, type AuthEvent, type StoreFactory } from '../../src/index.ts'
import { mysqlStore } from '../../src/stores/mysql.ts'
import { postgresStore } from '../../src/stores/postgres.ts'
import { SchemaError } from '../../src/stores/sql/database.ts'
import { storeSuite } from '../../src/stores/suite.ts'
import type { UserTable } from '../../src/stores/sql/user-table.ts'
import { createClock, DAY, fakeProvider, SECRET, setUp } from '../auth/helpers.ts'
import { describeOn, startDatabase, until, type Database } from '../databases.ts'
import { openSql } from './open.ts'

const USERS: UserTable = { table: 'users', key: 'id', columns: ['nickname', 'avatar'] }

const TABLE = {
  mysql: `CREATE TABLE users (id VARCHAR(64) PRIMARY KEY, nickname VARCHAR(64), avatar VARCHAR(64))
    CHARACTER SET utf8mb4`,
  postgres: 'CREATE TABLE users (id VARCHAR(64) PRIMARY KEY, nickname VARCHAR(64), avatar VARCHAR(64))',
}
const PEOPLE: UserTable = { ...USERS, table: 'shop.people' }

const UUID = '0193b2f0-5a6b-7c3d-8e4f-aabbccddeeff'
const CHANGES: Record<'mysql' | 'postgres', [string, string][]> = {
  mysql: [
    ['VARCHAR(64) COLLATE latin1_swedish_ci', 'VARCHAR(64) COLLATE utf8mb4_bin'],
    ['VARCHAR(64) COLLATE utf8mb4_unicode_ci', 'VARCHAR(64) COLLATE utf8mb4_bin'],
    ['VARCHAR(64) COLLATE utf8mb4_bin', 'VARCHAR(64) COLLATE latin1_swedish_ci'],
    ['BIGINT', 'UUID'],
    ['UUID', 'BIGINT'],
    ['VARCHAR(64)', 'BIGINT'],
    ['BIGINT', 'VARCHAR(64)'],
    ['VARBINARY(64)', 'BIGINT'],
  ],
  postgres: [
    ['bigint', 'uuid'],
    ['uuid', 'text'],
    ['text', 'bigint'],
    ['text COLLATE own_order', 'text'],
  ],
}

/** As somebody who is not the owner of it all. */
const POOLS = {
  mysql(port: number, user: string) {
    const pool = mysql.createPool({ host: '127.0.0.1', port, user, database: 'test' })
    return { store: mysqlStore(pool, { user: PEOPLE }), end: () => pool.promise().end() }
  },
  postgres(port: number, user: string) {
    const pool = new Pool({ host: '127.0.0.1', port, user, database: 'postgres' })
    return { store: postgresStore(pool, { user: PEOPLE }), end: () => pool.end() }
  },
}

const ROWS = "INSERT INTO users VALUES ('alice', 'Alice 🍵', '/a.webp'), ('bob', NULL, NULL)"

for (const kind of ['mysql', 'postgres'] as const) {
  describeOn(kind)(`the profile on ${kind}`, () => {
    let database: Database
    let opened: Awaited<ReturnType<typeof openSql>>
    const shop = kind === 'mysql' ? 'DATABASE' : 'SCHEMA'
    let trips = 0
    let made: Auth[] = []
    beforeAll(async () => {
      database = await startDatabase(kind)
      opened = await openSql({ kind, port: database.port }, () => (trips += 1))
    }, 60_000)
    afterAll(async () => {
      await opened.close()
      await database.remove()
    })
    beforeEach(async () => {
      await opened.run(`DROP ${shop} IF EXISTS shop ${kind === 'mysql' ? '' : 'CASCADE'}`)
      await opened.run('DROP TABLE IF EXISTS users')
      await opened.run(`${TABLE[kind]}; ${ROWS}`)
    })
    afterEach(async () => {
      await Promise.all(made.map((auth) => auth.close()))
      made = []
    })

    function create(user: UserTable = USERS, more: object = {}): Auth {
      const given = { secrets: [SECRET], store: opened.withUsers(user), apps: [fakeProvider()], share: 0 }
      // A platform's code ends in a number; what is before it is the id here.
      const auth = createAuth({
        namespace: 'profiles',
        ...given,
        onLogin: ({ openid }) => openid,
        ...more,
      })
      made.push(auth)
      return auth
    }
    let codes = 0
    const logIn = async (auth: Auth, user: string) =>
      (await auth.login({ code: `${user}-${(codes += 1)}` })).token
    const profileOf = async (auth: Auth, token: string) => (await auth.authenticate(token))?.profile

    test('is the row of the user, as it is at each request, in the trip that finds the session', async () => {
      const auth = create()
      const [alice, bob, nobody] = [
        await logIn(auth, 'alice'),
        await logIn(auth, 'bob'),
        await logIn(auth, 'nobody'),
      ]
      expect(await profileOf(auth, alice)).toEqual({ nickname: 'Alice 🍵', avatar: '/a.webp' })
      expect(await profileOf(auth, bob)).toEqual({ nickname: null, avatar: null })
      expect(await auth.authenticate(nobody)).toMatchObject({ user: 'nobody' })
      expect(await profileOf(auth, nobody)).toBeUndefined()
      await opened.run("UPDATE users SET nickname = 'Alicia' WHERE id = 'alice'")
      const before = trips
      expect(await profileOf(auth, alice)).toMatchObject({ nickname: 'Alicia' })
      expect(trips - before).toBe(1)
      await auth.logout(alice)
      expect(await auth.authenticate(alice)).toBeUndefined()
    })

    test('of many who ask at once is each their own, and few statements find them all', async () => {
      const auth = create()
      const users = Array.from({ length: 60 }, (_, index) => `user${index}`)
      const rows = users.slice(10).map((user) => `('${user}', 'I am ${user}', NULL)`)
      await opened.run(`INSERT INTO users VALUES ${rows.join(', ')}`)
      const tokens: string[] = []
      for (const user of users) tokens.push(await logIn(auth, user))
      await auth.authenticate(tokens[0])
      const before = trips
      const found = await Promise.all([...tokens, ...tokens].map((token) => auth.authenticate(token)))
      expect(trips - before).toBeLessThan(30)
      expect(found.map((session) => [session?.user, session?.profile?.['nickname']])).toEqual(
        [...users, ...users].map((user) => [user, users.indexOf(user) < 10 ? undefined : `I am ${user}`]),
      )
    })

    test.each(CHANGES[kind])(
      'is found again without a restart when a key %s becomes one %s',
      async (one, other) => {
        const make = async (type: string) => {
          await opened.run('DROP TABLE users')
          if (kind === 'postgres') await opened.run('DROP COLLATION IF EXISTS own_order')
          if (type.includes('own_order')) await opened.run('CREATE COLLATION own_order FROM "C"')
          await opened.run(
            `CREATE TABLE users (id ${type} PRIMARY KEY, nickname VARCHAR(64), avatar VARCHAR(64))`,
          )
          const id = /uuid/i.test(type) ? UUID : '12'
          await opened.run(`INSERT INTO users VALUES ('${id}', 'it is me', NULL)`)
          return id
        }
        let user = await make(one)
        const auth = create(USERS, { onLogin: () => user })
        expect(await profileOf(auth, await logIn(auth, 'alice'))).toMatchObject({ nickname: 'it is me' })
        user = await make(other)
        const token = await logIn(auth, 'bob')
        await until(
          async () => expect(await profileOf(auth, token)).toMatchObject({ nickname: 'it is me' }),
          3000,
        )
      },
    )

    test('of one that cannot be read is the trouble of that user alone, however many ask at once', async () => {
      await opened.run(`CREATE ${shop} shop`)
      // Of a text of two rows a database makes no value, and says so.
      await opened.run(`CREATE VIEW shop.people AS SELECT u.id, u.nickname, CASE WHEN u.id = 'bob'
        THEN (SELECT t.id FROM users t) ELSE u.nickname END AS odd FROM users u`)
      const auth = create({ table: 'shop.people', key: 'id', columns: ['nickname', 'odd'] })
      const bob = await logIn(auth, 'bob')
      const others: string[] = []
      for (let index = 0; index < 20; index += 1) others.push(await logIn(auth, 'alice'))
      const asked = [...others.slice(0, 15), bob, ...others.slice(15)]
      const found = await Promise.allSettled(asked.map((token) => auth.authenticate(token)))
      expect(found.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual([15])
    })

    test('is nobody else’s when its key becomes one of another kind', async () => {
      await opened.run('DROP TABLE users')
      await opened.run('CREATE TABLE users (id INT PRIMARY KEY, nickname VARCHAR(64), avatar VARCHAR(64))')
      await opened.run("INSERT INTO users VALUES (12, 'it is me', NULL)")
      const auth = create(USERS, { onLogin: () => '12' })
      const token = await logIn(auth, 'alice')
      expect(await profileOf(auth, token)).toMatchObject({ nickname: 'it is me' })
      const change = kind === 'mysql' ? 'MODIFY id' : 'ALTER COLUMN id TYPE'
      await opened.run(`ALTER TABLE users ${change} VARCHAR(64)`)
      await opened.run("INSERT INTO users VALUES ('12abc', 'somebody else', NULL)")
      await until(async () => expect(await profileOf(auth, token)).toMatchObject({ nickname: 'it is me' }))
      await opened.run("DELETE FROM users WHERE id = '12'")
      expect(await profileOf(auth, token)).toBeUndefined()
    })

    test('follows the session when its token rotates', async () => {
      const clock = createClock(Date.now())
      const auth = create(USERS, { clock, lifetime: { idle: '30d' } })
      const first = await logIn(auth, 'alice')
      clock.advance(16 * DAY)
      const { next } = (await auth.authenticate(first)) ?? {}
      await opened.run("UPDATE users SET nickname = 'Alicia'")
      expect(await profileOf(auth, next?.token ?? '')).toMatchObject({ nickname: 'Alicia' })
      expect(await profileOf(auth, first)).toMatchObject({ nickname: 'Alicia' })
    })

    test('has columns of any name, and none that is of the session comes between', async () => {
      const quote = kind === 'mysql' ? '`' : '"'
      const named = (name: string) => quote + name + quote
      const names = ['data', 'user_id', 'ended', 'profile_0', 'has_profile', 'order', '__proto__', '昵称']
      const odd = "it's; DROP TABLE users -- $1 :a \\ /*"
      const all = [...names, odd].map((name) => `${named(name)} VARCHAR(64)`).join(', ')
      await opened.run('DROP TABLE users')
      await opened.run(`CREATE TABLE users (id VARCHAR(64) PRIMARY KEY, ${all})`)
      const values = [...names, odd].map((_, index) => `'value ${index}'`).join(', ')
      await opened.run(`INSERT INTO users VALUES ('alice', ${values})`)
      const columns = ['id', ...names, named(odd)]
      const auth = create({ table: 'users', key: 'id', columns })
      const token = await logIn(auth, 'alice')
      const session = await auth.authenticate(token)
      expect(session).toMatchObject({ user: 'alice', app: 'fake:wx1' })
      expect(session?.data).toBeUndefined()
      expect(Object.entries(session?.profile ?? {})).toEqual([
        ['id', 'alice'],
        ...[...names, odd].map((name, index) => [name, `value ${index}`]),
      ])
    })

    test('may come from another schema, and from a view', async () => {
      await opened.run(`CREATE ${shop} shop`)
      await opened.run('CREATE VIEW shop.people AS SELECT id AS who, nickname FROM users')
      const auth = create({ table: 'shop.people', key: 'who', columns: ['nickname'] })
      expect(await profileOf(auth, await logIn(auth, 'alice'))).toEqual({ nickname: 'Alice 🍵' })
    })

    test('is in no event and in no answer of the package’s own', async () => {
      const auth = create()
      const events: AuthEvent[] = []
      auth.on((event) => events.push(event))
      const token = await logIn(auth, 'alice')
      expect(await profileOf(auth, token)).toBeDefined()
      const headers = { authorization: `Bearer ${token}` }
      const answer = await auth.handle({ method: 'GET', path: '/sessions', headers })
      expect(answer?.status).toBe(200)
      expect(events.length).toBeGreaterThan(1)
      expect(JSON.stringify([answer, events])).not.toMatch(/Alice|webp/)
    })

    test.each<[string, string, UserTable]>([
      ['table people is not there, or may not be read', '', { ...USERS, table: 'people' }],
      ['table nowhere.users is not there, or may not be read', '', { ...USERS, table: 'nowhere.users' }],
      ['table users has no column uid, nick, pic:', '', { ...USERS, key: 'uid', columns: ['nick', 'pic'] }],
      ['users.nickname has no unique index', '', { ...USERS, key: 'nickname' }],
      [
        'users.id has no unique index',
        'CREATE TABLE users (id VARCHAR(64), nickname TEXT, avatar TEXT, n INT, PRIMARY KEY (id, n))',
        USERS,
      ],
      [
        'users.id has no unique index',
        'CREATE TABLE users (id VARCHAR(64), nickname TEXT, avatar TEXT)',
        USERS,
      ],
      [
        'table shop.people is not there, or may not be read',
        `CREATE ${shop} shop; CREATE VIEW shop.people AS SELECT * FROM users; DROP TABLE users CASCADE`,
        PEOPLE,
      ],
      [
        'users.id is of type decimal(20,0): |users.id is of type numeric: ',
        'CREATE TABLE users (id DECIMAL(20) PRIMARY KEY, nickname TEXT, avatar TEXT)',
        USERS,
      ],
    ])('cannot be had: %s is said at the start', async (words, table, user) => {
      if (table.includes(' shop')) await opened.run(table)
      else if (table !== '') await opened.run(`DROP TABLE users; ${table}`)
      const auth = create(user)
      const error: unknown = await auth.ready().catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(SchemaError)
      const said = (error as SchemaError).message
      expect(words.split('|').filter((one) => said.includes(one))).toHaveLength(1)
    })

    if (kind === 'mysql') {
      test.each([
        ['id TEXT UNIQUE', false],
        ['id TEXT, UNIQUE (id(40))', true],
        ['id VARCHAR(64), UNIQUE (id) IGNORED', false],
        ['id VARCHAR(64) UNIQUE', true],
      ])('is read by an index that finds a row, or it is told that there is none: %s', async (key, isOne) => {
        await opened.run(
          `DROP TABLE users; CREATE TABLE users (n INT PRIMARY KEY, nickname TEXT, avatar TEXT, ${key})`,
        )
        const said: unknown = await create()
          .ready()
          .catch((thrown: unknown) => (thrown as Error).message)
        expect(said).toEqual(isOne ? undefined : expect.stringContaining('users.id has no unique index'))
      })
    }

    test('is told of in words when the table is lost, also by who never asked at the start; mended, all is as before', async () => {
      const events: AuthEvent[] = []
      const auth = create()
      auth.on((event) => events.push(event))
      const token = await logIn(auth, 'alice')
      const lost = async () => {
        await opened.run('ALTER TABLE users RENAME TO lost')
        await expect(auth.authenticate(token)).rejects.toMatchObject({ status: 503 })
        await until(async () => {
          const last = await Promise.resolve(events.at(-1))
          expect(last?.type === 'store-down' && last.reason).toMatch(/^table users is not there/)
        })
        await opened.run('ALTER TABLE lost RENAME TO users')
        await until(() => auth.ready())
        expect(await profileOf(auth, token)).toMatchObject({ nickname: 'Alice 🍵' })
      }
      await lost()
      await lost()
    })

    test('is told of in words where the store’s own user of the database may not read the table', async () => {
      const [app, role] =
        kind === 'mysql' ? ['app@localhost', 'USER app@localhost'] : ['app', 'ROLE app LOGIN']
      const tables = ['mps_session', 'mps_account', 'mps_block', 'mps_shared']
      await opened.run(`CREATE ${shop} shop; CREATE VIEW shop.people AS SELECT * FROM users; CREATE ${role}`)
      await opened.run(tables.map((table) => `GRANT SELECT ON ${table} TO ${app}`).join(';'))
      const { store, end } = POOLS[kind](database.port, 'app')
      const auth = create(USERS, { store })
      await expect(auth.ready()).rejects.toThrow('table shop.people is not there, or may not be read')
      if (kind === 'postgres') await opened.run('GRANT USAGE ON SCHEMA shop TO app')
      await opened.run(`GRANT SELECT ON shop.people TO ${app}`)
      await until(() => auth.ready())
      await end()
    })

    test('waits for no locked table longer than for the store', async () => {
      const auth = create(USERS, { deadline: { store: 300 } })
      const token = await logIn(auth, 'alice')
      expect(await profileOf(auth, token)).toBeDefined()
      const other = await openSql({ kind, port: database.port })
      const lock = kind === 'mysql' ? 'LOCK TABLES users WRITE' : 'BEGIN; LOCK TABLE users'
      await other.run(lock)
      const begun = performance.now()
      await expect(auth.authenticate(token)).rejects.toMatchObject({ status: 503 })
      expect(performance.now() - begun).toBeLessThan(1000)
      await other.close()
      await until(async () => expect(await profileOf(auth, token)).toBeDefined())
    })

    describe('of nobody', () => {
      storeSuite(test, (namespace) => opened.withUsers(USERS).create(namespace))
    })
  })
}

describe('a store of somebody’s own', () => {
  test('is given no profile to keep with the next token', async () => {
    const inner = memoryStore()
    const kept: object[] = []
    const store: StoreFactory<{ nickname: string }> = {
      kind: 'own',
      create(namespace) {
        const made = inner.create(namespace)
        return Object.assign(Object.create(made) as typeof made, {
          find: async (hash: string) => {
            const found = await made.find(hash)
            return found && { ...found, profile: { nickname: 'Alice' } }
          },
          rotate: (...given: Parameters<typeof made.rotate>) => {
            kept.push(given[1].session)
            return made.rotate(...given)
          },
        })
      },
    }
    const { auth, clock, login } = setUp({ store })
    const token = await login('alice')
    for (let day = 0; day < 16; day += 1) {
      clock.advance(DAY)
      await auth.authenticate(token)
    }
    expect((await auth.authenticate(token))?.profile).toEqual({ nickname: 'Alice' })
    expect(kept).toHaveLength(1)
    expect(kept[0]).not.toHaveProperty('profile')
  })
})
