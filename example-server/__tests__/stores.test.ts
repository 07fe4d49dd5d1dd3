import mysql from 'mysql2/promise'
import { openStore } from '../src/store/open.ts'
import type { Store } from '../src/store/store.ts'
import { Client, errorCode } from './client.ts'
import {
  isInstalled,
  startDatabase,
  until,
  type Database,
  type DatabaseKind,
} from '../../server/__tests__/databases.ts'
import { sessionSuite } from './sessions.suite.ts'

const kinds = ['redis', 'mysql'] as const
const installed = kinds.filter(isInstalled)
/** All begin at once, so that the slow one is ready when the others are done. */
const databases: Partial<Record<DatabaseKind, Promise<Database>>> = {}
beforeAll(() => {
  for (const kind of installed) {
    databases[kind] = startDatabase(kind)
    databases[kind].catch(() => undefined)
  }
})
afterAll(
  () => Promise.all(Object.values(databases).map(async (starting) => (await starting).remove())),
  60_000,
)

describe('memory', () => {
  sessionSuite(() => openStore('memory'))
})

for (const kind of kinds) {
  const onDatabase = installed.includes(kind) ? describe : describe.skip
  onDatabase(kind, () => {
    let database: Database
    let store: Store
    beforeAll(async () => {
      database = (await databases[kind]) as Database
      store = await openStore(database.url)
    }, 60_000)
    afterAll(async () => {
      await store.close()
    })

    describe('keeps the promises about sessions', () => {
      // Each test finds an empty store, and the server leaves it open: it was given.
      sessionSuite(async () => {
        for (const name of ['session', 'sessions-of', 'recent', 'user', 'orders'])
          await store.table(name).clear()
        return store
      })
    })

    outages(kind, () => database)
  })
}

/** While a store is away nobody is told to log in again, and nothing is forgotten for it. */
function outages(kind: DatabaseKind, database: () => Database): void {
  test('a store that is away is a 503, not a 401, and its return is noticed', async () => {
    const server = await Client.start({ storeUrl: database().url })
    const token = await server.login('outage')
    await database().kill()
    const answer = await server.get('/me', token)
    expect([answer.statusCode, errorCode(answer)]).toEqual([503, 'STORE_UNAVAILABLE'])
    expect(answer.headers['retry-after']).toBe('1')
    await database().start()
    // Both write what they have been told: the session is there again.
    await until(async () => {
      const { statusCode } = await server.get('/me', token)
      if (statusCode !== 200) throw new Error(`answered ${String(statusCode)}`)
    })
    await server.app.close()
  }, 30_000)

  test('a store that is not there when the server starts is one clear message without the password', async () => {
    const url = `${kind}://user:hunter2@127.0.0.1:1/0`
    await expect(openStore(url)).rejects.toThrow(/store at 127\.0\.0\.1:1 cannot be used: .*ECONNREFUSED/)
    await expect(openStore(url)).rejects.not.toThrow(/hunter2/)
  })

  if (kind !== 'mysql') return

  test('a MySQL table that would lose emoji is refused at start, with the statement that mends it', async () => {
    const connection = await mysql.createConnection(database().url)
    await connection.query('CREATE DATABASE old_times')
    await connection.query('USE old_times')
    await connection.query('CREATE TABLE miniprogram_session (id CHAR(9), value TEXT CHARACTER SET utf8mb3)')
    await connection.end()
    const url = database().url.replace('/test', '/old_times')
    await expect(openStore(url)).rejects.toThrow(/utf8mb3, which loses emoji.*ALTER TABLE/)
  })
}
